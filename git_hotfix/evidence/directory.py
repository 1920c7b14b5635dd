"""What a working directory really holds: the commit it stands on, and its own tree where it holds something else."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from git_hotfix.evidence.junit import find_reports
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode, encode
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
    """The working directory that `git` works in; untracked files that match `but`, which are reports, do not count."""
    unseen = _unseen(git)
    if not unseen:
        return _read(git, but)
    with _private_index(git, unseen) as private:
        return _read(private, but)


def _read(git: Git, but: str) -> Directory:
    answer = git.run(
        "status", "--porcelain=v2", "-z", "--branch", "--untracked-files=all", "--no-renames",
        "--ignore-submodules=none",
    )  # fmt: skip
    rows = answer.out.split(b"\0")
    head = next((decode(row)[len("# branch.oid ") :] for row in rows if row.startswith(b"# branch.oid ")), "")
    changed = sum(row[:2] in (b"1 ", b"2 ", b"u ") for row in rows)
    untracked = {decode(row)[2:] for row in rows if row[:2] == b"? "}
    reports = _reports(git, but) if untracked else frozenset()
    return Directory(git.cwd, Oid(head) if head and not head.startswith("(") else None, changed,
                     len(untracked - reports))  # fmt: skip


def own_tree(repository: Repository, git: Git, *, but: str = "") -> Oid | None:
    """The tree of all that stands in the directory and is not ignored; None where git cannot make it.

    It is made with a copy of the index and away from the repository's objects: what nobody committed is not kept.
    """
    reports = _reports(git, but) - _tracked(git) if but else frozenset()
    places = [":(top)", *(f":(top,literal,exclude){path}" for path in sorted(reports))]
    with _private_index(git, _unseen(git)) as private, tempfile.TemporaryDirectory(prefix=_prefix()) as objects:
        environment = {
            **private.environment,
            "GIT_OBJECT_DIRECTORY": objects,
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repository.common_dir / "objects"),
        }
        private = Git(private.cwd, environment, private.pins)
        words = ("add", "--all", "--pathspec-from-file=-", "--pathspec-file-nul")
        added = private.run(*words, stdin=b"".join(encode(each) + b"\0" for each in places), check=False)
        made = private.run("write-tree", check=False)
    return Oid(made.text) if added.code == 0 and made.code == 0 else None


def _unseen(git: Git) -> list[str]:
    """The files that stand in the directory and at which git does not look there, because somebody told it so
    (`git update-index --assume-unchanged`, `--skip-worktree`). What a sparse checkout leaves out does not stand there.
    """
    rows = git.run("ls-files", "-v", "-z").out.split(b"\0")
    marked = [decode(row[2:]) for row in rows if row[:1].islower() or row[:1] == b"S"]
    return [path for path in marked if os.path.lexists(git.cwd / path)]


@contextlib.contextmanager
def _private_index(git: Git, unseen: Sequence[str]) -> Iterator[Git]:
    """Within, git in the same directory with a copy of its index, in which it looks at all that is `unseen`."""
    index = Path(git.text("rev-parse", "--path-format=absolute", "--git-path", "index"))
    with tempfile.TemporaryDirectory(prefix=_prefix()) as folder:
        if index.exists():
            shutil.copyfile(index, Path(folder) / "index")
        environment = {**git.environment, "GIT_INDEX_FILE": f"{folder}/index"}
        private = Git(git.cwd, environment, (*git.pins, "core.splitIndex=false"))
        if unseen:
            paths = b"".join(encode(path) + b"\0" for path in unseen)
            for option in ("--no-assume-unchanged", "--no-skip-worktree"):  # git takes one of them at a time
                private.run("update-index", option, "-z", "--stdin", stdin=paths)
        yield private


def _prefix() -> str:
    return f"git-hotfix-{os.getpid()}-"


def _reports(git: Git, pattern: str) -> frozenset[str]:
    """The files of the directory that match the pattern of reports, from its top."""
    files = find_reports(git.cwd, pattern)
    return frozenset(str(file.relative_to(git.cwd)) for file in files if file.is_relative_to(git.cwd))


def _tracked(git: Git) -> frozenset[str]:
    return frozenset(map(decode, git.run("ls-files", "-z").out.split(b"\0")))
