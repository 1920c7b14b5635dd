"""`git hotfix undo`: take the last finish or backport of this clone back, as far as that is safe."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from git_hotfix.backport.targets import target_of
from git_hotfix.context import Context
from git_hotfix.context.open import open_context, require_quiet
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history
from git_hotfix.git.repository import open_repository
from git_hotfix.hotfix.find import chosen_issue
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import HEADS, TAGS, IssueId, Oid, RefName, branch_ref, short
from git_hotfix.model.run import Return, Run
from git_hotfix.model.times import utc_time
from git_hotfix.record import log_refs, logbook
from git_hotfix.report import text
from git_hotfix.report import undo as report
from git_hotfix.report.streams import Streams
from git_hotfix.runs import undo, undo_plan
from git_hotfix.runs.history import latest_issue, read_runs, write_runs
from git_hotfix.runs.transport import Transport, transport_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `undo` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; default: the last one that this clone delivered")
    parser.add_argument("--production", action="store_true", help="production and tag too; asks on the terminal")
    parser.add_argument("--all", action="store_true", help="every run for this hotfix, not only the last one")
    parser.add_argument("--dry-run", action="store_true", help="show what would go back; leave nothing")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask; --production asks all the same")
    parser.add_argument("--no-verify", action="store_true", help="skip the team's own pre-push hooks")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when all of it is taken back, 4 when something is left for a human, 2 when this clone knows of nothing to
    take back, 3 when git or the remote failed."""
    dry = arguments.dry_run
    if arguments.production and not dry and not streams.is_terminal:
        raise Failure(
            "--production has to be confirmed, and there is no terminal to ask on",
            hint="run it on a terminal\nor leave production alone: git hotfix rollback makes a hotfix that reverts",
            code=ExitCode.USAGE,
        )
    repository = open_repository()
    with open_context(
        streams, view="ask" if dry else "fetch", lock_for=None if dry else "undo", repository=repository
    ) as context:
        require_quiet(context)
        *others, subject = _choose_runs(context, arguments)
        returns = decide_returns(context, subject, production=arguments.production)
        idle = not _is_left_to_do(subject, returns)
        done = report.UndoReport(subject, returns, planned=dry, idle=idle, earlier=bool(others))
        if dry or idle:
            return _report(context, arguments, done)
        if not _ask(context, arguments, done):
            return _report(context, arguments, replace(done, stopped=True))
        transport = transport_of(repository, context.snapshot, verify=not arguments.no_verify)
        return _report(context, arguments, take_back(context, transport, done, others))


def _choose_runs(context: Context, arguments: argparse.Namespace) -> list[Run]:
    """The runs that this clone keeps of the hotfix, the one to take back last.

    Raises `Failure` (exit 2) where it knows none.
    """
    snapshot, common = context.snapshot, context.repository.common_dir
    given = arguments.issue
    tag = snapshot.refs.tags.get(given) if given else None
    issue = IssueId(tag.trailer("Hotfix-Issue") or given) if tag else chosen_issue(snapshot, given) if given else None
    issue = issue or latest_issue(common)
    there = _refs_there(context)
    known = [each for each in read_runs(common, issue) if undo_plan.did_something(each, there)] if issue else []
    if known:
        return [undo_plan.compose_runs(known)] if arguments.all else known
    of = f" of {issue}" if given else ""
    made = snapshot.finish_tags(issue) if issue else ()
    rollback = command_line("rollback", *(tag.name for tag in made[:1]))
    raise Failure(
        f"this clone did not run a finish or backport{of}: only the clone that ran it can undo it",
        hint=f"run undo there\nor make a hotfix that reverts it: {rollback}",
        code=ExitCode.USAGE,
    )


def _refs_there(context: Context) -> dict[RefName, Oid]:
    """Where branches and tags stand on the remote."""
    refs = context.snapshot.refs
    found = {RefName(HEADS + name): oid for name, oid in refs.branches.items()}
    return found | {RefName(TAGS + name): oid for name, oid in refs.tags.ids.items()}


def decide_returns(context: Context, subject: Run, *, production: bool) -> tuple[Return, ...]:
    """What becomes of every reference of a run, given what the remote has now."""
    git, snapshot = context.git, context.snapshot
    branches = snapshot.refs.branches
    # A line with tags of its own is production to somebody, as the production branch is.
    lines = {branch_ref(name) for name in branches if target_of(snapshot, name, branches[name]).tag != "none"}
    return undo_plan.decide(
        subject,
        undo_plan.RemoteNow(
            _refs_there(context),
            holds=lambda commit, tip: history.is_ancestor(git, commit, tip),
            is_merge=lambda commit: history.is_merge(git, commit),
        ),
        production=production,
        guarded={branch_ref(snapshot.production), *lines},
        prefixes=snapshot.policy.backport.offer_prefixes,
    )


