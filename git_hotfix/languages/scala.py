"""Scala: functions, classes, traits, objects and enums, in braces and by indentation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, line_comment, nested_comment, quoted
from git_hotfix.languages.scanning.nesting import Found, definitions

_RULES: Rules = (
    Rule(r"`[^`\n]+`", lambda scan, start, end: -1),  # a name, whatever is in it
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", nested_comment, comment=True),
    Rule(r'\b[a-zA-Z]\w*"""', quoted('"""', escape="", lines=True, hole="${")),
    Rule('"""', quoted('"""', escape="", lines=True)),
    Rule(r'\b[a-zA-Z]\w*"', quoted('"', hole="${")),
    Rule('"', quoted('"')),
    # 'a' and '\n' are characters, 'name is a symbol.
    Rule(r"'(?:\\(?:u+[0-9a-fA-F]{4}|[^\n])|[^\\'\n])'", lambda scan, start, end: end),
)
# A word, signs (`+:`), or a word and signs with an underscore between (`unary_-`).
_NAME = r"`[^`\n]+`|(?:[^\W\d]|\$)(?:[\w$]*_[!#%&*+\-/:<=>?@\\^|~]+|[\w$]*)|[!#%&*+\-/:<=>?@\\^|~]+"
_TYPES = ("class", "trait", "object", "enum")


def outline(text: str) -> Outline:
    """Every `def` with a name, and every class, trait, object and enum."""
    code = Code(text, *hollow(text, _RULES), word=r"[^\W\d][\w$]*|\$[\w$]*|`[^`\n]+`")
    return Outline("scala", definitions(code, _found(code)))


def _found(code: Code) -> Iterator[Found]:
    words = code.words
    for index in range(code.count):
        word, name = words[index], words[index + 1]
        if words[index - 1] in (".", "end"):
            continue
        if word == "def":
            match = re.compile(_NAME).match(code.clear, code.starts[index + 1])
            if match:
                yield Found("function", match.group().strip("`"), index + 1, _last(code, index))
        elif word in _TYPES and code.is_word(index + 1) and name not in ("extends", "of"):
            yield Found("type", name.strip("`"), index + 1, _last(code, index))


def _last(code: Code, index: int) -> int:
    """The last token of a definition: its brace, else the last token before a line that is indented no further."""
    words, margin, at = code.words, _margin(code, index), index + 1
    for _ in code.steps(20_000):
        word = words[at]
        if word in ("}", ")", "]", ""):
            return at - 1
        if code.on_new_line(at) and word != "{" and _column(code, at) <= margin:
            return at - 1
        if word == "{":
            close = code.partner[at]
            if close < 0 or code.on_new_line(close + 1) or words[close + 1] in ("}", ")", ""):
                return close
            at = close + 1
        else:
            at = code.past(at) if word in ("(", "[") else at + 1
    return -1


def _column(code: Code, index: int) -> int:
    start = code.starts[index]
    return start - code.clear.rfind("\n", 0, start) - 1


def _margin(code: Code, index: int) -> int:
    """How far the line of a token is indented."""
    start = code.clear.rfind("\n", 0, code.starts[index]) + 1
    head = code.clear[start : start + 400]
    return len(head) - len(head.lstrip())
