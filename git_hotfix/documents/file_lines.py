"""The lines of a file as people left it: their ends, a byte order mark, a missing newline at the end, and what git
could not merge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Set
from difflib import SequenceMatcher

from git_hotfix.model.frozen import frozen, replace

_BOM = "\ufeff"
_Pair = tuple[str, str]  # a line and its end


@frozen
class FileLines:
    """A text as lines without their ends. `ends` are those ends; `end` is the one that most lines have. `theirs` are
    the lines that git found on the other side of a conflict only."""

    lines: tuple[str, ...]
    ends: tuple[str, ...]
    end: str
    mark: str
    closed: bool
    """The last line has an end."""
    conflicts: bool = False
    """git left conflicts in it."""
    theirs: frozenset[int] = frozenset()


def read_lines(text: str) -> FileLines:
    """The lines of `text`; of what git could not merge both sides, one after the other, and what they share once."""
    mark = _BOM if text.startswith(_BOM) else ""
    *whole, last = text[len(mark) :].split("\n")
    pairs = [(line[:-1], "\r\n") if line.endswith("\r") else (line, "\n") for line in whole]
    conflicts = any(line.startswith("<<<<<<< ") for line, _ in pairs)
    pairs, theirs = _without_conflicts([*pairs, (last, "")] if last else pairs)
    closed = not pairs or bool(pairs[-1][1])
    crlf = sum(end == "\r\n" for _, end in pairs)
    end = "\r\n" if crlf * 2 > sum(bool(end) for _, end in pairs) else "\n"
    return FileLines(
        tuple(line for line, _ in pairs), tuple(each for _, each in pairs), end, mark, closed, conflicts, theirs
    )


def write_lines(pairs: Iterable[tuple[str, str]], file: FileLines) -> str:
    """The text of lines and their ends (empty: that of most lines), with the mark and the last end of `file`."""
    text = "".join(f"{line}{end or file.end}" for line, end in pairs)
    if not file.closed and text.endswith("\n"):
        text = text.removesuffix("\n").removesuffix("\r")
    return file.mark + text


def without(file: FileLines, numbers: Set[int]) -> FileLines:
    """`file` without some of its lines."""
    kept = [number for number in range(len(file.lines)) if number not in numbers]
    lines, ends = tuple(file.lines[number] for number in kept), tuple(file.ends[number] for number in kept)
    return replace(file, lines=lines, ends=ends, theirs=frozenset())


def _without_conflicts(pairs: list[_Pair]) -> tuple[list[_Pair], frozenset[int]]:
    """Both sides of each conflict that git left, and none of its markers; which lines are of the second side only."""
    if not any(line.startswith("<<<<<<< ") for line, _ in pairs):
        return pairs, frozenset()
    done: list[_Pair] = []
    theirs: set[int] = set()
    number = 0
    while number < len(pairs):
        hunk = _conflict(pairs, number) if pairs[number][0].startswith("<<<<<<< ") else None
        if hunk:
            for line, is_theirs in _both(hunk[0], hunk[1]):
                theirs |= {len(done)} if is_theirs else set()
                done.append(line)
            number = hunk[2]
        else:
            done.append(pairs[number])
            number += 1
    return done, frozenset(theirs)


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


def _both(ours: list[_Pair], theirs: list[_Pair]) -> Iterator[tuple[_Pair, bool]]:
    """The lines of both sides, those in both once, and whether each is of the second only."""
    matcher = SequenceMatcher(None, [line for line, _ in ours], [line for line, _ in theirs], autojunk=False)
    for kind, a, b, c, d in matcher.get_opcodes():
        yield from ((pair, False) for pair in ours[a:b])
        if kind != "equal":
            yield from ((pair, True) for pair in theirs[c:d])
