"""Blobs by id or name: contents, ids, sizes, each in one process for many."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.git.run import Git
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


def sizes(git: Git, names: Sequence[str]) -> list[int | None]:
    """The sizes in bytes of what `names` name; None for what is not here."""
    if not names:
        return []
    feed = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    lines = git.run("cat-file", "--batch-check=%(objectsize)", "--buffer", stdin=feed).text.splitlines()
    return [int(line) if line.isdigit() else None for line in lines]


def ids(git: Git, names: Sequence[str]) -> list[Oid | None]:
    """The ids of what `names` name; None for what is not here."""
    if not names:
        return []
    feed = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    lines = git.run("cat-file", "--batch-check=%(objectname)", "--buffer", stdin=feed).text.splitlines()
    return [None if " " in line else Oid(line) for line in lines]


def kinds(git: Git, names: Sequence[str]) -> list[str | None]:
    """What `names` name: "commit", "tag", "tree" or "blob"; None for what is not here."""
    if not names:
        return []
    feed = "".join(f"{name}\n" for name in names).encode("utf-8", "surrogateescape")
    lines = git.run("cat-file", "--batch-check=%(objecttype)", "--buffer", stdin=feed).text.splitlines()
    return [None if " " in line else line for line in lines]
