"""packages.config, nuget.config, dotnet-tools.json, global.json and packages.lock.json."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.ecosystems.dotnet.packages import index, normalise
from git_hotfix.dependencies.registry import (
    SIZE,
    Dependency,
    Manifest,
    Scope,
    Unreadable,
    manifest_of,
    may_say,
    table_at,
)
from git_hotfix.dependencies.syntax import json_file
from git_hotfix.dependencies.syntax.plain import source_text
from git_hotfix.dependencies.syntax.xml_file import load


def read_packages(content: bytes) -> Manifest:
    """Read a packages.config. It names everything that is installed, also what other packages bring."""
    root = load(content)
    if root.name != "packages":
        raise Unreadable("it is not a list of packages")
    declared: list[Dependency] = []
    for package in root.all("package"):
        name, version = normalise(package.attributes.get("id", "")), package.attributes.get("version", "")
        if not name:
            raise Unreadable(f"a package has no id (line {package.line})")
        development = package.attributes.get("developmentDependency", "").lower() == "true"
        declared.append(
            Dependency(name, version, "registry", "development" if development else "runtime", package.line)
        )
    return manifest_of(declared)


def read_sources(content: bytes) -> Manifest:
    """Read a nuget.config: the package sources beside NuGet's own that are switched on."""
    root = load(content)
    if root.name != "configuration":
        raise Unreadable("it is not a NuGet configuration")
    off = {
        each.attributes.get("key")
        for each in root.at("disabledPackageSources", "add")
        if each.attributes.get("value", "").lower() == "true"
    }
    found: dict[str, int] = {}
    for source in root.at("packageSources", "add"):
        address = index(source.attributes.get("value", ""))
        if address and source.attributes.get("key") not in off:
            found.setdefault(address, source.line)
    return Manifest(indexes=found)


def read_tools(content: bytes) -> Manifest:
    """Read a dotnet-tools.json: tools for those who develop."""
    text, document = json_file.load(content)
    lines = json_file.lines(text)
    return manifest_of(
        Dependency(normalise(name), _text(tool, "version"), "registry", "development", lines.get(("tools", name), 0))
        for name, tool in table_at(document, "tools", "object").items()
    )


def read_global(content: bytes) -> Manifest:
    """Read a global.json, as far as it names SDKs that come from NuGet. Other tools have files of that name."""
    if not may_say(content, b"msbuild-sdks"):
        source_text(content)
        return Manifest()
    text, document = json_file.load(content)
    lines = json_file.lines(text)
    return manifest_of(
        Dependency(normalise(name), str(version), "registry", "build", lines.get(("msbuild-sdks", name), 0))
        for name, version in table_at(document, "msbuild-sdks", "object").items()
    )


def read_lock(content: bytes) -> Manifest:
    """Read a packages.lock.json. A package that several target frameworks lock counts once."""
    if len(content) > SIZE:
        raise Unreadable(f"it is larger than {SIZE // 1_000_000} MB")
    text, document = json_file.load(content)
    return manifest_of(_locked_packages(document, json_file.lines(text)))


def _locked_packages(document: dict[str, Any], lines: dict[tuple[str, ...], int]) -> Iterator[Dependency]:
    scope: Scope = "runtime"
    for framework, packages in table_at(document, "dependencies", "object").items():
        if not isinstance(packages, dict):
            raise Unreadable(f"the dependencies of {framework[:80]!r} are not an object")
        for name, entry in packages.items():
            line = lines.get(("dependencies", framework, name), 0)
            if _text(entry, "type").lower() == "project":
                yield Dependency(normalise(name), "", "path", scope, line, name)
            else:
                yield Dependency(normalise(name), _text(entry, "resolved"), "registry", scope, line)


def _text(entry: object, key: str) -> str:
    value = entry.get(key, "") if isinstance(entry, dict) else None
    if not isinstance(value, str):
        raise Unreadable(f"an entry has no {key} that is a string")
    return value
