"""Python: the tree of a text, and what it defines with a tree and without one."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from functools import lru_cache

from git_hotfix.languages.registry import Definition, Kind
from git_hotfix.languages.scanning.code import hollow
from git_hotfix.languages.scanning.literals import Rule, Rules, line_comment, quoted

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_STRING = r"(?:\b[rRbBuU]{1,2})?"
_TEMPLATE = r"\b(?:[fFtT][rR]?|[rR][fFtT])"
_RULES: Rules = (
    Rule("#", line_comment, comment=True),
    *(Rule(_TEMPLATE + quote * 3, quoted(quote * 3, lines=True, hole="{")) for quote in "\"'"),
    *(Rule(_TEMPLATE + quote, quoted(quote, hole="{")) for quote in "\"'"),
    *(Rule(_STRING + quote * 3, quoted(quote * 3, lines=True)) for quote in "\"'"),
    *(Rule(_STRING + quote, quoted(quote)) for quote in "\"'"),
)
_DEFINITION = r"^([ \t]*)(?:async[ \t]+)?(class|def)[ \t]+([^\W\d]\w*)"


@lru_cache(maxsize=256)
def parse(text: str) -> ast.Module | None:
    """The tree of `text`, or None where this interpreter cannot parse it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape in somebody's file is not ours to tell
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def statements(node: ast.AST) -> list[ast.AST]:
    """The statements that stand directly in `node`, and what holds some (handlers, cases). Nothing that gates ask for
    stands in an expression, and these are nine parts in ten of a tree."""
    return [each for field in ("body", "handlers", "cases", "orelse", "finalbody") for each in getattr(node, field, ())]


def definitions_by_ast(tree: ast.Module) -> tuple[Definition, ...]:
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
                found.append(Definition(kind, name, child.lineno, child.end_lineno or 0))
            elif isinstance(child, ast.Assign) and isinstance(child.value, ast.Lambda):
                target = child.targets[0]
                if isinstance(target, ast.Name):
                    name = f"{around}.{target.id}" if around else target.id
                    found.append(Definition("function", name, target.lineno, child.end_lineno or 0))
            pending.append((child, name))
    return tuple(sorted(found, key=lambda each: each.line))


def definitions_by_indent(text: str) -> tuple[Definition, ...]:
    """Every line that begins a class or a function; what it stands in and its end by how far it is indented."""
    clear, _ = hollow(text, _RULES)
    lines = clear.split("\n")
    starts: dict[int, tuple[int, Kind, str]] = {}  # 1-based line → width of its margin, what it begins
    line, position = 1, 0
    for match in re.compile(_DEFINITION, re.MULTILINE).finditer(clear):
        line += clear.count("\n", position, match.start())
        position = match.start()
        kind: Kind = "type" if match[2] == "class" else "function"
        starts[line] = (len(match[1].expandtabs()), kind, match[3])
    found: dict[int, Definition] = {}
    open_: list[tuple[int, int, str]] = []  # margin, line, name
    last, brackets = 0, 0
    for number, words in enumerate(lines, 1):
        if not words.strip():
            continue
        margin = len(words.expandtabs()) - len(words.expandtabs().lstrip())
        while not brackets and open_ and open_[-1][0] >= margin and words.strip()[0] not in ")]}":
            _, start, _ = open_.pop()
            found[start] = _ending(found[start], last)
        last = number
        if number in starts:
            margin, kind, name = starts[number]
            name = ".".join([*(each for _, _, each in open_[-4:]), name])
            found[number] = Definition(kind, name, number)
            open_.append((margin, number, name.rpartition(".")[2]))
        brackets = max(
            0, brackets + sum(words.count(each) for each in "([{") - sum(words.count(each) for each in ")]}")
        )
    for _, number, _ in open_:
        found[number] = _ending(found[number], last)
    return tuple(found[number] for number in sorted(found))


def _ending(definition: Definition, line: int) -> Definition:
    return Definition(definition.kind, definition.name, definition.line, line)


def standard_library() -> frozenset[str]:
    """The top-level modules that come with Python."""
    return frozenset(sys.stdlib_module_names)
