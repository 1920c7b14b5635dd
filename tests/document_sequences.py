"""A life of a document at random: the tool writes it again and again, people edit it in between, and two branches that
did both are merged by git.

Every value of the tool is a word of its own (`f3v7`: fact 3, seventh value), and so is everything that people write
(`h12`), so what happened to each can be told from the text alone.
"""

from __future__ import annotations

import random
import re
import subprocess
from dataclasses import dataclass, field, replace
from pathlib import Path

from git_hotfix.documents.merge import merge_document
from git_hotfix.documents.rendering import Part, Rendering

HUMAN = re.compile(r"\bh\d+\b")
FACT = re.compile(r"\bf(\d+)v(\d+)\b")


@dataclass
class Spot:
    """A value of the template and where it stands."""

    id: str
    shape: str  # inline, block, code, item, row, box
    number: int
    version: int = 0
    ticked: bool = False
    lines: int = 1
    cells: int = 2

    def words(self) -> str:
        return f"f{self.number}v{self.version}"


@dataclass
class Section:
    heading: str
    spots: list[Spot] = field(default_factory=list)


@dataclass
class Template:
    """A template whose values change."""

    chance: random.Random
    title: Spot
    sections: list[Section] = field(default_factory=list)
    count: int = 0

    def change(self) -> None:
        """Other facts, and sometimes a row or an item more or less, or a section more."""
        spots = [self.title, *(spot for section in self.sections for spot in section.spots)]
        for spot in spots:
            if self.chance.random() < 0.4:
                spot.version += 1
                spot.lines = self.chance.randint(1, 3)
                spot.ticked = self.chance.random() < 0.5
        for section in self.sections:
            listed = [spot for spot in section.spots if spot.shape in ("item", "row", "box")]
            if listed and self.chance.random() < 0.3:
                where = self.chance.choice(section.spots)
                section.spots.insert(section.spots.index(where), self.new_spot(listed[0].shape))
                section.spots.sort(key=lambda spot: _ORDER.index(spot.shape))
            if len(listed) > 2 and self.chance.random() < 0.2:
                section.spots.remove(self.chance.choice(listed))
        if self.chance.random() < 0.1:
            self.sections.insert(self.chance.randint(0, len(self.sections)), self.new_section())

    def new_spot(self, shape: str) -> Spot:
        self.count += 1
        return Spot(f"{shape}{self.count}", shape, self.count, lines=self.chance.randint(1, 3))

    def new_section(self) -> Section:
        self.count += 1
        shapes = self.chance.sample(_ORDER, self.chance.randint(1, 3))
        spots = [
            self.new_spot(shape)
            for shape in sorted(shapes, key=_ORDER.index)
            for _ in range(1 if shape in ("block", "code") else self.chance.randint(1, 4))
        ]
        return Section(f"{self.chance.choice(('##', '##', '###'))} Part {self.count}", spots)

    def rendering(self) -> Rendering:
        parts: list[Part] = []

        def fixed(text: str) -> None:
            parts.append(Part(None, text))

        fixed("# Hotfix ")
        parts.append(Part(self.title.id, self.title.words()))
        fixed("\n")
        for section in self.sections:
            fixed(f"\n{section.heading}\n")
            before = ""
            for spot in section.spots:
                if spot.shape != before:
                    fixed("\n")
                if spot.shape == "row" and before != "row":
                    fixed("| Time | Event |\n|---|---|\n")
                before = spot.shape
                parts.extend(_parts(spot))
        if self.chance.random() < 0.5 and len(self.sections) > 1:
            fixed("\n---\n\nWritten by the tool.\n")
        return Rendering(tuple(parts))


_ORDER = ["inline", "block", "code", "item", "row", "box"]


def _parts(spot: Spot) -> list[Part]:
    words = spot.words()
    several = "\n\n".join(f"{words} paragraph {number}" for number in range(spot.lines))
    if spot.shape == "inline":
        return [Part(None, f"- **Label {spot.number}:** "), Part(spot.id, words), Part(None, "\n")]
    if spot.shape == "block":
        return [Part(spot.id, several), Part(None, "\n")]
    if spot.shape == "code":
        lines = "\n".join(f"{words} line {number}" for number in range(spot.lines))
        return [Part(None, "```text\n"), Part(spot.id, lines), Part(None, "\n```\n")]
    if spot.shape == "item":
        return [Part(None, "- "), Part(spot.id, words), Part(None, "\n")]
    if spot.shape == "row":
        return [Part(None, "| "), Part(f"{spot.id}/time", words), Part(None, f" | Event {spot.number} |\n")]
    tick, text = Part(f"{spot.id}#tick", "x" if spot.ticked else " "), Part(f"{spot.id}#text", words)
    return [Part(None, "- ["), tick, Part(None, "] "), text, Part(None, "\n")]


