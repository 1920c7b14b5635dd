"""The lines of a merged document, put together from those of the file and those of the template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from git_hotfix.documents.file_lines import FileLines
from git_hotfix.documents.matching import Match
from git_hotfix.documents.units import Key, Unit


class Assembly:
    """A file whose lines are replaced and removed, and between whose lines others are put. A gap `n` is before line
    `n`; what is put into one gap stays in the order in which it came."""

    def __init__(self, file: FileLines) -> None:
        self._file = file
        self._lines: list[Sequence[str] | None] = [(line,) for line in file.lines]
        self._gaps: dict[int, list[tuple[int, Sequence[str]]]] = defaultdict(list)
        self._apart: set[int] = set()

    def replace(self, start: int, end: int, lines: Sequence[str]) -> None:
        """Put `lines` where the lines from `start` to before `end` are."""
        self._lines[start] = tuple(lines)
        self._lines[start + 1 : end] = [()] * (end - start - 1)

    def remove(self, start: int, end: int) -> None:
        """Leave out the lines from `start` to before `end`, and one of the blank runs around them."""
        self._lines[start:end] = [None] * (end - start)

    def put(self, gap: int, lines: Sequence[str], *, blank: int = 0, apart: bool = False) -> None:
        """Put `lines` into a gap, after `blank` blank lines where a text stands before; `apart`: a blank line follows
        where a text does."""
        self._gaps[gap].append((blank, lines))
        if blank or apart:
            self._apart.add(gap)

    def pairs(self) -> list[tuple[str, str]]:
        """The lines with their ends; an empty end is one like most."""
        done: list[tuple[str, str]] = []
        removed = False
        for number, kept in enumerate([*self._lines, ()]):
            for blank, lines in self._gaps.get(number, ()):
                done += [("", "")] * (blank if _ends_in_text(done) else 0)
                done += [(line, "") for line in lines]
                removed = False
            if number in self._apart and _ends_in_text(done) and kept and kept[0].strip():
                done.append(("", ""))
            if kept is None:
                removed = True
            elif kept and not (removed and not _ends_in_text(done) and not "".join(kept).strip()):
                done += [(line, self._file.ends[number]) for line in kept]
                removed = False
        while removed and done and not done[-1][0].strip():
            done.pop()
        return done


def _ends_in_text(pairs: Sequence[tuple[str, str]]) -> bool:
    return bool(pairs) and bool(pairs[-1][0].strip())


class Insertion:
    """Where what is new in the template goes: beside its neighbours, as the template has them."""

    def __init__(self, match: Match, units: Sequence[Unit], stood: frozenset[Key]) -> None:
        self._match, self._units, self._stood = match, units, stood
        self.gaps: dict[Key, int] = {key: place.end for key, place in match.places.items()}
        self._groups: dict[int, list[Unit]] = defaultdict(list)
        self._sections: dict[Key, list[Unit]] = defaultdict(list)
        for unit in units:
            self._groups[unit.group].append(unit)
            self._sections[unit.section].append(unit)

    def is_deleted(self, unit: Unit) -> bool:
        """True when people deleted `unit`, or all that it would stand in: its table or list, or its section."""
        if unit.key in self._stood:
            return True
        group = self._groups[unit.group]
        if not any(each.key in self.gaps for each in group) and any(each.key in self._stood for each in group):
            return True
        section = unit.section
        if not section or section in self.gaps or section not in self._stood:
            return False
        return not any(each.key in self.gaps for each in self._sections[section])

    def put(self, number: int, unit: Unit, assembly: Assembly) -> None:
        """Put `unit`, the template's unit `number`, into its gap."""
        gap, blank, apart = self._gap(number, unit)
        assembly.put(gap, unit.lines, blank=blank, apart=apart)
        self.gaps[unit.key] = gap

    def _gap(self, number: int, unit: Unit) -> tuple[int, int, bool]:
        """The gap, the blank lines before, and whether one follows."""
        places = self._match.places
        before = self._units[number - 1] if number else None
        if before and before.group == unit.group:
            for each in reversed(self._units[:number]):
                if each.group != unit.group:
                    break
                if each.key in self.gaps:
                    return self.gaps[each.key], 0, False
        for each in self._groups[unit.group]:
            if each.key in places:
                return places[each.key].start, 0, False
        blank = max(unit.blank, 1)
        if unit.level:
            return self._end_of_section(number, unit), blank, True
        for each in reversed(self._units[:number]):
            if each.key in self.gaps and unit.section in (each.section, each.key):
                return self._end_of_paragraph(self.gaps[each.key]), blank if unit.blank else 0, bool(unit.blank)
            if each.key == unit.section:
                break
        for each in self._sections[unit.section]:
            if each.key in places:
                return places[each.key].start, 0, True
        return self._end_of_section(number, unit), blank, True

    def _end_of_paragraph(self, gap: int) -> int:
        match = self._match
        while gap < len(match.lines) and match.forms[gap] and match.owner[gap] is None and gap not in match.headings:
            gap += 1
        return gap

    def _end_of_section(self, number: int, unit: Unit) -> int:
        """After all that stands under the heading that the unit before `number` stands under."""
        match = self._match
        for each in reversed(self._units[:number]):
            if each.key in self.gaps:
                gap = self.gaps[each.key]
                while gap < len(match.lines) and not self._ends(gap, unit):
                    gap += 1
                while gap > self.gaps[each.key] and not match.forms[gap - 1]:
                    gap -= 1
                return gap
        following = [match.places[each.key].start for each in self._units[number:] if each.key in match.places]
        return following[0] if following else len(match.lines)

    def _ends(self, number: int, unit: Unit) -> bool:
        """True for a heading of the template, or one of people that is not below that of `unit`."""
        level = self._match.headings.get(number)
        return level is not None and (self._match.owner[number] is not None or level <= (unit.level or 1))
