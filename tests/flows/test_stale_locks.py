"""Lock files of references that a killed git left: cleared when they are known by what they hold, and only then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from building import Project
from killing import apart, kill_at, locks
from proofs import rest_slow
from test_finish_interrupted import end_state

ONE_FOR_ALL = "reftable/tables.list.lock"
pytestmark = pytest.mark.skipif(not Path("/proc/self/cwd").exists(), reason=f"{sys.platform} tells no working folders")


@pytest.mark.parametrize(
    ("state", "word", "left"),
    rest_slow([
        ("prepared", "refs/heads/develop", "refs/heads/develop.lock"),  # the local branch that follows
        ("prepared", "refs/hotfix/remote-tags/v1.4.3", "refs/tags/v1.4.3.lock"),
        ("prepared", "refs/hotfix/run/4711/commits-", "refs/hotfix/run/4711/tag-v1.4.3.lock"),
        ("prepared", "refs/remotes/origin/develop", "refs/remotes/origin/develop.lock"),  # git push itself
        ("prepared", "refs/heads/hotfix/4711", "refs/heads/hotfix/4711.lock"),  # the end, and it holds nothing
    ], spread=True),
)  # fmt: skip
def test_killed_with_its_git_while_references_were_locked(fixed: Project, state: str, word: str, left: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    apart(fixed)
    branches, tip = remote.branches(), clone.tip("HEAD")
    files = clone.files()
    hook = clone.hook("reference-transaction", "exit 0")
    kill_at(fixed, ("finish",), hook, word, state=state, all_of_it=True)
    left = left if (clone.path / ".git" / "refs" / "heads").is_dir() else ONE_FOR_ALL
    assert left in locks(clone)
    again = clone.hotfix("finish", "4711")
    assert again.code == 0, again.err
    assert f"removed {left}, which a killed run left" in again.err
    assert locks(clone) == []
    end_state(fixed, branches, tip)
    assert clone.files() == files


@pytest.mark.slow
def test_killed_in_the_fetch(fixed: Project) -> None:
    """No journal is written by then: what the remote has is what stands in the lock."""
    clone = fixed.clone
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "develop")
    other.commit("develop three", {"develop.txt": "three\n"})
    other.git("push", "-q")
    branches, tip = fixed.remote.branches(), clone.tip("HEAD")
    hook = clone.hook("reference-transaction", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/remotes/origin/develop", state="prepared", all_of_it=True)
    assert {"refs/remotes/origin/develop.lock", ONE_FOR_ALL} & set(locks(clone))
    again = clone.hotfix("finish")
    assert again.code == 0, again.err
    assert locks(clone) == []
    end_state(fixed, branches, tip)


def refs_of_files(project: Project) -> None:
    if not (project.clone.path / ".git" / "refs" / "heads").is_dir():
        pytest.skip("a reftable has one lock for all references, and it holds nothing")


@pytest.mark.slow
@pytest.mark.parametrize("content", ["", "0123456789012345678901234567890123456789\n"])
def test_what_was_there_before_the_run_stays(fixed: Project, content: str) -> None:
    """Somebody's own lock, older than the run that was killed, is never touched."""
    refs_of_files(fixed)
    clone = fixed.clone
    mine = clone.path / ".git" / "refs" / "heads" / "develop.lock"
    mine.write_text(content)
    hook = fixed.remote.hook("post-receive", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/heads/main", all_of_it=False)
    again = clone.hotfix("finish", "4711", "--format", "json")
    assert again.code == 0, again.err
    assert mine.read_text() == content


@pytest.mark.slow
def test_what_holds_another_value_stays(fixed: Project) -> None:
    """A lock that appeared since, with a value that no run of ours was writing."""
    refs_of_files(fixed)
    clone = fixed.clone
    hook = fixed.remote.hook("post-receive", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/heads/main", all_of_it=False)
    somebodys = clone.path / ".git" / "refs" / "heads" / "develop.lock"
    somebodys.write_text(f"{clone.tip('v1.4.1')}\n")
    again = clone.hotfix("finish", "4711")
    assert again.code == 0, again.err
    assert (somebodys.read_text(), "cleared" in again.err) == (f"{clone.tip('v1.4.1')}\n", False)
    assert fixed.remote.tree("develop")["app.py"] == clone.tree("v1.4.3")["app.py"]


@pytest.mark.slow
def test_nothing_is_looked_for_where_no_run_was_killed(fixed: Project) -> None:
    clone = fixed.clone
    somebodys = clone.path / ".git" / "refs" / "hotfix" / "staged" / "x.lock"
    somebodys.parent.mkdir(parents=True)
    somebodys.write_text("")
    assert clone.hotfix("finish").code == 0
    assert somebodys.exists()


@pytest.mark.slow  # a living git is waited for
@pytest.mark.parametrize("way", rest_slow(["--git-dir", "GIT_DIR"]))
def test_the_lock_of_a_living_git_stays(fixed: Project, way: str) -> None:
    """It deletes a branch, so that its locks hold nothing, from a folder that is not this repository's."""
    clone = fixed.clone
    apart(fixed)
    hook = clone.hook("reference-transaction", "exit 0")
    kill_at(fixed, ("finish",), hook, "refs/heads/develop", state="prepared", all_of_it=True)
    for name in locks(clone):
        (clone.path / ".git" / name).unlink()
    named = {"--git-dir": ([f"--git-dir={clone.path}/.git"], {}), "GIT_DIR": ([], {"GIT_DIR": f"{clone.path}/.git"})}
    words, said = named[way]
    own = subprocess.Popen(
        ["git", *words, "update-ref", "--stdin"], cwd=fixed.root, env={**os.environ, **clone.environment, **said},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert own.stdin and own.stdout
    own.stdin.write(f"start\ndelete refs/heads/develop {clone.tip('refs/heads/develop')}\nprepare\n".encode())
    own.stdin.flush()
    assert [own.stdout.readline(), own.stdout.readline()] == [b"start: ok\n", b"prepare: ok\n"]
    held = locks(clone)
    assert held
    clone.hotfix("finish", "4711")
    assert locks(clone) == held
    assert own.communicate(b"commit\n")[0] == b"commit: ok\n"
    assert (own.returncode, "develop" in clone.branches()) == (0, False)
