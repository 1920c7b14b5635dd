"""conanfile.txt, conanfile.py as far as its text says what it requires, and conan.lock."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.ecosystems.python.literals import Module, constant_start, parse_module
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax import json_file
from git_hotfix.dependencies.syntax.plain import source_text

LOCK_SIZE = 2_000_000  # bytes; the lock files of large programs have 20 kB
# name/version@user/channel#revision; a version is anything, a range or a `{variable}` included.
_REFERENCE = r"([A-Za-z0-9_][\w.+-]*)/([^@#%\s]*(?:\s[^@#%]*)?)(?:@([^#%]*))?(?:#[^%]*)?(?:%.*)?"
_SCOPES: dict[str, Scope] = {
    "requires": "runtime",
    "build_requires": "build",
    "tool_requires": "build",
    "test_requires": "development",
    "python_requires": "build",
}


def reference(text: str, scope: Scope, line: int) -> Dependency | None:
    """One package of Conan, whose origin is its user and channel; None for what is none."""
    match = re.fullmatch(_REFERENCE, text.strip()[:1_000])
    if match is None:
        return None
    name, version, channel = match.groups()
    where = channel.strip() if channel and channel.strip("_/ ") else ""
    return Dependency(name.lower(), version.strip(), "registry", scope, line, f"@{where}" if where else "")


def read_text(content: bytes) -> Manifest:
    """Read a conanfile.txt."""
    declared: list[Dependency] = []
    section = ""
    for number, line in enumerate(source_text(content, ends="python").split("\n"), start=1):
        text = re.sub(r"(?:^|\s)#.*", "", line).strip()
        if text.startswith("["):
            if not text.endswith("]"):
                raise Unreadable(f"line {number} is not a section")
            section = text[1:-1].strip()
        elif text and not section:
            raise Unreadable(f"line {number} stands in no section")
        elif text and section in _SCOPES:
            found = reference(text, _SCOPES[section], number)
            if found is None:
                raise Unreadable(f"line {number} is not a reference of Conan")
            declared.append(found)
    return manifest_of(declared)


def read_python(content: bytes) -> Manifest:
    """Read a conanfile.py, which is parsed and never run. What is computed stands in `dynamic`, with every statement
    that it is made from."""
    module = parse_module(content)
    declared: list[Dependency] = []
    pins: list[Dependency] = []
    own: list[str] = []
    for name, value in _attributes(module):
        if name in _SCOPES:
            values = value.elts if isinstance(value, (ast.Tuple, ast.List)) else [value]
            declared += [one for each in values for one in _requirements_in(module, each, _SCOPES[name])]
        elif name == "name" and isinstance(value, ast.Constant):
            own.append(str(value.value).lower())
    for call, section in _calls(module):
        scope: Scope = "development" if _is_true(call, "test") else _SCOPES[section]
        (pins if _is_true(call, "override") else declared).extend(_requirements_in(module, call.args[0], scope))
    return manifest_of(declared, own=own, dynamic=module.dynamic(), pins=pins)


def _attributes(module: Module) -> Iterator[tuple[str, ast.expr]]:
    """Name and value of what classes set in their bodies."""
    for node in module.nodes:
        for statement in node.body if isinstance(node, ast.ClassDef) else ():
            for target in statement.targets if isinstance(statement, ast.Assign) else ():
                if isinstance(target, ast.Name) and isinstance(statement, ast.Assign):
                    yield target.id, statement.value


def _calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """`self.requires("a/1")` and the like, and `self.requires.add("a/1")` of old; with what is called."""
    for node in module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            function = node.func
            if function.attr == "add" and isinstance(function.value, ast.Attribute):
                function = function.value
            if function.attr in _SCOPES and isinstance(function.value, ast.Name) and function.value.id == "self":
                yield node, function.attr


def _requirements_in(module: Module, value: ast.expr, scope: Scope) -> Iterator[Dependency]:
    """What an expression requires; of a version that is computed, how it is written."""
    name = _head(value)
    if name:
        yield Dependency(name, ast.unparse(value)[:200], "registry", scope, value.lineno)
    elif not (isinstance(value, ast.Attribute) and value.attr == "tested_reference_str"):  # the package itself
        # Of a tuple ("a/1.0", "private") the rest is not a reference.
        found = (reference(text, scope, value.lineno) for text, _ in module.strings(value))
        yield from (each for each in found if each)


def _head(node: ast.expr) -> str:
    """The name in a reference of which only the rest is computed."""
    match = re.match(r"([A-Za-z0-9_][\w.+-]*)/", constant_start(node))
    return match.group(1).lower() if match else ""


def _is_true(call: ast.Call, keyword: str) -> bool:
    return any(
        each.arg == keyword and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in call.keywords
    )


def read_lock(content: bytes) -> Manifest:
    """Read a conan.lock of Conan 2, or of Conan 1."""
    if len(content) > LOCK_SIZE:
        raise Unreadable(f"it is larger than {LOCK_SIZE // 1_000_000} MB")
    text, document = json_file.load(content)
    lines = json_file.lines(text)
    if "graph_lock" in document:
        return manifest_of(_nodes(document))
    declared: list[Dependency] = []
    for section, scope in _SCOPES.items():
        entries = document.get(section, [])
        if not isinstance(entries, list):
            raise Unreadable(f"{section} is not a list")
        for number, entry in enumerate(entries):
            # Conan 2.3 writes [reference, {…}] where it keeps more.
            each = entry[0] if isinstance(entry, list) and entry else entry
            declared.append(_locked_reference(each, scope, lines.get((section, str(number)), 0)))
    return manifest_of(declared)


def _nodes(document: dict[str, Any]) -> Iterator[Dependency]:
    graph = document["graph_lock"]
    nodes = graph.get("nodes") if isinstance(graph, dict) else None
    if not isinstance(nodes, dict):
        raise Unreadable("graph_lock has no nodes")
    for node in nodes.values():
        # The first is the conanfile itself, by its path.
        if isinstance(node, dict) and node.get("ref") and "path" not in node:
            yield _locked_reference(node["ref"], "runtime", 0)


def _locked_reference(entry: object, scope: Scope, line: int) -> Dependency:
    found = reference(entry, scope, line) if isinstance(entry, str) else None
    if found is None:
        raise Unreadable("an entry is not a reference of Conan")
    return found
