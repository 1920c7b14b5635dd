"""The tree of a Python file, read once for all gates."""

from __future__ import annotations

import ast

from git_hotfix.languages.registry import SIZE, decode
from git_hotfix.languages.scanning.python_text import parse


def tree_of(content: bytes) -> ast.Module | None:
    """The tree of a file; None where it is above 1 MB, or this interpreter cannot parse it."""
    return None if len(content) > SIZE else parse(decode(content))
