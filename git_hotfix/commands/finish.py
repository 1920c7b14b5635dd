"""`git hotfix finish`: gates, plan, production and tag in one push, every target, local branches, report."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence
from typing import get_args

from git_hotfix.backport.run import (
    add_delivery_options,
    delivery_options,
    next_commands,
    prepare_deliveries,
    push_deliveries,
    targets_to_serve,
)
from git_hotfix.context import Context, Fix
from git_hotfix.context.judge import judge_hotfix
from git_hotfix.context.open import look_again, not_in_the_fix, open_context, require_whole, send_records
from git_hotfix.errors import UNCHANGED, ExitCode, Failure, nothing_changed
from git_hotfix.evidence.occasions import run_on
from git_hotfix.form import required
from git_hotfix.git import history, refs
from git_hotfix.git.repository import NOBODY, open_repository
from git_hotfix.hotfix import arrival, review
from git_hotfix.hotfix.arrival import Arrival
from git_hotfix.hotfix.find import chosen_issue, from_branch, from_logbook, newer_tag
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName
from git_hotfix.model.plan import Delivery, FirstTier, Outcome, TagPlan, Target
from git_hotfix.model.policy import Landing, Policy
from git_hotfix.model.snapshot import Logs, Snapshot
from git_hotfix.model.verdict import Verdict
from git_hotfix.model.words import counted
from git_hotfix.notify.tell import tell
from git_hotfix.paper import missing
from git_hotfix.paper.gather import Seen, gather
from git_hotfix.paper.pull_request import PullRequestText
from git_hotfix.questions import tag_name
from git_hotfix.record import log_refs, logbook
from git_hotfix.record.boxes import needs_of
from git_hotfix.record.statements import read_statements
from git_hotfix.release import closing, floating, production_merge, push, replay
from git_hotfix.release.replay import Replay
from git_hotfix.release.tag import TagUnclear
from git_hotfix.report import as_json, dry_run, text
from git_hotfix.report import outcome as report
from git_hotfix.report.streams import Streams
from git_hotfix.runs import journal, pins
from git_hotfix.runs.history import Record
from git_hotfix.runs.transport import Transport, transport_of, with_record
from git_hotfix.snapshot import find_prefixes, find_remote

_TRIES = 4  # how often production may move between look and push


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `finish` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--tag", metavar="NAME", help="the name of the hotfix tag")
    parser.add_argument(
        "--strategy", choices=get_args(Landing), help="how production gets the fix, whatever the policy says"
    )
    parser.add_argument(
        "--not-landed",
        action="append",
        default=[],
        metavar="COMMIT",
        help="this commit of production is not the hotfix after a review (recorded; repeatable)",
    )
    parser.add_argument(
        "--update", action="store_true", help="where a newer release came first, replay the hotfix on it, then finish"
    )
    parser.add_argument(
        "--no-backport", action="store_true", help="production and tag only; deliver to the targets later"
    )
    add_delivery_options(parser)


@frozen
class _Plan:
    """A finish that was computed: what the gates said, and what would be pushed."""

    hotfix: Hotfix
    verdict: Verdict | None
    release: FirstTier | None
    outcome: Outcome
    replay: Replay | None = None  # what comes first: the branch as it is planned for does not stand yet

    @property
    def promise(self) -> tuple[object, ...]:
        """What somebody agrees to: production from where, which tag, and what becomes of each target."""
        production, tag = self.outcome.production, self.outcome.tag
        targets = tuple((each.target, each.strategy, each.status) for each in self.outcome.deliveries)
        return production and production.old, tag and tag.name, targets


@frozen
class _PassedHotfix:
    """A hotfix that every gate lets pass, and the replay that makes it so."""

    hotfix: Hotfix
    verdict: Verdict
    replay: Replay | None = None


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when nothing is owed any more, 1 when a gate refused, 3 when git or the remote failed, 4 when something
    is left for a human."""
    dry = arguments.dry_run
    repository = open_repository()
    place = find_remote(repository)
    require_whole(repository, place)
    tracked = (
        refs.tracked_branches(repository.git, place.name, find_prefixes(repository, Policy()).all) if place else ()
    )
    with open_context(
        streams, view="ask" if dry else "fetch", lock_for=None if dry else "finish", repository=repository
    ) as context:
        context = replace(context, options=delivery_options(arguments))
        issue = chosen_issue(context.snapshot, arguments.issue)
        with nothing_changed():
            context = _record_facts(context, issue, arguments.not_landed, tracked)
        transport = transport_of(repository, context.snapshot, verify=not arguments.no_verify)
        transport = with_record(transport, Record(repository, context.snapshot, issue, "finish"))
        if not dry and journal.is_interrupted(repository.common_dir, issue):
            streams.say(f"the last run for {issue} was interrupted; continuing from what the remote has")
            context = replace(context, resumed=True)
        pushed = _push_first_tier(context, transport, issue, arguments)
        if isinstance(pushed, ExitCode):
            return pushed
        context, plan = pushed
        plan = _deliver(context, transport, plan, arguments)
        code = _report(streams, arguments, plan, None)
        tell(context, plan.hotfix, "finish", _says(plan))
    run_on(repository, streams, "finish", plan.hotfix.issue)
    return code


