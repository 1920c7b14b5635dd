"""A document as a file: in the working tree, or as a commit on a branch of the remote."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

from git_hotfix.context import Context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import blobs, commits, history, trees
from git_hotfix.git.commits import Draft
from git_hotfix.git.trees import File
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import Oid

_DRAFT = late_pattern(r"\.git-hotfix-\d+-[0-9a-f]+")


def place_of(context: Context, path: str) -> Path:
    """Where the document `path` stands in the working tree. Raises `Failure` (exit 2) in a bare repository, and where a
    link, a repository or another file stands in the way: a branch may have brought it, and it leads anywhere."""
    top = context.repository.top
    if top is None:
        raise Failure(
            "this is a bare repository: there is no working tree", hint="run it in a clone", code=ExitCode.USAGE
        )
    place, parts = top, path.split("/")
    for number, part in enumerate(parts, start=1):
        place = place / part
        found = _what_stands(place, last=number == len(parts))
        if found:
            raise Failure(
                f"{place.relative_to(top)} is {found}",
                hint="remove it, or name another path in [documents] of the policy",
                code=ExitCode.USAGE,
                unchanged="nothing was written",
            )
    return place


def _what_stands(place: Path, *, last: bool) -> str:
    """What stands in the way of a document at `place`, or of one below it; "" for nothing."""
    try:
        mode = place.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISLNK(mode):
        return "a symbolic link"
    if stat.S_ISDIR(mode):
        return "a directory" if last else "a repository of its own" if os.path.lexists(place / ".git") else ""
    return "" if last and stat.S_ISREG(mode) else "not a plain file" if last else "not a directory"


def read_text(place: Path) -> str | None:
    """The text of a file, None where there is none; bytes that are not UTF-8 come back as they were."""
    try:
        return place.read_bytes().decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def write_text(place: Path, text: str) -> None:
    """Write a file that its reader finds whole or not at all, with the mode of the one that was there."""
    place.parent.mkdir(parents=True, exist_ok=True)
    for left in place.parent.glob(".git-hotfix-*"):
        if _DRAFT.fullmatch(left.name):  # of a killed run: this one has the lock
            left.unlink(missing_ok=True)
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
    found = blobs.find_plain_file(context.git, commit, path)
    content = blobs.read(context.git, [found[0]])[0] if found else None
    return None if content is None else content.decode("utf-8", "surrogateescape")


def blob_at(context: Context, commit: Oid, path: str) -> Oid | None:
    """The id of a plain file of a commit or a tree, None where there is none."""
    found = blobs.find_plain_file(context.git, commit, path)
    return found[0] if found else None


def tree_with(context: Context, tip: Oid, path: str, text: str) -> Oid:
    """The tree of `tip` with this one file in it."""
    tree = history.trees(context.git, [tip])[tip]
    file = File("100644", text.encode("utf-8", "surrogateescape"))
    [new] = trees.write(context.git, [trees.Draft(tree, {path: file})])
    return new


def commit_tree(context: Context, tip: Oid, tree: Oid, message: str) -> Oid:
    """A commit on `tip` that holds `tree`; no reference is moved."""
    draft = Draft((tip,), tree, message)
    if context.repository.flag("commit.gpgSign"):
        return commits.write_signed(context.repository, draft)
    return commits.write(context.git, [draft], context.who)[0]
