"""The text of the form: what an editor is opened on, and what people made of it.

A line such as `== impact ==` begins the answer to one field, and lines below it that begin with `=:` explain. All the
rest is people's: a `#` begins a heading of theirs, as in Markdown. Of their own lines those that look like one of the
form's have a backslash before them, so whatever they write comes back.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence

from git_hotfix.form.answers import COLUMN_WORDS
from git_hotfix.model.form import BY_ID, Field, Step
from git_hotfix.model.frozen import frozen
from git_hotfix.model.late_pattern import late_pattern

EXPLAINS = "=:"
_HEADING = late_pattern(r"== ([a-z][a-z0-9-]*) ==[ \t]*")
_LIKE_OURS = late_pattern(r"\\*(?:=:|== [a-z][a-z0-9-]* ==[ \t]*$)")
_SHAPES = {
    "text": "text",
    "line": "one line",
    "list": "one item a line",
    "choice": "one of these words, then a colon and the reason: ",
    "table": "one row a line: ",
    "duration": "a duration",
}


@frozen
class Question:
    """One field as the form asks it: what stands there, from which fact that is proposed ("" for an answer), and the
    steps that need an answer."""

    field: Field
    value: str = ""
    proposed: str = ""
    required: tuple[Step, ...] = ()


@frozen
class Part:
    """What people wrote below one heading, and the line of that heading (1-based)."""

    value: str
    line: int


class FormUnreadable(ValueError):
    """A form that cannot be read; `lines` say what is wrong, a line each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("; ".join(lines))
        self.lines = tuple(lines)


def print_form(title: str, questions: Sequence[Question], *, hint: str = "") -> str:
    """The form under `title`, a line that says which hotfix it is, with one line more where there is a `hint`;
    `parse_form` reads it."""
    head = [
        title,
        'Write below a line such as "== impact =="; what you write is yours, lines that begin with # too.',
        'A line of your own that begins with "=:", or looks like "== impact ==", needs a backslash before it.',
        "An answer that you empty is taken back; a part that you delete stays as it is.",
    ]
    if any(question.proposed for question in questions):
        head.append(
            "What is proposed counts as your answer when you save the form with it. To leave it open, empty it."
        )
    head += ["A form that you do not save changes nothing.", *([hint] if hint else [])]
    blocks = ["\n".join(f"{EXPLAINS} {line}" for line in head)]
    for question in questions:
        lines = [f"== {question.field.id} ==", *(f"{EXPLAINS} {line}" for line in explain(question)), ""]
        blocks.append("\n".join(lines + [_protect(line) for line in question.value.split("\n")]))
    return "\n\n".join(blocks) + "\n"


def explain(question: Question) -> list[str]:
    """What the form says of one field: the question, the shape of its answer, and who needs it."""
    field = question.field
    shape = _SHAPES[field.shape] + (", ".join(field.choices) or " | ".join(field.columns))
    limit = f", at most {field.limit} characters" if field.limit else ""
    lines = [f"{field.question} ({shape}{limit})" if field.choices or limit else field.question]
    for column in field.columns if field.id == "actions" else ():
        if words := COLUMN_WORDS.get(column):
            lines.append(f"{column}: {', '.join(words[:-1])} or {words[-1]}")
    if field.id == "actions":
        lines.append("due: a day such as 2026-12-24; what is not known yet stays empty")
    if question.required:
        lines.append(f"Required for {' and '.join(question.required)}.")
    if question.proposed:
        lines.append(f"Proposed from {question.proposed}.")
    return lines


def parse_form(text: str, asked: Collection[str] | None = None) -> Mapping[str, Part]:
    """Field → what people wrote for it. `asked` are the fields that the form had, None for any.

    Raises `FormUnreadable` for a text that stands above the first field, a field that does not exist or was not asked,
    one that stands twice, and one whose heading was deleted: somebody's words would be lost, or be another's answer.
    """
    found: dict[str, list[str]] = {}
    places: dict[str, int] = {}
    wrong, lines, explaining = list[str](), list[str](), True
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        heading = _HEADING.fullmatch(line)
        if heading:
            id, lines, explaining = heading[1], [], True
            if id in places:
                wrong.append(f"line {number}: {id} stands in line {places[id]} already{_YOURS}")
            elif id not in BY_ID:
                wrong.append(f"line {number}: there is no field {id}{nearest(id)}{_YOURS}")
            elif asked is not None and id not in asked:
                wrong.append(f"line {number}: {id} was not asked in this form{_YOURS}")
            else:
                found[id], places[id] = lines, number
        elif explaining and line.startswith(EXPLAINS):
            continue
        elif not places and not wrong:
            if line.strip():
                wrong.append(f'line {number} stands above the first line such as "== impact ==": {line.strip()[:40]}')
        elif line.startswith(EXPLAINS):
            wrong.append(f"line {number} explains a field whose heading is gone{_YOURS}")
        else:
            explaining = False
            lines.append(line[1:] if line.startswith("\\") and _LIKE_OURS.match(line) else line)
    if wrong:
        raise FormUnreadable(wrong)
    return {id: Part("\n".join(each).strip("\n"), places[id]) for id, each in found.items()}


_YOURS = "; a line of your own that looks like this needs a backslash before it"


def _protect(line: str) -> str:
    return f"\\{line}" if _LIKE_OURS.match(line) else line


def nearest(id: str) -> str:
    """The field that somebody meant who wrote `id`, as the end of a refusal; "" where none is near."""
    near = difflib.get_close_matches(id.lower().replace("_", "-"), BY_ID, n=1)
    return f"; did you mean {near[0]}?" if near else ""
