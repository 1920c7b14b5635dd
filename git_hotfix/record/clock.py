"""The clock of a hotfix: from detection to the tag, against the policy's budget."""

from __future__ import annotations

from git_hotfix.model.logbook import Logbook
from git_hotfix.model.times import times_of


def time_spent(book: Logbook, now: int) -> int | None:
    """Seconds from detection to the finish (to `now` while it is not finished); None without a start entry."""
    times = times_of(book)
    if times.detected is None:
        return None
    return max(0, (now if times.finished is None else times.finished) - times.detected)
