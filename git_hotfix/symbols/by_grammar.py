"""What a file defines, by the tree of its grammar."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from git_hotfix.symbols import tree
from git_hotfix.symbols.languages import Language
from git_hotfix.symbols.model import Definition, FileSymbols, TooCostly
from git_hotfix.symbols.naming import Naming, by_field

if TYPE_CHECKING:
    from tree_sitter import Node

_DEEP = 4  # names around a definition that are told


def symbols(language: Language, content: bytes, allowance: tree.Allowance | None) -> FileSymbols:
    """What UTF-8 text of a language defines, as far as it parses. Where that is not at all, `unread` says why."""
    try:
        end = time.monotonic() + tree.SECONDS
        root = tree.parse(language.package, content, grammar=language.grammar, until=end, allowance=allowance)
        if root.has_error and language.rewrite:
            text = language.rewrite(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            if text != content:
                second = tree.parse(language.package, text, grammar=language.grammar, until=end, allowance=allowance)
                root, content = (root, content) if second.has_error else (second, text)
        definitions = _definitions(root, content, _meanings(language), end)
        return FileSymbols(language.id, definitions, broken=tree.first_error(root))
    except tree.Unavailable as error:
        return FileSymbols(language.id, unread=str(error), hint=error.hint)
    except TooCostly:
        return FileSymbols(language.id, unread="it is too tangled, its definitions were not read")


def _meanings(language: Language) -> dict[str, Naming | None]:
    """What each node of interest means, by its type; None for one in which nothing is looked for."""
    return {
        **dict.fromkeys(language.closed.split()),
        **dict.fromkeys(language.types.split(), by_field("type")),
        **dict.fromkeys(language.functions.split(), by_field("function")),
        **(language.named or {}),
    }


def _definitions(root: Node, text: bytes, meanings: dict[str, Naming | None], end: float) -> tuple[Definition, ...]:
    """The definitions in the order of their names, each with the names around it."""
    found: list[tuple[int, Definition]] = []
    pending: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while pending:
        node, around = pending.pop()
        if time.monotonic() > end:
            raise TooCostly
        for child in node.named_children:
            inside = around
            type_ = child.type
            if type_ in meanings:
                naming = meanings[type_]
                if naming is None:
                    continue
                named = naming(child, text)
                if named and named.name:
                    inside = (*around[-_DEEP:], named.name)
                    if named.kind:
                        line = named.at.start_point.row + 1
                        found.append((named.at.start_byte, Definition(named.kind, ".".join(inside), line)))
            if child.named_child_count:
                pending.append((child, inside))
    return tuple(definition for _, definition in sorted(found, key=lambda each: each[0]))
