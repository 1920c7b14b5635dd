"""What stands behind a package's name in JavaScript: a range, a tag, an alias, an address or a path."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.registry import Dependency, Scope, Unreadable
from git_hotfix.dependencies.syntax.address import origin

LOCAL = ("file:", "link:", "portal:", "workspace:", "exec:", "./", "../", "/", "~/", ".\\", "..\\")
_FORGES = {"github": "https://github.com/", "gitlab": "https://gitlab.com/", "bitbucket": "https://bitbucket.org/",
           "gist": "https://gist.github.com/"}  # fmt: skip
_GIT = ("git+", "git:", "git@", "ssh:")
_RANGE = r"[\^~<>=*]|v?\d+(?:\.|\s|-|$)|[xX]$|latest$|next$"  # how `npm:^1` differs from `npm:name@^1`
_REPOSITORY = r"https?://(?:[^/@]*@)?(?:github\.com|gitlab\.com|bitbucket\.org)/[^/]+/[^/]+"
_ARCHIVE = r"https?://codeload\.github\.com/([^/]+/[^/]+)/(?:legacy\.)?(?:tar\.gz|zip)/(?:refs/\w+/)?(.+)"
# The registry that npm takes by itself, and yarn's other name for it.
_OWN_INDEX = r"https?://registry\.(?:npmjs\.org|yarnpkg\.com|npmjs\.com)"


def index_of(url: str) -> str:
    """The registry as it stands in `indexes`; "" for the ecosystem's own."""
    bare = origin(url.strip("\"' "))
    return "" if re.fullmatch(_OWN_INDEX, bare) else bare


def parse_specifier(name: str, text: str, *, scope: Scope = "runtime", line: int = 0) -> Iterator[Dependency]:
    """What `"name": "text"` declares. An alias declares two: what it is called here, and what is taken."""
    if not name:
        raise Unreadable("a package has no name")
    text = text.strip()
    real = parse_alias(text)
    if real is not None:
        yield Dependency(name, real[1], "registry", scope, line, f"npm:{real[0]}")
        yield Dependency(real[0], real[1], "registry", scope, line)
        return
    if text.startswith(LOCAL):
        yield Dependency(name, "", "path", scope, line, "workspace" if text.startswith("workspace:") else text)
        return
    place = parse_repository(text)
    if place is not None:
        yield Dependency(name, place[1], "git", scope, line, place[0])
    elif "://" in text and not text.startswith("patch:"):
        yield Dependency(name, "", "url", scope, line, origin(text))
    else:
        yield Dependency(name, text.removeprefix("npm:"), "registry", scope, line)


def parse_alias(text: str) -> tuple[str, str] | None:
    """Name and range of `npm:name@range` or `jsr:@scope/name@range`; None for what is called by its own name."""
    protocol, colon, rest = text.partition(":")
    if protocol not in ("npm", "jsr") or not colon or not rest or re.match(_RANGE, rest):
        return None
    name, _, version = rest[1:].partition("@")
    if protocol == "jsr" and "/" in name:  # jsr's own bridge to npm's names
        return f"@jsr/{name.replace('/', '__')}", version
    return rest[0] + name, version


def parse_repository(text: str) -> tuple[str, str] | None:
    """URL and revision of a git repository, in any of npm's spellings; None for what is none."""
    place, _, revision = text.partition("#")
    archive = re.fullmatch(_ARCHIVE, place)
    if archive:
        return f"{_FORGES['github']}{archive.group(1)}", archive.group(2)
    revision = revision.removeprefix("commit=")
    if place.startswith(_GIT):
        return origin(place), revision
    if re.fullmatch(_REPOSITORY, place) or (place.startswith(("http://", "https://")) and place.endswith(".git")):
        return origin(place), revision
    forge, colon, path = place.partition(":")
    if colon and forge in _FORGES:
        return origin(f"{_FORGES[forge]}{path}"), revision
    if re.fullmatch(r"[\w-][\w.-]*/[\w.-]+", place):
        return origin(f"{_FORGES['github']}{place}"), revision
    return None
