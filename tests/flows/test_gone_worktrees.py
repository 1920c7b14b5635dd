"""A linked worktree that was deleted or moved by hand: git runs nowhere else instead, and is told what is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from building import APP, FIX, Project
from sandbox import Repo

from git_hotfix.errors import Failure
from git_hotfix.git import worktrees
from git_hotfix.git.repository import open_repository
from git_hotfix.git.run import Git


def started(project: Project) -> tuple[Repo, Path]:
    """A hotfix with a committed fix, whose worktree was deleted."""
    clone = project.clone
    assert clone.hotfix("start", "4711", "--worktree").code == 0
    place = project.root / "clone-hotfix-4711"
    project.at(place.name).commit("fix the checkout", {"app.py": FIX})
    shutil.rmtree(place)
    return clone, place


def test_update_moves_no_other_branch(project: Project) -> None:
    clone, place = started(project)
    clone.commit("not pushed", {"mine.txt": "precious\n"})
    project.released("v1.4.3", {"more.txt": "more\n"})
    before = clone.snapshot()
    answer = clone.hotfix("update", "4711")
    assert (answer.code, answer.out) == (3, "")
    assert answer.err == (
        f"git hotfix: the worktree {place} is gone\n"
        "  (nothing was changed there)\n"
        "  → deleted? forget it: git worktree prune\n"
        f"  → moved? say where it is now: git -C {clone.path}/.git worktree repair <its new path>\n"
    )
    after = clone.snapshot()
    assert (after.head, after.index, after.files) == (before.head, before.index, before.files)
    assert after.refs["refs/heads/develop"] == before.refs["refs/heads/develop"]


@pytest.mark.slow
def test_finish_moves_no_head_and_says_what_stays(project: Project) -> None:
    clone, place = started(project)
    before = clone.snapshot()
    answer = clone.hotfix("finish", "4711")
    after = clone.snapshot()
    assert (answer.code, after.head, after.index, after.files) == (0, before.head, before.index, before.files)
    assert f"note: hotfix/4711 stays here: the worktree {place} is gone\n" in answer.out
    doctor = clone.hotfix("doctor").out
    assert f"worktrees that are gone: {place}" in doctor
    clone.git("worktree", "prune")
    assert clone.hotfix("finish", "4711").code == 0
    assert "hotfix/4711" not in clone.branches()


@pytest.mark.slow
def test_continue_takes_nothing_from_where_somebody_stands(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    assert clone.hotfix("finish").code == 4
    clone.hotfix("backport", "4711", "--resolve", "feature/clash")
    shutil.rmtree(fixed.root / "clone-resolve-feature-clash")
    clone.git("fetch", "-q")
    clone.git("switch", "-q", "-c", "feature/clash", "origin/feature/clash")
    clone.commit("private", {"private.txt": "secret\n"})
    before = remote.refs()
    answer = clone.hotfix("backport", "4711", "--continue")
    assert (answer.code, remote.refs()) == (4, before)
    assert "clone-resolve-feature-clash is gone" in answer.err
    clone.git("worktree", "prune")
    assert "is open in" in clone.hotfix("backport", "4711", "--resolve", "feature/clash").out


def test_git_runs_only_where_it_was_sent(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not in another place, not below it, not in another repository; and `$name` in a path is not a variable."""
    monkeypatch.setenv("HOME_OF", "elsewhere")
    clone = project.clone
    odd = project.root / "$HOME_OF"
    clone.git("worktree", "add", "-q", "--detach", str(odd), "main")
    repository = open_repository(clone.path)
    there = worktrees.enter(repository, odd)
    assert there.text("rev-parse", "--show-toplevel") == str(odd)
    assert worktrees.enter(repository, clone.path) == repository.git
    (odd / "below").mkdir()
    other = project.another_clone("other")
    for place in (odd / "below", other.path, project.root):
        with pytest.raises(Failure, match="is not a worktree of this repository any more"):
            worktrees.enter(repository, place)
    shutil.rmtree(odd)
    assert worktrees.list_gone(repository) == [odd]
    odd.symlink_to(clone.path)
    with pytest.raises(Failure, match="is not a worktree of this repository any more"):
        worktrees.enter(repository, odd)
    assert worktrees.list_gone(repository) == [odd]
    odd.unlink()
    with pytest.raises(Failure, match="is gone"):
        worktrees.enter(repository, odd)
    with pytest.raises(Failure, match="is gone: git was not run"):
        Git(odd).run("status")
    assert worktrees.list_gone(repository) == [odd]


@pytest.mark.parametrize("by", ["a link", "git's own file"])
def test_what_leads_to_another_worktree_moves_no_head(project: Project, by: str) -> None:
    """The place is there, and whoever enters it stands in a worktree that is not the one that was meant."""
    clone, place = started(project)
    other = project.at("other")
    clone.git("worktree", "add", "-q", "-b", "mine", str(other.path), "develop")
    if by == "a link":
        place.symlink_to(other.path)
    else:
        place.mkdir()
        shutil.copy(other.path / ".git", place / ".git")
    before = other.snapshot()
    answer = clone.hotfix("finish", "4711")
    after = other.snapshot()
    assert (answer.code, after.head, after.index, after.files) == (0, before.head, before.index, before.files)
    stays = f"note: hotfix/4711 stays here: the worktree {place} is not a worktree of this repository any more\n"
    assert stays in answer.out
    assert f"worktrees that are gone: {place}" in clone.hotfix("doctor").out


@pytest.mark.slow
@pytest.mark.parametrize("left", ["git's own files", "another file as well", "no removal was begun"])
def test_a_removal_that_was_killed_comes_to_its_end(fixed: Project, left: str) -> None:
    """git deletes the files first and its own record last; a file that is nobody's is left alone, and so is a folder
    whose `.git` somebody else took away: work that is not committed may stand in its files."""
    clone = fixed.clone
    assert clone.hotfix("finish").code == 0
    place = fixed.root / "half"
    clone.git("worktree", "add", "-q", "--detach", str(place), "main")
    (place / ".git").unlink()
    (place / "README.md").unlink()
    if left != "no removal was begun":
        (clone.path / ".git" / "worktrees" / "half" / "hotfix-removal").touch()
    if left == "another file as well":
        (place / "notes.txt").write_text("mine\n")
    assert clone.hotfix("backport", "4711").code == 0
    stays = left != "git's own files"
    assert place.exists() is stays
    assert (str(place) in clone.git("worktree", "list")) is stays
