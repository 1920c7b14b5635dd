"""Whether a text states the number of a release tag, and the same text with another number."""

from __future__ import annotations

import re

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import TagName
from git_hotfix.model.versions import Version, is_release_suffix, parse

_LEADING = ("", "v", "V")  # what may stand before a number that is written alone


@frozen
class Written:
    """A version as a file writes it: how it begins (a quote, a `v`), its own text, how it ends, and that as a
    version. `core` is what another number takes the place of."""

    before: str
    core: str
    after: str
    version: Version


def read_written(value: str) -> Written | None:
    """`value` taken apart, or None where it is no version: a reference, a range, an expression."""
    found = re.fullmatch(r"(\s*[\"']?)([^\"'\s${}()\[\]<>=~^*,]+)([\"']?\s*)", value)
    version = parse(found[2]) if found else None
    if found is None or version is None:
        return None
    return Written(found[1] + version.prefix, version.text + version.suffix, found[3], version)


def read_tuple(value: str) -> tuple[int, ...] | None:
    """The numbers of `(1, 4, 2)`, or None for anything else."""
    found = re.fullmatch(r"\(?\s*(\d+(?:\s*,\s*\d+)+)\s*,?\s*\)?", value)
    return tuple(map(int, found[1].split(","))) if found else None


def states(value: str, number: Version) -> bool:
    """True when `value` is the number of a tag: `1.4.2`, `v1.4.2`, `1.4.2.0` and `(1, 4, 2)` are that of v1.4.2,
    `1.4.2-SNAPSHOT` is not."""
    numbers = read_tuple(value)
    if numbers is not None:
        return _bare(numbers) == _bare(number.numbers) and _is_plain(number.suffix)
    written = read_written(value)
    if written is None or written.version.prefix not in (*_LEADING, number.prefix):
        return False
    mine = written.version
    same = mine.rank[1] == number.rank[1] or (_is_plain(mine.suffix) and _is_plain(number.suffix))
    return _bare(mine.numbers) == _bare(number.numbers) and same


def restated(value: str, old: Version, new: Version) -> str | None:
    """`value`, which states `old`, with the number `new` in the same form; None where that form cannot say it."""
    numbers = read_tuple(value)
    if numbers is not None:
        if not _is_plain(new.suffix):
            return None
        parts = iter(_padded(new.numbers, len(numbers)))
        made = re.sub(r"\d+", lambda _: str(next(parts)), value)
        rest = ", ".join(map(str, parts))
        return made if not rest else None
    written = read_written(value)
    if written is None:
        return None
    return f"{written.before}{_core(written.version, old, new)}{written.after}"


def _core(written: Version, old: Version, new: Version) -> str:
    text = new.text
    if written.text != old.text:
        separators = re.findall(r"\D+", written.text) or ["."]
        text = separators[0].join(map(str, _padded(new.numbers, len(written.numbers))))
    words_left_out = old.suffix and not written.suffix  # v1.4.2-release is 1.4.2 in its files
    return text + ("" if words_left_out and _is_plain(new.suffix) else new.suffix)


def number_pattern(number: Version) -> bytes:
    """A pattern of bytes that every text which states `number` holds, in whatever form."""
    bare = _bare(number.numbers)
    parts = rb"\s*[._,-]\s*".join(b"0*%d" % part for part in _padded(bare, min(2, len(number.numbers))))
    return rb"(?<!\d)" + parts + rb"(?!\d)"


def _padded(numbers: tuple[int, ...], width: int) -> tuple[int, ...]:
    return numbers + (0,) * (width - len(numbers))


def _bare(numbers: tuple[int, ...]) -> tuple[int, ...]:
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers = numbers[:-1]
    return numbers


def _is_plain(suffix: str) -> bool:
    """True where nothing but words of a release follow the numbers."""
    return is_release_suffix(suffix)


def version_of(tag: TagName | None) -> Version | None:
    """The number of a tag; None for a tag that is no version."""
    return parse(tag) if tag else None
