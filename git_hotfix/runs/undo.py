"""What undo does: the remote first, then this clone's own branches, tag and hotfix branch."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.errors import Failure
from git_hotfix.git import history, refs, worktrees
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import (
    HEADS,
    REMOTE_TAGS,
    RESOLVED,
    TAGS,
    RefName,
    branch_ref,
    encode_component,
    short,
)
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.run import Return, Run
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.runs import undo_plan
from git_hotfix.runs.transport import TIER_TWO_CHUNK, Transport
from git_hotfix.snapshot import Clone

_STATUS = {"stale": "moved", "refused": "refused", "bystander": "refused", "failed": "failed", "unknown": "failed"}


def push_back(transport: Transport, returns: Sequence[Return], *, chunk: int) -> tuple[Return, ...]:
    """Push every reference that goes back, each with its lease: production and tag as one, then the others in chunks
    as they were delivered. What becomes of each is in the answer."""
    done = {each.ref: each for each in returns}
    for tier, size in ((1, len(returns)), (2, TIER_TWO_CHUNK), (3, chunk)):
        waiting = [each for each in returns if each.tier == tier and each.status == "back"]
        for start in range(0, len(waiting), max(1, size)):
            part = waiting[start : start + size]
            updates = [RefUpdate(each.ref, each.now, each.to) for each in part]
            answer = transport.push(updates, atomic=tier == 1, tier=tier)
            for back in part:
                result = answer.results[back.ref]
                if result.status != "ok":
                    words = (result.reason or answer.words).splitlines() or [""]
                    status = _STATUS[result.status]
                    done[back.ref] = replace(back, status=status, reason=words[0][:200])  # type: ignore[arg-type]
    return tuple(done[each.ref] for each in returns)


def restore_there(transport: Transport, snapshot: Snapshot, run: Run) -> str | None:
    """Put the hotfix branch back on the remote where the run deleted it; a note where it cannot be."""
    branch = run.branch
    if snapshot.remote is None or run.there is None or branch in snapshot.refs.branches:
        return None
    ref = branch_ref(branch)
    answer = transport.push([RefUpdate(ref, None, run.there)], atomic=False, tier=1)
    if answer.accepted:
        return None
    return f"{branch} was not put back on {snapshot.remote.name}: {answer.results[ref].reason}"


def restore_here(clone: Clone, run: Run) -> list[str]:
    """Put the local hotfix branch back, and whoever stood on it; what stands elsewhere stays, with a note.

    HEAD of the worktree that stood on it moves back only where that costs no file: it is detached at the tip, or on a
    branch with the very same tree.
    """
    repository, snapshot, branch = clone.repository, clone.snapshot, run.branch
    now = snapshot.refs.local.get(branch)
    if run.here is None:
        return []
    if now is not None and now != run.here:
        return [f"{branch} is at {now[:10]} here and is kept"]
    ref = branch_ref(branch)
    if now is None:
        failed = refs.try_update(repository.git, [RefUpdate(ref, None, run.here)], reason="git hotfix: undone")
        if failed:
            return [f"{branch} was not put back here: {failed[ref]}"]
        for key, value in run.settings:
            repository.git.run("config", "--local", "--add", key, value, check=False)
    if run.stood and branch not in snapshot.refs.worktrees and Path(run.stood).is_dir():
        try:
            _stand_again(clone, run)
        except Failure as failure:
            return [failure.message]
    return []


def _stand_again(clone: Clone, run: Run) -> None:
    assert run.here
    place = Path(run.stood)
    there = worktrees.enter(clone.repository, place)
    head = history.resolve(there, "HEAD")
    on = there.run("symbolic-ref", "--quiet", "HEAD", check=False).text
    # Where the run moved HEAD to; a backport leaves production, which it does not push, to stand on.
    lines = {branch_ref(clone.snapshot.production), *(step.ref for step in run.steps if step.tier == 1)}
    known = history.trees(clone.git, [head, run.here]) if head else {}
    if (not on and head == run.here) or (on in lines and head and known.get(head) == known.get(run.here)):
        ref = branch_ref(run.branch)
        there.run("symbolic-ref", "-m", "git hotfix: undone", "HEAD", ref, check=False)


def follow_back(repository: Repository, snapshot: Snapshot, run: Run, returns: Sequence[Return]) -> dict[str, str]:
    """This clone's branches and tag follow the remote back; return those that are checked out with the command for
    each. A merge that a human made waits again for the next delivery."""
    # HEAD may have moved off a branch that goes back.
    known = refs.read_refs(repository.git, snapshot.remote.name if snapshot.remote else None)
    here = {RefName(HEADS + name): oid for name, oid in known.local.items()}
    here |= {RefName(TAGS + name): oid for name, oid in known.local_tags.ids.items()}
    places = {branch_ref(branch): place for branch, place in known.worktrees.items()}
    moves, left = undo_plan.local_moves(run, returns, here, places)
    if snapshot.remote is None:
        moves, left = (), {}
    gone = {each.ref for each in returns if each.status in ("back", "already")}
    area = f"{RESOLVED}{encode_component(run.issue)}/"
    kept = {step.ref: step for step in run.steps if step.by_hand and step.ref in gone}
    again = [RefUpdate(RefName(area + encode_component(short(ref))), None, step.new) for ref, step in kept.items()]
    copies = known.tags.ids if snapshot.remote and not known.tags_guessed else {}
    back = {each.ref: each.to for each in returns}  # a floating tag goes to where it stood
    mirror = [RefUpdate(RefName(REMOTE_TAGS + name), oid, back[RefName(TAGS + name)]) for name, oid in copies.items()
              if RefName(TAGS + name) in gone]  # fmt: skip
    refs.try_update(repository.git, [*moves, *mirror], reason="git hotfix undo")
    refs.try_update(repository.git, [item for item in again if item.ref not in known.own], reason="git hotfix undo")
    return {short(ref): f"git -C {shlex.quote(place)} reset --keep {to}" for ref, (place, to) in left.items()}
