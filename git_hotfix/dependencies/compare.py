"""What several manifests say together, and what the base knows: names by ecosystem, whatever file they stand in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from git_hotfix.dependencies import changes
from git_hotfix.dependencies.changes import ManifestChange
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, all_readers
from git_hotfix.dependencies.syntax import address
from git_hotfix.model.change import Content
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Files
from git_hotfix.model.verdict import Finding

Key = tuple[str, str]  # (ecosystem, normalised name)
# Of one ecosystem, 143 of 145 public repositories have at most 890 manifests and 15 MB of lock files; the other two are
# registries of packages (vcpkg 7,041, conan-center-index 6,248).
COUNT = 2_000  # manifests of the base that are read
BYTES = 50_000_000  # of these together
_SHOWN = 80  # characters of a version or an address


class Declarations(NamedTuple):
    """What several manifests say together. `lost`: those that could not be read (path → reason). `unread` says that
    there were more than are read at all."""

    names: Mapping[Key, Sequence[Dependency]]
    pins: Mapping[Key, Sequence[Dependency]]
    local: Mapping[Key, Sequence[Dependency]]
    replaced: Mapping[Key, Sequence[Dependency]]
    own: frozenset[Key]
    besides: frozenset[Key]
    dynamic: frozenset[Key]
    indexes: frozenset[Key]
    lost: Mapping[str, str]
    unread: tuple[Finding, ...] = ()


class Base(NamedTuple):
    """The manifests of the base by path, as far as they could be read."""

    sides: Mapping[str, tuple[Reader, Manifest]]
    lost: Mapping[str, str]
    unread: tuple[Finding, ...] = ()


def shorten_text(text: str) -> str:
    """A version or an address as a finding prints it: at most 80 characters, and no user, password or token."""
    bare = address.origin(text) if "://" in text else text
    return bare if len(bare) <= _SHOWN else f"{bare[: _SHOWN - 1]}…"


def key_of(reader: Reader, declared: Dependency) -> Key:
    """By what a name is known: two ecosystems may each have one that is called alike."""
    return declared.ecosystem or reader.ecosystem, declared.name


def merge_sides(sides: Iterable[tuple[Reader, Manifest]], base: Base | None = None) -> Declarations:
    """What `sides`, and the manifests of `base`, say together."""
    tables: tuple[dict[Key, list[Dependency]], ...] = ({}, {}, {}, {})
    sets: tuple[set[Key], ...] = (set(), set(), set(), set())
    for reader, manifest in (*sides, *(base.sides.values() if base else ())):
        said = (manifest.names, manifest.pins, manifest.local, manifest.replaced)
        for table, declared in zip(tables, said, strict=True):
            for each in declared.values():
                table.setdefault(key_of(reader, each), []).append(each)
        for group, words in zip(sets, (manifest.own, manifest.dynamic, manifest.indexes), strict=False):
            group.update((reader.ecosystem, word) for word in words)
        sets[3].update(manifest.known)
    own, dynamic, indexes, besides = map(frozenset, sets)
    names, pins, local, replaced = tables
    return Declarations(
        names, pins, local, replaced, own, besides, dynamic, indexes,
        lost=base.lost if base else {}, unread=base.unread if base else (),
    )  # fmt: skip


def merge_before(pairs: Iterable[ManifestChange]) -> Declarations:
    """What the changed manifests said at the base."""
    return merge_sides((pair.reader, pair.before) for pair in pairs)


def merge_after(pairs: Iterable[ManifestChange]) -> Declarations:
    """What the changed manifests say at the tip."""
    return merge_sides((pair.reader, pair.after) for pair in pairs)


def find_paths(
    content: Content, files: Files, ecosystems: Collection[str], *, lock: bool = False, above: str | None = None
) -> tuple[str, ...]:
    """The paths of all manifests (or lock files) of the base that can name packages of `ecosystems`, unread; of those
    in the folder of the path `above` and higher only, which costs nothing in a large repository."""
    tree = content.base_files() if above is None else content.files_above(above)
    return tuple(path for path, _ in _production(tuple(tree), frozenset(ecosystems), files, lock=lock))


def read_base(
    content: Content,
    files: Files,
    ecosystems: Collection[str],
    *,
    lock: bool = False,
    first: Collection[Key] = (),
) -> Base:
    """Every manifest (or lock file) of the base that can name packages of `ecosystems`; read in two git processes.

    At most `COUNT` files and `BYTES` bytes, those below a folder called as one of the names `first` and then those
    nearest to the top; beyond that, `unread` says so. It is asked for only where a change cannot be judged by the
    changed files alone: its cost grows with the repository.
    """
    tree = content.base_files()
    paths = _production(tuple(tree), frozenset(ecosystems), files, lock=lock)
    if len(paths) > COUNT:  # a repository of so many packages keeps each in a folder of its name
        called = {re.split("[/:@]", name.lower())[-1] for _, name in first}
        paths = tuple(sorted(paths, key=lambda each: called.isdisjoint(each[0].lower().split("/"))))
    base = _read_paths(content, files, tree, paths, lock=lock)
    if lock:
        return base
    named = changes.read_reached_at_base(content, files).items()
    reached = {path: (reader, found) for path, (reader, found) in named if isinstance(found, Manifest)}
    return base._replace(sides={**base.sides, **reached})


def read_locks_above(content: Content, files: Files, ecosystem: str, above: str, only: Collection[str]) -> Base:
    """The lock files of the base at the paths `only`, in the folder of the path `above` and higher."""
    tree = content.files_above(above)
    paths = _production(tuple(tree), frozenset({ecosystem}), files, lock=True)
    return _read_paths(content, files, tree, [each for each in paths if each[0] in only], lock=True)


def _read_paths(
    content: Content, files: Files, tree: Mapping[str, Oid], paths: Sequence[tuple[str, Reader]], *, lock: bool
) -> Base:
    sizes = content.sizes(tree[path] for path, _ in paths)
    chosen: list[tuple[str, Reader]] = []
    room = BYTES
    for path, reader in paths[:COUNT]:
        room -= sizes[tree[path]] or 0
        if room < 0:
            break
        chosen.append((path, reader))
    blobs = content.blobs(tree[path] for path, _ in chosen)
    sides: dict[str, tuple[Reader, Manifest]] = {}
    lost: dict[str, str] = {}
    for path, reader in chosen:
        side = changes.read_file(reader, path, blobs[tree[path]], files, lock=lock)
        if isinstance(side, Manifest):
            sides[path] = reader, side
        else:
            lost[path] = side.message
    return Base(sides, lost, _left_out(len(chosen), len(paths), lock=lock))


def _left_out(read: int, all: int, *, lock: bool) -> tuple[Finding, ...]:
    if read == all:
        return ()
    noun = "lock files" if lock else "manifests"
    return (Finding(f"of the {all:,} {noun} of the base only {read:,} were read: the rest may declare a name"),)


@lru_cache(maxsize=8)
def _production(
    paths: tuple[str, ...], ecosystems: frozenset[str], files: Files, *, lock: bool
) -> tuple[tuple[str, Reader], ...]:
    """Those of `paths` that a reader of `ecosystems` reads, nearest to the top first."""
    readers = [each for each in all_readers() if each.ecosystem in ecosystems or not ecosystems.isdisjoint(each.others)]
    found = []
    for path in paths:
        reader = changes.production_reader(path, files, lock=lock)
        if reader in readers:
            found.append((path, reader))
    return tuple(sorted(found, key=lambda each: (each[0].count("/"), each[0])))
