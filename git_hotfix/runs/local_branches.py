"""Which local branches follow what was delivered, and which stay because somebody stands on them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import BranchName, Oid, branch_ref
from git_hotfix.model.ref_update import RefUpdate


@frozen
class Following:
    """Local branches that move by fast-forward, and those that are checked out: branch → where."""

    updates: tuple[RefUpdate, ...] = ()
    left: Mapping[BranchName, str] = field(default_factory=dict)


def decide_following(
    local: Mapping[BranchName, Oid],
    worktrees: Mapping[BranchName, str],
    moved: Mapping[BranchName, tuple[Oid, Oid]],
    behind: Collection[BranchName],
) -> Following:
    """Decide for every branch of `moved` (branch → old and new tip on the remote) that exists here.

    A local branch follows when it stood at the old tip or git says that it is only `behind`; one with work of its
    own stays as it is; one that is checked out stays too, and is named.
    """
    updates = []
    left = {}
    for branch, (old, new) in moved.items():
        here = local.get(branch)
        if here is None or here == new or not (here == old or branch in behind):
            continue
        if branch in worktrees:
            left[branch] = worktrees[branch]
        else:
            updates.append(RefUpdate(branch_ref(branch), here, new))
    return Following(tuple(updates), left)