def _push_first_tier(
    context: Context, transport: Transport, issue: IssueId, arguments: argparse.Namespace
) -> tuple[Context, _Plan] | ExitCode:
    """Plan, ask and push production, again where it moved meanwhile; the exit code where nothing is left to do.

    Raises `Failure` where production moved at every try.
    """
    agreed, said, reason = tuple[object, ...](), tuple[str, ...](), ""
    for attempt in range(_TRIES):
        if attempt:
            context = look_again(context)
        with nothing_changed():
            plan = _plan_or_ask(context, issue, arguments)
        if isinstance(plan, ExitCode):
            return plan
        if context.dry or not (plan.promise == agreed or _ask_to_push(context, plan, arguments)):
            return _report(context.streams, arguments, plan, ExitCode.DONE if context.dry else ExitCode.OPEN)
        assert plan.release
        if plan.replay:
            replay.move(context, plan.replay)
            said, agreed = (replay.note(context, plan.replay),), plan.promise
            reason = f"{plan.hotfix.branch} was replayed, and a newer release came first again"
            continue
        later = [*pins.updates_of(plan.outcome.deliveries), *floating.updates_of(plan.outcome.floating)]
        done = push.push_production(
            context, transport, plan.hotfix, plan.release, later, PullRequestText(context, plan.hotfix)
        )
        if done.accepted:
            notes = (*said, *plan.outcome.notes, *done.notes)
            return context, replace(plan, outcome=replace(plan.outcome, notes=notes))
        if done.stop is not None:
            return _report(context.streams, arguments, replace(plan, outcome=done.stop), ExitCode.OPEN)
        reason = f"{plan.hotfix.production} moved each time it was pushed: {done.reason}"
    raise Failure(reason, hint="run the same command again", unchanged=UNCHANGED)


def _plan_or_ask(context: Context, issue: IssueId, arguments: argparse.Namespace) -> _Plan | ExitCode:
    """The plan; a person is asked once what the tag is called where no rule says it."""
    try:
        return _make_plan(context, issue, arguments)
    except TagUnclear as unclear:
        arguments.tag = tag_name.ask_name(context, unclear)
    return _make_plan(context, issue, arguments)


