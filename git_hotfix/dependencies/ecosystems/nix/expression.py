"""The attribute set that a Nix file is, as far as it is literal: read, never evaluated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from git_hotfix.dependencies.syntax.plain import DEPTH, source_text, unreadable

_TOKEN = re.compile(
    r"""(?P<blank>\s+|\#[^\n]*)
    |(?P<comment>/\*)
    |(?P<quote>''|")
    |(?P<uri>[A-Za-z][A-Za-z0-9+.-]{0,30}:[A-Za-z0-9%/?:@&=+$,_.!~*'-]+)
    |(?P<path>(?:\.{1,2}|~)?/[A-Za-z0-9._+/-]+|\.{1,2}/(?![/*])|<[\w./+-]+>)
    |(?P<name>[A-Za-z_][\w'-]*)
    |(?P<sign>\.\.\.|[{}\[\]()=;:,.@?]|\$\{|[^\s\w"'{}\[\]()=;:,.@?]+|.)""",
    re.VERBOSE,
)
_PAIRS = {")": "(", "]": "[", "}": "{"}


class Word(NamedTuple):
    """One word of a Nix text and its 1-based line; a string has `value` without its quotes."""

    kind: str  # text, uri, path, name or sign
    value: str
    line: int


class Value(NamedTuple):
    """What an attribute is: `text` of a literal string, address or path (None for anything else), the words that it is
    written with, and the 1-based line of its name."""

    text: str | None
    words: Sequence[Word]
    line: int


Attributes = dict[tuple[str, ...], Value]  # by path, those of nested sets included: ("inputs", "nixpkgs", "url")


def attributes(content: bytes) -> Attributes:
    """The attributes of the set that a file is. Raises `Unreadable` or ValueError for anything else."""
    words = list(_words(source_text(content)))
    closing = _brackets(words)
    if not words or words[0].value != "{" or closing[0] != len(words) - 1:
        raise unreadable("it is not an attribute set: something else stands", words[0].line if words else 1)
    file = _File(words, closing)
    while file.waiting:
        path, start, end = file.waiting.pop()
        while start < end:
            start = file.take_binding(path, start, end)
    return file.found


class _File:
    """The words of a file with the place where each bracket closes, what was found in it, and the sets in which nobody
    looked yet: their path, and the places where their content begins and ends."""

    def __init__(self, words: Sequence[Word], closing: Mapping[int, int]) -> None:
        self.words, self.closing = words, closing
        self.found: Attributes = {}
        self.waiting: list[tuple[tuple[str, ...], int, int]] = [((), 1, len(words) - 1)]

    def take_binding(self, path: tuple[str, ...], start: int, end: int) -> int:
        """Take one `a.b = value;` at `start`; the place behind it."""
        words, line = self.words, self.words[start].line
        if words[start].value == "inherit" and words[start].kind == "name":
            return self._end_of_value(start, end) + 1
        names: list[str] = []
        while start < end and words[start].kind in ("name", "text"):
            names.append(words[start].value)
            start += 1
            if start < end and words[start].value != ".":
                break
            start += 1
        if not names or start >= end or words[start].value != "=":
            raise unreadable("a name without a value", line)
        full = (*path, *names)
        if len(full) > DEPTH:
            raise unreadable("it is nested too deeply", line)
        stop = self._end_of_value(start + 1, end)
        self._take_value(full, start + 1, stop, line)
        return stop + 1

    def _take_value(self, path: tuple[str, ...], start: int, stop: int, line: int) -> None:
        words = self.words
        value = words[start:stop]
        text = value[0].value if len(value) == 1 and value[0].kind in ("text", "uri", "path") else None
        self.found.setdefault(path, Value(text, value, line))
        inner = start + (value[:1] == [Word("name", "rec", words[start].line)])
        is_set = inner < stop and words[inner].value == "{" and words[inner].kind == "sign"
        if is_set and self.closing[inner] == stop - 1:
            self.waiting.append((path, inner + 1, stop - 1))

    def _end_of_value(self, start: int, end: int) -> int:
        """The place of the semicolon that ends a value: not one of `let … in`, `with …;` or `assert …;`."""
        lets = skipped = 0
        place = start
        while place < end:
            word = self.words[place]
            if word.kind == "sign":
                if word.value == ";" and not lets:
                    if not skipped:
                        return place
                    skipped -= 1
                place = self.closing.get(place, place)
            elif word.kind == "name":
                lets += (word.value == "let") - (word.value == "in")
                skipped += not lets and word.value in ("with", "assert")
            place += 1
        raise unreadable("a value does not end", self.words[start - 1].line)


def _words(text: str) -> Iterator[Word]:
    position, line = 0, 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        assert match  # blanks and the last alternative take any character
        start, position, kind, value = position, match.end(), match.lastgroup, match.group()
        if kind == "comment":
            position = text.find("*/", position) + 2
            if position < 2:
                raise unreadable("a comment does not end", line)
        elif kind == "quote":
            position = _string_end(text, position, value, line)
            yield Word("text", text[start + len(value) : position - len(value)], line)
        elif kind in ("uri", "path", "name", "sign"):
            yield Word(kind, value, line)
        line += text.count("\n", start, position)


def _string_end(text: str, position: int, quote: str, line: int) -> int:
    """Where a string ends, whatever strings stand in its `${…}`."""
    part = re.compile(r"\\.|''\$|'''|''\\.|''|\$\{|[\"{}]", re.DOTALL)
    open_ = [quote]
    while True:
        match = part.search(text, position)
        if match is None or len(open_) > DEPTH:
            raise unreadable("a string does not end", line)
        sign, position, current = match.group(), match.end(), open_[-1]
        if current == "{":
            if sign == "}":
                open_.pop()
            elif sign in ("{", '"', "''", "${"):
                open_.append("{" if sign == "${" else sign)
            elif len(sign) > 1:
                position = match.start() + 1
        elif sign == "${":
            open_.append("{")
        elif current == sign:
            open_.pop()
            if not open_:
                return position
        elif sign[0] == "\\" and current == "''":
            position = match.start() + 1  # a backslash means nothing in ''…''
        elif sign.startswith("''") and current == '"':
            position = match.start() + 1


def _brackets(words: Sequence[Word]) -> dict[int, int]:
    """The place of each opening bracket → that of the one that closes it."""
    found: dict[int, int] = {}
    waiting: list[int] = []
    for place, word in enumerate(words):
        if word.kind != "sign":
            continue
        if word.value in ("(", "[", "{", "${"):
            waiting.append(place)
            if len(waiting) > DEPTH:
                raise unreadable("it is nested too deeply", word.line)
        elif word.value in _PAIRS:
            if not waiting or words[waiting[-1]].value.lstrip("$") != _PAIRS[word.value]:
                raise unreadable("a bracket closes nothing", word.line)
            found[waiting.pop()] = place
    if waiting:
        raise unreadable("a bracket is not closed", words[waiting[-1]].line)
    return found
