"""Python, by its own parser; by patterns where the file is newer syntax than the interpreter, or does not parse."""

from __future__ import annotations

from git_hotfix.languages.registry import Outline


def outline(text: str) -> Outline:
    """Every class and function, nested ones too."""
    from git_hotfix.languages.scanning.python_text import definitions_by_ast, definitions_by_indent, parse

    tree = parse(text)
    if tree is not None:
        return Outline("python", definitions_by_ast(tree))
    note = "this Python cannot parse it, its definitions were read by patterns"
    return Outline("python", definitions_by_indent(text), note)
