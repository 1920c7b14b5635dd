"""The names of the nodes that do not hold theirs in the field `name`, and of the values that take the name of what they
are given to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from git_hotfix.symbols.model import Kind

if TYPE_CHECKING:
    from tree_sitter import Node

WIDTH = 200  # characters of a name; only computed ones are longer


class NodeName(NamedTuple):
    """What a node means: a type, a function, or None for what only gives its name to what stands in it; its name; and
    the node on whose line the name stands."""

    kind: Kind | None
    name: str
    at: Node


Naming = Callable[["Node", bytes], "NodeName | None"]


def text_of(node: Node, text: bytes) -> str:
    """What stands at a node, without quotes around it."""
    end = min(node.end_byte, node.start_byte + 4 * WIDTH)
    return " ".join(text[node.start_byte : end].decode("utf-8", "replace").split())[:WIDTH].strip("`'\"")


def by_field(kind: Kind | None, field: str = "name") -> Naming:
    """A node whose name stands in a field."""

    def name_node(node: Node, text: bytes) -> NodeName | None:
        name = node.child_by_field_name(field)
        return NodeName(kind, text_of(name, text), name) if name is not None else None

    return name_node


# --- JavaScript and TypeScript

_FUNCTIONS = ("arrow_function", "function_expression", "generator_function")


def name_of_value(name_field: str, value_field: str) -> Naming:
    """`name = value`, `name: value`: a function or an unnamed class is known by that name, and an object gives it to
    what stands in it."""

    def name_node(node: Node, text: bytes) -> NodeName | None:
        name, value = node.child_by_field_name(name_field), node.child_by_field_name(value_field)
        if name is None or value is None:
            return None
        if name.type == "member_expression":  # module.exports.handler = …
            name = name.child_by_field_name("property") or name
        elif name.type == "subscript_expression":  # handlers[which] = …
            return None
        if value.type in ("as_expression", "satisfies_expression") and value.named_children:
            value = value.named_children[0]
        if value.type in _FUNCTIONS:
            return NodeName("function", text_of(name, text), name)
        if value.type == "class" and value.child_by_field_name("name") is None:
            return NodeName("type", text_of(name, text), name)
        return NodeName(None, text_of(name, text), name) if value.type == "object" else None

    return name_node


def signature(node: Node, text: bytes) -> NodeName | None:
    """A method without a body counts where it stands in an interface or a class, and not in the type of a value."""
    name, parent = node.child_by_field_name("name"), node.parent
    if name is None or parent is None or parent.type not in ("interface_body", "class_body"):
        return None
    return NodeName("function", text_of(name, text), name)


# --- C#


def sharp_method(node: Node, text: bytes) -> NodeName | None:
    """With the interface that it is written for: two of one name may stand side by side."""
    name = node.child_by_field_name("name")
    if name is None:
        return None
    explicit = next((each for each in node.named_children if each.type == "explicit_interface_specifier"), None)
    around = text_of(explicit, text).partition("<")[0].rstrip(".") if explicit is not None else ""
    return NodeName("function", f"{around}.{text_of(name, text)}" if around else text_of(name, text), name)


def destructor(node: Node, text: bytes) -> NodeName | None:
    """`~Name`."""
    name = node.child_by_field_name("name")
    return NodeName("function", f"~{text_of(name, text)}", name) if name is not None else None


def operator(node: Node, text: bytes) -> NodeName | None:
    """`operator +`, `operator string`."""
    at = next((each for each in node.children if each.type == "operator"), None)
    if at is None:
        return None
    head = text[at.end_byte : node.end_byte].partition(b"(")[0]
    return NodeName("function", f"operator {head.decode('utf-8', 'replace').strip()[:WIDTH]}", at)


# --- Kotlin


def companion(node: Node, text: bytes) -> NodeName:
    """A companion object is a type where it has a name of its own, and else only gives one."""
    name = node.child_by_field_name("name")
    return NodeName("type", text_of(name, text), name) if name is not None else NodeName(None, "Companion", node)


def annotation_class(node: Node, text: bytes) -> NodeName | None:
    """`annotation class Name` without a body, which the grammar takes for an expression."""
    words = node.named_children
    if len(words) != 3 or [text_of(each, text) for each in words[:2]] != ["annotation", "class"]:
        return None
    return NodeName("type", text_of(words[2], text), words[2])


# --- Go


def method_with_receiver(node: Node, text: bytes) -> NodeName | None:
    """A method with the type that it belongs to: `func (s *Set[T]) Has(…)` is `Set.Has`."""
    name, receiver = node.child_by_field_name("name"), node.child_by_field_name("receiver")
    if name is None:
        return None
    declared = receiver.named_children[0] if receiver is not None and receiver.named_children else None
    type_ = declared.child_by_field_name("type") if declared is not None else None
    around = text_of(type_, text).lstrip("*").partition("[")[0] if type_ is not None else ""
    return NodeName("function", f"{around}.{text_of(name, text)}" if around else text_of(name, text), name)


# --- Rust


def impl_block(node: Node, text: bytes) -> NodeName | None:
    """`impl<T> Trait for a::Type<T>` gives the name of Type."""
    type_ = below = node.child_by_field_name("type")
    while below is not None:
        type_ = below
        below = type_.child_by_field_name("name") or type_.child_by_field_name("type")
        below = below or type_.child_by_field_name("trait")
    return NodeName(None, text_of(type_, text), type_) if type_ is not None else None


def rust_function(node: Node, text: bytes) -> NodeName | None:
    """`fn r#await()` is `await`."""
    name = node.child_by_field_name("name")
    return NodeName("function", text_of(name, text).removeprefix("r#"), name) if name is not None else None


# --- Ruby


def constant(node: Node, text: bytes) -> NodeName | None:
    """`class A::B` is B."""
    name = node.child_by_field_name("name")
    if name is not None and name.type == "scope_resolution":
        name = name.child_by_field_name("name")
    return NodeName("type", text_of(name, text), name) if name is not None else None


# --- Swift


def swift_type(node: Node, text: bytes) -> NodeName | None:
    """A class, struct, enum or actor; an extension only gives a name."""
    name, kind = node.child_by_field_name("name"), node.child_by_field_name("declaration_kind")
    if name is None:
        return None
    return NodeName(None if kind is not None and kind.type == "extension" else "type", text_of(name, text), name)


def swift_function(node: Node, text: bytes) -> NodeName | None:
    """The name, or the operator, that follows `func`."""
    after = False
    for each in node.children:
        if after:
            return NodeName("function", text_of(each, text), each)
        after = each.type == "func"
    return None


def keyword(word: str) -> Naming:
    """What has a keyword for its name."""

    def name_node(node: Node, text: bytes) -> NodeName | None:
        at = next((each for each in node.children if each.type == word), node)
        return NodeName("function", word, at)

    return name_node


# --- Python


def lambda_(node: Node, text: bytes) -> NodeName | None:
    """A lambda that a name is given is the function of that name."""
    name, value = node.child_by_field_name("left"), node.child_by_field_name("right")
    if name is None or value is None or name.type != "identifier" or value.type != "lambda":
        return None
    return NodeName("function", text_of(name, text), name)
