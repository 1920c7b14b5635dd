"""`git hotfix list`: every open hotfix here and on the remote, and what finished ones still owe."""

from __future__ import annotations

import argparse
from collections.abc import Collection, Sequence

from git_hotfix.backport.run import choose_targets, prepare_deliveries
from git_hotfix.context import Context, Fix
from git_hotfix.context.open import age_of_view, open_context, send_records
from git_hotfix.errors import ExitCode
from git_hotfix.hotfix.find import at_tip, issues_released_by_hand, open_issues
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import IssueId
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.times import duration_words
from git_hotfix.model.words import counted
from git_hotfix.paper.owed import Owing, owing_object, read_finished
from git_hotfix.record import clock
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams

_UNSEEN = "not seen"  # in a clone that hides the commits which would tell


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `list` understands."""
    parser.add_argument("--fetch", action="store_true", help="fetch first")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0; an empty list is an answer too."""
    with open_context(streams, view="fetch" if arguments.fetch else "glance") as context:
        issues = open_issues(context.snapshot)
        if context.snapshot.seen_at == context.snapshot.now:
            context = send_records(context, issues)
        rows = [_row(context, issue) for issue in issues]
        released = issues_released_by_hand(context.snapshot)
        past = read_finished(context)
    busy = {issue for issue, (body, _) in zip(issues, rows, strict=True) if body["owes"] != "nothing"}
    owing = [each for each in past.owing if each.issue not in busy]
    unfinished = [issue for issue in past.unfinished if issue not in issues]
    unseen = _what_is_unseen(context.snapshot)
    if arguments.format == "json":
        body = {
            "hotfixes": [row for row, _ in rows],
            "owing": [owing_object(each) for each in owing],
            "old": [*past.old],
            "unfinished": unfinished,
            "as_of": context.snapshot.seen_at,
            "unseen": unseen or None,
        }
        streams.raw(as_json.document("list", ExitCode.DONE, body))
        return ExitCode.DONE
    if rows:
        head = ("hotfix", "where", "severity", "from", "age", "owes", "title")
        text.table(streams, head, [cells for _, cells in rows])
    else:
        streams.out("this clone shows no open hotfix" if unseen else "no hotfix is open")
    if owing:
        streams.out()
        text.table(streams, ("finished", "tag", "severity", "owes", "see"), [_cells(each) for each in owing])
    for line in (unseen, _say_released(released), _say_old(past.old), _say_unfinished(unfinished)):
        if line:
            streams.out(line)
    if age := age_of_view(context, "list"):
        streams.out(age)
    return ExitCode.DONE


def _what_is_unseen(snapshot: Snapshot) -> str:
    """What a list from this clone does not tell, and the command that shows it; "" where the clone is whole."""
    place = snapshot.remote
    if place is None:
        return ""
    shown = "nobody can tell from it what a hotfix starts from and which branches lack it"
    if snapshot.hidden:
        fetch = git_command("fetch", "--unshallow", place.name)
        return f"this clone is shallow, so {shown}: {fetch}, then git hotfix list --fetch"
    if snapshot.partial:
        return f"this clone does not show enough ({snapshot.partial}), so {shown}: git hotfix list --fetch"
    return ""


def _say_released(issues: Collection[IssueId]) -> str:
    """How many branches are left of hotfixes that were released without this tool; "" where none is."""
    if not issues:
        return ""
    one = min(issues)
    if len(issues) == 1:
        return f"the branch of {one} is in a release already and has no logbook: {command_line('status', one)}"
    many = f"{len(issues)} hotfix branches without a logbook are in a release already"
    return f"{many}: {command_line('status', one)} shows one"


def _cells(owing: Owing) -> tuple[str, ...]:
    return (
        owing.issue,
        owing.tag,
        owing.severity,
        ", ".join(owing.owes) or "nothing is known to be missing",
        owing.command,
    )


def _say_old(issues: Sequence[IssueId]) -> str:
    """How many finished hotfixes nobody touched for a month; "" where none is."""
    if not issues:
        return ""
    many = counted(len(issues), "hotfix was", "hotfixes were")
    one = issues[-1]
    done, which = ("it is", "") if len(issues) == 1 else ("they are", " shows one")
    return f"{many} finished more than 30 days ago, and nobody said {done} done: {command_line('close', one)}{which}"


def _say_unfinished(issues: Sequence[IssueId]) -> str:
    """How many hotfixes have a logbook, and neither a branch here nor an end: they stand in another clone."""
    if not issues:
        return ""
    many = counted(len(issues), "hotfix was started and has", "hotfixes were started and have")
    one = issues[-1]
    which = "" if len(issues) == 1 else " shows one"
    return f"{many} no branch here and no finish: {command_line('log', one)}{which}"


def _row(context: Context, issue: IssueId) -> tuple[dict[str, object], tuple[str, ...]]:
    snapshot = context.snapshot
    branch = snapshot.hotfix_branch(issue)
    here, there = snapshot.refs.local.get(branch), snapshot.refs.branches.get(branch)
    tip = here or there
    assert tip
    found = at_tip(context.git, snapshot, issue, tip)
    where = "here" if not snapshot.remote or not there else snapshot.remote.name if not here else "both"
    owed = _what_is_owed(context, found)
    spent = clock.time_spent(found.logbook, snapshot.now)
    base = _UNSEEN if owed == _UNSEEN else found.base_tag or "no tag"
    cells = (issue, where, found.severity, base, duration_words(spent), owed, found.title)
    start = found.logbook.start
    ticket = start.facts.get("Ticket") if start else None
    body = {**as_json.hotfix(found), "ticket": ticket, "here": here, "there": there, "owes": owed, "seconds": spent}
    return body, cells


def _what_is_owed(context: Context, hotfix: Hotfix) -> str:
    """Production and tag first; after that the number of target branches without the fix, however it came there. A
    clone that hides commits can tell neither."""
    if context.snapshot.hidden or context.snapshot.partial:
        return _UNSEEN
    if not context.snapshot.finish_tags(hotfix.issue) or hotfix.base is None:
        return "finish"
    context = replace(context, dry=True)
    targets = choose_targets(context, hotfix.production).targets
    found = prepare_deliveries(context, Fix(hotfix, hotfix.base, hotfix.tip), targets)
    missing = sum(1 for each in found if each.owed)
    return counted(missing, "branch", "branches") if missing else "nothing"
