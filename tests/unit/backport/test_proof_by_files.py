"""What files show by themselves of a fix: pure, on blobs of a few letters."""

from __future__ import annotations

import pytest

from git_hotfix.backport.proof_by_files import Grouped, tips_as_built
from git_hotfix.backport.reverted_changes import Sides
from git_hotfix.backport.undone_lines import stands
from git_hotfix.model.claims import Group, Step
from git_hotfix.model.names import Oid

GONE = "0" * 40
STEPS = [Step(Oid("f1"), Oid("base")), Step(Oid("f2"), Oid("f1")), Step(Oid("f3"), Oid("f2"))]


def sides(**blobs: str) -> Sides:
    """Path → its blob, where the base has the blob `0`."""
    return {path: (Oid("base"), Oid(blob)) for path, blob in blobs.items()}


def said(*steps: str) -> Grouped:
    """A tip with one group of these steps."""
    group = Group(tuple(Oid(each) for each in steps), "picked", Oid("p"), Oid("q"), Oid("q"))
    return {Oid("t"): ((group,), tuple(step.oid for step in STEPS if step.oid not in steps))}


STATES = [sides(a="1"), sides(a="2"), sides(a="2", b="1")]


@pytest.mark.parametrize(
    ("content", "steps"),
    [
        (sides(a="2", b="1"), ("f1", "f2", "f3")),
        (sides(a="2"), ("f1", "f2")),
        (sides(a="1"), ("f1",)),
    ],
)
def test_files_as_the_fix_leaves_them_behind_the_steps_that_are_said_to_be_there_show_them(
    content: Sides, steps: tuple[str, ...]
) -> None:
    assert tips_as_built(STEPS, STATES, {Oid("t"): content}, said(*steps)) == {"t"}


@pytest.mark.parametrize(
    ("content", "steps"),
    [
        (sides(a="2"), ("f1", "f2", "f3")),  # the last one is said to be there, and is not
        (sides(a="2", b="1"), ("f1", "f2")),  # more is there than is said
        (sides(a="2"), ("f2",)),  # not its first steps
        (sides(a="2", b="2"), ("f1", "f2", "f3")),  # worked on
        ({}, ("f1", "f2", "f3")),  # as before: it came and went, or never came
    ],
)
def test_other_files_show_nothing(content: Sides, steps: tuple[str, ...]) -> None:
    assert tips_as_built(STEPS, STATES, {Oid("t"): content}, said(*steps)) == set()


def test_a_file_that_the_fix_deletes_may_live_on_under_another_name() -> None:
    deleted = {"a": (Oid("base"), Oid(GONE))}
    assert tips_as_built(STEPS[:1], [deleted], {Oid("t"): deleted}, said("f1")) == set()


def test_steps_that_take_each_other_back_show_nothing() -> None:
    states = [sides(a="1"), {}, {}]
    assert tips_as_built(STEPS, states, {Oid("t"): {}}, said("f1", "f2", "f3")) == set()


BEFORE = b"def pay():\n    return total\n\ndef send():\n    return mail\n"
AFTER = BEFORE.replace(b"return total", b"return round(total)")


@pytest.mark.parametrize(
    ("now", "shows"),
    [
        (AFTER, True),
        (b"import os\n" + AFTER + b"x = 1\n", True),
        (BEFORE, False),
        (AFTER + b"    return total\n", False),  # the old line stands somewhere
        (AFTER.replace(b"return round(total)", b"return round(total, 2)"), False),  # worked on over
    ],
)
def test_a_hunk_shows_by_a_new_line_that_is_there_and_an_old_one_that_is_not(now: bytes, shows: bool) -> None:
    assert stands(BEFORE, AFTER, now) is shows


@pytest.mark.parametrize("after", [BEFORE + b"check(total)\n", BEFORE.replace(b"    return mail\n", b""), BEFORE])
def test_a_hunk_that_only_adds_or_only_removes_does_not_show(after: bytes) -> None:
    assert not stands(BEFORE, after, after + b"y = 2\n")


def test_one_hunk_of_two_is_not_the_change() -> None:
    after = AFTER.replace(b"return mail", b"return letter")
    assert not stands(BEFORE, after, AFTER)
    assert stands(BEFORE, after, after + b"y = 2\n")
