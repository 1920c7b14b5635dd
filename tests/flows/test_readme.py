"""Every command of the README is run, every snippet compared with what the program says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from building import FIX, Project
from sandbox import Answer

from git_hotfix.commands import hooks
from git_hotfix.errors import ExitCode
from git_hotfix.hooks.install import CALL

TOP = Path(__file__).parents[2]
README = (TOP / "README.md").read_text("utf-8")
# Taken before the tests are sealed: pip needs to know its index.
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTEST_", "COV_"))}
BLOCK = re.compile(r"<!-- (?P<mark>[a-z]+: [^>]+) -->\n```[a-z]+\n(?P<body>.*?)```\n", re.DOTALL)
BLOCKS = {found["mark"]: found["body"] for found in BLOCK.finditer(README)}


def typed(project: Project, command: str) -> Answer:
    """A line of the README, with the console script of this environment on PATH."""
    answer = project.clone.run("sh", "-c", command)
    assert answer.code != 70, answer.err
    return answer


def test_every_block_is_known_here() -> None:
    run = {"run: demo", "run: main job", "run: paper", "run: hooks", "run: tests"}
    assert set(BLOCKS) == {*run, "check: pre-commit", "check: lefthook", "check: husky"}
    assert README.count("```sh") + README.count("```yaml") == len(BLOCKS)


def test_it_is_short() -> None:
    assert len(README.splitlines()) < 200


def test_the_main_job(project: Project) -> None:
    start, commit, finish, backport = BLOCKS["run: main job"].splitlines()
    assert typed(project, start).code == 0
    (project.clone.path / "app.py").write_text(FIX)
    assert typed(project, commit).code == 0
    assert typed(project, finish).code == 0
    assert "v1.4.3" in project.remote.tags()
    again = typed(project, backport)
    assert again.code == 0, again.err
    for branch in ("main", "develop", "release/1.5", "feature/login", "feature/search"):
        assert project.remote.tree(branch)["app.py"] == FIX


def test_the_paper(fixed: Project) -> None:
    assert typed(fixed, "git hotfix finish --yes").code == 0
    written, report, close = (typed(fixed, line) for line in BLOCKS["run: paper"].splitlines())
    assert (written.code, written.out) == (0, "docs/postmortems/v1.4.3.md is on develop\n")
    assert (report.code, report.out.splitlines()[0]) == (0, "## Hotfix report: 4711")
    assert (close.code, "git hotfix edit summary --issue 4711" in close.out) == (1, True)
    assert "git hotfix close 4711" in typed(fixed, "git hotfix list").out


def test_the_hooks(project: Project) -> None:
    for line in BLOCKS["run: hooks"].splitlines():
        answer = typed(project, line)
        assert answer.code == 0, answer.err
    project.clone.git("switch", "-q", "-c", "hotfix/9", "develop")
    assert typed(project, "git push -q origin hotfix/9").code == 1
    assert typed(project, "git push -q origin hotfix/9:refs/heads/feature/nine").code == 0


def test_the_commands_in_the_text_exist(project: Project) -> None:
    from git_hotfix.commands import COMMANDS

    named = set(re.findall(r"`git hotfix ([a-z-]+)", README))
    assert named <= {command.name for command in COMMANDS}


def test_the_entries_of_pre_commit_exist() -> None:
    config = yaml.safe_load(BLOCKS["check: pre-commit"])
    offered = {entry["id"] for entry in yaml.safe_load((TOP / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    assert "pre-push" in config["default_install_hook_types"]
    named = set(re.findall(r"`(git-hotfix-[a-z-]+)`", README)) | {hook["id"] for hook in config["repos"][0]["hooks"]}
    assert named <= offered


def test_the_lines_for_lefthook_and_husky_are_those_that_install_prints() -> None:
    assert BLOCKS["check: lefthook"].strip() == dedent(hooks._LEFTHOOK_SNIPPET).strip()
    assert BLOCKS["check: husky"].strip() == f'{CALL} "$@"'


def test_the_exit_codes_are_those_of_the_program() -> None:
    listed = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}
    assert listed == set(ExitCode)


def test_ci_runs_the_command_of_the_readme() -> None:
    script = (TOP / ".ci" / "run").read_text("utf-8")
    assert "<!-- run: tests -->" in script
    assert os.access(TOP / ".ci" / "run", os.X_OK)
    command = BLOCKS["run: tests"]
    assert len(command.splitlines()) == 1
    assert ".venv/bin/pytest" in command
    assert "pytest" not in re.sub(r'"\$home/bin/pytest".*-m slow', "", script)


@pytest.mark.slow
def test_the_demo_in_a_fresh_environment(tmp_path: Path) -> None:
    """As a newcomer runs it, in a clone of this checkout; `python3` is the Python that runs the tests."""
    clone = tmp_path / "git-hotfix"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=TOP, env=OUTSIDE,
        capture_output=True, check=True,
    )  # fmt: skip
    for name in files.stdout.decode().split("\0"):
        if name and (TOP / name).is_file():
            (clone / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TOP / name, clone / name)
    shim = tmp_path / "bin" / "python3"
    shim.parent.mkdir()
    shim.symlink_to(sys.executable)
    environment = {**OUTSIDE, "PATH": f"{shim.parent}{os.pathsep}{OUTSIDE['PATH']}"}
    done = subprocess.run(
        ["sh", "-c", BLOCKS["run: demo"]], cwd=clone, env=environment, stdin=subprocess.DEVNULL, capture_output=True
    )
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
    assert b"hotfix/4712 starts at v1.4.3" in done.stdout
