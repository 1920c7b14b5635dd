"""All checks of a released hotfix, and its story as a tired person reads it."""

from __future__ import annotations

from collections.abc import Iterator

from git_hotfix.git import diff, history
from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.frozen import replace
from git_hotfix.model.recorded_evidence import LOOKS, REASON, RUNNING, TESTS, WHY, Evidence
from git_hotfix.model.times import duration_words, local_moment
from git_hotfix.model.verification import CHECKS, Check, Verification
from git_hotfix.model.words import counted, one_line
from git_hotfix.report.approvals import name_of
from git_hotfix.verification import anchors, people, release
from git_hotfix.verification.people import Agreed
from git_hotfix.verification.subject import Subject, fetch_command

_SAID = {"run": TESTS, "prove": REASON, "monitor": WHY}
"""The trailer that says the most of each kind of evidence; of a watch that passed that is what it saw."""


def verify(subject: Subject) -> Verification:
    """Verify what is here: a fixed number of processes, however long the logbook is, and one for each signature."""
    agreed = people.read_agreed(subject)
    recorded = _judge_recorded(subject, agreed)
    checks = {
        each.id: each
        for each in (
            release.judge_tree(subject),
            release.judge_base(subject),
            release.judge_tag_object(subject),
            anchors.judge_chain(subject.chain, subject.anchors, subject.unreadable),
            people.judge_policy(subject),
            *(_unread(each) if subject.unreadable else each for each in recorded),
        )
    }
    ordered = tuple(checks[id] for id in CHECKS)
    hotfix = subject.hotfix
    return Verification(subject.tag.name, hotfix.issue, hotfix.title, tuple(_tell(subject, agreed, ordered)), ordered)


def _judge_recorded(subject: Subject, agreed: Agreed) -> tuple[Check, ...]:
    """The checks of what the logbook says."""
    end = anchors.judge_end(
        subject.chain,
        subject.anchors,
        finished=subject.finish is not None,
        fetch=fetch_command(subject.clone),
        there=subject.clone.snapshot.refs.logs_of(subject.hotfix.issue).there,
    )
    return (
        end,
        people.judge_approvals(subject, agreed),
        people.judge_evidence(subject, agreed),
        people.judge_waivers(subject, agreed),
    )


def _unread(check: Check) -> Check:
    """A check of what the logbook says, where git cannot read it."""
    return replace(check, state="unknown", found="the logbook cannot be read")


def _tell(subject: Subject, agreed: Agreed, checks: tuple[Check, ...]) -> Iterator[tuple[str, str]]:
    """What was released from what, who approved it, what ran, what was waived, and by which policy."""
    hotfix, tag = subject.hotfix, subject.tag
    who = tag.who or history.committers(subject.clone.git, [tag.commit]).get(tag.commit, "")
    yield "released", f"{local_moment(tag.date)} by {one_line(who)}, for {hotfix.production}, at {tag.commit[:10]}"
    yield "from", f"{hotfix.base_tag or 'no production tag'} ({(hotfix.base or '')[:10]})"
    yield "fix", _tell_fix(subject)
    if not subject.unreadable:
        yield from _tell_recorded(subject, agreed)
    by_id = {check.id: check for check in checks}
    yield "policy", _first(by_id["policy"])
    chain = by_id["log-chain"]
    whole = "; ".join(anchors.tell_proven(subject.chain, subject.anchors))
    yield "record", _first(chain) if chain.state == "fail" else whole


def _tell_recorded(subject: Subject, agreed: Agreed) -> Iterator[tuple[str, str]]:
    """Who approved it, what ran, and what was waived."""
    hotfix = subject.hotfix
    for approval in agreed.approvals:
        if approval.counted or approval.tree == subject.tagged_tree:
            yield "approved", _tell_approval(approval, hotfix.production)
    if not any(each.counted for each in agreed.approvals):
        yield "approved", "by nobody"
    yield from _tell_runs(subject, agreed)
    waivers = [each for each in agreed.waivers if each.holds]
    for waiver in waivers:
        yield "waived", _tell_waiver(waiver)
    if not waivers:
        yield "waived", "nothing"


def _first(check: Check) -> str:
    first, _, more = check.found.partition("\n")
    return f"{first} …" if more else first


def _tell_fix(subject: Subject) -> str:
    hotfix = subject.hotfix
    if hotfix.base is None:
        return f"tree {subject.tagged_tree[:10]}"
    end = hotfix.tip if subject.has_tip else subject.tag.commit
    files = diff.changes(subject.clone.git, hotfix.base, end).files
    size = f"+{sum(each.added for each in files)} -{sum(each.deleted for each in files)}"
    many = counted(len(subject.own), "commit")
    return f"{many}, {counted(len(files), 'file')} ({size}), tree {subject.tagged_tree[:10]}"


def _tell_approval(given: Approval, line: str) -> str:
    role = f" ({one_line(given.role)})" if given.role else ""
    head = f"by {one_line(name_of(given.who))}{role}, {local_moment(given.when)}: tree {(given.tree or '')[:10]}"
    covers = f", with {' '.join(given.waivers)}" if given.waivers else ""
    return f"{head} for {line}{covers}" if given.counted else f"{head}, which does not count: {one_line(given.why)}"


def _tell_waiver(waiver: Waiver) -> str:
    agreed = f", approved by {', '.join(map(name_of, waiver.approved))}" if waiver.approved else ""
    return one_line(f"{waiver.id} {' '.join(waiver.gates)}, by {name_of(waiver.who)}{agreed}: {waiver.reason}")


def _tell_runs(subject: Subject, agreed: Agreed) -> Iterator[tuple[str, str]]:
    for one in agreed.evidence:
        yield ("watched" if one.monitor else "ran"), _tell_run(one, subject)
    for one in agreed.later:
        yield ("watched" if one.monitor else "ran later"), _tell_run(one, subject)
    if not (agreed.evidence or agreed.later):
        yield "ran", "nothing is recorded"


def _tell_run(one: Evidence, subject: Subject) -> str:
    took = f"{one_line(one.entry.facts['Seconds'])} s" if "Seconds" in one.entry.facts else ""
    if one.state != RUNNING and one.ended - one.began >= 60:
        took = duration_words(one.ended - one.began)
    where = " on this tree" if one.tree == subject.tagged_tree else ""
    if one.tree and not where and not one.monitor:
        where = f" on another tree ({one.tree[:10]})"
    when = f"{local_moment(one.began)}{f', {took}' if took else ''}"
    word = "proof by " if one.kind == "prove" else ""
    said = one.entry.facts.get(LOOKS if one.monitor and one.passed else _SAID[one.kind])
    not_counted = f", which does not count: {one_line(one.uncounted)}" if one.uncounted else ""
    why = f": {one_line(said)}" if said else ""
    return f"{word}{one_line(one.name)} {people.ended(one)}{where}, {when}{not_counted}{why}"
