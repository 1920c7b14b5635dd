"""Manifests that are source text: which bytes are such a text, and how one is refused."""

from __future__ import annotations

import re

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax.lines import Ends, with_line_feeds

SIZE = 300_000  # characters; the largest Gemfile, Package.swift and mix.exs of large applications stay below 50,000
LOCK_SIZE = 5_000_000  # characters; a go.sum of 2,000 modules has 400,000
DEPTH = 100  # brackets or blocks in one another
_NO_TEXT = r"[\x00-\x08\x0e-\x1f\x7f]"
_CONFLICT = r"(?m)^(?:<{7} |>{7} |={7}$|\|{7} )"


def source_text(content: bytes, *, size: int = SIZE, any_bytes: bool = False, ends: Ends = "return") -> str:
    """`content` as text of at most `size` characters, every line end as LF.

    Raises `Unreadable` for what no tool would take for source text: control characters, conflict markers; and
    ValueError for what is not UTF-8. Of a tool that reads on at `any_bytes` such bytes are surrogate escapes.
    """
    errors = "surrogateescape" if any_bytes else "strict"
    text = content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors)
    text = with_line_feeds(text, ends)
    if len(text) > size:
        raise Unreadable(f"it is longer than {size:,} characters")
    found = re.search(_NO_TEXT, text) or re.search(_CONFLICT, text)
    if found:
        what = "a control character" if ord(found.group()[0]) < 32 or found.group() == "\x7f" else "a conflict marker"
        raise Unreadable(f"it has {what} in line {text.count(chr(10), 0, found.start()) + 1}")
    return text


def unreadable(what: str, line: int) -> Unreadable:
    """The refusal that names a line, to be raised."""
    return Unreadable(f"{what} in line {line}")
