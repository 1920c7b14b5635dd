"""Kotlin: functions, classes, interfaces, enums and objects, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import SIGNS, WORD, Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, line_comment, nested_comment, quoted
from git_hotfix.languages.scanning.nesting import Found, definitions

_RULES: Rules = (
    Rule(r"`[^`\n]+`", lambda scan, start, end: -1),  # a name, whatever is in it
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", nested_comment, comment=True),
    Rule('"""', quoted('"""', escape="", lines=True, hole="${")),
    Rule('"', quoted('"', hole="${")),
    Rule("'", quoted("'")),
)
# What a name in backticks may hold stays one token.
_WORD = rf"{WORD}|`[^`\n]+`"


def outline(text: str) -> Outline:
    """Every named function, class, interface and object; no type alias."""
    code = Code(text, *hollow(text, _RULES), word=_WORD, signs=SIGNS)
    return Outline("kotlin", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words, index = code.words, 0
    while index < code.count:
        word = words[index]
        if word == "fun" and words[index - 1] != "@":
            yield from _function(code, index)
        elif word in ("class", "interface") and code.is_word(index + 1) and words[index - 1] not in ("::", "."):
            yield Found("type", words[index + 1].strip("`"), index + 1, _last(code, index + 2))
        elif word == "object" and words[index - 1] not in (".", "::", "="):
            if code.is_word(index + 1) and not code.on_new_line(index + 1):
                yield Found("type", words[index + 1].strip("`"), index + 1, _last(code, index + 2))
            elif words[index - 1] == "companion":
                yield Found(None, "Companion", index, _last(code, index + 1))
        index += 1


def _function(code: Code, index: int) -> Iterator[Found]:
    """`fun <T> Receiver<T>.name(…): Result {`: the name is the word before the first round bracket."""
    words, at = code.words, index + 1
    if words[at] == "interface":
        return
    if words[at] == "<":
        at = code.past_angles(at)
    name = -1
    for _ in code.steps(60):
        if code.is_word(at):
            name = at
            at += 1
        elif words[at] == "<" and (past := code.past_angles(at)) > at:
            at = past
        elif words[at] in (".", "?", "?.", "@"):
            at += 1
        elif words[at] == "(" and (name < 0 or words[code.past(at)] in (".", "?.")):
            at = code.past(at)  # `fun (A.() -> B).name(`
        else:
            break
    if words[at] == "(" and name > 0 and words[at - 1] not in (".", "?."):
        yield Found("function", words[name].strip("`"), name, _last(code, code.past(at)))


def _last(code: Code, index: int) -> int:
    """The last token of a definition: its body's brace, or the end of its expression."""
    words = code.words
    for _ in code.steps(400):
        word = words[index]
        if word == "{":
            return code.partner[index]
        if word == "=":
            return _end_of_expression(code, index)
        if word in ("(", "["):
            index = code.past(index)
        elif word == "<" and (past := code.past_angles(index)) > index:
            index = past
        elif word in _GOES_ON or words[index - 1] in _GOES_ON:
            index += 1
        elif word in _ENDS or (code.on_new_line(index) and word not in _MODIFIERS):
            return index - 1
        else:
            index += 1
    return -1


def _end_of_expression(code: Code, index: int) -> int:
    words, at = code.words, index + 1
    for _ in code.steps(2000):
        if words[at] in ("(", "[", "{"):
            at = code.past(at)
        elif words[at] in _ENDS:
            return at - 1
        else:
            at += 1
        if code.on_new_line(at) and words[at] not in _OPERATORS and words[at - 1] not in ("=", "->", "&&", "||"):
            return at - 1
    return -1


_GOES_ON = frozenset([":", ",", ".", "->", "?", "by", "where"])
_ENDS = frozenset(["}", ")", ";", ""])
_MODIFIERS = frozenset(["constructor", "private", "internal", "protected"])
_OPERATORS = frozenset([".", "?.", "?", ":", "else", "&&", "||", "+", "-", "as"])
