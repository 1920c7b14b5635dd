"""What a JavaScript project sets for packages that others bring: overrides, resolutions, catalogs, extensions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.javascript.specifier import parse_specifier
from git_hotfix.dependencies.registry import Dependency, Manifest, manifest_of

_OVERRIDES = ("overrides", "resolutions")
_DEPTH = 100  # tables in one another; the formats hold it too


class PackageDependencies:
    """What has been found so far in one file; `lines` says where a path of keys stands."""

    def __init__(self, lines: Mapping[tuple[str, ...], int]) -> None:
        self.declared: list[Dependency] = []
        self.indexes: dict[str, int] = {}
        self._lines = lines
        self._pins: list[Dependency] = []
        self._replaced: list[Dependency] = []

    def line(self, *path: str) -> int:
        """The line of a key, or of the nearest one above it that is known."""
        return next((self._lines[path[:size]] for size in range(len(path), 0, -1) if path[:size] in self._lines), 0)

    def take_settings(self, holder: Mapping[str, Any], *at: str) -> None:
        """Take what `holder` sets, which stands at the path `at`."""
        for section in _OVERRIDES:
            self._take_overrides(holder.get(section), (*at, section))
        self._take_overrides(holder.get("catalog"), (*at, "catalog"))
        catalogs = holder.get("catalogs")
        for name, catalog in catalogs.items() if isinstance(catalogs, dict) else ():
            self._take_overrides(catalog, (*at, "catalogs", name))
        self._extend(holder.get("packageExtensions"), (*at, "packageExtensions"))

    def _take_overrides(self, table: object, at: tuple[str, ...]) -> None:
        """A version is a pin, which brings nothing; an alias, an address or a path replaces what is taken, and an alias
        brings a package of another name."""
        for path, value in _leaves(table, at):
            name = _selected_name(path)
            if not name or value == "-" or value.startswith("$"):  # pnpm: not at all; npm: as declared
                continue
            for one in parse_specifier(name, value, line=self.line(*path)):
                if one.name != name or one.origin == "workspace":
                    self.declared.append(one)
                elif one.source == "registry" and not one.origin:
                    self._pins.append(one)
                else:
                    self._replaced.append(one)

    def _extend(self, table: object, at: tuple[str, ...]) -> None:
        """Dependencies that are given to packages of others."""
        for package, extension in table.items() if isinstance(table, dict) else ():
            added = extension.get("dependencies") if isinstance(extension, dict) else None
            for key, version in added.items() if isinstance(added, dict) else ():
                if isinstance(version, str):
                    self.declared += parse_specifier(key, version, line=self.line(*at, package, "dependencies", key))

    def manifest(self, own: Iterable[str] = ()) -> Manifest:
        """All of it."""
        return manifest_of(self.declared, own=own, indexes=self.indexes, replaced=self._replaced, pins=self._pins)


def _leaves(table: object, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(table, dict) and len(at) < _DEPTH:
        for key, value in table.items():
            if isinstance(value, str):
                yield (*at, key), value
            else:
                yield from _leaves(value, (*at, key))


def _selected_name(path: tuple[str, ...]) -> str:
    """The name that a key selects: `name`, `name@^1`, `parent>name`, `parent/name`, `**/@scope/name`, or `.`, which is
    the package of the key above."""
    key = path[-1] if path[-1] != "." or len(path) < 2 else path[-2]
    key = re.split(r"(?<=[^<>=|\s])>(?![=\d])", key)[-1].strip()
    match = re.search(r"(?:^|/)(@[^/@]+/[^/@]+|[^/@]+)(?:@(?:.*))?$", key, re.DOTALL)
    return match.group(1) if match else ""
