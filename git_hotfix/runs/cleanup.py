"""After the remote agreed: local branches follow, and the finished hotfix branch goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from git_hotfix.errors import Failure
from git_hotfix.git import history, refs, worktrees
from git_hotfix.git.repository import Repository
from git_hotfix.model.command_line import Placeholder, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName, Oid, branch_ref
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.runs.local_branches import decide_following
from git_hotfix.snapshot import Clone


def follow_locally(
    repository: Repository, snapshot: Snapshot, moved: Mapping[BranchName, tuple[Oid, Oid]]
) -> dict[str, str]:
    """Fast-forward the local branches of `moved`; return those that are checked out with the command for each."""
    if snapshot.remote is None:
        return {}
    behind = refs.branches_behind(repository.git, [branch for branch in moved if branch in snapshot.refs.local])
    plan = decide_following(snapshot.refs.local, snapshot.refs.worktrees, moved, behind)
    refs.try_update(repository.git, plan.updates, reason="git hotfix: follow the remote")
    return {
        branch: git_command("-C", place, "merge", "--ff-only", f"refs/remotes/{snapshot.remote.name}/{branch}")
        for branch, place in plan.left.items()
    }


@frozen
class BranchDeletion:
    """What became of a local branch: `note` says why it stays, "" where it went; `place` where the worktree that stood
    on it stands now, "" where none did."""

    note: str = ""
    place: str = ""


def drop_branch(clone: Clone, hotfix: Hotfix) -> BranchDeletion:
    """Delete the local hotfix branch where it still stands at the delivered tip.

    A worktree that stands on it keeps every file: its HEAD moves to production when that has the very same tree and
    nobody stands there, else it detaches at the tip.
    """
    repository, snapshot = clone.repository, clone.snapshot
    here = snapshot.refs.local.get(hotfix.branch)
    if here is None:
        return BranchDeletion()
    if here != hotfix.tip:
        return BranchDeletion(f"{hotfix.branch} has moved to {here[:10]} and is kept")
    place, stands = snapshot.refs.worktrees.get(hotfix.branch), ""
    try:
        if place is not None:
            stands = _leave(clone, hotfix, place)
        refs.update(repository.git, [RefUpdate(branch_ref(hotfix.branch), here, None)], reason="git hotfix: finished")
    except Failure as failure:
        return BranchDeletion(f"{hotfix.branch} stays here: {failure.message}", stands)
    repository.git.run("config", "--local", "--remove-section", f"branch.{hotfix.branch}", check=False)
    return BranchDeletion(place=stands)


def _leave(clone: Clone, hotfix: Hotfix, place: str) -> str:
    """Take a worktree off the hotfix branch, and say where it stands then, with the way from there to a branch."""
    repository, snapshot = clone.repository, clone.snapshot
    own = Path(place) == repository.top
    who = "You are" if own else f"{place} is"
    there = worktrees.enter(repository, Path(place))
    ref = branch_ref(hotfix.production)
    tip = history.resolve(repository.git, ref)
    same = tip and history.trees(clone.git, [tip]).get(tip) == hotfix.tip_tree
    if same and hotfix.production not in snapshot.refs.worktrees:
        there.run("symbolic-ref", "-m", "git hotfix: finished", "HEAD", ref)
        return f"{who} on {hotfix.production} now"
    there.run("update-ref", "--no-deref", "-m", "git hotfix: finished", "HEAD", hotfix.tip, hotfix.tip)
    lines = (snapshot.develop, snapshot.production)
    free = next((line for line in lines if line and line not in snapshot.refs.worktrees), None)
    at = () if own else ("-C", place)
    command = git_command(*at, "switch", free or Placeholder("<branch>"))
    return f"{who} on no branch now (HEAD is detached at {hotfix.tip[:10]}): {command}"
