"""C#: classes, interfaces, structs, enums and records, and the methods that stand directly in them."""

from __future__ import annotations

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, Scan, line_comment, quoted, until
from git_hotfix.languages.scanning.members import Dialect, members
from git_hotfix.languages.scanning.nesting import definitions
from git_hotfix.languages.scanning.preprocessor import resolved


def _raw(scan: Scan, start: int, end: int) -> int:
    """Three or more quotes: up to as many."""
    found = scan.text.find(scan.text[start:end].lstrip("$"), end)
    if found < 0:
        return len(scan.text)
    found += (end - start) - scan.text[start:end].count("$")
    while scan.text[found : found + 1] == '"':
        found += 1
    return found


_RULES: Rules = (
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", until("*/"), comment=True),
    # A region's name may hold anything.
    Rule(r"^[ \t]*#[ \t]*(?:region|endregion|pragma|error|warning|line|nullable)\b", line_comment, comment=True),
    Rule(r'\$*"""+', _raw),
    Rule(r'(?:\$@|@\$)"', quoted('"', escape='"', lines=True, hole="{")),
    Rule('@"', quoted('"', escape='"', lines=True)),
    Rule(r'\$"', quoted('"', hole="{")),
    Rule('"', quoted('"')),
    Rule("'", quoted("'")),
)
_TYPES = frozenset({"class", "interface", "struct", "enum", "record"})
_MODIFIERS = frozenset(
    "public private protected internal static readonly async virtual override abstract sealed extern unsafe new "
    "partial ref const fixed event this base where required file".split()
)


def outline(text: str) -> Outline:
    """Every type, method and constructor; no properties, operators, delegates and local functions."""
    dialect = Dialect(_TYPES, frozenset({"namespace"}), _MODIFIERS, sharp=True)
    clear, literals = hollow(text, _RULES)
    code = Code(text, resolved(clear), literals, word=r"@?[^\W\d]\w*")
    return Outline("csharp", definitions(code, members(code, dialect)))
