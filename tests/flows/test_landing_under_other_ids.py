"""The push gate where a hotfix comes to production squashed, picked or rebased, with its tag: every gate judges it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Repo
from test_verify_push import goes, refused

# The fixture is found by its name.
from test_verify_push import gated as gated  # isort: skip

LOOKS = "    a = 0\n    b = 0\n    c = 0\n    return 1\n\n\n# the end\n"
TWICE = f"def f():\n{LOOKS}\n\ndef g():\n{LOOKS}"
BIG = {"app.py": FIX + "".join(f"more_{number} = {number}\n" for number in range(400))}


def _squash(clone: Repo) -> None:
    clone.git("merge", "-q", "--squash", "hotfix/4711")
    clone.commit("urgent")


def _pick(clone: Repo) -> None:
    clone.git("cherry-pick", "v1.4.2..hotfix/4711")


def _pick_of_a_part(clone: Repo) -> None:
    clone.git("cherry-pick", "-Xtheirs", "hotfix/4711")


def _behind_other_work(clone: Repo) -> None:
    clone.commit("something else", {"other.txt": "other\n"})
    _pick(clone)


def _merge_of_a_rebased_branch(clone: Repo) -> None:
    clone.commit("something else", {"other.txt": "other\n"})
    clone.git("switch", "-q", "-c", "work")
    _pick(clone)
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "Merge work", "work")


def _pushed_as_a_topic_first(clone: Repo) -> None:
    _squash(clone)
    clone.git("push", "-q", "origin", "main:refs/heads/feature/first")


def _squash_with_a_line_more(clone: Repo) -> None:
    _squash(clone)
    clone.commit("one more", {"app.py": BIG["app.py"] + "last = 1\n"})
    clone.git("reset", "-q", "--soft", "HEAD~2")
    clone.git("commit", "-q", "-m", "urgent")


def _half_of_it(clone: Repo) -> None:
    clone.commit("urgent", {"app.py": "".join(BIG["app.py"].splitlines(keepends=True)[:240])})


def _merge_with_a_commit_on_top(clone: Repo) -> None:
    clone.git("switch", "-q", "-c", "work", "hotfix/4711")
    clone.commit("one more", {"other.txt": "other\n"})
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "Merge work", "work")


WAYS = (
    _squash,
    _squash_with_a_line_more,
    _pick_of_a_part,
    _pick,
    _behind_other_work,
    _merge_of_a_rebased_branch,
    _merge_with_a_commit_on_top,
    _pushed_as_a_topic_first,
    _half_of_it,
)


@pytest.mark.parametrize("way", rest_slow(WAYS, now=2))
def test_every_gate_judges_a_hotfix_however_it_came(gated: Project, way: Callable[[Repo], None]) -> None:
    clone = gated.clone
    clone.commit("far too much", BIG)
    clone.git("switch", "-q", "main")
    way(clone)
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    refused(gated, "max-lines", "402 production lines changed", "main", "v1.4.3")


@pytest.mark.slow
def test_a_hotfix_whose_branch_is_gone_is_known_by_the_tree_in_its_logbook(gated: Project) -> None:
    clone = gated.clone
    clone.commit("far too much", BIG)
    assert clone.hotfix("waive", "tests", "--reason", "no time").code == 0
    clone.git("switch", "-q", "main")
    _squash(clone)
    clone.git("branch", "-q", "-m", "hotfix/4711", "elsewhere")
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    refused(gated, "max-lines", "402 production lines changed", "main", "v1.4.3")


@pytest.mark.slow
def test_a_patch_release_beside_an_open_hotfix_is_no_hotfix(gated: Project) -> None:
    """A tag's name makes none, and neither does a commit that raises the same version."""
    clone = gated.clone
    clone.commit("far too much", BIG)
    clone.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.3", {"VERSION": "1.4.3\n"})
    clone.commit("work", {"work.py": "".join(f"work_{number} = {number}\n" for number in range(400))})
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    goes(gated, "main", "v1.4.3")


@pytest.mark.slow
def test_a_release_with_a_hotfix_that_was_squashed_into_develop_owes_its_tag_alone(gated: Project) -> None:
    clone = gated.clone
    clone.commit("far too much", BIG)
    clone.git("switch", "-q", "develop")
    _squash(clone)
    clone.git("push", "-q", "origin", "develop")
    clone.git("switch", "-q", "-c", "release/1.5-now", "develop")
    clone.commit("release 1.5", {"VERSION": "1.5.0\n"})
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "-m", "Release 1.5", "release/1.5-now")
    refused(gated, "tag", "main receives hotfix/4711 without its tag", "main")
    clone.git("tag", "-a", "v1.5.0", "-m", "v1.5.0")
    goes(gated, "main", "v1.5.0")


@pytest.mark.slow
def test_the_same_lines_by_somebody_else_are_no_part_of_a_hotfix(gated: Project) -> None:
    """Of one commit of several the author counts, whom a pick and a rebase keep; of lines, that they are many."""
    clone = gated.clone
    clone.commit("far too much", {"big.py": BIG["app.py"]})
    clone.commit("a few", {"few.py": "".join(f"few_{number} = {number}\n" for number in range(9))})
    clone.git("switch", "-q", "main")
    clone.commit("the same by chance", {"app.py": APP.replace("value_15 = 15\n", 'value_15 = "fifteen"\n')})
    clone.commit("a few, too", {"few.py": "".join(f"few_{number} = {number}\n" for number in range(9)) + "x = 1\n"})
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    goes(gated, "main", "v1.4.3")


@pytest.mark.slow
def test_the_same_lines_at_another_place_are_not_the_hotfix(gated: Project) -> None:
    """A patch-id names no place: the fix is of one function, and the push of another."""
    clone = gated.clone
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.3", {"code.py": TWICE})
    clone.tag("v1.4.3")
    clone.git("push", "-q", "--no-verify", "origin", "main")
    assert clone.hotfix("start", "8").code == 0
    clone.commit("8: fix", {"code.py": TWICE.replace(LOOKS, LOOKS.replace("1", "2"), 1)})
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/8")
    clone.git("switch", "-q", "main")
    clone.commit("work", {"code.py": LOOKS.replace("1", "2").join(TWICE.rsplit(LOOKS, 1))})
    goes(gated, "main")
