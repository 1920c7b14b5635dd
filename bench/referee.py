"""A third opinion on what a file defines: the tree-sitter grammar of its language, where that is installed.

    pip install tree-sitter tree-sitter-java tree-sitter-kotlin …

`bench/definitions.py` asks it about every name on which `git_hotfix.languages` and ctags differ, and about Scala and
Swift, which ctags does not know. It is not part of the product: grammars are compiled code, one package a language.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

_PACKAGES = {
    "c_cpp": "cpp", "csharp": "c_sharp", "go": "go", "java": "java", "javascript": "javascript", "kotlin": "kotlin",
    "php": "php", "ruby": "ruby", "rust": "rust", "scala": "scala", "shell": "bash", "swift": "swift",
    "typescript": "typescript", "python": "python",
}  # fmt: skip
_TYPES = frozenset(
    "class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration "
    "struct_declaration class_definition trait_definition object_definition enum_definition object_declaration "
    "protocol_declaration class_specifier struct_specifier union_specifier enum_specifier struct_item enum_item "
    "union_item trait_item trait_declaration class module abstract_class_declaration type_spec package_object".split()
)
_FUNCTIONS = frozenset(
    "method_declaration constructor_declaration compact_constructor_declaration destructor_declaration "
    "operator_declaration conversion_operator_declaration function_declaration function_definition function_item "
    "function_signature_item method method_definition singleton_method generator_function_declaration "
    "protocol_function_declaration init_declaration subscript_declaration function_expression generator_function "
    "method_signature abstract_method_signature function_signature local_function_statement function".split()
)
_VALUES = frozenset(["arrow_function", "function_expression", "generator_function", "function"])
_BODIES = ("body", "enum_body", "class_body")


@cache
def _parser(language: str, path_is_tsx: bool) -> Any:
    try:
        tree_sitter = importlib.import_module("tree_sitter")
        grammar = importlib.import_module(f"tree_sitter_{_PACKAGES[language]}")
    except ImportError:
        return None
    names = {"typescript": "language_tsx" if path_is_tsx else "language_typescript", "php": "language_php"}
    return tree_sitter.Parser(tree_sitter.Language(getattr(grammar, names.get(language, "language"))()))


def knows(language: str) -> bool:
    """True when the grammar of a language is installed."""
    return _parser(language, False) is not None


def marks(language: str, path: str, content: bytes) -> set[tuple[str, str, int]]:
    """Every (kind, name, line) of a type or a function, wherever it stands."""
    parser = _parser(language, path.endswith((".tsx", ".jsx")))
    tree = parser.parse(content)
    found: set[tuple[str, str, int]] = set()
    pending = [tree.root_node]
    while pending:
        node = pending.pop()
        pending += node.named_children
        kind = "type" if node.type in _TYPES else "function" if node.type in _FUNCTIONS else ""
        name = node.child_by_field_name("name")
        if node.type in ("pair", "variable_declarator", "public_field_definition", "field_definition"):
            value = node.child_by_field_name("value")
            if value is None or value.type not in (*_VALUES, "class") or _names_itself(value):
                continue
            name = node.child_by_field_name("key") or name or node.child_by_field_name("property")
            kind = "type" if value.type == "class" else "function"
        elif node.type == "assignment_expression":
            right, left = node.child_by_field_name("right"), node.child_by_field_name("left")
            if right is None or left is None or right.type not in (*_VALUES, "class") or _names_itself(right):
                continue
            name, kind = left.child_by_field_name("property") or left, "type" if right.type == "class" else "function"
        if node.type == "type_definition" and language == "c_cpp":
            kind = "type"
        if not kind or any(each.type in ("extension", "deinit") for each in node.children):
            continue
        if language == "c_cpp":
            name = _of_c(node, name)
        if language == "swift" and node.type in ("init_declaration", "subscript_declaration"):
            word = next((each for each in node.children if each.type in ("init", "subscript")), node)
            found.add((kind, node.type.partition("_")[0], word.start_point[0] + 1))
            continue
        if node.type in ("operator_declaration", "conversion_operator_declaration"):
            name = next((each for each in node.children if each.type == "operator"), None)
        if name is None:
            name = next((each for each in node.children if "identifier" in each.type), None)
        if name is not None:
            text = name.text.decode("utf-8", "replace").strip("`'\"").removeprefix("r#")
            if node.type in ("operator_declaration", "conversion_operator_declaration"):
                text = node.text.decode("utf-8", "replace").partition("operator")[2].partition("(")[0].strip()
                text = f"operator {text}"
            if language == "c_cpp":
                cast = text.startswith("operator")
                text = text.partition("(")[0].strip() if cast else text.rpartition("::")[2]
                text = text.partition("<")[0] if kind == "type" else text
            found.add((kind, text, name.start_point[0] + 1))
    return found


def _names_itself(value: Any) -> bool:
    """`x = class Name {…}` is known by its own name; a function is looked for by both."""
    return bool(value.type == "class" and value.child_by_field_name("name") is not None)


def _of_c(node: Any, name: Any) -> Any:
    """The name of a C or C++ function is at the bottom of its declarator; a type without a body is a mention."""
    if node.type.endswith("_specifier"):
        return name if node.child_by_field_name("body") is not None else None
    if node.type == "type_definition":
        type_ = node.child_by_field_name("type")
        unnamed = type_ is not None and type_.type.endswith("_specifier") and type_.child_by_field_name("name") is None
        return node.child_by_field_name("declarator") if unnamed else None
    while node is not None and node.type != "operator_cast":
        below = node.child_by_field_name("declarator")
        if below is None:
            below = next((each for each in node.named_children if each.type.endswith("_declarator")), None)
        if below is None:
            return node.child_by_field_name("name") if "::" in node.text.decode("utf-8", "replace") else node
        node = below
    return node
