"""Which files an ecosystem reads: rows of patterns, and a table of the rows of all ecosystems that looks a path up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from git_hotfix.model.frozen import frozen

Owner = TypeVar("Owner")


@frozen
class Globs:
    """A row: a path that one of `patterns` matches, none of `but`, and that `test`, where there is one, is true of.

    `pom.xml` and `*.gradle` are names in any folder, `.cargo/config` is the end of a path, `/.gitmodules` stands at the
    top of the repository. `*` does not cross folders. `any_case`: capitals and small letters are alike.
    """

    patterns: tuple[str, ...]
    but: tuple[str, ...] = ()
    any_case: bool = False
    test: Callable[[str], bool] | None = None

    def match(self, path: str) -> bool:
        """True for a path of this row."""
        spelled = path.lower() if self.any_case else path
        if not any(_matches(pattern, spelled) for pattern in self.patterns):
            return False
        return not any(_matches(pattern, spelled) for pattern in self.but) and (self.test is None or self.test(path))


def globs(
    *patterns: str, but: tuple[str, ...] = (), any_case: bool = False, test: Callable[[str], bool] | None = None
) -> Globs:
    """A row of these patterns."""
    return Globs(patterns, but, any_case, test)


def _matches(pattern: str, path: str) -> bool:
    depth = pattern.removeprefix("/").count("/")
    folders, _, name = path.rpartition("/")
    above, _, last = pattern.rpartition("/")
    if not _spells(last, name):
        return False
    if pattern.startswith("/"):
        return folders == above[1:]
    return not depth or folders.split("/")[-depth:] == above.split("/")


def _spells(pattern: str, name: str) -> bool:
    if "*" not in pattern:
        return pattern == name
    head, *words, tail = pattern.split("*")
    place = len(head)
    for word in words:
        found = name.find(word, place)
        if found < 0:
            return False
        place = found + len(word)
    return name.startswith(head) and name.endswith(tail) and place + len(tail) <= len(name)


@frozen
class _Row(Generic[Owner]):
    order: int  # the owner whose place is first has the path
    globs: Globs
    owner: Owner


class PathTable(Generic[Owner]):
    """The rows of several owners. A path is held against those few rows alone that its name or its ending belongs to:
    the repository may have 50,000 paths, and there are 100 patterns."""

    def __init__(self, owners: Iterable[tuple[Owner, tuple[Globs, ...]]]) -> None:
        self._names: dict[str, list[_Row[Owner]]] = {}
        self._endings: dict[str, list[_Row[Owner]]] = {}
        self._parts: dict[str, list[_Row[Owner]]] = {}
        for order, (owner, rows) in enumerate(owners):
            for row in rows:
                for pattern in row.patterns:
                    holder, key = self._place(pattern.rpartition("/")[2].lower())
                    holder.setdefault(key, []).append(_Row(order, row, owner))

    def _place(self, name: str) -> tuple[dict[str, list[_Row[Owner]]], str]:
        """Where the rows of a pattern's last part stand: by the whole name, by its ending, or by its longest word."""
        words = name.split("*")
        if len(words) == 1:
            return self._names, name
        dot = words[-1].rfind(".")
        return (self._endings, words[-1][dot:]) if dot >= 0 else (self._parts, max(words, key=len))

    def owner_of(self, path: str) -> Owner | None:
        """The first owner that has a row for `path`, or None."""
        found = [row for row in self._candidates(path) if row.globs.match(path)]
        return min(found, key=lambda row: row.order).owner if found else None

    def _candidates(self, path: str) -> Iterator[_Row[Owner]]:
        name = path.rpartition("/")[2].lower()
        yield from self._names.get(name, ())
        yield from self._endings.get(name[name.rfind(".") :], ())
        for part, rows in self._parts.items():
            if part in name:
                yield from rows
