"""Whether a conflict is about the project's own version, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from git_hotfix.dependencies.carriers.own_versions import Place, Read
from git_hotfix.dependencies.carriers.table import Carrier, carrier_of, version_in
from git_hotfix.git.run import decode, encode
from git_hotfix.model.conflict_text import Hunk, Piece, hunks, with_answers

_PROBE = 77_770  # versions that nobody has: what is found under one of them is what stood in its line
_LINE = 500  # characters; a longer one is not a line of a version
_SIZE = 5_000_000  # bytes; the largest lock files of npm


def is_known(path: str) -> bool:
    """True for a file whose own version can be told from everything else in it."""
    return carrier_of(path) is not None


@lru_cache(maxsize=32)  # what many features have in common is in conflict in the same way on each of them
def is_only_versions(path: str, pieces: tuple[Piece, ...]) -> bool:
    """True when the two sides of every hunk differ only in lines that state the project's own version.

    Held by trying, on both sides: the parser of the format, given other versions in these lines, finds each where a
    version of the project stands, the same one on either side, and nothing else is changed by it.
    """
    carrier = carrier_of(path)
    if carrier is None or sum(map(_size, pieces)) > _SIZE:
        return False
    try:
        tried = [_probe_hunk(carrier, hunk) for hunk in hunks(pieces)]
        if None in tried:
            return False
        places = [_places(carrier.read, pieces, [each for each in tried if each], side) for side in (_ours, _theirs)]
    except Exception:  # the parsers of a dozen formats raise what they like; what cannot be read is not settled
        return False
    return places[0] is not None and places[0] == places[1]


def _size(piece: Piece) -> int:
    return len(piece.ours) + len(piece.theirs) if isinstance(piece, Hunk) else len(piece)


def _ours(hunk: Hunk) -> bytes:
    return hunk.ours


def _theirs(hunk: Hunk) -> bytes:
    return hunk.theirs


ProbedHunk = tuple[bytes, bytes, int]
"""Both sides of a hunk with probes in the place of versions, and how many there are."""


def _probe_hunk(carrier: Carrier, hunk: Hunk) -> ProbedHunk | None:
    """None for a hunk whose sides differ in more than versions."""
    sides = [decode(side).split("\n") for side in (hunk.ours, hunk.theirs)]
    if len(sides[0]) != len(sides[1]):
        return None
    count = 0
    for number, lines in enumerate(zip(*sides, strict=True)):
        bare = [line.removesuffix("\r") for line in lines]
        if bare[0] == bare[1]:
            continue
        spans = version_in(carrier, *bare) if max(map(len, bare)) <= _LINE else None
        if spans is None:
            return None
        for side, line, (start, end) in zip(sides, lines, spans, strict=True):
            side[number] = line[:start] + _probe(line[start:end], count) + line[end:]
        count += 1
    first, second = (encode("\n".join(side)) for side in sides)
    return (first, second, count) if count else None


def _probe(version: str, count: int) -> str:
    """`\0` and a number stand for a version until the hunks are counted through; quotes stay around it, and a tuple is
    one."""
    if version.startswith("("):
        return f"(0, \0{count}\0)"
    quote = version[:1] if version[:1] in ("'", '"') else ""
    number = "" if version.isdigit() else "0.0."
    return f"{quote}{number}\0{count}\0{quote}"


def _places(
    read: Read, pieces: Sequence[Piece], tried: Sequence[ProbedHunk], side: Callable[[Hunk], bytes]
) -> Mapping[str, Place] | None:
    """Probe → the place where it is found; None where one is not, or where anything else has changed."""
    queue = list(tried)
    probes: list[str] = []

    def put_probes(_: Hunk) -> bytes:
        ours, theirs, count = queue.pop(0)
        content = theirs if side is _theirs else ours
        for number in range(count):
            probes.append(str(_PROBE + len(probes)))
            content = content.replace(b"\0%d\0" % number, probes[-1].encode())
        return content

    before, after = read(with_answers(pieces, side)), read(with_answers(pieces, put_probes))
    if before is None or after is None or before.rest != after.rest or before.versions.keys() != after.versions.keys():
        return None
    changed = {place: version for place, version in after.versions.items() if before.versions[place] != version}
    found = {probe: place for place, version in changed.items() for probe in probes if probe in version}
    return found if len(found) == len(changed) == len(probes) else None
