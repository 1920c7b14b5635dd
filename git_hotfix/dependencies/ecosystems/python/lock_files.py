"""Lock files of Python: poetry.lock, uv.lock, pdm.lock and pylock.toml, which differ in their words; Pipfile.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.python.project_dependencies import Table, group_scope, tables
from git_hotfix.dependencies.ecosystems.python.requirement import is_development, normalise, requirement_at
from git_hotfix.dependencies.ecosystems.python.requirements_file import index_of
from git_hotfix.dependencies.registry import LOCK_SIZE, Dependency, Manifest, Scope, Unreadable, manifest_of, table_at
from git_hotfix.dependencies.syntax.toml import load

# Where a package comes from: a registry, or else a URL, a path, a repository, under one of these keys. An archive of
# pylock.toml has one of them inside.
_REGISTRY = ("registry", "index")
_PLACES = ("git", "hg", "svn", "url", "path", "editable", "virtual", "directory")


def read_toml_lock(content: bytes) -> Manifest:
    """Read poetry.lock, uv.lock, pdm.lock or pylock.toml."""
    text, document = load(content, size=LOCK_SIZE)
    packages = [*tables(document, "package"), *tables(document, "packages")]
    lines = _lines(text)
    # PDM calls an extra a group too, and writes its own version of the format with an underscore.
    extras = "lock_version" in table_at(document, "metadata")
    declared = [_package(each, lines, extras=extras) for each in packages]
    members = table_at(document, "manifest").get("members", [])
    own = {one.name for one in declared if one.source == "path" and one.origin in (".", "")}
    own |= {normalise(name) for name in members if isinstance(name, str)} if isinstance(members, list) else set()
    return manifest_of((one for one in declared if one.name not in own), own=own, indexes=_indexes(declared))


def _lines(text: str) -> Mapping[str, int]:
    """Normalised name → 1-based line of the first `name = "…"` that begins a line."""
    lines: dict[str, int] = {}
    line, position = 1, 0
    for match in re.finditer(r"""^name\s*=\s*["']([^"'\n]+)["']""", text, re.MULTILINE):
        line += text.count("\n", position, match.start())
        position = match.start()
        lines.setdefault(normalise(match.group(1)), line)
    return lines


def _indexes(declared: list[Dependency]) -> Mapping[str, int]:
    indexes: dict[str, int] = {}
    for one in declared:
        if one.source == "registry" and one.origin:
            indexes.setdefault(one.origin, one.line)
    return indexes


def _package(package: Table, lines: Mapping[str, int], *, extras: bool) -> Dependency:
    name = package.get("name")
    if not isinstance(name, str) or not normalise(name):
        raise Unreadable("a package has no name")
    line, scope = lines.get(normalise(name), 0), _scope(package, extras=extras)
    version = str(package.get("version", ""))
    source = package.get("source", package)
    if not isinstance(source, dict):
        raise Unreadable(f"the source of {name} is not a table")
    kind, place, revision = _place(source)
    if kind in _REGISTRY:
        return Dependency(normalise(name), version, "registry", scope, line, index_of(place))
    if kind in ("git", "url", "hg", "svn"):
        url = place if kind == "url" or place.startswith(kind) else f"{kind}+{place}"
        one = requirement_at(name, url, scope=scope, revision=revision, line=line)
        if one.source != "path":
            return one
    return Dependency(normalise(name), "", "path", scope, line, place)


def _place(source: Table) -> tuple[str, str, str]:
    """What kind of place, its address, and the revision there."""
    for key in ("vcs", "archive"):  # PEP 751
        inner = source.get(key)
        if isinstance(inner, dict):
            kind = str(inner.get("type", "url" if "url" in inner else "path"))
            return kind, _text(inner.get("url", inner.get("path"))), _text(inner.get("commit-id"))
    address = _text(source.get("url"))
    revision = _text(source.get("resolved_reference", source.get("revision", source.get("reference"))))
    word = source.get("type")  # poetry
    if isinstance(word, str):
        return {"legacy": "index", "directory": "path", "file": "path"}.get(word, word), address, revision
    for key in (*_PLACES, *_REGISTRY):
        inner = source.get(key)
        value = inner.get("path") if isinstance(inner, dict) else inner  # PEP 751 has a table for a directory
        if isinstance(value, str):
            # uv writes a repository with the commit as its fragment.
            return key, value, revision or (value.partition("#")[2] if key == "git" else "")
    return "registry", "", ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _scope(package: Table, *, extras: bool) -> Scope:
    """By the groups of poetry and PDM, or the category of an older poetry; a lock that has neither does not tell."""
    groups = package.get("groups", package.get("category"))
    names = [str(each) for each in groups] if isinstance(groups, list) else [groups] if isinstance(groups, str) else []
    if names and all(group_scope(name) == "development" for name in names):
        return "optional" if extras and not all(map(is_development, names)) else "development"
    return "optional" if package.get("optional") is True else "runtime"


def read_pipfile_lock(content: bytes) -> Manifest:
    """Read a Pipfile.lock: `default`, `develop`, and every other category of pipenv."""
    from git_hotfix.dependencies.syntax import json_file

    text, document = json_file.load(content)
    lines = json_file.lines(text, depth=2)
    indexes: dict[str, int] = {}
    for source in tables(table_at(document, "_meta"), "sources"):
        if index := index_of(_text(source.get("url"))):
            indexes[index] = text.count("\n", 0, text.find(_text(source.get("url")))) + 1
    declared = [
        _pipfile_package(
            name, value, "runtime" if category == "default" else "development", lines.get((category, name), 0)
        )
        for category, name, value in _entries(document)
    ]
    return manifest_of(declared, indexes=indexes)


def _entries(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for category in document:
        if category != "_meta":
            for name, value in table_at(document, category).items():
                yield category, name, value


def _pipfile_package(name: str, value: object, scope: Scope, line: int) -> Dependency:
    if isinstance(value, str) and normalise(name):  # the first pipenv wrote only a version
        return Dependency(normalise(name), value, "registry", scope, line)
    if not isinstance(value, dict) or not normalise(name):
        raise Unreadable(f"the entry of {name} is not an object")
    for key in ("path", "file", "git"):
        place = value.get(key)
        if isinstance(place, str):
            url = f"git+{place.removeprefix('git+')}" if key == "git" else place
            one = requirement_at(name, url, scope=scope, revision=_text(value.get("ref")), line=line)
            return one if key != "path" else Dependency(one.name, "", "path", scope, line, place)
    index = _text(value.get("index"))
    origin = "" if index.lower() == "pypi" else index
    return Dependency(normalise(name), _text(value.get("version")), "registry", scope, line, origin)
