"""A file in conflict as text: what stands between git's markers, and when two conflicts are the same."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence

from git_hotfix.model.frozen import frozen

MARKER = rb"^(?:<{7,}|>{7,}|\|{7,})(?: |\r?$)"
"""A line that only a conflict leaves behind; `=======` alone may as well be a heading's underline."""


@frozen
class Hunk:
    """The two sides of one place in conflict, with their line ends."""

    ours: bytes
    theirs: bytes


Piece = bytes | Hunk


def parse(text: bytes, ours: str, theirs: str) -> tuple[Piece, ...] | None:
    """The text between the hunks, and the hunks, in their order.

    `ours` and `theirs` are what the markers' labels begin with: the ids of the commits that were merged, so that no
    line of the file is taken for a marker. None for a text without a hunk, and for one that cannot be told apart from
    its markers (a `=======` of the file's own within a hunk).
    """
    begins, ends = b"<<<<<<< " + ours.encode(), b">>>>>>> " + theirs.encode()
    pieces: list[Piece] = []
    sides: list[list[bytes]] = []  # of the hunk that is open
    between: list[bytes] = []
    for line in _lines(text):
        if line.startswith(begins):
            if sides:
                return None
            pieces.append(b"".join(between))
            between, sides = [], [[]]
        elif not sides:
            between.append(line)
        elif line.startswith(ends):
            if len(sides) != 2:
                return None
            pieces.append(Hunk(b"".join(sides[0]), b"".join(sides[1])))
            sides = []
        elif line.startswith(b"=======") and line[7:].strip() == b"":
            if len(sides) != 1:
                return None
            sides.append([])
        elif line.startswith((b"<<<<<<< ", b"||||||| ", b">>>>>>> ")):
            return None  # a file about conflicts
        else:
            sides[-1].append(line)
    if sides or not pieces:
        return None
    return (*pieces, b"".join(between))


def _lines(text: bytes) -> list[bytes]:
    """Lines as git has them: they end at a line feed only."""
    lines = text.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def hunks(pieces: Sequence[Piece]) -> list[Hunk]:
    """The hunks of a parsed text."""
    return [piece for piece in pieces if isinstance(piece, Hunk)]


def lines_of(text: bytes) -> list[str]:
    """The lines of a text, without the blanks around them, and no empty ones."""
    return [line.strip().decode("utf-8", "surrogateescape") for line in _lines(text) if line.strip()]


def lines_of_theirs(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The lines of all hunks that only the second side has, without the blanks around them, and no empty ones."""
    return tuple(
        line.strip().decode("utf-8", "surrogateescape")
        for hunk in hunks(pieces)
        for line in _lines(hunk.theirs)
        if line.strip() and line not in _lines(hunk.ours)
    )


def outside_hunks(pieces: Sequence[Piece]) -> bytes:
    """All that is not in conflict."""
    return b"".join(piece for piece in pieces if isinstance(piece, bytes))


def with_answers(pieces: Sequence[Piece], side: Callable[[Hunk], bytes]) -> bytes:
    """The text with one answer for every hunk."""
    return b"".join(side(piece) if isinstance(piece, Hunk) else piece for piece in pieces)


def identity(pieces: Sequence[Piece], algorithm: str) -> str:
    """The name that git's rerere has for these hunks (rerere.c, handle_conflict): the digest of both sides of every
    hunk, the smaller first, so that it does not matter which branch was merged into which. `algorithm` is the
    repository's object format."""
    digest = hashlib.new(algorithm, usedforsecurity=False)
    for hunk in hunks(pieces):
        for side in sorted((hunk.ours, hunk.theirs)):
            digest.update(side + b"\0")
    return digest.hexdigest()


def normalize(pieces: Sequence[Piece]) -> bytes:
    """The text as rerere keeps it: markers without labels, the smaller side first."""

    def both(hunk: Hunk) -> bytes:
        one, two = sorted((hunk.ours, hunk.theirs))
        return b"<<<<<<<\n" + one + b"=======\n" + two + b">>>>>>>\n"

    return with_answers(pieces, both)


def context_of(preimage: bytes) -> bytes:
    """What stands outside the hunks of a normalized text."""
    kept, inside = [], False
    for line in _lines(preimage):
        if line == b"<<<<<<<\n":
            inside = True
        elif not inside:
            kept.append(line)
        elif line == b">>>>>>>\n":
            inside = False
    return b"".join(kept)


def difference(pieces: Sequence[Piece], result: bytes) -> str:
    """What became of the hunks, as the hunks of a unified diff from the text in conflict."""
    import difflib  # 2 ms, for those who ask to see it

    def with_labels(hunk: Hunk) -> bytes:
        return b"<<<<<<< target\n" + hunk.ours + b"=======\n" + hunk.theirs + b">>>>>>> fix\n"

    before, after = (
        [line.decode("utf-8", "surrogateescape") for line in _lines(text)]
        for text in (with_answers(pieces, with_labels), result)
    )
    lines = list(difflib.unified_diff(before, after, n=2))[2:]
    return "".join(line.rstrip("\r\n") + "\n" for line in lines)


_STARTS = re.compile(rb"(<{7,}) ")


def mark_own_lines(text: bytes, release: str) -> tuple[bytes, tuple[int, ...]]:
    """`text` in conflict, with the merge base in each hunk (git's diff3 style), as git writes it without, and the lines
    of the other side that the base has and ours has not, by their numbers in what is returned.

    These are the lines of `release`, on which the change was made, and none of the change; the marker behind them says
    so. Text that cannot be told apart from its markers is returned as it is.
    """
    made: list[bytes] = []
    numbers: list[int] = []
    hunk: list[list[bytes]] = []  # ours, base, theirs, as far as they are read
    size = 0
    for line in _lines(text):
        start = _STARTS.match(line)
        if start and not hunk:
            size, hunk = len(start[1]), [[]]
            made.append(line)
        elif not hunk:
            made.append(line)
        elif len(hunk) == 1 and line.startswith(b"|" * size):
            hunk.append([])
        elif len(hunk) == 2 and line.rstrip(b"\r\n") == b"=" * size:
            hunk.append([])
            separator = line
        elif len(hunk) == 3 and line.startswith(b">" * size):
            ours, base, theirs = hunk
            begin = len(made) + len(ours) + 2
            own = [
                begin + place for place, each in enumerate(theirs) if each.strip() and each in base and each not in ours
            ]
            end = line.rstrip(b"\r\n")
            words = f"; {release}'s own, not the fix's: {spans(own)}".encode("utf-8", "surrogateescape") if own else b""
            made += [*ours, separator, *theirs, end + words + line[len(end) :]]
            numbers += own
            hunk = []
        else:
            hunk[-1].append(line)
    return (text, ()) if hunk else (b"".join(made), tuple(numbers))


def spans(numbers: Sequence[int]) -> str:
    """`3-5, 9`: line numbers in order, in words."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][1] == number - 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in found)
