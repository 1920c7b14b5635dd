"""The clock and the marks as people read them, whole."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from test_timeline import COMMITS, MIN, finish, line, said, start

from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.policy import Policy
from git_hotfix.record.clock import clock_lines
from git_hotfix.record.marks import mark_lines, mark_of
from git_hotfix.record.timeline import Timeline
from git_hotfix.report.record import log_rows


@pytest.fixture(autouse=True)
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def told(timeline: Timeline, *, released: bool = False) -> list[str]:
    return clock_lines(timeline, Policy(), released=released)


def test_nothing_is_told_of_a_hotfix_of_which_nothing_is_known() -> None:
    assert told(line()) == []


def test_an_open_incident_says_how_long_and_which_phase_runs() -> None:
    assert told(line(start(), commits=COMMITS, now=130)) == [
        "clock: 2 h 10 min of 2 h 00 min, since detected · over the budget",
        "phase: test 1 h 40 min of 20 min, late; next: deploy",
        "late: assess 10 min of 5 min",
        "incident: open for 2 h 10 min, since detected 1970-01-01 01:00 UTC+01:00",
    ]


def test_both_ends_of_what_is_over_are_named() -> None:
    timeline = line(start(), said("impact-started", -60), finish(60), said("mitigated", 70), commits=COMMITS, now=900)
    assert told(timeline, released=True) == [
        "clock: 1 h 00 min of 2 h 00 min, detected to released",
        "late: assess 10 min of 5 min, test 30 min of 20 min",
        "incident: 2 h 10 min, impact-started 1970-01-01 00:00 UTC+01:00 to mitigated",
    ]
    assert told(line(start(), finish(60), now=900), released=True)[-1] == (
        "incident: since detected 1970-01-01 01:00 UTC+01:00, and nobody said when it was over: "
        "git hotfix mark resolved --at TIME"
    )


def test_what_is_odd_is_told_once_a_moment() -> None:
    odd = line(start(), said("investigating", -10), said("acknowledged", 5), said("resolved", 2000), now=100)
    assert told(odd)[-2:] == [
        "odd order: investigating 1970-01-01 00:50 UTC+01:00 is before acknowledged 1970-01-01 01:05 UTC+01:00 and "
        "detected 1970-01-01 01:00 UTC+01:00",
        "ahead of the clock here: resolved 1970-01-02 10:20 UTC+01:00",
    ]
    skewed = Entry("event", "odd", {}, "Ada <a>", 5, skew=600)
    assert told(line(start(), skewed))[-1] == "clock skew: 1 entry is older than the one before: git hotfix log"


def test_a_mark_says_what_is_wrong_with_its_time() -> None:
    timeline = line(start(), said("acknowledged", -5), now=100)
    entry = timeline.moments["acknowledged"].entry
    assert entry
    assert mark_lines(mark_of("acknowledged", entry, timeline, fresh=True), timeline) == [
        "acknowledged: 1970-01-01 00:55 UTC+01:00, stated",
        "odd order: detected is 1970-01-01 01:00 UTC+01:00",
        f"mistyped? git hotfix log --strike {'0' * 10} --reason TEXT",
    ]


def test_the_table_of_the_log() -> None:
    facts = {"Field": "symptoms", "Value": "all\nof it\x1b[2J"}
    book = Logbook(
        IssueId("1"),
        (
            Entry("answer", "symptoms is answered", facts, "Ada <a>", 60, Oid("1" * 40)),
            Entry("strike", "strike out 1", {"Strikes": "1" * 40, "Reason": "half"}, "Bob <b>", 120, Oid("2" * 40)),
            Entry("forecast", "rain", {}, "Eve <e>", 10 * MIN, Oid("3" * 40), skew=720),  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    assert log_rows(book) == [
        ("1" * 10, "1970-01-01 01:01 UTC+01:00", "Ada", "stated",
         "symptoms is answered: all; of it\\u001b[2J · struck out by Bob: half"),
        ("2" * 10, "1970-01-01 01:02 UTC+01:00", "Bob", "observed", "strike out 1: half"),
        ("3" * 10, "1970-01-01 01:10 UTC+01:00", "Eve", "observed",
         "forecast (of another version): rain · clock skew: 12 min older than the entry before it"),
    ]  # fmt: skip
