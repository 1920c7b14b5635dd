"""A line of the template that people changed: which of its values are theirs, and what it says with the others new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.documents.matching import spans_of
from git_hotfix.documents.rendering import Part
from git_hotfix.documents.units import Unit, canonical, cells
from git_hotfix.model.frozen import frozen


@frozen
class ChangedLine:
    """What a line says with the new values, and the values that people keep from getting there."""

    text: str
    theirs: tuple[Part, ...]


def read_changed(
    line: str, unit: Unit, forms: Sequence[Unit], values: Mapping[str, frozenset[str]]
) -> ChangedLine | None:
    """`line` with the values of `unit` where they are the tool's, which are those among `values`. `forms` is the unit
    as earlier renderings have it. None where nothing tells which value stands where.
    """
    if len(unit.lines) != 1:
        return None
    if unit.form[0].startswith("|"):
        return _changed_row(line, unit, forms)
    for form in forms:
        spans = spans_of(form.words, canonical(line)) if len(form.form) == 1 else None
        if spans is not None and form.ids == unit.ids:
            return _changed_values(line, unit, spans, values, reworded=form.words != unit.words)
    return None


def _changed_values(
    line: str, unit: Unit, spans: Sequence[tuple[int, int]], values: Mapping[str, frozenset[str]], *, reworded: bool
) -> ChangedLine:
    """The line with the words around its values as people left them, or as they are now where they are `reworded`."""
    texts: dict[str, str] = {}
    theirs, pieces, done = list[Part](), list[str](), 0
    for part, (start, end) in zip(unit.values, spans, strict=True):
        assert part.id is not None
        now = line[start:end]
        is_theirs = now.strip() not in {text.strip() for text in values[part.id]}
        texts[part.id] = now if is_theirs else part.text
        theirs += [part] if is_theirs else []
        pieces += [line[done:start], texts[part.id]]
        done = end
    text = "".join([*pieces, line[done:]])
    if reworded:
        text = "".join(texts.get(part.id or "", part.text) for part in unit.parts)
    return ChangedLine(text, tuple(theirs))


def _changed_row(line: str, unit: Unit, forms: Sequence[Unit]) -> ChangedLine | None:
    now, new = cells(line.strip()), cells(unit.lines[0].strip())
    columns = _parts_of_columns(unit)
    if len(now) != len(new) or len(columns) != len(new):
        return None
    known = [cells(form.form[0]) for form in forms]
    text, theirs = list(new), list[Part]()
    for column, cell in enumerate(now):
        if cell.strip() not in {row[column] for row in known if len(row) == len(now)}:
            text[column] = cell
            theirs += columns[column]
    return ChangedLine("|".join(text), tuple(theirs))


def _parts_of_columns(unit: Unit) -> list[list[Part]]:
    """The values in each column of a row."""
    columns: list[list[Part]] = [[]]
    for part in unit.parts:
        if part.id is None:
            columns += [[] for _ in cells(part.text)[1:]]
        else:
            columns[-1].append(part)
            columns += [[] for _ in cells(part.text)[1:]]
    return columns
