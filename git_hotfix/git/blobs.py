"""Blobs by id or name: contents, ids, sizes, each in one process for many; few are asked of the one that answers
whatever it is asked (`objects.py`), where there is such a git."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from contextlib import suppress

from git_hotfix.git.objects import FEW, GitEnded, ObjectInfo, parse_description
from git_hotfix.git.run import Git, encode
from git_hotfix.model.names import Oid


def read(git: Git, names: Sequence[str]) -> list[bytes | None]:
    """The objects that `names` (ids, or `<commit>:<path>`) name, in one process; None for what is not here."""
    if git.objects and len(names) <= FEW:
        with suppress(GitEnded):
            return git.objects.contents(names)
    return _split_batch(git.run("cat-file", "--batch", "--buffer", stdin=_feed(names)).out, len(names)) if names else []


def find_plain_file(git: Git, commit: Oid, path: str) -> tuple[Oid, int] | None:
    """The id and the bytes of a plain file of a commit, in one process; None for a link, a folder, a submodule, and for
    what is not there."""
    listed = git.run("ls-tree", "-z", "-l", "--full-tree", commit, "--", path, check=False).out
    for row in listed.split(b"\0"):
        facts, _, name = row.partition(b"\t")
        if name == encode(posixpath.normpath(path)) and len(facts.split()) == 4:
            mode, kind, oid, size = facts.split()
            if kind == b"blob" and mode != b"120000":
                return Oid(oid.decode()), int(size)
    return None


def read_and_keep(git: Git, oids: Sequence[Oid]) -> list[bytes | None]:
    """`read` for the files of a fix, which are few and asked for by many: those that are here stay in memory."""
    known: dict[Oid, bytes] = git.once("contents", dict)
    new = [oid for oid in dict.fromkeys(oids) if oid not in known]
    known |= {oid: text for oid, text in zip(new, read(git, new), strict=True) if text is not None}
    return [known.get(oid) for oid in oids]


def begin_search(git: Git, oids: Sequence[Oid], piece: bytes) -> Callable[[], list[Oid]]:
    """Those of `oids` whose object holds `piece`: git begins to read now, and what is returned waits for it. Nothing is
    taken apart where no object does."""
    if not oids:
        return list
    if git.objects and len(oids) <= FEW:  # read when they are asked for
        return lambda: [oid for oid, held in zip(oids, read(git, oids), strict=True) if held and piece in held]
    running = git.begin("cat-file", "--batch", "--buffer", stdin=_feed(oids))

    def list_found() -> list[Oid]:
        together = running.answer().out
        if piece not in together:
            return []
        contents = zip(oids, _split_batch(together, len(oids)), strict=True)
        return [oid for oid, content in contents if content and piece in content]

    return list_found


def _feed(names: Sequence[str]) -> bytes:
    return encode("".join(f"{name}\n" for name in names))


def _split_batch(raw: bytes, count: int) -> list[bytes | None]:
    found: list[bytes | None] = []
    position = 0
    for _ in range(count):
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
    return [each and each.size for each in describe(git, names)]


def ids(git: Git, names: Sequence[str]) -> list[Oid | None]:
    """The ids of what `names` name; None for what is not here."""
    return [each and each.oid for each in describe(git, names)]


def kinds(git: Git, names: Sequence[str]) -> list[str | None]:
    """What `names` name: "commit", "tag", "tree" or "blob"; None for what is not here."""
    return [each and each.kind for each in describe(git, names)]


def describe(git: Git, names: Sequence[str]) -> list[ObjectInfo | None]:
    """What `names` name, each with its id, its kind and its size; None for what is not here."""
    if git.objects and len(names) <= FEW:
        with suppress(GitEnded):
            return git.objects.describe(names)
    lines = git.run("cat-file", "--batch-check", "--buffer", stdin=_feed(names)).lines if names else []
    return [parse_description(line) for line in lines]
