"""Java: classes, interfaces, enums, records and annotations, and the methods that stand directly in them."""

from __future__ import annotations

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, line_comment, quoted, until
from git_hotfix.languages.scanning.members import Dialect, members
from git_hotfix.languages.scanning.nesting import definitions

_RULES: Rules = (
    Rule("//", line_comment, comment=True),
    Rule(r"/\*", until("*/"), comment=True),
    Rule('"""', quoted('"""', lines=True)),
    Rule('"', quoted('"')),
    Rule("'", quoted("'")),
)
_TYPES = frozenset({"class", "interface", "enum", "record"})
_RESERVED = frozenset({"super", "this", "new", "synchronized", "static", "return"})


def outline(text: str) -> Outline:
    """Every type and method; what a method declares for itself is nobody else's."""
    dialect = Dialect(_TYPES, frozenset(), _RESERVED, sharp=False)
    code = Code(text, *hollow(text, _RULES), word=r"[^\W\d][\w$]*|\$[\w$]+")
    return Outline("java", definitions(code, members(code, dialect)))
