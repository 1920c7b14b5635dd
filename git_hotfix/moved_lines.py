"""Lines that came with a fix and were moved on the branch since: what stands elsewhere was not taken out.

Where a file has all lines of the change, one of which it had not before, they were moved within it; where another file
has got all of them, they were moved there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from git_hotfix.desk import Desk
from git_hotfix.git import blobs, diff, history, search
from git_hotfix.model.names import Oid
from git_hotfix.reverted import Question, Sides

_LEAST = 20  # letters and digits that make lines known again in another file, as in git diff --color-moved=blocks


def standing(desk: Desk, asked: Sequence[Question], paths: Sequence[str], known: Mapping[Oid, Oid]) -> set[Question]:
    """Those of `asked` (each undone where it was) whose branch still has every line that the change added, in the same
    file or in one of the same ending that changed since. `known` are trees of commits."""
    if not asked:
        return set()
    outside = sorted({oid for each in asked for oid in each} - known.keys())
    trees = {**known, **history.trees(desk.git, outside)} if outside else known
    own = _sides(desk, [(trees[each.start], trees[each.end]) for each in asked], paths)
    bare = [each for each in asked if not own[trees[each.start], trees[each.end]]]
    own |= _sides(desk, [(trees[each.start], trees[each.end]) for each in bare])  # renamed there
    since = _sides(desk, [(trees[each.since], trees[each.tip]) for each in asked])
    found = set()
    for each in asked:
        change, later = own[trees[each.start], trees[each.end]], since[trees[each.since], trees[each.tip]]
        touched = {path: pair for path, pair in change.items() if path in later}
        if touched and all(_stands(desk, path, touched[path], later) for path in touched):
            found.add(each)
    return found


def _sides(desk: Desk, pairs: Sequence[tuple[Oid, Oid]], paths: Sequence[str] = ()) -> dict[tuple[Oid, Oid], Sides]:
    apart = list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
    found: dict[tuple[Oid, Oid], Sides] = {pair: {} for pair in pairs}
    return found | dict(zip(apart, diff.sides(desk.git, apart, paths), strict=True)) if apart else found


def _stands(desk: Desk, path: str, change: tuple[Oid, Oid], later: Sides) -> bool:
    """Whether the lines that `change` added to a file stand in it, or in one other of those that changed `later`."""
    before, after, now = (search.counted(text or b"") for text in blobs.read(desk.git, [*change, later[path][1]]))
    added = after - before
    if not added:
        return False
    if _has_got(added, before, now):
        return True
    if sum(len(re.findall(rb"\w", line)) for line in added) < _LEAST:
        return False
    suffix = PurePosixPath(path).suffix
    others = {new: old for name, (old, new) in later.items() if name != path and PurePosixPath(name).suffix == suffix}
    likely = sorted(search.with_lines(desk.git, sorted(oid for oid in others if oid.strip("0")), set(added)))
    texts = iter(blobs.read(desk.git, [oid for new in likely for oid in (others[new], new)]))
    counts = [search.counted(text or b"") for text in texts]
    return any(_has_got(added, old, new) for old, new in zip(counts[::2], counts[1::2], strict=True))


def _has_got(added: Counter[bytes], before: Counter[bytes], now: Counter[bytes]) -> bool:
    """True where a file has all of the lines `added` beside those that it had, one of which it did not have at all."""
    return all(now[line] >= before[line] + count for line, count in added.items()) and any(
        not before[line] for line in added
    )
