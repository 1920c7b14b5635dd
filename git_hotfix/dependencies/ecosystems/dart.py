"""Dart and Flutter: pubspec.yaml, pubspec_overrides.yaml and pubspec.lock."""

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
    by_strongest_scope,
    manifest_of,
    named_indexes,
)

_SECTIONS: tuple[tuple[str, Scope], ...] = (("dependencies", "runtime"), ("dev_dependencies", "development"))
_PUB = frozenset({"https://pub.dev", "https://pub.dartlang.org", "https://pub.flutter-io.cn"})
# How a lock file says what a package is for.
_LOCKED: Mapping[str, Scope] = {"direct dev": "development"}


def read(path: str, content: bytes) -> Manifest:
    """Read a pubspec. What a path, the workspace or an SDK brings is `local`.

    An override that takes a package from elsewhere is `replaced`; one of the version alone sets that of the dependency,
    or is one of the `pins`.
    """
    from git_hotfix.dependencies.syntax import yaml_file

    document = yaml_file.load(content)
    declared = [
        _dependency(name, value, scope)
        for section, scope in _SECTIONS
        for name, value in _table(document, section).items()
    ]
    overrides = [
        _dependency(name, value, "runtime") for name, value in _table(document, "dependency_overrides").items()
    ]
    pinned = {each.name: each for each in overrides if each.source == "registry" and not each.origin}
    names = {each.name for each in declared}
    declared = [_with_override(each, pinned.get(each.name)) for each in declared]
    found = manifest_of(
        declared,
        own=[document["name"]] if isinstance(document.get("name"), str) else [],
        indexes=named_indexes([*declared, *overrides]),
        replaced=[each for each in overrides if each.name not in pinned],
    )
    pins = by_strongest_scope(each for each in pinned.values() if each.name not in names)
    return Manifest(
        found.names, found.own, local=found.local, indexes=found.indexes, replaced=found.replaced, pins=pins
    )


def _table(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = document.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{key} is not a mapping")
    return value


def _with_override(declared: Dependency, pin: Dependency | None) -> Dependency:
    if pin is None or declared.source != "registry":
        return declared
    return Dependency(declared.name, pin.version, "registry", declared.scope, declared.line, declared.origin)


def _dependency(key: str, value: object, scope: Scope) -> Dependency:
    from git_hotfix.dependencies.syntax import address, yaml_file

    name, line = str(key), yaml_file.line_of(key)
    if value is None or isinstance(value, str):
        return Dependency(name, "" if value in (None, "any") else str(value), "registry", scope, line)
    if not isinstance(value, dict):
        raise Unreadable(f"the dependency {name} is a list")
    version = _text(value, "version")
    if "sdk" in value:
        return Dependency(name, version, "path", scope, line, f"sdk: {_text(value, 'sdk')}")
    if "path" in value:
        return Dependency(name, version, "path", scope, line, _text(value, "path"))
    if "git" in value:
        git = value["git"] if isinstance(value["git"], dict) else {"url": value["git"]}
        revision = _text(git, "ref") or _text(git, "tag_pattern")
        return Dependency(name, version or revision, "git", scope, line, address.origin(_text(git, "url")))
    if "hosted" in value:
        hosted = value["hosted"] if isinstance(value["hosted"], dict) else {"url": value["hosted"]}
        url = address.origin(_text(hosted, "url"))
        return Dependency(_text(hosted, "name") or name, version, "registry", scope, line, "" if url in _PUB else url)
    return Dependency(name, version, "registry", scope, line)


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if value is not None and not isinstance(value, str):
        raise Unreadable(f"{key} is not a string")
    return str(value or "")


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a pubspec.lock."""
    from git_hotfix.dependencies.syntax import yaml_file

    declared = list(_locked_packages(_table(yaml_file.load(content), "packages")))
    return manifest_of(declared, indexes=named_indexes(declared))


def _locked_packages(packages: Mapping[str, Any]) -> Iterator[Dependency]:
    from git_hotfix.dependencies.syntax import address, yaml_file

    for name, package in packages.items():
        if not isinstance(package, dict):
            raise Unreadable(f"the package {name} is not a mapping")
        description = package.get("description")
        described = description if isinstance(description, dict) else {}
        kind, version = _text(package, "source"), _text(package, "version")
        scope = _LOCKED.get(_text(package, "dependency"), "runtime")
        source: Source = "git" if kind == "git" else "path" if kind in ("path", "sdk") else "registry"
        if source == "git":
            version = _text(described, "resolved-ref") or version
        url = _text(described, "path") if source == "path" else address.origin(_text(described, "url"))
        if kind == "sdk":
            url = f"sdk: {description}"
        yield Dependency(str(name), version, source, scope, yaml_file.line_of(name), "" if url in _PUB else url)


READER = Reader(
    "dart",
    manifests=(globs("pubspec.yaml", "pubspec.yml", "pubspec_overrides.yaml"),),
    read=read,
    locks=(globs("pubspec.lock"),),
    read_lock=read_lock,
)
