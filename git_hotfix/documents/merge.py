"""A document written again beside what people wrote into it: no line of theirs is lost, and no fact stays old.

There are no markers in the file and nothing is left to people to solve. The file as it is now is the skeleton. The
lines of the template are found in it (`matching`), wherever they were moved to; of each, a value that any earlier
rendering had is the tool's and gets the new one, and every other value is of people and stays. The rest of the file is
theirs. What people deleted stays deleted; what the new rendering has for the first time goes beside its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from git_hotfix.documents.assembly import Assembly, Insertion
from git_hotfix.documents.changed_line import read_changed
from git_hotfix.documents.file_lines import FileLines, read_lines, with_lines, write_lines
from git_hotfix.documents.history import History, read_history
from git_hotfix.documents.matching import Match, Place
from git_hotfix.documents.rendering import Part, Rendering
from git_hotfix.documents.units import Key, Unit, below_heading, canonical, is_tick, shows, tick_of, with_tick
from git_hotfix.model.frozen import frozen, replace

_ROUNDS = 4


@frozen
class MergedDocument:
    """A document to write. `kept` are the lines that people own, `dropped` the ids that they deleted, `beside` those
    whose value is theirs and differs from the tool's: a fact stands below it, a tick or the text of a box is kept."""

    text: str
    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def merge_document(current: str, earlier: Sequence[Rendering], new: Rendering) -> MergedDocument:
    """`new` written into `current`, the text of the file now, which `earlier` renderings (oldest first) went into.

    The ends of lines, a byte order mark and a missing newline at the end are kept. Merging the result once more gives
    the same bytes. A conflict that git left is both of its sides, so writing again solves it.
    """
    file = read_lines(current)
    history = read_history(earlier, new)
    if not file.others and (not any(line.strip() for line in file.lines) or file.lines in history.texts):
        return MergedDocument(write_lines([(line, "") for line in history.new_lines], file))
    merged = _merge_conflicts(file, history) if file.others else _merge_once(file, history)
    history = history.after_writing()
    for _ in range(_ROUNDS):  # what was put in may make a place clear that was not: then once more
        again = _merge_once(read_lines(merged.text), history)
        if again.text == merged.text:
            break
        merged = replace(again, beside=(*dict.fromkeys((*merged.beside, *again.beside)),))
    return merged


def _merge_once(file: FileLines, history: History) -> MergedDocument:
    match, stood = _look(file.lines, history)
    return _Merge(file, history, match, stood).document()


def _look(lines: Sequence[str], history: History, *, torn: bool = False) -> tuple[Match, frozenset[Key]]:
    """Where the units of the template are in a file, and which stood there once."""
    match = Match(lines, history.pool, torn=torn)
    found = {(key, tuple(match.forms[place.start : place.end])) for key, place in match.places.items() if place.intact}
    stood = history.stood(found)
    keys = stood if history.earlier else frozenset(unit.key for unit in history.new)
    match.find_changed(history.new, keys, by_place=bool(history.earlier))
    return match, stood


def _merge_conflicts(file: FileLines, history: History) -> MergedDocument:
    """A file with conflicts is its first side, with what people wrote on the other. What they deleted on either side
    is deleted, and what they ticked on either is ticked."""
    other, stood_there = _look(file.other_file, history, torn=True)
    this, stood_here = _look(file.lines, history, torn=True)
    whole = with_lines(file, dict(_lines_of_people(file, history)))
    match, _ = _look(whole.lines, history, torn=True)
    deleted = (stood_here - this.places.keys()) | (stood_there - other.places.keys())
    merge = _Merge(whole, history, match, deleted | match.places.keys())
    merge.gone |= stood_there - other.places.keys()
    for key, place in (*other.places.items(), *other.copies):
        if any(is_tick(id) and history.last.get(id) != "x" for id in match.units[key][0].ids):
            merge.ticks.setdefault(key, set()).add(tick_of(other.lines[place.start]))
    return merge.document()


