"""Lines that came with a fix and were moved on the branch since: what stands elsewhere was not taken out.

Where a file has all lines of the change, one of which it had not before, they were moved within it; where another file
has got all of them, they were moved there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from git_hotfix.backport.reverted_changes import Question, Sides
from git_hotfix.context import Context
from git_hotfix.git import diff, history, search
from git_hotfix.model.names import Oid

_AT_ONCE = 60  # questions whose files are in memory together
_LEAST = 20  # letters and digits that make lines known again in another file, as in git diff --color-moved=blocks


def find_standing(
    context: Context, asked: Sequence[Question], paths: Sequence[str], known: Mapping[Oid, Oid]
) -> set[Question]:
    """Those of `asked` (each undone where it was) whose branch still has every line that the change added, in the same
    file or in one of the same ending that changed since. `known` are trees of commits."""
    if not asked:
        return set()
    outside = sorted({oid for question in asked for oid in question} - known.keys())
    trees = {**known, **history.trees(context.git, outside)} if outside else known
    own = _changed_sides(context, [(trees[question.start], trees[question.end]) for question in asked], paths)
    bare = [question for question in asked if not own[trees[question.start], trees[question.end]]]
    own |= _changed_sides(context, [(trees[question.start], trees[question.end]) for question in bare])  # renamed there
    since = _changed_sides(context, [(trees[question.since], trees[question.tip]) for question in asked])
    found = set()
    for start in range(0, len(asked), _AT_ONCE):
        places = [
            _Place(question, path, *pair, later[path][1], later)
            for question in asked[start : start + _AT_ONCE]
            for later in [since[trees[question.since], trees[question.tip]]]
            for path, pair in own[trees[question.start], trees[question.end]].items()
            if path in later
        ]
        gone = _find_gone(context, places)
        found |= {place.question for place in places} - {place.question for place in gone}
    return found


class _Place(NamedTuple):
    """A file of the change that a question is about: the blobs before and after it and now, and all that changed
    since."""

    question: Question
    path: str
    before: Oid
    after: Oid
    now: Oid
    later: Sides


def _find_gone(context: Context, places: Sequence[_Place]) -> list[_Place]:
    """Those of `places` whose added lines stand neither in the file nor in another one."""
    counts = search.count_lines(
        context.git, [oid for place in places for oid in (place.before, place.after, place.now)]
    )
    missed = []
    for place in places:
        added = counts[place.after] - counts[place.before]
        if not added or not _has_gained(added, counts[place.before], counts[place.now]):
            missed.append((place, added, _other_files(place) if _is_recognizable(added) else {}))
    lines = {line for _, added, others in missed if others for line in added}
    files = {oid for _, _, others in missed for oid in others if oid.strip("0")}
    hits = search.blobs_with_lines(context.git, sorted(files), lines)
    likely = [
        (place, added, {new: old for new, old in others.items() if new in hits}) for place, added, others in missed
    ]
    counts |= search.count_lines(
        context.git, [oid for _, _, others in likely for pair in others.items() for oid in pair]
    )
    return [
        place
        for place, added, others in likely
        if not any(_has_gained(added, counts[old], counts[new]) for new, old in others.items())
    ]


def _other_files(place: _Place) -> dict[Oid, Oid]:
    """The blob now → the one before, of the other files of the same ending that changed since."""
    suffix = PurePosixPath(place.path).suffix
    paths = (path for path in place.later if path != place.path and PurePosixPath(path).suffix == suffix)
    return {new: old for old, new in map(place.later.__getitem__, paths)}


def _is_recognizable(added: Counter[bytes]) -> bool:
    return sum(len(re.findall(rb"\w", line)) for line in added) >= _LEAST


def _changed_sides(
    context: Context, pairs: Sequence[tuple[Oid, Oid]], paths: Sequence[str] = ()
) -> dict[tuple[Oid, Oid], Sides]:
    apart = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    found: dict[tuple[Oid, Oid], Sides] = {pair: {} for pair in pairs}
    return found | dict(zip(apart, diff.sides_at(context.git, apart, paths), strict=True)) if apart else found


def _has_gained(added: Counter[bytes], before: Counter[bytes], now: Counter[bytes]) -> bool:
    """True where a file has all of the lines `added` beside those that it had, one of which it did not have at all."""
    return all(now[line] >= before[line] + count for line, count in added.items()) and any(
        not before[line] for line in added
    )
