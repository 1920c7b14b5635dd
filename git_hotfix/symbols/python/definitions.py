"""Python: every class and function, by Python's own parser, or by the grammar where that refuses."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from git_hotfix.model.frozen import replace
from git_hotfix.symbols.languages import Language
from git_hotfix.symbols.model import Definition, FileSymbols, Kind
from git_hotfix.symbols.python.tree import parse, statements

if TYPE_CHECKING:
    from git_hotfix.symbols.tree import Allowance

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def symbols(language: Language, text: str, allowance: Allowance | None) -> FileSymbols:
    """Every class and function, nested ones too. A file of Python 2, or of a newer Python than this, is read by the
    grammar, and `note` says so."""
    parsed = parse(text)
    if parsed is not None:
        return FileSymbols(language.id, _definitions(parsed))
    from git_hotfix.symbols import by_grammar

    found = by_grammar.symbols(language, text.encode("utf-8", "surrogateescape"), allowance)
    # That it does not parse is known; where it does not is the grammar's opinion.
    note = found.note or "this Python cannot parse it, its definitions were read by a grammar"
    return replace(found, note=note, broken=0)


def _definitions(tree: ast.Module) -> tuple[Definition, ...]:
    """Every class and function of a tree; a lambda that a name is given is the function of that name."""
    found: list[Definition] = []
    pending: list[tuple[ast.AST, str]] = [(tree, "")]
    while pending:
        node, around = pending.pop()
        for child in statements(node):
            name = around
            if isinstance(child, (ast.ClassDef, *_FUNCTIONS)):
                name = f"{around}.{child.name}" if around else child.name
                kind: Kind = "type" if isinstance(child, ast.ClassDef) else "function"
                found.append(Definition(kind, name, child.lineno))
            elif isinstance(child, ast.Assign) and isinstance(child.value, ast.Lambda):
                target = child.targets[0]
                if isinstance(target, ast.Name):
                    name = f"{around}.{target.id}" if around else target.id
                    found.append(Definition("function", name, target.lineno))
            pending.append((child, name))
    return tuple(sorted(found, key=lambda each: each.line))
