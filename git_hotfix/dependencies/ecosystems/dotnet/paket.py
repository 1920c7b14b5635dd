"""paket.dependencies and paket.lock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_hotfix.dependencies.ecosystems.dotnet.packages import index, normalise
from git_hotfix.dependencies.registry import LOCK_SIZE, Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax.address import origin, place
from git_hotfix.dependencies.syntax.plain import source_text

_OPTIONS = frozenset(
    "source cache version references framework frameworks storage content redirects strategy lowest_matching"
    " import_targets copy_local copy_content_to_output_dir specific_version generate_load_scripts license_download"
    " external_lock embed_interop_types restriction simplify condition".split()
)
_KINDS = frozenset({"nuget", "clitool", "github", "gist", "git", "http"})
COUNT = 100_000  # lines of a lock file; those of large solutions reach 3,000
_DEVELOPMENT = r"(?i)(?:^|[-_.])(?:test|tests|doc|docs|dev|development|bench|benchmarks?|samples?|examples?|ci)$"


def read_dependencies(content: bytes) -> Manifest:
    """Read a paket.dependencies. A group's name says what its packages are for."""
    declared: list[Dependency] = []
    indexes: dict[str, int] = {}
    dynamic: set[str] = set()
    scope: Scope = "runtime"
    for number, line in enumerate(source_text(content).split("\n"), start=1):
        words = re.sub(r"(?:^|\s)(?://|#).*", "", line).split()
        if not words:
            continue
        kind = words[0].lower().partition(":")[0]
        if kind == "group" and len(words) > 1:
            scope = _scope(words[1])
        elif kind == "source" and len(words) > 1:
            address = index(words[1].strip('"'))
            if address:
                indexes.setdefault(address, number)
        elif kind == "external_lock" and len(words) > 1:
            dynamic.add(f"external_lock {words[1]}")
        elif kind in _KINDS and len(words) > 1:
            declared.append(_dependency(kind, words[1:], scope, number))
        elif kind not in _OPTIONS:
            raise Unreadable(f"line {number} is not a directive of Paket")
    return manifest_of(declared, indexes=indexes, dynamic=dynamic)


def _scope(group: str) -> Scope:
    if re.search(r"(?i)build|fake$|^ci$", group):
        return "build"
    return "development" if re.search(_DEVELOPMENT, group) else "runtime"


def _dependency(kind: str, words: list[str], scope: Scope, line: int) -> Dependency:
    name = words[0].strip('"')
    if kind in ("nuget", "clitool"):
        version = re.split(r"\s[\w-]+:", " ".join(["", *words[1:]]), maxsplit=1)[0].strip()
        return Dependency(normalise(name), version, "registry", "build" if kind == "clitool" else scope, line)
    if kind == "github":
        name, _, revision = name.partition(":")
        return Dependency(name.lower(), revision, "git", scope, line, f"https://github.com/{name}")
    if kind == "git":
        revision = words[1] if len(words) > 1 and not words[1].endswith(":") else ""
        local = name.startswith("file:") or ("://" not in name and not re.match(r"[\w.-]+@", name))
        return Dependency(place(name).lower(), revision, "path" if local else "git", scope, line, origin(name))
    address = f"https://gist.github.com/{name}" if kind == "gist" else name
    return Dependency(place(address).lower(), "", "url", scope, line, origin(address))


def read_lock(content: bytes) -> Manifest:
    """Read a paket.lock."""
    return manifest_of(_locked_packages(source_text(content, size=LOCK_SIZE)))


def _locked_packages(text: str) -> Iterator[Dependency]:
    scope: Scope = "runtime"
    kind = remote = ""
    lines = text.split("\n")
    if len(lines) > COUNT:
        raise Unreadable(f"it has more than {COUNT:,} lines")
    for number, line in enumerate(lines, start=1):
        depth, word = len(line) - len(line.lstrip(" ")), line.strip()
        if not word:
            continue
        if depth == 0:
            kind, remote = word.partition(" ")[0].partition(":")[0], ""
            if kind == "GROUP":
                scope = _scope(word.partition(" ")[2])
        elif depth == 2 and word.startswith("remote:"):
            remote = word.partition(":")[2].strip()
        elif depth in (4, 5):  # 5 where a repository as a whole is locked, without a name
            match = re.match(r"([^\s(]*)\s*\(([^()]*)\)", word)
            if match is None:
                raise Unreadable(f"line {number} locks nothing")
            if kind == "NUGET":
                yield Dependency(normalise(match[1]), match[2], "registry", scope, number, index(remote) or "")
            elif kind in ("GITHUB", "GIT", "GIST", "HTTP"):
                address = remote if "://" in remote or "@" in remote else f"https://github.com/{remote}"
                name = f"{place(address)}/{match[1]}".rstrip("/").lower()
                yield Dependency(name, match[2], "url" if kind == "HTTP" else "git", scope, number, origin(address))
            else:
                raise Unreadable(f"line {number} stands in no section")
