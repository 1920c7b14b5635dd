"""JavaScript: package.json, as npm, pnpm, yarn and bun read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from git_hotfix.manifests.registry import Declared, Manifest, Reader, Scope, Source, Unreadable, decode, strongest

_SECTIONS: tuple[tuple[str, Scope], ...] = (
    ("dependencies", "runtime"),
    ("optionalDependencies", "optional"),
    ("peerDependencies", "optional"),
    ("devDependencies", "development"),
)
# A list of names only; npm knows both spellings. True means all, which are declared in `dependencies` anyway.
_BUNDLES = ("bundledDependencies", "bundleDependencies")
# Where a transitive package is pinned. A pin is no dependency, but an alias there brings a package of another name.
_PINS = ("overrides", "resolutions")
_LOCAL = ("file:", "link:", "portal:", "workspace:", "./", "../", "/", "~/")
_ALIAS = re.compile(r"npm:((?:@[^/@\s]+/)?[^@\s]+)(?:@(.*))?", re.DOTALL)
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"(\s*:)?')


def reads(path: str) -> bool:
    """True for every package.json."""
    return path.rpartition("/")[2] == "package.json"


def read(path: str, content: bytes) -> Manifest:
    """Read a package.json. Names keep their case: JSONStream and jsonstream are two packages."""
    text = decode(content)
    document = json.loads(text)
    if not isinstance(document, dict):
        raise Unreadable("it is no JSON object")
    lines = _lines(text)
    declared = [
        Declared(each.name, each.version, each.source, each.scope, lines.get(alias, 0))
        for alias, each in _declared(document)
    ]
    name = document.get("name")
    return Manifest(names=strongest(declared), own=frozenset({name} if isinstance(name, str) else ()))


def _declared(document: dict[str, Any]) -> Iterator[tuple[str, Declared]]:
    """Every dependency with the key that it stands under, which is its name but for an alias."""
    for section, scope in _SECTIONS:
        table = document.get(section) or {}
        if not isinstance(table, dict):
            raise Unreadable(f"{section} is no object")
        for key, version in table.items():
            if not isinstance(version, str):
                raise Unreadable(f"the version of {key} in {section} is no string")
            if not version.strip().startswith(_LOCAL):
                yield key, Declared(key, version, _source(version), scope)
                yield from _alias(key, version, scope)
    for section in _BUNDLES:
        names = document.get(section) or []
        if not isinstance(names, (list, bool)):
            raise Unreadable(f"{section} is no list")
        own = _local_names(document)
        for name in names if isinstance(names, list) else []:
            if isinstance(name, str) and name not in own:
                yield name, Declared(name)
    pnpm = document.get("pnpm")
    for holder in (document, pnpm if isinstance(pnpm, dict) else {}):
        for section in _PINS:
            yield from _pinned(holder.get(section))


def _local_names(document: dict[str, Any]) -> set[str]:
    return {
        name
        for section, _ in _SECTIONS
        for name, version in (document.get(section) or {}).items()
        if version.strip().startswith(_LOCAL)
    }


def _alias(key: str, version: str, scope: Scope) -> Iterator[tuple[str, Declared]]:
    match = _ALIAS.fullmatch(version.strip())
    if match:
        yield key, Declared(match.group(1), match.group(2) or "", "registry", scope)


def _pinned(pins: object) -> Iterator[tuple[str, Declared]]:
    for key, value in pins.items() if isinstance(pins, dict) else ():
        if isinstance(value, str):
            yield from _alias(key, value, "runtime")
        else:
            yield from _pinned(value)


def _source(version: str) -> Source:
    # `owner/repo`, `git+ssh://…`, `github:…`, `https://…`; a range holds none of these signs.
    return "url" if "/" in version and not version.startswith("npm:") else "registry"


def _lines(text: str) -> dict[str, int]:
    """Key → 1-based line; a key below a section of dependencies wins over one elsewhere."""
    within: dict[str, int] = {}
    elsewhere: dict[str, int] = {}
    line, position, section = 1, 0, False
    for match in _STRING.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        name = match.group(1)
        if match.group(2) and name.lower().endswith("dependencies"):
            section = True
        (within if section else elsewhere).setdefault(name, line)
    return elsewhere | within


READER = Reader("javascript", reads, read)
