"""What a template holds while it is filled in: marks instead of texts, and what it may ask of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from git_hotfix.documents.contents import Contents, Row, Rows
from git_hotfix.documents.places import Value, mark
from git_hotfix.documents.template_syntax import TemplateMistake
from git_hotfix.model.command_line import command_line

TICK = "tick"
"""The column of a list whose lines have a box: `- [{{ row("tick") }}] {{ row("text") }}`; empty while it is open."""
_NOT_KNOWN = "*not known yet*"


class TemplateValues:
    """The functions of one template and, in `values`, what it asked for. `step` is called for each value and for each
    line of a list, and may raise."""

    def __init__(self, contents: Contents, step: Callable[[], None]) -> None:
        self._contents, self._step = contents, step
        self.values: list[Value] = []
        self.functions = {
            "field": self._field, "fact": self._fact, "box": self._box, "items": self._items, "rows": self._rows
        }  # fmt: skip

    def show(self, value: Value) -> _Shown:
        """`value` as the template may write it."""
        self._step()
        self.values.append(value)
        return _Shown(value.text, mark(len(self.values) - 1))

    def _field(self, id: str, gap: str = "") -> _Shown:
        words = gap or f"*not answered yet:* `{command_line('edit', id)}`"
        return self.show(Value(id, self._contents.fields[id].strip(), words, said=True))

    def _fact(self, id: str, gap: str = "") -> _Shown:
        return self.show(Value(id, self._contents.facts[id].strip(), gap or _NOT_KNOWN))

    def _box(self, id: str) -> str:
        box = self._contents.boxes[id]
        tick = Value(f"{id}#tick", " " if box.state == "open" else "x", shape="tick")
        text = Value(f"{id}#text", box.text, shape="not-applicable" if box.state == "na" else "text", note=box.note)
        return f"[{self.show(tick)}] {self.show(text)}"

    def _items(self, id: str) -> _Lines:
        wanted = self._contents.lists[id]
        column = wanted.columns[0]

        def item(row: Row) -> _Shown:
            return self.show(Value(f"{id}/{row.key}", row.cells.get(column, "").strip(), said=wanted.said))

        return _Lines(wanted, item)

    def _rows(self, id: str) -> _Lines:
        wanted = self._contents.lists[id]

        def line(row: Row) -> _Cells:
            self._step()
            return _Cells(self, id, wanted, row)

        return _Lines(wanted, line)


class _Shown:
    """A value: whether there is one, whether it is the same as a word, and its mark where it is written."""

    __slots__ = ("_mark", "_text")

    def __init__(self, text: str, mark: str) -> None:
        self._text, self._mark = text, mark

    def __bool__(self) -> bool:
        return bool(self._text)

    def __str__(self) -> str:
        return self._mark

    def __eq__(self, other: object) -> bool:
        return self._text == (other._text if isinstance(other, _Shown) else other)

    def __hash__(self) -> int:
        return hash(self._text)


class _Cells:
    """A line of a table: called with the name of a column, it shows its cell."""

    __slots__ = ("_asked", "_id", "_row", "_rows")

    def __init__(self, asked: TemplateValues, id: str, rows: Rows, row: Row) -> None:
        self._asked, self._id, self._rows, self._row = asked, id, rows, row

    def __call__(self, column: str) -> _Shown:
        if column not in self._rows.columns:
            raise TemplateMistake(f"{self._id} has no column {column!r}: it has {', '.join(self._rows.columns)}")
        text = self._row.cells.get(column, "").strip()
        if column == TICK:
            return self._asked.show(Value(f"{self._id}/{self._row.key}/{TICK}", text or " ", shape="tick"))
        return self._asked.show(Value(f"{self._id}/{self._row.key}/{column}", text, said=self._rows.said))

    def __str__(self) -> str:
        raise TemplateMistake(f'a line of {self._id} is written by its cells, as in row("{self._rows.columns[0]}")')


class _Lines:
    """A list or table, gone through by a loop."""

    __slots__ = ("_make", "_rows")

    def __init__(self, rows: Rows, make: Callable[[Row], object]) -> None:
        self._rows, self._make = rows.rows, make

    def __bool__(self) -> bool:
        return bool(self._rows)

    def __iter__(self) -> Iterator[object]:
        return map(self._make, self._rows)

    def __str__(self) -> str:
        raise TemplateMistake("a list is written by a loop: {% for … %}")
