"""Everything that the tool ever wrote into a document, and what it writes now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from git_hotfix.documents.rendering import Rendering
from git_hotfix.documents.units import Key, Unit, read_units
from git_hotfix.model.frozen import frozen, replace

Pair = tuple[Key, tuple[str, ...]]


@frozen
class History:
    """The renderings as units. `earlier` are the different ones, newest first; `values` all values an id ever had, the
    new one too; `last` its value in the newest earlier rendering that has it. `texts` are the lines of the newest
    earlier rendering and of the new one."""

    earlier: tuple[tuple[Unit, ...], ...]
    new: tuple[Unit, ...]
    new_lines: tuple[str, ...]
    texts: frozenset[tuple[str, ...]]
    values: Mapping[str, frozenset[str]]
    last: Mapping[str, str]

    @property
    def pool(self) -> tuple[tuple[Unit, ...], ...]:
        """All renderings, the newest earlier one first and the new one last."""
        return (*self.earlier, self.new)

    def stood(self, found: set[Pair]) -> frozenset[Key]:
        """The keys that stood in a file in which the units of `found` stand with these texts, unless people deleted
        them: those of the rendering that it has most of, and of every other that it has something of alone.

        Of two branches that both wrote the document, the file of one never held what the other wrote.
        """
        pairs = [{(unit.key, unit.form) for unit in units if any(unit.form)} for units in self.earlier]
        ranked = sorted(pairs, key=lambda each: -len(each & found))
        seen: set[Pair] = set()
        keys: set[Key] = set()
        for each in ranked:
            if not seen or (each & found) - seen:
                seen |= each
                keys |= {key for key, _ in each}
        return frozenset(keys)

    def after_writing(self) -> History:
        """The history once the new rendering is written."""
        earlier = (self.new, *(units for units in self.earlier if units != self.new))
        last = {part.id: part.text for unit in self.new for part in unit.parts if part.id is not None}
        return History(earlier, self.new, self.new_lines, self.texts, self.values, {**self.last, **last})


def read_history(earlier: Sequence[Rendering], new: Rendering) -> History:
    """The history of a document: `earlier` renderings, oldest first, and the one to write."""
    distinct = list(dict.fromkeys(reversed(earlier)))
    units = read_units(new)
    values: dict[str, set[str]] = defaultdict(set)
    last: dict[str, str] = {}
    for rendering in distinct:
        for id, text in rendering.values.items():
            values[id].add(text)
            last.setdefault(id, text)
    for id, text in new.values.items():
        values[id].add(text)
    return History(
        tuple(_with_keys_of(units, read_units(rendering)) for rendering in distinct),
        units,
        _lines(new),
        frozenset(_lines(rendering) for rendering in (*distinct[:1], new)),
        {id: frozenset(texts) for id, texts in values.items()},
        last,
    )


def _with_keys_of(new: Sequence[Unit], units: Sequence[Unit]) -> tuple[Unit, ...]:
    """`units` of an earlier rendering; a line that has other values now is the new one that has some of them."""
    known, own = {unit.key for unit in new}, {unit.key for unit in units}
    free = {id: unit.key for unit in new if unit.key not in own for id in unit.ids}
    keys: dict[Key, Key] = {}
    taken: set[Key] = set()
    for unit in units:
        if unit.key not in known:
            key = next((free[id] for id in unit.ids if id in free and free[id] not in taken), None)
            if key is not None:
                keys[unit.key] = key
                taken.add(key)
    return tuple(replace(unit, key=keys[unit.key]) if unit.key in keys else unit for unit in units)


def _lines(rendering: Rendering) -> tuple[str, ...]:
    lines = rendering.text.split("\n")
    return tuple(lines[:-1] if not lines[-1] else lines)
