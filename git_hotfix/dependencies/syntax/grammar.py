"""Manifests that are programs: their tree by a grammar that others keep."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax.plain import unreadable
from git_hotfix.symbols.model import TooCostly

if TYPE_CHECKING:
    from git_hotfix.symbols.tree import Node

SIZE = 2_000_000  # bytes; what people write is far below, and blanks alone take a grammar a second for that
COMMENTS = frozenset({"comment", "multiline_comment"})
# The parts of strings in Elixir and Swift.
_TEXTS = frozenset({"quoted_content", "line_str_text", "multi_line_str_text", "raw_str_end_part"})
_ESCAPED = frozenset({"escape_sequence", "str_escaped_char"})
_ESCAPES = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "0": "\0", "e": "\x1b"}


class Expression(str):
    """The source text of a value that is only known by running it."""

    __slots__ = ()


class Tree(NamedTuple):
    """A text that parses: its UTF-8, in which the nodes count bytes, the root of its tree, and whether that is the tree
    of the text as it was rewritten for the grammar."""

    content: bytes
    root: Node
    rewritten: bool = False

    def text(self, node: Node) -> str:
        """How a node is written."""
        return self.content[node.start_byte : node.end_byte].decode("utf-8", "surrogateescape")

    def string(self, node: Node) -> str | None:
        """What a string of Elixir or Swift holds; None for one with code in it, or with a character by its number, as
        which nobody writes a name."""
        pieces: list[str] = []
        for part in node.named_children:
            text = self.text(part)
            if part.type not in _TEXTS and (part.type not in _ESCAPED or text[1] in "xu"):
                return None
            pieces.append(text if part.type in _TEXTS else _ESCAPES.get(text[1], text[1]))
        return "".join(pieces)

    def nodes(self, node: Node, whole: Callable[[Node], bool]) -> Iterator[Node]:
        """A node and all in it, in the order of the text, but for comments and what is in a node that is `whole`."""
        pending = [node]
        while pending:
            each = pending.pop()
            yield each
            if each.child_count and not whole(each):
                pending += reversed([part for part in each.children if part.type not in COMMENTS])

    def pieces(self, node: Node, whole: Callable[[Node], bool]) -> Iterator[Node]:
        """The nodes of which `node` is written, in their order: those that are `whole`, and those without a part."""
        return (each for each in self.nodes(node, whole) if each.child_count == 0 or whole(each))


def parse(package: str, text: str, *, rewrite: Callable[[str], str] | None = None) -> Tree:
    """The tree of a text by the grammar in `package` (`tree-sitter-ruby`); where something does not parse, that of the
    text as `rewrite` puts it for the grammar, if that does. It leaves every byte that it does not replace in its place.

    Raises `Unreadable` where something does not parse, where it is too large or to find that out would take too long,
    and where the grammar is missing.
    """
    from git_hotfix.symbols import tree

    content = text.encode("utf-8", "surrogateescape")
    if len(content) > SIZE:
        raise Unreadable(f"it is larger than {SIZE // 10**6} MB")
    try:
        root = tree.parse(package, content)
        line = tree.first_error(root)
        rewritten = rewrite(text) if line and rewrite else text
        if rewritten != text:
            root = tree.parse(package, rewritten.encode("utf-8", "surrogateescape"))
    except tree.Unavailable as error:
        raise Unreadable(str(error), error.hint) from error
    except TooCostly:
        raise Unreadable("it is too tangled") from None
    if root.has_error:
        raise unreadable("it does not parse", line or tree.first_error(root))
    return Tree(content, root, rewritten != text)
