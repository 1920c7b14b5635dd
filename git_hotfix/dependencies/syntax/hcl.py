"""HCL, the language of Terraform, as far as it can be read without running it: blocks, attributes, literal strings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from git_hotfix.dependencies.registry import Unreadable, decode

DEPTH = 60  # blocks, brackets or templates in one another; real files reach 15
SIZE = 2_000_000  # characters; as many take 2 s
_TOKEN = (
    r"(?P<space>[ \t\r]+|(?:#|//)[^\n]*|/\*[^*]*(?:\*(?!/)[^*]*)*\*/)|(?P<newline>\n\s*)"
    r"|(?P<heredoc><<-?(?P<mark>[A-Za-z_][\w-]*)[ \t\r]*\n)|(?P<string>\")|(?P<name>[^\W\d][\w-]*)"
    r"|(?P<other>\d[\w.]*|=>|==|!=|<=|>=|&&|\|\||\.\.\.|[^\s])"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class Value(NamedTuple):
    """What stands behind an `=`: a literal string, or a table of literal keys, or neither; and its 1-based line. A
    string with a template in it is `dynamic`, and its text is as it is written."""

    text: str | None
    line: int
    table: Mapping[str, Value] | None = None
    dynamic: bool = False


class Block(NamedTuple):
    """`kind "label" { … }`."""

    kind: str
    labels: tuple[str, ...]
    line: int
    attributes: Mapping[str, Value]
    blocks: tuple[Block, ...]


class _Token(NamedTuple):
    kind: str  # name, string, newline, heredoc, end, or the sign itself
    text: str
    line: int
    dynamic: bool = False


def load(content: bytes) -> Block:
    """The file as one block without a name. Raises `Unreadable` for what does not parse."""
    text = decode(content)
    if "\0" in text or len(text) > SIZE:
        raise Unreadable("it holds a NUL byte" if "\0" in text else f"it is larger than {SIZE // 1_000_000} MB")
    parser = _Parser(_tokens(text))
    attributes, blocks = parser.body("end", 0)
    return Block("", (), 1, attributes, blocks)


def _tokens(text: str) -> list[_Token]:
    token = re.compile(_TOKEN)
    found: list[_Token] = []
    position, line = 0, 1
    while position < len(text):
        match = token.match(text, position)
        if match is None:  # every sign is one; only an unclosed comment is none
            raise Unreadable(f"line {line}: a comment has no end")
        kind, word, begin = match.lastgroup or "", match.group(), position
        kind = "heredoc" if match.group("heredoc") else kind
        position = match.end()
        if kind == "string":
            position, dynamic = _string_end(text, position, line)
            found.append(_Token("string", _unescape(text[begin + 1 : position - 1]), line, dynamic))
        elif kind == "heredoc":
            position = _heredoc_end(text, position, match.group("mark"), line)
            found.append(_Token("heredoc", "", line))
        elif kind == "other":
            found.append(_Token(word, word, line))
        elif kind != "space":
            found.append(_Token(kind, word, line))
        line += text.count("\n", begin, position)
    found.append(_Token("end", "", line))
    return found


def _string_end(text: str, position: int, line: int) -> tuple[int, bool]:
    """Where a string ends that began before `position`, and whether there is a template in it, which may hold strings
    of its own."""
    mark = re.compile(r'\\.|\$\$\{|%%\{|[$%]\{|["{}\n]', re.DOTALL)
    inside = ['"']  # strings and braces that are open
    dynamic = False
    while match := mark.search(text, position):
        sign, position = match.group(), match.end()
        string = inside[-1] == '"'
        if sign == '"':
            inside = inside[:-1] if string else [*inside, '"']
            if not inside:
                return position, dynamic
        elif sign == "\n" and string:
            break
        elif sign in ("${", "%{") or (sign == "{" and not string):
            dynamic = True
            inside.append("{")
        elif sign == "}" and not string:
            inside.pop()
        if len(inside) > DEPTH:
            raise Unreadable("it is nested too deeply")
    raise Unreadable(f"line {line}: a string has no end")


def _heredoc_end(text: str, position: int, mark: str, line: int) -> int:
    match = re.compile(rf"^[ \t]*{re.escape(mark)}[ \t\r]*$", re.MULTILINE).search(text, position)
    if match is None:
        raise Unreadable(f"line {line}: the text up to {mark} has no end")
    return match.end()


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda match: _ESCAPES.get(match.group(1), match.group(1)), text, flags=re.DOTALL)


class _Parser:
    """Reads tokens by recursion, whose depth is bounded."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def _next(self) -> _Token:
        token = self._tokens[self._at]
        self._at += 1 if token.kind != "end" else 0
        return token

    def _peek(self) -> _Token:
        return self._tokens[self._at]

    def _skip(self, *kinds: str) -> None:
        while self._peek().kind in kinds:
            self._at += 1

    def body(self, end: str, depth: int) -> tuple[Mapping[str, Value], tuple[Block, ...]]:
        """Attributes and blocks up to `end`."""
        if depth > DEPTH:
            raise Unreadable("it is nested too deeply")
        attributes: dict[str, Value] = {}
        blocks: list[Block] = []
        while True:
            self._skip("newline")
            token = self._next()
            if token.kind == end:
                return attributes, tuple(blocks)
            if token.kind not in ("name", "string"):
                raise Unreadable(f"line {token.line}: {token.text[:40] or 'the end'!r} stands where a name should")
            if self._peek().kind == "=":
                self._at += 1
                if token.text in attributes:
                    raise Unreadable(f"line {token.line}: {token.text[:40]!r} is set twice")
                attributes[token.text] = self._expression(("newline", end), depth)
                continue
            labels: list[str] = []
            while self._peek().kind in ("name", "string"):
                labels.append(self._next().text)
            if self._next().kind != "{":
                raise Unreadable(f"line {token.line}: {token.text[:40]!r} begins neither a block nor an attribute")
            blocks.append(Block(token.text, tuple(labels), token.line, *self.body("}", depth + 1)))

    def _expression(self, ends: tuple[str, ...], depth: int) -> Value:
        """The value up to one of `ends`, which stays; anything but a literal is passed over."""
        if depth > DEPTH:
            raise Unreadable("it is nested too deeply")
        first = self._peek()
        if first.kind == "{" and (table := self._table(depth)) is not None and self._peek().kind in (*ends, "end"):
            return Value(None, first.line, table)
        opened: list[str] = []
        count = 0
        while True:
            token = self._peek()
            if token.kind == "end" or (not opened and token.kind in ends):
                if opened:
                    raise Unreadable(f"line {first.line}: a bracket has no end")
                break
            self._at += 1
            count += 1
            if token.kind in ("(", "[", "{"):
                opened.append({"(": ")", "[": "]", "{": "}"}[token.kind])
            elif token.kind in (")", "]", "}") and (not opened or opened.pop() != token.kind):
                raise Unreadable(f"line {token.line}: {token.kind!r} closes nothing")
            if len(opened) > DEPTH:
                raise Unreadable("it is nested too deeply")
        literal = count == 1 and first.kind == "string"
        return Value(first.text if literal else None, first.line, dynamic=first.dynamic or not literal)

    def _table(self, depth: int) -> Mapping[str, Value] | None:
        """`{ key = value, … }`; None, and nothing read, for a `{ for … }` or a key that is computed."""
        start = self._at
        self._at += 1
        table: dict[str, Value] = {}
        while True:
            self._skip("newline", ",")
            key = self._next()
            if key.kind == "}":
                return table
            if key.kind not in ("name", "string") or self._peek().kind not in ("=", ":"):
                self._at = start
                return None
            self._at += 1
            self._skip("newline")
            table[key.text] = self._expression(("newline", ",", "}"), depth + 1)
