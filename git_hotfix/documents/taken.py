"""What people wrote in a document in place of what the tool wrote: their answers, for the form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from git_hotfix.documents.file_lines import read_lines
from git_hotfix.documents.history import read_history
from git_hotfix.documents.matching import Match, spans_of
from git_hotfix.documents.rendering import Rendering
from git_hotfix.documents.units import Unit, canonical, item_of, unescape


def read_values(current: str, earlier: Sequence[Rendering]) -> Mapping[str, str]:
    """The answers that people changed in `current`, by the id of the question; `earlier` are the renderings that went
    into it, oldest first. A list is taken whole, with the items that they added and without those that they deleted."""
    if not earlier:
        return {}
    lines = read_lines(current).lines
    history = read_history(earlier, earlier[-1])
    match = Match(lines, history.pool)
    match.find_changed(history.new, frozenset(unit.key for unit in history.new))
    found: dict[str, str] = {}
    lists: dict[str, list[Unit]] = {}
    for unit in history.new:
        said = [part for part in unit.parts if part.id is not None and part.said]
        ids = [part.id for part in said if part.id is not None]
        if len(ids) == 1 and "/" in ids[0]:
            lists.setdefault(ids[0].partition("/")[0], []).append(unit)
        elif ids:
            found |= dict(_changed(unit, match, lines))
    for id, units in lists.items():
        if (items := _items(units, match, lines)) is not None:
            found[id] = items
    return found


def _changed(unit: Unit, match: Match, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The answers on a line, or of a paragraph, that are other than the tool wrote them."""
    place = match.places.get(unit.key)
    if place is None or place.intact:
        return
    now = lines[place.start : place.end]
    if unit.is_block:
        yield unit.ids[0].partition("~")[0], unescape("\n".join(now).strip())
        return
    spans = spans_of(unit.words, canonical(now[0])) if len(now) == 1 else None
    for part, (start, end) in zip(unit.values, spans or (), strict=False):
        text = now[0][start:end].strip()
        if part.id is not None and part.said and text != part.text.strip():
            yield part.id.partition("~")[0], unescape(text)


def _items(units: Sequence[Unit], match: Match, lines: Sequence[str]) -> str | None:
    """The items of a list as people left it; None where they changed nothing, or took all of it away."""
    places = [match.places[unit.key] for unit in units if unit.key in match.places]
    if not places:
        return None
    start, end = min(place.start for place in places), max(place.end for place in places)
    while end < len(lines) and item_of(lines[end]):
        end += 1
    while start > 0 and item_of(lines[start - 1]):
        start -= 1
    keys = {unit.key for unit in units}
    items = [
        item_of(lines[number]) or (lines[number].strip() if match.owner[number] in keys else "")
        for number in range(start, end)
    ]
    before = [item_of(unit.lines[0]) for unit in units]
    if [item for item in items if item] == before:
        return None
    return "\n".join(unescape(item) for item in items if item)
