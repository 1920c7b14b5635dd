"""From what a language finds in its tokens to definitions with the names that they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.symbols.model import Definition, Kind
from git_hotfix.symbols.scanning.code import Code


class Declaration:
    """One thing that a language found: what it is (None for what only gives names to what stands in it, as `impl`
    does), its name, the index of the token that names it, and the index of its last token (-1 unknown)."""

    __slots__ = ("at", "kind", "last", "name")

    def __init__(self, kind: Kind | None, name: str, at: int, last: int = -1) -> None:
        self.kind = kind
        self.name = name
        self.at = at
        self.last = last


def name_definitions(code: Code, found: Iterable[Declaration]) -> tuple[Definition, ...]:
    """The definitions in their order, each with the names around it."""
    result: list[Definition] = []
    around: list[Declaration] = []
    for each in sorted(found, key=lambda one: (one.at, -one.last)):
        while around and around[-1].last < each.at:
            around.pop()
        if each.kind:
            name = ".".join([*(one.name for one in around[-4:]), each.name])
            result.append(Definition(each.kind, name, code.line(each.at)))
        if each.last > each.at:
            around.append(each)
    return tuple(result)
