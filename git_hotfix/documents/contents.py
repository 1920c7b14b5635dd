"""What a document is made of: everything that a template can ask for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from git_hotfix.model.boxes import State
from git_hotfix.model.frozen import frozen


@frozen
class BoxLine:
    """A box as a document shows it. `note` is how it was proved, or why it does not apply."""

    state: State
    text: str
    note: str = ""


@frozen
class Row:
    """A line of a list or table. `key` names it for as long as it is the same line (an entry, a path, a ticket), so
    that a new line before it changes no other."""

    key: str
    cells: Mapping[str, str]


@frozen
class Rows:
    """A list or table: its columns, and its lines in order. `said`: people wrote the texts."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...] = ()
    said: bool = False


@frozen
class Contents:
    """Everything a template can ask for, by id; an empty text is one that nobody gave. An id that is not here is a
    mistake of the template that asks for it."""

    fields: Mapping[str, str]
    facts: Mapping[str, str]
    boxes: Mapping[str, BoxLine]
    lists: Mapping[str, Rows]


def item_rows(lines: Sequence[str], *, said: bool = False) -> Rows:
    """A list of one column, `text`, whose lines are known by their first words."""
    seen: dict[str, int] = {}
    rows = []
    for line in lines:
        words = "-".join(re.findall(r"\w+", line.lower()))[:40] or "line"
        seen[words] = seen.get(words, 0) + 1
        rows.append(Row(f"{words}.{seen[words]}" if seen[words] > 1 else words, {"text": line}))
    return Rows(("text",), tuple(rows), said)
