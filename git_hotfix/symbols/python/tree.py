"""The tree of a Python file, read once for all gates."""

from __future__ import annotations

import ast
import warnings
from functools import lru_cache

from git_hotfix.model.sides import Sides
from git_hotfix.model.verdict import Finding
from git_hotfix.symbols.read import SIZE, decode


@lru_cache(maxsize=256)
def parse(text: str) -> ast.Module | None:
    """The tree of `text`, or None where this interpreter cannot parse it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in somebody's file is not ours to tell
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def statements(node: ast.AST) -> list[ast.AST]:
    """The statements that stand directly in `node`, and what holds some (handlers, cases). Nothing that gates ask for
    stands in an expression, and these are nine parts in ten of a tree."""
    return [each for field in ("body", "handlers", "cases", "orelse", "finalbody") for each in getattr(node, field, ())]


def tree_of(content: bytes) -> ast.Module | None:
    """The tree of a file; None where it is above 1 MB, or this interpreter cannot parse it."""
    return None if len(content) > SIZE else parse(decode(content))


def unparsed(each: Sides, asked: str) -> Finding:
    """What to say of a file whose tip has no tree, of which `asked` was to be looked at: only a note where the base has
    none either (Python 2, or a newer Python than this), so that the fix did not hide anything by it."""
    if each.before.strip() and tree_of(each.before) is None:
        return Finding(f"this Python could not parse it before the fix either; {asked}", each.file.path, level="note")
    return Finding(f"this Python cannot parse it; {asked}", each.file.path)
