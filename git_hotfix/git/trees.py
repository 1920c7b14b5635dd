"""Writing trees: those that exist, with some files in them replaced."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence

from git_hotfix.git import history
from git_hotfix.git.commits import fast_import
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git, encode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid


@frozen
class File:
    """A file as a tree holds it: its mode ("100644", "100755") and its bytes."""

    mode: str
    content: bytes


@frozen
class Draft:
    """A tree to be: `tree` (None: an empty one) with `files` in place of what it has, and for `commits` a parent, given
    by its place among the drafts that are written with it."""

    tree: Oid | None
    files: Mapping[str, File]
    parent: int | None = None


def write(git: Git, drafts: Sequence[Draft]) -> list[Oid]:
    """Write all trees in one process and ask for their ids in another."""
    made = commits(git, drafts)
    found = history.trees(git, made)
    return [found[commit] for commit in made]


def commits(git: Git, drafts: Sequence[Draft]) -> list[Oid]:
    """A commit of nobody for every draft, in one process; `git` is a scratch directory's, whose references nobody
    sees. A content that many drafts have is written once."""
    if not drafts:
        return []
    contents = {file.content: 0 for draft in drafts for file in draft.files.values()}
    stream: list[bytes] = []
    for number, content in enumerate(contents, len(drafts) + 1):
        contents[content] = number
        stream.append(b"blob\nmark :%d\ndata %d\n" % (number, len(content)) + content + b"\n")
    who = encode(NOBODY.committer)
    for number, draft in enumerate(drafts, 1):
        stream.append(b"reset refs/heads/drafts\ncommit refs/heads/drafts\nmark :%d\n" % number)
        stream.append(b"committer " + who + b"\ndata 0\n\n")
        if draft.parent is not None:
            stream.append(b"from :%d\n" % (draft.parent + 1))
        if draft.tree is not None:
            stream.append(b"M 040000 " + draft.tree.encode() + b" \n")
        for path, file in draft.files.items():
            stream.append(b"M %b :%d %b\n" % (file.mode.encode(), contents[file.content], _quote(path)))
        stream.append(b"\n")
    return fast_import(git, stream, len(drafts))


def _quote(path: str) -> bytes:
    """A path as fast-import reads every one: in quotes, with what is not plain as an octal escape."""
    plain = b"!#$%&'()*+,-./:;<=>?@[]^_`{|}~ " + string.ascii_letters.encode() + string.digits.encode()
    return b'"' + b"".join(bytes([code]) if code in plain else b"\\%03o" % code for code in encode(path)) + b'"'