def _make_plan(context: Context, issue: IssueId, arguments: argparse.Namespace) -> _Plan | ExitCode:
    snapshot = context.snapshot
    made = snapshot.finish_tags(issue)
    hotfix = from_branch(context.git, snapshot, issue)
    if hotfix is None and not made:
        hotfix = from_logbook(context.git, snapshot, issue)
    if hotfix is None:
        if not made:
            raise Failure(
                f"there is no {snapshot.hotfix_branch(issue)} here or on the remote",
                hint="git hotfix list",
                code=ExitCode.USAGE,
            )
        return _report_finished_already(context, issue, arguments)
    _refuse_behind(context, hotfix)
    if more := arrival.why_beyond_finish(context.git, snapshot, hotfix):
        raise more
    landed = arrival.find(context.git, hotfix, snapshot.refs.branches[hotfix.production])
    for line in not_in_the_fix(context, hotfix):
        context.streams.say(line)
    verdict, first = None, None
    if not (landed and production_merge.existing_release(context, hotfix, landed, given=arguments.tag)):
        judgement = _judge(context, hotfix, arguments)
        if isinstance(judgement, ExitCode):
            return judgement
        hotfix, verdict, first = judgement.hotfix, judgement.verdict, judgement.replay
        landed = arrival.find(context.git, hotfix, snapshot.refs.branches[hotfix.production]) if first else landed
        _refuse_doubtful(context, hotfix, landed)
    release = production_merge.plan_production(context, hotfix, landed, given=arguments.tag, verdict=verdict,
                                   strategy=arguments.strategy or snapshot.policy.production.strategy)  # fmt: skip
    if release.conflict:
        conflict = (release.conflict,)
        owed = next_commands(hotfix, conflict)
        owed = (command_line("update", issue), *owed) if first else owed
        return _Plan(hotfix, verdict, None, Outcome("finish", deliveries=conflict, next=owed), first)
    notes = (*release.notes, *_production_not_a_target(snapshot, hotfix), *_open_answers(snapshot, hotfix, verdict))
    notes = (replay.note(context, first), *notes) if first else notes
    choice = targets_to_serve(context, hotfix)
    base = Outcome("finish", release.production, release.tag, notes=notes, left_out=choice.left_out)
    deliveries = _deliveries(context, hotfix, release, choice.targets, arguments)
    tag = _tag_for_floating(context, hotfix, release.tag)
    base = replace(base, floating=floating.plan_floating(snapshot, tag, deliveries))
    base = replace(base, deliveries=deliveries, notes=(*notes, *floating.refusal_notes(snapshot, tag)))
    if verdict and landed is None:
        _refuse_open_boxes(context, Seen(hotfix, verdict, base, past=False))
    return _Plan(hotfix, verdict, release, base, first)


def _refuse_open_boxes(context: Context, seen: Seen) -> None:
    """Raise `Failure` (exit 1) while a box is open that the policy, or an answer, wants done first."""
    policy = context.snapshot.policy
    if needs_of(policy, read_statements(seen.hotfix.logbook)).finish:
        refusal = missing.box_refusal(gather(context, seen), policy)
        if refusal:
            raise refusal


def _judge(context: Context, hotfix: Hotfix, arguments: argparse.Namespace) -> _PassedHotfix | ExitCode:
    """What the gates say of the hotfix, or of what it becomes on a newer release; the exit code where they refuse."""
    tag = TagName(arguments.tag) if arguments.tag else hotfix.tag
    verdict = judge_hotfix(context, replace(hotfix, tag=tag), at_production=True)
    if verdict.passed:
        return _PassedHotfix(hotfix, verdict)
    first = _plan_replay(context, hotfix, arguments)
    if first is None or isinstance(first, str):
        return _report_refusal(context, hotfix, verdict, arguments, advice=first)
    replayed = replay.replayed_hotfix(context, first)
    verdict = judge_hotfix(context, replace(replayed, tag=tag), at_production=True)
    if not verdict.passed:
        return _report_refusal(context, replayed, verdict, arguments)
    return _PassedHotfix(replayed, verdict, first)


def _refuse_doubtful(context: Context, hotfix: Hotfix, landed: Arrival | None) -> None:
    """What production holds may be another change than this one, or be taken back; what it is to get may lack answers
    that the policy wants. Raises `Failure` (exit 1)."""
    tip = context.snapshot.refs.branches[hotfix.production]
    if landed and (doubt := arrival.doubt(context.git, hotfix, tip, landed)):
        raise doubt
    if reviewed := review.find(context, hotfix, landed):
        raise review.refusal(hotfix, reviewed)
    if landed is None and (silent := required.refusal(context.snapshot.policy, hotfix, "finish")):
        raise silent


