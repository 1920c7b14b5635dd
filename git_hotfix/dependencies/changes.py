"""The two sides of each changed manifest and lock file, read once however many gates ask for them.

What is parsed is remembered by its path and its bytes. A tuple, because every run imports this, and a dataclass costs
eight times as much.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from git_hotfix.dependencies import reached_files
from git_hotfix.dependencies.oddities import find_oddities
from git_hotfix.dependencies.registry import (
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
from git_hotfix.model.frozen import replace
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
_ABSENT = Finding("its content is not in this clone or too large: what it declares cannot be read")


class ManifestChange(NamedTuple):
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


def changed_manifests(changes: ChangeSet, content: Content, files: Files) -> tuple[ManifestChange, ...]:
    """The changed manifests of production, both sides read, and what they reach, whatever it is called; tests and
    vendored code have manifests of their own."""
    return _manifests(_Same(changes), _Same(content), files)


class _Same:
    """A key by identity: eight gates ask for the manifests of one hotfix."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.value is self.value


@lru_cache(maxsize=4)
def _manifests(changed: _Same, read_by: _Same, files: Files) -> tuple[ManifestChange, ...]:
    changes: ChangeSet = changed.value
    content: Content = read_by.value
    named = _pairs(changes, content, files, lock=False)
    found = reached_files.find_sides(changes, content, _production(files), changed=[pair.file for pair in named])
    return _add_reached(named, found, changes) if any(map(any, found)) else named


def read_reached_at_base(content: Content, files: Files) -> Mapping[str, tuple[Reader, Manifest | Finding]]:
    """What the manifests of the base's production take dependencies from, whatever it is called, by path."""
    side = reached_files.find_at_base(content, _production(files))
    read = ((path, *_read_reached(side, path)) for path in side.found)
    return {path: (reader, said) for path, reader, said in read if reader}


@lru_cache(maxsize=8)
def _production(files: Files) -> reached_files.Production:
    folders = tuple(each for each in files.docs if each.endswith("/"))
    return reached_files.Production(
        lambda path: production_reader(path, files, lock=False), patterns.paths(files.tests + folders + _ASIDE)
    )


def _add_reached(
    named: tuple[ManifestChange, ...], reached_sides: reached_files.Sides, changes: ChangeSet
) -> tuple[ManifestChange, ...]:
    """`named`, what is reached in place of what the same file says by its own name, and links that were followed."""
    before, after = reached_sides
    by_path = {path: file for file in changes.files for path in (file.old_path, file.path)}
    pairs: list[ManifestChange] = []
    kept = {pair.path: pair for pair in named}
    told: set[str] = set()
    for path in sorted({*before.found, *after.found}):
        file = by_path.get(path)
        same = before.found.get(path) == after.found.get(path)
        if same or path in told:
            continue
        if pair := kept.get(file.path if file else path):
            # Its own name says how it is read; only that production runs it may be told by what includes it.
            kept[pair.path] = _judge_for_production(pair, reached_sides)
            continue
        change = file or FileChange(path, path, "M", "100644", "100644", Oid(""), Oid(""))
        told |= {change.path, change.old_path}
        (old, was), (new, now) = _read_reached(before, change.old_path), _read_reached(after, change.path)
        reader = new or old
        assert reader
        pairs.append(_change_of(change, reader, was, now))
    missing = [_missing_file(path, by) for path, by in sorted(after.lost.items()) if path not in before.lost]
    beyond = (_too_many_files(changes.files[0]),) if before.beyond or after.beyond else ()
    return (*(_follow_link(pair, after) for pair in kept.values()), *pairs, *missing, *beyond)


def _read_reached(side: reached_files.Side, path: str) -> tuple[Reader | None, Manifest | Finding]:
    """What a reached file says on one side."""
    each, text = side.found.get(path, (None, None))
    reader = reader_of(each.like) if each else None
    if each is None or reader is None:
        return None, _EMPTY
    if text is None:
        return reader, _ABSENT
    return reader, _parse(reader, each.like, text, lock=False, aside=each.development)


def _follow_link(pair: ManifestChange, after: reached_files.Side) -> ManifestChange:
    followed = (
        pair.unread
        and pair.file.new_mode == SYMLINK_MODE
        and any(each.like == pair.path for each, _ in after.found.values())
    )
    return pair._replace(unread=None) if followed else pair


def _judge_for_production(pair: ManifestChange, reached_sides: reached_files.Sides) -> ManifestChange:
    """`pair` as production has it where its name says that only development does, and production's manifests include
    it: `-r requirements-dev.txt` in requirements.txt."""
    sides = []
    base, tip = reached_sides
    for side, path, said in ((base, pair.file.old_path, pair.before), (tip, pair.path, pair.after)):
        each, _ = side.found.get(path, (None, None))
        _, manifest = _read_reached(side, path)
        strict = each and not each.development and not each.optional and isinstance(manifest, Manifest)
        sides.append(manifest if strict and isinstance(manifest, Manifest) else said)
    return pair._replace(before=sides[0], after=sides[1])


def _missing_file(path: str, by: str) -> ManifestChange:
    """A file that the fix makes the manifest at `by` include, and that only another tool puts there."""
    reader = reader_of(by) or all_readers()[0]
    message = f"includes {path}, which is not in the repository: what that declares cannot be read"
    return ManifestChange(
        FileChange(by, by, "M", "100644", "100644", Oid(""), Oid("")), reader, unread=Finding(message, path=by)
    )


