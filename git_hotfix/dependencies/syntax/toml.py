"""TOML of unknown origin: read with bounds on what makes a parser slow."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.model.late_pattern import late_pattern

SIZE = 1_000_000  # bytes
LINE = 20_000  # characters
DOTS = 64  # in one key; a dotted key takes the parser quadratic time
_NO_KEY = late_pattern(r"[^\w.\"'\s-]")


def load(content: bytes, *, size: int = SIZE) -> tuple[str, dict[str, Any]]:
    """Text and tables of a TOML document of at most `size` bytes. Raises `Unreadable`, ValueError (its message names
    line and column), or RecursionError."""
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8")  # strict: TOML is UTF-8 by definition
    if len(text) > size:
        raise Unreadable(f"it is larger than {size // 1_000_000} MB")
    for line in text.split("\n"):
        if len(line) > LINE:
            raise Unreadable(f"it has a line of more than {LINE} characters")
        if line.count(".") > DOTS and any(part.count(".") > DOTS for part in _NO_KEY.split(line)):
            raise Unreadable(f"it has a key of more than {DOTS} parts")
    # tomli is the same parser for Python 3.10.
    parser = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    document: dict[str, Any] = parser.loads(text)
    return text, document
