"""What a range of commits changes: files, their two sides, their lines, their hunks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid

CAP = 20_000_000  # bytes; no manifest, lock file or source file that a person wrote comes near
SUBMODULE_MODE = "160000"
SYMLINK_MODE = "120000"


@frozen
class FileChange:
    """One file of a diff, as `git diff-tree --raw -M` names it.

    `status` is one of A, C, D, M, R, T. `path` is the new path (for D the old one); both paths are text with surrogate
    escapes where the bytes are not UTF-8. `added` and `deleted` count lines. `binary` says that git counted none.
    """

    path: str
    old_path: str
    status: str
    old_mode: str
    new_mode: str
    old_oid: Oid
    new_oid: Oid
    added: int = 0
    deleted: int = 0
    binary: bool = False

    @property
    def places(self) -> tuple[str, str]:
        """The new path and the old one, with a `/` behind that of a submodule, which is a folder."""
        mode = self.old_mode if self.status == "D" else self.new_mode
        new, old = "/" * (mode == SUBMODULE_MODE), "/" * (self.old_mode == SUBMODULE_MODE)
        return self.path + new, self.old_path + old

    @property
    def lines(self) -> int:
        """Added and deleted lines together."""
        return self.added + self.deleted


@frozen
class Hunk:
    """One hunk: the first line of either side (1-based), and the changed lines as (number, text)."""

    old_start: int
    new_start: int
    added: tuple[tuple[int, str], ...]
    removed: tuple[tuple[int, str], ...]


@frozen
class Commit:
    """A commit of the hotfix: its id, parents (first one first), subject line and body."""

    oid: Oid
    parents: tuple[Oid, ...]
    subject: str
    body: str = ""


@frozen
class Version:
    """A version of a file that a commit made: its blob, and those that the commit's parents have at that path."""

    commit: Oid
    path: str
    oid: Oid
    before: tuple[Oid, ...]


class Content(Protocol):
    """A lazy reader of the base and the tip that the command hands in; every answer is remembered."""

    def blobs(self, oids: Iterable[Oid]) -> Mapping[Oid, bytes | None]:
        """The contents of blobs, however many, in two git processes; None for one that cannot be had: missing, or
        larger than `CAP` bytes."""
        ...

    def base_files(self) -> Mapping[str, Oid]:
        """Every regular file of the base commit's tree: path → blob id."""
        ...

    def base_files_at(self, paths: Collection[str]) -> Mapping[str, Oid]:
        """Those of `paths` that are regular files of the base commit's tree: path → blob id. In one git process,
        whatever else the tree holds."""
        ...

    def base_files_named(self, ends: tuple[str, ...], parts: tuple[str, ...]) -> Mapping[str, Oid]:
        """The regular files of the base commit's tree whose path ends with one of `ends` or holds one of `parts`: path
        → blob id. In a large tree that costs a quarter of what `base_files` does."""
        ...

    def base_files_where(self, holds: Callable[[str], bool], *, most: int) -> Mapping[str, Oid]:
        """The regular files of the base commit's tree whose path `holds`: path → blob id; at most `most`, those in the
        fewest folders first."""
        ...

    def sizes(self, oids: Iterable[Oid]) -> Mapping[Oid, int | None]:
        """The sizes of blobs in bytes, without reading them; None for one that is missing."""
        ...

    def files_above(self, path: str) -> Mapping[str, Oid]:
        """The regular files of the base in the folder of `path` and in those above it: path → blob id."""
        ...

    def hunks(self, change: FileChange) -> Sequence[Hunk]:
        """The hunks of one changed file, also of one that git takes for binary; one git process for all files."""
        ...

    def versions(self, commits: Sequence[Oid]) -> Sequence[Version]:
        """Every regular file or link that these commits wrote, in one git process; of a merge what it alone wrote."""
        ...

    def conflicts_of_revert(self) -> Sequence[str]:
        """The paths in conflict if the hotfix were taken back on production after it landed there."""
        ...


@frozen
class ChangeSet:
    """All files that differ between base and tip, in git's order."""

    files: tuple[FileChange, ...] = ()

    def production(self, is_production: Callable[[str], bool]) -> tuple[FileChange, ...]:
        """The files of which the old or the new path is production's, so that a file cannot be moved out of sight."""
        return tuple(file for file in self.files if any(map(is_production, file.places)))
