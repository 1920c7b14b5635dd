"""The type hints of a Python file: which parameters and results of which functions have them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from git_hotfix.symbols.python.tree import statements

RESULT = "return"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Signature(NamedTuple):
    """One function: its name with what it stands in, its 1-based line, its parameters (and `return`) with hints and
    without, and its tree, by which a change is known from new blanks and comments.

    `self` and `cls` need no hint, nor does the result of `__init__`; lambdas cannot have any and are not listed.
    """

    name: str
    line: int
    hinted: frozenset[str]
    bare: frozenset[str]
    node: ast.AST

    def differs(self, other: Signature) -> bool:
        """True when anything in the two but blanks, comments and places is different."""
        return ast.dump(self.node) != ast.dump(other.node)


def signatures(tree: ast.Module) -> tuple[Signature, ...]:
    """Every function of a tree in the order of their lines, nested ones too."""
    return tuple(sorted(_signatures(tree), key=lambda each: each.line))


def share(functions: tuple[Signature, ...]) -> float:
    """The part of functions that have every hint, from 0 to 1; 0 where there is no function."""
    return sum(not each.bare for each in functions) / len(functions) if functions else 0.0


def _signatures(tree: ast.Module) -> Iterator[Signature]:
    pending: list[tuple[ast.AST, str, bool]] = [(tree, "", False)]
    while pending:
        node, around, in_class = pending.pop()
        for child in statements(node):
            if isinstance(child, ast.ClassDef):
                pending.append((child, _joined(around, child.name), True))
            elif isinstance(child, _FUNCTIONS):
                name = _joined(around, child.name)
                yield _signature(child, name, is_method=in_class)
                pending.append((child, name, False))
            else:
                pending.append((child, around, in_class))


def _joined(around: str, name: str) -> str:
    return f"{around}.{name}" if around else name


def _signature(node: ast.FunctionDef | ast.AsyncFunctionDef, name: str, *, is_method: bool) -> Signature:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    if is_method and positional and not _is_static(node):
        positional = positional[1:]
    hints = {each.arg: each.annotation for each in (*positional, *arguments.kwonlyargs)}
    for star, each in (("*", arguments.vararg), ("**", arguments.kwarg)):
        if each:
            hints[star + each.arg] = each.annotation
    if not (is_method and node.name == "__init__") or node.returns:
        hints[RESULT] = node.returns
    hinted = frozenset(each for each, hint in hints.items() if hint is not None)
    return Signature(name, node.lineno, hinted, frozenset(hints) - hinted, node)


def _is_static(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in node.decorator_list)
