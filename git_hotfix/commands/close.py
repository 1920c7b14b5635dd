"""`git hotfix close`: whether a hotfix is done, and what is missing, each with its command."""

from __future__ import annotations

import argparse

from git_hotfix.approvals import read
from git_hotfix.backport.forge import forge_of
from git_hotfix.context import Context
from git_hotfix.context.open import open_context
from git_hotfix.documents.paper import Missing
from git_hotfix.errors import ExitCode
from git_hotfix.evidence.occasions import run_on
from git_hotfix.model.command_line import command_line
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.times import duration_words, local_moment
from git_hotfix.notify.tell import tell
from git_hotfix.paper.gather import gather, look
from git_hotfix.paper.missing import missing_objects
from git_hotfix.record import log_refs
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import unsent_lines


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `close` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix, by issue or tag; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the hotfix recorded as done (again: nothing is changed), 1 with what is missing."""
    with open_context(streams, view="fetch", lock_for="close") as context:
        seen = look(context, arguments.issue)
        paper = gather(context, seen)
        hotfix = seen.hotfix
        missing = paper.missing
        code = ExitCode.REFUSED if missing else ExitCode.DONE
        before = bool(hotfix.logbook.of_kind("done"))
        notes = () if missing or before else _close(context, hotfix)
        _report(context, arguments, hotfix, missing, code, before=before)
        for note in notes:
            streams.say(note)
    if code == ExitCode.DONE:
        run_on(context.repository, streams, "close", hotfix.issue)
    return code


def _close(context: Context, hotfix: Hotfix) -> tuple[str, ...]:
    """Record that nothing is missing any more, close the issue on the forge where the user asked for that, and tell."""
    who = read.writer(context.repository.identity)
    entry = Entry("done", f"hotfix {hotfix.issue} is done", {"Issue": hotfix.issue}, who, context.snapshot.now)
    notes = unsent_lines(log_refs.record_and_send(context, hotfix.issue, [entry], once=True, always=True))
    if context.repository.flag("hotfix.closeIssue"):
        notes.append(_close_issue(context, hotfix))
    tell(context, hotfix, "close", f"{hotfix.title or hotfix.issue}: nothing is left to do")
    return tuple(notes)


def _close_issue(context: Context, hotfix: Hotfix) -> str:
    """What became of closing the issue by the forge's program; a forge that does not answer stops nobody."""
    remote = context.snapshot.remote
    forge = forge_of(context.repository, remote) if remote else None
    if forge is None or not hotfix.issue.isdecimal():
        return f"issue {hotfix.issue} was not closed: no gh or glab serves this remote, or it is not a number"
    answer = forge.close_issue(hotfix.issue)
    said = f"was not closed: {answer.reason}" if answer.reason else "is closed"
    return f"issue {hotfix.issue} {said}"


def _report(
    context: Context,
    arguments: argparse.Namespace,
    hotfix: Hotfix,
    missing: tuple[Missing, ...],
    code: ExitCode,
    *,
    before: bool,
) -> None:
    streams = context.streams
    if arguments.format == "json":
        body = {"issue": hotfix.issue, "missing": missing_objects(missing), "closed": not missing}
        streams.raw(as_json.document("close", code, body))
        return
    streams.out(text.headline(hotfix))
    if not missing:
        streams.out(f"Hotfix {hotfix.issue} is done" + (", as was recorded before" if before else ""))
        return
    asked = sum(each.id.startswith("answer:") for each in missing)
    for each in missing:
        due = f" (due {local_moment(each.due)}{_late(each.due, context.snapshot.now)})" if each.due is not None else ""
        streams.out(f"  {each.what}{due}")
        streams.out(f"    {each.command}")
    if asked > 1:
        streams.out(f"all {asked} answers at once: {command_line('edit', issue=hotfix.issue)}")
    streams.out(f"then again: {command_line('close', hotfix.issue)}")


def _late(due: int, now: int) -> str:
    return f", {duration_words(now - due)} ago" if due < now else f", in {duration_words(due - now)}"
