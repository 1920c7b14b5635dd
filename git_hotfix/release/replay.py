"""A hotfix that a newer production tag has overtaken: replayed in memory, and moved once somebody wants it."""

from __future__ import annotations

import shlex

from git_hotfix.backport import cherry_pick
from git_hotfix.context import Context, DeliveryOptions, Fix
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git import history, refs, worktrees
from git_hotfix.hotfix.find import at_tip, tagger
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import Oid, TagName, branch_ref
from git_hotfix.model.plan import Target
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.versions import is_not_higher
from git_hotfix.record import log_refs
from git_hotfix.runs import intents
from git_hotfix.runs.intents import Intent
from git_hotfix.runs.transport import Transport, transport_of


@frozen
class Replay:
    """A hotfix and its new tip on the newest production tag; `lost` is the name that `start` recorded for its own tag,
    where a release has it meanwhile or is higher."""

    hotfix: Hotfix
    newest: Tag
    new: Oid
    lost: TagName | None


def prepare(context: Context, hotfix: Hotfix, newest: Tag) -> Replay:
    """The commits of the hotfix on top of `newest`, in memory. Raises `Failure` (exit 4) on a conflict."""
    return Replay(hotfix, newest, _replayed_tip(context, hotfix, newest), _lost_tag(context, hotfix, newest))


def replayed_hotfix(context: Context, replay: Replay) -> Hotfix:
    """The hotfix as it is after the replay."""
    hotfix = replay.hotfix
    found = at_tip(context.git, context.snapshot, hotfix.issue, replay.new, branch=hotfix.branch)
    if hotfix.chosen:  # its logbook does not have the update yet, and says that it starts where it did
        base = replay.newest
        tree = history.trees(context.git, [base.commit])[base.commit]
        found = replace(found, base_tag=base.name, base=base.commit, base_tree=tree)
    return replace(found, tag=None) if replay.lost else found


def note(context: Context, replay: Replay) -> str:
    """Who was first, and what became of the hotfix."""
    hotfix, newest = replay.hotfix, replay.newest
    who = tagger(context.git, newest)
    return f"{who} tagged {newest.name} first: {hotfix.branch} is replayed on it, {hotfix.tip[:10]} → {replay.new[:10]}"


def _lost_tag(context: Context, hotfix: Hotfix, newest: Tag) -> TagName | None:
    """The name that `start` recorded for the tag, where a release has it meanwhile or is higher."""
    known = context.snapshot.refs.tags
    return hotfix.tag if hotfix.tag and (hotfix.tag in known or is_not_higher(hotfix.tag, newest.name)) else None


def _replayed_tip(context: Context, hotfix: Hotfix, newest: Tag) -> Oid:
    """The hotfix's commits on top of the newest tag, in memory. Raises `Failure` (exit 4) on a conflict."""
    assert hotfix.base
    if hotfix.tip == hotfix.base:
        return newest.commit  # nothing is committed yet
    # In a dry run nothing is signed: that would write into the repository.
    target = Target(branch_ref(hotfix.branch), newest.commit, 3 if context.dry else 2)
    making = replace(context, dry=False, options=DeliveryOptions())
    [result] = cherry_pick.rebase(making, Fix(hotfix, hotfix.base, hotfix.tip), [target])
    if result.conflicts:
        files = ", ".join(f"{conflict.path} ({conflict.kind})" for conflict in result.conflicts)
        raise Failure(
            f"{hotfix.branch} conflicts with {newest.name} in {files}",
            hint=f"git rebase --onto {newest.commit[:12]} {hotfix.base[:12]} {shlex.quote(hotfix.branch)}",
            code=ExitCode.OPEN,
            unchanged=UNCHANGED,
        )
    if result.status == "failed":
        raise Failure(f"git cannot replay {hotfix.branch} on {newest.name}: {result.reason}", unchanged=UNCHANGED)
    if result.new is None:
        raise Failure(
            f"{newest.name} already contains this fix",
            hint=command_line("abandon", hotfix.issue),
            code=ExitCode.OPEN,
            unchanged=UNCHANGED,
        )
    return result.new


def move(context: Context, replay: Replay) -> None:
    """Move the branch: the remote first, then here; a worktree that stands on it is taken along by git itself.

    Raises `Failure` where that has uncommitted changes (exit 2), or the remote has something else (exit 3).
    """
    hotfix, new, snapshot = replay.hotfix, replay.new, context.snapshot
    here = snapshot.refs.local.get(hotfix.branch)
    there = snapshot.refs.branches.get(hotfix.branch) if snapshot.remote else None
    held = snapshot.refs.worktrees.get(hotfix.branch)
    at = worktrees.enter_clean(context.repository, held, hotfix.branch, command_line("update")) if held else None
    transport = transport_of(context.repository, snapshot, verify=False)
    entry = _update_entry(replay)
    intent = Intent("update", hotfix.issue, hotfix.branch, here, new, entry, there)
    if snapshot.remote and here and there and not history.is_ancestor(context.git, there, here):
        raise Failure(
            f"{hotfix.branch} differs between here and {snapshot.remote.name}",
            hint=f"make them one: git pull --rebase {shlex.quote(snapshot.remote.name)} {shlex.quote(hotfix.branch)}, "
            f"then: git push {shlex.quote(snapshot.remote.name)} {shlex.quote(hotfix.branch)}",
            unchanged=UNCHANGED,
        )
    intents.write(context.repository.common_dir, intent)
    if there:
        _push(context, transport, intent, RefUpdate(branch_ref(hotfix.branch), there, new))
    if at:
        at.run("reset", "--keep", "--quiet", new)
    elif here:
        update = RefUpdate(branch_ref(hotfix.branch), here, new)
        refs.update(context.repository.git, [update], reason="git hotfix update")
    log_refs.record_entries(context, hotfix.issue, [entry])
    if there:
        log_refs.send_logbook(context, transport, hotfix.issue)
    intents.close(context.repository.common_dir, intent)


def _push(context: Context, transport: Transport, intent: Intent, update: RefUpdate) -> None:
    """Move the branch on the remote. Raises `Failure` (exit 3) where that does not take it."""
    answer = transport.push([update], atomic=True, tier=1)
    if answer.accepted:
        return
    result = answer.results[update.ref]
    if result.status != "unknown":
        intents.close(context.repository.common_dir, intent)
    raise Failure(
        f"{intent.branch} was not taken: {result.reason}",
        hint="run the same command again",
        unchanged=UNCHANGED,
    )


def _update_entry(replay: Replay) -> Entry:
    """What the logbook says of it."""
    hotfix, newest = replay.hotfix, replay.newest
    facts = {"Event": "update", "Base-Tag": newest.name, "Base": newest.commit, "From-Tip": hotfix.tip}
    facts |= {"Tag-Given-Up": replay.lost} if replay.lost else {}
    return Entry("event", f"update hotfix {hotfix.issue} to {newest.name}", facts)
