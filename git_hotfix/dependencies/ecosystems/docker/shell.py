"""The commands of a shell script as far as its text tells them: words, variables that the script sets, loops. Nothing
is run; a word that only running tells keeps its `$`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from git_hotfix.dependencies.registry import Unreadable

Word = tuple[str, int]  # text, and the line in the script, from 0
VALUE = 10_000  # characters of one variable's value; the longest lists of packages have 3,000
ROOM = 3_000_000  # characters of all values in one file, as often as they are put in
DEPTH = 3  # of `sh -c "sh -c …"`
_PIECE = (
    r"(?P<space>[ \t\r\n]+)|(?P<end>&&|\|\||;;?|\||&(?!>)|[()])|(?P<redirect>\d*(?:<<<|<<-?|>>|>\||&>|[<>])&?)"
    r"|'(?P<single>[^']*)'|\\(?P<escaped>.)"
    r"|(?P<comment>(?<![^\s;&|()])\#[^\n]*)|(?P<plain>\$\{[^}\n]{0,200}\}|\$\(|[^\s;&|()<>'\"\\$]+|\$)"
)
_VARIABLE = r"\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?::?-([^{}]*))?\})"
_ASSIGNMENT = r"([A-Za-z_]\w*)(\+?)=(.*)"
_WRAPPERS = frozenset({"sudo", "env", "exec", "time", "nice", "command", "then", "do", "else", "if", "elif", "while",
                       "until", "!", "{", "}", "export", "readonly", "local", "eval", "nohup"})  # fmt: skip
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})


class Variables:
    """Values by name, in front of those of an outer scope. What they are put in for is counted, because a variable that
    is made of itself grows without end: beyond `ROOM` the file is unreadable."""

    def __init__(self, outer: Variables | None = None) -> None:
        self._values: dict[str, str] = {}
        self._outer = outer
        self._used: list[int] = outer._used if outer else [0]

    def __setitem__(self, name: str, value: str) -> None:
        self._values[name] = value[:VALUE]
        self._use_room(len(name))

    def get(self, name: str) -> str | None:
        """The value of `name`; None for one that has none."""
        found = self._values.get(name)
        return found if found is not None or self._outer is None else self._outer.get(name)

    def copy_values(self, *, empty: bool = False) -> Variables:
        """The same values (or none), to be changed apart from these, and counted with them."""
        copy = Variables(None if empty else self._outer)
        copy._values, copy._used = {} if empty else dict(self._values), self._used
        self._use_room(len(copy._values))
        return copy

    def expand(self, text: str) -> str:
        """`text` with the values put in; a variable without one stays as it is written."""

        def value(match: re.Match[str]) -> str:
            found = self.get(match.group(1) or match.group(2))
            found = match.group(3) if found is None else found
            self._use_room(len(found or ""))
            return match.group() if found is None else found

        return re.sub(_VARIABLE, value, text) if "$" in text else text

    def _use_room(self, size: int) -> None:
        self._used[0] += size
        if self._used[0] > ROOM:
            raise Unreadable("its variables stand for too much")


def commands(script: str, variables: Variables, *, depth: int = 0) -> Iterator[list[Word]]:
    """Every simple command of a script, without what stands before it (assignments, `sudo`, `then`). What the script
    assigns to variables is kept in `variables`."""
    for words in _split(script):
        at = 0
        while at < len(words):
            first = words[at][0]
            assignment = re.fullmatch(_ASSIGNMENT, first, re.DOTALL)
            if assignment:
                name, added, value = assignment.groups()
                old = variables.get(name) or "" if added else ""
                variables[name] = old + variables.expand(value)
            elif first not in _WRAPPERS and not (at and first.startswith("-") and at + 1 < len(words)):
                break
            at += 1
        words = words[at:]
        if len(words) > 3 and words[0][0] == "for" and words[2][0] == "in":
            variables[words[1][0]] = variables.expand(" ".join(text for text, _ in words[3:]))
        elif words and words[0][0].rpartition("/")[2] in (*_SHELLS, "su") and depth < DEPTH:
            for (option, _), (inner, line) in pairwise(words):
                if re.fullmatch(r"-\w*c|--command", option):
                    for command in commands(inner, Variables(variables), depth=depth + 1):
                        yield [(text, line + below) for text, below in command]
        elif words:
            yield [each for word in words for each in _values(word, variables)]


def _values(word: Word, variables: Variables) -> Iterator[Word]:
    """A word with its variables put in, which may make several."""
    text, line = word
    if "$" not in text or "$(" in text or "`" in text:
        yield word
    else:
        whole = variables.expand(text)
        yield from ((part, line) for part in ([whole] if "$(" in whole or "`" in whole else whole.split()))


def _split(script: str) -> Iterator[list[Word]]:
    """The words of each command."""
    piece = re.compile(_PIECE, re.DOTALL)
    words: list[Word] = []
    current: list[str] = []
    start = line = position = 0
    skip = quotes = False  # skip: the word that follows a redirection; quotes: one of them has no end
    while position < len(script):
        begin = position
        match = piece.match(script, position)
        kind = match.lastgroup if match else "other"
        if kind in ("space", "end", "redirect", "comment"):
            if current:
                words += [] if skip else [("".join(current), start)]
                current, skip = [], False
            if kind == "end":
                yield words
                words, skip = [], False
            skip = skip or kind == "redirect"
            position = match.end() if match else position
        else:
            start = start if current else line
            text, position = _expand_piece(script, position, match, quotes=quotes)
            quotes = quotes or text in ("'", '"')
            current.append(text)
        line += script.count("\n", begin, position)
    if current and not skip:
        words.append(("".join(current), start))
    yield words


def _expand_piece(script: str, position: int, match: re.Match[str] | None, *, quotes: bool) -> tuple[str, int]:
    """What one piece of a word stands for, and where the next one begins."""
    if match is None:  # a quote: a single one without an end, or a double one
        end = _quote_end(script, position + 1) if script[position] == '"' and not quotes else None
        if end is None:
            return script[position], position + 1
        return re.sub(r"\\([\"\\`\n])", r"\1", script[position + 1 : end]), end + 1
    text = match.group()
    if text == "$(":
        end = _parenthesis_end(script, match.end())
        return script[position:end], end
    if match.lastgroup == "escaped":
        return "" if text == "\\\n" else text[1], match.end()
    return match.group(match.lastgroup or 0), match.end()


def _quote_end(script: str, position: int) -> int | None:
    """Where a double quote ends that began before `position`; what `$(…)` holds may have quotes of its own."""
    mark = re.compile(r"[\"\\]|\$\(")
    while match := mark.search(script, position):
        if match.group() == '"':
            return match.start()
        position = _parenthesis_end(script, match.end()) if match.group() == "$(" else match.end() + 1
    return None


def _parenthesis_end(script: str, position: int) -> int:
    """The end of a `$(…)` that begins before `position`; without one, the end of its line."""
    depth = 1
    for match in re.compile(r"[()\n]").finditer(script, position, position + VALUE):
        depth += {"(": 1, ")": -1}.get(match.group(), 0)
        if depth == 0:
            return match.end()
    end = script.find("\n", position)
    return len(script) if end < 0 else end
