"""What a file defines, by the tree of its grammar."""

from __future__ import annotations

import importlib
import time
from functools import lru_cache
from typing import TYPE_CHECKING

from git_hotfix.symbols.languages import Language
from git_hotfix.symbols.model import Definition, FileSymbols
from git_hotfix.symbols.naming import Naming, by_field

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

SECONDS = 1.0  # for one file; of 11,000 that people wrote none takes half of that
# Of 11,000 files that people wrote none has more than 23 brackets or 605 signs `<` above their counterparts (a
# here-document opens with two), or takes more than 2.3 steps of the parser a byte. Beyond is no code, and to find out
# how it is broken takes a grammar a thousand times as long as reading code of that length.
_BRACKETS, _ANGLES = 200, 3000
_STEPS, _STEPS_A_BYTE = 10_000, 4
_STEPS_A_CALL = 100  # how often tree-sitter asks whether it shall go on
_CHUNK = 65_536  # bytes that the parser is given at once
_DEEP = 4  # names around a definition that are told


class Tangled(Exception):
    """Parsing would cost more than the length of a text can explain."""


def symbols(language: Language, content: bytes) -> FileSymbols:
    """What UTF-8 text of a language defines, as far as it parses. Where that is not at all, `unread` says why."""
    try:
        parser = _parser(language.package, language.grammar)
    except (ImportError, ValueError, OSError, AttributeError):  # no wheel, or one of another interface
        reason = f"not available: {language.package} is missing or of another version"
        return FileSymbols(language.id, unread=reason, hint="install git-hotfix again, with what it depends on")
    try:
        _weigh(content)
        end = time.monotonic() + SECONDS
        root = _parse(parser, content, end)
        if root.has_error and language.rewrite:
            text = language.rewrite(content.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
            if text != content and not (second := _parse(parser, text, end)).has_error:
                root, content = second, text
        return FileSymbols(
            language.id, _definitions(root, content, _meanings(language), end), broken=_first_error(root)
        )
    except Tangled:
        return FileSymbols(language.id, unread="it is too tangled, its definitions were not read")


def _weigh(content: bytes) -> None:
    """Raise `Tangled` where more is opened than any code opens."""
    unclosed = [content.count(pair[:1]) - content.count(pair[1:]) for pair in (b"()", b"[]", b"{}", b"<>")]
    if max(unclosed[:3]) > _BRACKETS or unclosed[3] > _ANGLES:
        raise Tangled


@lru_cache(maxsize=16)
def _parser(package: str, grammar: str) -> Parser:
    import tree_sitter

    module = importlib.import_module(package.replace("-", "_"))
    return tree_sitter.Parser(tree_sitter.Language(getattr(module, grammar)()))


def _parse(parser: Parser, content: bytes, end: float) -> Node:
    """The root of the tree; raises `Tangled`. The parser asks whether to go on only while it reads by chunks."""
    calls = 0

    def stop(offset: int, _failed: bool) -> bool:
        nonlocal calls
        calls += 1
        return calls * _STEPS_A_CALL > _STEPS + _STEPS_A_BYTE * offset or time.monotonic() > end

    # Kotlin's scanner (1.1.0) looks for the end of an annotation for ever where the file ends with one.
    view = memoryview(content + b"\n")

    def read(offset: int, _point: object) -> memoryview:
        return view[offset : offset + _CHUNK]

    try:
        return parser.parse(read, progress_callback=stop).root_node
    except ValueError:  # "Parsing failed"
        parser.reset()
        raise Tangled from None


def _meanings(language: Language) -> dict[str, Naming | None]:
    """What each node of interest means, by its type; None for one in which nothing is looked for."""
    return {
        **dict.fromkeys(language.closed.split()),
        **dict.fromkeys(language.types.split(), by_field("type")),
        **dict.fromkeys(language.functions.split(), by_field("function")),
        **(language.named or {}),
    }


def _definitions(root: Node, text: bytes, meanings: dict[str, Naming | None], end: float) -> tuple[Definition, ...]:
    """The definitions in the order of their names, each with the names around it. `Node.text` is not asked: it reads by
    the parser's callback, and ends the process where that returns anything but bytes."""
    found: list[tuple[int, Definition]] = []
    pending: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while pending:
        node, around = pending.pop()
        if time.monotonic() > end:
            raise Tangled
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


def _first_error(root: Node) -> int:
    """The 1-based line of the first node that does not parse or had to be made up; 0 for none. What was made up may be
    a node that is not shown, behind the last child of the one that holds it."""
    if not root.has_error:
        return 0
    node, at = root, root.end_point
    while not (node.is_error or node.is_missing):
        below = next((each for each in node.children if each.has_error or each.is_missing), None)
        if below is None:
            return int(at.row) + 1
        node, at = below, below.end_point
    return int(node.start_point.row) + 1
