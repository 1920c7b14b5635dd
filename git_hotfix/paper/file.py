"""A document as a file: in the working tree, or as a commit on a branch of the remote."""

from __future__ import annotations

import os
import time
from pathlib import Path

from git_hotfix.context import Context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import blobs, commits, history, trees
from git_hotfix.git.commits import Draft
from git_hotfix.git.trees import File
from git_hotfix.model.names import Oid


def place_of(context: Context, path: str) -> Path:
    """Where the document `path` stands in the working tree. Raises `Failure` (exit 2) in a bare repository, and where a
    link or a file stands in the way: a branch may have brought it, and it leads anywhere."""
    top = context.repository.top
    if top is None:
        raise Failure(
            "this is a bare repository: there is no working tree", hint="run it in a clone", code=ExitCode.USAGE
        )
    place = top
    for part in path.split("/"):
        place = place / part
        if place.is_symlink():
            raise Failure(f"{place.relative_to(top)} is a symbolic link", hint="remove it, or name another path in "
                          "[documents] of the policy", code=ExitCode.USAGE)  # fmt: skip
    if place.is_dir():
        raise Failure(f"{path} is a directory", hint="name another path in [documents]", code=ExitCode.USAGE)
    return place


def read_text(place: Path) -> str | None:
    """The text of a file, None where there is none; bytes that are not UTF-8 come back as they were."""
    try:
        return place.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def write_text(place: Path, text: str) -> None:
    """Write a file that its reader finds whole or not at all, with the mode of the one that was there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    draft = place.parent / f".git-hotfix-{os.getpid()}-{time.monotonic_ns():x}"
    try:
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(number, "wb") as stream:
            stream.write(text.encode("utf-8", "surrogateescape"))
        if place.exists():
            draft.chmod(place.stat().st_mode & 0o777)
        draft.replace(place)
    finally:
        draft.unlink(missing_ok=True)


def read_at(context: Context, commit: Oid, path: str) -> str | None:
    """The text of a plain file of a commit, None where there is none."""
    listed = context.git.run("ls-tree", "-z", "--full-tree", commit, "--", path, check=False).out
    if listed.split(b" ", 1)[0] not in (b"100644", b"100755"):
        return None
    content = blobs.read(context.git, [f"{commit}:{path}"])[0]
    return None if content is None else content.decode("utf-8", "surrogateescape")


def commit_on(context: Context, tip: Oid, path: str, text: str, message: str) -> Oid:
    """A commit on `tip` that changes this one file; no reference is moved."""
    tree = history.trees(context.git, [tip])[tip]
    file = File("100644", text.encode("utf-8", "surrogateescape"))
    [new] = trees.write(context.git, [trees.Draft(tree, {path: file})])
    draft = Draft((tip,), new, message)
    if context.repository.flag("commit.gpgSign"):
        return commits.write_signed(context.repository, draft)
    return commits.write(context.git, [draft], context.who)[0]