def new_template(chance: random.Random) -> Template:
    template = Template(chance, Spot("title", "inline", 0))
    template.sections = [template.new_section() for _ in range(chance.randint(1, 4))]
    return template


@dataclass
class File:
    """The file as it is now, and what the logbook holds of it."""

    text: str
    written: list[Rendering] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)

    def edit(self, people: People) -> None:
        """Let people do one thing to it."""
        before = _stretches(self.text)
        self.text = people.edit(self.text)
        after = _stretches(self.text)
        self.touched = self.touched | {fact for fact in before if before[fact] != after.get(fact)}


def _stretches(text: str) -> dict[str, list[str]]:
    """For each fact the lines from its first to its last."""
    lines = re.split("\r?\n", text)
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        for found in FACT.finditer(line):
            places.setdefault(found[1], []).append(number)
    return {fact: lines[numbers[0] : numbers[-1] + 1] for fact, numbers in places.items()}


class People:
    """Somebody who edits the file."""

    def __init__(self, chance: random.Random, *, deletes: bool = True) -> None:
        self.chance, self.deletes = chance, deletes
        self.count = 0

    def word(self) -> str:
        self.count += 1
        return f"h{self.count}"

    def edit(self, text: str) -> str:
        """`text` with one thing done to it."""
        end = "\r\n" if "\r\n" in text else "\n"
        lines = text.split(end)
        doings = [self.add, self.add, self.change_value, self.move_section, self.rename, self.tick, self.add_block,
                  self.copy, self.append, self.add_item]  # fmt: skip
        if self.deletes:
            doings += [self.delete, self.delete_section]
        self.chance.choice(doings)(lines)
        return end.join(lines)

    def add(self, lines: list[str]) -> None:
        lines.insert(self.chance.randint(0, len(lines) - 1), f"{self.word()} is a note")

    def add_item(self, lines: list[str]) -> None:
        sign = self.chance.choice(("- ", "- [ ] ", "- [x] ", "| 10:00 | ", "### ", "* ", "```\n# "))
        lines[(at := self.chance.randint(0, len(lines) - 1)) : at] = f"{sign}{self.word()}".split("\n")

    def add_block(self, lines: list[str]) -> None:
        new = ["", f"{self.word()} begins", f"{self.word()} goes on", "", f"{self.word()} ends", ""]
        lines[(at := self.chance.randint(0, len(lines) - 1)) : at] = new

    def append(self, lines: list[str]) -> None:
        at = self.chance.randint(0, len(lines) - 1)
        if lines[at].strip() and not lines[at].startswith(("|", "```")):
            lines[at] += f" {self.word()}"

    def change_value(self, lines: list[str]) -> None:
        at = [number for number, line in enumerate(lines) if FACT.search(line)]
        if at:
            number = self.chance.choice(at)
            lines[number] = FACT.sub(self.word(), lines[number])

    def delete(self, lines: list[str]) -> None:
        del lines[self.chance.randint(0, len(lines) - 1)]

    def delete_section(self, lines: list[str]) -> None:
        if found := self._section(lines):
            del lines[found[0] : found[1]]

    def move_section(self, lines: list[str]) -> None:
        if found := self._section(lines):
            section = lines[found[0] : found[1]]
            del lines[found[0] : found[1]]
            heads = [number for number, line in enumerate(lines) if line.startswith("##")] or [len(lines)]
            lines[(at := self.chance.choice(heads)) : at] = section

    def rename(self, lines: list[str]) -> None:
        heads = [number for number, line in enumerate(lines) if line.startswith("#")]
        if heads:
            lines[self.chance.choice(heads)] = f"## {self.word()} renamed"

    def tick(self, lines: list[str]) -> None:
        boxes = [number for number, line in enumerate(lines) if line.startswith("- [")]
        if boxes:
            at = self.chance.choice(boxes)
            lines[at] = f"- [{'x' if lines[at][3] == ' ' else ' '}{lines[at][4:]}"

    def copy(self, lines: list[str]) -> None:
        lines.insert(self.chance.randint(0, len(lines) - 1), self.chance.choice(lines))

    def _section(self, lines: list[str]) -> tuple[int, int] | None:
        heads = [number for number, line in enumerate(lines) if line.startswith("##")]
        if not heads:
            return None
        which = self.chance.randrange(len(heads))
        return heads[which], heads[which + 1] if which + 1 < len(heads) else len(lines)


def human_lines(text: str) -> list[str]:
    """The lines in which people wrote something, without what is the tool's on them."""
    lines = (re.sub(r"^- \[[ x]\]", "- []", FACT.sub("f", line).strip()) for line in text.split("\n"))
    return [line for line in lines if HUMAN.search(line)]


