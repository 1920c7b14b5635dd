"""A package of a lock file, which names the URL that it was taken from."""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_hotfix.dependencies.ecosystems.javascript.specifier import LOCAL, index_of, parse_repository
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, manifest_of
from git_hotfix.dependencies.syntax.address import origin


def lock_manifest(declared: Iterable[Dependency], *, own: Iterable[str] = ()) -> Manifest:
    """What a lock file says: the members of the workspace are not dependencies, and the registries that packages were
    taken from are its indexes."""
    kept = set(own)
    found = [one for one in declared if one.name not in kept]
    indexes: dict[str, int] = {}
    for one in found:
        if one.source == "registry" and "://" in one.origin:
            indexes.setdefault(one.origin, one.line)
    return manifest_of(found, own=kept, indexes=indexes)


def package_at(name: str, version: str, url: str, *, scope: Scope = "runtime", line: int = 0) -> Dependency:
    """The package at `url`; "" is one that the lock file does not name.

    A registry keeps a package below its name, `<registry>/<name>/-/<file>`: any other URL is one by itself.
    """
    if url.startswith(LOCAL):
        return Dependency(name, "", "path", scope, line, url)
    place = parse_repository(url) if url else None
    if place is not None:
        return Dependency(name, place[1] or version, "git", scope, line, place[0])
    if "://" not in url:  # none, or yarn's offline mirror, which is a directory of what a registry gave
        return Dependency(name, version, "registry", scope, line)
    # Artifactory, Verdaccio and most others keep npm's form; GitHub and some mirrors have one of their own.
    for form in (f"/{name}/-/", f"/download/{name}/", f"/{name}/download/"):
        if form in url:
            return Dependency(name, version, "registry", scope, line, index_of(url.partition(form)[0]))
    called_otherwise = re.match(r"(.{8,}?)/(?:@[^/]+(?:/|%2[fF]))?[^/]+/-/", url)
    if called_otherwise:
        return Dependency(name, version, "registry", scope, line, index_of(called_otherwise.group(1)))
    return Dependency(name, version, "url", scope, line, origin(url))
