"""The two sides of each changed manifest and lock file, read once however many gates ask for them.

What is parsed is remembered by its path and its bytes. A tuple, because every run imports this, and a dataclass costs
eight times as much.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from git_hotfix.manifests.oddities import oddities
from git_hotfix.manifests.registry import (
    Manifest,
    Reader,
    Unreadable,
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

# Beside the policy's folders of documents: nothing below these is what production runs. vendor-bin/ is where PHP keeps
# each tool with a composer.json of its own.
_ASIDE = (
    "example/", "examples/", "sample/", "samples/", "playground/", "playgrounds/", "fuzz/", "bench/", "benches/",
    "benchmark/", "benchmarks/", ".devcontainer/", ".github/", "vendor-bin/",
)  # fmt: skip
_EMPTY = Manifest()


class Pair(NamedTuple):
    """One changed manifest or lock file: both sides, empty where one does not exist or could not be read. `lost` says
    why the base's could not, `unread` why the tip's could not. `odd` is what its tool accepts and others may read
    otherwise: a note where the base had it already."""

    file: FileChange
    reader: Reader
    before: Manifest = _EMPTY
    after: Manifest = _EMPTY
    lost: str = ""
    unread: Finding | None = None
    odd: tuple[Finding, ...] = ()

    @property
    def path(self) -> str:
        """Where it stands at the tip; where it stood, when it is gone."""
        return self.file.path


def manifests(changes: ChangeSet, content: Content, files: Files) -> tuple[Pair, ...]:
    """The changed manifests of production, both sides read; tests and vendored code have manifests of their own."""
    return _pairs(changes, content, files, lock=False)


def locks(changes: ChangeSet, content: Content, files: Files) -> tuple[Pair, ...]:
    """The changed lock files of production, both sides read."""
    return _pairs(changes, content, files, lock=True)


@lru_cache(maxsize=65_536)
def _readers(path: str) -> tuple[Reader | None, Reader | None]:
    """The reader of a manifest at `path`, and that of a lock file; most paths have neither."""
    return reader_of(path), lock_reader_of(path)


def production_reader(path: str, files: Files, *, lock: bool) -> Reader | None:
    """The reader of the manifest (or lock file) at `path`; None for what is none, and for tests and vendored code."""
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
    old = None if file.status in ("A", "C") else production_reader(file.old_path, files, lock=lock)
    return old, None if file.status == "D" else production_reader(file.path, files, lock=lock)


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
        before = side(old, file.old_path, file.old_mode, blobs.get(file.old_oid), files, lock=lock)
    if new:
        after = side(new, file.path, file.new_mode, blobs.get(file.new_oid), files, lock=lock)
    reader = new or old
    assert reader
    return Pair(
        file,
        reader,
        before if isinstance(before, Manifest) else _EMPTY,
        after if isinstance(after, Manifest) else _EMPTY,
        before if isinstance(before, str) else "",
        Finding(after, path=file.path) if isinstance(after, str) else None,
        _odd(file, old, new, blobs) if isinstance(after, Manifest) else (),
    )


def _odd(
    file: FileChange, old: Reader | None, new: Reader | None, blobs: Mapping[Oid, bytes | None]
) -> tuple[Finding, ...]:
    before, after = blobs.get(file.old_oid) if old else None, blobs.get(file.new_oid) if new else None
    if new is None or after is None or file.new_mode in (SUBMODULE_MODE, SYMLINK_MODE):
        return ()
    known = oddities(old, before) if old and before else ()
    return tuple(
        Finding(each.message, file.path, each.line or None, level="note" if each.is_known(known) else each.level)
        for each in oddities(new, after)
    )


def side(reader: Reader, path: str, mode: str, content: bytes | None, files: Files, *, lock: bool) -> Manifest | str:
    """The manifest (or lock file) at `path` whose content and mode these are, or in words why there is none."""
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
    if not place.startswith(("/", "..")) and production_reader(place, files, lock=lock):
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
