"""Strings of programming languages: where one ends, what it holds, and whether it is computed."""

from __future__ import annotations

import re

from git_hotfix.dependencies.registry import Unreadable

NESTED = 20  # strings within code within strings
_ESCAPES = {"n": "\n", "t": "\t", "s": " ", "r": "\r", "0": "\0", "e": "\x1b"}
_PAIRS = {"{": "}", "(": ")"}


def read(
    text: str, start: int, close: str, *, opening: str = "", code: str = "", escapes: bool = True, nested: int = 0
) -> tuple[int, str | None]:
    """The end (behind `close`) and the value of a string whose content begins at `start`; None for a computed value.

    `opening` is the bracket that nests (`%w(a (b))`), `code` what begins code inside of the string (`#{` or `\\(`, up
    to the matching bracket), `escapes` says that a backslash takes the next character's meaning. Raises `Unreadable`
    when the string does not end.
    """
    if nested > NESTED:
        raise Unreadable("its strings are nested too deeply")
    special = "|".join(re.escape(word) for word in (code, "\\" if escapes else "", close, opening) if word)
    pieces: list[str] = []
    computed, depth, position = False, 0, start
    while match := re.compile(special).search(text, position):
        pieces.append(text[position : match.start()])
        word, position = match.group(), match.end()
        if code and word == code:
            computed = True
            position = _skip_code(text, position, _PAIRS[code[-1]], code, nested)
        elif word == "\\":
            pieces.append(_ESCAPES.get(text[position : position + 1], text[position : position + 1]))
            position += 1
        elif word == close and depth == 0:
            return position, None if computed else "".join(pieces)
        else:
            depth += 1 if word == opening else -1
            pieces.append(word)
    raise Unreadable(f"a string is not closed (line {text.count(chr(10), 0, start) + 1})")


def _skip_code(text: str, start: int, close: str, code: str, nested: int) -> int:
    """The position behind the bracket that ends the code."""
    opening = code[-1]
    depth, position = 0, start
    while match := re.compile(f"[\"'{re.escape(opening + close)}]").search(text, position):
        word, position = match.group(), match.end()
        if word == close:
            if depth == 0:
                return position
            depth -= 1
        elif word == opening:
            depth += 1
        elif word == '"' or code == "#{":  # a single quote is not a string where \( begins code
            position, _ = read(text, position, word, code=code if word == '"' else "", nested=nested + 1)
    raise Unreadable(f"code in a string is not closed (line {text.count(chr(10), 0, start) + 1})")
