"""The imports of a Python file, and which of them it can do without."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from typing import Literal, NamedTuple

from git_hotfix.symbols.python.tree import statements

Guard = Literal["", "try", "typing"]
_FALLBACKS = frozenset(["ImportError", "ModuleNotFoundError", "Exception", "BaseException"])


class Import(NamedTuple):
    """One imported module: its full name, its 1-based line, and what guards it: "try" where its absence is caught,
    "typing" where only a type checker runs it."""

    module: str
    line: int
    guard: Guard = ""

    @property
    def top(self) -> str:
        """The top-level module."""
        return self.module.partition(".")[0]


def imports(tree: ast.Module) -> tuple[Import, ...]:
    """Every module that is imported by its absolute name, in functions too; relative imports stay in the package."""
    return tuple(sorted(_imports(tree), key=lambda each: (each.line, each.module)))


def _imports(tree: ast.Module) -> Iterator[Import]:
    pending: list[tuple[ast.AST, Guard]] = [(tree, "")]
    while pending:
        node, guard = pending.pop()
        if isinstance(node, ast.Import):
            yield from (Import(alias.name, node.lineno, guard) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            # `from google.cloud import storage`: the distribution is told by the last part.
            yield from (Import(f"{node.module}.{alias.name}", node.lineno, guard) for alias in node.names)
        elif isinstance(node, ast.Try) and any(_catches(handler) for handler in node.handlers):
            pending += [(child, guard or "try") for child in node.body]
            # What is imported instead is as optional as what it stands for.
            pending += [(child, guard or "try") for handler in node.handlers for child in handler.body]
            pending += [(child, guard) for child in (*node.orelse, *node.finalbody)]
        elif isinstance(node, ast.If) and _last(node.test) == "TYPE_CHECKING":
            pending += [(child, guard or "typing") for child in node.body]
            pending += [(child, guard) for child in node.orelse]
        else:
            pending += [(child, guard) for child in statements(node)]


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_last(each) in _FALLBACKS for each in caught)


def _last(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def standard_library() -> frozenset[str]:
    """The top-level modules that come with Python."""
    return frozenset(sys.stdlib_module_names)
