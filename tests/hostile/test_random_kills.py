"""Killed at random moments: the same command ends where an undisturbed run does, an abort where nothing had begun."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from building import TARGETS, Project, Templates
from killing import apart, kill_after, locks, settled
from sandbox import Repo

MOMENTS = 200
AT_ONCE = 10  # moments a test
STARTS = 0.15  # seconds; before that Python only imports, and nothing has begun


def fresh(templates: Templates, folder: Path) -> Project:
    project = templates.copy("fixed", folder)
    apart(project)
    return project


def duration(templates: Templates, folder: Path, words: tuple[str, ...], *, landed: bool) -> float:
    """How long an undisturbed run takes on this machine, now."""
    project = fresh(templates, folder)
    if landed:
        assert project.clone.hotfix("finish", "--no-backport").code == 0
    start = time.monotonic()
    assert not kill_after(project.clone, words, 60, all_of_it=False)
    return time.monotonic() - start


def shape(repo: Repo) -> dict[str, tuple[str, ...]]:
    """Every branch and tag with what an undisturbed run makes of it: parents, tree and message, not its date."""
    rows = repo.git("for-each-ref", "--format=%(refname) %(objecttype) %(tree)%(*tree) %(parent)%(*parent) %(subject)",
                    "refs/heads/", "refs/tags/").splitlines()  # fmt: skip
    return {row.split(" ", 1)[0]: tuple(row.split(" ")[1:]) for row in rows}


def whole(repo: Repo) -> None:
    """Nothing is lost and nothing is left: no lock, no journal, no pin, no broken object."""
    assert locks(repo) == []
    assert list((repo.path / ".git" / "hotfix").iterdir()) == []
    assert repo.refs("refs/hotfix/run/", "refs/hotfix/staged/") == {}
    assert repo.run("git", "fsck", "--connectivity-only", "--no-dangling").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(MOMENTS // AT_ONCE))
def test_the_same_command_again(templates: Templates, tmp_path: Path, part: int) -> None:
    undisturbed = fresh(templates, tmp_path / "undisturbed")
    assert undisturbed.clone.hotfix("finish").code == 0
    expected, there = shape(undisturbed.clone), shape(undisturbed.remote)
    longest = duration(templates, tmp_path / "timed", ("finish",), landed=False)
    dice = random.Random(part)
    for number in range(AT_ONCE):
        project = fresh(templates, tmp_path / str(number))
        clone, remote = project.clone, project.remote
        files = clone.files()
        moment, all_of_it = dice.uniform(STARTS, longest), bool(number % 2)
        killed = kill_after(clone, ("finish",), moment, all_of_it=all_of_it)
        again = clone.hotfix("finish", "4711")
        about = f"killed {'with its git ' if all_of_it else ''}after {moment:.3f} of {longest:.3f} s: {killed}"
        assert again.code == 0, f"{about}\n{again.err}"
        settled(clone)
        assert (shape(remote), shape(clone)) == (there, expected), about
        assert clone.files() == files, about
        assert [title for title in remote.log("4711") if not title.startswith("join")] == [
            "start hotfix 4711: Checkout fails", "finish hotfix 4711 as v1.4.3", "close hotfix 4711",
        ], about  # fmt: skip
        whole(clone)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_abort(templates: Templates, tmp_path: Path, part: int) -> None:
    """Of a backport: the branches of remote and clone are those of before, and the backport is still owed."""
    longest = duration(templates, tmp_path / "timed", ("backport", "4711"), landed=True)
    dice = random.Random(100 + part)
    for number in range(AT_ONCE):
        project = fresh(templates, tmp_path / str(number))
        clone, remote = project.clone, project.remote
        assert clone.hotfix("finish", "--no-backport").code == 0
        before, there = shape(clone), shape(remote)
        files, head = clone.files(), clone.snapshot().head
        moment, all_of_it = dice.uniform(STARTS, longest), bool(number % 2)
        killed = kill_after(clone, ("backport", "4711"), moment, all_of_it=all_of_it)
        settled(remote)  # a push that is still under way is not one that can be taken back
        ended = not (clone.path / ".git" / "hotfix").exists() or not list(
            (clone.path / ".git" / "hotfix").glob("journal*")
        )
        answer = clone.hotfix("backport", "--abort", "4711")
        about = f"killed {'with its git ' if all_of_it else ''}after {moment:.3f} of {longest:.3f} s: {killed}"
        assert answer.code == 0, f"{about}\n{answer.err}"
        if ended and "hotfix/4711" not in clone.branches():
            continue  # it had come to its end: there is nothing to abort
        assert (shape(remote), shape(clone)) == (there, before), about
        assert (clone.files(), clone.snapshot().head) == (files, head), about
        whole(clone)
        done = clone.hotfix("backport", "4711", "--format", "json")
        assert (done.code, done.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), done.err
