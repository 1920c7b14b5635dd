"""The values of a document, put where their marks stand, each as its place demands.

A mark is two characters that Unicode reserves around a number; no template and no value holds one (`markdown.clean`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from git_hotfix.documents import markdown
from git_hotfix.documents.markdown import Spot
from git_hotfix.documents.rendering import Part, Rendering
from git_hotfix.documents.template_syntax import TemplateMistake
from git_hotfix.model.frozen import frozen

_MARK = re.compile("\ufdd0(\\d+)\ufdd1")
_FENCE = re.compile(r"( {0,3})(`{3,}(?=[^`]*$)|~{3,})")
_BEGINS = re.compile(r"[\s>]*(?:(?:[-*+]|\d+[.)])\s+)*")
_SIGNS = ("@", "#", "!", "&", "-")  # of mentions and references, which what follows a value could complete
_IN_TAG = re.compile(r"<[A-Za-z/!?][^<>]*$")


@frozen
class Value:
    """A value that a template asked for. `gap` are words where there is none, as Markdown; `note` stands after the
    text of a box; `said` as in `Part`."""

    id: str
    text: str
    gap: str = ""
    said: bool = False
    shape: Literal["text", "tick", "not-applicable"] = "text"
    note: str = ""


Piece = str | Value


def mark(number: int) -> str:
    """What stands in the output of a template for the value `number`."""
    return f"\ufdd0{number}\ufdd1"


def place_values(output: str, values: Sequence[Value]) -> Rendering:
    """`output` of a template with `values` instead of their marks. Raises TemplateMistake for a value inside the
    brackets of an HTML tag, where no text is safe."""
    lines = [_pieces(line, values) for line in output.split("\n")]
    parts = _Parts()
    fence, ticks = "", ""
    for number, line in enumerate(lines):
        if number:
            parts.add_fixed("\n")
        begin, *rest = line
        found = _FENCE.match(begin) if isinstance(begin, str) else None
        if found and not fence:
            fence = found[2]
            ticks = _long_enough(fence, lines[number + 1 :])
            _add_line(parts, [found[1] + ticks + found.string[found.end() :], *rest])
        elif found and not rest and found[2].startswith(fence) and not found.string[found.end() :].strip():
            fence = ""
            parts.add_fixed(found[1] + ticks)
        elif fence:
            _add_code_line(parts, line)
        else:
            _add_line(parts, line)
    return parts.rendering()


class _Parts:
    """The parts of a rendering while it is made: fixed words next to each other are one part, an id names one."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._fixed: list[str] = []
        self._times: dict[str, int] = {}

    def add_fixed(self, text: str) -> None:
        self._fixed.append(text)

    def add_value(self, value: Value, text: str) -> None:
        """Without a text, what stands there is a gap (a box always has one, and its tick is no gap)."""
        self._end_fixed()
        times = self._times[value.id] = self._times.get(value.id, 0) + 1
        self._parts.append(Part(value.id if times == 1 else f"{value.id}~{times}", text, value.said, not value.text))

    def rendering(self) -> Rendering:
        self._end_fixed()
        return Rendering(tuple(self._parts))

    def _end_fixed(self) -> None:
        if text := "".join(self._fixed):
            self._parts.append(Part(None, text))
        self._fixed.clear()


def _pieces(line: str, values: Sequence[Value]) -> list[Piece]:
    """A line as fixed words and values in turn; it begins and ends with fixed words, which may be empty."""
    pieces: list[Piece] = []
    for number, text in enumerate(_MARK.split(line)):
        if number % 2 and len(text) <= len(str(len(values))) and int(text) < len(values):
            pieces.append(values[int(text)])
        elif number % 2 or "\ufdd0" in text or "\ufdd1" in text:
            raise TemplateMistake("it makes a character that Unicode reserves")
        else:
            pieces.append(text)
    return pieces


def _long_enough(fence: str, lines: Sequence[Sequence[Piece]]) -> str:
    """`fence`, longer than any run of its sign in the values of the code block that `lines` begin with."""
    longest = len(fence) - 1
    for line in lines:
        if len(line) == 1 and isinstance(line[0], str) and re.fullmatch(rf" {{0,3}}{fence}{fence[0]}* *", line[0]):
            break
        texts = [piece.text for piece in line if isinstance(piece, Value)]
        longest = max([longest, *(markdown.longest_run(text, fence[0]) for text in texts)])
    return fence[0] * (longest + 1)


