"""What finish and backport are going to do, as data, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import BranchName, Oid, RefName, TagName
from git_hotfix.model.policy import Deliver, Landing, Strategy

SETTLED = {
    "rerere": "a solution from before was used",
    "keep-target": "the target's lines are kept",
    "union": "the lines of both are kept",
}
"""What settled a conflict, in words."""

DeliveryStrategy = Literal["merge", "cherry-pick"]
DeliveryStatus = Literal["merged", "already", "conflict", "skipped", "failed", "pending", "not-affected", "reverted"]


@frozen
class Target:
    """A branch that must receive the fix: its full name, its tip on the remote, and its tier (1: production itself, 2:
    develop and releases, 3: features); then what the policy says of it: how the fix is made, how it is delivered, which
    tag it gets."""

    ref: RefName
    tip: Oid
    tier: Literal[1, 2, 3]
    strategy: Strategy = "auto"
    deliver: Deliver = "push"
    tag: str = "none"

    @property
    def branch(self) -> BranchName:
        """The name without `refs/heads/`."""
        return BranchName(self.ref.removeprefix("refs/heads/"))


Why = Literal["inactive", "finished", "merged", "excluded", "not-a-target", "alias", "hotfix", "offer"]


@frozen
class LeftOut:
    """A branch of the remote that was not looked at, and why. An inactive one tells from how many days on it is."""

    ref: RefName
    why: Why
    days: int = 0


@frozen
class Choice:
    """The branches that must receive a fix, and those that are left out."""

    targets: tuple[Target, ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@frozen
class Conflict:
    """One path in conflict, and which sides hold it ("content", "modify/delete", "add/add", …).

    `resolved_by` says what settled it without a human: a resolution that was made before ("rerere"), the target's lines
    ("keep-target"), or both sides' lines ("union"). `shown` is what became of its hunks, where that was asked for, and
    `left_out` the fix's lines that did not come because the target's are kept.
    Conflicts of one path whose `text` is the same are the same conflict: what solves one solves the others. It is a
    digest of the lines in conflict, whatever stands around them, empty where the conflict is not one between lines.
    """

    path: str
    kind: str
    resolved_by: Literal["rerere", "keep-target", "union"] | None = None
    shown: str = ""
    text: str = ""
    left_out: tuple[str, ...] = ()


@frozen
class TagPlan:
    """A hotfix tag: its name, the commit it names, the tag object (None while planned), and whether the remote has it
    already."""

    name: TagName
    target: Oid
    oid: Oid | None = None
    exists: bool = False


@frozen
class Offer:
    """A delivery that goes by pull request: the branch that carries it, where that stood on the remote before, and the
    page of the pull request. `opened` says that there is one; else the page is where a human opens it."""

    ref: RefName
    held: Oid | None = None
    page: str = ""
    opened: bool = False
    draft: bool = False


@frozen
class Delivery:
    """What became of one target: `new` is the commit that brings the fix, None where there is none.

    `refused` says that the remote takes no push to the target, `unknown` that nobody can say whether it took this one,
    `unmergeable` that git cannot merge it, whatever is tried again; `paths` are those of the fix that a target which is
    not affected never had; `copies` the files of a target that keep what the fix replaces, each with what it copies;
    `offer` is the pull request that goes there instead, and `tag` what a release line gets for the fix. `said` is what
    the server said when it refused, each line with the reference that it refused: the target, or the offered branch.
    `steps` are the commits of the fix that are picked where the target has the others already; empty for all of them.
    `undecided` says that a human has to say whether the target needs the fix at all, as of one that took it out;
    `reviewed` is a commit of the target that is probably the fix as a review changed it.
    """

    target: Target
    strategy: DeliveryStrategy
    status: DeliveryStatus
    new: Oid | None = None
    tree: Oid | None = None
    conflicts: tuple[Conflict, ...] = ()
    resolved_by: Literal["merge", "rerere", "keep-target"] | None = None
    reason: str = ""
    refused: bool = False
    unknown: bool = False
    unmergeable: bool = False
    paths: tuple[str, ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    offer: Offer | None = None
    tag: TagPlan | None = None
    said: tuple[tuple[RefName, str], ...] = ()
    steps: tuple[Oid, ...] = ()
    undecided: bool = False
    reviewed: Oid | None = None

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that are left for a human."""
        return tuple(each for each in self.conflicts if each.resolved_by is None)

    @property
    def settled(self) -> tuple[Conflict, ...]:
        """The conflicts that needed no human."""
        return tuple(each for each in self.conflicts if each.resolved_by is not None)

    @property
    def owed(self) -> bool:
        """True where the target lacks the fix and is to get it."""
        return self.status not in ("already", "skipped", "not-affected")


@frozen
class ProductionPlan:
    """Production before and after, and how it gets there; `new` equals `old` where the fix is on it already."""

    ref: RefName
    old: Oid
    new: Oid
    strategy: Landing = "merge"

    @property
    def landed(self) -> bool:
        """True when production holds the fix already."""
        return self.old == self.new


@frozen
class FirstTier:
    """Tier 1 as planned: production before and after, the tag, what to say, and the conflict that forbids it; `passed`
    are the gates that found nothing."""

    production: ProductionPlan
    tag: TagPlan
    notes: tuple[str, ...] = ()
    conflict: Delivery | None = None
    passed: tuple[str, ...] = ()


@frozen
class FloatingTag:
    """A tag that moves with the releases: from the object `old` (None: it did not exist) to the commit `new`, which
    `tag` names; whether that was done, or why it was refused, with the server's own lines."""

    name: TagName
    old: Oid | None
    new: Oid
    tag: TagName
    status: Literal["moved", "failed"] = "moved"
    reason: str = ""
    said: tuple[tuple[RefName, str], ...] = ()


@frozen
class Outcome:
    """What a finish or backport did, or with `pushed` False would do.

    `left` are the local branches that stay behind because they are checked out: branch → the command that takes the
    fix there. `next` are the commands that are still owed, in order. `said` is what the server said of production,
    and `advice` what answers its refusals. `left_out` are the branches that got nothing and were not looked at.
    `place` says where the worktree stands now that stood on the hotfix branch. `refused` is why finish would refuse
    what is shown here.
    """

    command: str
    production: ProductionPlan | None = None
    tag: TagPlan | None = None
    deliveries: tuple[Delivery, ...] = ()
    floating: tuple[FloatingTag, ...] = ()
    pushed: bool = False
    pull_request: str | None = None
    left: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    said: tuple[tuple[RefName, str], ...] = ()
    advice: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    place: str = ""
    refused: str = ""

    @property
    def blocked(self) -> Delivery | None:
        """The conflict of production itself, before which nothing is pushed; None where there is none."""
        return next((each for each in self.deliveries if each.target.tier == 1 and each.status == "conflict"), None)

    @property
    def open(self) -> tuple[Delivery, ...]:
        """The targets that still owe the fix."""
        return tuple(each for each in self.deliveries if each.status in ("conflict", "failed", "pending", "reverted"))
