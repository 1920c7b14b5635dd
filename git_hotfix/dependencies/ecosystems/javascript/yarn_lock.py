"""yarn.lock, of yarn 1 and of the later ones, whose file is YAML of one plain form: both are read line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from git_hotfix.dependencies.ecosystems.javascript.lock_packages import lock_manifest, package_at
from git_hotfix.dependencies.ecosystems.javascript.specifier import parse_alias, parse_specifier
from git_hotfix.dependencies.registry import Dependency, Manifest, Unreadable, decode
from git_hotfix.dependencies.syntax.lines import with_line_feeds

_FIELD = r"""  ["']?(version|resolved|resolution|linkType)["']?:? ["']?([^"']*)["']?\s*"""


def read_yarn_lock(content: bytes) -> Manifest:
    """Read a yarn.lock; an empty one marks a root."""
    text = with_line_feeds(decode(content), "return")
    if text.strip() and "# yarn lockfile v1" not in text and not re.search(r"^__metadata:", text, re.MULTILINE):
        raise Unreadable("it is not a yarn.lock: neither of its headers stands in it")
    declared: list[Dependency] = []
    indexes: dict[str, int] = {}
    for descriptor, fields, line in _entries(text):
        for one in _packages(descriptor, fields, line):
            declared.append(one)
            if one.source == "registry" and "://" in one.origin:
                indexes.setdefault(one.origin, one.line)
    own = {one.name for one in declared if one.origin == "workspace"}
    return lock_manifest(declared, own=own)


def _entries(text: str) -> Iterator[tuple[str, dict[str, str], int]]:
    """The first descriptor of each entry, its fields, and its line. Any line that has no place in such a file (a merge
    conflict's, say) makes it unreadable."""
    descriptor, fields, start = "", dict[str, str](), 0
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("  "):
            if not descriptor:
                raise Unreadable(f"line {number} belongs to nothing")
            if line[2] != " " and (match := re.fullmatch(_FIELD, line)):
                fields[match.group(1)] = match.group(2)
            continue
        if not line.rstrip().endswith(":") or line[0] in " \t<>=|":
            raise Unreadable(f"line {number} is none of a yarn.lock")
        if descriptor:
            yield descriptor, fields, start
        descriptor, fields, start = line.strip().rstrip(":").strip("\"'").split(",", 1)[0].strip("\"' "), {}, number
        if not descriptor:
            raise Unreadable(f"line {number} names no package")
    if descriptor:
        yield descriptor, fields, start


def _packages(descriptor: str, fields: dict[str, str], line: int) -> Iterator[Dependency]:
    if descriptor == "__metadata":
        return
    name, _, wanted = descriptor[1:].partition("@")
    name = descriptor[0] + name
    version = fields.get("version", "")
    resolution = fields.get("resolution")
    if resolution is None:  # yarn 1
        other = parse_alias(wanted)
        url = fields.get("resolved", "")
        if not url and wanted.startswith(("file:", "link:", "./", "../", "/")):
            yield Dependency(name, "", "path", "runtime", line, wanted)
            return
        yield package_at(other[0] if other else name, version, url, line=line)
        return
    real, _, place = resolution[1:].partition("@")
    real = resolution[:1] + real
    # A patched package names the one that it was made from, escaped: patch:name@npm%3A1.0#…
    if place.startswith("patch:"):
        place = unquote(place.removeprefix("patch:").partition("#")[0])[1:].partition("@")[2]
    if place.startswith("npm:"):
        archive = re.search(r"::__archiveUrl=([^&]+)", place)
        if archive:
            yield package_at(real, version, unquote(archive.group(1)), line=line)
        else:
            yield Dependency(real, version, line=line)
        return
    yield from parse_specifier(real, place, line=line)
