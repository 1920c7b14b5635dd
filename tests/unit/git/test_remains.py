"""What is left of a change, by hunks alone: of lines that went back, that went on, and that moved."""

from __future__ import annotations

from difflib import SequenceMatcher

import pytest

from git_hotfix.git.hunks import State, state_of_all, state_of_hunk
from git_hotfix.model.change import Hunk


def hunks(before: str, after: str) -> list[Hunk]:
    """The hunks between two texts of one letter a line, numbered as git numbers them with no context."""
    found = []
    for kind, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            removed = tuple((n + 1, before[n]) for n in range(i, j))
            added = tuple((n + 1, after[n]) for n in range(k, m))
            found.append(Hunk(i + bool(removed), k + bool(added), added, removed))
    return found


@pytest.mark.parametrize(
    ("before", "after", "now", "left"),
    [
        ("abcde", "abXde", "abXde", "there"),
        ("abcde", "abXde", "abcde", "taken"),
        ("abcde", "abXde", "abcQe", "taken"),  # and the line below was changed
        ("abcde", "abXde", "aQcde", "taken"),  # and the line above was
        ("abcde", "abXde", "abcdeQ", "taken"),
        ("abcde", "abXde", "abYde", "reworked"),
        ("abcde", "abXde", "abXYde", "there"),
        ("abcde", "abXde", "abde", "reworked"),
        ("abcde", "abXde", "aXbde", "there"),  # it moved
        ("abcde", "abXYe", "abcYe", "part"),
        ("abcde", "abXYe", "abZYe", "reworked"),
        ("abcde", "abXde", "abcZde", "part"),  # the line is back, and something else stands beside it
        ("abcde", "abXcde", "abcde", "taken"),
        ("abcde", "abXcde", "abQde", "taken"),
        ("abcde", "abXcde", "abYcde", "reworked"),
        ("abcde", "abXcde", "ae", "reworked"),  # the code around it is gone as well
        ("abcde", "abde", "abcde", "taken"),
        ("abcde", "abde", "abQde", "there"),
        ("abcde", "abde", "abcQe", "taken"),
        ("abcde", "bcde", "abcde", "taken"),
        ("", "ab", "", "taken"),
        ("", "abc", "abcd", "there"),
    ],
)
def test_what_is_left_of_a_hunk(before: str, after: str, now: str, left: State) -> None:
    [own] = hunks(before, after)
    assert state_of_hunk(own, hunks(after, now)) == left


def test_a_line_that_only_stood_between_two_commits_tells_that_one_was_taken_out() -> None:
    [own] = hunks("abc", "aYc")
    assert state_of_hunk(own, hunks("aYc", "aXc")) == "reworked"
    assert state_of_hunk(own, hunks("aYc", "aXc"), {"X"}) == "part"


@pytest.mark.parametrize(
    ("states", "left"),
    [
        ((), "there"),
        (("taken", "taken"), "taken"),
        (("taken", "there"), "part"),
        (("taken", "reworked"), "part"),
        (("reworked", "there"), "reworked"),
    ],
)
def test_what_is_left_of_a_whole_change(states: tuple[State, ...], left: State) -> None:
    assert state_of_all(states) == left
