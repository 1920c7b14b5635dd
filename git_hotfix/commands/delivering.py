"""What finish and backport share: choosing targets, preparing deliveries, pushing them, closing a hotfix."""

from __future__ import annotations

import argparse
import re
import shlex
from collections.abc import Sequence
from dataclasses import replace

from git_hotfix import delivery
from git_hotfix.commands import open_conflicts
from git_hotfix.commands.session import Session
from git_hotfix.desk import Desk, Fix
from git_hotfix.execution import farewell, recording, tiers
from git_hotfix.execution.transport import Transport
from git_hotfix.git import history, refs
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import HEADS, RESOLVED, BranchName, Oid, branch_ref, short
from git_hotfix.model.plan import Delivery, Outcome, Target
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.situation import Refs, Situation
from git_hotfix.model.words import counted
from git_hotfix.planning import targets as planning
from git_hotfix.report.progress import Progress
from git_hotfix.settling import Settling

_REVERT = re.compile(r"^This reverts commit [0-9a-f]{7,64}", re.MULTILINE)  # what `git revert` writes


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What every command that delivers understands."""
    parser.add_argument("--dry-run", action="store_true", help="show the plan; leave nothing, not even an object")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--no-verify", action="store_true", help="skip the team's own pre-push hooks")
    parser.add_argument("--sign-features", action="store_true", help="sign the merges into features too")
    parser.add_argument("--no-rerere", action="store_true", help="use no resolution of a conflict that was made before")
    parser.add_argument("--show", action="store_true", help="show what became of every hunk that was settled")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def desk_of(session: Session, arguments: argparse.Namespace) -> Desk:
    """The desk of a command with these options."""
    return Desk(
        session.repository,
        session.git,
        session.repository.identity,
        session.dry,
        arguments.sign_features,
        remembered=not arguments.no_rerere,
        shown=arguments.show,
    )


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


def prepared(
    session: Session, desk: Desk, fix: Fix, targets: Sequence[Target], *, decided: bool = False
) -> tuple[Delivery, ...]:
    """The delivery to every target; those that somebody decided to leave out are skipped with the reason.

    A revert goes to production only: merged into a feature it would delete that feature's work for good. Every other
    target is a decision that is owed, until it is `decided` by naming it.
    """
    skips = fix.hotfix.logbook.skips()
    wanted = [target for target in targets if target.ref not in skips]
    with Progress(session.streams, f"merging into {counted(len(wanted), 'branch', 'branches')}"):
        found = delivery.prepare(
            desk,
            fix,
            wanted,
            resolved=session.situation.refs.own,
            how=settling_of(session, desk, fix),
            held=open_conflicts.held(session.repository),
        )
    if not decided and wanted and _takes_back(session, fix):
        taken = _by_hand(session)
        found = tuple(each if each.status == "already" or each.new in taken else _owed(each) for each in found)
    made = {each.target: each for each in found}
    return tuple(
        made.get(target) or Delivery(target, "merge", "skipped", reason=skips[target.ref]) for target in targets
    )


def settling_of(session: Session, desk: Desk, fix: Fix) -> Settling:
    """What may settle the conflicts of a delivery."""
    found = session.situation.refs
    tips = tuple(dict.fromkeys([*found.local.values(), *found.branches.values()]))
    return Settling(
        session.repository,
        session.situation.policy.backport,
        fix.base,
        fix.source,
        tips,
        remembered=desk.remembered,
        shown=desk.shown,
    )


def _takes_back(session: Session, fix: Fix) -> bool:
    own = history.commits(session.git, fix.hotfix.tip, [fix.base])
    return any(_REVERT.search(commit.message) for commit in own)


def _by_hand(session: Session) -> set[Oid]:
    return {oid for ref, oid in session.situation.refs.own.items() if ref.startswith(RESOLVED)}


def _owed(each: Delivery) -> Delivery:
    reason = "it takes something back: decide whether that goes here"
    return Delivery(each.target, each.strategy, "pending", reason=reason)


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

    with Progress(session.streams, "pushing to the targets") as progress:
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
    return shlex.quote(text)


def close(
    session: Session, transport: Transport, hotfix: Hotfix, outcome: Outcome, *, complete: bool = True
) -> Outcome:
    """The remote agreed: local branches follow, and when nothing is owed any more the hotfix branch goes, there and
    here, and the logbook is closed. `complete` says that every target of the policy was looked at."""
    left = farewell.follow_locally(session.repository, session.situation, _moved(session, outcome))
    outcome = replace(outcome, left=left)
    _drop_resolved(session, hotfix, outcome)
    if outcome.open or outcome.next or not complete:
        _send_log(session, transport, hotfix)
        return outcome
    now = replace(session.situation, refs=_refs_now(session))
    if not hotfix.logbook.closed:
        closing = Entry("close", f"close hotfix {hotfix.issue}", {"Issue": hotfix.issue})
        recording.record(session.repository, session.git, now, hotfix.issue, [closing])
    _send_log(session, transport, hotfix)
    there = _drop_there(now, transport, hotfix)
    notes = (there, farewell.drop_branch(session.repository, session.git, now, hotfix))
    return replace(outcome, notes=(*outcome.notes, *(note for note in notes if note)))


def _moved(session: Session, outcome: Outcome) -> dict[BranchName, tuple[Oid, Oid]]:
    """Branch → its tip before and after, for all that the remote has now; after a killed run also for what that one
    delivered, whose local branches nobody moved."""
    moved = {}
    for each in outcome.deliveries:
        if each.status == "merged" and each.new:
            moved[each.target.branch] = (each.target.tip, each.new)
        elif each.status == "already" and session.resumed:
            moved[each.target.branch] = (each.target.tip, each.target.tip)
    if outcome.production:
        landing = outcome.production
        moved[BranchName(landing.ref[len(HEADS) :])] = (landing.old, landing.new)
    return moved


def _drop_there(now: Situation, transport: Transport, hotfix: Hotfix) -> str | None:
    """Delete the hotfix branch on the remote where it still stands at the delivered tip; a note where it stays."""
    remote = now.remote
    there = now.refs.branches.get(hotfix.branch)
    if remote is None or there is None:
        return None
    if there != hotfix.tip:
        return f"{hotfix.branch} on {remote.name} has moved to {there[:10]} and stays"
    ref = branch_ref(hotfix.branch)
    answer = transport.push([RefUpdate(ref, there, None)], atomic=False, tier=1)
    return None if answer.accepted else f"{hotfix.branch} stays on {remote.name}: {answer.results[ref].reason}"


def _refs_now(session: Session) -> Refs:
    remote = session.situation.remote
    return refs.read_refs(session.repository.git, remote.name if remote else None)


def _send_log(session: Session, transport: Transport, hotfix: Hotfix) -> None:
    reason = recording.send(session.repository, session.git, transport, hotfix.issue)
    if reason:
        session.streams.say(f"the logbook stays here: {reason}")


def _drop_resolved(session: Session, hotfix: Hotfix, outcome: Outcome) -> None:
    """Drop the merges made by hand that are delivered now."""
    served = {each.target.ref for each in outcome.deliveries if each.status in ("merged", "already", "skipped")}
    if outcome.production:
        served.add(outcome.production.ref)
    done = {delivery.resolved_ref(hotfix, ref) for ref in served}
    own = session.situation.refs.own
    gone = [RefUpdate(ref, oid, None) for ref, oid in own.items() if ref in done]
    refs.try_update(session.repository.git, gone, reason="git hotfix: delivered")
