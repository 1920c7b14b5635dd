"""A third opinion on what is read without a grammar: the grammar of C++, of bash or of Python, where it is installed.

    pip install tree-sitter-cpp tree-sitter-bash

`bench/definitions.py` asks it about every name on which `git_hotfix.symbols` and ctags differ.
"""

from __future__ import annotations

import importlib
from functools import cache
from typing import Any

_PACKAGES = {"c_cpp": "cpp", "shell": "bash", "python": "python"}
_TYPES = frozenset("class_specifier struct_specifier union_specifier enum_specifier type_definition".split())


@cache
def _parser(language: str) -> Any:
    try:
        tree_sitter = importlib.import_module("tree_sitter")
        grammar = importlib.import_module(f"tree_sitter_{_PACKAGES[language]}")
    except (ImportError, KeyError):
        return None
    return tree_sitter.Parser(tree_sitter.Language(grammar.language()))


def knows(language: str) -> bool:
    """True when there is a grammar that the product does not read the language by, and it is installed."""
    return _parser(language) is not None


def marks(language: str, content: bytes) -> set[tuple[str, str, int]]:
    """Every (kind, name, line) of a type or a function, wherever it stands."""
    found: set[tuple[str, str, int]] = set()
    pending = [_parser(language).parse(content).root_node]
    while pending:
        node = pending.pop()
        pending += node.named_children
        kind = _kind(language, node)
        name = (_of_c(node) if language == "c_cpp" else node.child_by_field_name("name")) if kind else None
        if name is not None:
            text = name.text.decode("utf-8", "replace").strip()
            found.add((kind, _plain(text, kind) if language == "c_cpp" else text, name.start_point[0] + 1))
    return found


def _kind(language: str, node: Any) -> str:
    if node.type == "function_definition":
        return "function"
    if language == "c_cpp":
        return "type" if node.type in _TYPES else ""
    return "type" if node.type == "class_definition" else ""


def _plain(text: str, kind: str) -> str:
    """A name of C++ without the names around it, and without a list of types."""
    if text.startswith("operator"):
        return text.partition("(")[0].strip()
    return text.rpartition("::")[2].partition("<")[0] if kind == "type" else text.rpartition("::")[2]


def _of_c(node: Any) -> Any:
    """The name of a function is at the bottom of its declarator. A type without a body is only mentioned, and a typedef
    counts where what it names has no name of its own."""
    if node.type.endswith("_specifier"):
        return node.child_by_field_name("name") if node.child_by_field_name("body") is not None else None
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
