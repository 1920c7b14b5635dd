"""PHP: composer.json and composer.lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import (
    Dependency,
    Manifest,
    ReachedFile,
    Reader,
    Scope,
    Source,
    Unreadable,
    manifest_of,
    may_say,
    path_inside,
    table_at,
)

_SECTIONS: tuple[tuple[str, Scope], ...] = (("require", "runtime"), ("require-dev", "development"))
_LOCKED: tuple[tuple[str, Scope], ...] = (("packages", "runtime"), ("packages-dev", "development"))
# What the platform brings, which is not a package: https://getcomposer.org/doc/articles/composer-platform-dependencies.md
_PLATFORM = frozenset(
    "php php-64bit php-ipv6 php-zts php-debug hhvm composer composer-plugin-api composer-runtime-api".split()
)
_PACKAGIST = ("packagist.org", "repo.packagist.org", "www.packagist.org", "packagist.com")
_Lines = Mapping[tuple[str, ...], int]


def read(path: str, content: bytes) -> Manifest:
    """Read a composer.json. Names are lower case, as composer compares them; php and extensions are not packages.

    Composer repositories beside Packagist are `indexes`; repositories of one package, and those of a version control
    system, which say no name, are `replaced`, by name or address. What the package says to `provide`, and to `replace`
    at its own version, is a part of itself; what else it replaces is not taken from where its name says.
    """
    from git_hotfix.dependencies.syntax import json_file

    text, document = json_file.load(content)
    lines = json_file.lines(text)
    repositories = list(_repositories(document))
    declared: list[Dependency] = []
    for section, scope in _SECTIONS:
        for name, version in table_at(document, section, "object", falsy=True).items():
            if not isinstance(version, str):
                raise Unreadable(f"the version of {name} in {section} is not a string")
            if not _is_platform(name):
                declared.append(Dependency(name.lower(), version, "registry", scope, lines.get((section, name), 0)))
    replaces = table_at(document, "replace", "object", falsy=True)
    own = [document.get("name"), *table_at(document, "provide", "object", falsy=True)]
    own += [each for each, version in replaces.items() if version == "self.version"]
    claimed = [
        Dependency(each.lower(), str(version), "path", "runtime", lines.get(("replace", each), 0))
        for each, version in replaces.items()
        if version != "self.version" and not _is_platform(each)
    ]
    return manifest_of(
        declared,
        own=[each.lower() for each in own if isinstance(each, str)],
        dynamic=_merged_manifests(document),
        indexes={each.origin: lines.get(each.keys, 0) for each in reversed(repositories) if each.kind == "composer"},
        replaced=[*_from_repositories(repositories, lines), *claimed],
    )


def _is_platform(name: str) -> bool:
    return name.lower() in _PLATFORM or name.lower().startswith(("ext-", "lib-"))


class _Repository(NamedTuple):
    """An entry of `repositories`: the keys to it, its type, its address, and all that it says."""

    keys: tuple[str, ...]
    kind: str
    origin: str
    entry: Mapping[str, Any]


def _repositories(document: Mapping[str, Any]) -> Iterator[_Repository]:
    from git_hotfix.dependencies.syntax import address

    entries = document.get("repositories") or []
    if not isinstance(entries, (list, dict)):
        raise Unreadable("repositories is not a list")
    for key, entry in entries.items() if isinstance(entries, dict) else enumerate(entries):
        if entry is False or (isinstance(entry, dict) and all(value is False for value in entry.values())):
            continue  # {"packagist.org": false} takes a registry away
        if not isinstance(entry, dict) or not isinstance(entry.get("url", ""), str):
            raise Unreadable(f"the repository {key} is not an object with an address")
        origin = address.origin(entry.get("url", ""))
        kind = str(entry.get("type", ""))
        if kind != "composer" or origin.partition("://")[2].partition("/")[0] not in _PACKAGIST:
            yield _Repository(("repositories", str(key)), kind, origin, entry)


def _from_repositories(repositories: Iterable[_Repository], lines: _Lines) -> Iterator[Dependency]:
    for repository in repositories:
        kind, origin, line = repository.kind, repository.origin, lines.get(repository.keys, 0)
        if kind == "package":
            package = repository.entry.get("package")
            for each in package if isinstance(package, list) else [package]:
                yield _package(each, line)
        elif kind == "path":
            yield Dependency(origin, "", "path", "runtime", line, origin)
        elif kind != "composer":
            yield Dependency(origin, "", "git" if kind in ("vcs", "git", "github") else "url", "runtime", line, origin)


def _package(package: object, line: int) -> Dependency:
    """A package that is described in place."""
    from git_hotfix.dependencies.syntax import address

    if not isinstance(package, dict) or not isinstance(package.get("name"), str):
        raise Unreadable("a repository of one package has no package with a name")
    for key, source in (("source", "git"), ("dist", "url")):
        place = package.get(key)
        if isinstance(place, dict) and isinstance(place.get("url"), str):
            taken: Source = "git" if source == "git" else "url"
            break
    else:
        raise Unreadable("a repository of one package does not say where it is")
    return Dependency(
        package["name"].lower(), str(package.get("version", "")), taken, "runtime", line, address.origin(place["url"])
    )


def _merged_manifests(document: Mapping[str, Any]) -> Iterator[str]:
    """The manifests that wikimedia/composer-merge-plugin brings, but for those of the name that is read anyway."""
    extra = document.get("extra")
    plugin = extra.get("merge-plugin") if isinstance(extra, dict) else None
    for key in ("include", "require"):
        files = plugin.get(key) if isinstance(plugin, dict) else None
        for file in files if isinstance(files, list) else [files]:
            if isinstance(file, str) and not path_inside("composer.json", file):
                yield f"merge-plugin {key} {file}"


def read_lock(path: str, content: bytes) -> Manifest:
    """Read a composer.lock. What a registry told of has a `notification-url`; what has none stands in a repository of
    its own."""
    from git_hotfix.dependencies.syntax import json_file

    text, document = json_file.load(content)
    lines = json_file.lines(text)
    declared: list[Dependency] = []
    indexes: dict[str, int] = {}
    for section, scope in _LOCKED:
        packages = document.get(section) or []
        if not isinstance(packages, list):
            raise Unreadable(f"{section} is not a list")
        for number, package in enumerate(packages):
            one = _locked_package(package, scope, lines.get((section, str(number), "name"), 0))
            declared.append(one)
            if one.source == "registry" and one.origin:
                indexes.setdefault(one.origin, one.line)
    return manifest_of(declared, indexes=indexes)


def _locked_package(package: object, scope: Scope, line: int) -> Dependency:
    from git_hotfix.dependencies.syntax import address

    if not isinstance(package, dict) or not isinstance(package.get("name"), str):
        raise Unreadable("a package has no name")
    name, version = package["name"].lower(), str(package.get("version", ""))
    places = {key: package[key] for key in ("source", "dist") if isinstance(package.get(key), dict)}
    told = str(package.get("notification-url", ""))
    if told:
        host = told.partition("://")[2].partition("/")[0]
        return Dependency(name, version, "registry", scope, line, "" if host in _PACKAGIST else host)
    url = next((str(place["url"]) for place in places.values() if place.get("url")), "")
    if places.get("dist", {}).get("type") == "path":
        return Dependency(name, version, "path", scope, line, url)
    if not url:
        return Dependency(name, version, "registry", scope, line)  # a metapackage
    return Dependency(name, version, "git" if "source" in places else "url", scope, line, address.origin(url))


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """What is merged into a composer.json."""
    from git_hotfix.dependencies import build_includes

    return build_includes.composer_json_includes(path, content) if may_say(content, b"merge-plugin") else ()


READER = Reader(
    "php",
    manifests=(globs("composer.json"),),
    read=read,
    locks=(globs("composer.lock"),),
    read_lock=read_lock,
    reaches=reaches,
)
