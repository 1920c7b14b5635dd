"""What finish and backport share: choosing targets, preparing deliveries, pushing them, closing a hotfix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from git_hotfix import delivery
from git_hotfix.commands.session import Session
from git_hotfix.delivery import Desk, Fix
from git_hotfix.execution import farewell, recording, tiers
from git_hotfix.execution.transport import Transport
from git_hotfix.git import history
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import HEADS, RESOLVED, BranchName, Oid, RefName, branch_ref, encode_component, short
from git_hotfix.model.plan import Delivery, Outcome, RefUpdate, Target
from git_hotfix.planning import targets as planning
from git_hotfix.report.progress import Progress


def chosen_targets(session: Session, line: BranchName, only: Sequence[str] = ()) -> tuple[Target, ...]:
    """The branches that must receive the fix now: those of the policy (or of `only`), features only while active."""
    situation = session.situation
    found = planning.candidates(situation, line, only)
    features = [target.tip for target in found if target.tier == 3]
    if not features or only:
        return found
    ahead = set(history.reachable(session.git, features, [situation.refs.branches[situation.trunk]]))
    return planning.active(
        found,
        merged={tip for tip in features if tip not in ahead},
        dates=history.commit_dates(session.git, features),
        now=situation.now,
        within=situation.policy.backport.active_within,
    )


def prepared(session: Session, desk: Desk, fix: Fix, targets: Sequence[Target]) -> tuple[Delivery, ...]:
    """The delivery to every target; those that somebody decided to leave out are skipped with the reason."""
    skips = fix.hotfix.logbook.skips()
    strategy = session.situation.policy.backport.strategy
    wanted = [target for target in targets if target.ref not in skips]
    found = delivery.prepare(desk, fix, wanted, strategy=strategy, resolved=session.situation.refs.own)
    made = {each.target: each for each in found}
    return tuple(
        made.get(target) or Delivery(target, "merge", "skipped", reason=skips[target.ref]) for target in targets
    )


def pushed(
    session: Session, desk: Desk, fix: Fix, transport: Transport, deliveries: Sequence[Delivery]
) -> tuple[Delivery, ...]:
    """Push tiers 2 and 3; what moved meanwhile is fetched and prepared again."""

    def again(moved: Sequence[Delivery]) -> Sequence[Delivery]:
        fresh = session.looked_again()
        tips = fresh.situation.refs.branches
        kept = [replace(each.target, tip=tips[each.target.branch]) for each in moved if each.target.branch in tips]
        gone = [
            replace(each, status="skipped", reason="the branch is gone")
            for each in moved
            if each.target.branch not in tips
        ]
        return [*prepared(fresh, desk, fix, kept), *gone]

    with Progress(session.streams, "branches") as progress:
        chunk = session.situation.policy.backport.chunk
        return tiers.deliver(transport, deliveries, chunk=chunk, again=again, progress=progress.show)


def next_commands(hotfix: Hotfix, deliveries: Sequence[Delivery]) -> tuple[str, ...]:
    """The command that opens or repeats each delivery that is still owed."""
    found = []
    for each in deliveries:
        name = _shell(short(each.target.ref))
        if each.status == "conflict":
            found.append(f"git hotfix backport {_shell(hotfix.issue)} --resolve {name}")
        elif each.status in ("failed", "pending"):
            found.append(f"git hotfix backport {_shell(hotfix.issue)} --to {name}")
    return tuple(found)


def _shell(text: str) -> str:
    import shlex

    return shlex.quote(text)


def close(session: Session, transport: Transport, hotfix: Hotfix, outcome: Outcome) -> Outcome:
    """The remote agreed: local branches follow, and when nothing is owed any more the hotfix branch goes, there and
    here, and the logbook is closed."""
    moved = {
        each.target.branch: (each.target.tip, each.new)
        for each in outcome.deliveries
        if each.status == "merged" and each.new
    }
    if outcome.production:
        landing = outcome.production
        moved[BranchName(landing.ref[len(HEADS) :])] = (landing.old, landing.new)
    left = farewell.follow_locally(session.repository, session.situation, moved)
    outcome = replace(outcome, left=left, notes=(*outcome.notes, *_resolved_no_more(session, hotfix, outcome)))
    if outcome.open or outcome.next:
        _send_log(session, transport, hotfix)
        return outcome
    closing = Entry("close", f"close hotfix {hotfix.issue}", {"Issue": hotfix.issue, "Tip": hotfix.tip})
    if not any(entry.kind == "close" for entry in hotfix.logbook.current):
        fresh = replace(session.situation, refs=_refs_now(session))
        recording.record(session.repository, session.git, fresh, hotfix.issue, [closing])
    _send_log(session, transport, hotfix)
    notes = [*outcome.notes]
    there = session.situation.refs.branches.get(hotfix.branch)
    if there and session.situation.remote:
        ref = branch_ref(hotfix.branch)
        answer = transport.push([RefUpdate(ref, there, None)], atomic=False, tier=1)
        if not answer.accepted:
            notes.append(f"{hotfix.branch} stays on {session.situation.remote.name}: {answer.results[ref].reason}")
    note = farewell.drop_branch(
        session.repository, session.git, replace(session.situation, refs=_refs_now(session)), hotfix
    )
    return replace(outcome, notes=(*notes, *([note] if note else [])))


def _refs_now(session: Session):  # type: ignore[no-untyped-def]
    from git_hotfix.git.refs import read_refs

    return read_refs(session.repository.git, session.situation.remote.name if session.situation.remote else None)


def _send_log(session: Session, transport: Transport, hotfix: Hotfix) -> None:
    reason = recording.send(session.repository, session.git, transport, hotfix.issue)
    if reason:
        session.streams.say(f"the logbook stays here: {reason}")


def _resolved_no_more(session: Session, hotfix: Hotfix, outcome: Outcome) -> tuple[str, ...]:
    """Drop the merges made by hand that are delivered now."""
    from git_hotfix.git import refs

    area = f"{RESOLVED}{encode_component(hotfix.issue)}/"
    done = {
        delivery.resolved_ref(hotfix, each.target.ref)
        for each in outcome.deliveries
        if each.status in ("merged", "already")
    }
    if outcome.production:
        done.add(delivery.resolved_ref(hotfix, outcome.production.ref))
    own: dict[RefName, Oid] = {ref: oid for ref, oid in session.situation.refs.own.items() if ref.startswith(area)}
    refs.try_update(
        session.repository.git,
        [RefUpdate(ref, oid, None) for ref, oid in own.items() if ref in done],
        reason="git hotfix: delivered",
    )
    return ()
