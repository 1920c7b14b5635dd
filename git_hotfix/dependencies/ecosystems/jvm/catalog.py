"""A version catalog of Gradle (libs.versions.toml), and Gradle's lock files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from git_hotfix.dependencies.ecosystems.jvm.configurations import scope_of
from git_hotfix.dependencies.ecosystems.jvm.coordinates import name_of, parse
from git_hotfix.dependencies.registry import LOCK_SIZE, Dependency, Manifest, Scope, Unreadable, manifest_of, table_at
from git_hotfix.dependencies.syntax import plain, toml_lines
from git_hotfix.dependencies.syntax.toml import load

COUNT = 50_000  # artifacts of one lock file, as many take half a second; those of large builds reach 2,000
_ORDER: tuple[Scope, ...] = ("runtime", "build", "development")


def read_catalog(content: bytes) -> Manifest:
    """Read a version catalog. Its libraries count as runtime dependencies: which of them a build uses, and for what,
    its scripts say by `libs.…`, which may be computed."""
    text, document = load(content)
    lines = toml_lines.lines(text)
    return manifest_of(_entries(document, lines))


def _entries(document: Mapping[str, Any], lines: Mapping[tuple[str, ...], int]) -> Iterator[Dependency]:
    versions = table_at(document, "versions")
    for alias, entry in table_at(document, "libraries").items():
        yield Dependency(*_library(alias, entry, versions), line=lines.get(("libraries", alias), 0))
    for alias, entry in table_at(document, "plugins").items():
        if isinstance(entry, str):
            name, _, version = entry.partition(":")
        elif isinstance(entry, dict) and isinstance(entry.get("id"), str):
            name, version = entry["id"], _version(entry.get("version"), versions)
        else:
            raise Unreadable(f"the plugin {alias[:80]!r} has no id")
        # A plugin of the build itself has no version, or by custom this one.
        if version and version != "unspecified":
            yield Dependency(name, version, scope="build", line=lines.get(("plugins", alias), 0))


def _library(alias: str, entry: object, versions: Mapping[str, Any]) -> tuple[str, str]:
    if isinstance(entry, str):
        found = parse(entry)
        if found:
            return found
    elif isinstance(entry, dict):
        module = entry.get("module", f"{entry.get('group', '')}:{entry.get('name', '')}")
        group, _, artifact = str(module).partition(":")
        if group and artifact:
            return name_of(group, artifact), _version(entry.get("version"), versions)
    raise Unreadable(f"the library {alias[:80]!r} names no artifact")


def _version(value: object, versions: Mapping[str, Any]) -> str:
    if isinstance(value, dict) and isinstance(value.get("ref"), str):
        value = versions.get(value["ref"], f"ref {value['ref']}")
    if isinstance(value, dict):
        value = next((value[key] for key in ("strictly", "require", "prefer") if key in value), "")
    return value if isinstance(value, str) else ""


def read_lockfile(path: str, content: bytes) -> Manifest:
    """Read a gradle.lockfile (`group:artifact:version=configuration,…` a line) or one configuration's, which Gradle
    wrote before version 7."""
    name = path.rpartition("/")[2]
    declared: list[Dependency] = []
    scopes: dict[str, Scope] = {}
    for number, line in enumerate(plain.source_text(content, size=LOCK_SIZE).split("\n"), start=1):
        entry, _, configurations = line.strip().partition("=")
        if not entry or entry.startswith("#") or entry == "empty":
            continue
        found = parse(entry)
        if found is None:
            raise Unreadable(f"line {number} locks no artifact")
        if len(declared) >= COUNT:
            raise Unreadable(f"it locks more than {COUNT:,} artifacts")
        uses = configurations or name.removesuffix(".lockfile")
        if uses not in scopes:
            scopes[uses] = _scope(name, uses.split(","))
        declared.append(Dependency(*found, scope=scopes[uses], line=number))
    return manifest_of(declared)


def _scope(name: str, configurations: Sequence[str]) -> Scope:
    found = {scope_of(each, ()) for each in configurations}
    scope: Scope = next((each for each in _ORDER if each in found), "runtime")
    # buildscript-gradle.lockfile and settings-gradle.lockfile are of the build itself.
    return "build" if scope == "runtime" and name.endswith("-gradle.lockfile") else scope