def _is_left_to_do(subject: Run, returns: Sequence[Return]) -> bool:
    """True when something goes back, or an undo was killed before its end."""
    return any(each.status == "back" for each in returns) or bool(subject.undoing)


def _ask(context: Context, arguments: argparse.Namespace, planned: report.UndoReport) -> bool:
    streams = context.streams
    report.show(replace(streams, stdout=streams.stderr), replace(planned, planned=True))
    withdrawn = [short(each.ref) for each in planned.returns if each.tier == 1 and each.status == "back"]
    if withdrawn:
        names = " and ".join(withdrawn)
        return text.ask(streams, f"others may have fetched or deployed {names}; undo {names} all the same?")
    return bool(arguments.yes) or text.ask(streams, "take this back?")


def take_back(
    context: Context, transport: Transport, planned: report.UndoReport, others: Sequence[Run]
) -> report.UndoReport:
    """The hotfix branch first, so that nothing of the fix is ever without a name; then the remote, then this clone."""
    repository, snapshot, subject = context.repository, context.snapshot, planned.run
    repository.identity  # noqa: B018 - who writes the logbook has to be known before anything moves
    subject = replace(subject, ended=True, undoing=subject.undoing or int(time.time()))
    write_runs(repository.common_dir, [*others, subject])
    notes = [undo.restore_there(transport, snapshot, subject)]
    notes += undo.restore_here(context, subject)
    returns = undo.push_back(transport, planned.returns, chunk=snapshot.policy.backport.chunk)
    returns = _add_reverts(subject, returns, context)
    left = undo.follow_back(repository, snapshot, subject, returns)
    if any(each.status in ("back", "already") for each in returns):
        notes.append(_record(context, transport, subject, returns))
    subject = replace(subject, undoing=0, undone=int(time.time()))
    write_runs(repository.common_dir, [*others, subject])
    kept = tuple(note for note in notes if note)
    return replace(planned, run=subject, returns=returns, pushed=True, left=left, notes=kept)


def _add_reverts(subject: Run, returns: Sequence[Return], context: Context) -> tuple[Return, ...]:
    """What moved between look and push is left with the revert to make."""
    steps = undo_plan.steps_by_ref(subject)
    return tuple(
        replace(each, revert=undo_plan.revert_of(steps[each.ref][-1], lambda oid: history.is_merge(context.git, oid)))
        if each.left and not each.revert and each.ref in steps
        else each
        for each in returns
    )


def _record(context: Context, transport: Transport, subject: Run, returns: Sequence[Return]) -> str | None:
    """The entry that opens the hotfix again: what was taken back. A note where the remote takes no logbook."""
    issue, snapshot = subject.issue, context.snapshot
    when = utc_time(subject.undoing)
    back = [each for each in returns if each.status in ("back", "already")]
    facts = {
        "Issue": issue,
        "Run": subject.command,
        "Began": when,
        "Back": "\n".join(each.ref for each in back),
        "Left": "\n".join(each.ref for each in returns if each.left),
        "Withdrawn": next((short(each.ref) for each in back if each.ref.startswith(TAGS)), ""),
    }
    book = logbook.read(context.git, issue, snapshot.refs.logs_of(issue))
    if not any(each.facts.get("Began") == when for each in book.of_kind("undo")):
        entry = Entry("undo", f"undo the {subject.command} of hotfix {issue}", {k: v for k, v in facts.items() if v})
        log_refs.record_entries(context, issue, [entry])
    reason = log_refs.send_logbook(context, transport, issue)
    return f"the logbook was not pushed: {reason}" if reason else None


def _report(context: Context, arguments: argparse.Namespace, done: report.UndoReport) -> ExitCode:
    code = ExitCode.OPEN if done.stopped or done.left or any(each.left for each in done.returns) else ExitCode.DONE
    if any(each.status == "failed" for each in done.returns):
        code = ExitCode.FAILED
    made = next((short(each.ref) for each in done.returns if each.ref.startswith(TAGS) and each.left), None)
    made = made or next((tag.name for tag in context.snapshot.finish_tags(done.run.issue)), None)
    next_: list[str] = []
    if any(each.tier == 1 and each.left for each in done.returns) and made:
        next_.append(command_line("rollback", made))
    if code == ExitCode.FAILED:
        next_.append(command_line("undo", done.run.issue, production=arguments.production))
    done = replace(done, next=tuple(next_), branch=done.run.branch)
    if arguments.format == "json":
        context.streams.raw(report.document(done, code))
    else:
        report.show(context.streams, done)
    return code