def _plan_replay(context: Context, hotfix: Hotfix, arguments: argparse.Namespace) -> Replay | str | None:
    """What brings a hotfix that a newer production tag has overtaken onto that tag, where somebody wants it or can be
    asked; else the command that says so, where that would be clean. None where nothing newer is in the way, or the
    replay is not clean, or a gate would refuse it, too.

    Raises `Failure` (exit 4) where it was asked for and conflicts.
    """
    newest = newer_tag(context.git, context.snapshot, hotfix)
    if newest is None or hotfix.base is None:
        return None
    try:
        found = replay.prepare(context, hotfix, newest)
    except Failure:
        if arguments.update:
            raise
        return None
    if arguments.update:
        return found
    if not judge_hotfix(context, replay.replayed_hotfix(context, found), at_production=True).passed:
        return None
    if context.streams.is_terminal and not context.dry and not arguments.yes:
        return found
    return command_line("finish", hotfix.issue, update=True)


def _record_facts(context: Context, issue: IssueId, names: Sequence[str], tracked: Collection[BranchName]) -> Context:
    """The context with what is on record from now on: commits of production that are not this hotfix (`names`), and
    that the remote had its branch, where this clone knew it there until this fetch.

    Raises `Failure` (exit 2) for a name that is not a commit of production.
    """
    snapshot = context.snapshot
    hotfix = from_branch(context.git, snapshot, issue) or from_logbook(context.git, snapshot, issue)
    if hotfix is None:
        return context
    entries = []
    for name in names:
        commit = history.commit_named(context.repository.git, name)
        if commit is None or not history.is_ancestor(context.git, commit, snapshot.refs.branches[hotfix.production]):
            raise Failure(
                f"{name!r} is not a commit of {hotfix.production}",
                hint="--not-landed COMMIT, as finish named it",
                code=ExitCode.USAGE,
            )
        if commit not in hotfix.logbook.not_landed():
            facts = {"Event": "not-landed", "Commit": commit}
            entries.append(Entry("event", f"{commit[:10]} is not hotfix {issue}", facts))
    gone = hotfix.branch in tracked and hotfix.branch not in snapshot.refs.branches
    if gone and not hotfix.logbook.was_pushed and not snapshot.finish_tags(issue):
        entries.append(Entry("event", f"{hotfix.branch} is gone from the remote", {"Event": "pushed"}))
    return _record(context, hotfix, entries) if entries else context


def _record(context: Context, hotfix: Hotfix, entries: Sequence[Entry]) -> Context:
    repository, snapshot, issue = context.repository, context.snapshot, hotfix.issue
    known = snapshot.refs.logs_of(issue)
    if context.dry:
        logs = Logs(logbook.append(context.git, known, entries, NOBODY), known.there)
    else:
        log_refs.record_and_send(context, hotfix.issue, entries)
        logs = refs.read_logs(repository.git, issue)
    seen = replace(snapshot.refs, logs={**snapshot.refs.logs, issue: logs})
    return replace(context, snapshot=replace(snapshot, refs=seen))


def _tag_for_floating(context: Context, hotfix: Hotfix, tag: TagPlan) -> TagPlan | None:
    """The tag to which floating tags move; none where everything was done before: where somebody has put them since is
    their decision."""
    return tag if context.resumed or not hotfix.logbook.closed else None


def _production_not_a_target(snapshot: Snapshot, hotfix: Hotfix) -> tuple[str, ...]:
    """A hotfix of another line is not delivered to the production branch, whose tag would have to be another one."""
    if hotfix.production == snapshot.production or snapshot.develop is None:
        return ()
    command = command_line("backport", hotfix.issue, to=snapshot.production)
    return (f"{snapshot.production} is not a target of a fix for {hotfix.production}; if it has the bug: {command}",)


