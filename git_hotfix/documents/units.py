"""A rendering cut into units: the lines that the template writes, each with the ids of the values on it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_hotfix.documents.markdown import BREAK
from git_hotfix.documents.rendering import Part, Rendering
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.late_pattern import late_pattern

Key = tuple[str, ...]
TOP: Key = ()
TICK = late_pattern(r"(\s*(?:[-*+]|\d+[.)])\s+\[)([ xX])(\](?=\s|$))")
HEADING = late_pattern(r" {0,3}(#{1,6})(?:\s|$)")
FENCE = late_pattern(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})")
_BAR = late_pattern(r"(?<!\\)\|")
_VALUE = "\ufdd0"  # stands for a value in fixed words; no text holds it
_ITEM = late_pattern(r"\s*(?:[-*+]|\d+[.)])\s+(.*\S)\s*")
_ESCAPED = late_pattern(r"\\([!-/:-@\[-`{-~])")
_BULLET = late_pattern(r"(\s*)[-*+](?=\s)")


@frozen
class Unit:
    """What stands on a line of its own: a line, or a value of several lines that stands alone (`block`).

    `key` names it in every rendering: by the ids on it, else by its words and the section that it stands in. `group`
    counts runs of lines without a blank one between them; `blank` is how many blank lines stand before it.
    """

    key: Key
    parts: tuple[Part, ...]
    lines: tuple[str, ...]
    section: Key
    group: int
    blank: int
    level: int = 0
    """Of a heading; 0 of another line."""
    fenced: bool = False
    """In a code block of the template."""
    form: tuple[str, ...] = ()
    """Its lines as they are compared."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the values on it; empty for fixed words."""
        return tuple(part.id for part in self.parts if part.id is not None)

    @property
    def is_block(self) -> bool:
        """True for a value that stands alone."""
        return len(self.ids) == 1 and not "".join(part.text for part in self.parts if part.id is None).strip()

    @property
    def is_box(self) -> bool:
        """True for a tick and its text."""
        return any(map(is_tick, self.ids))

    @property
    def words(self) -> tuple[str, ...]:
        """Its fixed words as they are compared: before, between and after its values; a tick is no value here."""
        texts = (part.text if part.id is None else " " if is_tick(part.id) else _VALUE for part in self.parts)
        return tuple(canonical("".join(texts)).split(_VALUE))

    @property
    def values(self) -> tuple[Part, ...]:
        """Its values between the `words`."""
        return tuple(part for part in self.parts if part.id is not None and not is_tick(part.id))


def below_heading(unit: Unit) -> Unit:
    """The fact of a heading that people renamed, as it stands below theirs: a line of the words of the heading."""
    lines = (unit.lines[0].lstrip("# "),)
    return replace(unit, key=("below", *unit.ids), parts=(), lines=lines, level=0, form=(canonical(lines[0]),))


def is_tick(id: str) -> bool:
    """True for the state of a box: that of `box`, or the column `tick` of a list."""
    return id.partition("~")[0].endswith(("#tick", "/tick"))


def canonical(line: str) -> str:
    """`line` as it is compared: without the state of a tick, the kind of a bullet, blanks at its end and the widths
    of a table, which editors change without changing what it says."""
    line = line.rstrip()
    bare = line.lstrip()
    if bare[:1] == "|":
        return "|".join(re.sub(r"^(:?)-+(:?)$", r"\1-\2", cell.strip()) for cell in cells(bare))
    if bare[:1] in ("-", "*", "+"):
        line = _BULLET.sub(r"\1-", line)
    return TICK.sub(r"\1 \3", line) if "[" in line else line


def shows(text: str, part: Part) -> bool:
    """True when the value of `part` can be read in `text`."""
    words = part.text.strip()
    return bool(words) and words in text and re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text) is not None


def cells(line: str) -> list[str]:
    """What stands between the bars of a table's line; the first and the last are what stands outside."""
    return _BAR.split(line)


def tick_of(line: str) -> str:
    """The state of the box that `line` begins with: `x`, a blank, or nothing where it has none."""
    found = TICK.match(line)
    return found[2].lower() if found else ""


def with_tick(line: str, tick: str) -> str:
    """`line` with the state of its box."""
    return TICK.sub(rf"\g<1>{tick}\g<3>", line, count=1)


def item_of(line: str) -> str | None:
    """What an item of a list says, as Markdown; None for a line that is none."""
    found = _ITEM.fullmatch(line)
    return found[1] if found else None


def unescape(text: str) -> str:
    """Markdown without the escapes that the tool puts in front of what could do something."""
    return _ESCAPED.sub(r"\1", text.replace(BREAK, ""))


def read_units(rendering: Rendering) -> tuple[Unit, ...]:
    """The units of `rendering`, in order. Blank lines are none."""
    return tuple(_Reader().read(rendering))


class _Reader:
    """Goes through a rendering once."""

    def __init__(self) -> None:
        self._section: Key = TOP
        self._headings: list[tuple[int, Key]] = []
        self._seen: dict[Key, int] = {}
        self._group, self._blank = 0, 0
        self._fence = ""

    def read(self, rendering: Rendering) -> Iterator[Unit]:
        for parts in _lines(rendering.parts):
            text = "".join(part.text for part in parts)
            if not text.strip() and not any(part.id is not None for part in parts):
                self._blank += 1
                continue
            if self._blank:
                self._group += 1
            yield self._unit(parts, tuple(text.split("\n")))
            self._blank = 0

    def _unit(self, parts: tuple[Part, ...], lines: tuple[str, ...]) -> Unit:
        ids = tuple(part.id for part in parts if part.id is not None)
        fenced = bool(self._fence)
        level = self._level(lines[0])
        while level and self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        if level:
            self._section = self._headings[-1][1] if self._headings else TOP
        key = self._once(ids or ("", "\n".join(map(canonical, lines)), *self._section))
        if level:
            self._headings.append((level, key))
        section, self._section = self._section, key if level else self._section
        form = tuple(map(canonical, lines))
        return Unit(key, parts, lines, section, self._group, self._blank, level, fenced, form)

    def _level(self, line: str) -> int:
        """The level of a heading; fences are followed on the way."""
        fence = FENCE.match(line)
        if fence and (not self._fence or fence[1].startswith(self._fence)):
            self._fence = "" if self._fence else fence[1]
        heading = HEADING.match(line)
        return len(heading[1]) if heading and not self._fence else 0

    def _once(self, key: Key) -> Key:
        """`key`, told apart from an earlier one that is the same."""
        times = self._seen[key] = self._seen.get(key, 0) + 1
        return key if times == 1 else (*key, f"~{times}")


def _lines(parts: Sequence[Part]) -> Iterator[tuple[Part, ...]]:
    """The parts of each line, without its end: a line ends where fixed words do. The last one has no end."""
    line: list[Part] = []
    for part in parts:
        if part.id is not None:
            line.append(part)
            continue
        first, *others = part.text.split("\n")
        if first:
            line.append(Part(None, first))
        for text in others:
            yield tuple(line)
            line = [Part(None, text)] if text else []
    if line:
        yield tuple(line)