def _add_code_line(parts: _Parts, line: Sequence[Piece]) -> None:
    alone = len(line) == 3 and not "".join(piece for piece in line if isinstance(piece, str)).strip()
    for piece in line:
        if isinstance(piece, str):
            parts.add_fixed(piece)
        else:
            text = markdown.code_block(piece.text or _bare(piece.gap))
            parts.add_value(piece, text if alone else " ".join(text.split("\n")))


def _add_line(parts: _Parts, line: list[Piece]) -> None:
    """A line outside of code blocks. Backticks of the template right around a value become part of the value, because
    their number depends on it."""
    if len(line) == 3 and not f"{line[0]}{line[2]}".strip() and isinstance(line[1], Value) and line[1].shape == "text":
        _add_block(parts, str(line[0]), line[1], str(line[2]))
        return
    left = ""  # what stands before, with one letter for each value
    whole = "".join(piece if isinstance(piece, str) else "x" for piece in line)
    for number in range(0, len(line) - 1, 2):
        fixed, value, right = str(line[number]), line[number + 1], str(line[number + 2])
        assert isinstance(value, Value)
        left += fixed
        ticks = _open_code(left)
        if ticks and fixed.endswith(ticks) and re.match(rf"{ticks}(?!`)", right):
            parts.add_fixed(fixed.removesuffix(ticks))
            line[number + 2] = right.removeprefix(ticks)
            parts.add_value(value, _code_text(value, whole, around=True))
            left = f"{left.removesuffix(ticks)}x"
            continue
        parts.add_fixed(fixed)
        shown = _code_text(value, whole, around=False) if ticks else _text(value, left, right, whole)
        parts.add_value(value, shown if ticks or not _meets(shown, line[number + 2 :]) else shown + markdown.BREAK)
        left += "x"
    parts.add_fixed(str(line[-1]))


def _meets(shown: str, rest: Sequence[Piece]) -> bool:
    """True where a value and what the line goes on with could be a mention, a reference or the start of a list or of
    an action of a forge, which neither is by itself."""
    right = rest[0] if isinstance(rest[0], str) else ""
    following = rest[1].text.lstrip() if len(rest) > 1 and isinstance(rest[1], Value) and not right else ""
    if following and (shown.isdigit() or shown in ("/", ":")):
        return True
    return shown[-1:] in _SIGNS and markdown.joins(shown, right or following)


def _add_block(parts: _Parts, indent: str, value: Value, after: str) -> None:
    show = markdown.said_block if value.said else markdown.plain_block
    text = show(value.text) or " ".join(value.gap.split())
    parts.add_fixed(indent)
    parts.add_value(value, re.sub(r"\n(?=.)", f"\n{indent}", text))
    parts.add_fixed(after)


def _text(value: Value, left: str, right: str, whole: str) -> str:
    """A value as part of a line outside of code."""
    if value.shape == "tick":
        return value.text
    if left.endswith(("](", "](<")) or (left.endswith("<") and right.startswith(">")):
        return markdown.link_target(value.text)
    if _IN_TAG.search(left) and not left.rpartition("<")[2].startswith("!--"):
        raise TemplateMistake(f"a value cannot stand inside an HTML tag: {whole.strip()}")
    spot = Spot(
        begins=_BEGINS.fullmatch(left) is not None,
        cell=whole.lstrip().startswith("|"),
        links=not ("[" in left and "](" in right and left.count("[") > left.count("]")),
        strong=left.count("**") % 2 == 1 or left.replace("**", "").count("*") % 2 == 1,
    )
    show = markdown.said if value.said else markdown.plain
    # A bullet with nothing after it would make a heading of the line before it.
    text = show(value.text, spot) or " ".join(value.gap.split()) or ("" if spot.cell else "*empty*")
    note = markdown.plain(value.note, spot)
    if value.shape == "not-applicable":
        return f"~~{text}~~ not applicable" + (f": {note}" if note else "")
    return f"{text} ({note})" if note else text


def _code_text(value: Value, whole: str, *, around: bool) -> str:
    cell = whole.lstrip().startswith("|")
    if not value.text:
        return " ".join(value.gap.split()) if around else _bare(value.gap)
    return markdown.code_span(value.text, cell=cell) if around else markdown.inside_code_span(value.text, cell=cell)


def _open_code(left: str) -> str:
    """The backticks of the code span that is open at the end of `left`; empty outside of one."""
    ticks = ""
    for run in re.findall(r"`+", left.replace("\\`", "")):
        ticks = "" if run == ticks else ticks or run
    return ticks


def _bare(gap: str) -> str:
    """The words of a gap without their marks, for code."""
    return " ".join(re.sub("[*`]", "", gap).split())
