"""Where the keys of a TOML document stand, which its parser does not tell."""

from __future__ import annotations

import re

_PART = r"(?:\"[^\"\n]*\"|'[^'\n]*'|[\w-]+)"
_PATH = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = rf"\s*\[\[?[ \t]*({_PATH})[ \t]*\]"
_KEY = rf"\s*({_PATH})[ \t]*="


def lines(text: str) -> dict[tuple[str, ...], int]:
    """Path of a table or a key → 1-based line of its first mention, in a text that parses.

    `[a.b]` and `c.d = 1` below it give (a, b), (a, b, c) and (a, b, c, d). A key within an inline table has no line.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    quotes = ""  # of the string of several lines that is open
    for number, line in enumerate(text.split("\n"), start=1):
        if not quotes:
            if match := re.match(_HEADER, line):
                table = _parts(match.group(1))
                found.setdefault(table, number)
            elif match := re.match(_KEY, line):
                key = table
                for part in _parts(match.group(1)):
                    key = (*key, part)
                    found.setdefault(key, number)
        for mark in (quotes,) if quotes else ('"""', "'''"):
            if line.count(mark) % 2:
                quotes = "" if quotes else mark
                break
    return found


def _parts(path: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, path))
