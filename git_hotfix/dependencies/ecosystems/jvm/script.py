"""Build scripts in Groovy, Kotlin, Java and Scala as words: read, never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax.plain import DEPTH, source_text

Dialect = Literal["groovy", "kotlin", "java", "scala"]
_WORD = re.compile(
    r"""(?P<blank>[ \t\r\f\v]+|\\\n|//[^\n]*)
    |(?P<comment>/\*)
    |(?P<end>[\n;])
    |(?P<quote>\"{3}|'{3}|"|')
    |(?P<name>`[^`\n]+`|[^\W\d][\w$]*|\$\w+)
    |(?P<number>\d[\w]*(?:\.\d\w*)*)
    |(?P<sign>[%+=:<>~!&|^*?@\#\-]+|.)""",
    re.VERBOSE,
)
_CHARACTER = r"'(?:\\u+[0-9a-fA-F]{4}|\\[0-7]{1,3}|\\.|[^\\'\n])'"  # no string but in Groovy
_ESCAPE = r"\\(?:u+([0-9a-fA-F]{4})|(.))"
_REGEX = r"/(?:\\.|[^/\\\n*])(?:\\.|[^/\\\n])*/"  # Groovy writes strings so, too


class Word(NamedTuple):
    """One word of a script: a name, the text of a string, a number, a sign (a bracket, or signs that stand together),
    or the end of a line; and its 1-based line."""

    kind: Literal["name", "text", "number", "sign", "end"]
    value: str
    line: int


def words(content: bytes, dialect: Dialect) -> list[Word]:
    """The words of a script without comments, blanks and empty lines.

    Raises `Unreadable` or ValueError for what is not text, for a string or a comment that does not end, and for
    brackets that do not match.
    """
    text = source_text(content, any_bytes=True)
    found = list(_words(text, dialect))
    _check_brackets(found)
    return found


def _words(text: str, dialect: Dialect) -> Iterator[Word]:
    position, line, before = 0, 1, Word("end", "\n", 0)
    if text.startswith("#!"):
        position = text.find("\n") if "\n" in text else len(text)
    while position < len(text):
        match = _WORD.match(text, position)
        assert match  # the last alternative takes any character, and `end` takes the line break
        kind, value, start = match.lastgroup, match.group(), position
        position = match.end()
        word: Word | None = None
        if kind == "comment":
            position = _comment_end(text, position, line, nested=dialect in ("kotlin", "scala"))
        elif kind == "quote":
            position, word = _string(text, start, value, line, dialect)
        elif kind == "name":
            # s"…" is a text, too.
            if dialect != "scala" or value not in ("s", "f", "raw") or text[position : position + 1] != '"':
                word = Word("name", value.strip("`"), line)
        elif kind == "number":
            word = Word("number", value, line)
        elif kind == "end" and before.kind != "end":
            word = Word("end", value, line)
        elif kind == "sign":
            position, word = _sign(text, start, value, line, before, dialect)
        line += text.count("\n", start, position)
        if word is not None:
            yield word
            before = word


def _sign(text: str, start: int, value: str, line: int, before: Word, dialect: Dialect) -> tuple[int, Word]:
    if dialect == "groovy":
        if text.startswith("$/", start):
            closing = text.find("/$", start + 2)
            if closing < 0:
                raise Unreadable(f"a string does not end (line {line})")
            return closing + 2, Word("text", text[start + 2 : closing], line)
        # After a value it divides.
        divides = before.kind in ("name", "number", "text") or before.value in (")", "]", "}")
        regex = None if divides or value != "/" else re.compile(_REGEX).match(text, start)
        if regex:
            return regex.end(), Word("text", regex.group()[1:-1], line)
    return start + len(value), Word("sign", value, line)


def _comment_end(text: str, position: int, line: int, *, nested: bool) -> int:
    depth = 1
    for match in re.compile(r"/\*|\*/").finditer(text, position):
        depth += 1 if match.group() == "/*" and nested else -1 if match.group() == "*/" else 0
        if depth == 0:
            return match.end()
    raise Unreadable(f"a comment does not end (line {line})")


def _string(text: str, start: int, quote: str, line: int, dialect: Dialect) -> tuple[int, Word | None]:
    if quote[0] == "'" and dialect != "groovy":
        character = re.compile(_CHARACTER).match(text, start)
        # Else a symbol of Scala, 'name.
        return (character.end() if character else start + 1), None
    # In Scala a template is a string with a name in front: s"$x".
    templates = dialect != "java" and (dialect != "scala" or text[start - 1 : start].isalnum())
    end = _string_end(text, start + len(quote), quote, line, raw=dialect in ("kotlin", "scala"), templates=templates)
    inner = text[start + len(quote) : end - len(quote)]
    if "\\" in inner and not (quote == '"""' and dialect in ("kotlin", "scala")):
        inner = re.sub(_ESCAPE, lambda match: chr(int(match[1], 16)) if match[1] else match[2], inner)
    return end, Word("text", inner, line)


def _string_end(text: str, position: int, quote: str, line: int, *, raw: bool, templates: bool) -> int:
    """Where a string ends, whatever strings stand in its `${…}`."""
    open_: list[str] = [quote]
    part = re.compile(r"\\.|\$\{|\"{3}|'{3}|[\"'{}\n]", re.DOTALL)
    while True:
        match = part.search(text, position)
        if match is None or len(open_) > DEPTH:
            raise Unreadable(f"a string does not end (line {line})")
        sign, position, current = match.group(), match.end(), open_[-1]
        if sign[0] == "\\":
            if raw and current == '"""':
                position = match.start() + 1
        elif current == "{":
            if sign == "}":
                open_.pop()
            elif sign == "{" or sign[0] == '"' or (sign[0] == "'" and not raw):
                open_.append(sign)
        elif sign == "${" and current[0] == '"' and templates:
            open_.append("{")
        elif sign[0] == current[0] and len(sign) >= len(current):
            # Of four quotes at the end of a text, the first is in it; of three at the end of "", two open another.
            position = match.start() + len(current)
            while len(current) == 3 and text[position : position + 1] == current[0]:
                position += 1
            open_.pop()
            if not open_:
                return position
        elif sign == "\n" and len(current) == 1:
            raise Unreadable(f"a string does not end (line {line})")


def _check_brackets(words: list[Word]) -> None:
    waiting: list[Word] = []
    pairs = {")": "(", "]": "[", "}": "{"}
    for word in words:
        if word.kind != "sign":
            continue
        if word.value in "([{":
            waiting.append(word)
            if len(waiting) > DEPTH:
                raise Unreadable("it is nested too deeply")
        elif word.value in pairs and (not waiting or waiting.pop().value != pairs[word.value]):
            raise Unreadable(f"a bracket closes nothing (line {word.line})")
    if waiting:
        raise Unreadable(f"a bracket is not closed (line {waiting[-1].line})")
