"""Swift as text: the pieces of a Package.swift. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.syntax import quoted
from git_hotfix.dependencies.syntax.plain import DEPTH, Token, unreadable

_TOKEN = r"""
(?P<space>\s+)|(?P<comment>//[^\n]*)|(?P<block>/\*)
|(?P<quote>(?P<hashes>\#{0,9})(?:\"{3}|"))
|(?P<word>`?[^\W\d]\w*`?)
|(?P<number>\d\w*)
|(?P<op>\.\.\.|\.\.<|->|==|!=|&&|\|\||.)
"""
_OPENERS = {")": "(", "]": "[", "}": "{"}


def read(text: str) -> list[Token]:
    """The tokens of a Swift text: `str`, `computed` (a string with code in it), `word`, `number` and `op`.

    Raises `Unreadable` where a string, a bracket or a comment is not closed.
    """
    tokens: list[Token] = []
    opened: list[Token] = []
    for token in _tokens(text):
        tokens.append(token)
        if token.kind != "op":
            continue
        if token.text in "([{":
            opened.append(token)
            if len(opened) > DEPTH:
                raise unreadable("it is nested too deeply", token.line)
        elif token.text in _OPENERS and (not opened or opened.pop().text != _OPENERS[token.text]):
            raise unreadable(f"{token.text} closes nothing", token.line)
    if opened:
        raise unreadable(f"{opened[-1].text} is not closed", opened[-1].line)
    return tokens


def _tokens(text: str) -> Iterator[Token]:
    pattern = re.compile(_TOKEN, re.VERBOSE)
    position, line, counted, spaced = 0, 1, 0, True
    while position < len(text):
        match = pattern.match(text, position)
        assert match and match.lastgroup  # the last alternative takes any character
        start, end = match.start(), match.end()
        # The group of the hashes stands within that of the quote.
        kind = "quote" if match.group("quote") else match.lastgroup
        line += text.count("\n", counted, start)
        counted = start
        if kind in ("space", "comment", "block"):
            position, spaced = _skip_comment(text, end, line) if kind == "block" else end, True
            continue
        value = match.group()
        if kind == "quote":
            hashes = match.group("hashes")
            mark = value.lstrip("#")
            end, content = quoted.read(text, end, mark + hashes, code=f"\\{hashes}(", escapes=not hashes)
            kind, value = ("computed", "") if content is None else ("str", content)
        yield Token(kind, text[start:end], value, line, start, end, spaced)
        position, spaced = end, False


def _skip_comment(text: str, position: int, line: int) -> int:
    """Behind `/* … */`, which nests."""
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(text, position):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    raise unreadable("a comment is not closed", line)
