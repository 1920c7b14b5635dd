"""What says that a branch has a change of the fix, and what became of the change there."""

from __future__ import annotations

from typing import Literal

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import Oid

How = Literal["merged", "picked", "delivered", "same", "squashed"]
"""By ancestry, an `-x` line, the logbook, an equal patch-id, or a squash that says so."""


@frozen
class TargetCommit:
    """A commit of a target's history as far as evidence stands in it: the ids that its message says it was picked from,
    the ids that it says it reverts, the ids that it says it squashes, its committer date in seconds."""

    oid: Oid
    parents: tuple[Oid, ...]
    tree: Oid
    date: int
    picked: tuple[str, ...] = ()
    reverted: tuple[str, ...] = ()
    squashed: tuple[str, ...] = ()
    issues: tuple[str, ...] = ()


@frozen
class Claim:
    """That a branch has one commit of the fix: the change `start` → `end` brought it.

    `since` is the commit of the branch's own line with which it came there. A revert of any of `names` takes it back;
    `undone` is the commit that says it does.
    """

    how: How
    start: Oid
    end: Oid
    since: Oid
    names: frozenset[Oid] = frozenset()
    undone: Oid | None = None


@frozen
class Step:
    """One commit of the fix's own line, and for a merge the commits that it brought in."""

    oid: Oid
    parent: Oid
    parts: tuple[Oid, ...] = ()


@frozen
class Group:
    """Steps that one unbroken change (`start` → `end`) brought to a branch; `undone` is a commit that says it reverts
    one of them."""

    steps: tuple[Oid, ...]
    how: How
    start: Oid
    end: Oid
    since: Oid
    undone: Oid | None = None


@frozen
class Standing:
    """What one branch has of a fix: the steps that stand there, those that came and were taken out again, those that
    never came; how, and what is doubtful, in words.

    `merged` says that all that stands there came by ancestry, so that a merge brings just the rest; `held` that a
    merge brought commits of the fix and nothing of their change, so that another one would bring nothing, either.
    """

    there: tuple[Oid, ...] = ()
    taken: tuple[Oid, ...] = ()
    missing: tuple[Oid, ...] = ()
    how: str = ""
    doubt: str = ""
    merged: bool = field(default=True)
    held: bool = field(default=False)

    @property
    def whole(self) -> bool:
        """True where the branch has all of the fix, beyond doubt."""
        return bool(self.there) and not (self.taken or self.missing or self.doubt)
