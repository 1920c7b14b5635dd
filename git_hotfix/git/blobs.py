"""Contents by id: a lazy reader for the gates that asks git once for many and never twice for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from git_hotfix.git import diff
from git_hotfix.git.run import Git, decode
from git_hotfix.model.change import FileChange, Hunk
from git_hotfix.model.names import Oid


def read(git: Git, names: Sequence[str]) -> list[bytes | None]:
    """The objects that `names` (ids, or `<commit>:<path>`) name, in one process; None for what is not here."""
    if not names:
        return []
    feed = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    raw = git.run("cat-file", "--batch", "--buffer", stdin=feed).out
    found: list[bytes | None] = []
    position = 0
    for _ in names:
        end = raw.index(b"\n", position)
        words = raw[position:end].rsplit(b" ", 2)
        if len(words) < 3 or not words[2].isdigit():  # "<name> missing"
            found.append(None)
            position = end + 1
            continue
        size = int(words[2])
        found.append(raw[end + 1 : end + 1 + size])
        position = end + 1 + size + 1
    return found


def ids(git: Git, names: Sequence[str]) -> list[Oid | None]:
    """The ids of what `names` name; None for what is not here."""
    if not names:
        return []
    feed = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    lines = git.run("cat-file", "--batch-check=%(objectname)", "--buffer", stdin=feed).text.splitlines()
    return [None if " " in line else Oid(line) for line in lines]


@dataclass(frozen=True)
class Reader:
    """The `Content` of one hotfix: what the gates may read, when they ask for it."""

    git: Git
    base: Oid
    _blobs: dict[Oid, bytes | None] = field(default_factory=dict)
    _files: dict[str, Oid] = field(default_factory=dict)

    def blobs(self, oids: Iterable[Oid]) -> Mapping[Oid, bytes | None]:
        """The contents of blobs by id; None for one that is missing."""
        wanted = list(dict.fromkeys(oids))
        new = [oid for oid in wanted if oid not in self._blobs]
        self._blobs.update(zip(new, read(self.git, new), strict=True))
        return {oid: self._blobs[oid] for oid in wanted}

    def base_files(self) -> Mapping[str, Oid]:
        """Every file of the base's tree but submodules: path → blob id."""
        if not self._files:
            for entry in self.git.run("ls-tree", "-r", "-z", "--full-tree", self.base).out.split(b"\0"):
                meta, _, path = entry.partition(b"\t")
                words = meta.split(b" ")
                if len(words) == 3 and words[1] == b"blob":
                    self._files[decode(path)] = Oid(words[2].decode())
        return self._files

    def hunks(self, change: FileChange) -> Sequence[Hunk]:
        """The hunks of one changed file."""
        return diff.hunks(self.git, change)
