"""package-lock.json and npm-shrinkwrap.json, of npm 5 to 11."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.javascript.lock_packages import lock_manifest, package_at
from git_hotfix.dependencies.ecosystems.javascript.specifier import parse_specifier
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable
from git_hotfix.dependencies.syntax import json_file

_FOLDER = "node_modules/"


def read_npm_lock(content: bytes) -> Manifest:
    """Read a lock file of npm: by `packages` where it has them (versions 2 and 3), else by nested `dependencies`."""
    text, document = json_file.load(content)
    lines = json_file.lines(text, depth=2)
    packages = document.get("packages")
    own = {document["name"]} if isinstance(document.get("name"), str) else set()
    if packages is None:
        return lock_manifest(_nested_packages(document, lines), own=own)
    if not isinstance(packages, dict):
        raise Unreadable("packages is not an object")
    declared: list[Dependency] = []
    for path, entry in packages.items():
        if not isinstance(entry, dict):
            raise Unreadable(f"the package at {path!r} is not an object")
        name, line = entry.get("name"), lines.get(("packages", path), 0)
        if _FOLDER not in path:  # the project itself, or a member of its workspace
            own |= {name} if isinstance(name, str) else set()
        elif entry.get("link") is True:
            declared.append(
                Dependency(_package_name(path), "", "path", _scope(entry), line, _text(entry.get("resolved")))
            )
        else:
            called = name if isinstance(name, str) and name else _package_name(path)
            version, url = _text(entry.get("version")), _text(entry.get("resolved"))
            declared.append(package_at(called, version, url, scope=_scope(entry), line=line))
    return lock_manifest(declared, own=own)


def _package_name(path: str) -> str:
    name = path.rpartition(_FOLDER)[2]
    if not name:
        raise Unreadable(f"the package at {path!r} has no name")
    return name


def _nested_packages(document: Mapping[str, Any], lines: Mapping[tuple[str, ...], int]) -> Iterator[Dependency]:
    """npm 5 and 6: what a package brings for itself alone stands below it."""
    waiting: list[tuple[Mapping[str, Any], int]] = [(document, 0)]
    while waiting:
        holder, above = waiting.pop()
        packages = holder.get("dependencies", {})
        if not isinstance(packages, dict):
            raise Unreadable("dependencies is not an object")
        for name, entry in packages.items():
            if not isinstance(entry, dict) or not name:
                raise Unreadable(f"the entry of {name!r} is not an object")
            line = above or lines.get(("dependencies", name), 0)
            waiting.append((entry, line))
            version, url = _text(entry.get("version")), _text(entry.get("resolved"))
            if not url and version.startswith(("http://", "https://")):  # npm 5.0 to 5.3
                version, url = "".join(re.findall(r"-(\d[^/]*)\.tgz$", version)), version
            if url:
                yield package_at(name, version, url, scope=_scope(entry), line=line)
            else:  # a version, an alias, an address or a path stands for itself
                yield from parse_specifier(name, version, scope=_scope(entry), line=line)


def _scope(entry: Mapping[str, Any]) -> Scope:
    if entry.get("dev") is True:
        return "development"
    return "optional" if entry.get("optional") is True or entry.get("devOptional") is True else "runtime"


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
