"""Manifests that are programs: their tree by a grammar that others keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax.plain import unreadable

if TYPE_CHECKING:
    from git_hotfix.symbols.tree import Node

SIZE = 2_000_000  # bytes; what people write is far below, and blanks alone take a grammar a second for that


class Tree(NamedTuple):
    """A text that parses: its UTF-8, in which the nodes count bytes, and the root of its tree."""

    content: bytes
    root: Node

    def text(self, node: Node) -> str:
        """How a node is written."""
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")


def parse(package: str, text: str) -> Tree:
    """The tree of a text by the grammar in `package` (`tree-sitter-ruby`).

    Raises `Unreadable` where something does not parse, where it is too large or to find that out would take too long,
    and where the grammar is missing.
    """
    from git_hotfix.symbols import tree

    content = text.encode("utf-8", "surrogateescape")
    if len(content) > SIZE:
        raise Unreadable(f"it is larger than {SIZE // 10**6} MB")
    try:
        root = tree.parse(package, content)
    except tree.Unavailable as error:
        raise Unreadable(str(error), error.hint) from error
    except tree.Tangled:
        raise Unreadable("it is too tangled") from None
    if line := tree.first_error(root):
        raise unreadable("it does not parse", line)
    return Tree(content, root)
