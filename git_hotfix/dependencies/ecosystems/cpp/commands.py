"""A CMake file as the commands that it is: read, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from git_hotfix.dependencies.syntax.plain import DEPTH, source_text, unreadable

SIZE = 1_000_000  # characters; the largest CMakeLists.txt of large projects have 200,000
_BLANK = re.compile(r"(?:[ \t\n]+|#\[(?P<level>=*)\[|#[^\n]*)")
_COMMAND = re.compile(r"([A-Za-z_]\w*)[ \t]*\(")
# To CMake's scanner (cmListFileLexer.in.l) a no-break space is a letter like any other, and a part of a word.
_ARGUMENT = re.compile(
    r"""\[(?P<level>=*)\[
    |(?P<quote>")
    |(?P<bracket>[()])
    |(?P<plain>(?:[^ \t\n()"#\\$]|\\.|\$(?:[A-Za-z]*\{[^{}\n]*\})?|\#(?!\[))+)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = r"\\([^A-Za-z0-9;])"


class Word(NamedTuple):
    """One argument as it is written, without its quotes, and its 1-based line."""

    value: str
    line: int


class Command(NamedTuple):
    """One command: its name in lower case (CMake compares it so), its arguments, and its 1-based line."""

    name: str
    words: list[Word]
    line: int


def commands(content: bytes) -> Iterator[Command]:
    """Every command in its order. Raises `Unreadable` or ValueError for what CMake would not parse."""
    text = source_text(content, size=SIZE, any_bytes=True, ends="feed")
    position, line = 0, 1
    while True:
        position, line = _skip_blanks(text, position, line)
        if position == len(text):
            return
        match = _COMMAND.match(text, position)
        if match is None:
            raise unreadable("it is not a command that stands", line)
        words: list[Word] = []
        start = line
        position, line = _arguments(text, match.end(), line, words)
        yield Command(match.group(1).lower(), words, start)


def _skip_blanks(text: str, position: int, line: int) -> tuple[int, int]:
    """The place behind blanks and comments."""
    while match := _BLANK.match(text, position):
        end = match.end() if match["level"] is None else _bracket_end(text, match.end(), match["level"], line)
        line += text.count("\n", position, end)
        position = end
    return position, line


def _bracket_end(text: str, position: int, level: str, line: int) -> int:
    end = text.find(f"]{level}]", position)
    if end < 0:
        raise unreadable("a bracket is not closed", line)
    return end + len(level) + 2


def _arguments(text: str, position: int, line: int, words: list[Word]) -> tuple[int, int]:
    """Take the arguments up to the bracket that closes the command; brackets in them part arguments."""
    depth = 1
    while True:
        position, line = _skip_blanks(text, position, line)
        match = _ARGUMENT.match(text, position)
        if match is None:
            raise unreadable("a command does not end", line)
        start, position, kind = position, match.end(), match.lastgroup
        if kind == "level":
            position = _bracket_end(text, position, match["level"], line)
            width = len(match["level"]) + 2
            words.append(Word(text[start + width : position - width], line))
        elif kind == "quote":
            position = _quote_end(text, position, line)
            words.append(Word(re.sub(_ESCAPE, r"\1", text[start + 1 : position - 1]), line))
        elif kind == "plain":
            words.append(Word(re.sub(_ESCAPE, r"\1", match.group()), line))
        else:
            depth += 1 if match.group() == "(" else -1
            if depth == 0:
                return position, line
            if depth > DEPTH:
                raise unreadable("it is nested too deeply", line)
        line += text.count("\n", start, position)


def _quote_end(text: str, position: int, line: int) -> int:
    match = re.compile(r'[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL).match(text, position)
    if match is None:
        raise unreadable("a string does not end", line)
    return match.end()
