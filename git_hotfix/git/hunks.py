"""What is left of a change in a file that has changed since: all of it, nothing, a part, or lines made of its lines.

A line is followed by its place, not by its text: `}` stands everywhere.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal

from git_hotfix.model.change import Hunk

State = Literal["there", "reworked", "part", "taken"]
"""All of it stands there; other lines stand in its place; a part of it was taken out; all of it was."""


def state_of_hunk(own: Hunk, later: Sequence[Hunk], between: Collection[str] = ()) -> State:
    """What is left of `own` (before → after) once `later` (after → now, the same file) has happened; both without
    context lines. `between` are lines that only a state between before and after had: who finds them back finds one of
    several commits taken out.

    It was taken out where no line that it added is left, the lines that it removed are back, and nothing else stands
    there: a rework leaves other lines, or takes the code around it along.
    """
    over = _hunks_over(own, later)
    added = {number for number, _ in own.added}
    gone = {number for hunk in over for number, _ in hunk.removed} & added
    region = [text for hunk in over for _, text in hunk.added]
    if not over or (added and not gone):
        return "there"
    removed = [text for _, text in own.removed]
    lost = [text for number, text in own.added if number in gone]
    elsewhere = [text for hunk in later if hunk not in over for _, text in hunk.added]
    if added and all(text in elsewhere for text in lost):
        return "there"  # it moved within the file
    beside = sum(number not in added for hunk in over for number, _ in hunk.removed)
    back = _are_in_order(removed, region)
    if gone == added and back and len(region) == len(removed) + beside:
        return "taken"
    again = {text for text in (*removed, *between) if _is_significant(text)} - {text for _, text in own.added}
    if any(text in again for text in region):
        return "part"
    return "reworked" if added else "there"


def state_of_all(states: Collection[State]) -> State:
    """What is left of a whole change, by what is left of its hunks and files."""
    if states and all(state == "taken" for state in states):
        return "taken"
    if any(state in ("part", "taken") for state in states):
        return "part"
    return "reworked" if "reworked" in states else "there"


def _hunks_over(own: Hunk, later: Sequence[Hunk]) -> list[Hunk]:
    """Those of `later` that change the lines of `own`, or those beside it."""
    if own.added:
        first, last = own.added[0][0], own.added[-1][0]
    else:  # between these two lines something was removed
        first, last = own.new_start, own.new_start + 1
    found = []
    for hunk in later:
        if hunk.removed:
            hit = hunk.removed[0][0] <= last and hunk.removed[-1][0] >= first
        else:  # it stands behind this line
            hit = first - bool(own.added) <= hunk.old_start < last + bool(own.added)
        found += [hunk] if hit else []
    return found


def _are_in_order(wanted: Sequence[str], lines: Sequence[str]) -> bool:
    rest = iter(lines)
    return all(line in rest for line in wanted)


def _is_significant(line: str) -> bool:
    return any(sign.isalnum() for sign in line)
