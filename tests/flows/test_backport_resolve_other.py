"""What stands in a resolve worktree is taken only where it is the merge or the pick that was opened there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Repo

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')


def opened(project: Project, name: str, start: str) -> tuple[Repo, str]:
    """The worktree in which the conflict of a branch is open, and where that branch stands."""
    tip = project.clone.branch(name, start, f"clash of {name}", {"app.py": CLASH})
    assert project.clone.hotfix("finish").code == 4
    assert project.clone.hotfix("backport", "4711", "--resolve", name).code == 0
    return project.at(f"clone-resolve-{name.replace('/', '-')}"), tip


def _another_file(place: Repo) -> None:
    place.git("merge", "--abort")
    place.commit("something else", {"else.txt": "1\n"})


def _another_merge(place: Repo) -> None:
    place.git("merge", "--abort")
    place.git("merge", "-q", "--no-edit", "origin/feature/search^1", check=False)


def _another_place(place: Repo) -> None:
    place.git("merge", "--abort")
    place.git("reset", "-q", "--hard", "main")


def _other_lines(place: Repo) -> None:
    place.git("cherry-pick", "--abort")
    place.commit("something else", {"app.py": CLASH + "more = 1\n"})


def _no_pick(place: Repo) -> None:
    place.git("cherry-pick", "--abort")
    place.git("merge", "-q", "-s", "ours", "-m", "x", "origin/feature/search^1")


@pytest.mark.parametrize(
    ("name", "start", "other", "said"),
    rest_slow([
        ("feature/clash", "develop", _another_file, "is not the merge of {fix} that was opened there"),
        ("feature/clash", "develop", _another_merge, "is not the merge of {fix} that was opened there"),
        ("feature/clash", "develop", _another_place, "does not stand on {tip}, where the conflict was opened"),
        ("release/1.0", "v1.4.1", _other_lines, "holds nothing of {fix}, whose pick was opened there"),
        ("release/1.0", "v1.4.1", _no_pick, "is a merge, and a cherry-pick was opened there"),
    ], spread=True),
)  # fmt: skip
def test_something_else_is_not_taken(
    fixed: Project, name: str, start: str, other: Callable[[Repo], None], said: str
) -> None:
    clone, remote = fixed.clone, fixed.remote
    fix = clone.tip("hotfix/4711")
    place, tip = opened(fixed, name, start)
    other(place)
    head, before, there = place.tip("HEAD"), clone.snapshot(), remote.refs()
    answer = clone.hotfix("backport", "4711", "--continue")
    assert (answer.code, answer.out) == (4, "")
    assert f"{head[:10]} {said.format(fix=fix[:10], tip=tip[:10])}" in answer.err
    assert (
        "git hotfix: nothing is solved yet\n"
        "  (nothing was changed)\n"
        f"  → open it again: git -C {place.path} reset --keep {tip[:12]} && git hotfix backport 4711 --resolve {name}\n"
    ) in answer.err
    assert (clone.snapshot(), remote.refs(), place.tip("HEAD")) == (before, there, head)
    place.git("reset", "-q", "--keep", tip)
    assert clone.hotfix("backport", "4711", "--resolve", name).code == 0
    (place.path / "app.py").write_text(SOLVED)
    place.git("add", "app.py")
    done = clone.hotfix("backport", "4711", "--continue")
    assert done.code == 0, done.err
    assert remote.tree(name)["app.py"] == SOLVED


@pytest.mark.slow
@pytest.mark.parametrize(("name", "start"), [("feature/clash", "develop"), ("release/1.0", "v1.4.1")])
def test_commits_on_top_of_a_solution_are_not_pushed(fixed: Project, name: str, start: str) -> None:
    """They are not the fix; the command that is shown takes them into the solution."""
    clone, remote = fixed.clone, fixed.remote
    place, _ = opened(fixed, name, start)
    (place.path / "app.py").write_text(SOLVED)
    place.git("commit", "-q", "-a", "--no-edit")
    solved = place.tip("HEAD")
    place.commit("private", {"private.txt": "1\n"})
    there = remote.refs()
    answer = clone.hotfix("backport", "4711", "--continue")
    assert (answer.code, remote.refs()) == (4, there)
    command = f"git reset --soft {solved[:12]} && git commit --amend --no-edit"
    assert (
        f"1 commit on top of {solved[:10]}, where the solution ends; if the solution needs that, there: {command}"
    ) in answer.err
    place.git("reset", "-q", "--soft", solved)
    place.git("commit", "-q", "--amend", "--no-edit")
    assert clone.hotfix("backport", "4711", "--continue").code == 0
    assert remote.tree(name)["private.txt"] == "1\n"


@pytest.mark.slow
def test_a_merge_of_something_else_under_way(fixed: Project) -> None:
    place, tip = opened(fixed, "feature/clash", "develop")
    place.git("merge", "--abort")
    place.git("merge", "-q", "--no-commit", "origin/feature/search^1")
    there = fixed.remote.refs()
    answer = fixed.clone.hotfix("backport", "4711", "--continue")
    assert answer.code == 4
    other = place.tip("origin/feature/search^1")[:10]
    assert f"the merge of {other} under way there is not the one that was opened" in answer.err
    assert (fixed.remote.refs(), place.tip("HEAD")) == (there, tip)


@pytest.mark.slow
@pytest.mark.parametrize("text", [SOLVED, FIX, CLASH + "kept = 1\n"])
def test_a_pick_with_words_of_its_own(fixed: Project, text: str) -> None:
    """`git commit -m` leaves the line out that names the commit; git knows that a pick was under way."""
    place, tip = opened(fixed, "release/1.0", "v1.4.1")
    (place.path / "app.py").write_text(text)
    place.git("commit", "-q", "-a", "-m", "as it has to be here")
    done = fixed.clone.hotfix("backport", "4711", "--continue")
    assert done.code == 0, done.err
    assert fixed.remote.parents("release/1.0") == [tip]
    assert fixed.remote.tree("release/1.0")["app.py"] == text


@pytest.mark.slow
@pytest.mark.parametrize(("text", "code"), [(SOLVED, 0), (CLASH + "more = 1\n", 4)])
def test_a_pick_that_was_written_again(fixed: Project, text: str, code: int) -> None:
    """Amended, so that neither its message nor git says what it is: then its lines do."""
    place, _ = opened(fixed, "release/1.0", "v1.4.1")
    place.git("cherry-pick", "--abort")
    place.commit("by hand", {"app.py": text})
    place.git("commit", "-q", "--amend", "-m", "by hand, said better")
    assert fixed.clone.hotfix("backport", "4711", "--continue").code == code
