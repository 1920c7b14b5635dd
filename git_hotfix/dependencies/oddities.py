"""What the tool that reads a manifest accepts, and a person or another tool may read otherwise.

The readers read as the tool does; what is odd about that is said once, here. What a fix brings is held against what the
file had at the base: an old oddity is nobody's doing now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from git_hotfix.dependencies.registry import Reader, Unreadable
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.verdict import Level

# White space to people and to no tool: no-break and other wide or narrow blanks, and what has no width at all.
_BLANKS = late_pattern("[\u00a0\u1680\u2000-\u200d\u202f\u205f\u2060\u3000]")


class Oddity(NamedTuple):
    """One odd thing: what, how grave it is when a fix brings it, its 1-based line (0 unknown), and what is not shown of
    it: where that differs from the base's, the oddity is another one."""

    message: str
    level: Level
    line: int = 0
    hidden: str = ""

    def is_known(self, before: Iterable[Oddity]) -> bool:
        """True when one of `before` says the same, in whatever line."""
        return any((each.message, each.hidden) == (self.message, self.hidden) for each in before)


def _find_json_duplicates(content: bytes) -> Iterator[Oddity]:
    from git_hotfix.dependencies.syntax import json_file

    for key, lost in json_file.find_duplicates(content):
        yield Oddity(f"the key {key[:80]!r} stands twice in one object: the last one counts", "fail", hidden=lost)


def _find_yaml_duplicates(content: bytes) -> Iterator[Oddity]:
    from git_hotfix.dependencies.syntax import yaml_file

    for key, lost in yaml_file.find_duplicates(content):
        yield Oddity(f"the key {key[:80]!r} stands twice in one mapping: the last one counts", "fail", hidden=lost)


def _find_blanks(content: bytes) -> Iterator[Oddity]:
    text = content.decode("utf-8", "surrogateescape")
    for number, line in enumerate(text.split("\n"), start=1):
        for sign in dict.fromkeys(_BLANKS.findall(line.partition("#")[0])):
            yield Oddity(f"U+{ord(sign):04X} looks like a space and is none: it is part of a word", "warn", number)


def _find_stray_bytes(content: bytes) -> Iterator[Oddity]:
    if content.lstrip()[:1] != b"<" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):  # XML names its encoding
        try:
            content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            yield Oddity("it has bytes that are not UTF-8: what they mean is up to whoever reads it", "warn", line)


def _find_doctype(content: bytes) -> Iterator[Oddity]:
    if b"<!DOCTYPE" in content:
        yield Oddity("it has a DOCTYPE, which is passed over", "warn")


# Ecosystem of a reader → beginning of the files, and what is looked for in them; "" is every ecosystem.
_KINDS: tuple[tuple[str, bytes, Callable[[bytes], Iterator[Oddity]]], ...] = (
    ("", b"{", _find_json_duplicates),
    ("helm", b"", _find_yaml_duplicates),
    ("cpp", b"", _find_blanks),
    ("", b"<", _find_doctype),
    ("", b"", _find_stray_bytes),
)


@lru_cache(maxsize=1024)
def find_oddities(reader: Reader, content: bytes) -> tuple[Oddity, ...]:
    """All that is odd in a manifest of `reader`; nothing of one that cannot be read, which is said elsewhere."""
    found: list[Oddity] = []
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    for ecosystem, beginning, look in _KINDS:
        if ecosystem in ("", reader.ecosystem) and start.startswith(beginning):
            try:
                found += look(content)
            except (Unreadable, ValueError, RecursionError):
                continue
    return tuple(found)
