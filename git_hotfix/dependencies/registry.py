"""What a manifest reader is, how the readers are found, and how they are kept from crashing or hanging."""

from __future__ import annotations

import importlib
import posixpath
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal, NamedTuple

from git_hotfix.dependencies.path_table import Globs, PathTable
from git_hotfix.model import sources
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.package_files import module_names

Scope = Literal["runtime", "optional", "build", "development"]
Source = Literal["registry", "git", "url", "path"]
_STRENGTH: tuple[Scope, ...] = ("runtime", "optional", "build", "development")
SIZE = 5_000_000  # bytes; the largest manifest that a package index or a package manager takes is far below
LOCK_SIZE = 20_000_000  # bytes; the lock files of large monorepos reach 3 MB


class Unreadable(Exception):
    """A manifest that cannot be parsed; `reason` is one line for people, without a control character of the file's.
    `hint` says what to do where that is not to correct the file."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint
        self.reason = "".join(each if each.isprintable() else "�" for each in reason)


@frozen
class Dependency:
    """One dependency as a manifest declares it: its normalised name, the version as written ("" for any), where it
    comes from, what it is needed for, and the 1-based line where the name stands (0 unknown).

    `origin` is the URL without a revision, the path, or the named index that it is taken from; "" is the registry that
    the ecosystem takes by itself. `ecosystem` is set where a file names a package of another one (`pip install` in a
    Dockerfile); "" is that of the file's reader.
    """

    name: str
    version: str = ""
    source: Source = "registry"
    scope: Scope = "runtime"
    line: int = 0
    origin: str = ""
    ecosystem: str = ""

    @property
    def development(self) -> bool:
        """True when production runs without it."""
        return self.scope in ("build", "development")


@frozen
class Manifest:
    """What one manifest, or one lock file, says.

    `names`: its dependencies by normalised name, those of another ecosystem by `ecosystem:name` (one file may name two
    that are called alike). `own`: the normalised names of the packages that it describes itself. `dynamic`: the source
    texts of what is only known by running it. `local`: names taken from a path or a workspace, which are no
    dependencies. `indexes`: registries named beside the ecosystem's own, with their 1-based line (0 unknown).
    `replaced`: names that are taken from elsewhere than they say (Go `replace`, Cargo `[patch]`). `known`: ecosystem
    and name of what counts as known where this manifest stands, besides its `names` (conda's numpy is PyPI's). `pins`:
    versions set for names that are declared elsewhere or that something else brings (Maven `dependencyManagement`,
    NuGet `PackageVersion`, sbt `dependencyOverrides`): no dependencies by themselves.
    """

    names: Mapping[str, Dependency] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    dynamic: frozenset[str] = frozenset()
    local: Mapping[str, Dependency] = field(default_factory=dict)
    indexes: Mapping[str, int] = field(default_factory=dict)
    replaced: Mapping[str, Dependency] = field(default_factory=dict)
    known: frozenset[tuple[str, str]] = frozenset()
    pins: Mapping[str, Dependency] = field(default_factory=dict)


class ReachedFile(NamedTuple):
    """A file that a manifest takes dependencies from, by its path from the top of the repository. `like`: a path in the
    same folder whose name tells a reader how it is read (`deps/requirements.txt` for a `-r deps/all.lst`).
    `development`: production runs without what it brings. `pattern`: `path` is a pattern (`packages/*/x.json`).
    `optional`: nothing is lost where there is no such file, and one in a folder of tests is for development."""

    path: str
    like: str
    development: bool = False
    pattern: bool = False
    optional: bool = False


def path_inside(path: str, file: str) -> str:
    """The path, from the top of the repository, of `file` as it is named in the manifest at `path`; "" for one that is
    outside or that only running tells."""
    if not file or "://" in file or "$" in file or "\0" in file or file.startswith(("/", "~", "file:")):
        return ""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), file.replace("\\", "/")))
    return "" if place.startswith("..") or place == "." or re.match(r"[A-Za-z]:", place) else place


def may_say(content: bytes, word: bytes) -> bool:
    """False where a file surely does not have `word`, which costs no parser: not as it is, not in UTF-16, and not
    behind the escapes of JSON and TOML."""
    return word in content or b"\0" in content or b"\\u" in content or b"\\U" in content


def sibling(path: str, name: str) -> str:
    """The path of `name` in the folder of `path`."""
    return posixpath.join(posixpath.dirname(path), name)


@frozen
class Reader:
    """One ecosystem: a table that binds its files to `read`, which takes path and content and raises `Unreadable`.

    `locks` and `read_lock` are the same for its lock files, whose names include the transitive ones. `others`: the
    ecosystems that its manifests name packages of besides (in `Dependency.ecosystem` or `Manifest.known`), so that
    whoever asks what is known of one of them reads these manifests too. `reaches`: the files that the manifest at a
    path takes dependencies from, whatever these are called; it raises nothing but `Unreadable` and ValueError."""

    ecosystem: str
    manifests: tuple[Globs, ...]
    read: Callable[[str, bytes], Manifest]
    locks: tuple[Globs, ...] = ()
    read_lock: Callable[[str, bytes], Manifest] | None = None
    others: frozenset[str] = frozenset()
    reaches: Callable[[str, bytes], Iterable[ReachedFile]] | None = None

    def is_manifest(self, path: str) -> bool:
        """True for a path that is called as its manifests are."""
        return any(row.match(path) for row in self.manifests)

    def is_lock(self, path: str) -> bool:
        """True for a path that is called as its lock files are."""
        return any(row.match(path) for row in self.locks)


# What no manifest ends with, but for those that are called so or are somebody's file (Podfile.rb, conanfile.py).
_CODE = tuple(each for each in sources.SUFFIXES if each not in (".exs", ".groovy", ".kts", ".scala", ".tf"))
_SCRIPTS = ("setup.py", "gems.rb", "Package")
_BUILDS = ("conanfile", "containerfile", "dockerfile", "gemfile", "podfile")
# Gradle's folders of sources in which a build keeps the names that it uses: the first is its own, the others by custom.
BUILD_FOLDERS = frozenset({"buildSrc", "build-logic", "buildLogic"})


@lru_cache(maxsize=1)
def all_readers() -> tuple[Reader, ...]:
    """Every reader, found by its module being in `ecosystems`. What a reader is made of stands in its folder: only a
    changed manifest pays for that."""
    import git_hotfix.dependencies.ecosystems as package

    names = (f"{package.__name__}.{name}" for name in module_names(package.__path__, packages=True))
    found: list[Reader] = [importlib.import_module(name).READER for name in names]
    return tuple(sorted(found, key=lambda reader: reader.ecosystem))


@lru_cache(maxsize=1)
def _manifest_table() -> PathTable[Reader]:
    return PathTable((reader, reader.manifests) for reader in all_readers())


@lru_cache(maxsize=1)
def _lock_table() -> PathTable[Reader]:
    return PathTable((reader, reader.locks) for reader in all_readers())


def is_plain_code(path: str) -> bool:
    """True for source code that no ecosystem reads, by its name: 28 readers are 8 ms, and most fixes are of code."""
    name = path.rpartition("/")[2]
    if not name.endswith(_CODE) or name.startswith(_SCRIPTS):
        return False
    if any(map(name.lower().count, _BUILDS)):
        return False
    return not name.endswith((".kt", ".java")) or BUILD_FOLDERS.isdisjoint(path.split("/"))


def reader_of(path: str) -> Reader | None:
    """The reader of the manifest at `path`, or None when no ecosystem reads such a file."""
    return None if is_plain_code(path) else _manifest_table().owner_of(path)


def lock_reader_of(path: str) -> Reader | None:
    """The reader of the lock file at `path`, or None when no ecosystem reads such a file."""
    return None if is_plain_code(path) else _lock_table().owner_of(path)


def read(reader: Reader, path: str, content: bytes) -> Manifest:
    """Read one manifest. Raises `Unreadable`, and nothing else, for whatever cannot be parsed."""
    return _parse_within(reader.read, path, content, SIZE)


def find_reached(reader: Reader, path: str, content: bytes) -> frozenset[ReachedFile]:
    """What the manifest at `path` takes dependencies from; nothing where it cannot be read, which reading it tells."""
    if reader.reaches is None or len(content) > SIZE:
        return frozenset()
    try:
        return frozenset(each for each in reader.reaches(path, content) if each.path)
    except (Unreadable, ValueError, SyntaxError, RecursionError, MemoryError):
        return frozenset()


def read_lock(reader: Reader, path: str, content: bytes) -> Manifest:
    """Read one lock file. Raises `Unreadable`, and nothing else, for whatever cannot be parsed."""
    assert reader.read_lock
    return _parse_within(reader.read_lock, path, content, LOCK_SIZE)


def _parse_within(parse: Callable[[str, bytes], Manifest], path: str, content: bytes, size: int) -> Manifest:
    if len(content) > size:
        raise Unreadable(f"it is larger than {size // 1_000_000} MB")
    try:
        return parse(path, content)
    except (ValueError, SyntaxError) as error:
        raise Unreadable(" ".join(str(error).split())[:200]) from error
    except (RecursionError, MemoryError) as error:
        raise Unreadable("it is nested too deeply") from error


def by_strongest_scope(declared: Iterable[Dependency]) -> dict[str, Dependency]:
    """By name; a name that is declared twice counts in the scope that is nearest to production, and of two in one scope
    the one that is taken from elsewhere than the ecosystem's own registry. Raises `Unreadable` for a name without a
    letter: no ecosystem has one, and nothing could be said of it."""
    names: dict[str, Dependency] = {}
    for dependency in declared:
        if not dependency.name.strip():
            raise Unreadable(f"a dependency has no name (line {dependency.line})")
        key = f"{dependency.ecosystem}:{dependency.name}" if dependency.ecosystem else dependency.name
        known = names.get(key)
        if known is None or _rank(dependency) < _rank(known):
            names[key] = dependency
    return names


def _rank(declared: Dependency) -> tuple[int, bool]:
    return _STRENGTH.index(declared.scope), declared.source == "registry" and not declared.origin


def named_indexes(declared: Sequence[Dependency]) -> dict[str, int]:
    """The indexes that dependencies name, each with the line of the first that does."""
    return {each.origin: each.line for each in reversed(declared) if each.source == "registry" and each.origin}


def manifest_of(
    declared: Iterable[Dependency],
    *,
    own: Iterable[str] = (),
    dynamic: Iterable[str] = (),
    indexes: Mapping[str, int] | None = None,
    replaced: Iterable[Dependency] = (),
    known: Iterable[tuple[str, str]] = (),
    pins: Iterable[Dependency] = (),
) -> Manifest:
    """A manifest of everything that was found in one file: what is taken from a path goes to `local`."""
    found = tuple(declared)
    return Manifest(
        names=by_strongest_scope(each for each in found if each.source != "path"),
        own=frozenset(own),
        dynamic=frozenset(dynamic),
        local=by_strongest_scope(each for each in found if each.source == "path"),
        indexes=indexes or {},
        replaced=by_strongest_scope(replaced),
        known=frozenset(known),
        pins=by_strongest_scope(pins),
    )


def table_at(document: Mapping[str, Any], key: str, noun: str = "table", *, falsy: bool = False) -> dict[str, Any]:
    """The table below `key`, an empty one where there is none; `falsy`: and for null, an empty text or an empty list,
    as which PHP writes an empty object. Raises `Unreadable` for anything else, which is not the `noun` it should be."""
    value = document.get(key, {})
    if falsy and not value:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(f"{key} is not {'an' if noun[0] in 'aeiou' else 'a'} {noun}")
    return value


def decode(content: bytes) -> str:
    """`content` as text: UTF-8, or what a byte order mark says; other bytes become surrogate escapes, CRLF one LF."""
    for mark, encoding in (
        (b"\xff\xfe\x00\x00", "utf-32"),
        (b"\x00\x00\xfe\xff", "utf-32"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if content.startswith(mark):
            return content.decode(encoding).replace("\r\n", "\n")
    return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape").replace("\r\n", "\n")
