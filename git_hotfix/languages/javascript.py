"""JavaScript, with and without JSX: functions and methods that have a name, and classes."""

from __future__ import annotations

from git_hotfix.languages.registry import Outline
from git_hotfix.languages.scanning.code import Code, hollow
from git_hotfix.languages.scanning.ecmascript import found
from git_hotfix.languages.scanning.ecmascript_text import RULES, WORD
from git_hotfix.languages.scanning.nesting import definitions


def outline(text: str) -> Outline:
    """Every named function, also one that a variable or a property is given, every method and class."""
    code = Code(text, *hollow(text, RULES), word=WORD)
    return Outline("javascript", definitions(code, found(code, typed=False)))
