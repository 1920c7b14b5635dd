"""The record of a hotfix as people read it: its ticket, its times, and what was recorded by whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from git_hotfix.model.logbook import Entry, Logbook, deliveries_of
from git_hotfix.model.names import RefName, short
from git_hotfix.model.times import Times, moment
from git_hotfix.model.words import one_line
from git_hotfix.report.approvals import name_of
from git_hotfix.report.layout import cut
from git_hotfix.report.text import plain_table

_LONGEST = 200  # columns of what was recorded; JSON has all of it
_DETAILS = ("Reason", "Target")
"""Facts of an entry that its title may leave out."""


def ticket_and_times(book: Logbook, times: Times) -> list[str]:
    """The ticket, and when it was detected, started, finished and closed; nothing for what nobody recorded."""
    ticket = book.start.facts.get("Ticket") if book.start else None
    known = (("detected", times.detected), ("started", times.started), ("finished", times.finished))
    told = [f"{word} {moment(when)}" for word, when in known if when is not None]
    if times.closed is not None and times.closed != times.finished:
        told.append(f"closed {moment(times.closed)}")
    return [*([f"ticket: {one_line(ticket)}"] if ticket else []), *([" · ".join(told)] if told else [])]


def entries(book: Logbook) -> list[str]:
    """A line for every entry since the last start: when, who, what."""
    rows = [(moment(each.when), name_of(each.who), _what(each)) for each in book.current]
    return plain_table(("when", "who", "what"), rows) if rows else []


def _what(entry: Entry) -> str:
    details = [entry.facts[key] for key in _DETAILS if entry.facts.get(key) and entry.facts[key] not in entry.title]
    if entry.kind == "event" and entry.facts.get("Event") == "skip":
        details = [entry.facts.get("Reason", "")]
    if entry.kind == "event" and entry.facts.get("Event") == "deliver":
        details = [", ".join(f"{short(RefName(each.ref))} {each.new[:10]}" for each in deliveries_of(entry))]
    return cut(one_line(": ".join([entry.title, *details])), _LONGEST)


def entry_objects(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """Entries in JSON, each with all its facts."""
    return [{"kind": each.kind, "who": each.who, "when": each.when, **each.facts} for each in entries]


def times_object(times: Times) -> dict[str, int | None]:
    """The times in JSON: seconds since the epoch, or null."""
    return {
        "detected": times.detected,
        "started": times.started,
        "finished": times.finished,
        "closed": times.closed,
    }