def human_ticks(file: File) -> set[str]:
    """The boxes that people ticked: their facts, where the newest rendering has no tick."""
    last: dict[str, str] = {}
    for rendering in file.written:
        for id, text in rendering.values.items():
            if id.endswith("#tick"):
                last[rendering.values[f"{id[:-5]}#text"].partition("v")[0]] = text
    ticked = {match[1] for match in re.finditer(r"^- \[x\] (f\d+)v", file.text, re.MULTILINE)}
    return {fact for fact in ticked if last.get(fact) == " "}


def write(file: File, rendering: Rendering) -> File:
    """The file once the tool has written `rendering`, with everything that has to hold."""
    merged = merge_document(file.text, file.written, rendering)
    text = merged.text
    context = f"--- was\n{file.text}\n--- new\n{rendering.text}\n--- is\n{text}\n--- {merged.dropped} {merged.beside}"
    missing = [line for line in human_lines(file.text) if line not in human_lines(text)]
    assert not missing, f"lost {missing}\n{context}"
    for fact in human_ticks(file):
        found = re.findall(rf"^- \[(.)\] {fact}v", text, re.MULTILINE)
        assert not found or "x" in found, f"tick of {fact} lost\n{context}"
    stale(rendering, text, merged.dropped, file.touched, context)
    assert not re.search(r"^(<<<<<<<|>>>>>>>|\|\|\|\|\|\|\|)", text, re.MULTILINE), context
    if "\r\n" in file.text and "\n" not in file.text.replace("\r\n", ""):
        assert "\n" not in text.replace("\r\n", ""), f"ends of lines\n{context}"
    if file.text.strip():
        assert text.endswith("\n") == file.text.endswith("\n"), f"last newline\n{context}"
    again = merge_document(text, [*file.written, rendering], rendering)
    assert again.text == text, f"a second run differs\n{context}\n--- second\n{again.text}"
    return File(text, [*file.written, rendering], file.touched)


def stale(rendering: Rendering, text: str, dropped: tuple[str, ...], touched: set[str], context: str) -> None:
    """No fact is old, and each is there unless people deleted it or wrote another. A value of several lines that
    people `touched` is theirs."""
    now = {}
    for id, value in rendering.values.items():
        if found := FACT.search(value):
            now[found[1]] = (id, found[0])
    for line in text.split("\n"):
        for found in FACT.finditer(line):
            mine = found[1] in touched and now.get(found[1], ("block",))[0].startswith(("block", "code"))
            if not HUMAN.search(line) and found[1] in now and not mine:
                assert now[found[1]][1] == found[0], f"{found[0]} is old in {line!r}\n{context}"
    for id, value in now.values():
        assert value in text or id in dropped or id.endswith("#text"), f"{id} {value} is missing\n{context}"


def merge_by_git(ours: str, base: str, theirs: str, how: str, folder: Path) -> str:
    """What git makes of two branches: `how` is `markers`, or one of the options of merge-file."""
    names = []
    for name, text in (("ours", ours), ("base", base), ("theirs", theirs)):
        (folder / name).write_text(text, "utf-8", newline="")
        names.append(name)
    option = [] if how == "markers" else [how]
    done = subprocess.run(["git", "merge-file", "-p", *option, *names], cwd=folder, capture_output=True, check=False)
    return done.stdout.decode()


def live(seed: int, folder: Path) -> int:
    """One life of a document; how many times it was written."""
    chance = random.Random(seed)
    template = new_template(chance)
    people = People(chance, deletes=chance.random() < 0.7)
    first = template.rendering()
    file = File(merge_document("", [], first).text, [first])
    if chance.random() < 0.2:
        file.text = file.text.replace("\n", "\r\n")
    if chance.random() < 0.1:
        file.text = file.text.removesuffix("\n").removesuffix("\r")
    for _ in range(chance.randint(2, 6)):
        if chance.random() < 0.25:
            file = _branches(file, template, people, chance, folder)
        else:
            for _ in range(chance.randint(0, 4)):
                file.edit(people)
            if chance.random() < 0.8:
                template.change()
            file = write(file, template.rendering())
    return len(file.written)


def _branches(file: File, template: Template, people: People, chance: random.Random, folder: Path) -> File:
    """Two branches that people edited and the tool wrote, merged by git, and written once more."""
    sides = []
    for _ in range(2):
        side = replace(file)
        for _ in range(chance.randint(0, 3)):
            side.edit(people)
        template.change()
        sides.append(write(side, template.rendering()))
    how = chance.choice(("markers", "--union", "--ours", "--theirs"))
    text = merge_by_git(sides[0].text, file.text, sides[1].text, how, folder)
    touched = sides[0].touched | sides[1].touched
    if how != "markers":  # git may tear paragraphs out of their places, and the file does not tell
        written = [_stretches(side.text) for side in sides]
        touched |= {
            fact for fact, lines in _stretches(text).items() if lines not in [each.get(fact) for each in written]
        }
    merged = File(text, [*sides[0].written, *sides[1].written[len(file.written) :]], touched)
    template.change()
    return write(merged, template.rendering())
