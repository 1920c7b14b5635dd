"""vcpkg.json and vcpkg-configuration.json."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax import json_file
from git_hotfix.dependencies.syntax.address import origin, place

_OWN = "github.com/microsoft/vcpkg"
Lines = Mapping[tuple[str, ...], int]


def read_manifest(content: bytes) -> Manifest:
    """Read a vcpkg.json. The baseline, which sets the version of every package, is a pin of that name."""
    text, document = json_file.load(content, unique=True)
    lines = json_file.lines(text, depth=5)
    declared = list(_dependencies(document, ("dependencies",), "runtime", lines))
    features = document.get("features", {})
    if isinstance(features, list):  # of old: a list of objects with names
        features = {str(number): each for number, each in enumerate(features)}
    if not isinstance(features, dict):
        raise Unreadable("features is not an object")
    for name, feature in features.items():
        if not isinstance(feature, dict):
            raise Unreadable(f"the feature {name[:80]!r} is not an object")
        scope: Scope = "development" if "test" in name.lower() else "optional"
        declared += _dependencies(feature, ("features", name, "dependencies"), scope, lines)
    name = document.get("name", document.get("Source"))
    own = {name.lower()} if isinstance(name, str) else set()
    pins = [*_overrides(document, lines), *_baseline(document, ("builtin-baseline",), lines)]
    indexes: dict[str, int] = {}
    for key in ("vcpkg-configuration", "configuration"):
        if key in document:
            indexes |= _registries(document[key], (key,), lines)
            pins += _baseline(document[key], (key, "default-registry", "baseline"), lines)
    kept = [each for each in declared if each.name not in own]  # a feature may ask for another one of the same port
    return manifest_of(kept, own=own, indexes=indexes, pins=pins)


def read_configuration(content: bytes) -> Manifest:
    """Read a vcpkg-configuration.json: the registries beside vcpkg's own."""
    text, document = json_file.load(content, unique=True)
    lines = json_file.lines(text)
    pins = _baseline(document, ("default-registry", "baseline"), lines)
    return manifest_of([], indexes=_registries(document, (), lines), pins=pins)


def _baseline(document: dict[str, Any], path: tuple[str, ...], lines: Lines) -> list[Dependency]:
    value: object = document
    for key in path[-2:] if len(path) > 1 else path:
        value = value.get(key) if isinstance(value, dict) else None
    return [Dependency("builtin-baseline", value, line=lines.get(path, 0))] if isinstance(value, str) else []


def _dependencies(document: dict[str, Any], path: tuple[str, ...], scope: Scope, lines: Lines) -> Iterator[Dependency]:
    entries = document.get("dependencies", document.get("Build-Depends", []))
    if not isinstance(entries, list):
        raise Unreadable(f"{'.'.join(path)[:80]!r} is not a list")
    for number, entry in enumerate(entries):
        line = lines.get((*path, str(number)), 0)
        table = {"name": entry} if isinstance(entry, str) else entry
        name = table.get("name") if isinstance(table, dict) else None
        if not isinstance(name, str) or not name:
            raise Unreadable(f"a dependency has no name (line {line})")
        version = table.get("version>=", "")
        host = table.get("host") is True
        line = lines.get((*path, str(number), "name"), line)
        yield Dependency(name.lower(), f">={version}" if version else "", "registry", "build" if host else scope, line)


def _overrides(document: dict[str, Any], lines: Lines) -> Iterator[Dependency]:
    overrides = document.get("overrides", [])
    for number, override in enumerate(overrides if isinstance(overrides, list) else []):
        if isinstance(override, dict) and isinstance(override.get("name"), str) and override["name"]:
            version = next((override[key] for key in override if key.startswith("version")), "")
            line = lines.get(("overrides", str(number), "name"), 0)
            yield Dependency(override["name"].lower(), str(version), line=line)


def _registries(configuration: object, path: tuple[str, ...], lines: Lines) -> dict[str, int]:
    """The places of the registries in the configuration that stands at `path`."""
    if not isinstance(configuration, dict):
        raise Unreadable("the configuration is not an object")
    registries = configuration.get("registries", [])
    if not isinstance(registries, list):
        raise Unreadable("registries is not a list")
    places = [("default-registry",), *(("registries", str(number)) for number in range(len(registries)))]
    found: dict[str, int] = {}
    for where, registry in zip(places, [configuration.get("default-registry") or {}, *registries], strict=True):
        if not isinstance(registry, dict):
            raise Unreadable("a registry is not an object")
        for key in ("repository", "location", "path"):
            address = registry.get(key)
            if isinstance(address, str) and address and place(address).lower() != _OWN:
                found.setdefault(origin(address), lines.get((*path, *where, key), 0))
    return found
