"""How much of a change a person has to read, whatever git takes for a line and for text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_hotfix.model.change import Hunk

LONG = 400  # characters; a longer line counts as several
WIDTH = 100  # characters of these; a line of code has at most 80 to 120 by most styles
_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")  # the byte order marks of UTF-16 and UTF-8
_READABLE = bytes(range(32, 127)) + b"\t\n\v\f\r\b\x1b"
_HIGH = bytes(range(128, 256))


def is_text(content: bytes) -> bool:
    """True when at most a third of `content` is neither readable ASCII nor UTF-8: the rule of `-T` in Perl (perlfunc),
    but held against the whole file and without a NUL byte being proof of anything. UTF-16 needs its byte order mark."""
    if content.startswith(_MARKS):
        return True
    strange = content.translate(None, _READABLE)
    if not strange:
        return True
    control = len(strange.translate(None, _HIGH))
    # What is no UTF-8 becomes one surrogate a byte.
    high = strange.translate(None, bytes(range(128)))
    broken = 0
    if high:
        broken = sum("\udc80" <= letter <= "\udcff" for letter in content.decode("utf-8", "surrogateescape"))
    return 3 * (control + broken) <= len(content)


def lines_to_read(hunks: Iterable[Hunk]) -> tuple[int, int]:
    """The added and the removed lines of `hunks`, those that are long, or that hold line ends which git takes for none
    (CR, form feed, U+2028), counted as several. Of a long line that takes the place of another, only what lies between
    their common beginning and their common end counts."""
    added = removed = 0
    for hunk in hunks:
        new, old = _bodies(hunk.added), _bodies(hunk.removed)
        added += len(new)
        removed += len(old)
        long_new, long_old = _several(new), _several(old)
        for place in range(max(len(long_new), len(long_old))):
            one, other = long_new[place : place + 1], long_old[place : place + 1]
            kept = _common(one[0], other[0]) if one and other else (0, 0)
            added += _weight(one, kept) - len(one)
            removed += _weight(other, kept) - len(other)
    return added, removed


def _bodies(lines: Sequence[tuple[int, str]]) -> list[str]:
    return [text.removesuffix("\n").removesuffix("\r") for _, text in lines]


def _several(bodies: Iterable[str]) -> list[str]:
    return [body for body in bodies if len(body) > LONG or len(body.splitlines()) > 1]


def _weight(body: Sequence[str], kept: tuple[int, int]) -> int:
    """The lines of the one text in `body` without its first and last characters that are kept; 0 for no text."""
    parts = [part for text in body for part in text[kept[0] : len(text) - kept[1]].splitlines() if part]
    return max(len(body), sum(-(-len(part) // WIDTH) if len(part) > LONG else 1 for part in parts))


def _common(one: str, other: str) -> tuple[int, int]:
    """How many characters two texts have in common at the beginning, and then at the end."""
    start = _equal(one, other, min(len(one), len(other)))
    # The rest turned round: comparing slices is quick, comparing letters is not.
    return start, _equal(one[start:][::-1], other[start:][::-1], min(len(one), len(other)) - start)


def _equal(one: str, other: str, most: int) -> int:
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if one[low:middle] == other[low:middle] else (low, middle - 1)
    return low
