"""The record of a hotfix as people read it: its ticket, its times, and what was recorded by whom."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, get_args

from git_hotfix.model.command_line import command_line
from git_hotfix.model.form import in_one_line
from git_hotfix.model.logbook import Entry, Kind, Logbook, deliveries_of
from git_hotfix.model.names import Oid, RefName, short
from git_hotfix.model.times import Times, duration_words, local_moment, time_of
from git_hotfix.model.words import counted, one_line
from git_hotfix.report.approvals import name_of
from git_hotfix.report.layout import cut
from git_hotfix.report.text import plain_table

_LONGEST = 200  # columns of what was recorded; JSON has all of it
_SHORT = 10  # letters of an id
_ONE_RUN = 60  # seconds within which it was one run that finished and closed it
_PAPER = ("answer", "box", "document", "notification")
_DETAILS = ("Reason", "Target", "Text", "Value")
"""Facts of an entry that its title may leave out."""


def ticket_and_times(book: Logbook, times: Times) -> list[str]:
    """The ticket, and when it was detected, started, finished and closed; nothing for what nobody recorded."""
    ticket = book.start.facts.get("Ticket") if book.start else None
    known = (("detected", times.detected), ("started", times.started), ("finished", times.finished))
    told = [f"{word} {local_moment(when)}" for word, when in known if when is not None]
    if times.closed is not None and times.closed - (times.finished or 0) >= _ONE_RUN:
        told.append(f"closed {local_moment(times.closed)}")
    return [*([f"ticket: {one_line(ticket)}"] if ticket else []), *([" · ".join(told)] if told else [])]


def entries(book: Logbook, *, everything: bool = False) -> list[str]:
    """A line for every entry since the last start: when, who, what. Without `everything` what was said for documents,
    and who was told, is one line: there are dozens of them, and they push the state of the hotfix off the screen."""
    struck = book.struck
    shown = [each for each in book.current if everything or each.kind not in _PAPER]
    rows = [(local_moment(time_of(each)), name_of(each.who), _what(each, struck)) for each in shown]
    rest = len(book.current) - len(shown)
    many = counted(rest, "entry", "entries")
    more = [f"{many} more (answers, boxes, documents, messages): {command_line('log', book.issue)}"]
    return [*(plain_table(("when", "who", "what"), rows) if rows else []), *(more if rest else [])]


LOG_HEAD = ("entry", "time", "who", "source", "what")


def log_rows(book: Logbook) -> list[tuple[str, ...]]:
    """A row of `LOG_HEAD` for every entry that was ever recorded: its id, when, by whom, whether that was stated or
    observed, and what."""
    struck = book.struck
    return [
        (
            (each.oid or "")[:_SHORT],
            local_moment(time_of(each)),
            name_of(each.who),
            source_of(each),
            _what(each, struck),
        )
        for each in book.entries
    ]


def source_of(entry: Entry) -> str:
    """ "stated" where a person said it, "observed" where git or this tool saw it."""
    return "stated" if entry.stated else "observed"


def _what(entry: Entry, struck: Mapping[Oid, Entry]) -> str:
    details = [entry.facts[key] for key in _DETAILS if entry.facts.get(key) and entry.facts[key] not in entry.title]
    if entry.kind == "answer" and entry.facts.get("Value"):
        details = [in_one_line(entry.facts.get("Field", ""), entry.facts.get("Value", ""))]
    if entry.kind == "event" and entry.facts.get("Event") == "skip":
        details = [entry.facts.get("Reason", "")]
    if entry.kind == "event" and entry.facts.get("Event") == "deliver":
        details = [", ".join(f"{short(RefName(each.ref))} {each.new[:10]}" for each in deliveries_of(entry))]
    known = [] if entry.kind in get_args(Kind) else [f"{entry.kind} (of another version)"]
    what = cut(one_line(": ".join([*known, entry.title, *details])), _LONGEST)
    strike = struck.get(entry.oid) if entry.oid else None
    notes = [f"struck out by {name_of(strike.who)}: {strike.facts.get('Reason', '')}"] if strike else []
    if entry.skew:
        notes.append(f"clock skew: {duration_words(entry.skew)} older than the entry before it")
    return " · ".join([what, *(cut(one_line(note), _LONGEST) for note in notes)])


def log_objects(book: Logbook, signed: Collection[Oid]) -> list[dict[str, Any]]:
    """Every entry that was ever recorded in JSON; times in seconds since the epoch. `signed` are those that bear a
    signature."""
    struck = book.struck
    return [
        {
            "id": each.oid,
            "kind": each.kind,
            "at": time_of(each),
            "at_source": source_of(each),
            "recorded": each.when,
            "by": each.who,
            "title": each.title,
            "signed": each.oid in signed,
            "facts": dict(each.facts),
            "tree": each.tree,
            "attached": each.attached,
            "corrected_by": struck[each.oid].oid if each.oid and each.oid in struck else None,
            "skew": each.skew,
        }
        for each in book.entries
    ]


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
