"""When a hotfix was detected, started, finished and closed, as its logbook has it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone

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
        elif entry.kind in ("close", "abandon"):
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


_AGO = re.compile(r"(\d+)\s*([smhd])")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_ZONE = re.compile(r"\s*UTC\s*(?=[+-]\d\d:?\d\d$|$)")


def typed_time(text: str, now: int) -> int:
    """Seconds since the epoch of a time that a person typed: how long ago (`20m`, `2h`, `1d`), a time of the day
    (`21:05`: the last one), or ISO 8601 and what `local_moment` shows; in the zone of this machine where it names none.

    Raises `ValueError` for what is not a time.
    """
    text = text.strip()
    if ago := _AGO.fullmatch(text):
        return max(0, now - int(ago[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86_400}[ago[2]])
    if clock := _CLOCK.fullmatch(text):
        today = datetime.fromtimestamp(now).replace(hour=int(clock[1]), minute=int(clock[2]), second=0)
        found = today if today.timestamp() <= now else today - timedelta(days=1)
        return int(found.timestamp())
    text = _ZONE.sub(lambda match: "" if match.end() < len(text) else "+00:00", text) if "UTC" in text else text
    try:
        when = datetime.fromisoformat(text.replace("Z", "+00:00"))
        return int(when.astimezone(timezone.utc).timestamp())
    except OverflowError as error:
        raise ValueError(text) from error


def local_moment(seconds: int) -> str:
    """A time as people here read it, in the zone of this machine: `2026-11-27 22:11 UTC+01:00`."""
    try:
        text = datetime.fromtimestamp(seconds, timezone.utc).astimezone().isoformat(" ", "minutes")
    except (ValueError, OverflowError, OSError):
        return str(seconds)
    moment, zone = text[:16], text[16:22]
    return f"{moment} UTC{'' if zone == '+00:00' else zone}"


def utc_time(seconds: int) -> str:
    """A time as the logbook writes it: `2026-11-27T21:11:05Z`."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_day(seconds: int) -> str:
    """A day as the logbook writes it: `2026-11-27`."""
    return utc_time(seconds)[:10]


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
