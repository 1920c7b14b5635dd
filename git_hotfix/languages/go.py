"""Go: functions, methods by their receiver, and named types that are not aliases."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, line_comment, quoted, until
from git_hotfix.languages.scanning.nesting import Found, definitions

_RULES: Rules = (
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", until("*/"), comment=True),
    Rule("`", until("`")),
    Rule('"', quoted('"')),
    Rule("'", quoted("'")),
)


def outline(text: str) -> Outline:
    """Every named function, method and type at the top of a file."""
    code = Code(text, *hollow(text, _RULES))
    return Outline("go", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words, index = code.words, 0
    while index < code.count:
        word = words[index]
        if word == "func" and code.on_new_line(index):
            yield from _function(code, index)
        elif word == "type" and words[index - 1] != ".":
            if words[index + 1] == "(":
                yield from _group(code, index + 1)
            else:
                yield from _type(code, index + 1)
        elif word in ("{", "("):
            index = code.past(index)  # what a function declares for itself is nobody else's
            continue
        index += 1


def _function(code: Code, index: int) -> Iterator[Found]:
    words, receiver = code.words, ""
    if words[index + 1] == "(":
        close = code.past(index + 1)
        inside = [word for word in words[index + 2 : min(close - 1, index + 12)] if word.isidentifier()]
        receiver = next((word for word, after in _pairs(words, index + 2, close) if after in ("[", ")", "")), "")
        receiver = receiver or (inside[-1] if inside else "")
        index = close - 1
    name = index + 1
    if not code.is_word(name):
        return
    body = _body(code, name + 1)
    last = code.partner[body] if body else -1
    yield Found("function", f"{receiver}.{words[name]}" if receiver else words[name], name, last)


def _pairs(words: list[str], start: int, end: int) -> Iterator[tuple[str, str]]:
    for at in range(start, min(end - 1, start + 12)):
        if words[at].isidentifier() and (at > start or words[at + 1] in (")", "[")):
            yield words[at], words[at + 1]


def _body(code: Code, index: int) -> int:
    """The index of the brace that opens the body of a function whose parameters start at `index`; 0 for none."""
    words = code.words
    if words[index] == "[":
        index = code.past(index)
    if words[index] != "(":
        return 0
    index = code.past(index)
    while index < code.count:
        word = words[index]
        if word == "{":
            # A result may be a type that is written out: `interface{}`, `struct{…}`.
            if words[index - 1] not in ("interface", "struct"):
                return index
            index = code.past(index)
        elif word in ("(", "["):
            index = code.past(index)
        elif code.on_new_line(index):
            return 0
        else:
            index += 1
    return 0


def _group(code: Code, index: int) -> Iterator[Found]:
    end, at = code.past(index) - 1, index + 1
    while at < end:
        if code.words[at] in ("{", "(", "["):
            at = code.past(at)
            continue
        if code.on_new_line(at) or at == index + 1 or code.words[at - 1] == ";":
            yield from _type(code, at)
        at += 1


def _type(code: Code, index: int) -> Iterator[Found]:
    words, after = code.words, index + 1
    if not code.is_word(index) or (words[after] == "[" and _is_alias(code, after)) or words[after] == "=":
        return
    if words[after] == "[":
        after = code.past(after)
    brace = after + 1
    last = code.partner[brace] if words[after] in ("struct", "interface") and words[brace] == "{" else index
    yield Found("type", words[index], index, last)


def _is_alias(code: Code, index: int) -> bool:
    return code.words[code.past(index)] == "="  # type Set[T comparable] = map[T]struct{}
