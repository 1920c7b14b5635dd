"""The fields of a file that state the project's own version: their lines, and their very bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from git_hotfix.dependencies.carriers import locks
from git_hotfix.dependencies.carriers.numbers import number_pattern, read_tuple, read_written, states
from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place, Read
from git_hotfix.dependencies.carriers.table import carrier_of
from git_hotfix.dependencies.carriers.version_files import is_version_file, read_version_file
from git_hotfix.model.frozen import frozen
from git_hotfix.model.versions import Version

_SIZE = 5_000_000  # bytes; the largest lock files of npm
_PROBE = 77_770  # numbers that nobody has: what is found under one of them is what stood there
_MOST = 60  # texts of one file that are tried one by one
# The parts of a version in fields of their own: APP_VERSION_MAJOR, minor_version, PATCHLEVEL.
_PARTS = (r"(?i)major", r"(?i)minor", r"(?i)patch|micro")


@frozen
class Field:
    """A field that states an own version: its place as the reader of the file has it, and the value there. `start` and
    `end` are the bytes of the version itself, -1 where they were not found; `line` counts from 1, None likewise."""

    place: Place
    value: str
    start: int = -1
    end: int = -1
    line: int | None = None


def reader_of(path: str) -> Read | None:
    """The reader of the own versions in the file at `path`; None for a file that carries none."""
    name = path.rpartition("/")[2].lower()
    if name in locks.READERS:
        return locks.READERS[name]
    carrier = carrier_of(path)
    if carrier:
        return carrier.read
    return (lambda content: read_version_file(path, content)) if is_version_file(path) else None


def read_versions(path: str, content: bytes | None) -> OwnVersions | None:
    """What the file at `path` says of the project's own version; None where nothing can be said."""
    read = reader_of(path)
    if read is None or content is None or len(content) > _SIZE:
        return None
    try:
        return read(content)
    except Exception:  # the parsers of a dozen formats raise what they like
        return None


def holds_number(content: bytes | None, number: Version) -> bool:
    """False for a file that cannot state `number` anywhere: it need not be parsed."""
    if content is None or len(content) > _SIZE:
        return False
    return re.search(number_pattern(number), content) is not None or b"major" in content.lower()


def stating(versions: Mapping[Place, str], number: Version) -> list[Place]:
    """The places that state `number`, whole or in parts of which each agrees."""
    parts = _parts(versions)
    whole = [place for place, value in versions.items() if place not in parts and states(value, number)]
    agreed = [_part(number, which) == bare(versions[place]) for place, which in parts.items()]
    return [*whole, *parts] if len(set(parts.values())) > 1 and all(agreed) else whole


def part_of(place: Place, value: str, number: Version) -> str | None:
    """What a field of one part of a version has to hold for `number`; None for a field of a whole one."""
    which = _which_part(place) if _is_number(value) else None
    return None if which is None else _part(number, which)


def bare(value: str) -> str:
    """A value without its quotes."""
    return value.strip("\"'")


def _is_number(value: str) -> bool:
    return bare(value).isdecimal()


def _parts(versions: Mapping[Place, str]) -> dict[Place, int]:
    """The places that hold one number each, and which."""
    found = {place: _which_part(place) for place, value in versions.items() if _is_number(value)}
    return {place: which for place, which in found.items() if which is not None}


def _which_part(place: Place) -> int | None:
    return next((which for which, word in enumerate(_PARTS) if re.search(word, place[-1])), None)


def _part(number: Version, which: int) -> str:
    return str(number.numbers[which]) if which < len(number.numbers) else "0"


def same_places(before: Mapping[Place, str], after: Mapping[Place, str]) -> dict[Place, Place]:
    """Places of one reading of a file → those of a later one: readers number statements, and a new one moves them."""
    orders: list[dict[tuple[str, ...], list[Place]]] = [{}, {}]
    for order, versions in zip(orders, (before, after), strict=True):
        for place in versions:
            order.setdefault(_unnumbered(place), []).append(place)
    pairs = {place: place for place in before if place in after}
    for name, old in orders[0].items():
        new = orders[1].get(name, [])
        if len(new) == len(old):
            pairs |= dict(zip(old, new, strict=True))
    return pairs


