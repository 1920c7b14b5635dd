"""Rust: Cargo.toml, .cargo/config.toml and Cargo.lock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import (
    Dependency,
    Manifest,
    Reader,
    Scope,
    Source,
    Unreadable,
    manifest_of,
    named_indexes,
    table_at,
)

_SECTIONS: tuple[tuple[str, Scope], ...] = (
    ("dependencies", "runtime"),
    ("build-dependencies", "build"),
    ("build_dependencies", "build"),
    ("dev-dependencies", "development"),
    ("dev_dependencies", "development"),
)
# crates.io, as Cargo.lock and `replace-with` spell it.
_DEFAULT_INDEXES = frozenset({"https://github.com/rust-lang/crates.io-index", "https://index.crates.io", "crates-io"})
_Path = tuple[str, ...]


def normalise(name: str) -> str:
    """A name as crates.io compares it, where serde_json and Serde-JSON cannot both be."""
    return name.lower().replace("_", "-")


def read(path: str, content: bytes) -> Manifest:
    """Read a Cargo.toml or a Cargo configuration.

    A dependency with a path is `local` even if it has a version too, which is for those who take the package from
    crates.io; so is one with `workspace = true`, because the workspace's own manifest declares it.
    """
    from git_hotfix.dependencies.syntax import toml, toml_lines

    text, document = toml.load(content)
    lines = toml_lines.lines(text)
    if path.rpartition("/")[2] != "Cargo.toml":
        return _config(document, lines)
    declared = [
        each for where, table, scope in _sections(document) for each in _dependencies(table, where, scope, lines)
    ]
    package = {**table_at(document, "project"), **table_at(document, "package")}
    name = package.get("name")
    return manifest_of(
        declared,
        own=[normalise(name)] if isinstance(name, str) and name else [],
        indexes=named_indexes(declared),
        replaced=[*_patches(document, lines), *_replacements(document, lines)],
    )


def _sections(document: Mapping[str, Any]) -> Iterator[tuple[_Path, Mapping[str, Any], Scope]]:
    """Every table of dependencies with the path of its keys."""
    targets = table_at(document, "target")
    holders: list[tuple[_Path, Mapping[str, Any]]] = [((), document), (("workspace",), table_at(document, "workspace"))]
    holders += [(("target", target), table_at(targets, target)) for target in targets]
    for where, holder in holders:
        for section, scope in _SECTIONS:
            yield (*where, section), table_at(holder, section), scope


def _dependencies(
    table: Mapping[str, Any], where: _Path, scope: Scope, lines: Mapping[_Path, int]
) -> Iterator[Dependency]:
    for key, value in table.items():
        yield _dependency(key, value, scope, lines.get((*where, key)) or lines.get(where, 0))


def _dependency(key: str, value: object, scope: Scope, line: int) -> Dependency:
    from git_hotfix.dependencies.syntax import address

    if isinstance(value, str):
        return Dependency(normalise(key), value, "registry", scope, line)
    if not isinstance(value, dict):
        raise Unreadable(f"the dependency {key} is neither a string nor a table")
    for word in ("version", "git", "path", "package", "registry", "registry-index", "rev", "tag", "branch"):
        if not isinstance(value.get(word, ""), str):
            raise Unreadable(f"{word} of the dependency {key} is not a string")
    if value.get("optional") is True and scope == "runtime":
        scope = "optional"
    name = normalise(value.get("package") or key)
    version = value.get("version", "")
    if "git" in value:
        version = version or value.get("rev") or value.get("tag") or value.get("branch") or ""
        return Dependency(name, version, "git", scope, line, address.origin(value["git"]))
    if "path" in value or value.get("workspace") is True:
        return Dependency(name, version, "path", scope, line, value.get("path", ""))
    index = value.get("registry") or address.origin(value.get("registry-index", ""))
    return Dependency(name, version, "registry", scope, line, "" if index in _DEFAULT_INDEXES else index)


def _patches(document: Mapping[str, Any], lines: Mapping[_Path, int]) -> Iterator[Dependency]:
    """`[patch.crates-io]` and `[patch."https://…"]`."""
    patch = table_at(document, "patch")
    for source in patch:
        yield from _dependencies(table_at(patch, source), ("patch", source), "runtime", lines)


def _replacements(document: Mapping[str, Any], lines: Mapping[_Path, int]) -> Iterator[Dependency]:
    """`[replace]`, whose keys are package identifiers: `foo:1.0.0`, `foo@1.0.0`, `https://…/index#foo:1.0.0`."""
    for key, value in table_at(document, "replace").items():
        name = key.rpartition("#")[2].replace("@", ":").partition(":")[0]
        yield _dependency(name, value, "runtime", lines.get(("replace", key), 0))


def _config(document: Mapping[str, Any], lines: Mapping[_Path, int]) -> Manifest:
    """A .cargo/config.toml: registries beside crates.io, and what stands for others."""
    from git_hotfix.dependencies.syntax import address

    indexes: dict[str, int] = {}
    for section, words in (("registries", ("index",)), ("source", ("registry", "git"))):
        tables = table_at(document, section)
        for name in tables:
            for word in words:
                url = table_at(tables, name).get(word)
                if isinstance(url, str) and address.origin(_without_protocol(url)) not in _DEFAULT_INDEXES:
                    line = lines.get((section, name, word), 0)
                    indexes.setdefault(address.origin(_without_protocol(url)), line)
    return manifest_of(
        (),
        dynamic=[f"{key} = {document[key]}" for key in ("paths", "include") if key in document],
        indexes=indexes,
        replaced=_patches(document, lines),
    )


def _without_protocol(url: str) -> str:
    return url.removeprefix("sparse+").removeprefix("registry+")


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a Cargo.lock. A package without a source is a member of the workspace or stands at a path."""
    import re

    from git_hotfix.dependencies.syntax import address, toml

    text, document = toml.load(content)
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if match := re.match(r'name = "([^"]*)"', line):
            lines.setdefault(match.group(1), number)
    declared: list[Dependency] = []
    indexes: dict[str, int] = {}
    packages = document.get("package", [])
    if not isinstance(packages, list):
        raise Unreadable("package is not a list of tables")
    for package in packages:
        if not isinstance(package, dict):
            raise Unreadable("package is not a list of tables")
        name, version, source = (package.get(key, "") for key in ("name", "version", "source"))
        if not (isinstance(name, str) and name and isinstance(version, str) and isinstance(source, str)):
            raise Unreadable("a package has no name, or a version or a source that is not a string")
        kind, _, url = source.partition("+")
        stands = lines.get(name, 0)
        if not source:
            declared.append(Dependency(normalise(name), version, "path", "runtime", stands))
            continue
        origin = address.origin(url.partition("?")[0])
        taken: Source = "git" if kind == "git" else "registry"
        if origin in _DEFAULT_INDEXES:
            origin = ""
        elif taken == "registry":
            indexes.setdefault(origin, stands)
        declared.append(Dependency(normalise(name), version, taken, "runtime", stands, origin))
    return manifest_of(declared, indexes=indexes)


READER = Reader(
    "rust",
    manifests=(globs("Cargo.toml", ".cargo/config.toml", ".cargo/config"),),
    read=read,
    locks=(globs("Cargo.lock"),),
    read_lock=read_lock,
)
