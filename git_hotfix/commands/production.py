"""Production and tag: planned in memory, pushed as one, and what to do when production takes no direct push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from git_hotfix import delivery
from git_hotfix.commands.session import Session
from git_hotfix.delivery import Desk
from git_hotfix.documents import pull_request
from git_hotfix.errors import Failure
from git_hotfix.execution import journal, recording
from git_hotfix.execution.transport import Transport
from git_hotfix.git import commits, diff, history, logbook, merge, refs
from git_hotfix.git.commits import Draft
from git_hotfix.git.remote import Pushed
from git_hotfix.landing import Landed
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import (
    REMOTE_TAGS,
    RUN,
    IssueId,
    Oid,
    RefName,
    branch_ref,
    encode_component,
    log_ref,
    tag_ref,
)
from git_hotfix.model.plan import Delivery, Outcome, ProductionPlan, RefUpdate, TagPlan, Target
from git_hotfix.model.situation import Logs
from git_hotfix.planning import finish as planning

UNCHANGED = "nothing was changed"


@dataclass(frozen=True)
class Landing:
    """Tier 1 as planned: production before and after, the tag, what to say, and the conflict that forbids it."""

    production: ProductionPlan
    tag: TagPlan
    notes: tuple[str, ...] = ()
    conflict: Delivery | None = None
    log: Oid | None = None


@dataclass(frozen=True)
class Done:
    """What became of tier 1: accepted, to be tried again (with the reason), or stopped for a human."""

    accepted: bool
    reason: str = ""
    stop: Outcome | None = None


def plan(session: Session, desk: Desk, hotfix: Hotfix, landed: Landed | None, *, given: str | None) -> Landing:
    """Merge into production in memory and decide where the tag sits: on a commit whose tree is base + fix.

    Raises `Failure` when the tag is taken, or when the team deploys a branch that holds unreleased work.
    """
    situation = session.situation
    ref = branch_ref(hotfix.production)
    old = situation.refs.branches[hotfix.production]
    target = Target(ref, old, 1)
    merged = _merged(desk, hotfix, target, landed)
    if isinstance(merged, Delivery):
        nothing = ProductionPlan(ref, old, old)
        return Landing(nothing, TagPlan(planning.tag_name(situation, hotfix, given), hotfix.tip), conflict=merged)
    new, tree = merged
    if landed:
        spot = landed.exact or hotfix.tip
    else:
        spot = new if tree == hotfix.tip_tree else hotfix.tip
    existing = planning.existing_tag(situation, hotfix, given, _holding(session, hotfix, landed))
    if existing:
        tag = TagPlan(existing.name, existing.commit, existing.oid, exists=True)
    else:
        tag = TagPlan(planning.tag_name(situation, hotfix, given), spot)
    notes = _notes(session, hotfix, old, moved=landed is None and tree != hotfix.tip_tree)
    return Landing(ProductionPlan(ref, old, new), _written(session, desk, hotfix, tag), notes)


def _merged(desk: Desk, hotfix: Hotfix, target: Target, landed: Landed | None) -> tuple[Oid, Oid] | Delivery:
    """Production's new commit and its tree, or the conflict."""
    if landed:
        return target.tip, history.trees(desk.git, [target.tip])[target.tip]
    by_hand = desk.repository and _by_hand(desk, hotfix, target)
    if by_hand:
        return by_hand, history.trees(desk.git, [by_hand])[by_hand]
    [result] = merge.merge_all(desk.git, [(target.tip, hotfix.tip)])
    if not result.clean:
        return Delivery(target, "merge", "conflict", conflicts=result.conflicts)
    draft = Draft((target.tip, hotfix.tip), result.tree, delivery.merge_message(hotfix, target))
    if desk.signs(target) and not desk.dry:
        return commits.write_signed(desk.repository, draft), result.tree
    return commits.write(desk.git, [draft], desk.who)[0], result.tree


def _by_hand(desk: Desk, hotfix: Hotfix, target: Target) -> Oid | None:
    """The merge that somebody finished by hand, while production is where it was then."""
    ref = delivery.resolved_ref(hotfix, target.ref)
    found = desk.repository.git.run("rev-parse", "--verify", "--quiet", ref, check=False)
    commit = Oid(found.text) if found.code == 0 else None
    if commit and all(history.is_ancestor(desk.git, each, commit) for each in (target.tip, hotfix.tip)):
        return commit
    return None


