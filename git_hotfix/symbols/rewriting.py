"""What a grammar does not know, written so that it does: each line stays where it is."""

from __future__ import annotations

import re


def pick_one_branch(text: str) -> str:
    """C#: one branch of each `#if` that stands within a statement, and no directives."""
    from git_hotfix.symbols.scanning.preprocessor import resolve_conditionals

    return resolve_conditionals(text)


def replace_empty_tuples(text: str) -> str:
    """Swift: a number for the value `()`; that of a call and that of a type stay."""
    return re.sub(r"(?<![\w>)\]}?!`])(?<!-> )\(\)(?!\s*(?:->|async\b|throws\b))", "0 ", text)


def add_semicolons(text: str) -> str:
    """Kotlin: a semicolon before a brace that closes on the line on which its last member stands."""
    return re.sub(r"(?<=[\w)>?}\"]) \}", ";}", text)
