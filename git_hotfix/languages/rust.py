"""Rust: functions with and without a body, structs, enums, unions and traits; `impl` and `mod` give names only."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import WORD, Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, line_comment, nested_comment, quoted
from git_hotfix.languages.scanning.nesting import Found, definitions

_TYPES = ("struct", "enum", "union", "trait")


def _raw(scan: Scan, start: int, end: int) -> int:
    closer = '"' + "#" * scan.text[start:end].count("#")
    found = scan.text.find(closer, end)
    return len(scan.text) if found < 0 else found + len(closer)


_RULES: Rules = (
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", nested_comment, comment=True),
    Rule(r'\b(?:br|cr|r)#*"', _raw),
    Rule(r'\b[bc]?"|"', quoted('"', lines=True)),
    # A lifetime ('a) is not a character: one character or an escape, then the quote.
    Rule(r"b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]{1,8}\}|[^\n])|[^\\'\n])'", lambda scan, start, end: end),
)


def outline(text: str) -> Outline:
    """Every function and type, also those in functions, in traits and in what a macro is given."""
    code = Code(text, *hollow(text, _RULES), word=rf"(?:r#)?{WORD}")
    return Outline("rust", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words, index = code.words, 0
    while index < code.count:
        word = words[index]
        if word == "!" and code.is_word(index - 1) and words[index - 1] != "for":
            # What a macro is made of, or is given, is a pattern of code and no code.
            opener = index + 2 if words[index - 1] == "macro_rules" else index + 1
            index = code.past(opener) if words[opener] in ("{", "(", "[") else index + 1
            continue
        elif word == "fn" and code.is_word(index + 1):
            yield Found("function", words[index + 1].removeprefix("r#"), index + 1, _last(code, index + 2))
        elif word in _TYPES and code.is_word(index + 1) and words[index - 1] not in (".", "$", "'"):
            if words[index + 2] in ("{", "(", "<", ";", "where", ":"):
                yield Found("type", words[index + 1].removeprefix("r#"), index + 1, _last(code, index + 2))
        elif word == "impl" and words[index - 1] in ("", ";", "}", "]", "{", "unsafe", "default"):
            yield from _impl(code, index)
        index += 1


def _last(code: Code, index: int) -> int:
    """The last token of a definition whose name ends before `index`: its body's brace or its semicolon."""
    words = code.words
    for _ in code.steps(2000):
        word = words[index]
        if word in ("(", "["):
            index = code.past(index)
        elif word == "{":
            return code.partner[index]
        elif word in (";", "}", ")", ""):
            return index if word == ";" else -1
        else:
            index += 1
    return -1


def _impl(code: Code, index: int) -> Iterator[Found]:
    """`impl<T> Trait for Type<T> where … {`: the scope of Type."""
    words, at = code.words, index + 1
    if words[at] == "<":
        at = code.past_angles(at)
    name = index
    for _ in code.steps(400):
        word = words[at]
        if word == "{":
            yield Found(None, words[name], index, code.partner[at])
            return
        if word in (";", "}", ")", "", "=>"):
            return
        if word == "<" and (past := code.past_angles(at)) > at:
            at = past
            continue
        if word == "where":
            for _ in code.steps(400):
                if words[at] in ("{", ";", ""):
                    break
                at += 1
            continue
        if word in ("(", "["):
            at = code.past(at)
            continue
        if code.is_word(at) and word not in ("for", "dyn", "mut", "const", "crate", "super", "self"):
            name = at
        at += 1
