"""Conflicts that a policy settles without a human: version files and changelogs keep the target's lines.

Never for anything else, and never for the fix's lines: what is lost by mistake here is a bump or an entry, not code.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from git_hotfix.conflicts import own_version
from git_hotfix.dependencies.carriers.version_files import is_version_file, names_versions
from git_hotfix.model import patterns
from git_hotfix.model.conflict_text import Piece, hunks, with_answers
from git_hotfix.model.policy import Backport, Files

_VENDORED = Files().vendored

Way = Literal["keep-target", "union"]


def way(path: str, policy: Backport) -> Way | None:
    """How the policy settles a conflict in `path`, or None where it does not."""
    if patterns.paths(policy.union)(path) and not own_version.is_known(path) and not is_version_file(path):
        return "union"
    return "keep-target" if patterns.paths(policy.keep_target)(path) else None


def settle_file(
    path: str,
    pieces: Sequence[Piece],
    policy: Backport,
    *,
    ours: bytes,
    theirs: bytes,
    vendored: Sequence[str] = _VENDORED,
) -> tuple[Way, bytes] | None:
    """How a file in conflict is settled and its new content; None where a human has to.

    `ours` and `theirs` are the whole files of the two sides: whether they end with a line feed is nothing that markers
    show. What is `vendored` (patterns of paths) carries somebody else's version.
    """
    how = way(path, policy)
    if how is None or not _may_settle(path, pieces, vendored):
        return None
    content = with_answers(pieces, (lambda hunk: hunk.ours + hunk.theirs) if how == "union" else lambda hunk: hunk.ours)
    last = hunks(pieces)[-1]
    if pieces[-1] == b"" and how == "keep-target" and last.ours:
        content = _end_like(content, ours)
    elif pieces[-1] == b"" and how == "union" and last.theirs:
        content = _end_like(content, theirs)
    return how, content


def _end_like(content: bytes, side: bytes) -> bytes:
    """`content`, whose last line is that of `side`, with its end: git ends a line that has none before a marker."""
    if side.endswith(b"\n"):
        return content
    content = content.removesuffix(b"\n")
    added = side.rpartition(b"\n")[2] + b"\r"  # in a file of CRLF git ends the line by that
    return content.removesuffix(b"\r") if content.endswith(added) else content


def _may_settle(path: str, pieces: Sequence[Piece], vendored: Sequence[str]) -> bool:
    """False for hunks that hold more than a version, in a file where that would be code or a dependency."""
    known = own_version.is_known(path)
    if (known or is_version_file(path)) and patterns.paths(tuple(vendored))(path):
        return False  # somebody else's version
    if known:
        return own_version.is_only_versions(path, tuple(pieces))
    if is_version_file(path):
        return names_versions(path, (line for each in hunks(pieces) for line in (each.ours + each.theirs).split(b"\n")))
    return True
