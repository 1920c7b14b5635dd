"""After the remote agreed: local branches follow, and the finished hotfix branch goes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from git_hotfix.errors import Failure
from git_hotfix.git import history, refs, worktrees
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName, Oid, branch_ref
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.situation import Situation
from git_hotfix.planning.local import follow


def follow_locally(
    repository: Repository, situation: Situation, moved: Mapping[BranchName, tuple[Oid, Oid]]
) -> dict[str, str]:
    """Fast-forward the local branches of `moved`; return those that are checked out with the command for each."""
    if situation.remote is None:
        return {}
    behind = refs.behind(repository.git, [branch for branch in moved if branch in situation.refs.local])
    plan = follow(situation.refs.local, situation.refs.worktrees, moved, behind)
    refs.try_update(repository.git, plan.updates, reason="git hotfix: follow the remote")
    return {
        branch: f"git -C {_quoted(place)} merge --ff-only refs/remotes/{situation.remote.name}/{branch}"
        for branch, place in plan.left.items()
    }


def _quoted(text: str) -> str:
    import shlex

    return shlex.quote(text)


def drop_branch(repository: Repository, git: Git, situation: Situation, hotfix: Hotfix) -> str | None:
    """Delete the local hotfix branch where it still stands at the delivered tip; return a note where it stays.

    A worktree that stands on it keeps every file: its HEAD moves to production when that has the very same tree and
    nobody stands there, else it detaches at the tip.
    """
    here = situation.refs.local.get(hotfix.branch)
    if here is None:
        return None
    if here != hotfix.tip:
        return f"{hotfix.branch} has moved to {here[:10]} and stays"
    place = situation.refs.worktrees.get(hotfix.branch)
    try:
        if place is not None:
            _leave(repository, git, situation, hotfix, place)
        refs.update(repository.git, [RefUpdate(branch_ref(hotfix.branch), here, None)], reason="git hotfix: finished")
    except Failure as failure:
        return f"{hotfix.branch} stays here: {failure.message}"
    repository.git.run("config", "--local", "--remove-section", f"branch.{hotfix.branch}", check=False)
    return None


def _leave(repository: Repository, git: Git, situation: Situation, hotfix: Hotfix, place: str) -> None:
    there = worktrees.enter(repository, Path(place))
    ref = branch_ref(hotfix.production)
    tip = repository.git.run("rev-parse", "--verify", "--quiet", ref, check=False).text
    same = tip and history.trees(git, [Oid(tip)]).get(Oid(tip)) == hotfix.tip_tree
    if same and hotfix.production not in situation.refs.worktrees:
        there.run("symbolic-ref", "-m", "git hotfix: finished", "HEAD", ref)
    else:
        there.run("update-ref", "--no-deref", "-m", "git hotfix: finished", "HEAD", hotfix.tip, hotfix.tip)
