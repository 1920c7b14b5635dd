"""Follow-ups of a hotfix: rows of a table that people write one a line, with `|` between the columns."""

from __future__ import annotations

import re

from git_hotfix.model.form import ACTION_COLUMNS
from git_hotfix.model.frozen import frozen

_BETWEEN = re.compile(r"(?<!\\)\|")
_RULE = re.compile(r"[|\s:-]*-{3}[|\s:-]*")


@frozen
class Action:
    """Something to be done later: what, of which kind and horizon, by whom, until when (a date), its ticket and whether
    it is done. What is not known is empty."""

    what: str
    kind: str = ""
    horizon: str = ""
    owner: str = ""
    due: str = ""
    ticket: str = ""
    state: str = ""

    @property
    def done(self) -> bool:
        """True where somebody said so."""
        return self.state.lower() in ("done", "x", "closed")

    @property
    def owned(self) -> bool:
        """True where it has an owner and a due date."""
        return bool(self.owner and self.due)


def split_row(line: str) -> list[str]:
    r"""The columns of a row; `\|` is a bar within one. Bars around a row, as in Markdown, are none of it."""
    parts = _BETWEEN.split(line.strip()) if line.strip() else []
    if len(parts) > 2 and not parts[0].strip() and not parts[-1].strip():
        parts = parts[1:-1]
    return [part.strip().replace("\\|", "|") for part in parts]


def is_rule(line: str) -> bool:
    """True for the line below the head of a Markdown table."""
    return "|" in line and _RULE.fullmatch(line) is not None


def join_row(columns: list[str]) -> str:
    """A row of `columns`, without the empty ones at its end; `split_row` reads it back."""
    while columns and not columns[-1]:
        columns = columns[:-1]
    return " | ".join(column.replace("|", "\\|") for column in columns)


def read_actions(value: str) -> tuple[Action, ...]:
    """The actions of an answer, one a line; columns beyond the last are part of it."""
    last = len(ACTION_COLUMNS)
    found = []
    for line in value.splitlines():
        row = split_row(line.strip().removeprefix("- "))
        if any(row):
            row = [*row[: last - 1], *([" | ".join(row[last - 1 :])] if len(row) >= last else [])]
            found.append(Action(**dict(zip(ACTION_COLUMNS, row, strict=False))))
    return tuple(found)
