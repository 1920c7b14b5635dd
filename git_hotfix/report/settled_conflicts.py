"""The conflicts that needed no human: for every file what settled it and where, which of the fix's lines were left out
by it, and its hunks for whoever asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from git_hotfix.model.words import counted
from git_hotfix.report.streams import Streams

if TYPE_CHECKING:  # check shows no outcome and need not pay for its values
    from git_hotfix.model.plan import Conflict, Delivery

_NAMED = 5  # branches that are named for a file; the others are counted
_LINES = 2  # lines that are shown of what was left out
_WIDTH = 60  # characters of each


def show(streams: Streams, deliveries: Iterable[Delivery]) -> None:
    """One line for each file and what settled it, however many branches it is; below it its hunks, each once."""
    from git_hotfix.model.plan import SETTLED

    branches: dict[tuple[str, str, str], list[str]] = {}
    hunks: dict[tuple[str, str, str], dict[str, None]] = {}
    for delivery in deliveries:
        for conflict in delivery.settled:
            key = (conflict.path, SETTLED[conflict.resolved_by or "rerere"], _lines_left_out(conflict))
            branches.setdefault(key, []).append(delivery.target.branch)
            hunks.setdefault(key, {})[conflict.shown] = None
    for (path, words, left), names in branches.items():
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        streams.out(f"{path}: {words} in {', '.join(names[:_NAMED])}{more}{left}")
        for shown in hunks[path, words, left]:
            for line in shown.splitlines():
                streams.out(f"    {line}")


def _lines_left_out(conflict: Conflict) -> str:
    lines = conflict.left_out
    if not lines:
        return ""
    more = f" and {counted(len(lines) - _LINES, 'more line')}" if len(lines) > _LINES else ""
    short = (line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in lines[:_LINES])
    return f"; left out: {' · '.join(short)}{more}"
