"""When a hotfix was detected, started, finished and closed, as its logbook has it."""

from __future__ import annotations

from datetime import datetime, timezone

from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry, Logbook


@frozen
class Times:
    """Seconds since the epoch; None where nobody recorded it, or where it was taken back since."""

    detected: int | None = None
    started: int | None = None
    finished: int | None = None
    closed: int | None = None


def times_of(book: Logbook) -> Times:
    """The times of a hotfix since its last start. Production and tag that were taken back make it unfinished."""
    facts = book.start.facts if book.start else {}
    finished = closed = None
    for entry in book.current:
        if entry.kind == "finish" and finished is None:
            finished = entry.when
        elif entry.kind == "close":
            closed = entry.when
        elif entry.kind == "undo":
            closed = None
            finished = None if "Withdrawn" in entry.facts else finished
    return Times(seconds_of(facts.get("Detected")), seconds_of(facts.get("Started")), finished, closed)


def finish_of(book: Logbook) -> Entry | None:
    """The entry of the finish that still stands, or None."""
    found = None
    for entry in book.current:
        if entry.kind == "finish" and found is None:
            found = entry
        elif entry.kind == "undo" and "Withdrawn" in entry.facts:
            found = None
    return found


def seconds_of(text: str | None) -> int | None:
    """Seconds since the epoch of a time that a logbook holds, None for what is not a time."""
    try:
        return int(datetime.fromisoformat((text or "").replace("Z", "+00:00")).timestamp())
    except (ValueError, OverflowError):
        return None


def time_of(entry: Entry) -> int:
    """When what an entry tells of was, in seconds since the epoch: as a person stated it, else when it was recorded."""
    stated = seconds_of(entry.facts.get("At")) if entry.stated else None
    return entry.when if stated is None else stated


def local_moment(seconds: int) -> str:
    """A time as people here read it, in the zone of this machine: `2026-11-27 22:11 UTC+01:00`."""
    try:
        here = datetime.fromtimestamp(seconds, timezone.utc).astimezone()
    except (ValueError, OverflowError, OSError):
        return str(seconds)
    zone = here.strftime("%z")
    return here.strftime("%Y-%m-%d %H:%M UTC") + (f"{zone[:3]}:{zone[3:5]}" if here.utcoffset() else "")


def moment(seconds: int) -> str:
    """A time as people read it: `2026-11-27 21:11 UTC`; the bare seconds of one that no calendar has."""
    try:
        return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def duration_words(seconds: int | None) -> str:
    """A duration as people say it: `1 h 05 min`; empty for None."""
    if seconds is None:
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
