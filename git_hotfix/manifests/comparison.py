"""The two sides of a change as manifests: what each changed one said and says, and what the base declares altogether.

Several gates ask for the same sides; whatever is parsed is parsed once. Tuples, because every run imports this, and a
dataclass costs eight times as much.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from git_hotfix.manifests.formats import address
from git_hotfix.manifests.registry import (
    Declared,
    Manifest,
    Reader,
    Unreadable,
    all_readers,
    lock_reader_of,
    read,
    read_lock,
    reader_of,
)
from git_hotfix.model import patterns
from git_hotfix.model.change import SUBMODULE_MODE, SYMLINK_MODE, ChangeSet, Content, FileChange
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Files
from git_hotfix.model.verdict import Finding

Key = tuple[str, str]  # (ecosystem, normalised name)
# Of one ecosystem, the largest of 145 public repositories have 890 manifests (spring-boot) and 15 MB of lock files.
COUNT = 2_000  # manifests of the base that are read
BYTES = 50_000_000  # of these together
_EMPTY = Manifest()
_SHOWN = 80  # characters of a version or an address
# Beside the policy's folders of documents: nothing below these is what production runs.
_ASIDE = ("example/", "examples/", "sample/", "samples/", "fuzz/", "bench/", "benches/", "benchmark/", "benchmarks/")


class Pair(NamedTuple):
    """One changed manifest or lock file: both sides, empty where one does not exist or could not be read. `lost` says
    why the base's could not, `unread` why the tip's could not."""

    file: FileChange
    reader: Reader
    before: Manifest = _EMPTY
    after: Manifest = _EMPTY
    lost: str = ""
    unread: Finding | None = None

    @property
    def path(self) -> str:
        """Where it stands at the tip; where it stood, when it is gone."""
        return self.file.path


class Known(NamedTuple):
    """What several manifests say together. `lost`: those that could not be read (path → reason). `unread` says that
    there were more than are read at all."""

    names: Mapping[Key, Sequence[Declared]]
    pins: Mapping[Key, Sequence[Declared]]
    local: Mapping[Key, Sequence[Declared]]
    replaced: Mapping[Key, Sequence[Declared]]
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


def shown(text: str) -> str:
    """A version or an address as a finding prints it: at most 80 characters, and no user, password or token."""
    bare = address.origin(text) if "://" in text else text
    return bare if len(bare) <= _SHOWN else f"{bare[: _SHOWN - 1]}…"


def manifests(changes: ChangeSet, content: Content, files: Files) -> tuple[Pair, ...]:
    """The changed manifests of production, both sides read; tests and vendored code have manifests of their own."""
    return _pairs(changes, content, files, lock=False)


def locks(changes: ChangeSet, content: Content, files: Files) -> tuple[Pair, ...]:
    """The changed lock files of production, both sides read."""
    return _pairs(changes, content, files, lock=True)


def key(reader: Reader, declared: Declared) -> Key:
    """By what a name is known: two ecosystems may each have one that is called alike."""
    return declared.ecosystem or reader.ecosystem, declared.name


def known(sides: Iterable[tuple[Reader, Manifest]], base: Base | None = None) -> Known:
    """What `sides`, and the manifests of `base`, say together."""
    tables: tuple[dict[Key, list[Declared]], ...] = ({}, {}, {}, {})
    sets: tuple[set[Key], ...] = (set(), set(), set(), set())
    for reader, manifest in (*sides, *(base.sides.values() if base else ())):
        said = (manifest.names, manifest.pins, manifest.local, manifest.replaced)
        for table, declared in zip(tables, said, strict=True):
            for each in declared.values():
                table.setdefault(key(reader, each), []).append(each)
        for group, words in zip(sets, (manifest.own, manifest.dynamic, manifest.indexes), strict=False):
            group.update((reader.ecosystem, word) for word in words)
        sets[3].update(manifest.known)
    own, dynamic, indexes, besides = map(frozenset, sets)
    names, pins, local, replaced = tables
    return Known(
        names, pins, local, replaced, own, besides, dynamic, indexes,
        lost=base.lost if base else {}, unread=base.unread if base else (),
    )  # fmt: skip


def before(pairs: Iterable[Pair]) -> Known:
    """What the changed manifests said at the base."""
    return known((pair.reader, pair.before) for pair in pairs)


def after(pairs: Iterable[Pair]) -> Known:
    """What the changed manifests say at the tip."""
    return known((pair.reader, pair.after) for pair in pairs)


def places(content: Content, files: Files, ecosystems: Collection[str], *, lock: bool = False) -> tuple[str, ...]:
    """The paths of all manifests (or lock files) of the base that can name packages of `ecosystems`, unread."""
    return tuple(path for path, _ in _production(tuple(content.base_files()), frozenset(ecosystems), files, lock=lock))


def base(
    content: Content,
    files: Files,
    ecosystems: Collection[str],
    *,
    lock: bool = False,
    only: Collection[str] | None = None,
) -> Base:
    """Every manifest (or lock file) of the base that can name packages of `ecosystems`, or those at the paths `only`;
    read in two git processes.

    At most `COUNT` files and `BYTES` bytes, those nearest to the top first; beyond that, `unread` says so. It is asked
    for only where a change cannot be judged by the changed files alone: its cost grows with the repository.
    """
    tree = content.base_files()
    paths = _production(tuple(tree), frozenset(ecosystems), files, lock=lock)
    paths = paths if only is None else tuple(each for each in paths if each[0] in only)
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
        side = _side(reader, path, "", blobs[tree[path]], files, lock=lock)
        if isinstance(side, Manifest):
            sides[path] = reader, side
        else:
            lost[path] = side
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
    asked = [each.locks if lock else each.reads for each in readers]
    found = []
    for path in paths:
        if any(reads(path) for reads in asked):
            reader = _reader(path, files, lock=lock)
            if reader in readers:
                found.append((path, reader))
    return tuple(sorted(found, key=lambda each: (each[0].count("/"), each[0])))


@lru_cache(maxsize=65_536)
def _readers(path: str) -> tuple[Reader | None, Reader | None]:
    """The reader of a manifest at `path`, and that of a lock file; most paths have neither."""
    return reader_of(path), lock_reader_of(path)


def _reader(path: str, files: Files, *, lock: bool) -> Reader | None:
    reader = _readers(path)[lock]
    return None if reader is None or patterns.paths(files.tests + files.vendored)(path) else reader


def _pairs(changes: ChangeSet, content: Content, files: Files, *, lock: bool) -> tuple[Pair, ...]:
    read = [file for file in changes.files if any((*_readers(file.path), *_readers(file.old_path)))]
    wanted = [file for file in read if any((*_sides(file, files, lock=lock), *_sides(file, files, lock=not lock)))]
    # Manifests and lock files in one go, whichever is asked for first.
    blobs = content.blobs(oid for file in wanted for oid in (file.old_oid, file.new_oid) if oid.strip("0"))
    found: list[Pair] = []
    for file in wanted:
        old, new = _sides(file, files, lock=lock)
        if old and new and old.ecosystem != new.ecosystem:
            found += [_pair(file, old, None, blobs, files, lock=lock), _pair(file, None, new, blobs, files, lock=lock)]
        elif old or new:
            found.append(_pair(file, old, new, blobs, files, lock=lock))
    return tuple(found)


def _sides(file: FileChange, files: Files, *, lock: bool) -> tuple[Reader | None, Reader | None]:
    """The readers of the base's side and of the tip's."""
    # What was copied is still there: the copy is a new manifest.
    old = None if file.status in ("A", "C") else _reader(file.old_path, files, lock=lock)
    return old, None if file.status == "D" else _reader(file.path, files, lock=lock)


def _pair(
    file: FileChange,
    old: Reader | None,
    new: Reader | None,
    blobs: Mapping[Oid, bytes | None],
    files: Files,
    *,
    lock: bool,
) -> Pair:
    before: Manifest | str = _EMPTY
    after: Manifest | str = _EMPTY
    if old:
        before = _side(old, file.old_path, file.old_mode, blobs.get(file.old_oid), files, lock=lock)
    if new:
        after = _side(new, file.path, file.new_mode, blobs.get(file.new_oid), files, lock=lock)
    reader = new or old
    assert reader
    return Pair(
        file,
        reader,
        before if isinstance(before, Manifest) else _EMPTY,
        after if isinstance(after, Manifest) else _EMPTY,
        before if isinstance(before, str) else "",
        Finding(after, path=file.path) if isinstance(after, str) else None,
    )


def _side(reader: Reader, path: str, mode: str, content: bytes | None, files: Files, *, lock: bool) -> Manifest | str:
    """The manifest, or in words why there is none."""
    if mode == SUBMODULE_MODE:
        return "is a submodule: what it declares cannot be read"
    if content is None:
        return "its content is not in this clone or too large: what it declares cannot be read"
    if mode == SYMLINK_MODE:
        return _link(path, content, files, lock=lock)
    return _parsed(reader, path, content, lock=lock, aside=_aside(files)(path))


def _aside(files: Files) -> Callable[[str], bool]:
    """A test for the folders of documents and examples, whose manifests only development has a use for."""
    return patterns.paths(tuple(each for each in files.docs if each.endswith("/")) + _ASIDE)


def _link(path: str, target: bytes, files: Files, *, lock: bool) -> Manifest | str:
    """A link to a manifest that is judged where it stands declares nothing by itself."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target.decode("utf-8", "surrogateescape")))
    if not place.startswith(("/", "..")) and _reader(place, files, lock=lock):
        return _EMPTY
    return "is a link: what it declares cannot be read"


@lru_cache(maxsize=8_192)
def _parsed(reader: Reader, path: str, content: bytes, *, lock: bool, aside: bool) -> Manifest | str:
    parse: Callable[[Reader, str, bytes], Manifest] = read_lock if lock else read
    try:
        found = parse(reader, path, content)
    except Unreadable as error:
        return f"cannot be read: {error.reason}"
    if not aside:
        return found
    return replace(found, names={name: replace(each, scope="development") for name, each in found.names.items()})