def _open_answers(snapshot: Snapshot, hotfix: Hotfix, verdict: Verdict | None) -> tuple[str, ...]:
    """What is still to be answered in the form, where a release is about to be made."""
    paper = required.open_for_finish(snapshot.policy, hotfix) if verdict else ""
    return (paper,) if paper else ()


def _fix(context: Context, hotfix: Hotfix, tagged: Oid) -> Fix:
    assert hotfix.base
    source = tagged if context.snapshot.policy.backport.source == "tag" else hotfix.tip
    return Fix(hotfix, hotfix.base, source, tagged)


def _deliveries(
    context: Context,
    hotfix: Hotfix,
    plan: FirstTier,
    targets: Sequence[Target],
    arguments: argparse.Namespace,
) -> tuple[Delivery, ...]:
    if arguments.no_backport:
        return tuple(Delivery(target, "merge", "skipped", reason="--no-backport") for target in targets)
    fix = _fix(context, hotfix, plan.tag.target)
    return prepare_deliveries(context, fix, targets, planned=plan.tag.name)


def _refuse_behind(context: Context, hotfix: Hotfix) -> None:
    """A colleague's newer commit on the remote branch must not be left out."""
    snapshot = context.snapshot
    there = snapshot.refs.branches.get(hotfix.branch)
    if snapshot.remote is None or there is None or there == hotfix.tip:
        return
    if not history.is_ancestor(context.git, there, hotfix.tip):
        lease, place = f"--force-with-lease={hotfix.branch}:{there}", (snapshot.remote.name, hotfix.branch)
        pull = f"{git_command('switch', hotfix.branch)} && {git_command('pull', '--rebase', *place)}"
        raise Failure(
            f"{hotfix.branch} on {snapshot.remote.name} has commits that are not here",
            hint=f"pull them: {pull}\nor, when you replayed it yourself: {git_command('push', lease, *place)}",
            unchanged=UNCHANGED,
        )


def _report_finished_already(context: Context, issue: IssueId, arguments: argparse.Namespace) -> ExitCode:
    tag = context.snapshot.finish_tags(issue)[0]
    if not context.dry:
        pins.forget(context.repository, issue)
    if arguments.format == "json":
        outcome = Outcome("finish", tag=TagPlan(tag.name, tag.commit, tag.oid, exists=True))
        context.streams.raw(as_json.document("finish", ExitCode.DONE, as_json.outcome(outcome)))
    else:
        context.streams.out(f"{issue} is finished: {tag.name} on {tag.commit[:10]}")
    return ExitCode.DONE


def _report_refusal(
    context: Context, hotfix: Hotfix, verdict: Verdict, arguments: argparse.Namespace, *, advice: str | None = None
) -> ExitCode:
    if not context.dry:
        send_records(context, [hotfix.issue])  # who is to approve has to see what was waived
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), **as_json.verdict(verdict), "pushed": False}
        body |= {"next": [advice]} if advice else {}
        context.streams.raw(as_json.document("finish", ExitCode.REFUSED, body))
    else:
        text.show_verdict(context.streams, hotfix, verdict)
        context.streams.say(f"refused: {' '.join(gate.id for gate in verdict.refusals)} ({UNCHANGED})")
        if advice:
            context.streams.say(f"replayed on the newer release the fix passes every gate; in one go: {advice}")
    return ExitCode.REFUSED


def _ask_to_push(context: Context, plan: _Plan, arguments: argparse.Namespace) -> bool:
    """Show the plan; ask once where a person can answer."""
    streams = context.streams
    if plan.release is None:
        return False
    aside = replace(streams, stdout=streams.stderr)
    report.show_outcome(aside, plan.outcome, plan.hotfix.issue, planned=True, verbose=arguments.verbose)
    if plan.verdict and streams.is_terminal:
        text.show_lines(aside, text.allowed_lines(plan.verdict, width=aside.columns))
    asked = report.question(plan.outcome)
    if plan.replay:
        asked = f"Replay {plan.hotfix.branch} on {plan.replay.newest.name}, then {asked[0].lower()}{asked[1:]}"
    return bool(arguments.yes) or text.ask(streams, asked)


