"""The tree of a Python file, read once for all gates."""

from __future__ import annotations

import ast

from git_hotfix.languages.registry import SIZE, decode
from git_hotfix.languages.scanning.python_text import parse
from git_hotfix.model.sides import Sides
from git_hotfix.model.verdict import Finding


def tree_of(content: bytes) -> ast.Module | None:
    """The tree of a file; None where it is above 1 MB, or this interpreter cannot parse it."""
    return None if len(content) > SIZE else parse(decode(content))


def unparsed(each: Sides, asked: str) -> Finding:
    """What to say of a file whose tip has no tree, of which `asked` was to be looked at: only a note where the base has
    none either (Python 2, or a newer Python than this), so that the fix did not hide anything by it."""
    if each.before.strip() and tree_of(each.before) is None:
        return Finding(f"this Python could not parse it before the fix either; {asked}", each.file.path, level="note")
    return Finding(f"this Python cannot parse it; {asked}", each.file.path)
