"""package.json, as npm, pnpm, yarn and bun read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.javascript.pins import PackageDependencies
from git_hotfix.dependencies.ecosystems.javascript.specifier import parse_specifier
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable
from git_hotfix.dependencies.syntax import json_file

_SECTIONS: tuple[tuple[str, Scope], ...] = (
    ("dependencies", "runtime"),
    ("optionalDependencies", "optional"),
    ("peerDependencies", "optional"),
    ("devDependencies", "development"),
)
# A list of names only; npm knows both spellings. True means all, which are declared in `dependencies` anyway.
_BUNDLES = ("bundledDependencies", "bundleDependencies")
_DEPTH = 6  # of keys whose line is looked for; overrides of overrides are rare


def read_package_json(content: bytes) -> Manifest:
    """Read a package.json. Names keep their case: JSONStream and jsonstream are two packages."""
    text, document = json_file.load(content)
    found = PackageDependencies(json_file.lines(text, depth=_DEPTH))
    for section, scope in _SECTIONS:
        for key, version in _versions(document, section):
            found.declared += parse_specifier(key, version, scope=scope, line=found.line(section, key))
    found.declared += _bundled_dependencies(document, found)
    # npm's, yarn's and pnpm's ways to say what something else is brought with, and bun's and yarn's of versions in one
    # place for a whole workspace.
    pnpm, workspaces = document.get("pnpm"), document.get("workspaces")
    for at, holder in (((), document), (("pnpm",), pnpm), (("workspaces",), workspaces)):
        if isinstance(holder, dict):
            found.take_settings(holder, *at)
    name = document.get("name")
    return found.manifest(own=[name] if isinstance(name, str) else [])


def _versions(document: Mapping[str, Any], section: str) -> Iterator[tuple[str, str]]:
    table = document.get(section) or {}
    if not isinstance(table, dict):
        raise Unreadable(f"{section} is not an object")
    for key, version in table.items():
        if not isinstance(version, str):
            raise Unreadable(f"the version of {key} in {section} is not a string")
        yield key, version


def _bundled_dependencies(document: Mapping[str, Any], package: PackageDependencies) -> Iterator[Dependency]:
    local = {declared.name for declared in package.declared if declared.source == "path"}
    for section in _BUNDLES:
        names = document.get(section) or []
        if not isinstance(names, (list, bool)):
            raise Unreadable(f"{section} is not a list")
        for number, name in enumerate(names if isinstance(names, list) else []):
            if isinstance(name, str) and name not in local:
                yield Dependency(name, line=package.line(section, str(number)))
