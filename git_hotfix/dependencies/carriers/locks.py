"""Lock files that repeat the version of the project itself: its own entry, and none of what it depends on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place, Read

_SIZE = 5_000_000  # bytes; a hundred times what most of them have


def _tables(is_own: Callable[[Mapping[str, Any]], bool]) -> Read:
    """A TOML file with one `[[package]]` an entry, of which `is_own` knows the project's."""

    def read(content: bytes) -> OwnVersions | None:
        from git_hotfix.dependencies.syntax.toml import load

        _, document = load(content, size=_SIZE)
        versions: dict[Place, str] = {}
        packages: list[Mapping[str, Any]] = []
        for entry in document.get("package", ()):
            version = entry.get("version")
            if isinstance(version, str) and is_own(entry):
                versions[str(len(packages)), str(entry.get("name"))] = version
                entry = {**entry, "version": None}
            packages.append(entry)
        return OwnVersions(versions, {**document, "package": packages})

    return read


cargo = _tables(lambda entry: "source" not in entry)
"""Cargo.lock: what comes from no registry stands in the repository."""

uv = _tables(lambda entry: not {"editable", "virtual", "directory"}.isdisjoint(entry.get("source", ())))
"""uv.lock: what is installed from a folder of the repository."""


def npm(content: bytes) -> OwnVersions | None:
    """package-lock.json: the project's own version twice, and that of each workspace."""
    from git_hotfix.dependencies.syntax.json_file import load

    document = load(content)[1]
    versions: dict[Place, str] = {}
    if isinstance(document.get("version"), str):
        versions["version",] = document["version"]
        document = {**document, "version": None}
    packages = document.get("packages")
    rest = {}
    for folder, entry in packages.items() if isinstance(packages, dict) else ():
        own = "node_modules" not in folder.split("/")
        if own and isinstance(entry, dict) and isinstance(entry.get("version"), str):
            versions["packages", folder] = entry["version"]
            entry = {**entry, "version": None}
        rest[folder] = entry
    return OwnVersions(versions, {**document, "packages": rest or packages})


READERS: Mapping[str, Read] = {
    "cargo.lock": cargo,
    "uv.lock": uv,
    "package-lock.json": npm,
    "npm-shrinkwrap.json": npm,
}
"""Names of files → readers. They are no rows of the table that keep-target reads: a conflict in a lock file is not
settled by the target's version alone."""
