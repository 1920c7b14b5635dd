"""HCL, the language of Terraform, as far as it can be read without running it: blocks, attributes, literal strings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from git_hotfix.dependencies.registry import Unreadable, decode
from git_hotfix.dependencies.syntax.grammar import Tree, parse
from git_hotfix.dependencies.syntax.plain import unreadable

if TYPE_CHECKING:
    from git_hotfix.symbols.tree import Node

_LITERALS = frozenset(("literal_value", "template_expr", "collection_value", "variable_expr"))
_KEYS = frozenset(("identifier", "string_lit", "bool_lit", "null_lit"))
_ESCAPE = r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))"
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Value(NamedTuple):
    """What stands behind an `=`: a literal string, or a table of literal keys, or neither; and its 1-based line. A
    string with a template in it is `dynamic`, and its text is as it is written."""

    text: str | None
    line: int
    table: Mapping[str, Value] | None = None
    dynamic: bool = False


class Block(NamedTuple):
    """`kind "label" { … }`."""

    kind: str
    labels: tuple[str, ...]
    line: int
    attributes: Mapping[str, Value]
    blocks: tuple[Block, ...]


def load(content: bytes) -> Block:
    """The file as one block without a name. Raises `Unreadable` for what does not parse."""
    text = decode(content)
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    tree = parse("tree-sitter-hcl", text)
    _refuse_line_ends_in_strings(tree.root)
    if any(each.type == "object" for each in tree.root.children):
        raise Unreadable("it is JSON, which is read by another name (x.tf.json)")
    return Block("", (), 1, *_body(tree, tree.root))


def _refuse_line_ends_in_strings(root: Node) -> None:
    """HCL has none, and the grammar takes them: it reads on to the next quote where one was forgotten."""
    pending = [root]
    while pending:
        node = pending.pop()
        quoted = node.type in ("string_lit", "quoted_template")
        for child in node.named_children:
            if child.start_point.row != child.end_point.row:
                if quoted and child.type == "template_literal":
                    raise unreadable("a string has no end", _line(child))
                pending.append(child)


def _body(tree: Tree, holder: Node) -> tuple[Mapping[str, Value], tuple[Block, ...]]:
    """Attributes and blocks of a file or a block. Line ends, which HCL wants between them and in no block's head, are
    white space to the grammar."""
    attributes: dict[str, Value] = {}
    blocks: list[Block] = []
    row = -1
    for item in _items(holder):
        name, *others = (each for each in item.named_children if each.type != "comment")
        word = tree.text(name)
        if item.start_point.row == row:
            raise unreadable(f"{word[:40]!r} stands behind something else", _line(item))
        row = item.end_point.row
        if item.type == "attribute":
            if word in attributes:
                raise unreadable(f"{word[:40]!r} is set twice", _line(item))
            attributes[word] = _value(tree, others[0])
            continue
        labels = [each for each in others if each.type in ("identifier", "string_lit")]
        if others[len(labels)].start_point.row != name.start_point.row:
            raise unreadable(f"{word[:40]!r} begins neither a block nor an attribute", _line(item))
        blocks.append(Block(word, tuple(_unquote(tree.text(each)) for each in labels), _line(item), *_body(tree, item)))
    return attributes, tuple(blocks)


def _items(holder: Node) -> Iterator[Node]:
    for body in holder.named_children:
        if body.type == "body":
            yield from (each for each in body.named_children if each.type != "comment")


def _value(tree: Tree, expression: Node) -> Value:
    inner = _literal(expression)
    line = _line(expression)
    if inner and inner.type in ("string_lit", "quoted_template"):
        return Value(_unquote(tree.text(inner)), line, dynamic=inner.type == "quoted_template")
    table = _table(tree, inner) if inner and inner.type == "object" else None
    return Value(None, line, table, dynamic=table is None)


def _literal(expression: Node) -> Node | None:
    """The string, the object, the name or the number that is all of an expression; None where there is more."""
    nodes = [each for each in expression.named_children if each.type != "comment"]
    return nodes[0].named_child(0) if len(nodes) == 1 and nodes[0].type in _LITERALS else None


def _table(tree: Tree, node: Node) -> Mapping[str, Value] | None:
    """`{ key = value, … }`; None for a key that is computed."""
    table: dict[str, Value] = {}
    for element in node.named_children:
        key, value = element.child_by_field_name("key"), element.child_by_field_name("val")
        if key and value:
            word = _literal(key)
            if word is None or word.type not in _KEYS:
                return None
            table[_unquote(tree.text(word))] = _value(tree, value)
    return table


def _line(node: Node) -> int:
    return int(node.start_point.row) + 1


def _unquote(text: str) -> str:
    """What a name or a string stands for."""
    text = text[1:-1] if text.startswith('"') else text
    return re.sub(_ESCAPE, _character, text, flags=re.DOTALL) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    if match.group(3):
        return _ESCAPES.get(match.group(3), match.group(3))
    number = int(match.group(1) or match.group(2), 16)
    return "\ufffd" if 0xD800 <= number < 0xE000 or number > 0x10FFFF else chr(number)
