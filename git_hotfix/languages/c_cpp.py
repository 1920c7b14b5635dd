"""C and C++: functions with a body, and classes, structs, unions and enums with one; no prototypes and no macros."""

from __future__ import annotations

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.declarations import found
from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, continued_comment, quoted, until
from git_hotfix.languages.scanning.nesting import definitions
from git_hotfix.languages.scanning.preprocessor import resolved


def _raw(scan: Scan, start: int, end: int) -> int:
    """`R"x(…)x"`."""
    label = scan.text[start:end].partition('"')[2][:-1]
    closed = scan.text.find(f'){label}"', end)
    return len(scan.text) if closed < 0 else closed + len(label) + 2


_RULES: Rules = (
    Rule("//", continued_comment, comment=True),
    Rule(r"/\*", until("*/"), comment=True),
    # What these say is text, an apostrophe in it opens nothing.
    Rule(r"^[ \t]*#[ \t]*(?:error|warning|pragma|region|include)\b", continued_comment, comment=True),
    Rule(r'\b(?:u8|[uUL])?R"[^()\\\s"]{0,16}\(', _raw),
    Rule('"', quoted('"')),
    # An apostrophe between digits separates them.
    Rule(r"(?<![0-9a-fA-F])'|(?<=\b[uUL])'", quoted("'")),
)
# No `>=`: it closes lists of types.
_SIGNS = r"->|::|==|!=|<=|&&|\|\||\.\.\."


def outline(text: str) -> Outline:
    """Every function and type; a typedef gives an unnamed struct its name."""
    clear, literals = hollow(text, _RULES, kept=r"\\\n")
    code = Code(text, resolved(clear), literals, word=r"[^\W\d][\w$]*", signs=_SIGNS)
    return Outline("c_cpp", definitions(code, found(code)))
