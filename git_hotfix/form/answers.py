"""One answer of the form: brought to the one spelling that the logbook keeps, or refused with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from git_hotfix.model.actions import is_rule, join_row, split_row
from git_hotfix.model.form import ACTION_KINDS, HORIZONS, Field, Shape
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.words import counted

_DURATION = late_pattern(r"(?:[0-9]{1,9}\s*[dhms]\s*)+")
_BULLET = late_pattern(r"[-*][ \t]+")
_CHOICE = late_pattern(r"([A-Za-z-]+)[ \t]*(?:[:,]|[ \t]-[ \t]|[ \t]|$)[ \t]*(.*)")
_LONGEST = 30_000  # characters; a pull request with all of them has to stay below 65,536
_SHOWN = 40  # characters of what somebody wrote that a refusal repeats
COLUMN_WORDS: Mapping[str, tuple[str, ...]] = {"kind": ACTION_KINDS, "horizon": HORIZONS, "state": ("open", "done")}
"""The words that a column of the actions takes."""


def tidy(text: str) -> str:
    """`text` as the logbook gives it back: line feeds alone, no blanks around it, and nothing on a blank line.

    Raises `ValueError` for what a commit cannot hold.
    """
    if "\0" in text:
        raise ValueError("there is a NUL byte in it")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("it is not UTF-8")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")
    return "\n".join(line if line.strip() else "" for line in lines)


def read_answer(field: Field, text: str) -> str:
    """The answer that `text` is to `field`; "" takes an earlier one back.

    Raises `ValueError` with what is wrong, in words that follow the field's name.
    """
    answer = tidy(text)
    answer = _READERS[field.shape](field, answer) if answer else ""
    limit = field.limit or _LONGEST
    if len(answer) > limit:
        raise ValueError(f"{counted(len(answer), 'character')}, at most {limit}")
    return answer


def _text(field: Field, text: str) -> str:
    return text


def _line(field: Field, text: str) -> str:
    if "\n" in text:
        raise ValueError(f"one line is asked for, and there are {len(text.splitlines())}")
    return text


def _list(field: Field, text: str) -> str:
    """One item a line; bullets are the document's."""
    return "\n".join(filter(None, map(_without_bullets, text.split("\n"))))


def _without_bullets(line: str) -> str:
    line = line.strip()
    while found := _BULLET.match(line):
        line = line[found.end() :]
    return line


def _choice(field: Field, text: str) -> str:
    """`low: reason`; the reason may be left out."""
    found = _CHOICE.match(_line(field, text))
    word, reason = (found[1].lower(), found[2].strip()) if found else ("", "")
    if word not in field.choices:
        raise ValueError(f"{_either(field.choices)} comes first, then a colon and the reason; found {_quote(text)}")
    return f"{word}: {reason}" if reason else word


def _table(field: Field, text: str) -> str:
    """One row a line, its columns between bars; a head and a rule as Markdown has them are left out."""
    rows, found = text.split("\n"), list[str]()
    for number, line in enumerate(rows, start=1):
        columns = split_row(_without_bullets(line))
        if not any(columns) or is_rule(line) or [each.lower() for each in columns] == [*field.columns]:
            continue
        if len(columns) > len(field.columns):
            asked = " | ".join(field.columns)
            raise ValueError(f"row {number} has {len(columns)} columns, at most {len(field.columns)}: {asked}")
        if not columns[0]:
            raise ValueError(f"row {number} does not say {field.columns[0]}")
        named = dict(zip(field.columns, columns, strict=False))
        if why := _why_no_action(named):
            raise ValueError(f"row {number}: {why}")
        found.append(join_row([named[each].lower() if each in COLUMN_WORDS else named[each] for each in named]))
    return "\n".join(found)


def _why_no_action(named: Mapping[str, str]) -> str:
    """What is wrong with a row of the actions; "" for nothing, and for a row of another table."""
    for column, words in COLUMN_WORDS.items():
        if named.get(column) and named[column].lower() not in words:
            return f"{column} is {_either(words)}; found {_quote(named[column])}"
    due = named.get("due", "")
    try:
        return (
            ""
            if not due or date.fromisoformat(due).isoformat() == due
            else f"due is a day such as 2026-12-24; found {_quote(due)}"
        )
    except ValueError:
        return f"due is a day such as 2026-12-24; found {_quote(due)}"


def _duration(field: Field, text: str) -> str:
    words = " ".join(_line(field, text).split())
    if not _DURATION.fullmatch(words):
        raise ValueError(f"a duration such as 30m, 2h or 1d is asked for; found {_quote(text)}")
    return words


def _either(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return f'"{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"}"'


_READERS: Mapping[Shape, Callable[[Field, str], str]] = {
    "text": _text,
    "line": _line,
    "list": _list,
    "choice": _choice,
    "table": _table,
    "duration": _duration,
}
