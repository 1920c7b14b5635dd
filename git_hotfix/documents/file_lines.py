"""The lines of a file as people left it: their ends, a byte order mark, a missing newline at the end, and what git
could not merge."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from git_hotfix.model.frozen import frozen, replace

_BOM = "\ufeff"
_Pair = tuple[str, str]  # a line and its end


@frozen
class OtherSide:
    """The other side of a conflict that git left: its `lines` with their ends, and the lines `start` to before `end`
    of the file that are this side."""

    start: int
    end: int
    lines: tuple[_Pair, ...]


@frozen
class FileLines:
    """A text as lines without their ends. `ends` are those ends; `end` is the one that most lines have; `closed`: the
    last line has one. Of conflicts that git left it has this side; the others are in `others`."""

    lines: tuple[str, ...]
    ends: tuple[str, ...]
    end: str
    mark: str
    closed: bool
    others: tuple[OtherSide, ...] = ()

    @property
    def other_file(self) -> tuple[str, ...]:
        """The lines of the file with the other side of every conflict."""
        done, lines = 0, list[str]()
        for other in self.others:
            lines += [*self.lines[done : other.start], *(line for line, _ in other.lines)]
            done = other.end
        return (*lines, *self.lines[done:])


def read_lines(text: str) -> FileLines:
    """The lines of `text`."""
    mark = _BOM if text.startswith(_BOM) else ""
    *whole, last = text[len(mark) :].split("\n")
    pairs = [(line[:-1], "\r\n") if line.endswith("\r") else (line, "\n") for line in whole]
    pairs, others = _without_conflicts([*pairs, (last, "")] if last else pairs)
    closed = not pairs or bool(pairs[-1][1])
    crlf = sum(end == "\r\n" for _, end in pairs)
    end = "\r\n" if crlf * 2 > sum(bool(end) for _, end in pairs) else "\n"
    lines, ends = tuple(line for line, _ in pairs), tuple(each for _, each in pairs)
    return FileLines(lines, ends, end, mark, closed, others)


def write_lines(pairs: Iterable[tuple[str, str]], file: FileLines) -> str:
    """The text of lines and their ends (empty: that of most lines), with the mark and the last end of `file`."""
    text = "".join(f"{line}{end or file.end}" for line, end in pairs)
    if not file.closed and text.endswith("\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return file.mark + text


def with_lines(file: FileLines, gaps: Mapping[int, Sequence[_Pair]]) -> FileLines:
    """`file` with other lines before some of its own, and without the other sides of its conflicts."""
    pairs: list[_Pair] = []
    for number, pair in enumerate([*zip(file.lines, file.ends, strict=True), None]):
        pairs += gaps.get(number, ())
        pairs += [pair] if pair else []
    lines, ends = tuple(line for line, _ in pairs), tuple(end for _, end in pairs)
    return replace(file, lines=lines, ends=ends, others=())


def _without_conflicts(pairs: list[_Pair]) -> tuple[list[_Pair], tuple[OtherSide, ...]]:
    """The first side of each conflict that git left, and none of its markers; and the others."""
    done: list[_Pair] = []
    others: list[OtherSide] = []
    number = 0
    while number < len(pairs):
        hunk = _conflict(pairs, number) if pairs[number][0].startswith("<<<<<<< ") else None
        if hunk:
            others.append(OtherSide(len(done), len(done) + len(hunk[0]), tuple(hunk[1])))
            done += hunk[0]
            number = hunk[2]
        else:
            done.append(pairs[number])
            number += 1
    return done, tuple(others)


def _conflict(pairs: list[_Pair], start: int) -> tuple[list[_Pair], list[_Pair], int] | None:
    """The sides of the conflict that begins at `start`, and where it ends; None where it is not whole."""
    sides: list[list[_Pair]] = [[]]
    for number in range(start + 1, len(pairs)):
        line = pairs[number][0]
        if line.startswith("<<<<<<< "):
            return None
        if line.startswith("||||||| ") and len(sides) == 1:
            sides.append([])
        elif line == "=======" and len(sides) < 3:
            sides += [[]] if len(sides) == 2 else [[], []]
        elif line.startswith(">>>>>>> ") and len(sides) == 3:
            return sides[0], sides[2], number + 1
        else:
            sides[-1].append(pairs[number])
    return None
