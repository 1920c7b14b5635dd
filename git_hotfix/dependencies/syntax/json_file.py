"""JSON of unknown origin: one object, without what two parsers read differently."""

from __future__ import annotations

import json
import re
from typing import Any

from git_hotfix.dependencies.registry import Unreadable, decode

DEPTH = 100  # containers in one another; the lock files of npm 6, which nest the most, reach 20
DIGITS = 1_000  # of one integer; Python before 3.10.7 takes quadratic time to read one
_TOKEN = r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]'


def load(content: bytes, *, unique: bool = False) -> tuple[str, dict[str, Any]]:
    """Text and object of a JSON document. Raises `Unreadable`, ValueError (its message names line and column), or
    RecursionError.

    Of a key that stands twice the last value counts, as it does for npm, composer and .NET. Where keys are `unique`,
    because the tool that reads the file refuses such a one or takes both, two objects or lists under one key are
    refused. So are NaN and Infinity, always.
    """
    text = decode(content)
    hook = _object if unique else dict
    document = json.loads(text, object_pairs_hook=hook, parse_constant=_refuse_constant, parse_int=_parse_integer)
    if not isinstance(document, dict):
        raise Unreadable("it is not JSON object")
    _check_depth(document)
    return text, document


def lines(text: str, *, depth: int = 3) -> dict[tuple[str, ...], int]:
    """Path of keys → 1-based line, for every key at most `depth` deep in a text that `load` took.

    An item of a list, if it is a string or a container, is named by its index: `{"a": [{"b": 1}]}` has the paths (a,),
    (a, 0) and (a, 0, b), all of strings.
    """
    found: dict[tuple[str, ...], int] = {}
    path: list[str] = []  # of the open containers, each with the key or the index that is being read in it
    lists: list[bool] = []
    line, position, word, word_line = 1, 0, "", 1
    for match in re.finditer(_TOKEN, text):
        line += text.count("\n", position, match.start())
        position = match.start()
        token = match.group()
        if token in "{[":
            if lists and lists[-1] and len(path) <= depth:
                found.setdefault(tuple(path), line)
            lists.append(token == "[")
            path.append("0" if token == "[" else "")
        elif token in "}]":
            lists.pop()
            path.pop()
        elif token == ":":
            path[-1] = json.loads(word) if "\\" in word else word[1:-1]
            if len(path) <= depth:
                found.setdefault(tuple(path), word_line)
        elif token != ",":
            word, word_line = token, line
            if lists and lists[-1] and len(path) <= depth:
                found.setdefault(tuple(path), line)
        elif lists[-1]:
            path[-1] = str(int(path[-1]) + 1)
    return found


def find_duplicates(content: bytes) -> list[tuple[str, str]]:
    """The keys of one object that hold two different objects or lists, each with the one that is lost to whoever takes
    the last, as text. Raises what `load` raises."""
    found: list[tuple[str, str]] = []

    def hook(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found.extend((key, json.dumps(value)) for key, value in _lost_values(pairs))
        return dict(pairs)

    json.loads(decode(content), object_pairs_hook=hook, parse_int=_parse_integer)
    return found


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    for key, _ in _lost_values(pairs):
        raise Unreadable(f"the key {key} stands twice in one object")
    return dict(pairs)


def _lost_values(pairs: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    table = dict(pairs)
    if len(table) == len(pairs):
        return []
    return [(key, value) for key, value in pairs if table[key] != value and isinstance(value, (dict, list))]


def _refuse_constant(word: str) -> None:
    raise Unreadable(f"{word} is not JSON")


def _parse_integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise Unreadable(f"it has a number of more than {DIGITS} digits")
    return int(digits)


def _check_depth(document: dict[str, Any]) -> None:
    level: list[Any] = [document]
    for _ in range(DEPTH):
        level = [
            value
            for container in level
            for value in (container.values() if isinstance(container, dict) else container)
            if isinstance(value, (dict, list))
        ]
        if not level:
            return
    raise Unreadable("it is nested too deeply")
