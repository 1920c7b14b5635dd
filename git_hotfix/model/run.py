"""What a finish or backport did in this clone, as data: enough to take it back."""

from __future__ import annotations

from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName

ReturnStatus = Literal["back", "already", "kept", "moved", "gone", "refused", "failed"]


@frozen
class Step:
    """One reference that a run pushed from `old` to `new` (None: it did not exist), in which tier; `here` is where this
    clone's own of that name stood, and `by_hand` says that a human made the merge."""

    ref: RefName
    old: Oid | None
    new: Oid
    tier: int
    here: Oid | None = None
    by_hand: bool = False


@frozen
class Run:
    """A run for one hotfix: its steps in order, a reference more than once where it was tried again.

    `there` and `here` are the tips of the hotfix `branch` on the remote and in this clone, None where it did not stand;
    `stood` is the worktree that stood on it, `settings` what git config said of it. `at` is when the run began, in
    seconds. A run that was not `ended` was killed. `undoing` and `undone` are when it began to be, and was, taken back.
    """

    issue: IssueId
    command: str
    at: int
    steps: tuple[Step, ...] = ()
    there: Oid | None = None
    here: Oid | None = None
    stood: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    ended: bool = False
    undoing: int = 0
    undone: int = 0
    branch: BranchName = BranchName("")


@frozen
class Return:
    """What becomes of one reference when a run is taken back: from `now` to `to` (None: deleted).

    `back` goes back, `already` is there; `kept` is production or a tag, `moved` was moved by others since, `refused`
    and `failed` is what the remote said: these keep what the run brought, and `revert` takes it out. `gone` holds
    nothing of the run any more.
    """

    ref: RefName
    tier: int
    status: ReturnStatus
    now: Oid | None
    to: Oid | None
    revert: str = ""
    reason: str = ""

    @property
    def left(self) -> bool:
        """True where a human has something to do."""
        return self.status in ("kept", "moved", "refused", "failed")
