"""What a working directory really holds: the commit it stands on, and its own tree where it holds something else."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid


@frozen
class Directory:
    """A working directory: its place, the commit of its HEAD (None: none yet), how many tracked files differ from that
    (submodules with changes among them), and how many are neither tracked nor ignored."""

    place: Path
    head: Oid | None
    changed: int
    untracked: int

    @property
    def clean(self) -> bool:
        """True where it holds what its commit holds, and nothing else that a command could find."""
        return not (self.changed or self.untracked)


def read_directory(git: Git, *, but: str = "") -> Directory:
    """The working directory that `git` works in; files that match `but` are not looked at."""
    answer = git.run(
        "status", "--porcelain=v2", "-z", "--branch", "--untracked-files=all", "--no-renames",
        "--ignore-submodules=none", *_pathspec(but),
    )  # fmt: skip
    rows = answer.out.split(b"\0")
    head = next((decode(row)[len("# branch.oid ") :] for row in rows if row.startswith(b"# branch.oid ")), "")
    changed = sum(row[:2] in (b"1 ", b"2 ", b"u ") for row in rows)
    untracked = sum(row[:2] == b"? " for row in rows)
    return Directory(git.cwd, Oid(head) if head and not head.startswith("(") else None, changed, untracked)


def own_tree(repository: Repository, git: Git, *, but: str = "") -> Oid | None:
    """The tree of all that stands in the directory and is not ignored; None where git cannot make it.

    It is made with a copy of the index and away from the repository's objects: what nobody committed is not kept.
    """
    index = Path(git.text("rev-parse", "--path-format=absolute", "--git-path", "index"))
    with tempfile.TemporaryDirectory(prefix=f"git-hotfix-{os.getpid()}-") as folder:
        (Path(folder) / "objects").mkdir()
        if index.exists():
            shutil.copyfile(index, Path(folder) / "index")
        environment = {
            **git.environment,
            "GIT_INDEX_FILE": f"{folder}/index",
            "GIT_OBJECT_DIRECTORY": f"{folder}/objects",
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repository.common_dir / "objects"),
        }
        private = Git(git.cwd, environment, git.pins)
        added = private.run("add", "--all", *_pathspec(but), check=False)
        made = private.run("write-tree", check=False)
    return Oid(made.text) if added.code == 0 and made.code == 0 else None


def _pathspec(but: str) -> Sequence[str]:
    inside = but and not Path(but).is_absolute()
    return ("--", ".", f":(exclude,glob,top){but}") if inside else ()
