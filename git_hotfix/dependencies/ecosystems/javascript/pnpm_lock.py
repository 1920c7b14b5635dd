"""pnpm-lock.yaml, versions 5 to 9. A scanner of lines reads the form that pnpm writes, and YAML any other: for 1 MB the
one takes a tenth of the other's 0.7 s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.javascript.lock_packages import lock_manifest, package_at
from git_hotfix.dependencies.ecosystems.javascript.specifier import parse_specifier
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, decode
from git_hotfix.dependencies.syntax.address import origin
from git_hotfix.dependencies.syntax.lines import with_line_feeds

_TOP = r"([A-Za-z]+):(.*)"
_KEY = r"""  (?:'([^']+)'|([A-Za-z0-9/][^\s'"]*)):(?: \{\})?"""
_FIELD = r"""    ([A-Za-z]+): ?"""
_USED = frozenset({"name", "version", "dev", "optional"})
_INNER = r"""(tarball|type|repo|commit|directory|path): *(?:'([^']*)'|"([^"]*)"|([^\s,'"{}]+))"""
_ODD = ("'", '"', "&", "*", "!", "|", ">", "?", "[", "{", "@", "`", "%")  # what begins YAML that is not a plain word
Fields = dict[str, str]


def read_pnpm_lock(content: bytes) -> Manifest:
    """Read a pnpm-lock.yaml; an empty one locks nothing."""
    if not content.strip():
        return Manifest()
    found = _scan_lines(with_line_feeds(decode(content), "return"))
    version, packages = found if found is not None else _load_yaml(content)
    old = version.startswith("5")
    declared = [one for key, fields, line in packages for one in _packages(key, fields, line, old=old)]
    return lock_manifest(declared)


def _scan_lines(text: str) -> tuple[str, list[tuple[str, Fields, int]]] | None:
    """Version and packages, of a text in which every line is one that pnpm writes; else None."""
    version, section, field = "", "", ""
    packages: list[tuple[str, Fields, int]] = []
    keys: set[str] = set()
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            continue
        if section == "packages" and line.startswith("    "):
            if line[4:5] != " ":
                match = re.match(_FIELD, line)
                field = match.group(1) if match else ""
                if not match or not packages or not _take_field(packages[-1][1], field, line[match.end() :]):
                    return None
            elif field == "resolution":
                _take_resolution(packages[-1][1], line)
        elif section == "packages" and line.startswith(" "):
            match = re.fullmatch(_KEY, line)
            key = (match.group(1) or match.group(2)) if match else ""
            if not key or key in keys:
                return None
            keys.add(key)
            packages.append((key, {}, number))
            field = ""
        elif line == "---":  # pnpm 11 writes a document for its own tools before that of the project
            section, keys = "", set()
        elif not line.startswith((" ", "#")):
            match = re.fullmatch(_TOP, line)
            if match is None:
                return None
            section, value = match.group(1), match.group(2).strip()
            if section == "packages" and value not in ("", "{}"):
                return None
            if section == "lockfileVersion":
                version = value.strip("'\"")
        elif section == "" or "\t" in line:
            return None
    return (version, packages) if version else None


def _take_field(fields: Fields, name: str, value: str) -> bool:
    """Keep what is used of one field of a package; False when the value is YAML of another form than pnpm's."""
    if name == "resolution":
        if value and not (value.startswith("{") and value.endswith("}")):
            return False
        _take_resolution(fields, value)
        return True
    if name not in _USED:
        return True
    quoted = re.fullmatch("'([^']*)'", value)
    fields[name] = quoted.group(1) if quoted else value
    return quoted is not None or not value.startswith(_ODD)


def _take_resolution(fields: Fields, text: str) -> None:
    for key, *values in re.findall(_INNER, text):
        fields[f"resolution.{key}"] = "".join(values)


def _load_yaml(content: bytes) -> tuple[str, list[tuple[str, Fields, int]]]:
    """The same by a parser of YAML."""
    from git_hotfix.dependencies.syntax import yaml_file

    version = ""
    found: list[tuple[str, Fields, int]] = []
    for document in yaml_file.load_all(content):
        if not isinstance(document, dict) or not isinstance(document.get("lockfileVersion"), str):
            raise Unreadable("it names no version of pnpm's lock file")
        version = document["lockfileVersion"]
        packages = document.get("packages") or {}
        if not isinstance(packages, dict):
            raise Unreadable("packages is not a mapping")
        for key, entry in packages.items():
            if entry is not None and not isinstance(entry, dict):
                raise Unreadable(f"the package {key} is not a mapping")
            found.append((str(key), _fields(entry or {}), yaml_file.line_of(key)))
    if not version:
        raise Unreadable("it names no version of pnpm's lock file")
    return version, found


def _fields(entry: Mapping[str, Any]) -> Fields:
    resolution = entry.get("resolution")
    inner = resolution.items() if isinstance(resolution, dict) else ()
    return {
        **{key: str(value) for key, value in entry.items() if isinstance(value, str)},
        **{f"resolution.{key}": str(value) for key, value in inner if isinstance(value, str)},
    }


def _packages(key: str, fields: Fields, line: int, *, old: bool) -> list[Dependency]:
    scope: Scope = (
        "development" if fields.get("dev") == "true" else "optional" if fields.get("optional") == "true" else "runtime"
    )
    name, version = _name_and_version(key.partition("(")[0], old=old)
    name, version = fields.get("name", name), fields.get("version", version)
    if not name:
        raise Unreadable(f"the package {key[:80]!r} has no name")
    if fields.get("resolution.type") == "git":
        place = origin(fields.get("resolution.repo", ""))
        return [Dependency(name, fields.get("resolution.commit", version), "git", scope, line, place)]
    if fields.get("resolution.type") == "directory":
        return [Dependency(name, "", "path", scope, line, fields.get("resolution.directory", ""))]
    if "resolution.tarball" in fields:
        return [package_at(name, version, fields["resolution.tarball"], scope=scope, line=line)]
    return list(parse_specifier(name, version, scope=scope, line=line))


def _name_and_version(key: str, *, old: bool) -> tuple[str, str]:
    """Name and version of a key: `/name/1.0_peers` in version 5, `/name@1.0` in 6, `name@1.0` in 9; a registry's host,
    or a repository's address, may stand in front of the slash (the entry names such a package itself)."""
    host, slash, path = key.partition("/")
    if slash and ("." in host or not host) and not host.startswith("@") and "@" not in host:
        key = path
    if not old:
        name, _, version = key[1:].partition("@")
        return key[:1] + name, version
    parts = key.split("/")
    size = 2 if key.startswith("@") else 1
    return "/".join(parts[:size]), "/".join(parts[size:]).partition("_")[0]
