"""A commit checked out in a folder and a git directory of its own, which borrows the repository's objects.

It is no worktree of the repository: nothing there knows of it, so nothing is left behind when it is deleted or its
maker is killed, and what runs in it can commit, tag and configure without touching the repository.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.private_dir import format_of
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, encode
from git_hotfix.model.names import Oid


def check_out(repository: Repository, commit: Oid, place: Path) -> Git:
    """Check `commit` out at `place`, which is made, with every reference and the configuration of the repository.

    No hook of the repository runs. Raises `Failure` (exit 3) where objects are missing.
    """
    _make_git_dir(repository, commit, place)
    git = Git(place, {}, (*repository.git.pins, "core.hooksPath=/dev/null"))
    answer = git.run("read-tree", "--reset", "-u", "HEAD", check=False)
    if answer.code != 0:
        from git_hotfix.git.merge import fetch_of_missing

        raise Failure(
            f"{commit[:10]} cannot be checked out: {answer.last_words}",
            hint=fetch_of_missing(answer.err) or "git fsck",
            code=ExitCode.FAILED,
        )
    return git


def _make_git_dir(repository: Repository, commit: Oid, place: Path) -> None:
    folder = place / ".git"
    (folder / "objects" / "info").mkdir(parents=True)
    (folder / "refs").mkdir()
    (folder / "HEAD").write_text(f"{commit}\n")
    objects = repository.common_dir / "objects"
    (folder / "objects" / "info" / "alternates").write_bytes(encode(f"{objects}\n"))
    known = repository.git.run("for-each-ref", "--format=%(objectname) %(refname)", check=False).out
    (folder / "packed-refs").write_bytes(known)
    quoted = str(repository.common_dir / "config").replace("\\", "\\\\").replace('"', '\\"')
    mine = "bare = false\n\thooksPath = /dev/null\n\tsparseCheckout = false\n\tfsmonitor = false"
    config = f'{format_of(repository)}[include]\n\tpath = "{quoted}"\n[core]\n\t{mine}\n[gc]\n\tauto = 0\n'
    (folder / "config").write_bytes(encode(config))
    shallow = repository.common_dir / "shallow"
    if shallow.exists():
        shutil.copyfile(shallow, folder / "shallow")
