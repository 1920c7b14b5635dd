"""A clone for the tests of the native gate: real git, real pushes, a stub of `git-hotfix` that records its input."""

from __future__ import annotations

import argparse
import io
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from git_hotfix.commands import hooks as command
from git_hotfix.errors import ExitCode
from git_hotfix.report.streams import Streams

ZERO = "0" * 40
# Writes what it was given as `<record>.<n>`; the number says how often it ran.
RECORD = 'n=0; while [ -e "{record}.$n" ]; do n=$((n+1)); done\n{{ echo "$0"; echo "$@"; cat; }} > "{record}.$n"\n'
STUB = "#!/bin/sh\n" + RECORD + '[ ! -e "{record}.refuse" ]\n'


@dataclass(frozen=True)
class Clone:
    """A clone with a bare remote, and the folder that a stub of `git-hotfix` and old hooks record into."""

    top: Path
    records: Path

    @property
    def folder(self) -> Path:
        return self.top / ".git" / "hooks"

    @property
    def hook(self) -> Path:
        return self.folder / "pre-push"

    @property
    def saved(self) -> Path:
        return self.folder / "pre-push.before-git-hotfix"

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        return self.run("git", *arguments, cwd=cwd).stdout.strip()

    def run(self, *command: str, cwd: Path | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command, cwd=cwd or self.top, env=dict(os.environ), capture_output=True, text=True, timeout=120
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done

    def push(self, *refs: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        return self.run("git", "push", "-q", "origin", *refs, cwd=cwd, check=False)

    def runs(self, name: str) -> list[list[str]]:
        """What each run of `name` was given: [$0, arguments, line of stdin…]."""
        files = sorted(self.records.glob(f"{name}.[0-9]*"), key=lambda file: int(file.suffix[1:]))
        return [file.read_text().splitlines() for file in files]

    def old_hook(self, place: Path | None = None, *, mode: int = 0o755, shebang: str = "#!/bin/sh") -> bytes:
        """Write a hook of the team's own that records; returns its bytes."""
        place = place or self.hook
        place.parent.mkdir(parents=True, exist_ok=True)
        text = f"{shebang}\n{RECORD.format(record=self.records / 'old')}".encode()
        place.write_bytes(text)
        place.chmod(mode)
        return text

    def hotfix(self, action: str, *, cwd: Path | None = None) -> tuple[ExitCode, str]:
        """`git hotfix hooks <action>`: its exit code and all it said."""
        here = Path.cwd()
        os.chdir(cwd or self.top)
        text = io.StringIO()
        try:
            code = command.run(argparse.Namespace(action=action), Streams(io.StringIO(), text, text))
        finally:
            os.chdir(here)
        return code, text.getvalue()

    def tree(self) -> dict[str, tuple[bytes, int]]:
        """Every hook file but git's samples: name → (bytes, mode)."""
        return {
            file.name: (file.read_bytes(), stat.S_IMODE(file.stat().st_mode))
            for file in self.folder.iterdir()
            if file.suffix != ".sample"
        }


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    """A sealed environment with one commit on main, a stub on PATH, and the environment's own tools behind it."""
    records = tmp_path / "records"
    stubs = tmp_path / "stubs"
    home = tmp_path / "home"
    for folder in (records, stubs, home):
        folder.mkdir()
    stub = stubs / "git-hotfix"
    stub.write_text(STUB.format(record=records / "gate"))
    stub.chmod(0o755)
    for name in list(os.environ):
        if name.startswith(("GIT_", "PRE_COMMIT", "LEFTHOOK", "HUSKY")) and name != "GIT_DEFAULT_REF_FORMAT":
            monkeypatch.delenv(name)
    for name, value in {
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"), "PRE_COMMIT_HOME": str(home / "pre-commit"),
        "PATH": os.pathsep.join([str(stubs), *_plain_path(tmp_path)]),
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    top = tmp_path / "clone"
    made = Clone(top, records)
    made.git("init", "-q", "--bare", str(tmp_path / "remote.git"), cwd=tmp_path)
    made.git("init", "-q", "-b", "main", str(top), cwd=tmp_path)
    made.git("commit", "-q", "--allow-empty", "-m", "first")
    made.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    return made


def _plain_path(tmp_path: Path) -> list[str]:
    """PATH without any real git-hotfix; what may lie beside one is linked into a folder of its own."""
    tools = tmp_path / "tools"
    tools.mkdir()
    beside = Path(sys.executable).parent
    for name in ("git", "pre-commit", "lefthook", "python3"):
        found = shutil.which(name, path=os.pathsep.join([str(beside), os.environ["PATH"]]))
        if found:
            (tools / name).symlink_to(found)
    system = [part for part in os.environ["PATH"].split(os.pathsep) if not (Path(part) / "git-hotfix").exists()]
    return [str(tools), *system]


def head(clone: Clone) -> str:
    return clone.git("rev-parse", "HEAD")


def line(clone: Clone, remote_ref: str, local_ref: str = "refs/heads/main") -> str:
    return f"{local_ref} {head(clone)} {remote_ref} {ZERO}"


def arguments(clone: Clone) -> str:
    return f"origin {clone.git('remote', 'get-url', 'origin')}"


def gate_saw(clone: Clone, *remote_refs: str) -> list[str]:
    stub = shutil.which("git-hotfix")
    return [str(stub), f"verify-push {arguments(clone)}", *(line(clone, ref) for ref in remote_refs)]