def _too_many_files(file: FileChange) -> ManifestChange:
    message = f"manifests include more than the {reached_files.COUNT:,} files that are followed: look at these yourself"
    return ManifestChange(file, all_readers()[0], odd=(Finding(message, level="warn"),))


def changed_locks(changes: ChangeSet, content: Content, files: Files) -> tuple[ManifestChange, ...]:
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


def _pairs(changes: ChangeSet, content: Content, files: Files, *, lock: bool) -> tuple[ManifestChange, ...]:
    read = [file for file in changes.files if any((*_readers(file.path), *_readers(file.old_path)))]
    wanted = [file for file in read if any((*_sides(file, files, lock=lock), *_sides(file, files, lock=not lock)))]
    # Manifests and lock files in one go, whichever is asked for first.
    blobs = content.blobs(oid for file in wanted for oid in (file.old_oid, file.new_oid) if oid.strip("0"))
    contents = _Contents(blobs, files, lock)
    found: list[ManifestChange] = []
    for file in wanted:
        old, new = _sides(file, files, lock=lock)
        if old and new and old.ecosystem != new.ecosystem:
            found += [_pair(file, old, None, contents), _pair(file, None, new, contents)]
        elif old or new:
            found.append(_pair(file, old, new, contents))
    return tuple(found)


def _sides(file: FileChange, files: Files, *, lock: bool) -> tuple[Reader | None, Reader | None]:
    """The readers of the base's side and of the tip's."""
    # What was copied is still there: the copy is a new manifest.
    old = None if file.status in ("A", "C") else production_reader(file.old_path, files, lock=lock)
    return old, None if file.status == "D" else production_reader(file.path, files, lock=lock)


class _Contents(NamedTuple):
    """What the sides of manifests (or lock files) hold, and the files that the policy tells apart."""

    blobs: Mapping[Oid, bytes | None]
    files: Files
    lock: bool

    def read(self, reader: Reader, path: str, mode: str, oid: Oid) -> Manifest | Finding:
        """What stands at `path` on one side, or why there is none."""
        content = self.blobs.get(oid)
        if mode == SUBMODULE_MODE:
            return Finding("is a submodule: what it declares cannot be read")
        if content is not None and mode == SYMLINK_MODE:
            return _read_link(path, content, self.files, lock=self.lock)
        return read_file(reader, path, content, self.files, lock=self.lock)


def _pair(file: FileChange, old: Reader | None, new: Reader | None, contents: _Contents) -> ManifestChange:
    reader = new or old
    assert reader
    before = contents.read(old, file.old_path, file.old_mode, file.old_oid) if old else _EMPTY
    after = contents.read(new, file.path, file.new_mode, file.new_oid) if new else _EMPTY
    pair = _change_of(file, reader, before, after)
    return pair if pair.unread else pair._replace(odd=_find_oddities(file, old, new, contents.blobs))


def _change_of(
    file: FileChange, reader: Reader, before: Manifest | Finding, after: Manifest | Finding
) -> ManifestChange:
    """The change of a manifest; a finding says why a side could not be read."""
    return ManifestChange(
        file,
        reader,
        before if isinstance(before, Manifest) else _EMPTY,
        after if isinstance(after, Manifest) else _EMPTY,
        before.message if isinstance(before, Finding) else "",
        replace(after, path=file.path) if isinstance(after, Finding) else None,
    )


def _find_oddities(
    file: FileChange, old: Reader | None, new: Reader | None, blobs: Mapping[Oid, bytes | None]
) -> tuple[Finding, ...]:
    before, after = blobs.get(file.old_oid) if old else None, blobs.get(file.new_oid) if new else None
    if new is None or after is None or file.new_mode in (SUBMODULE_MODE, SYMLINK_MODE):
        return ()
    known = find_oddities(old, before) if old and before else ()
    return tuple(
        Finding(each.message, file.path, each.line or None, level="note" if each.is_known(known) else each.level)
        for each in find_oddities(new, after)
    )


def read_file(reader: Reader, path: str, content: bytes | None, files: Files, *, lock: bool) -> Manifest | Finding:
    """The manifest (or lock file) at `path` with this content, or why there is none."""
    if content is None:
        return _ABSENT
    return _parse(reader, path, content, lock=lock, aside=_folders_aside(files)(path))


def _folders_aside(files: Files) -> Callable[[str], bool]:
    """A test for the folders of documents and examples, whose manifests only development has a use for."""
    return patterns.paths(tuple(each for each in files.docs if each.endswith("/")) + _ASIDE)


def _read_link(path: str, target: bytes, files: Files, *, lock: bool) -> Manifest | Finding:
    """A link to a manifest that is judged where it stands declares nothing by itself."""
    place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target.decode("utf-8", "surrogateescape")))
    if not place.startswith(("/", "..")) and production_reader(place, files, lock=lock):
        return _EMPTY
    return Finding("is a link: what it declares cannot be read")


@lru_cache(maxsize=8_192)
def _parse(reader: Reader, path: str, content: bytes, *, lock: bool, aside: bool) -> Manifest | Finding:
    parse: Callable[[Reader, str, bytes], Manifest] = read_lock if lock else read
    try:
        found = parse(reader, path, content)
    except Unreadable as error:
        return Finding(f"cannot be read: {error.reason}", hint=error.hint)
    if not aside:
        return found
    return replace(found, names={name: replace(each, scope="development") for name, each in found.names.items()})
