"""Which line of a manifest states the project's own version, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_PROBE = "0.0.77777"  # a version that nobody has: what is found under it is what stood in the line

_TOML = r"""(\s*version\s*=\s*["'])[^"'\\]*(["']\s*(?:#.*)?)"""
_JSON = r"""(\s*"version"\s*:\s*")[^"\\]*("\s*,?\s*)"""
_XML = r"(\s*<version>)[^<>]*(</version>\s*)"
_YAML = r"""((?:version|appVersion):\s*["']?)[^"'\s#]+(["']?\s*(?:#.*)?)"""
_WORDS = r"(\s*version\s*[=:]\s*)\S+(\s*)"
_LINE = 500  # characters; a longer one is no line of a version
_SIZE = 5_000_000  # bytes; the largest lock files of npm
_INI = 200_000  # bytes; configparser collects its errors in quadratic time

# Name of a manifest → how such a line looks, and where the value stands in what a parser reads.
_OWN: Mapping[str, tuple[str, str, tuple[tuple[str, ...], ...]]] = {
    "pyproject.toml": ("toml", _TOML, (("project", "version"), ("tool", "poetry", "version"))),
    "cargo.toml": ("toml", _TOML, (("package", "version"), ("workspace", "package", "version"))),
    "package.json": ("json", _JSON, (("version",),)),
    "package-lock.json": ("json", _JSON, (("version",), ("packages", "", "version"))),
    "npm-shrinkwrap.json": ("json", _JSON, (("version",), ("packages", "", "version"))),
    "composer.json": ("json", _JSON, (("version",),)),
    "chart.yaml": ("yaml", _YAML, (("version",), ("appVersion",))),
    "pubspec.yaml": ("yaml", _YAML, (("version",),)),
    "setup.cfg": ("ini", _WORDS, (("metadata", "version"),)),
    "gradle.properties": ("properties", _WORDS, (("version",),)),
    "pom.xml": ("xml", _XML, (("version",),)),
}


def is_known(path: str) -> bool:
    """True for a manifest whose own version can be told from the versions of its dependencies."""
    return path.rpartition("/")[2].lower() in _OWN


def states_own_version(path: str, content: bytes, start: int, end: int) -> bool:
    """True when the bytes from `start` to `end` of a manifest are one line that is the project's own version.

    Held by trying: the parser of the format, given another version in that line, finds it where the project's version
    stands, and nothing else is changed by it.
    """
    format, pattern, places = _OWN[path.rpartition("/")[2].lower()]
    if len(content) > (_INI if format == "ini" else _SIZE):
        return False
    try:
        line = content[start:end].decode("utf-8").removesuffix("\n").removesuffix("\r")
        match = re.fullmatch(pattern, line) if len(line) <= _LINE and "\n" not in line else None
        if match is None:
            return False
        probe = f"{match.group(1)}{_PROBE}{match.group(2)}".encode() + content[end - 1 : end].replace(b"\r", b"")
        rest = content[end:]
        before, after = _READ[format](content), _READ[format](content[:start] + probe + rest)
    except Exception:  # parsers of six formats raise what they like; what cannot be read is not settled
        return False
    return after is not None and any(_with(before, place, _PROBE) == after for place in places)


def _with(document: Any, place: tuple[str, ...], value: str) -> Any:
    """`document` with another value at a place that it has; None where it has no such place."""
    if not isinstance(document, Mapping) or place[0] not in document:
        return None
    if len(place) == 1:
        return {**document, place[0]: value} if isinstance(document[place[0]], str) else None
    inner = _with(document[place[0]], place[1:], value)
    return None if inner is None else {**document, place[0]: inner}


def _toml(content: bytes) -> Any:
    from git_hotfix.manifests.formats.toml import load

    return load(content)[1]


def _json(content: bytes) -> Any:
    from git_hotfix.manifests.formats.json_file import load

    return load(content)[1]


def _yaml(content: bytes) -> Any:
    from git_hotfix.manifests.formats.yaml_file import load

    return load(content)


def _ini(content: bytes) -> Any:
    import configparser

    parser = configparser.RawConfigParser()
    parser.read_string(content.decode("utf-8"))
    return {section: dict(parser.items(section)) for section in parser.sections()}


def _properties(content: bytes) -> Any:
    rows = [line.strip() for line in content.decode("utf-8").splitlines()]
    if any(row.endswith("\\") for row in rows):
        return None  # lines that go on are not put together here
    pairs = [re.split(r"\s*[=:]\s*", row, maxsplit=1) for row in rows if row and row[0] not in "#!"]
    keys = [pair[0] for pair in pairs]
    return {pair[0]: pair[-1] for pair in pairs} if len(set(keys)) == len(keys) else None


def _xml(content: bytes) -> Any:
    """The root's children: those named once by their text, and the shape of all."""
    from git_hotfix.manifests.formats.xml_file import load

    root = load(content)
    if root.name != "project" or len(list(root.all("version"))) != 1:
        return None

    def shape(element: Any) -> Any:
        return (element.name, element.text, [shape(child) for child in element.children])

    others = [shape(child) for child in root.children if child.name != "version"]
    return {"version": root.value("version"), "others": others}


_READ: Mapping[str, Callable[[bytes], Any]] = {
    "toml": _toml, "json": _json, "yaml": _yaml, "ini": _ini, "properties": _properties, "xml": _xml,
}  # fmt: skip
