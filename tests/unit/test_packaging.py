"""What the wheel holds, and that it works where the checkout is not."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
# Taken before the tests are sealed: pip needs to know its index.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHON", "COV_"))}

pytestmark = pytest.mark.slow


def run(*command: str | Path, cwd: Path, environment: Mapping[str, str] = OUTSIDE) -> str:
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment of its own."""
    place = tmp_path_factory.mktemp("venv")
    run(sys.executable, "-m", "venv", place, cwd=place)
    return place


@pytest.fixture(scope="module")
def wheel(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("wheel")
    run(environment / "bin" / "pip", "wheel", "-q", "--no-deps", "-w", place, TOP, cwd=place)
    [found] = place.glob("*.whl")
    return found


def test_the_wheel_is_whole(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        assert archive.read("git_hotfix/hooks/pre-push") == (TOP / "hooks" / "pre-push").read_bytes()
    assert "git_hotfix/py.typed" in names
    [manual] = [name for name in names if name.endswith(".data/data/share/man/man1/git-hotfix.1")]
    assert manual
    sources = {str(file.relative_to(TOP)) for file in (TOP / "git_hotfix").rglob("*") if file.is_file()}
    assert {name for name in sources if not name.endswith(".pyc")} <= names
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]


def test_an_installed_wheel_installs_its_hook(wheel: Path, environment: Path, tmp_path: Path) -> None:
    run(environment / "bin" / "pip", "install", "-q", wheel, cwd=tmp_path)
    assert (environment / "share" / "man" / "man1" / "git-hotfix.1").exists()
    sealed = {**os.environ, "PATH": f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    run("git", "init", "-q", "clone", cwd=tmp_path, environment=sealed)
    clone = tmp_path / "clone"
    run("git", "hotfix", "hooks", "install", cwd=clone, environment=sealed)
    hook = clone / ".git" / "hooks" / "pre-push"
    assert hook.read_bytes() == (TOP / "hooks" / "pre-push").read_bytes()
    assert os.access(hook, os.X_OK)
    assert "in place" in run("git", "hotfix", "hooks", "status", cwd=clone, environment=sealed)
