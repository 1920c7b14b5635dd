"""Branches whose files show by themselves that what is said to be there stands there: then what happened on the way
does not matter, and nobody has to look at it commit by commit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from git_hotfix.backport import undone_lines
from git_hotfix.backport.reverted_changes import Sides
from git_hotfix.context import Context
from git_hotfix.git import blobs
from git_hotfix.model.claims import Group, Step
from git_hotfix.model.names import Oid

_AT_ONCE = 200  # blobs that are in memory together

Grouped = Mapping[Oid, tuple[tuple[Group, ...], tuple[Oid, ...]]]
"""Tip → the changes that brought the fix there, and the steps that it lacks."""


def tips_as_built(
    steps: Sequence[Step], states: Sequence[Sides], contents: Mapping[Oid, Sides], grouped: Grouped
) -> set[Oid]:
    """The tips whose files are what the fix makes of the base with just those of its first steps that are said to be
    there. `states` and `contents` are what differs from the base behind each step and at each tip; where nothing does,
    a step may have come and gone."""
    behind: dict[frozenset[object], set[int]] = {}
    for number, state in enumerate(states, 1):
        behind.setdefault(frozenset(state.items()), set()).add(number)
    rests = {number: tuple(step.oid for step in steps[number:]) for number in range(1, len(steps) + 1)}
    return {
        tip
        for tip, (_, missing) in grouped.items()
        if _shows_fix(contents.get(tip, {}))
        and any(rests[number] == missing for number in behind.get(frozenset(contents[tip].items()), ()))
    }


def _shows_fix(content: Sides) -> bool:
    """False where no file of the fix differs from the base, or one is gone: it may live on under another name."""
    return bool(content) and all(now.strip("0") for _, now in content.values())


class _Place(NamedTuple):
    """One file of a change of the fix, before and after it, and as a branch has it."""

    before: Oid
    after: Oid
    now: Oid


def tips_with_lines(
    context: Context, steps: Sequence[Step], states: Sequence[Sides], contents: Mapping[Oid, Sides], grouped: Grouped
) -> set[Oid]:
    """The tips whose files have every line that the steps which are said to be there brought anew, and none that they
    took away; only where each hunk of these steps both brings and takes away a line that no other place of the file
    has."""
    places = {
        tip: found
        for tip, (groups, missing) in grouped.items()
        if groups
        and _shows_fix(contents.get(tip, {}))
        and (found := _places(steps, states, contents.get(tip, {}), missing))
    }
    asked = list(dict.fromkeys(place for each in places.values() for place in each if place.after != place.now))
    stands = {place: True for each in places.values() for place in each if place.after == place.now}
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        names = list(dict.fromkeys(oid for place in part for oid in place))
        texts = dict(zip(names, blobs.read(context.git, names), strict=True))
        for place in part:
            before, after, now = (texts[oid] for oid in place)
            known = before is not None and after is not None and now is not None
            stands[place] = known and undone_lines.stands(before or b"", after or b"", now or b"")
    return {tip for tip, each in places.items() if all(stands[place] for place in each)}


def _places(
    steps: Sequence[Step], states: Sequence[Sides], content: Sides, missing: Collection[Oid]
) -> list[_Place] | None:
    """Every file of each run of steps that are said to be there; None where one of them is at the tip as in the base,
    or a run changes nothing."""
    found: list[_Place] = []
    for first, last in _runs([step.oid not in missing for step in steps]):
        before, after = states[first - 1] if first else {}, states[last]
        paths = [path for path in {**before, **after} if before.get(path) != after.get(path)]
        if not paths or not content.keys() >= set(paths):
            return None
        for path in paths:
            base, now = content[path]
            found.append(_Place(before.get(path, (base, base))[1], after.get(path, (base, base))[1], now))
    return found


def _runs(there: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """The first and the last number of each unbroken run of what is there."""
    first = None
    for number, stands in enumerate((*there, False)):
        if stands and first is None:
            first = number
        elif not stands and first is not None:
            yield first, number - 1
            first = None
