"""The clock of a hotfix: from detection to the tag, against the policy's budget."""

from __future__ import annotations

from datetime import datetime

from git_hotfix.model.logbook import Logbook


def spent(book: Logbook, now: int) -> int | None:
    """Seconds from detection to the finish (to `now` while it is not finished); None without a start entry."""
    start = book.start
    if start is None or "Detected" not in start.facts:
        return None
    try:
        detected = int(datetime.fromisoformat(start.facts["Detected"].replace("Z", "+00:00")).timestamp())
    except (ValueError, OverflowError):
        return None
    end = None
    for entry in book.current:
        if entry.kind == "finish" and end is None:
            end = entry.when
        elif entry.kind == "undo" and "Withdrawn" in entry.facts:  # production and tag were taken back: it runs on
            end = None
    return max(0, (now if end is None else end) - detected)


def words(seconds: int | None) -> str:
    """A duration as people say it: `1 h 05 min`; empty for None."""
    if seconds is None:
        return ""
    hours, minutes = divmod(seconds // 60, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
