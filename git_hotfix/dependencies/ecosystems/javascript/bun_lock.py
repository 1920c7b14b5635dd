"""bun.lock: JSON with comments and commas before a closing bracket."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.ecosystems.javascript.lock_packages import lock_manifest, package_at
from git_hotfix.dependencies.ecosystems.javascript.specifier import index_of, parse_specifier
from git_hotfix.dependencies.registry import Dependency, Manifest, Unreadable, decode
from git_hotfix.dependencies.syntax import json_file

_LOOSE = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"|//[^\n]*|,(?=\s*[}\]])'


def read_bun_lock(content: bytes) -> Manifest:
    """Read a bun.lock. The binary bun.lockb of earlier versions is unreadable."""
    if content.startswith(b"#!/usr/bin/env bun"):
        raise Unreadable("it is binary: bun install --save-text-lockfile writes one that can be read")
    strict = re.sub(_LOOSE, lambda match: match.group() if match.group()[0] == '"' else "", decode(content))
    text, document = json_file.load(strict.encode("utf-8", "surrogateescape"))
    packages, workspaces = document.get("packages", {}), document.get("workspaces", {})
    if not isinstance(packages, dict) or not isinstance(workspaces, dict):
        raise Unreadable("packages or workspaces is not an object")
    lines = json_file.lines(text, depth=2)
    own = {each["name"] for each in workspaces.values() if isinstance(each, dict) and isinstance(each.get("name"), str)}
    declared = [
        one for key, entry in packages.items() for one in _packages(key, entry, lines.get(("packages", key), 0))
    ]
    return lock_manifest(declared, own=own)


def _packages(key: str, entry: object, line: int) -> Iterator[Dependency]:
    """`"key": ["name@version", "registry", …]`, where an empty registry is npm's, and an address has none."""
    if not isinstance(entry, list) or not entry or not isinstance(entry[0], str) or "@" not in entry[0][1:]:
        raise Unreadable(f"the package {key[:80]!r} has no name")
    name, _, version = entry[0][1:].partition("@")
    name = entry[0][0] + name
    registry = entry[1] if len(entry) > 1 and isinstance(entry[1], str) else ""
    if re.match(r"\d", version):
        if registry.partition("?")[0].endswith((".tgz", ".tar.gz")):
            yield package_at(name, version, registry, line=line)
        else:
            yield Dependency(name, version, "registry", "runtime", line, index_of(registry))
    elif version.startswith("root:"):
        return
    else:
        yield from parse_specifier(name, version, line=line)
