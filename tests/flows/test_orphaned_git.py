"""A run is killed, and the git that pushes for it is not: the next one waits until that has ended."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from building import Project
from killing import locks, settled

from git_hotfix.git import processes
from git_hotfix.git.repository import open_repository

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


@pytest.mark.slow
def test_a_git_of_the_user_is_not_waited_for(fixed: Project) -> None:
    """Whoever reads a log in a pager keeps no run from going on."""
    clone = fixed.clone
    own = subprocess.Popen(["git", "cat-file", "--batch"], cwd=clone.path, stdin=subprocess.PIPE)
    orphan(fixed, "finish")
    settled_by = time.monotonic() + 4.5  # the orphan sleeps 1.5 s, patience is 5 s
    assert clone.hotfix("finish", "4711").code == 0
    assert time.monotonic() < settled_by
    own.communicate()


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
        assert processes.gits(open_repository(there.path), of="1-2") == []
        assert set(mine).isdisjoint(processes.gits(open_repository(there.path)))
    finally:
        there.run("git", "credential-cache", "exit", env=began)


def _keeps(process: Path, project: Project) -> bool:
    try:
        words = (process / "cmdline").read_bytes()
    except OSError:
        return False
    return b"credential-cache--daemon" in words and os.fsencode(project.root) in words
