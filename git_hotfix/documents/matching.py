"""Which lines of a file are which lines of the template: by their text, then by what stands beside them, then by their
fixed words, and last by their place.

The order of the lines decides nothing before that, so sections may be moved. It is Heckel's way ("A technique for
isolating differences between files", 1978): what is there once on both sides is found first, and grows up and down.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import accumulate, groupby

from git_hotfix.documents.units import (
    FENCE,
    HEADING,
    TOP,
    Key,
    Unit,
    below_heading,
    canonical,
    cells,
    item_of,
    shows,
    unescape,
)
from git_hotfix.model.frozen import frozen

Form = tuple[str, ...]
_WORD = re.compile(r"[^\W_]")


@frozen
class Place:
    """Where a unit stands: lines `start` to before `end`. `intact`: as the tool wrote it once, but for its tick."""

    start: int
    end: int
    intact: bool


class Match:
    """The places of the units in one file. `pool` are all renderings as units, the newest first; `torn`: git left
    conflicts in the file."""

    def __init__(self, lines: Sequence[str], pool: Sequence[Sequence[Unit]], *, torn: bool = False) -> None:
        self.lines = lines
        self.torn = torn
        self.forms = [canonical(line) for line in lines]
        self.owner: list[Key | None] = [None] * len(lines)
        self.places: dict[Key, Place] = {}
        self.copies: list[tuple[Key, Place]] = []
        self.units: dict[Key, list[Unit]] = defaultdict(list)
        self._by_form: dict[Form, dict[Key, None]] = defaultdict(dict)
        for rendering in pool:
            below = [below_heading(unit) for unit in rendering if unit.level and unit.ids]
            for unit in (*rendering, *below):
                if any(unit.form) and unit.key not in self._by_form[unit.form]:
                    self._by_form[unit.form][unit.key] = None
                    self.units[unit.key].append(unit)
        self.headings = self._find_headings()
        self._above = [*accumulate((n if n in self.headings else -1 for n in range(len(lines))), max)]
        self._match_texts()
        for rendering in pool:
            self._grow(rendering)
        self._match_rest()
        self.remains = [*self._find_remains()]

    def find_changed(self, units: Sequence[Unit], could_stand: Set[Key], *, by_place: bool = True) -> None:
        """Find those of `units`, in their order, that people changed, among the keys that `could_stand` in the file:
        by fixed words, by cells of a table, headings by what stands under them, and last `by_place`."""
        self._match_items([unit for unit in units if unit.key not in self.places])
        open_ = [unit for unit in units if unit.key in could_stand and unit.key not in self.places]
        self._match_words([unit for unit in open_ if unit.ids and not _is_row(unit)], units)
        self._match_cells([unit for unit in open_ if unit.ids and _is_row(unit)])
        self._match_headings([unit for unit in open_ if unit.level], units)
        if by_place:
            stood = could_stand | self.places.keys()
            self._match_heading_places([unit for unit in units if unit.level and unit.key in stood])
            self._match_gaps(units, could_stand)
        if self.torn:
            self._find_torn()

    def section_of(self, number: int) -> Key:
        """The heading that line `number` stands under, or is; one of people is named by its line."""
        heading = self._above[number]
        if heading < 0:
            return TOP
        return self.owner[heading] or ("", str(heading))

    def next_text(self, number: int) -> int:
        """The first line from `number` on that is not blank."""
        while number < len(self.forms) and not self.forms[number]:
            number += 1
        return number

    def lines_of(self, key: Key) -> set[str]:
        """Every line that the tool ever wrote for a unit."""
        return {line for unit in self.units[key] for line in unit.form}

    def is_free(self, start: int, end: int) -> bool:
        """True when no unit has any line from `start` to before `end`."""
        return not any(self.owner[start:end])

    def _take(self, key: Key, start: int, end: int, *, intact: bool) -> None:
        self.places[key] = Place(start, end, intact)
        self.owner[start:end] = [key] * (end - start)

    def _find_headings(self) -> dict[int, int]:
        """Lines that are headings, with their levels. A code block that is left open ends at the next heading: at one
        of the template, or where it has no end at all, at any."""
        tools = {unit.form[0] for each in self.units.values() for unit in each if unit.level}
        found: dict[int, int] = {}
        number = 0
        while number < len(self.lines):
            line = self.lines[number]
            if fence := FENCE.match(line):
                number = self._end_of_fence(number, fence[1], tools)
                continue
            if heading := HEADING.match(line):
                found[number] = len(heading[1])
            number += 1
        return found

    def _end_of_fence(self, start: int, fence: str, tools: set[str]) -> int:
        first = 0
        for number in range(start + 1, len(self.lines)):
            if self.forms[number] in tools:
                return number
            if re.fullmatch(rf" {{0,3}}{fence}{fence[0]}*", self.forms[number]):
                return number + 1
            first = first or (number if HEADING.match(self.lines[number]) else 0)
        return first or len(self.lines)

    def _spans(self) -> Mapping[Form, list[int]]:
        """Where each form stands in the file."""
        starts: dict[str, list[Form]] = defaultdict(list)
        for form in self._by_form:
            starts[form[0]].append(form)
        found: dict[Form, list[int]] = defaultdict(list)
        for number, line in enumerate(self.forms):
            for form in starts.get(line, ()):
                if tuple(self.forms[number : number + len(form)]) == form:
                    found[form].append(number)
        return found

    def _match_texts(self) -> None:
        """Texts that stand once in the file and are those of one unit, whose other texts stand nowhere."""
        self._found = self._spans()
        times: dict[Key, int] = defaultdict(int)
        for form, starts in self._found.items():
            for key in self._by_form[form]:
                times[key] += len(starts)
        for form, starts in sorted(self._found.items(), key=lambda item: -len(item[0])):
            [key, *others] = self._by_form[form]
            end = starts[0] + len(form)
            if not others and len(starts) == times[key] == 1 and _says_much(form) and self.is_free(starts[0], end):
                self._take(key, starts[0], end, intact=True)

    def _grow(self, rendering: Sequence[Unit]) -> None:
        """From each unit that was found, its neighbours of `rendering`, down and up."""
        end: int | None = 0
        for unit in rendering:
            place = self.places.get(unit.key)
            if not place and end is not None:
                start = self.next_text(end)
                place = self._take_form(unit.key, [(start, start + len(form)) for form in self._forms_of(unit.key)])
            end = place.end if place else None
        start = len(self.lines)
        below = True
        for unit in reversed(rendering):
            place = self.places.get(unit.key)
            if not place and below:
                stop = self._text_before(start)
                place = self._take_form(unit.key, [(stop - len(form), stop) for form in self._forms_of(unit.key)])
            below = place is not None
            start = place.start if place else start

    def _forms_of(self, key: Key) -> Iterator[Form]:
        return (unit.form for unit in self.units[key]) if key in self.units else iter(())

    def _take_form(self, key: Key, spans: Sequence[tuple[int, int]]) -> Place | None:
        for start, end in spans:
            form = tuple(self.forms[max(start, 0) : end])
            if start >= 0 and key in self._by_form.get(form, ()) and self.is_free(start, end):
                self._take(key, start, end, intact=True)
                return self.places[key]
        return None

    def _text_before(self, number: int) -> int:
        while number > 0 and not self.forms[number - 1]:
            number -= 1
        return number

    def _match_rest(self) -> None:
        """Texts of several units, or that stand several times: in the same section, then in order. What is left of a
        unit that has a place is a copy of it."""
        for form, starts in self._found.items():
            free = [start for start in starts if self.is_free(start, start + len(form))]
            for same_section in (True, False):
                for key in self._by_form[form]:
                    if key in self.places:
                        continue
                    sections = {unit.section for unit in self.units[key]}
                    for start in free:
                        if self.section_of(start) in sections or not (same_section or not _says_much(form)):
                            self._take(key, start, start + len(form), intact=True)
                            free.remove(start)
                            break
            [key, *others] = self._by_form[form]
            if not others and key[0]:
                for start in free:
                    place = Place(start, start + len(form), intact=True)
                    self.owner[start : place.end] = [key] * len(form)
                    self.copies.append((key, place))

    def _find_remains(self) -> Iterator[tuple[int, int]]:
        """Lines right beside a value of several lines that are from another value of the same: git merged them."""
        for key, place in [*self.places.items()]:
            known = {line for form in self.units[key] if len(form.form) > 1 for line in form.form if line}
            start, end = place.start, place.end
            while known and (after := self.next_text(end)) < len(self.lines) and self._is_remains(after, known):
                end = after + 1
            while known and (before := self._text_before(start) - 1) >= 0 and self._is_remains(before, known):
                start = before
            for first, last in ((start, place.start), (place.end, end)):
                self.owner[first:last] = [key] * (last - first)
                if first < last:
                    yield first, last

    def _is_remains(self, number: int, known: Set[str]) -> bool:
        return self.owner[number] is None and self.forms[number] in known

    def _find_torn(self) -> None:
        """Where git merged a conflict, pieces of values of several lines that it tore out of them are remains as well:
        a line of people that is the same as one of the tool cannot be told from it."""
        forms = [unit.form for units in self.units.values() for unit in units]
        whole = {form[0] for form in forms if len(form) == 1}
        pieces = {line for form in forms if len(form) > 1 for line in form if line} - whole
        for number, line in enumerate(self.forms):
            if self.owner[number] is None and line in pieces:
                self.remains.append((number, number + 1))

    def _match_items(self, wanted: Sequence[Unit]) -> None:
        """Items that people wrote into their section as plain text, without the bullet, before the form took them."""
        items: dict[tuple[Key, str], list[Key]] = defaultdict(list)
        for unit in wanted:
            said = item_of(unit.lines[0]) if _is_item(unit) else None
            if said:
                items[unit.section, unescape(said)].append(unit.key)
        for number, line in enumerate(self.forms if items else ()):
            if self.owner[number] is None and line:
                keys = items.get((self.section_of(number), unescape(item_of(line) or line.strip())))
                if keys:
                    self._take(keys.pop(0), number, number + 1, intact=True)

    def _match_words(self, wanted: Sequence[Unit], units: Sequence[Unit]) -> None:
        """Lines with the fixed words of one unit only, in its section or once in the file; where several units have
        these words, between the neighbours of the unit."""
        patterns: dict[tuple[str, ...], dict[Key, Unit]] = defaultdict(dict)
        for unit in wanted:
            for each in self.units[unit.key]:
                if len(each.form) == 1 and _WORD.search("".join(each.words)):
                    patterns[each.words][unit.key] = unit
        found = self._lines_with(patterns)
        between = self._between(units)
        for words, keys in patterns.items():
            for key, unit in keys.items():
                lines = [number for number in found.get(words, ()) if self.owner[number] is None]
                if key in self.places or not lines:
                    continue
                start, end = between[key]
                near = [number for number in lines if start <= number < end]
                here = [number for number in lines if self.section_of(number) == unit.section]
                if len(keys) == 1:
                    number = (near or here or lines)[0]
                elif near:
                    number = near[0]
                else:
                    continue
                self._take(key, number, number + 1, intact=False)

    def _lines_with(self, patterns: Iterable[tuple[str, ...]]) -> Mapping[tuple[str, ...], list[int]]:
        """The free lines that have all fixed words of a pattern, in order."""
        starts: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for words in patterns:
            starts[words[0]].append(words)
        lengths = sorted({len(start) for start in starts})
        found: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, line in enumerate(self.forms):
            if self.owner[number] is None and line:
                for length in lengths:
                    for words in starts.get(line[:length], ()):
                        if spans_of(words, line) is not None:
                            found[words].append(number)
        return found

    def _between(self, units: Sequence[Unit]) -> Mapping[Key, tuple[int, int]]:
        """For each unit the lines between the units before and after it that have a place."""
        before, after = {}, {}
        last = 0
        for unit in units:
            before[unit.key] = last
            if place := self.places.get(unit.key):
                last = place.end
        last = len(self.lines)
        for unit in reversed(units):
            after[unit.key] = last
            if place := self.places.get(unit.key):
                last = place.start
        return {key: (before[key], after[key]) for key in before}

    def _match_cells(self, wanted: Sequence[Unit]) -> None:
        """Lines of tables that have at least half of the cells of one unit, and more than of any other."""
        index: dict[tuple[int, int, str], dict[Key, None]] = defaultdict(dict)
        filled: dict[Key, int] = {}
        for unit in wanted:
            for each in self.units[unit.key]:
                row = cells(each.form[0])
                filled[unit.key] = sum(bool(_WORD.search(cell)) for cell in row)
                for column, cell in enumerate(row):
                    if _WORD.search(cell):
                        index[len(row), column, cell][unit.key] = None
        claims: dict[Key, list[tuple[int, int]]] = defaultdict(list)
        for number, line in enumerate(self.forms):
            if self.owner[number] is None and line.startswith("|"):
                hits: dict[Key, int] = defaultdict(int)
                row = cells(line)
                for column, cell in enumerate(row):
                    same = index.get((len(row), column, cell), {})
                    for key in same if len(same) <= _COMMON else ():
                        hits[key] += 1
                ranked = sorted(hits.items(), key=lambda item: -item[1])
                if ranked and [times for _, times in ranked].count(ranked[0][1]) == 1:
                    key, times = ranked[0]
                    if times * 2 >= filled[key]:
                        claims[key].append((-times, number))
        for key, lines in claims.items():
            number = min(lines)[1]
            self._take(key, number, number + 1, intact=False)

    def _match_headings(self, wanted: Sequence[Unit], units: Sequence[Unit]) -> None:
        """Headings that people renamed: most of what the template has under one stands under the other."""
        votes: dict[Key, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        missing = {unit.key for unit in wanted if unit.key not in self.places}
        for unit in units:
            place = self.places.get(unit.key)
            if place and unit.section in missing:
                heading = self._above[place.start]
                while unit.level and heading >= 0 and self.headings[heading] >= unit.level:
                    heading = self._above[heading - 1] if heading else -1
                if heading >= 0 and self.owner[heading] is None:
                    votes[unit.section][heading] += 1
        for key, counts in votes.items():
            heading, _ = max(counts.items(), key=lambda item: (item[1], -item[0]))
            if self.owner[heading] is None:
                self._take(key, heading, heading + 1, intact=False)

    def _match_heading_places(self, headings: Sequence[Unit]) -> None:
        """Headings that people renamed, where all below them is other, too: as many of people stand between the same
        two of the template, on the same levels."""
        start, missing = 0, list[Unit]()
        for unit in (*headings, None):
            place = self.places.get(unit.key) if unit else Place(len(self.lines), len(self.lines), intact=True)
            if unit and not place:
                missing.append(unit)
            elif place:
                free = [number for number in self.headings if start <= number < place.start and not self.owner[number]]
                if [each.level for each in missing] == [self.headings[number] for number in free]:
                    for each, number in zip(missing, free, strict=True):
                        self._take(each.key, number, number + 1, intact=False)
                start, missing = place.end, []

    def _match_gaps(self, units: Sequence[Unit], could_stand: Set[Key]) -> None:
        """What people wrote where a value stood."""
        runs = groupby(
            (unit for unit in units if unit.key in self.places or (unit.ids and unit.key in could_stand)),
            key=lambda unit: unit.key in self.places,
        )
        before: Unit | None = None
        waiting: list[Unit] = []
        for placed, run in runs:
            if not placed:
                waiting = list(run)
                continue
            first, *others = run
            if waiting:
                self._match_gap(waiting, before, first)
            before, waiting = (others or [first])[-1], []
        if waiting:
            self._match_gap(waiting, before, None)

    def _match_gap(self, run: Sequence[Unit], before: Unit | None, after: Unit | None) -> None:
        region = self._region(run, before, after)
        region = range(region.start, self._end_under(region, run[0].section))
        run = [unit for unit in run if not unit.fenced or (before and before.group == unit.group)]
        for words, same in groupby([unit for unit in run if not unit.is_block], key=lambda unit: unit.words[0]):
            singles = list(same)
            lines = [number for number in region if self._has_shape(number, words, singles[0])]
            if words.strip() and len(lines) == len(singles):
                for unit, number in zip(singles, lines, strict=True):
                    self._take(unit.key, number, number + 1, intact=False)
        blocks = [unit for unit in run if unit.is_block]
        chunks = self._chunks(self._free_part(region))
        if self.torn and len(blocks) == 1:
            known = self.lines_of(blocks[0].key)
            of_tool = [known.issuperset(self.forms[start:end]) for start, end in chunks]
            first = of_tool.index(True) if True in of_tool else 0
            last = of_tool.index(False, first) if False in of_tool[first:] else len(chunks)
            chunks = chunks[first:last] if True in of_tool else chunks
        if len(blocks) == 1 and chunks:
            self._take(blocks[0].key, chunks[0][0], chunks[-1][1], intact=False)
        elif len(blocks) == len(chunks):
            for unit, (start, end) in zip(blocks, chunks, strict=True):
                self._take(unit.key, start, end, intact=False)

    def _region(self, run: Sequence[Unit], before: Unit | None, after: Unit | None) -> range:
        """The free lines in which the units of `run` may have stood, up to a heading or what another unit has."""
        start = self.places[before.key].end if before else 0
        stop = self.places[after.key].start if after else len(self.lines)
        follows = before is None or before.key == run[0].section or before.section == run[0].section
        if follows or not after or after.section != run[-1].section:
            if not follows and start > stop:
                return range(0)
            end = start
            while end < len(self.lines) and self.owner[end] is None and end not in self.headings:
                end += 1
            return range(start, end)
        begin = stop
        while begin > 0 and self.owner[begin - 1] is None and begin - 1 not in self.headings:
            begin -= 1
        return range(begin, stop)

    def _end_under(self, region: range, section: Key) -> int:
        """The end of `region`, if it stands in `section`."""
        return region.stop if region and self.section_of(region.start) == section else region.start

    def _free_part(self, region: range) -> range:
        """The first lines of `region` next to each other that no unit took."""
        free = [number for number in region if self.owner[number] is None and self.forms[number]]
        end = free[0] if free else region.start
        while end < region.stop and self.owner[end] is None:
            end += 1
        return range(free[0], end) if free else range(0)

    def _has_shape(self, number: int, words: str, unit: Unit) -> bool:
        line = self.forms[number]
        if self.owner[number] is not None or not line.startswith(words) or self._is_of_another(line, unit):
            return False
        return not _is_row(unit) or len(cells(line)) == len(cells(unit.form[0]))

    def _is_of_another(self, line: str, unit: Unit) -> bool:
        """True for a box with the words of another one, which the template may have no more: but for its words a box
        looks like any other."""
        if not unit.is_box or any(shows(line, part) for each in self.units[unit.key] for part in each.values):
            return False
        others = (each for key, units in self.units.items() if key != unit.key for each in units if len(each.form) == 1)
        return any(shows(line, part) for each in others for part in each.values if _WORD.search(part.text))

    def _chunks(self, region: range) -> list[tuple[int, int]]:
        """The runs of free lines of `region`, without the blank lines between them."""
        found: list[tuple[int, int]] = []
        for number in region:
            if self.owner[number] is None and self.forms[number]:
                if found and found[-1][1] == number and number not in self.headings:
                    found[-1] = (found[-1][0], number + 1)
                else:
                    found.append((number, number + 1))
        return found


_COMMON = 20  # a text that more lines of tables have than these tells none from another


def _says_much(form: Form) -> bool:
    """False for rules, fences and the like, which are found beside their neighbours and in their section only."""
    return any(_WORD.search(line) for line in form)


def _is_item(unit: Unit) -> bool:
    """True for a line of a list that people answered."""
    return len(unit.ids) == 1 and "/" in unit.ids[0] and all(part.said for part in unit.values)


def _is_row(unit: Unit) -> bool:
    return unit.form[0].startswith("|")


def spans_of(words: Sequence[str], line: str) -> list[tuple[int, int]] | None:
    """Where the values between `words` stand in `line`; None where it has other fixed words."""
    first, *others = words
    if not line.startswith(first):
        return None
    if not others:
        return [] if line == first else None
    spans, at = [], len(first)
    for word in others[:-1]:
        found = line.find(word, at) if word else -1
        if found < 0:
            return None
        spans.append((at, found))
        at = found + len(word)
    if not line.endswith(others[-1]) or len(line) - len(others[-1]) < at:
        return None
    return [*spans, (at, len(line) - len(others[-1]))]
