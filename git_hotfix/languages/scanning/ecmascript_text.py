"""The literals of JavaScript and TypeScript: regular expressions told from division, templates with code in them."""

from __future__ import annotations

import re

from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, line_comment, quoted, until

# Before a value stands one of these; after a value a slash divides.
_BEFORE_VALUE = tuple("(,=:[!&|?{;+-*%~^\n")
_WORDS_BEFORE_VALUE = frozenset(
    "return typeof case in of delete void throw new else do instanceof yield await default".split()
)
_REGEX = r"/(?![*/])(?:[^/\\\[\n]|\\[^\n]|\[(?:[^\]\\\n]|\\[^\n])*\])+/[a-zA-Z]*"


def _regex(scan: Scan, start: int, end: int) -> int:
    text = scan.text
    before = text[max(0, start - 60) : start].rstrip(" \t\n")
    last = before[-1:]
    if text[end : end + 1] == ">" or text[start - 1 : start] == "<":
        return -1  # a tag of JSX
    if last in ("}", ")") and "\n" in text[max(0, start - 60) : start][len(before) :]:
        pass  # behind a statement
    elif last and last not in _BEFORE_VALUE and not before.endswith("=>"):
        word = re.search(r"[\w$]+$", before)
        if not word or word.group() not in _WORDS_BEFORE_VALUE:
            return -1
    if start < scan.hopeless:
        return -1
    match = re.compile(_REGEX).match(text, start)
    if match is None:
        scan.hopeless = scan.end_of_line(start)
        return -1
    return match.end()


RULES: Rules = (
    Rule(r"\A#!", line_comment, comment=True),
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", until("*/"), comment=True),
    Rule("/", _regex),
    Rule("`", quoted("`", lines=True, hole="${")),
    Rule('"', quoted('"')),
    Rule("'", quoted("'")),
)
WORD = r"#?(?:[^\W\d]|\$)[\w$]*"
