"""C and C++: functions with a body, and classes, structs, unions and enums with one; no prototypes and no macros."""

from __future__ import annotations

from git_hotfix.symbols.model import Definition
from git_hotfix.symbols.scanning.code import Code, hollow
from git_hotfix.symbols.scanning.declarations import found
from git_hotfix.symbols.scanning.literals import Rule, Rules, Scan, continued_comment, quoted, until
from git_hotfix.symbols.scanning.nesting import name_definitions
from git_hotfix.symbols.scanning.preprocessor import resolve_conditionals


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


def definitions(text: str) -> tuple[Definition, ...]:
    """Every function and type; a typedef gives an unnamed struct its name. Raises `TooCostly`."""
    clear, literals = hollow(text, _RULES, kept=r"\\\n")
    code = Code(text, resolve_conditionals(clear), literals, word=r"[^\W\d][\w$]*", signs=_SIGNS)
    return name_definitions(code, found(code))
