"""`VERSION`, `lib/version.rb`, `_version.py`: files that name a version, and may hold code beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place

# `VERSION = "1.4.2"`, `#define PATCHLEVEL 3`, `public static final String VERSION = "1"`: one name and one literal.
_LINE = (
    rb"""\s*(?:(?:[\w.$]+ |/ ){0,4}(?P<name>[\w.$]+)(?:: *str)?\s*:?[=:]|\#\s*define\s+(?P<macro>\w+))\s*"""
    rb"""(?P<value>["']?[vV]?\d[\w.+-]*["']?)\s*[,;]?\s*"""
)
_BARE = rb"\s*(?P<value>[vV]?\d[\w.+-]*)\s*"
_PLAIN = frozenset(("", "txt", "md"))  # endings of files that may be a version and nothing else
_LONGEST = 200  # characters of a line
# What a file calls its own version: VERSION, __version__, AppVersion, VERSION_NAME, version_info, MAJOR, minor_version,
# PATCHLEVEL. Any other word in a name makes it the version of something else (MIN_CLIENT_VERSION), or no version at all
# (build_timeout). Before the last dot: of JavaScript's modules, sbt's builds, Java's properties.
_PART = rb"(?:major|minor|patch|micro|revision|build|release|tweak)"
_OWN = (
    rb"(?:(?:app|application|project|product|package)_)?"
    rb"(?:(?:full_|short_)?version(?:_(?:info|tuple|string|str|text|name|code|full|suffix|prefix|"
    rb"number|" + _PART + rb"))?|" + _PART + rb"(?:_version|_number)?)|(?:patch|sub)_?level|extra_?version"
)
_OWNERS = rb"(?:(?:module\.)?exports|(?:info\.)?(?:app|application|project|product))\."


def is_version_file(path: str) -> bool:
    """True for a file that is called after its version."""
    stem = path.rpartition("/")[2].lower().lstrip(".").partition(".")[0]
    return stem.strip("_") == "version"


def names_versions(path: str, lines: Iterable[bytes]) -> bool:
    """True when every line of the version file at `path` states its own version, or is empty."""
    ending = path.rpartition("/")[2].lower().lstrip(".").partition(".")[2]
    return all(len(line) <= _LONGEST and (not line.strip() or _states_version(line, ending)) for line in lines)


def _states_version(line: bytes, ending: str) -> bool:
    return _named_version(line, ending) is not None


def _named_version(line: bytes, ending: str) -> tuple[str, re.Match[bytes]] | None:
    """What a line calls the version that it states ("" in a file of nothing else), and where that stands."""
    bare = re.fullmatch(_BARE, line) if ending in _PLAIN else None
    if bare:
        return "", bare
    if ending == "py" and line[:1].isspace():
        return None  # of a function, a table or a call
    found = re.fullmatch(_LINE, line)
    name = (found["name"] or found["macro"]) if found else b""
    return (name.decode("utf-8", "surrogateescape"), found) if found and is_own_name(name) else None


def read_version_file(path: str, content: bytes) -> OwnVersions:
    """The own versions that the version file at `path` states, one a line."""
    ending = path.rpartition("/")[2].lower().lstrip(".").partition(".")[2]
    versions: dict[Place, str] = {}
    rest: list[bytes] = []
    for number, line in enumerate(content.splitlines(keepends=True)):
        found = _named_version(line, ending) if len(line) <= _LONGEST else None
        if found:
            name, match = found
            versions[str(number), name] = match["value"].decode("utf-8", "surrogateescape")
            line = line[: match.start("value")] + line[match.end("value") :]
        rest.append(line)
    return OwnVersions(versions, rest)


def is_own_name(name: bytes) -> bool:
    """Whether `name` is one that a file gives to its own version, in any case and spelling of its words."""
    bare = re.sub(b"^" + _OWNERS, b"", name)
    words = re.sub(rb"(?<=[a-z0-9])(?=[A-Z])", b"_", bare).lower().strip(b"_")
    return re.fullmatch(_OWN, words) is not None
