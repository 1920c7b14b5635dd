"""What the gates may read of one hotfix: a lazy reader that asks git once for many and never twice for one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import cast

from git_hotfix.git import blobs, diff
from git_hotfix.git.run import Git, decode
from git_hotfix.model.change import CAP, ChangeSet, FileChange, Hunk, Version
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import Oid

_BLOB = late_pattern(r"[0-7]{6} blob ([0-9a-f]+)\t([^\0]+)\0")
_ASKED = 500  # paths that are handed to git; for more of them all paths are listed
_LONGEST = 4_096  # characters of a path that is handed to git; no file system has a longer one


def _parse_listing(listing: str) -> dict[str, Oid]:
    """The files of what `ls-tree -z` said, submodules and folders left out: path → blob id."""
    found = cast("list[tuple[Oid, str]]", _BLOB.findall(listing))  # 50,000 of them: no loop of ours
    return {path: oid for oid, path in found}


@frozen
class Reader:
    """The `Content` of the hotfix base..tip, which would land on the commit `production`."""

    git: Git
    base: Oid
    tip: Oid
    changes: ChangeSet
    production: Oid
    _blobs: dict[Oid, bytes | None] = field(default_factory=dict)
    _sizes: dict[Oid, int | None] = field(default_factory=dict)
    _names: list[str] = field(default_factory=list)  # all paths of the base
    _files: dict[str, Oid] = field(default_factory=dict)
    _folders: dict[str, dict[str, Oid]] = field(default_factory=dict)
    _patches: dict[FileChange, bytes] = field(default_factory=dict)
    _hunks: dict[FileChange, Sequence[Hunk]] = field(default_factory=dict)
    _conflicts: list[Sequence[str]] = field(default_factory=list)

    def blobs(self, oids: Iterable[Oid]) -> Mapping[Oid, bytes | None]:
        """The contents of blobs by id; None for one that is missing, or larger than `CAP`."""
        wanted = list(dict.fromkeys(oids))
        new = [oid for oid in wanted if oid not in self._blobs]
        small = [oid for oid, size in self.sizes(new).items() if size is not None and size <= CAP]
        self._blobs.update(dict.fromkeys(new))
        self._blobs.update(zip(small, blobs.read(self.git, small), strict=True))
        return {oid: self._blobs[oid] for oid in wanted}

    def sizes(self, oids: Iterable[Oid]) -> Mapping[Oid, int | None]:
        """The sizes of blobs in bytes by id; None for one that is missing."""
        wanted = list(dict.fromkeys(oids))
        new = [oid for oid in wanted if oid not in self._sizes]
        self._sizes.update(zip(new, blobs.sizes(self.git, new), strict=True))
        return {oid: self._sizes[oid] for oid in wanted}

    def base_files(self) -> Mapping[str, Oid]:
        """Every file of the base's tree but submodules: path → blob id."""
        if not self._files:
            self._files.update(self._list("-r", self.base))
        return self._files

    def base_files_at(self, paths: Collection[str]) -> Mapping[str, Oid]:
        """Those of `paths` that are files of the base."""
        found: Mapping[str, Oid] = self._files
        if not found:
            asked = [path for path in paths if path and "\0" not in path and len(path) <= _LONGEST]
            found = self._list(self.base, *asked) if 0 < len(asked) <= _ASKED else self.base_files() if asked else {}
        return {path: found[path] for path in paths if path in found}

    def base_files_named(self, ends: tuple[str, ...], parts: tuple[str, ...]) -> Mapping[str, Oid]:
        """The files of the base whose path ends with one of `ends` or holds one of `parts`."""
        names = self._base_names()
        found = {path for path in names if path.endswith(ends)}
        for part in parts:
            found |= {path for path in names if part in path}
        return self.base_files_at(found)

    def base_files_where(self, holds: Callable[[str], bool], *, most: int) -> Mapping[str, Oid]:
        """The files of the base whose path `holds`: at most `most`, those in the fewest folders first."""
        found = sorted(filter(holds, self._base_names()), key=lambda path: (path.count("/"), path))
        return self.base_files_at(found[:most])

    def _base_names(self) -> Sequence[str]:
        if not self._names:  # a quarter of what git says of all files with their ids
            names = self.git.run("ls-tree", "-r", "-z", "--full-tree", "--name-only", self.base).out
            self._names.extend(decode(names).split("\0"))
        return self._names

    def files_above(self, path: str) -> Mapping[str, Oid]:
        """The files of the base in the folder of `path` and in those above it, whatever else the tree holds."""
        found: dict[str, Oid] = {}
        folder = ""
        for part in ["", *path.split("/")[:-1]]:
            folder += f"{part}/" if part else ""
            if folder not in self._folders:
                self._folders[folder] = self._list(self.base, *([folder] if folder else []))
            found |= self._folders[folder]
        return found

    def _list(self, *words: str) -> dict[str, Oid]:
        return _parse_listing(decode(self.git.run("--literal-pathspecs", "ls-tree", "-z", "--full-tree", *words).out))

    def hunks(self, change: FileChange) -> Sequence[Hunk]:
        """The hunks of one changed file of `changes`."""
        if not self._patches:
            binary = [file for file in self.changes.files if file.binary]
            sizes = self.sizes([oid for file in binary for oid in (file.old_oid, file.new_oid)])
            huge = [file for file in binary if max(sizes[file.old_oid] or 0, sizes[file.new_oid] or 0) > CAP]
            self._patches.update(diff.patches(self.git, self.base, self.tip, self.changes, without=huge))
        if change not in self._hunks:
            self._hunks[change] = diff.hunks(self._patches[change])
        return self._hunks[change]

    def versions(self, commits: Sequence[Oid]) -> Sequence[Version]:
        """Every regular file or link that these commits wrote; of a merge what it alone wrote."""
        return diff.versions(self.git, commits)

    def conflicts_of_revert(self) -> Sequence[str]:
        """The paths in conflict if the hotfix were taken back on production after it landed there."""
        if self.production == self.base:  # where nothing moved nothing conflicts
            return ()
        from git_hotfix.git import merge  # only this question merges

        if not self._conflicts:
            self._conflicts.append(merge.revert_conflicts(self.git, self.base, self.tip, self.production))
        return self._conflicts[0]
