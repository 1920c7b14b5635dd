"""Where JavaScript's package managers take packages from: .npmrc, .yarnrc, .yarnrc.yml, bunfig.toml; and
pnpm-workspace.yaml, which sets versions for a whole workspace too."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.javascript.pins import PackageDependencies
from git_hotfix.dependencies.ecosystems.javascript.specifier import index_of, parse_specifier
from git_hotfix.dependencies.registry import Manifest, Unreadable, decode
from git_hotfix.dependencies.syntax.lines import with_line_feeds

# What JavaScript's trim() takes away is white space to Python, but for U+FEFF.
_REGISTRY = r"""[\s\ufeff]*["']?(?:@[^\s:="']+:)?registry["']?(?:\s*=\s*|\s+)["']?([^\s"']+)"""


def read_npmrc(content: bytes) -> Manifest:
    """Read a .npmrc or a .yarnrc: `registry=…` and `@scope:registry=…` of one, `registry "…"` of the other."""
    text = with_line_feeds(decode(content), "return")
    if "\0" in text:
        raise Unreadable("it holds a NUL byte")
    indexes: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        match = re.match(_REGISTRY, line) if "registry" in line else None
        if match and (index := index_of(match.group(1))):
            indexes.setdefault(index, number)
    return Manifest(indexes=indexes)


def read_pnpm_workspace(content: bytes) -> Manifest:
    """Read a pnpm-workspace.yaml."""
    document = _mapping(content)
    found = PackageDependencies(yaml_lines(document))
    found.take_settings(document)
    configuration = document.get("configDependencies")
    for name, version in configuration.items() if isinstance(configuration, dict) else ():
        text = version if isinstance(version, str) else ""
        found.declared += parse_specifier(name, text, scope="build", line=found.line("configDependencies", name))
    _registries(found, [(("registry",), document.get("registry")), *_entries(document, "registries")])
    return found.manifest()


def read_yarnrc(content: bytes) -> Manifest:
    """Read a .yarnrc.yml."""
    document = _mapping(content)
    found = PackageDependencies(yaml_lines(document))
    found.take_settings(document)
    scopes = [
        ((*at, "npmRegistryServer"), scope.get("npmRegistryServer"))
        for at, scope in _entries(document, "npmScopes")
        if isinstance(scope, dict)
    ]
    _registries(found, [(("npmRegistryServer",), document.get("npmRegistryServer")), *scopes])
    return found.manifest()


def read_bunfig(content: bytes) -> Manifest:
    """Read a bunfig.toml: a registry is a URL, or a table with one and a secret."""
    from git_hotfix.dependencies.syntax.toml import load

    text, document = load(content)
    install = document.get("install")
    found = PackageDependencies({})
    if isinstance(install, dict):
        entries = [(("registry",), install.get("registry")), *_entries(install, "scopes")]
        urls = [(at, each.get("url") if isinstance(each, dict) else each) for at, each in entries]
        _registries(found, urls)
        found.indexes = {index: text.count("\n", 0, max(text.find(index), 0)) + 1 for index in found.indexes}
    return found.manifest()


def _mapping(content: bytes) -> dict[str, Any]:
    """The mapping of a document; a file without one, of comments say, marks a root and sets nothing."""
    from git_hotfix.dependencies.syntax import yaml_file

    return {} if yaml_file.load_all(content) in ([], [None]) else yaml_file.load(content)


def _entries(document: Mapping[str, Any], key: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    table = document.get(key)
    for name, value in table.items() if isinstance(table, dict) else ():
        yield (key, name), value


def _registries(package: PackageDependencies, urls: list[tuple[tuple[str, ...], Any]]) -> None:
    for at, url in urls:
        if isinstance(url, str) and (index := index_of(url)):
            package.indexes.setdefault(index, package.line(*at))


def yaml_lines(document: Mapping[str, Any], *, depth: int = 6) -> dict[tuple[str, ...], int]:
    """Path of keys → 1-based line, of a document that `yaml_file.load` gave."""
    from git_hotfix.dependencies.syntax.yaml_file import line_of

    lines: dict[tuple[str, ...], int] = {}
    waiting: list[tuple[tuple[str, ...], Any]] = [((), document)]
    while waiting:
        at, table = waiting.pop()
        for key, value in table.items():
            path = (*at, key)
            lines[path] = line_of(key)
            if isinstance(value, dict) and len(path) < depth:
                waiting.append((path, value))
    return lines
