"""A git that reads beside what is done meanwhile: what becomes of one that fails, and of one that nobody waits for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from building import Project

from git_hotfix.errors import Failure
from git_hotfix.git.run import Git

# Everything else is git's own.
_SHIM = """#!/bin/sh
case "$*" in {asked}) {does} ;; esac
exec "{git}" "$@"
"""


def instead(project: Project, asked: str, does: str, *, once: bool = False) -> dict[str, str]:
    """The environment in which git does something else where `asked` stands on its command line."""
    mark = project.root / "asked"
    if once:
        does = f'[ -e "{mark}" ] || {{ : > "{mark}"; {does}; }}'
    shim = project.root / "shim" / "git"
    shim.parent.mkdir()
    shim.write_text(_SHIM.format(asked=asked, does=does, git=shutil.which("git")))
    shim.chmod(0o755)
    return {"PATH": f"{shim.parent}{os.pathsep}{os.environ['PATH']}"}


def test_where_branches_are_checked_out_is_known_or_said_to_be_unknown(project: Project) -> None:
    """Where nobody knows it, a branch would be moved under somebody's working tree."""
    failing = instead(project, '*"%(worktreepath)"*', 'echo "fatal: Out of memory" >&2; exit 128')
    answer = project.clone.hotfix("list", env=failing)
    assert (answer.code, answer.out) == (3, "")
    assert "git for-each-ref failed: Out of memory" in answer.err


@pytest.mark.slow
def test_what_is_finished_is_known_or_said_to_be_unknown(fixed: Project) -> None:
    """A hotfix whose tag nobody could read is not finished once more."""
    clone = fixed.clone
    assert clone.hotfix("finish", "--no-backport").code == 0
    clone.git("switch", "-q", "--detach", "v1.4.2")
    clone.git("update-ref", "refs/heads/hotfix/4711", "v1.4.2^{commit}")
    refs = clone.refs()
    failing = instead(fixed, '*"cat-file --batch"*', 'echo "fatal: no more" >&2; exit 128')
    answer = clone.hotfix("finish", "4711", env=failing)
    assert answer.code == 3
    assert "git cat-file failed: no more" in answer.err
    assert clone.refs() == refs


def test_one_that_nobody_waits_for_ends_without_a_word(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    nobody_writes = project.root / "fifo"
    os.mkfifo(nobody_writes)
    running = Git(project.clone.path).begin("hash-object", "--no-filters", str(nobody_writes))
    process, ear = running._process, running._ear
    del running
    assert (process.returncode, ear.is_alive()) == (-15, False)
    assert capfd.readouterr() == ("", "")


def test_a_command_that_ends_before_its_tags_are_read(fixed: Project) -> None:
    """`waive` never asks what is finished, which is still being read when it is done."""
    slow = instead(fixed, '*"cat-file --batch --buffer"*', "exec sleep 60", once=True)
    done = subprocess.run(
        [sys.executable, "-m", "git_hotfix", "waive", "max-lines", "--reason", "asked"], cwd=fixed.clone.path,
        env={**os.environ, **fixed.clone.environment, **slow}, capture_output=True, text=True, timeout=50,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


def test_git_run_and_begin_fail_alike(tmp_path: Path) -> None:
    git = Git(tmp_path)
    with pytest.raises(Failure) as one:
        git.run("show-ref")
    with pytest.raises(Failure) as other:
        git.begin("show-ref").answer()
    assert str(one.value) == str(other.value)
    assert git.begin("show-ref").answer(check=False) == git.run("show-ref", check=False)
