"""Elixir as text: the pieces of a mix.exs or a mix.lock. Nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from git_hotfix.dependencies.syntax import quoted
from git_hotfix.dependencies.syntax.plain import DEPTH, Token, closing, split, unreadable, words

_TOKEN = r"""
(?P<space>[ \t\f\v]+)|(?P<comment>\#[^\n]*)|(?P<newline>\n)
|(?P<sigil>~(?:[a-z]|[A-Z][A-Z0-9]*)(?:\"{3}|'{3}|[|/"'(\[{<]))
|(?P<quote>:?(?:\"{3}|'{3}|["']))
|(?P<key>[^\W\d][\w@]*[?!]?:(?=\s))
|(?P<atom>:(?:[^\W\d][\w@]*[?!]?|%\{\}|\{\}|\[\]|<<>>|[-+*/<>=!~&|^.@]+))
|(?P<char>\?(?:\\.|\S))
|(?P<word>@?[^\W\d]\w*[?!]?)
|(?P<number>\d[\w.]*)
|(?P<op>=>|->|<-|\|>|\+\+|--|<>|\.\.\.?|::|==|!=|<=|>=|&&|\|\||\\\\|.)
"""
_CLOSERS = {"(": ")", "[": "]", "{": "}", "<": ">"}
_OPENERS = {")": "(", "]": "[", "}": "{", "end": "do"}
_CONSTANTS = frozenset({"true", "false", "nil"})
LISTS = 5  # in one another; a value that is nested more deeply counts as computed


class Computed(str):
    """The source text of a value that is only known by running it."""

    __slots__ = ()


def read(text: str) -> tuple[list[Token], dict[int, int]]:
    """The tokens of an Elixir text (`str`, `computed`, `key`, `atom`, `word`, `number`, `op`, `end` for the end of a
    line), and for each index of `(`, `[`, `{`, `do` and `fn` that of what closes it.

    Raises `Unreadable` where a string, a bracket or a block is not closed.
    """
    tokens: list[Token] = []
    opened: list[int] = []
    pairs: dict[int, int] = {}
    for index, token in enumerate(_tokens(text)):
        tokens.append(token)
        called = index > 0 and tokens[index - 1].text == "."
        if (token.kind == "op" and token.text in "([{") or (token.text in ("do", "fn") and token.kind == "word"):
            opened.append(index)
            if len(opened) > DEPTH:
                raise unreadable("it is nested too deeply", token.line)
        elif token.kind in ("op", "word") and token.text in _OPENERS and not called:
            opening = opened.pop() if opened else index
            if _OPENERS[token.text] != tokens[opening].text.replace("fn", "do"):
                raise unreadable(f"{token.text} closes nothing", token.line)
            pairs[opening] = index
    if opened:
        raise unreadable(f"{tokens[opened[-1]].text} is not closed", tokens[opened[-1]].line)
    return tokens, pairs


def _tokens(text: str) -> Iterator[Token]:
    pattern = re.compile(_TOKEN, re.VERBOSE)
    position, line, counted, spaced = 0, 1, 0, True
    while position < len(text):
        match = pattern.match(text, position)
        assert match and match.lastgroup  # the last alternative takes any character
        kind, start, end, word = match.lastgroup, match.start(), match.end(), match.group()
        position = end
        if kind in ("space", "comment"):
            spaced = True
            continue
        line += text.count("\n", counted, start)
        counted = start
        value = word
        if kind == "newline":
            kind = "end"
        elif kind == "sigil":
            mark = word.lstrip("~" + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
            end, _ = quoted.read(text, end, _CLOSERS.get(mark, mark), code="#{" if word[1].islower() else "")
            kind = "computed"
        elif kind == "quote":
            end, content = quoted.read(text, end, word.lstrip(":"), code="#{")
            kind = "computed" if content is None else "atom" if word[0] == ":" else "str"
            value = content or ""
            if kind == "str" and text.startswith(":", end) and text[end + 1 : end + 2].isspace():
                kind, end = "key", end + 1
        elif kind in ("key", "atom"):
            value = word.strip(":")
        elif kind == "char":
            kind = "number"
        yield Token(kind, text[start:end], value, line, start, end, spaced)
        position, spaced = end, kind == "end"
    yield Token("end", "", "", line, len(text), len(text), True)


def value(part: Sequence[Token], lists: int = 0) -> Any:
    """What an expression stands for: a string (an atom too), a list of values, a dictionary for a list of keys, or
    `Computed`."""
    part = [token for token in part if token.kind != "end"]
    if len(part) == 1 and (part[0].kind in ("str", "atom", "number") or part[0].text in _CONSTANTS):
        return part[0].value
    if part and part[0].text == "[" and closing(part, 0) == len(part) - 1 and lists < LISTS:
        items = split(part[1:-1])
        if items and all(item[0].kind == "key" for item in items):
            return {item[0].value: value(item[1:], lists + 1) for item in items}
        return [value(item, lists + 1) for item in items]
    return Computed(words(part))


def find_computed(value: Any) -> Iterator[str]:
    """The source texts of what is computed in a value."""
    if isinstance(value, Computed):
        yield str(value)
    elif isinstance(value, (list, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            yield from find_computed(each)
