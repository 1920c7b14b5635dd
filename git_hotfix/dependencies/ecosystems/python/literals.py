"""Strings that a Python module's text holds for an expression, and the source of those that only running tells."""

from __future__ import annotations

import ast
import re
import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator

from git_hotfix.dependencies.registry import Unreadable

SIZE = 500_000  # bytes; a syntax tree takes a hundred times that

_COPIES = ("list", "tuple", "set", "sorted", "frozenset")  # calls that give back what they were given
_ADDS = ("append", "extend", "insert", "update", "setdefault", "add")
_HEAD = re.compile(r"\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*(?=[<>=!~@;])")  # a requirement's name and extras
_VERSION = re.compile(r"""(['"])([A-Za-z0-9][\w.-]*(?:\[[^\]'"]*\])?)\s*[<>=!~][^'"]*\1""")
_BINDERS = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.For, ast.AsyncFor, ast.With,
    ast.AsyncWith, ast.ExceptHandler,
)  # fmt: skip


def parse_module(content: bytes) -> Module:
    """The module whose text this is. Raises `Unreadable` for one that is too large, and what `ast.parse` raises."""
    if len(content) > SIZE:
        raise Unreadable(f"it is larger than {SIZE // 1000} kB")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(ast.parse(content))


class Module:
    """One parsed module: every value that a name is ever given, in whatever scope, and what was dynamic so far."""

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self.nodes = tuple(ast.walk(tree))
        self._values: dict[str, list[ast.expr]] = defaultdict(list)
        self._binders: dict[str, list[ast.AST]] = defaultdict(list)
        self._dynamic: list[ast.expr] = []
        for node in self.nodes:
            self._take(node)

    def _take(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, (ast.AugAssign, ast.NamedExpr)) or (isinstance(node, ast.AnnAssign) and node.value):
            self._assign(node.target, node.value)  # type: ignore[arg-type]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ADDS:
            holder = node.func.value
            while isinstance(holder, (ast.Subscript, ast.Attribute, ast.Call)):
                holder = holder.func if isinstance(holder, ast.Call) else holder.value
            if isinstance(holder, ast.Name):
                # `insert` has an index first, `setdefault` a key: neither is a requirement.
                skip = 1 if node.func.attr in ("insert", "setdefault") else 0
                self._values[holder.id] += [*node.args[skip:], *(keyword.value for keyword in node.keywords)]
        elif isinstance(node, _BINDERS):
            for name in _names_bound(node):
                self._binders[name].append(node)

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._values[target.id].append(value)
        elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            # extras["test"] = […] is one more entry of the table.
            self._values[target.value.id].append(ast.Dict(keys=[target.slice], values=[value]))
        elif isinstance(target, (ast.Tuple, ast.List)):
            for each in target.elts:
                self._assign(each, value)

    def keywords(self, call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
        """The keyword arguments of a call, those of `**table` included where the module's text says them."""
        yield from self._keywords(call, set())

    def _keywords(self, call: ast.Call, seen: set[str]) -> Iterator[tuple[str, ast.expr]]:
        for keyword in call.keywords:
            if keyword.arg is not None:
                yield keyword.arg, keyword.value
            else:
                yield from self._entries(keyword.value, seen)

    def _entries(self, node: ast.expr, seen: set[str]) -> Iterator[tuple[str, ast.expr]]:
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield str(key.value), value
                elif key is None:
                    yield from self._entries(value, seen)
                else:
                    self._dynamic.append(key)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "dict":
            for argument in node.args:
                yield from self._entries(argument, seen)
            yield from self._keywords(node, seen)
        elif isinstance(node, ast.Name) and node.id in self._values and node.id not in seen:
            seen.add(node.id)
            if node.id in self._binders:
                self._dynamic.append(node)
            for each in self._values[node.id]:
                yield from self._entries(each, seen)
        elif not (isinstance(node, ast.Name) and node.id in seen):
            self._dynamic.append(node)

    def strings(self, node: ast.expr, *, quietly: bool = False) -> list[tuple[str, str]]:
        """Every string that `node` may hold, with the key of the table that it stands in ("" for none). What is no
        literal is remembered as dynamic, unless `quietly`."""
        before = len(self._dynamic)
        found = list(self._strings(node, "", set()))
        if quietly:
            del self._dynamic[before:]
        return found

    def _strings(self, node: ast.expr, key: str, seen: set[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        inner: Iterable[tuple[ast.expr, str]]
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):
                yield node.value, key
            return
        if isinstance(node, ast.Name) and node.id in self._values:
            if (node.id, key) in seen:
                return
            seen.add((node.id, key))
            if node.id in self._binders:
                self._dynamic.append(node)
            inner = [(each, key) for each in self._values[node.id]]
        elif (text := _fold(node) or _head(node)) is not None:
            yield text, key
            return
        else:
            parts = None if _is_joined_text(node) else _parts(node, key)
            if parts is None:
                self._dynamic.append(node)
                return
            inner = parts
        for each, name in inner:
            yield from self._strings(each, name, seen)

    def dynamic(self) -> frozenset[str]:
        """One text of all dynamic expressions and of every statement that gives a name in them its value."""
        if not self._dynamic:
            return frozenset()
        waiting: list[ast.AST] = list(self._dynamic)
        names: set[str] = set()
        texts: set[str] = set()
        while waiting:
            node = waiting.pop()
            texts.add(ast.unparse(node))
            for inner in ast.walk(node):
                if isinstance(inner, ast.Name) and inner.id not in names:
                    names.add(inner.id)
                    waiting += [*self._values.get(inner.id, ()), *self._binders.get(inner.id, ())]
        # Another version of the same name is not a change of what is required.
        return frozenset({_VERSION.sub(r"\1\2\1", "\n".join(sorted(texts)))})


def _names_bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name
    elif isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from ((alias.asname or alias.name).split(".")[0] for alias in node.names)
    elif isinstance(node, ast.ExceptHandler):
        yield node.name or ""
    else:
        targets = (
            [node.target]
            if isinstance(node, (ast.For, ast.AsyncFor))
            else [item.optional_vars for item in getattr(node, "items", ()) if item.optional_vars]
        )
        yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


def _fold(node: ast.expr) -> str | None:
    """The text that `+` puts together of literal ones; None for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _fold(node.left), _fold(node.right)
        return None if left is None or right is None else left + right
    return None


def _is_joined_text(node: ast.expr) -> bool:
    """True for a text that is put together, and not for two lists."""
    return (
        isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Add)
        and any(_fold(each) is not None or _is_joined_text(each) for each in (node.left, node.right))
    )


def _head(node: ast.expr) -> str | None:
    """The name of a requirement whose version is computed."""
    match = _HEAD.match(constant_start(node))
    return match.group().strip() if match else None


def constant_start(node: ast.expr) -> str:
    """What a text begins with of which only the rest is computed, as in `f"x=={v}"`, `"x==" + v`, `"x==%s" % v` and
    `"x=={}".format(v)`; "" for anything else."""
    start: ast.expr | None = None
    if isinstance(node, ast.JoinedStr) and node.values:
        start = node.values[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Mod, ast.Add)):
        start = node.left
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        start = node.func.value
    return start.value if isinstance(start, ast.Constant) and isinstance(start.value, str) else ""


def _parts(node: ast.expr, key: str) -> list[tuple[ast.expr, str]] | None:
    """The expressions whose strings are the strings of `node`, each with its key; None when only running tells."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return [(each, key) for each in node.elts]
    if isinstance(node, ast.Starred):
        return [(node.value, key)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.BitOr)):
        return [(node.left, key), (node.right, key)]
    if isinstance(node, ast.IfExp):
        return [(node.body, key), (node.orelse, key)]
    if isinstance(node, ast.Subscript):
        return [(node.value, key)]
    if isinstance(node, ast.Dict):
        return [
            (value, str(name.value) if isinstance(name, ast.Constant) else key)
            for name, value in zip(node.keys, node.values, strict=True)
        ]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        if node.func.id in _COPIES and len(node.args) == 1 and not node.keywords:
            return [(node.args[0], key)]
        if node.func.id == "dict":
            return [
                *((each, key) for each in node.args),
                *((keyword.value, keyword.arg or key) for keyword in node.keywords),
            ]
    return None
