"""A fix that is made on a topic branch: its commits are the hotfix's own while that branch still stands, too."""

from __future__ import annotations

import pytest
from building import FIX, Project
from sandbox import Answer, Repo


def checked(clone: Repo) -> tuple[int, str, str]:
    """The exit code, and what base and foreign-merge say."""
    answer = clone.hotfix("check", "77", "--fetch", "--format", "json")
    return answer.code, answer.statuses["base"], answer.statuses["foreign-merge"]


def messages(answer: Answer, gate: str) -> list[str]:
    [found] = [each for each in answer.json["gates"] if each["id"] == gate]
    return [each["message"] for each in found["findings"]]


def merged(clone: Repo) -> str:
    """The topic branch merged into the hotfix, as a pull request does; the merge commit."""
    clone.git("switch", "-q", "hotfix/77")
    clone.git("merge", "-q", "--no-ff", "-m", "Merge pull request #7, for 77", "origin/feature/fix-77")
    clone.git("push", "-q", "origin", "hotfix/77")
    return clone.tip("HEAD")


def topic(clone: Repo, *, ago: int = 0) -> str:
    """A topic branch cut at the production tag, with the fix; its commit."""
    made = clone.branch("feature/fix-77", "v1.4.2", "fix the checkout of 77", {"app.py": FIX}, ago=ago)
    clone.git("fetch", "-q")
    return made


def test_a_fix_from_a_topic_branch_goes_its_way(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "77", "--push").code == 0
    topic(clone)
    merged(clone)
    assert checked(clone) == (0, "pass", "warn")
    done = clone.hotfix("finish", "77", "--format", "json")
    assert done.code == 0, done.out
    assert project.remote.tree("main")["app.py"] == project.remote.tree("develop")["app.py"] == FIX


@pytest.mark.slow
def test_a_topic_branch_that_took_develop_in_is_refused(project: Project) -> None:
    """Before the hotfix took it in that can only be mended; behind it, a human may say that the commits are the fix."""
    clone = project.clone
    assert clone.hotfix("start", "77", "--push").code == 0
    topic(clone)
    merged(clone)
    clone.git("switch", "-q", "feature/fix-77")
    clone.git("merge", "-q", "-m", "take develop in", "develop")
    clone.git("push", "-q", "origin", "feature/fix-77")
    clone.git("switch", "-q", "hotfix/77")
    assert checked(clone) == (1, "pass", "fail")
    assert clone.hotfix("waive", "foreign-merge", "--reason", "it is the fix").code == 0
    assert checked(clone) == (0, "pass", "waived")
    clone.git("fetch", "-q")
    merged(clone)
    assert checked(clone) == (1, "fail", "fail")
    assert clone.hotfix("waive", "base", "--reason", "it is the fix").code == 2


@pytest.mark.slow
@pytest.mark.parametrize("way", ["--no-ff", pytest.param("--ff-only", marks=pytest.mark.slow)])
def test_one_that_is_older_than_the_hotfix_needs_a_word(project: Project, way: str) -> None:
    clone = project.clone
    topic(clone, ago=1)
    assert clone.hotfix("start", "77").code == 0
    clone.git("merge", "-q", way, "-m", "take the topic of 77 in", "origin/feature/fix-77")
    if way == "--ff-only":
        clone.commit("the rest of 77", {"VERSION": "1.4.3\n"})
    assert checked(clone) == (1, "pass", "fail")
    told = clone.hotfix("check", "77", "--format", "json")
    [message, *_] = messages(told, "foreign-merge")
    what = f"merge {clone.tip('HEAD')[:10]} brings in" if way == "--no-ff" else "holds"
    assert message == f"{what} 1 commit of feature/fix-77 from before this hotfix started"
    assert clone.hotfix("waive", "foreign-merge", "--reason", "it is the fix").code == 0
    assert checked(clone) == (0, "pass", "waived")


@pytest.mark.slow
def test_a_hotfix_cut_by_hand_from_a_feature_that_went_on_is_refused(project: Project) -> None:
    """The same graph as a topic branch that was fast-forwarded, and nothing says when the hotfix began."""
    clone = project.clone
    clone.git("switch", "-q", "-c", "hotfix/77", "origin/feature/search")
    clone.commit("fix the checkout of 77", {"app.py": FIX})
    assert checked(clone) == (1, "fail", "pass")
    told = clone.hotfix("check", "77", "--format", "json")
    assert messages(told, "base") == [f"holds 1 commit of feature/search: {clone.tip('HEAD~1')[:10]}"]


@pytest.mark.slow
def test_a_hotfix_made_by_hand_takes_a_topic_in_with_a_word(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "-c", "hotfix/77", "v1.4.2")
    topic(clone)
    tip = merged(clone)
    told = clone.hotfix("check", "77", "--format", "json")
    assert messages(told, "foreign-merge") == [
        f"merge {tip[:10]} brings in 1 commit of feature/fix-77, and no record here says when this hotfix started"
    ]
    assert clone.hotfix("waive", "foreign-merge", "--reason", "it is the fix").code == 0
    assert checked(clone) == (0, "pass", "waived")
