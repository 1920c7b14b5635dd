"""`git hotfix approve`: somebody else than the authors agrees to the code as it is now, and to the waivers it needs."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence

from git_hotfix.approvals.draft import ApprovalDraft, draft_approval
from git_hotfix.context import Context
from git_hotfix.context.open import look_again, open_context
from git_hotfix.errors import NOT_RECORDED, ExitCode, not_recorded
from git_hotfix.git import history
from git_hotfix.hotfix.find import at_tip, chosen_issue
from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.command_line import command_line
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.words import one_line, says_something
from git_hotfix.record import log_refs
from git_hotfix.release import finished_hotfix
from git_hotfix.report import approvals as shown
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `approve` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--role", metavar="TEXT", help='your role, such as "Engineering Lead"')
    parser.add_argument(
        "--waiver", action="append", default=[], metavar="ID", help="approve this waiver and no other (repeatable)"
    )
    parser.add_argument("-y", "--yes", action="store_true", help="do not ask")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the approval recorded and pushed, 2 for one that would not count, 4 when a person said no."""
    if arguments.role is not None and not says_something(arguments.role):
        raise not_recorded("a role needs a name", '--role "Engineering Lead"')
    with open_context(streams, view="known", lock_for="approve") as context:
        issue = chosen_issue(context.snapshot, arguments.issue)
        seen = _known_trees(context, issue)
        context = look_again(context)
        hotfix = _seen_hotfix(context, issue, seen)
        draft = draft_approval(context, hotfix)
        covers, own = _choose_waivers(draft, arguments.waiver)
        entry = draft.entry(covers, one_line(arguments.role or ""))
        given = draft.equal_approval(entry)
        why = "" if given else draft.objection(entry)
        if why:
            raise not_recorded(
                f"your approval would not count: {why}", f"somebody else runs: {command_line('approve', issue)}"
            )
        if hotfix.logbook.start is None and context.snapshot.remote:
            streams.say(
                f"{context.snapshot.remote.name} has no logbook of {issue} from its start: what its author waived may "
                f"not be known here; they send it with: {command_line('status', issue)}"
            )
        _tell(streams, hotfix, covers, own)
        if not given and not arguments.yes and not text.ask(streams, "approve this?"):
            streams.say(NOT_RECORDED)
            return ExitCode.OPEN
        reason = log_refs.record_and_send(context, issue, [] if given else [entry], sign=draft.sign())
    say_unsent(streams, reason, "the approval")
    _report(streams, arguments, draft, entry, given, sent=reason is None)
    return ExitCode.DONE


def _known_trees(context: Context, issue: IssueId) -> set[Oid]:
    """What this clone knew of the hotfix before it asked the remote: nobody approves what only just came."""
    refs, branch = context.snapshot.refs, context.snapshot.hotfix_branch(issue)
    tips = [tip for tip in (refs.local.get(branch), refs.branches.get(branch)) if tip]
    past = finished_hotfix.find_finished(context, issue)
    tips += [past.hotfix.tip] if past else []
    return set(history.trees(context.git, tips).values())


def _seen_hotfix(context: Context, issue: IssueId, seen: set[Oid]) -> Hotfix:
    """The hotfix as the remote has it; a finished one, too, because those who answer for it may read it the day after.
    Raises `Failure` (exit 2) where another one is here, or none was seen yet."""
    snapshot = context.snapshot
    found = finished_hotfix.find_subject(context, issue)
    there = snapshot.refs.branches.get(found.branch, found.tip)
    place = snapshot.remote.name if snapshot.remote else "the remote"
    hotfix = at_tip(context.git, snapshot, issue, there) if there != found.tip else found
    if hotfix.tip_tree != found.tip_tree:
        raise not_recorded(
            f"{found.branch} is {found.tip[:10]} here and {there[:10]} on {place}: which one do you mean?",
            f"take over theirs: git switch {shlex.quote(found.branch)} && git pull --ff-only\n"
            f"or push yours: git push {shlex.quote(place)} {shlex.quote(found.branch)}",
        )
    if hotfix.base is None:
        raise not_recorded(
            f"{found.branch} does not contain a production tag, so its authors are not known", "git hotfix check"
        )
    if hotfix.tip_tree == hotfix.base_tree:
        raise not_recorded(f"{found.branch} changes nothing yet", "there is nothing to approve")
    if hotfix.tip_tree not in seen:
        again = command_line("approve", issue)
        raise not_recorded(
            f"{found.branch} has just come from {place} as {hotfix.tip[:10]}: you have not seen it",
            f"look at it: git log -p {shlex.quote(hotfix.base_tag or '')}..{hotfix.tip[:10]}\nthen again: {again}",
        )
    return hotfix


def _choose_waivers(draft: ApprovalDraft, given: Sequence[str]) -> tuple[list[Waiver], list[Waiver]]:
    """The waivers to approve, and those that are the approver's own. Raises `Failure` (exit 2) for one that is named
    and cannot be approved."""
    own = [waiver for waiver in draft.waivers if draft.is_own(waiver)]
    for name in given:
        if not any(waiver.id == name for waiver in draft.waivers):
            standing = ", ".join(waiver.id for waiver in draft.waivers) or "none"
            raise not_recorded(f"there is no waiver {name} of this code", f"waivers: {standing}")
        if all(waiver in own for waiver in draft.waivers if waiver.id == name):
            raise not_recorded(f"{name} is your own waiver", "somebody else approves it")
    covers = [waiver for waiver in draft.waivers if waiver not in own and (not given or waiver.id in given)]
    return covers, own


def _tell(streams: Streams, hotfix: Hotfix, covers: Sequence[Waiver], own: Sequence[Waiver]) -> None:
    streams.say(text.headline(hotfix))
    for waiver in covers:
        streams.say("  " + one_line(f"with {waiver.id}: {' '.join(waiver.gates)}, by {waiver.who}: {waiver.reason}"))
    for waiver in own:
        streams.say(f"  without {waiver.id}, which is your own: somebody else approves it")


def _report(
    streams: Streams,
    arguments: argparse.Namespace,
    draft: ApprovalDraft,
    entry: Entry,
    given: Approval | None,
    *,
    sent: bool,
) -> None:
    """Show what counts now: `given`, an approval that had said it already, or that of the new `entry`."""
    hotfix = draft.hotfix
    waivers, approvals = draft.judge_with(None if given else entry)
    approval = given or approvals[-1]
    if arguments.format == "json":
        body = {
            "hotfix": as_json.hotfix(hotfix),
            "approval": shown.approval(approval),
            "waivers": [shown.waiver(waiver) for waiver in waivers],
            "recorded": given is None,
            "sent": sent,
        }
        streams.raw(as_json.document("approve", ExitCode.DONE, body))
        return
    verb = "has already approved" if given else "approves"
    role = f" as {approval.role}" if approval.role else ""
    streams.out(one_line(f"{approval.id}: {approval.who} {verb} the code as of {hotfix.tip[:10]}{role}"))
    for waiver in waivers:
        if waiver.tree == hotfix.tip_tree:
            streams.out(shown.waiver_line(waiver))