def _unnumbered(place: Place) -> tuple[str, ...]:
    return tuple("" if part.isdigit() else re.sub(r" \d+$", "", part) for part in place)


def locate(path: str, content: bytes, places: Sequence[Place]) -> list[Field]:
    """The fields at `places` of the file with their bytes.

    Held by trying: where another number is put in the place of a text that looks like the version, the reader has to
    find it at that place.
    """
    read, found = reader_of(path), read_versions(path, content)
    if read is None or found is None:
        return []
    values = {place: found.versions[place] for place in places if place in found.versions}
    spans = _spans(content, values.values())
    placed = _found_by_probes(path, content, spans)
    missing = [place for place in values if place not in placed]
    if missing and len(spans) <= _MOST:
        placed |= _found_together(path, content, found, spans, missing)
    fields = []
    for place, value in values.items():
        start, end = placed.get(place, (-1, -1))
        line = content.count(b"\n", 0, start) + 1 if start >= 0 else None
        fields.append(Field(place, value, start, end, line))
    return fields


Span = tuple[int, int]


def _spans(content: bytes, values: Iterable[str]) -> list[Span]:
    """Every text in the file that looks like one of `values`."""
    wanted: set[bytes] = set()
    for value in values:
        numbers, written = read_tuple(value), read_written(value)
        if numbers is not None:
            wanted.add(rb"(?<![\w.])" + rb"\s*,\s*".join(b"%d" % each for each in numbers) + rb"(?![\w.])")
        elif written:
            core = re.escape(written.core.encode("utf-8", "surrogateescape"))
            wanted.add(rb"(?<![0-9.])" + core + rb"(?![\w]|[.-]\w)")
    pattern = b"|".join(sorted(wanted))
    return [match.span() for match in re.finditer(pattern, content)] if wanted else []


def put(content: bytes, texts: Mapping[Span, bytes]) -> bytes:
    """The file with other bytes at some places."""
    pieces, last = [], 0
    for (start, end), text in sorted(texts.items()):
        pieces += [content[last:start], text]
        last = end
    return b"".join([*pieces, content[last:]])


def _probe(content: bytes, span: Span, number: int) -> bytes:
    """The text there with another first number."""
    return re.sub(rb"\d+", b"%d" % (_PROBE + number), content[slice(*span)], count=1)


def _found_by_probes(path: str, content: bytes, spans: Sequence[Span]) -> dict[Place, Span]:
    """Places → spans, where each span has a number of its own."""
    tried = read_versions(path, put(content, {span: _probe(content, span, at) for at, span in enumerate(spans)}))
    found = {}
    for place, value in (tried.versions if tried else {}).items():
        probe = re.search(r"\d+", value)
        at = int(probe[0]) - _PROBE if probe else -1
        if 0 <= at < len(spans):
            found[place] = spans[at]
    return found


def _found_together(
    path: str, content: bytes, before: OwnVersions, spans: Sequence[Span], missing: Sequence[Place]
) -> dict[Place, Span]:
    """Places that are own only as long as another states the same: a parent's version in a pom.xml. What is nobody
    else's is left, and all of it has to move at once; then place and text are in the same order."""
    own = []
    for span in spans:
        tried = read_versions(path, put(content, {span: _probe(content, span, 0)}))
        if tried and (tried.versions.keys() != before.versions.keys() or tried.rest == before.rest):
            own.append(span)
    tried = read_versions(path, put(content, {span: _probe(content, span, 0) for span in own}))
    if tried is None or tried.rest != before.rest or tried.versions.keys() != before.versions.keys():
        return {}
    moved = [place for place, value in tried.versions.items() if value != before.versions[place]]
    if len(moved) != len(own) or not set(missing) <= set(moved):
        return {}
    return dict(zip(sorted(moved, key=_order), own, strict=True))


def _order(place: Place) -> tuple[tuple[int, str], ...]:
    """Elements of XML by their numbers, as they stand in the file."""
    numbered = (re.search(r" (\d+)$", part) for part in place)
    return tuple((int(found[1]) if found else 0, part) for found, part in zip(numbered, place, strict=True))
