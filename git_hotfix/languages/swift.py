"""Swift: functions, initialisers, classes, structs, enums, protocols and actors; an extension gives its name only."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import WORD, Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, line_comment, nested_comment, quoted
from git_hotfix.languages.scanning.nesting import Found, definitions

_MODIFIERS = frozenset(
    "public package private internal fileprivate open required convenience override static class nonisolated mutating "
    "final dynamic async".split()
)
_TYPES = ("class", "struct", "enum", "protocol", "actor")


def _raw(scan: Scan, start: int, end: int) -> int:
    opened = scan.text[start:end]
    closer = opened.lstrip("#") + "#" * opened.count("#")
    found = scan.text.find(closer, end)
    return len(scan.text) if found < 0 else found + len(closer)


_RULES: Rules = (
    Rule(r"`[^`\n]+`", lambda scan, start, end: -1),  # a name, whatever is in it
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", nested_comment, comment=True),
    Rule(r'#{1,8}(?:"""|")', _raw),
    Rule('"""', quoted('"""', lines=True, hole=r"\(", brackets="()")),
    Rule('"', quoted('"', hole=r"\(", brackets="()")),
)


def outline(text: str) -> Outline:
    """Every named function and type, `init` and `subscript` among the functions."""
    code = Code(text, *hollow(text, _RULES), word=rf"{WORD}|`[^`\n]+`")
    return Outline("swift", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words = code.words
    for index in range(code.count):
        word, name = words[index], words[index + 1]
        if words[index - 1] in (".", "import"):
            continue
        if word == "func":
            shown = name if code.is_word(index + 1) else _operator(code, index + 1)
            if shown:
                yield Found("function", shown.strip("`"), index + 1, _last(code, index + 2))
        elif word == "init" and name in ("(", "<", "?", "!") and _declares(code, index):
            yield Found("function", "init", index, _last(code, index + 1))
        elif word == "subscript" and name in ("(", "<") and _declares(code, index):
            yield Found("function", "subscript", index, _last(code, index + 1))
        elif word in _TYPES and code.is_word(index + 1) and name not in ("func", "var", "let", "subscript"):
            if words[index + 2] in ("{", ":", "<", "where"):
                yield Found("type", name.strip("`"), index + 1, _last(code, index + 2))
        elif word == "extension" and code.is_word(index + 1):
            yield Found(None, name.strip("`"), index + 1, _last(code, index + 2))


def _declares(code: Code, index: int) -> bool:
    """A call of `init(…)` stands within an expression; a declaration begins a line, but for its modifiers."""
    before = index - 1
    while code.words[before] in _MODIFIERS or code.words[before - 1] == "@":
        before -= 1
    return code.on_new_line(before + 1) or code.words[before] in ("{", "}", ")", "@")


def _operator(code: Code, index: int) -> str:
    """`&&` of `func && <T>(`, `||` of `func ||<T>(`, `<` of `func <(`."""
    match = re.compile(r"[/=\-+!*%<>&|^~?.]+").match(code.clear, code.starts[index])
    name = match.group() if match else ""
    after = code.clear[code.starts[index] + len(name) : code.starts[index] + len(name) + 1]
    return name[:-1] if len(name) > 1 and name[-1] == "<" and (after.isalpha() or after == "_") else name


def _last(code: Code, index: int) -> int:
    """The last token of a definition: its body's brace, or where the next statement begins in a protocol."""
    words = code.words
    for _ in code.steps(600):
        word = words[index]
        if word == "{":
            return code.partner[index]
        if word in ("}", ")", ";", "") or (word in _STATEMENTS and code.on_new_line(index)):
            return index - 1
        index = code.past(index) if word in ("(", "[") else index + 1
    return -1


_STATEMENTS = frozenset("func var let init case class struct enum protocol".split())