def _lines_of_people(file: FileLines, history: History) -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """What people wrote on the other sides of the conflicts, by the gap in the file where it goes."""
    known = {line for units in history.pool for unit in units for line in unit.form}
    for other in file.others:
        here = set(file.lines[other.start : other.end])
        lines: list[tuple[str, str]] = []
        apart = False
        for line, end in other.lines:
            if line.strip() and line not in here and canonical(line) not in known:
                lines += [("", end)] if apart else []
                lines.append((line, end))
            apart = not line.strip()
        yield other.end, lines


class _Merge:
    """One writing of a document. `ticks` are states of boxes on other sides of conflicts, `gone` the units that people
    deleted there."""

    def __init__(self, file: FileLines, history: History, match: Match, stood: Set[Key]) -> None:
        self._file, self._history, self._match = file, history, match
        self._assembly = Assembly(file)
        self._insertion = Insertion(match, history.new, frozenset(stood))
        self._new = {unit.key: unit for unit in history.new}
        self._theirs: set[int] = {
            number for number, line in enumerate(file.lines) if line.strip() and match.owner[number] is None
        }
        self._dropped: list[str] = []
        self._beside: list[str] = []
        self.ticks: dict[Key, set[str]] = {}
        self.gone: set[Key] = set()
        self._below: set[Key] = set()

    def document(self) -> MergedDocument:
        """The document with everything in it."""
        self._join_copies()
        for number, unit in enumerate(self._history.new):
            place = self._match.places.get(unit.key)
            if place and place.intact and unit.key in self.gone:
                self._assembly.remove(place.start, place.end)
                self._dropped += unit.ids
            elif place:
                self._update(unit, place)
            elif self._insertion.is_deleted(unit):
                self._dropped += unit.ids if not (unit.level and self._write_below(unit)) else ()
            elif any(unit.form):
                self._insertion.put(number, unit, self._assembly)
        self._remove_old()
        for start, end in self._match.remains:
            self._theirs -= set(range(start, end))
            self._assembly.remove(start, end)
        kept = tuple(self._file.lines[number] for number in sorted(self._theirs))
        text = write_lines(self._assembly.pairs(), self._file)
        return MergedDocument(text, kept, tuple(self._dropped), tuple(dict.fromkeys(self._beside)))

    def _remove_old(self) -> None:
        """What is no longer in the template, where people did not change it, and what stood below a heading."""
        for key, place in self._match.places.items():
            if key not in self._new and key not in self._below:
                if place.intact and not self._is_ticked_by_people(self._match.units[key][0], place):
                    self._assembly.remove(place.start, place.end)
                else:
                    self._theirs |= set(range(place.start, place.end))

    def _is_ticked_by_people(self, unit: Unit, place: Place) -> bool:
        last = {self._history.last.get(id) for id in unit.ids if is_tick(id)}
        return unit.is_box and "x" not in last and tick_of(self._file.lines[place.start]) == "x"

    def _join_copies(self) -> None:
        """Of a line that stands there several times (two branches wrote it, and a merge took both) one stays, where
        nothing of people stands between. Others are written again as the first is."""
        places: dict[Key, list[Place]] = {}
        for key, place in self._match.copies:
            places.setdefault(key, [self._match.places[key]]).append(place)
        for key, copies in places.items():
            first = self._match.places[key]
            ticks = {tick_of(self._file.lines[place.start]) for place in copies}
            for place in copies:
                if place is first:
                    continue
                between = range(min(first.end, place.end), max(first.start, place.start))
                if key not in self._new or self._theirs.isdisjoint(between):
                    self._assembly.remove(place.start, place.end)
                    self.ticks.setdefault(key, set()).update(ticks)
                else:
                    self._write(self._new[key], place)

    def _update(self, unit: Unit, place: Place) -> None:
        if place.intact:
            self._write(unit, place)
            self._look_above(unit, place)
        elif not unit.ids:
            self._theirs |= set(range(place.start, place.end))
        else:
            self._update_changed(unit, place)

    def _write(self, unit: Unit, place: Place) -> None:
        """The unit with its new values; as it is where these say the same."""
        lines = list(unit.lines)
        now = self._file.lines[place.start : place.end]
        if tuple(map(canonical, now)) == unit.form:
            lines = list(now)
        if unit.is_box:
            lines[0] = with_tick(lines[0], self._tick(unit, now[0]))
        if tuple(lines) != now:
            self._assembly.replace(place.start, place.end, lines)

    def _tick(self, unit: Unit, line: str) -> str:
        """The state of a box: what the tool says, but for a tick of people."""
        id, new = next((id, tick_of(unit.lines[0])) for id in unit.ids if is_tick(id))
        earlier = self._history.values[id] - {new} | ({self._history.last[id]} if id in self._history.last else set())
        now = tick_of(line)
        if "x" in self.ticks.get(unit.key, ()):
            now = "x"
        of_people = now and now != new and (now not in earlier if now == " " else self._history.last.get(id) != "x")
        if of_people:
            self._beside.append(id)
        return now if of_people else new

    def _update_changed(self, unit: Unit, place: Place) -> None:
        """A unit of which people changed something: their values stay, the others are new, and the fact that they
        changed stands below."""
        lines = self._file.lines[place.start : place.end]
        changed = None
        if unit.is_block and self._is_cut(unit, lines):
            if self._match.torn or not set(map(canonical, lines)) <= {*unit.form, ""}:
                self._write(unit, place)
            return
        if len(lines) == 1:
            changed = read_changed(lines[0], unit, self._match.units[unit.key], self._history.values)
        if changed and not changed.theirs:
            self._write(unit, place)
            return
        self._theirs |= set(range(place.start, place.end))
        text = changed.text if changed else "\n".join(lines)
        if unit.is_box and tick_of(text):
            text = with_tick(text, self._tick(unit, lines[0]))
        if changed or unit.is_box:
            self._assembly.replace(place.start, place.end, text.split("\n"))
        theirs = changed.theirs if changed else unit.values
        differ = [part for part in theirs if part.id and not shows(text, part)]
        self._beside += [part.id for part in differ if part.id]
        if not unit.is_box and any(self._is_news(part) for part in differ):
            self._put_below(unit, place)

    def _is_cut(self, unit: Unit, lines: Sequence[str]) -> bool:
        """True when people only deleted lines of a value of several. They stay deleted until the value is another."""
        return set(map(canonical, lines)) <= self._match.lines_of(unit.key) | {""}

    def _is_news(self, part: Part) -> bool:
        """True for a fact, and for an answer that is another than before: what people wrote instead has not seen it."""
        assert part.id is not None
        return not part.gap and (not part.said or self._history.last.get(part.id) != part.text)

    def _put_below(self, unit: Unit, place: Place) -> None:
        apart = (unit.is_block and not unit.fenced) or bool(unit.level)
        if unit.level:
            if self._write_below(unit):
                return
            unit = below_heading(unit)
        self._assembly.put(place.end, unit.lines, blank=int(apart), apart=apart)

    def _write_below(self, heading: Unit) -> bool:
        """Write the fact of a heading where it stands below one of people; False where it does not."""
        unit = below_heading(heading)
        self._below.add(unit.key)
        if there := self._match.places.get(unit.key):
            self._write(unit, there)
        return there is not None

    def _look_above(self, unit: Unit, place: Place) -> None:
        """Where people changed a fact before, their line stands above: what is the tool's on it is new as well, and
        once both agree there is one."""
        number = place.start - 1
        if number not in self._theirs or unit.is_box or unit.is_block or not unit.ids:
            return
        line = self._file.lines[number]
        changed = read_changed(line, unit, self._match.units[unit.key], self._history.values)
        if not changed:
            return
        differ = [part for part in changed.theirs if not shows(changed.text, part)]
        if not differ:
            self._assembly.remove(place.start, place.end)
        self._beside += [part.id for part in differ if part.id]
        if changed.text != line:
            self._assembly.replace(number, number + 1, [changed.text])
