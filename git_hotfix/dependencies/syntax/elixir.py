"""Elixir as a tree: what the expressions of a mix.exs or a mix.lock stand for. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from git_hotfix.dependencies.syntax import grammar
from git_hotfix.dependencies.syntax.plain import unreadable

if TYPE_CHECKING:
    from git_hotfix.dependencies.syntax.grammar import Tree
    from git_hotfix.symbols.tree import Node

# To the grammar a name where one stands alone; to Elixir the end of a block that nothing began, or the like.
_RESERVED = frozenset({"do", "end", "fn", "else", "rescue", "catch", "after"})
_TAG = r"<%=?(.*?)%>"
LISTS = 5  # in one another; a value that is nested more deeply counts as computed
# Nodes that are one word each, whatever is in them.
_WORDS = frozenset({"string", "charlist", "sigil", "quoted_atom", "quoted_keyword", "char"})
_CONSTANTS = frozenset({"integer", "float", "char", "boolean", "nil"})


def parse(text: str) -> Tree:
    """The tree of an Elixir text, or of a template of one (EEx), in which `<%= value %>` is a name. Raises `Unreadable`
    as `grammar.parse` does."""
    return grammar.parse("tree-sitter-elixir", text, rewrite=_fill_template)


def _fill_template(text: str) -> str:
    def fill(tag: re.Match[str]) -> str:
        if _is_value(tag):
            return "e" * len(tag[0].encode())
        return "".join(each if each == "\n" else " " * len(each.encode()) for each in tag[0])

    return re.compile(_TAG, re.DOTALL).sub(fill, text)


def conditions(tree: Tree) -> list[str]:
    """The tags of a template that stand for nothing: what they decide is not in its tree."""
    tags = re.compile(_TAG, re.DOTALL).finditer(tree.content.decode("utf-8")) if tree.rewritten else ()
    return [" ".join(tag[0].split()) for tag in tags if not _is_value(tag)]


def _is_value(tag: re.Match[str]) -> bool:
    """True for `<%= value %>`, False for `<%= if value do %>`, `<% end %>` and their like."""
    return tag[0].startswith("<%=") and "\n" not in tag[0] and not tag[1].rstrip().endswith((" do", "->"))


def nodes(tree: Tree, node: Node) -> Iterator[Node]:
    """A node and all in it, as `Tree.nodes`. Raises `Unreadable` for what the grammar takes and Elixir does not."""
    for each in tree.nodes(node, is_word):
        name = tree.text(each) if each.type == "identifier" else ""
        if name in _RESERVED and not (each.parent and each.parent.type == "dot"):
            raise unreadable(f"{name} closes nothing", each.start_point.row + 1)
        yield each


def is_word(node: Node) -> bool:
    """True for a node that is written as one word: a string, a name, an attribute, a sign."""
    return node.type in _WORDS or node.child_count == 0 or attribute(node) is not None


def attribute(node: Node) -> Node | None:
    """The name in `@name`."""
    if node.type != "unary_operator" or node.children[0].type != "@":
        return None
    operand = node.child_by_field_name("operand")
    return operand if operand is not None and operand.type == "identifier" else None


def named(tree: Tree, node: Node) -> tuple[str, Node] | None:
    """The name and the value of `def name do … end`, `def name(…), do: …` and `@name …`."""
    call = node.child_by_field_name("operand") if node.type == "unary_operator" else node
    if call is None or call.type != "call" or call.child_count < 2 or call.children[0].type != "identifier":
        return None
    if call is not node:
        return (f"@{tree.text(call.children[0])}", call.children[1]) if node.children[0].type == "@" else None
    arguments = items(call.children[1])
    if tree.text(call.children[0]) not in ("def", "defp") or not arguments:
        return None
    head, block = arguments[0], call.children[-1]
    while head.type in ("binary_operator", "call"):  # name(…) when …
        head = head.children[0]
    if head.type != "identifier":
        return None
    if block.type == "do_block":
        return tree.text(head), block
    values = pairs(tree, arguments[-1]) if arguments[-1].type == "keywords" else ()
    return next(((tree.text(head), value) for name, _, value in values if name == "do"), None)


def words(tree: Tree, node: Node) -> str:
    """How an expression is written, with one space between two words."""
    return " ".join(tree.text(each).strip() for each in tree.pieces(node, is_word))


def literal(tree: Tree, node: Node | None) -> str | None:
    """What a string, an atom or a key stands for; None for one with code in it, and for anything else."""
    if node is None:
        return None
    if node.type in ("atom", "keyword"):
        return tree.text(node).strip().strip(":")
    return tree.string(node) if node.type in ("string", "charlist", "quoted_atom", "quoted_keyword") else None


def pairs(tree: Tree, keywords: Node) -> Iterator[tuple[str, Node, Node]]:
    """Name, key and value of `name: value, …`; keys with code in them are left out."""
    for pair in keywords.named_children:
        key, value = pair.child_by_field_name("key"), pair.child_by_field_name("value")
        name = literal(tree, key)
        if name is not None and key is not None and value is not None:
            yield name, key, value


def items(node: Node) -> list[Node]:
    """What stands in a list, a tuple or the arguments of a call, comments left out."""
    return [each for each in node.named_children if each.type != "comment"]


def value(tree: Tree, node: Node, lists: int = 0) -> Any:
    """What an expression stands for: a string (an atom too), a list of values, a dictionary for a list of keys, or
    `Expression`."""
    text = literal(tree, node)
    if text is not None:
        return text
    if node.type in _CONSTANTS:
        return tree.text(node)
    if node.type == "list" and lists < LISTS:
        inside = items(node)
        if len(inside) == 1 and inside[0].type == "keywords":
            return {name: value(tree, each, lists + 1) for name, _, each in pairs(tree, inside[0])}
        return [value(tree, each, lists + 1) for each in inside]
    return grammar.Expression(words(tree, node))


def find_computed(value: Any) -> Iterator[str]:
    """The source texts of what is computed in a value."""
    if isinstance(value, grammar.Expression):
        yield str(value)
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from find_computed(each)