def _deliver(context: Context, transport: Transport, plan: _Plan, arguments: argparse.Namespace) -> _Plan:
    """Production has the fix: deliver the targets and tidy up."""
    assert plan.release
    fix = _fix(context, plan.hotfix, plan.release.tag.target)
    deliveries = plan.outcome.deliveries
    moved = closing.move_tags(context, transport, _tag_for_floating(context, plan.hotfix, plan.release.tag))
    if not arguments.no_backport:
        deliveries = push_deliveries(context, fix, transport, deliveries, command="finish")
        moved += closing.move_tags(context, transport, None, deliveries)
    outcome = replace(plan.outcome, deliveries=deliveries, floating=moved, pushed=True)
    owed = next_commands(plan.hotfix, deliveries)
    if arguments.no_backport and any(each.reason == "--no-backport" for each in deliveries):
        owed = (command_line("backport", plan.hotfix.issue),)
    outcome = closing.close(context, transport, fix, replace(outcome, next=owed), kept=arguments.keep)
    pins.end_run(context.repository, plan.hotfix.issue, deliveries)
    return replace(plan, outcome=outcome)


def _says(plan: _Plan) -> str:
    """What people are told of a finish: the tag, and how many branches have the fix."""
    outcome = plan.outcome
    owed = len(outcome.open)
    tag = f": {outcome.tag.name} is on {plan.hotfix.production}" if outcome.tag else ""
    targets = counted(len(outcome.deliveries), "branch", "branches")
    rest = f"{owed} of {targets} still {'needs' if owed == 1 else 'need'} the fix"
    return f"{plan.hotfix.title or plan.hotfix.issue}{tag}; {rest if owed else 'every target has the fix'}"


def _would_act(release: FirstTier, outcome: Outcome) -> bool:
    """True when a finish would do anything."""
    done = release.production.landed and release.tag.exists
    return not done or bool(outcome.floating) or any(each.owed for each in outcome.deliveries)


def _report(streams: Streams, arguments: argparse.Namespace, plan: _Plan, code: ExitCode | None) -> ExitCode:
    outcome = plan.outcome
    stopped = code == ExitCode.OPEN and plan.release is not None and not outcome.pull_request
    if code is None or arguments.dry_run:
        unmoved = any(each.status == "failed" for each in outcome.floating)
        code = ExitCode.OPEN if outcome.open or unmoved else ExitCode.DONE
    if plan.release is None:
        code = ExitCode.OPEN
    elif arguments.dry_run and _would_act(plan.release, outcome):
        outcome = replace(outcome, next=(dry_run.real_command("finish", plan.hotfix, arguments),))
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(plan.hotfix), **as_json.outcome(outcome)}
        if plan.verdict:
            body |= as_json.verdict(plan.verdict)
        streams.raw(as_json.document("finish", code, body))
        return code
    streams.out(text.headline(plan.hotfix))
    if stopped:
        streams.out("nothing was pushed, and nothing was changed")
        return code
    after = outcome.next if outcome.pull_request else ()  # what comes after the merge stands below its pull request
    shown = replace(outcome, next=()) if after else outcome
    report.show_outcome(streams, shown, plan.hotfix.issue, planned=arguments.dry_run, verbose=arguments.verbose)
    if outcome.pull_request:
        streams.out(outcome.pull_request)
    for command in after:
        streams.out(f"after the merge: {command}")
    if code == ExitCode.DONE and outcome.pushed and not outcome.next:
        who = report.last_line(outcome, production=plan.hotfix.production)
        streams.out(f"Hotfix {plan.hotfix.issue} is finished: {who}")
        issue = plan.hotfix.issue
        close = command_line("close", issue)
        streams.out(f"report: {command_line('report', issue)}; before it is done: {close}")
    if outcome.place:
        streams.out(outcome.place)
    return code