def _holding(session: Session, hotfix: Hotfix, landed: Landed | None) -> Sequence[Tag]:
    """Production tags made by hand on base + fix, once the fix has landed."""
    if landed is None:
        return ()
    known = history.trees(session.git, [tag.commit for tag in session.situation.production_tags])
    return [tag for tag in session.situation.production_tags if known.get(tag.commit) == hotfix.tip_tree]


def _notes(session: Session, hotfix: Hotfix, old: Oid, *, moved: bool) -> tuple[str, ...]:
    assert hotfix.base
    if not moved:
        return ()
    ahead = history.commits(session.git, old, [hotfix.base], first_parent=True)
    shown = [f"{commit.oid[:10]} {commit.summary.subject}" for commit in reversed(ahead)]
    note = planning.unreleased_note(session.situation, hotfix, shown)
    return (note,) if note else ()


def _written(session: Session, desk: Desk, hotfix: Hotfix, tag: TagPlan) -> TagPlan:
    if tag.exists or desk.dry:
        return tag
    assert hotfix.base
    changes = diff.changes(session.git, hotfix.base, hotfix.tip)
    message = planning.tag_message(hotfix, tag.name, changes, hotfix.logbook.waivers(hotfix.tip_tree))
    return replace(tag, oid=commits.write_tag(session.repository, tag.name, tag.target, message))


def land(session: Session, transport: Transport, hotfix: Hotfix, planned: Landing) -> Done:
    """Push tier 1 as one. Raises `Failure` (exit 3) when it can never be accepted; nothing was changed then."""
    situation = session.situation
    who = commits.identity(session.repository.git)
    logs = situation.refs.logs.get(hotfix.issue, Logs())
    log = None
    if not planned.tag.exists:
        log = logbook.append(session.git, logs, [_entry(hotfix, planned)], who)
    updates = planning.first_push(situation, hotfix, planned.production, planned.tag, log)
    if not updates:
        _known_here(session, hotfix, planned, [], logs, None)
        return Done(True)
    _pin(session, hotfix, planned, log)
    journal.write(session.repository.common_dir, hotfix.issue, "finish", updates)
    try:
        answer = transport.push(updates, atomic=True, tier=1)
    except Failure:  # it was never sent
        tidy(session, hotfix)
        raise
    if not answer.accepted and _only_refused(answer, log_ref(hotfix.issue)):
        session.streams.say("the remote takes no logbook; it stays here")
        updates = [item for item in updates if item.ref != log_ref(hotfix.issue)]
        answer = transport.push(updates, atomic=True, tier=1)
    if answer.accepted:
        _known_here(session, hotfix, planned, updates, logs, log)
        return Done(True)
    return _refusal(session, transport, hotfix, planned, answer)


def _entry(hotfix: Hotfix, planned: Landing) -> Entry:
    facts = {
        "Issue": hotfix.issue,
        "Tag": planned.tag.name,
        "Tip": hotfix.tip,
        "Production": hotfix.production,
        "Base-Tag": hotfix.base_tag or "",
        "Base": hotfix.base or "",
        "Title": hotfix.title,
        "Severity": hotfix.severity,
    }
    return Entry("finish", f"finish hotfix {hotfix.issue} as {planned.tag.name}", {k: v for k, v in facts.items() if v})


def _pin(session: Session, hotfix: Hotfix, planned: Landing, log: Oid | None) -> None:
    area = pin_area(hotfix.issue)
    kept = {"production": planned.production.new, "tag": planned.tag.oid, "log": log}
    oids = {name: oid for name, oid in kept.items() if oid}
    refs.pin(session.repository.git, area, oids, session.situation.refs.own)


def pin_area(issue: IssueId) -> str:
    """Where the new commits of a run are kept alive."""
    return f"{RUN}{encode_component(issue)}/"


def tidy(session: Session, hotfix: Hotfix) -> None:
    """The run came to its end: pins and journal go."""
    forget(session, hotfix.issue)


def forget(session: Session, issue: IssueId) -> None:
    """Drop pins and journal of a run that was killed after its last act."""
    refs.drop(session.repository.git, pin_area(issue))
    journal.close(session.repository.common_dir, issue)


def _only_refused(answer: Pushed, ref: RefName) -> bool:
    culprits = {name for name, result in answer.results.items() if result.status not in ("bystander", "ok")}
    return culprits == {ref} and answer.results[ref].status == "refused"


