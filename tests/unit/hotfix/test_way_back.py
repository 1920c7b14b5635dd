"""The release to go back to when a hotfix is bad."""

from __future__ import annotations

import pytest

from git_hotfix.hotfix.way_back import Release, choose_way_back
from git_hotfix.model.names import TagName


def release(tag: str, ran: int, *words: str) -> Release:
    return Release(TagName(tag), ran, **dict.fromkeys(words, True))


@pytest.mark.parametrize(("why", "releases", "chosen"), [
    ("the base is what ran before", [release("base", 10), release("older", 5)], "base"),
    ("a base that failed is passed over", [release("base", 10, "failed"), release("older", 5)], "older"),
    ("so is one that was taken back", [release("base", 10, "undone"), release("older", 5)], "older"),
    ("all that is bad is passed over",
     [release("base", 10, "failed"), release("bad", 7, "undone"), release("older", 5)], "older"),
    ("what ran last before a bad base comes first",
     [release("base", 10, "failed"), release("first", 4), release("second", 6)], "second"),
    ("no good one is left", [release("base", 10, "failed"), release("bad", 7, "undone")], None),
    ("a verified one that ran later comes first", [release("newer", 20, "verified"), release("base", 10)], "newer"),
    ("of two, the one that ran last",
     [release("a", 20, "verified"), release("b", 30, "verified"), release("base", 10)], "b"),
    ("one that ran later and was not verified does not", [release("newer", 20), release("base", 10)], "base"),
    ("one that was verified and ran earlier does not", [release("base", 10), release("older", 5, "verified")], "base"),
    ("nor one that ran at the same time", [release("other", 10, "verified"), release("base", 10)], "base"),
    ("verified once, failed later", [release("newer", 20, "verified", "failed"), release("base", 10)], "base"),
    ("verified once, taken back later", [release("newer", 20, "verified", "undone"), release("base", 10)], "base"),
    ("a bad base, and a verified one that ran later",
     [release("newer", 20, "verified"), release("base", 10, "failed"), release("older", 5)], "newer"),
    ("a bad base, and only an unproved one that ran later",
     [release("newer", 20), release("base", 10, "failed"), release("older", 5)], "older"),
    ("a base of which nothing is known", [release("other", 20, "verified")], "base"),
    ("nothing is known", [], "base"),
])  # fmt: skip
def test_where_to_go_back_to(why: str, releases: list[Release], chosen: str | None) -> None:
    assert choose_way_back(TagName("base"), releases) == chosen, why
    assert choose_way_back(TagName("base"), releases[::-1]) == chosen, why


def test_a_hotfix_without_a_base_has_no_way_back() -> None:
    assert choose_way_back(None, [release("any", 5, "verified")]) is None
