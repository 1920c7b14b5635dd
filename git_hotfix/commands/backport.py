"""`git hotfix backport`: bring a hotfix that is on production to what still owes it; solve what conflicts."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from git_hotfix.backport.run import (
    add_delivery_options,
    delivery_options,
    next_commands,
    prepare_deliveries,
    push_deliveries,
    targets_to_serve,
)
from git_hotfix.commands import backport_abort, backport_continue, backport_resolve
from git_hotfix.conflicts import resolve_worktrees
from git_hotfix.context import Context, Fix
from git_hotfix.context.open import given_or_last_issue, look_again, open_context, require_whole
from git_hotfix.errors import ExitCode, Failure, nothing_changed
from git_hotfix.git.repository import open_repository
from git_hotfix.hotfix import arrival, review
from git_hotfix.hotfix.find import issue_here, open_issues
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName, IssueId, branch_ref
from git_hotfix.model.plan import Outcome, TagPlan
from git_hotfix.release import closing, floating
from git_hotfix.release.finished_hotfix import FoundHotfix, find
from git_hotfix.report import as_json, dry_run, text
from git_hotfix.report import outcome as report
from git_hotfix.report.streams import Streams
from git_hotfix.runs import journal, pins
from git_hotfix.runs.history import Record
from git_hotfix.runs.transport import Transport, transport_of, with_record
from git_hotfix.snapshot import find_remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `backport` understands."""
    parser.add_argument("hotfix", nargs="?", help="its tag or issue; optional on its branch")
    parser.add_argument("--to", action="append", default=[], metavar="GLOB", help="only these branches (repeatable)")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--resolve", metavar="TARGET", help="open the conflict of this branch in a worktree of its own")
    way.add_argument("--continue", dest="go_on", action="store_true", help="take what was solved and deliver it")
    way.add_argument(
        "--skip", action="append", metavar="TARGET", help="record that this branch will not get the fix (repeatable)"
    )
    way.add_argument("--abort", action="store_true", help="close all open conflicts; every branch stays as it was")
    parser.add_argument("--reason", metavar="TEXT", help="why --skip")
    add_delivery_options(parser)


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when nothing is owed any more, 4 when something is left for a human, 2 for a hotfix that is not on
    production yet."""
    dry = arguments.dry_run
    if dry and (arguments.go_on or arguments.abort or arguments.resolve or arguments.skip):
        raise Failure(
            "--dry-run shows what would be delivered, and goes with none of --resolve, --continue, --skip and --abort",
            hint="git hotfix backport --dry-run",
            code=ExitCode.USAGE,
        )
    repository = resolve_worktrees.leave_worktree(open_repository(), streams)
    require_whole(repository, find_remote(repository))
    with open_context(
        streams, view="ask" if dry else "fetch", lock_for=None if dry else "backport", repository=repository
    ) as context:
        context = replace(context, options=delivery_options(arguments))
        transport = transport_of(repository, context.snapshot, verify=not arguments.no_verify)
        if arguments.abort:
            return backport_abort.abort(context, transport, arguments.hotfix, in_json=arguments.format == "json")
        if arguments.go_on:
            resolved = backport_continue.take(context, arguments.hotfix, remembered=not arguments.no_rerere)
            context = look_again(context)
            subject = find(context, arguments.hotfix or resolved.issue, landed=False)
            if resolved.production or not subject.landed:
                return _report_solved(streams, resolved, in_json=arguments.format == "json")
        else:
            given = given_or_last_issue(context, arguments.hotfix)
            if given is None and not issue_here(context.snapshot) and not open_issues(context.snapshot):
                return _report_nothing_open(streams, in_json=arguments.format == "json")
            arguments.hotfix = given
            subject = find(context, given, landed=not (arguments.resolve or arguments.skip))
        if not arguments.skip and not arguments.go_on:
            _refuse_unreviewed(context, subject)
        if arguments.resolve:
            fix = _fix(context, subject)
            conflict = backport_resolve.open_conflict(context, fix, arguments.resolve)
            return backport_resolve.tell(streams, fix.hotfix, conflict, in_json=arguments.format == "json")
        if arguments.skip:
            fix = _fix(context, subject)
            skipped = backport_resolve.skip(context, transport, fix, arguments.skip, arguments.reason)
            if not subject.landed:
                return _report_skipped(streams, subject.hotfix, skipped, arguments)
            context = look_again(context)
            subject = find(context, arguments.hotfix or subject.hotfix.issue)
        record = Record(repository, context.snapshot, subject.hotfix.issue, "backport")
        return _deliver(context, with_record(transport, record), subject, arguments)


def _report_nothing_open(streams: Streams, *, in_json: bool) -> ExitCode:
    """Nothing was ever finished, so nothing is left to do."""
    if in_json:
        streams.raw(as_json.document("backport", ExitCode.DONE, {"hotfix": None, "targets": [], "next": []}))
    else:
        streams.out("no hotfix is open, and none was finished: there is nothing to deliver")
    return ExitCode.DONE


def _report_solved(streams: Streams, resolved: backport_continue.Solutions, *, in_json: bool) -> ExitCode:
    """The hotfix is not on production: what was solved waits for finish, which delivers it."""
    code = ExitCode.DONE if resolved.complete else ExitCode.OPEN
    many = "is" if len(resolved.branches) == 1 else "are"
    streams.say(f"{', '.join(resolved.branches)} {many} solved; finish takes it from here")
    command = command_line("finish", resolved.issue)
    if in_json:
        solved = [{"issue": resolved.issue, "ref": branch_ref(BranchName(each))} for each in resolved.branches]
        streams.raw(as_json.document("backport", code, {"solved": solved, "next": [command]}))
    else:
        streams.out(f"next: {command}")
    return code


def _report_skipped(
    streams: Streams, hotfix: Hotfix, skipped: Sequence[BranchName], arguments: argparse.Namespace
) -> ExitCode:
    """The hotfix is not on production: what was decided holds when finish delivers it."""
    command = command_line("finish", hotfix.issue)
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), "skipped": list(skipped), "next": [command]}
        streams.raw(as_json.document("backport", ExitCode.DONE, body))
    else:
        streams.out(f"finish will leave out {', '.join(skipped)}: {arguments.reason}")
        streams.out(f"next: {command}")
    return ExitCode.DONE


def _refuse_unreviewed(context: Context, subject: FoundHotfix) -> None:
    """Deliver nothing that production has as a review changed it, or took out again, as long as no tag says what was
    released."""
    hotfix = subject.hotfix
    if hotfix.base and subject.tag is None and not (subject.landed and subject.tagged):
        tip = context.snapshot.refs.branches[hotfix.production]
        arrived = arrival.find(context.git, hotfix, tip) if subject.landed else None
        if arrived and (doubt := arrival.doubt(context.git, hotfix, tip, arrived)):
            raise doubt
        if reviewed := review.find(context, hotfix, arrived):
            raise review.refusal(hotfix, reviewed)


def _fix(context: Context, subject: FoundHotfix) -> Fix:
    """What is delivered of a hotfix: its branch, or its tag where the policy says so and there is one."""
    hotfix, tag = subject.hotfix, subject.tag
    if hotfix.base is None:
        raise Failure(
            f"{hotfix.issue} does not contain the commit of a production tag",
            hint="git hotfix check",
            code=ExitCode.USAGE,
        )
    use_tag = context.snapshot.policy.backport.source == "tag"
    source = tag.commit if tag and use_tag else hotfix.tip
    return Fix(hotfix, hotfix.base, source, tag.commit if tag else None)


def _deliver(context: Context, transport: Transport, subject: FoundHotfix, arguments: argparse.Namespace) -> ExitCode:
    hotfix = subject.hotfix
    if not context.dry and journal.is_interrupted(context.repository.common_dir, hotfix.issue):
        context.streams.say(f"the last run for {hotfix.issue} was interrupted; continuing from what the remote has")
        context = replace(context, resumed=True)
    fix = _fix(context, subject)
    choice = targets_to_serve(context, hotfix, arguments.to)
    if arguments.to and not choice.targets:
        globs = " ".join(arguments.to)
        raise Failure(f"no branch on the remote matches {globs}", hint="git branch -r", code=ExitCode.USAGE)
    with nothing_changed():
        deliveries = prepare_deliveries(context, fix, choice.targets, named=arguments.to)
    tag = TagPlan(subject.tag.name, subject.tag.commit, subject.tag.oid, exists=True) if subject.tag else None
    untagged = () if subject.tagged else (command_line("finish", hotfix.issue),)
    moved = floating.plan_floating(context.snapshot, tag if context.resumed else None, deliveries)
    outcome = Outcome("backport", tag=tag, deliveries=deliveries, floating=moved, next=untagged)
    outcome = replace(outcome, left_out=choice.left_out)
    owed = any(each.status == "merged" or each.offer or each.tag for each in deliveries)
    if not context.dry and owed and not _ask_to_push(context, outcome, hotfix.issue, arguments):
        return _report(context.streams, hotfix, outcome, arguments, stopped=True)
    if not context.dry:
        with nothing_changed():
            updates = [*pins.updates_of(deliveries), *floating.updates_of(moved)]
            pins.keep(context, hotfix.issue, "backport", updates)
        # A run that was killed may have left the floating tags where they were.
        moved = closing.move_tags(context, transport, tag if context.resumed else None)
        deliveries = push_deliveries(context, fix, transport, deliveries, command="backport")
        moved += closing.move_tags(context, transport, None, deliveries)
        outcome = replace(outcome, deliveries=deliveries, floating=moved, pushed=owed or bool(moved))
        outcome = replace(outcome, next=(*next_commands(hotfix, deliveries), *untagged))
        complete = not arguments.to or _was_last(context, fix)
        outcome = closing.close(context, transport, fix, outcome, complete=complete, kept=arguments.keep)
        pins.end_run(context.repository, hotfix.issue, deliveries)
    return _report(context.streams, hotfix, outcome, arguments, stopped=False)


def _was_last(context: Context, fix: Fix) -> bool:
    """True when no target of the policy owes the fix any more, after some were named one by one."""
    now = look_again(context)
    targets = targets_to_serve(now, fix.hotfix).targets
    found = prepare_deliveries(replace(now, dry=True), fix, targets)
    return not any(each.owed for each in found)


def _ask_to_push(context: Context, outcome: Outcome, issue: IssueId, arguments: argparse.Namespace) -> bool:
    streams = context.streams
    aside = replace(streams, stdout=streams.stderr)
    report.show_outcome(aside, outcome, issue, planned=True, verbose=arguments.verbose)
    return bool(arguments.yes) or text.ask(streams, report.question(outcome))


def _report(
    streams: Streams, hotfix: Hotfix, outcome: Outcome, arguments: argparse.Namespace, *, stopped: bool
) -> ExitCode:
    code = ExitCode.OPEN if outcome.open or outcome.next or stopped else ExitCode.DONE
    if arguments.dry_run and any(each.owed for each in outcome.deliveries):
        outcome = replace(outcome, next=(dry_run.real_command("backport", hotfix, arguments), *outcome.next))
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), **as_json.outcome(outcome)}
        streams.raw(as_json.document("backport", code, body))
        return code
    streams.out(text.headline(hotfix))
    if stopped:
        streams.out("nothing was pushed, and nothing was changed")
        return code
    report.show_outcome(streams, outcome, hotfix.issue, planned=arguments.dry_run, verbose=arguments.verbose)
    if code == ExitCode.DONE and not arguments.dry_run:
        streams.out(report.last_line(outcome, named=bool(arguments.to)))
    if outcome.place:
        streams.out(outcome.place)
    return code
