"""What a killed start, rollback, update, bump or abandon had begun is brought to its end before others look."""

from __future__ import annotations

from pathlib import Path

from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.git import half_switch, history, refs, worktrees
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import Oid, branch_ref
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.record import log_refs
from git_hotfix.runs import intents
from git_hotfix.runs.intents import Intent
from git_hotfix.runs.transport import transport_of
from git_hotfix.snapshot import take_snapshot


def settle(context: Context, command: str) -> Context:
    """Finish what killed runs had begun, as far as this needs no word of theirs; `command` is the one that runs now,
    which goes on with its own. The context says what was carried on."""
    begun = [each for each in intents.read_open(context.repository.common_dir) if each.command != "resolve"]
    carried = tuple(intent for intent in begun if _settle_one(context, intent, command))
    for intent in carried:
        if intent.command != "abandon" and not (intent.command == command == "start"):
            words = f"the {intent.command} of {intent.issue} was interrupted; what was left of it is done now"
            context.streams.say(words)
    if not begun:
        return context
    snapshot = take_snapshot(context.repository, context.git, view="known", finished=True)
    return replace(context, snapshot=snapshot, carried=carried)


def _settle_one(context: Context, intent: Intent, command: str) -> bool:
    """True where what was begun is done."""
    if intent.command in ("update", "bump"):
        return _settle_update(context, intent)
    if intent.command == "start" and intent.branch not in context.snapshot.refs.local:
        if command != "start":
            forget(context, intent)
        return False
    if intent.command in ("start", "rollback"):
        return _record_made_branch(context, intent, own=intent.command == command)
    refs_now = context.snapshot.refs
    gone = intent.branch not in refs_now.local and not (intent.there and intent.branch in refs_now.branches)
    if gone:  # given up, or finished meanwhile
        intents.close(context.repository.common_dir, intent)
    return gone


def _record_made_branch(context: Context, intent: Intent, *, own: bool) -> bool:
    """True where the branch of a start or a rollback was made: then its entry is recorded."""
    here = context.snapshot.refs.local.get(intent.branch)
    assert intent.new
    if here is None or not (here == intent.new or history.is_ancestor(context.git, intent.new, here)):
        return False
    if not own or intent.command == "rollback":
        record(context, intent)
        waits = intent.push and intent.branch not in context.snapshot.refs.branches
        if not waits:
            intents.close(context.repository.common_dir, intent)
    return True


def forget(context: Context, intent: Intent) -> None:
    """A start that had made no branch: the files that its switch had written are put back, and it never was."""
    repository = context.repository
    head = history.resolve(repository.git, "HEAD")
    if not intent.place and intent.new and head and head == intent.words.get("head"):
        half_switch.take_back(repository, repository.git, head, intent.new, since=intent.began)
    intents.close(repository.common_dir, intent)


def record(context: Context, intent: Intent) -> None:
    """The entry of `intent`, once; on the remote too where that has the branch."""
    if intent.entry is None:
        return
    repository, snapshot = context.repository, context.snapshot
    log_refs.record_entries(context, intent.issue, [intent.entry], once=True)
    if intent.branch in snapshot.refs.branches:
        log_refs.send_logbook(context, transport_of(repository, snapshot, verify=False), intent.issue)


def _settle_update(context: Context, intent: Intent) -> bool:
    """True where the branch that was replayed is at its new tip, here and on the remote; nothing had been done, and it
    is forgotten, where the remote has the old one. A worktree with changes stops it: its owner is told."""
    here, there = (area.get(intent.branch) for area in (context.snapshot.refs.local, context.snapshot.refs.branches))
    common, new = context.repository.common_dir, intent.new
    assert new
    pushed = intent.there is not None and there is not None and _holds(context, there, new)
    if here is not None and here == intent.old:
        try:
            done = _follow_remote(context, intent, forward=pushed)
        except Failure as failure:
            context.streams.say(f"{failure.message}; {failure.hint}")
            return False
    else:
        done = pushed if here is None else _holds(context, here, new)
    if done:
        record(context, intent)
    intents.close(common, intent)
    return done


def _holds(context: Context, tip: Oid, commit: Oid) -> bool:
    return tip == commit or history.is_ancestor(context.git, commit, tip)


def _follow_remote(context: Context, intent: Intent, *, forward: bool) -> bool:
    """Move the branch here to where the remote has it, or put back what the killed run had begun of that. Raises
    `Failure` where its worktree has changes."""
    repository, ref, old, new = context.repository, branch_ref(intent.branch), intent.old, intent.new
    place = context.snapshot.refs.worktrees.get(intent.branch)
    assert old and new
    at = worktrees.enter(repository, Path(place)) if place else None
    if at:
        half_switch.restore(repository, at, old, new, since=intent.began)
        forward = forward or _stands_at(at, new)
    if not forward:
        return False
    if at and not _stands_at(at, new):
        if at.run("status", "--porcelain", "-z", "--untracked-files=no").out:
            raise Failure(
                f"{place} has uncommitted changes on {intent.branch}, which was updated on the remote",
                hint="commit or stash them, then: git hotfix update",
            )
        at.run("reset", "--keep", "--quiet", new)
    else:
        refs.update(repository.git, [RefUpdate(ref, old, new)], reason="git hotfix update")
    return True


def _stands_at(at: Git, commit: Oid) -> bool:
    """True where index and files are those of a commit, wherever HEAD is."""
    words = (("diff-index", "--cached", "--quiet", commit, "--"), ("diff-files", "--quiet"))
    return all(at.run(*each, check=False).code == 0 for each in words)
