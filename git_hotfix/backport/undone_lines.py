"""Whether a file has what a change took away, and nothing of what it put there: hunk by hunk, by the lines alone."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Collection, Sequence
from typing import Literal

from git_hotfix.model.frozen import frozen

_LEAST = 20  # letters and digits by which removed lines are known again, as in git diff --color-moved=blocks

Extent = Literal["", "part", "all"]
"""How much of a change is undone: nothing that shows, some hunks, or every one."""


@frozen
class LineChange:
    """One hunk, by its lines with a letter or a digit: what the file has no more, and what it did not have."""

    gone: frozenset[bytes]
    new: frozenset[bytes]


def known_hunks(before: bytes, after: bytes) -> list[LineChange]:
    """The hunks of a change that can be known again by their lines."""
    return [each for each in _hunks(before, after) if each.gone or each.new]


def stands(before: bytes, after: bytes, now: bytes) -> bool:
    """True where `now` shows every hunk of the change `before` → `after`: it has all lines that are new with it, and
    none that are gone. A hunk that only adds or only removes shows in no text for sure: its lines may stand or lack
    there for another reason."""
    there, hunks = _worded_lines(now.splitlines()), _hunks(before, after)
    return bool(hunks) and all(
        each.gone and each.new and each.new <= there and each.gone.isdisjoint(there) for each in hunks
    )


@functools.lru_cache(maxsize=8)  # of one fix a thousand branches are asked
def _hunks(before: bytes, after: bytes) -> tuple[LineChange, ...]:
    old, new = before.splitlines(), after.splitlines()
    start, end = 0, 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    had, has = _worded_lines(old), _worded_lines(new)
    inner = difflib.SequenceMatcher(None, old[start : len(old) - end], new[start : len(new) - end], autojunk=False)
    found = []
    for kind, low, high, first, last in inner.get_opcodes():
        if kind != "equal":
            gone, added = (
                _worded_lines(old[start + low : start + high]),
                _worded_lines(new[start + first : start + last]),
            )
            found.append(LineChange(gone - has, added - had))
    return tuple(found)


def undone_extent(
    before: bytes,
    after: bytes,
    now: bytes,
    *,
    since: bytes | None = None,
    ended: Collection[bytes] = (),
    among: frozenset[bytes] | None = None,
) -> Extent:
    """How much of the change `before` → `after` is undone in `now`. What was so in `since` already does not count, and
    a line that the whole fix ends with (`ended`) is not missed: a later commit of it brought that back. Hunks without a
    line of `among` (those that the fix changes) came with the fix and are not of it."""
    had = _removed_lines(before, after)
    if not any(line in now for line in had) or not had & (there := _worded_lines(now.splitlines())):
        return ""  # every hunk that shows has lines that came back
    already = None if since is None else _worded_lines(since.splitlines())
    back = stands = 0
    for hunk in known_hunks(before, after):
        if among is not None and among.isdisjoint(hunk.gone | hunk.new):
            continue
        if already is not None and _is_back(hunk, already, ended):
            continue
        if _is_back(hunk, there, ended):
            back += 1
        elif hunk.gone or not hunk.new.isdisjoint(there):
            stands += 1
    return "" if not back else "part" if stands else "all"


def _is_back(hunk: LineChange, there: frozenset[bytes], ended: Collection[bytes]) -> bool:
    if not hunk.new and sum(len(re.findall(rb"\w", line)) for line in hunk.gone) < _LEAST:
        return False  # an import that was removed comes back for another reason
    return bool(hunk.gone) and hunk.gone <= there and hunk.new.isdisjoint(there) and hunk.gone.isdisjoint(ended)


@functools.lru_cache(maxsize=8)  # of one fix a thousand branches are asked
def _removed_lines(before: bytes, after: bytes) -> frozenset[bytes]:
    """The lines that a change leaves nowhere in a file."""
    return _worded_lines(before.splitlines()) - _worded_lines(after.splitlines())


def _worded_lines(lines: Sequence[bytes]) -> frozenset[bytes]:
    return frozenset(map(bytes.rstrip, filter(re.compile(rb"\w").search, lines)))
