"""The end of a finish or backport: what follows the remote, and when nothing is owed, the closing of a hotfix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.backport import pull_requests
from git_hotfix.backport.prepare import SAME, resolved_commits, resolved_ref
from git_hotfix.backport.run import preparer
from git_hotfix.context import Context, Fix
from git_hotfix.context.open import look_again
from git_hotfix.git import refs
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import HEADS, REMOTE_TAGS, BranchName, IssueId, Oid, RefName, TagName, branch_ref, tag_ref
from git_hotfix.model.plan import Delivery, FloatingTag, Outcome, TagPlan
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Refs, Snapshot
from git_hotfix.model.words import counted
from git_hotfix.record import log_refs
from git_hotfix.release import floating
from git_hotfix.report import server_words
from git_hotfix.runs import cleanup, history
from git_hotfix.runs.transport import Transport


def close(
    context: Context, transport: Transport, fix: Fix, outcome: Outcome, *, complete: bool = True, kept: bool = False
) -> Outcome:
    """The remote agreed: local branches follow, and when nothing is owed any more the logbook is closed and the hotfix
    branch goes, there and here, unless it is `kept`. `complete` says that every target of the policy was looked at."""
    ended = _end_run(context, transport, fix, outcome, complete=complete, kept=kept)
    # What is left of floating tags is one command each, and no reason to keep a hotfix open.
    remote = context.snapshot.remote
    unmoved = [each for each in outcome.floating if each.status == "failed"] if remote else []
    return replace(ended, next=(*ended.next, *(floating.move_command(remote.name, each) for each in unmoved if remote)))


def move_tags(
    context: Context, transport: Transport, tag: TagPlan | None, deliveries: Sequence[Delivery] = ()
) -> tuple[FloatingTag, ...]:
    """Move the floating tags of the tags that this run made, and tell this clone where they stand."""
    stand = [each for each in deliveries if each.tag and each.tag.exists]
    wanted = floating.plan_floating(context.snapshot, tag, stand)
    moved = floating.move(transport, wanted, lambda: floating.plan_floating(look_again(context).snapshot, tag, stand))
    floating.follow(context.repository, context.snapshot, moved)
    return moved


def _end_run(
    context: Context, transport: Transport, fix: Fix, outcome: Outcome, *, complete: bool, kept: bool
) -> Outcome:
    hotfix = fix.hotfix
    left = cleanup.follow_locally(context.repository, context.snapshot, _moved_branches(context, outcome))
    outcome = replace(outcome, left=left, advice=_refusal_answers(context, hotfix, outcome))
    _drop_resolved(context, fix.hotfix, outcome)
    _drop_offers(context, fix, transport, outcome)
    _copy_line_tags(context, outcome)
    now = replace(context, snapshot=replace(context.snapshot, refs=_read_refs_now(context)))
    done = not (outcome.open or outcome.next) and complete
    entries = _delivery_entries(
        hotfix, outcome.deliveries, _pushes_of_killed_run(context, hotfix) if context.resumed else {}
    )
    if done and not hotfix.logbook.closed:
        entries.append(Entry("close", f"close hotfix {hotfix.issue}", {"Issue": hotfix.issue}))
    if not done and kept and not _is_kept(hotfix):
        # The run that closes the hotfix is another one: it finds in the logbook that the branch stays.
        entries.append(Entry("event", f"keep {hotfix.branch}", {"Event": "keep"}))
    if entries:
        log_refs.record_entries(now, hotfix.issue, entries)
    _send_log(context, transport, hotfix)
    _record_rollback(now, transport, hotfix, outcome)
    if not done:
        return outcome
    if kept or context.snapshot.policy.keep_branch or _is_kept(hotfix):
        return replace(outcome, notes=(*outcome.notes, f"{hotfix.branch} is kept"))
    there = _drop_remote_branch(now.snapshot, transport, hotfix)
    here = cleanup.drop_branch(now, hotfix)
    notes = tuple(note for note in (there, here.note) if note)
    return replace(outcome, notes=(*outcome.notes, *notes), place=here.place)


def _record_rollback(context: Context, transport: Transport, hotfix: Hotfix, outcome: Outcome) -> None:
    """Tell the record of a hotfix that this one took it back: whoever reads that one has to know."""
    refs = context.snapshot.refs
    reverts = hotfix.logbook.start.facts.get("Reverts") if hotfix.logbook.start else None
    bad = refs.tags.get(TagName(reverts)) if reverts else None
    issue = IssueId(bad.trailer("Hotfix-Issue") or "") if bad else None
    if not issue or issue not in refs.logs or outcome.tag is None:
        return
    facts = {"Reverts": reverts or "", "By": hotfix.issue, "Tag": outcome.tag.name}
    entry = Entry("rollback", f"{reverts} is rolled back by hotfix {hotfix.issue}", facts)
    log_refs.record_entries(context, issue, [entry], once=True)
    if reason := log_refs.send_logbook(context, transport, issue):
        context.streams.say(f"the logbook of {issue} was not pushed: {reason}")


def _is_kept(hotfix: Hotfix) -> bool:
    return any(entry.facts.get("Event") == "keep" for entry in hotfix.logbook.current)


def _refusal_answers(context: Context, hotfix: Hotfix, outcome: Outcome) -> tuple[str, ...]:
    """What answers the refusals of targets, each said once."""
    remote = context.snapshot.remote
    refused = [each for each in outcome.deliveries if each.refused or each.said] if remote else []
    name = remote.name if remote else ""
    found = [line for each in refused for line in server_words.target_answers(each, hotfix.production, name)]
    return tuple(dict.fromkeys([*outcome.advice, *found]))


def _pushes_of_killed_run(context: Context, hotfix: Hotfix) -> dict[tuple[RefName, Oid], Oid | None]:
    """What a killed run had pushed and recorded nowhere: reference and tip → the tip before."""
    known = history.try_read_runs(context.repository.common_dir, hotfix.issue)[-1:]
    return {(step.ref, step.new): step.old for run in known if not run.ended for step in run.steps}


def _delivery_entries(
    hotfix: Hotfix, deliveries: Sequence[Delivery], killed: Mapping[tuple[RefName, Oid], Oid | None]
) -> list[Entry]:
    """The entry that tells what the remote has now, by the commits before and after: whoever asks later what a branch
    got finds the commit, whatever was made of its message. What a branch had without any commit that says so is told by
    its tip. `killed` is what a killed run had pushed."""
    known = {(delivery.ref, delivery.new) for delivery in hotfix.logbook.deliveries()}
    facts: dict[str, list[str]] = {"Delivered": [], "Offered": []}
    for delivery in deliveries:
        ref, old = delivery.target.ref, delivery.target.tip
        if delivery.status == "merged" and delivery.new:
            facts["Delivered"].append(f"{ref} {old}..{delivery.new}")
        elif delivery.status == "already" and killed.get((ref, old)) and (ref, old) not in known:
            facts["Delivered"].append(f"{ref} {killed[ref, old]}..{old}")
        elif delivery.status == "already" and delivery.reason == SAME and (ref, old) not in known:
            facts["Delivered"].append(f"{ref} {old}..{old}")
        elif (
            delivery.offer
            and delivery.new
            and not delivery.offer.draft
            and (
                delivery.offer.held != delivery.new
                or ((delivery.offer.ref, delivery.new) in killed and (ref, delivery.new) not in known)
            )
        ):
            # What stood there before may be somebody's work.
            facts["Offered"].append(f"{ref} {old}..{delivery.new}")
    lines = {key: "\n".join(values) for key, values in facts.items() if values}
    if not lines:
        return []
    many = counted(sum(map(len, facts.values())), "branch", "branches")
    return [
        Entry("event", f"deliver hotfix {hotfix.issue} to {many}", {"Event": "deliver", "Tip": hotfix.tip, **lines})
    ]


def _moved_branches(context: Context, outcome: Outcome) -> dict[BranchName, tuple[Oid, Oid]]:
    """Branch → its tip before and after, for all that the remote has now; after a killed run also for what that one
    delivered, whose local branches nobody moved."""
    moved = {}
    for delivery in outcome.deliveries:
        if delivery.status == "merged" and delivery.new:
            moved[delivery.target.branch] = (delivery.target.tip, delivery.new)
        elif delivery.status == "already" and context.resumed:
            moved[delivery.target.branch] = (delivery.target.tip, delivery.target.tip)
    if outcome.production:
        landing = outcome.production
        moved[BranchName(landing.ref[len(HEADS) :])] = (landing.old, landing.new)
    return moved


def _drop_remote_branch(now: Snapshot, transport: Transport, hotfix: Hotfix) -> str | None:
    """Delete the hotfix branch on the remote where it still stands at the delivered tip; a note where it stays."""
    remote = now.remote
    there = now.refs.branches.get(hotfix.branch)
    if remote is None or there is None:
        return None
    if there != hotfix.tip:
        return f"{hotfix.branch} on {remote.name} has moved to {there[:10]} and is kept"
    ref = branch_ref(hotfix.branch)
    answer = transport.push([RefUpdate(ref, there, None)], atomic=False, tier=1)
    return None if answer.accepted else f"{hotfix.branch} stays on {remote.name}: {answer.results[ref].reason}"


def _read_refs_now(context: Context) -> Refs:
    remote = context.snapshot.remote
    return refs.read_refs(context.repository.git, remote.name if remote else None)


def _send_log(context: Context, transport: Transport, hotfix: Hotfix) -> None:
    reason = log_refs.send_logbook(context, transport, hotfix.issue)
    if reason:
        context.streams.say(f"the logbook was not pushed: {reason}")


def _drop_resolved(context: Context, hotfix: Hotfix, outcome: Outcome) -> None:
    """Drop the merges made by hand that are delivered now."""
    served = {
        each.target.ref
        for each in outcome.deliveries
        if each.status in ("merged", "already", "skipped", "not-affected")
    }
    if outcome.production:
        served.add(outcome.production.ref)
    done = resolved_commits(hotfix, served, context.snapshot.refs.own)
    gone = [RefUpdate(resolved_ref(hotfix, target), oid, None) for target, oid in done.items()]
    refs.try_update(context.repository.git, gone, reason="git hotfix: delivered")


def _copy_line_tags(context: Context, outcome: Outcome) -> None:
    """The tags of lines that the remote has now are known here, and the user has a copy, as of the hotfix's own."""
    if context.snapshot.remote is None:
        return
    made = [each.tag for each in outcome.deliveries if each.tag and each.tag.exists and each.tag.oid]
    copies = [RefUpdate(RefName(REMOTE_TAGS + tag.name), None, tag.oid) for tag in made]
    copies += [RefUpdate(tag_ref(tag.name), None, tag.oid) for tag in made]
    refs.try_update(context.repository.git, copies, reason="git hotfix: tags of lines")


def _drop_offers(context: Context, fix: Fix, transport: Transport, outcome: Outcome) -> None:
    """Delete on the remote the branches of pull requests that are served; one that is gone is no error."""
    prefixes = context.snapshot.policy.backport.offer_prefixes
    if not any(branch.startswith(prefixes) for branch in context.snapshot.refs.branches):
        return
    context = replace(context, dry=True)
    prepare = preparer(context, fix)
    now = replace(context, snapshot=replace(context.snapshot, refs=_read_refs_now(context)))
    gone = pull_requests.unneeded_offers(now, fix, outcome.deliveries, prepare)
    if gone and context.snapshot.remote:
        transport.push(gone, atomic=False, tier=2)
