"""The `.gitattributes` of a tree as one file: without a checkout git's merge reads none of a tree, only one outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from git_hotfix.git import blobs
from git_hotfix.git.run import Git, encode
from git_hotfix.model.names import Oid

_NAME = ".gitattributes"
_LINE = re.compile(rb'[ \t\r]*("(?:[^"\\]|\\.)*"|[^ \t\r]+)(.*)', re.DOTALL)
_ESCAPES = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}

Places = tuple[tuple[str, Oid], ...]
"""Folder (`` for the root) and blob of `.gitattributes` of one tree, folders before what lies in them."""


def root_attributes(git: Git, commits: Sequence[Oid]) -> list[Places]:
    """The attributes at the root of every commit's tree, in one process. Of a link that is called `.gitattributes` git
    takes the text itself (2.39, from the index), and so do we."""
    found = blobs.ids(git, [f"{commit}:{_NAME}" for commit in commits])
    return [(("", blob),) if blob else () for blob in found]


def parent_folders(paths: Iterable[str]) -> set[str]:
    """The folders that `paths` lie in, the root left out."""
    return {str(folder) for path in paths for folder in PurePosixPath(path).parents if folder.name}


def folder_attributes(
    git: Git, commits: Sequence[Oid], roots: Sequence[Places], folders: Sequence[set[str]]
) -> dict[int, Places]:
    """The number of every commit that has attributes in one of its `folders` → these below those of its root; in one
    process."""
    asked = [(number, folder) for number, each in enumerate(folders) for folder in sorted(each) if "\n" not in folder]
    found: dict[int, Places] = {}
    blobs_there = blobs.ids(git, [f"{commits[number]}:{folder}/{_NAME}" for number, folder in asked])
    for (number, folder), blob in zip(asked, blobs_there, strict=True):
        if blob:
            found[number] = (*found.get(number, roots[number]), (folder, blob))
    return {number: tuple(sorted(places, key=_depth)) for number, places in found.items()}


def _depth(place: tuple[str, Oid]) -> tuple[int, str]:
    return (place[0].count("/") + bool(place[0]), place[0])


def read(git: Git, places: Places) -> bytes:
    """All of `places` as one file. A later line wins over an earlier one as a deeper file does over a higher one."""
    contents = blobs.read(git, [oid for _, oid in places])
    return b"".join(
        _patterns_from_root(content or b"", folder) if folder else (content or b"") + b"\n"
        for (folder, _), content in zip(places, contents, strict=True)
    )


def _patterns_from_root(content: bytes, folder: str) -> bytes:
    """The lines of the file in `folder`, for the root. Macros are the root's alone; git takes no negative pattern."""
    found = []
    for line in content.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        match = _LINE.match(line)
        if not match or match[1].startswith((b"#", b"!", b"[attr]")):
            continue
        pattern = _unquote(match[1])
        if b"/" not in pattern.rstrip(b"/"):
            pattern = b"**/" + pattern
        full = b"/" + re.sub(rb"([*?\[\\])", rb"\\\1", encode(folder)) + b"/" + pattern.lstrip(b"/")
        found.append(b'"' + re.sub(rb'(["\\])', rb"\\\1", full).replace(b"\n", b"\\n") + b'"' + match[2] + b"\n")
    return b"".join(found)


def _unquote(word: bytes) -> bytes:
    if not (word.startswith(b'"') and word.endswith(b'"') and len(word) > 1):
        return word
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda match: bytes([int(match[1], 8)]) if match[1].isdigit() else _ESCAPES.get(match[1], match[1]),
        word[1:-1],
    )
