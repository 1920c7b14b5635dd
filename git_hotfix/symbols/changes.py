"""What changed files define that they did not define before, and the other way round."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from git_hotfix.model.sides import Sides
from git_hotfix.model.verdict import Finding
from git_hotfix.symbols.model import Definition, FileSymbols
from git_hotfix.symbols.read import symbols_of
from git_hotfix.symbols.tree import Allowance


class Change(NamedTuple):
    """A definition that came or went: the file that it stands in (for one that went, stood in), and itself."""

    path: str
    definition: Definition


class Changes(NamedTuple):
    """All definitions that came and went; the files that were read with less than full care, as notes; and those that
    were not read at all."""

    new: tuple[Change, ...]
    gone: tuple[Change, ...]
    notes: tuple[Finding, ...]
    unread: tuple[Finding, ...]


@lru_cache(maxsize=4)
def changes_of(sides: tuple[Sides, ...]) -> Changes:
    """The definitions that came and went. One that left a file and stands in another of the same language was moved:
    it is neither. Of several with one name in a file (overloads) it is told how many there are, not which."""
    new: list[tuple[str, Change]] = []
    gone: list[tuple[str, Change]] = []
    notes: list[Finding] = []
    unread: list[Finding] = []
    allowance = Allowance()
    for side in sides:
        after = symbols_of(side.file.path, side.after, allowance)
        unknown = after is not None and bool(after.unread)
        before = None if unknown else symbols_of(side.file.old_path, side.before, allowance)
        doubt = _doubt(side, before, after)
        if doubt and doubt.level == "fail":
            unread.append(doubt)
            continue  # nothing is known of one side, so nothing came and nothing went
        notes += [doubt] if doubt else []
        new += [(_language(after), Change(side.file.path, definition)) for definition in _more(after, before)]
        gone += [(_language(before), Change(side.file.old_path, definition)) for definition in _more(before, after)]
    moved = Counter(map(_known_by, new)) & Counter(map(_known_by, gone))
    return Changes(_without(new, moved), _without(gone, moved), tuple(notes), tuple(unread))


def _doubt(side: Sides, before: FileSymbols | None, after: FileSymbols | None) -> Finding | None:
    """Why the two sides of a file cannot be compared, or (as a note) can be with less than full care. A file that did
    not parse before the fix either is only a note: the fix hides nothing by it, and a grammar may be older than the
    language."""
    path = side.file.path
    if after and after.unread:
        return Finding(after.unread, path, hint=after.hint)
    if before and before.unread:
        return Finding(f"before the fix, {before.unread}", path, hint=before.hint)
    if after and after.broken and not (before and before.broken):
        return Finding("does not parse here, its definitions were not compared", path, after.broken)
    if before and before.broken and after:
        message = "did not parse before the fix, its definitions were compared as far as they could be read"
        return Finding(message, path, level="note")
    return Finding(after.note, path, level="note") if after and after.note else None


def _language(symbols: FileSymbols | None) -> str:
    return symbols.language if symbols else ""


def _more(these: FileSymbols | None, those: FileSymbols | None) -> list[Definition]:
    """The definitions of `these` that `those` lack, by kind and name."""
    left = Counter((each.kind, each.name) for each in (those.definitions if those else ()))
    found = []
    for each in these.definitions if these else ():
        if left[each.kind, each.name]:
            left[each.kind, each.name] -= 1
        else:
            found.append(each)
    return found


def _known_by(each: tuple[str, Change]) -> tuple[str, str, str]:
    language, (_, definition) = each
    return language, definition.kind, definition.name.rpartition(".")[2]


def _without(found: Iterable[tuple[str, Change]], moved: Counter[tuple[str, str, str]]) -> tuple[Change, ...]:
    left = Counter(moved)
    kept = []
    for each in found:
        if left[_known_by(each)]:
            left[_known_by(each)] -= 1
        else:
            kept.append(each[1])
    return tuple(kept)


def outermost(found: Sequence[Change]) -> tuple[Change, ...]:
    """Those that stand in no other of `found`: a class that is gone takes its methods along."""
    names = {(each.path, each.definition.name) for each in found}

    def held(each: Change) -> bool:
        around = each.definition.name
        while "." in around:
            around = around.rpartition(".")[0]
            if (each.path, around) in names:
                return True
        return False

    return tuple(each for each in found if not held(each))
