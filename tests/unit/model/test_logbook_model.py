"""The logbook's entries: trailers there and back, and what holds for which tree."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.model.logbook import Entry, Logbook, message_of, trailer_lines, trailers_of
from git_hotfix.model.names import IssueId, Oid

ONE, OTHER = Oid("1" * 40), Oid("2" * 40)


def test_message() -> None:
    message = message_of("start  4711\n", {"Issue": "4711", "Reason": "one\ntwo"}, ["A paragraph."])
    assert message == "start 4711\n\nA paragraph.\n\nIssue: 4711\nReason: one\n two\n"
    assert trailers_of(message) == {"Issue": "4711", "Reason": "one\ntwo"}


@pytest.mark.parametrize(
    ("message", "facts"),
    [
        ("", {}),
        ("subject only\n", {}),
        ("subject\n\nwords: with a colon\n\nA: 1\n", {"A": "1"}),
        ("subject\n\nA: 1\nB:\nnot a trailer\n", {"A": "1", "B": ""}),
        ("subject\n\nA: 1\nA: 2\n", {"A": "2"}),
    ],
)
def test_trailers(message: str, facts: dict[str, str]) -> None:
    assert trailers_of(message) == facts


def test_a_trailer_may_stand_there_more_than_once() -> None:
    pairs = [("A", "1"), ("B", "one\ntwo"), ("A", "2")]
    message = message_of("title", pairs)
    assert message == "title\n\nA: 1\nB: one\n two\nA: 2\n"
    assert trailer_lines(message) == pairs


KEYS = st.from_regex(r"[A-Z][A-Za-z-]{0,8}", fullmatch=True)
VALUES = st.text(st.characters(codec="utf-8", blacklist_categories=["Cs", "Cc"]) | st.just("\n"), max_size=30)


@settings(max_examples=200, deadline=None)
@given(title=st.text(st.characters(categories=["L", "N"]), min_size=1), facts=st.dictionaries(KEYS, VALUES, min_size=1))
def test_facts_come_back_as_they_went_in(title: str, facts: dict[str, str]) -> None:
    def kept(value: str) -> str:
        """A line of blanks is an empty one."""
        return "\n".join(line if line.strip(" ") else "" for line in value.strip().split("\n"))

    message = message_of(title, facts, ["Words: of a paragraph."])
    assert trailers_of(message) == {key: kept(value) for key, value in facts.items()}
    assert "\n\n" not in message.partition("Words: of a paragraph.\n\n")[2].rstrip("\n")


def test_a_value_of_paragraphs_and_dots_stays_one_that_git_reads() -> None:
    message = message_of("title", {"Reason": "one\n\n  \n.\n..\ntwo", "B": "2"})
    assert message == "title\n\nReason: one\n .\n .\n ..\n ...\n two\nB: 2\n"
    assert trailers_of(message) == {"Reason": "one\n\n\n.\n..\ntwo", "B": "2"}


def waiver(tree: Oid, gates: str) -> Entry:
    return Entry("waiver", "waive", {"Tree": tree, "Gates": gates})


def test_what_was_recorded_since_the_last_start() -> None:
    start = Entry("start", "start")
    first, second, other = waiver(ONE, "a"), waiver(ONE, "b"), waiver(OTHER, "c")
    book = Logbook(IssueId("1"), (start, first, start, second, other))
    assert book.of_kind("waiver") == (second, other)
    assert book.of_kind("start") == (start,)
    assert book.start is start
    assert Logbook(IssueId("1"), (first,)).of_kind("waiver") == (first,)
    assert Logbook(IssueId("1")).start is None
    assert (first.tree, start.tree) == (ONE, None)


def test_skips() -> None:
    entries = (
        Entry("event", "skip", {"Event": "skip", "Target": "refs/heads/a", "Reason": "old"}),
        Entry("event", "skip", {"Event": "skip", "Target": "refs/heads/b"}),
        Entry("event", "other", {"Event": "push", "Target": "refs/heads/c"}),
        Entry("event", "skip", {"Event": "skip"}),
    )
    assert Logbook(IssueId("1"), entries).skips() == {"refs/heads/a": "old", "refs/heads/b": ""}


def test_a_strike_counts_for_what_was_stated_and_the_first_one_stands() -> None:
    said = Entry("event", "detected", {"Event": "detected", "At": "2026-11-27T20:05:00Z"}, oid=ONE)
    skip = Entry("event", "skip", {"Event": "skip", "Target": "refs/heads/a"}, oid=OTHER)
    strikes = [
        Entry("strike", "strike", {"Strikes": named, "Reason": reason}, oid=Oid(reason * 40))
        for named, reason in ((ONE, "3"), (ONE, "4"), (OTHER, "5"), ("nothing", "6"))
    ]
    book = Logbook(IssueId("1"), (said, skip, *strikes))
    assert book.struck == {ONE: strikes[0]}
    assert book.standing == (skip, *strikes)
    assert book.skips() == {"refs/heads/a": ""}


@pytest.mark.parametrize(
    ("kind", "facts", "stated"),
    [
        ("box", {}, True), ("answer", {}, True), ("event", {"At": "x"}, True), ("event", {"Event": "deliver"}, False),
        ("evidence", {"At": "x"}, False), ("waiver", {}, False), ("finish", {}, False), ("forecast", {}, False),
    ],
)  # fmt: skip
def test_what_a_person_stated(kind: str, facts: dict[str, str], stated: bool) -> None:
    assert Entry(kind, "title", facts).stated is stated  # type: ignore[arg-type]


def test_git_reads_a_message_up_to_a_nul_so_none_is_written() -> None:
    assert message_of("title", {"Reason": "one\0 two"}) == "title\n\nReason: one two\n"
