"""Where a document of a hotfix may stand: a path inside the repository, whatever names are filled in."""

from __future__ import annotations

import re
import unicodedata

PLACEHOLDERS = ("{tag}", "{issue}")
# What file systems take for `.git`: other letter cases, Windows its short name and dots or blanks behind it (git's own
# list: core.protectNTFS, core.protectHFS; the invisible letters of HFS+ are refused anywhere).
_GIT_DIR = (".git", "git~1")


def why_no_document_path(path: str) -> str:
    """What is wrong with the path of a document, else empty. A placeholder stands for any name that git takes for a
    tag or a branch."""
    if not path or path.strip() != path or any(map(_is_odd, path)):
        return "expected a path of plain letters inside the repository"
    if path[0] in "-/" or any(part in ("", ".", "..") or _may_be_git_dir(part) for part in path.split("/")):
        return "expected a path inside the repository"
    return ""


def fill_path(path: str, tag: str, issue: str) -> str:
    """`path` with the names in it; a name stays one plain part of it."""
    return path.replace("{tag}", _as_part(tag)).replace("{issue}", _as_part(issue))


def _is_odd(letter: str) -> bool:
    return letter in '\\:"' or unicodedata.category(letter)[0] == "C" or unicodedata.category(letter) in ("Zl", "Zp")


def _may_be_git_dir(part: str) -> bool:
    """True for what a file system may take for `.git`. No name of git begins with a dot or holds a tilde."""
    words = re.split(r"(\{tag\}|\{issue\})", part.lower().rstrip(" ."))
    made = "".join(r"[^.~][^~]*" if word in PLACEHOLDERS else re.escape(word) for word in words)
    return any(re.fullmatch(made, name) for name in _GIT_DIR)


def _as_part(name: str) -> str:
    return "".join("-" if letter == "/" or _is_odd(letter) else letter for letter in name)
