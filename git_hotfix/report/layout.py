"""Lines for people: pieces with a style, measured in columns of a terminal, folded where a terminal ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

Line = tuple[tuple[str, str], ...]
"""Pieces of a line from left to right, each with its style: the word for a state, "dim", or "" for none."""

_COMMAND = r": (?=git )"  # what follows is a command up to the end of the line, to be copied in one piece


def plain(line: Line) -> str:
    """A line without its styles."""
    return "".join(piece for piece, _ in line)


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes: two for a wide letter, none for one that is put on another."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def cut(text: str, limit: int) -> str:
    """`text` in at most `limit` columns, ending in … where something is left out."""
    if columns(text) <= limit:
        return text
    taken, room = 0, limit - 1
    for letter in text:
        room -= _width(letter)
        if room < 0:
            break
        taken += 1
    return text[:taken].rstrip() + "…"


def pad(text: str, width: int) -> str:
    """`text` with blanks up to `width` columns."""
    return text + " " * (width - columns(text))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Line]:
    """Aligned columns, two blanks apart; the last one names a state and is styled by it."""
    widths = [max(columns(row[n]) for row in [head, *rows]) for n in range(len(head))]
    found: list[Line] = []
    for row in [head, *rows]:
        start = "".join(pad(cell, width) + "  " for cell, width in zip(row[:-1], widths, strict=False))
        found.append(((start, ""), (row[-1], row[-1])) if found else ((start + row[-1], "dim"),))
    return found


def fold(text: str, width: int | None, *, lead: int, indent: int) -> list[str]:
    """`text` in lines of at most `width` columns (None: in one). The first line has `lead` columns taken already, the
    others begin with `indent` blanks. A word, and a command at the end, stays in one piece however long it is; none
    that a runner of GitHub would obey at the begin of a line (`::`) comes to stand there."""
    if width is None or lead + columns(text) <= width:
        return [text]
    prose, *command = re.split(_COMMAND, text, maxsplit=1)
    words = [*((prose + ":" if command else prose).split(" ")), *command]
    lines, room, row = [], width - lead, ""
    for word in words:
        needed = columns(word) + (1 if row else 0)
        if needed > room and (row or lead > indent) and _may_begin(word):
            lines.append(row)
            row, room, needed = "", width - indent, columns(word)
        row += (" " if row else "") + word
        room -= needed
    return [line if n == 0 else " " * indent + line for n, line in enumerate([*lines, row])]


def _may_begin(word: str) -> bool:
    return bool(word.strip()) and not word.lstrip().startswith("::")
