"""A written document as the values it was made of: the base that a later writing is compared with."""

from __future__ import annotations

import json
from collections.abc import Iterator

from git_hotfix.model.frozen import frozen

SCHEMA = 1
_MARKS = ("said", "gap")


@frozen
class Part:
    """A piece of a document: fixed words of the template (`id` is None), or the value that `id` names.

    `said` tells a question to people from a fact, and `gap` words that say that there is no answer or no such fact yet.
    The second and every later showing of a value in one document
    has `~2`, `~3`, … after its id, so an id names one place.
    """

    id: str | None
    text: str
    said: bool = False
    gap: bool = False


@frozen
class Rendering:
    """A document as its parts in order; their texts put together are the document."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The document, with `\\n` at the ends of its lines."""
        return "".join(part.text for part in self.parts)

    @property
    def values(self) -> dict[str, str]:
        """What stands in the document, by id."""
        return {part.id: part.text for part in self.parts if part.id is not None}

    def to_bytes(self) -> bytes:
        """The rendering as JSON, as an entry of the logbook keeps it: the same bytes for the same rendering."""
        parts = [list(_row(part)) for part in self.parts]
        return json.dumps({"schema": SCHEMA, "parts": parts}, indent=0, sort_keys=True).encode("ascii") + b"\n"

    @classmethod
    def from_bytes(cls, content: bytes) -> Rendering | None:
        """What `to_bytes` wrote; None where it is of a newer schema or no rendering at all."""
        try:
            read = json.loads(content)
            if read["schema"] != SCHEMA:
                return None
            return cls(tuple(_part(row) for row in read["parts"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            return None


def _row(part: Part) -> Iterator[str]:
    """Fixed words are a row of one text; a value is its id, its text, and what is true of it."""
    if part.id is None:
        yield part.text
        return
    yield from (part.id, part.text)
    yield from (name for name in _MARKS if getattr(part, name))


def _part(row: list[str]) -> Part:
    if not isinstance(row, list) or not all(isinstance(word, str) for word in row):
        raise TypeError
    if len(row) == 1:
        return Part(None, row[0])
    id, text, *marks = row
    if not set(marks) <= set(_MARKS):
        raise ValueError
    return Part(id, text, "said" in marks, "gap" in marks)