def _known_here(
    session: Session, hotfix: Hotfix, planned: Landing, updates: Sequence[RefUpdate], logs: Logs, log: Oid | None
) -> None:
    """Write down here what the remote has now: its tag, the user's own copy of it, the logbook."""
    if session.situation.remote is None:
        return
    wanted = []
    tag = planned.tag
    if tag.oid and not tag.exists:
        wanted.append(RefUpdate(RefName(REMOTE_TAGS + tag.name), None, tag.oid))
    if tag.oid and tag.name not in session.situation.refs.local_tags:
        wanted.append(RefUpdate(tag_ref(tag.name), None, tag.oid))
    if log:
        wanted.append(RefUpdate(log_ref(hotfix.issue), logs.here, log))
        if any(item.ref == log_ref(hotfix.issue) for item in updates):
            wanted.append(RefUpdate(log_ref(hotfix.issue, remote=True), logs.there, log))
    refs.try_update(session.repository.git, wanted, reason="git hotfix finish")


def _refusal(session: Session, transport: Transport, hotfix: Hotfix, planned: Landing, answer: Pushed) -> Done:
    """Say whose fault it was: to be tried again, a pull request to open, or an end."""
    results = answer.results
    production, tag, branch = planned.production.ref, tag_ref(planned.tag.name), branch_ref(hotfix.branch)
    refused = results.get(production)
    if refused and refused.status == "refused" and session.situation.remote:
        return Done(False, stop=_offer(session, transport, hotfix, planned, answer))
    tidy(session, hotfix)
    words = f"\n{answer.words}" if answer.words else ""
    if branch in results and results[branch].status == "stale":
        raise Failure(
            f"somebody pushed to {hotfix.branch} just now",
            hint=f"take it in: git switch {hotfix.branch} && git pull --rebase",
            unchanged=UNCHANGED,
        )
    stale = [
        ref for ref in (production, tag, log_ref(hotfix.issue)) if ref in results and results[ref].status == "stale"
    ]
    if stale:
        return Done(False, f"{stale[0]}: {results[stale[0]].reason}")
    culprits = [f"{ref}: {result.reason}" for ref, result in results.items() if result.status in ("refused", "failed")]
    raise Failure(
        f"the push of production and tag was refused: {'; '.join(dict.fromkeys(culprits))}{words}",
        hint=f"mend that, then: git hotfix finish {hotfix.issue}",
        unchanged="nothing was changed, here or there",
    )


def _offer(session: Session, transport: Transport, hotfix: Hotfix, planned: Landing, answer: Pushed) -> Outcome:
    """Production takes no direct push: push the branch and say which pull request to open."""
    situation = session.situation
    assert situation.remote and hotfix.base
    branch = branch_ref(hotfix.branch)
    there = situation.refs.branches.get(hotfix.branch)
    tidy(session, hotfix)
    sent = transport.push([RefUpdate(branch, there, hotfix.tip)], atomic=False, tier=1)
    if not sent.accepted:
        raise Failure(
            f"{hotfix.production} takes no direct push, and {hotfix.branch} was refused: {sent.results[branch].reason}",
            hint=f"see what the server says: git push {situation.remote.name} {hotfix.branch}",
            unchanged=UNCHANGED,
        )
    if not any(entry.facts.get("Tip") == hotfix.tip for entry in hotfix.logbook.current):
        facts = {"Event": "pull-request", "Tip": hotfix.tip, "Production": hotfix.production}
        entry = Entry("event", f"offer hotfix {hotfix.issue} for merging into {hotfix.production}", facts)
        recording.record(session.repository, session.git, situation, hotfix.issue, [entry])
        recording.send(session.repository, session.git, transport, hotfix.issue)
    reason = answer.results[planned.production.ref].reason
    changes = diff.changes(session.git, hotfix.base, hotfix.tip)
    page = pull_request.url(situation.remote.url, hotfix.branch, hotfix.production)
    lines = [pull_request.text(hotfix, [file.path for file in changes.files])]
    lines.insert(0, f"open this pull request: {page or f'{hotfix.branch} into {hotfix.production}'}\n")
    if sent.words:
        lines.append(f"\nthe server says:\n{sent.words}")
    return Outcome(
        "finish",
        ProductionPlan(planned.production.ref, planned.production.old, planned.production.old),
        None,
        pull_request="\n".join(lines),
        notes=(f"{hotfix.production} takes no direct push ({reason}); {hotfix.branch} was pushed",),
        next=(f"git hotfix finish {hotfix.issue}",),
    )
