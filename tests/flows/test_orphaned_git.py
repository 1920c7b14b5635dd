"""A run is killed, and the git that pushes for it is not: the next one waits until that has ended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from building import Project
from killing import locks, settled

from git_hotfix.git import processes
from git_hotfix.git.repository import open_repository
from git_hotfix.runs import recovery
from git_hotfix.runs.lock import Dead

pytestmark = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason=f"{sys.platform} tells no working folders")

# Slow to begin, so that the remote knows nothing yet when its run is killed.
_SLOW = """#!/bin/sh
case "$*" in *" push "*) [ -e "{mark}" ] || {{ : > "{mark}"; sleep 1.5; }} ;; esac
exec "{git}" "$@"
"""


def orphan(project: Project, *words: str) -> None:
    """Kill a run whose git is just about to push."""
    mark, git = project.root / "pushing", shutil.which("git")
    shim = project.root / "slow" / "git"
    shim.parent.mkdir()
    shim.write_text(_SLOW.format(mark=mark, git=git))
    shim.chmod(0o755)
    environment = {**os.environ, **project.clone.environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", *words], cwd=project.clone.path, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**environment, "PATH": f"{shim.parent}{os.pathsep}{environment['PATH']}"},
    )  # fmt: skip
    while not mark.exists():
        time.sleep(0.01)
    process.kill()
    process.wait()


@contextmanager
def waiting(project: Project, run: str = "") -> Iterator[int]:
    """A git that waits for its input, by whom it was started, and its pid."""
    mark = {processes.MARK: run} if run else {}
    answers = subprocess.Popen(
        ["git", "cat-file", "--batch"], cwd=project.clone.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        env={**os.environ, **project.clone.environment, **mark},
    )  # fmt: skip
    assert answers.stdin and answers.stdout
    answers.stdin.write(b"nothing\n")
    answers.stdin.flush()
    assert answers.stdout.readline() == b"nothing missing\n"  # it is git by now
    try:
        yield answers.pid
    finally:
        answers.communicate()


def test_an_abort_is_not_overtaken(fixed: Project) -> None:
    """What the orphan delivers goes back: it is waited for, and then looked at."""
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish", "--no-backport").code == 0
    branches, here = remote.branches(), clone.branches()
    orphan(fixed, "backport", "4711")
    assert remote.branches() == branches
    answer = clone.hotfix("backport", "--abort", "4711")
    assert answer.code == 0, answer.err
    settled(clone)
    assert (remote.branches(), clone.branches(), locks(clone)) == (branches, here, [])


def test_a_git_of_the_user_is_not_waited_for(project: Project) -> None:
    """Whoever reads a log in a pager keeps no run from going on."""
    here = open_repository(project.clone.path)
    with waiting(project) as own, waiting(project, "1-2") as theirs:
        assert set(processes.git_processes(here)) == {own, theirs}
        assert processes.git_processes(here, of="1-2") == [theirs]
        assert processes.git_processes(here, of="1-23") == []
    assert processes.git_processes(here) == []


def test_one_that_does_not_end_is_told_of(fixed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "LONGEST", 0.0)
    here = open_repository(fixed.clone.path)
    with waiting(fixed, "1-2") as stuck:
        for died in (Dead("1-2", time.time()), None):  # it is known the next time, too
            assert recovery.recover(here, None, died=died) == recovery.Recovery(alive=(stuck,))
    assert recovery.recover(here, None, died=None) == recovery.Recovery()
    assert list((here.common_dir / "hotfix").iterdir()) == []


@pytest.mark.slow  # it waits for the git that does not end
@pytest.mark.parametrize("words", [("backport", "--abort", "4711"), ("undo", "--yes")])
def test_nothing_is_taken_back_under_a_push(fixed: Project, words: tuple[str, ...]) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--no-backport").code == 0
    before = fixed.remote.refs()
    with waiting(fixed, "1-2") as stuck:
        (clone.path / ".git" / "hotfix" / "alive-1-2").touch()
        answer = clone.hotfix(*words)
    assert answer.code == 3
    assert f"still running here (process {stuck})" in answer.err
    assert "the push of a killed run may still arrive\n  (nothing was changed)" in answer.err
    assert fixed.remote.refs() == before


def test_what_keeps_a_password_is_not_waited_for(project: Project) -> None:
    """A killed run asked the remote from a linked worktree; git started it then, and it lives for 15 minutes."""
    there = project.linked("urgent", "main")
    folder = there.git("rev-parse", "--absolute-git-dir")
    login = "protocol=https\nhost=example.org\nusername=ada\npassword=secret\n"
    began = {processes.MARK: "1-2", "GIT_DIR": folder, "XDG_CACHE_HOME": str(project.root)}
    if there.run("git", "credential-cache", "store", stdin=login, env=began).code:
        pytest.skip("this git keeps no passwords in memory")
    try:
        mine = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and _keeps(each, project)]
        assert len(mine) == 1
        assert processes.git_processes(open_repository(there.path), of="1-2") == []
        assert set(mine).isdisjoint(processes.git_processes(open_repository(there.path)))
    finally:
        there.run("git", "credential-cache", "exit", env=began)


def _keeps(process: Path, project: Project) -> bool:
    try:
        words = (process / "cmdline").read_bytes()
    except OSError:
        return False
    return b"credential-cache--daemon" in words and os.fsencode(project.root) in words
