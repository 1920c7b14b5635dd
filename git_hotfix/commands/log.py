"""`git hotfix log`: what was recorded of a hotfix, by whom, and what of it was struck out; and to strike out."""

from __future__ import annotations

import argparse
import json
import re
from typing import Any

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.context.open import age_of_view, open_context, recorded_issue, send_records
from git_hotfix.errors import ExitCode, not_recorded
from git_hotfix.git import history
from git_hotfix.model.command_line import command_line
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import TagName
from git_hotfix.model.words import counted, says_something
from git_hotfix.record import log_refs, logbook
from git_hotfix.report import as_json, intoto, record, text
from git_hotfix.report.approvals import name_of
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent
from git_hotfix.verification.release_facts import release_of
from git_hotfix.verification.subject import find_subject

# Why an entry stays, by its kind, and what to do instead.
_STAYS = {
    "start": ("it opens the record", "state the right time: git hotfix mark detected --at TIME"),
    "evidence": ("evidence is never struck out", "what counts is the code as it is: produce it again"),
    "waiver": ("a waiver is never struck out", "take it back: git hotfix waive --withdraw ID"),
    "approval": ("an approval is never struck out", "changed code needs a new one: git hotfix approve"),
    "strike": ("what strikes out is never struck out", "state what was struck out again: git hotfix mark"),
}
_STAYS_TOO = ("only what a person stated is struck out: events, boxes, answers", "what was done stays on record")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `log` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix, by issue or tag; optional on its branch")
    parser.add_argument("--strike", metavar="ENTRY", help="strike this entry out, by its id; it stays to be seen")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why it is struck out")
    parser.add_argument("--fetch", action="store_true", help="fetch first")
    parser.add_argument("--format", choices=("text", "json", "intoto"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the record, or with the entry struck out; 2 for an entry that stays."""
    if arguments.strike is not None:
        return _strike(arguments, streams)
    if arguments.reason:
        raise not_recorded("--reason says why an entry is struck out", "git hotfix log --strike ENTRY --reason TEXT")
    with open_context(streams, view="fetch" if arguments.fetch else "glance") as context:
        issue = recorded_issue(context, arguments.issue)
        if context.snapshot.seen_at == context.snapshot.now:
            context = send_records(context, [issue])
        book = logbook.read(context.git, issue, context.snapshot.refs.logs_of(issue))
        if arguments.format == "json":
            streams.raw(as_json.document("log", ExitCode.DONE, _body(context, book)))
            return ExitCode.DONE
        if arguments.format == "intoto":
            for statement in intoto.statements(book, _release(context, book)):
                streams.raw(json.dumps(statement))
            return ExitCode.DONE
        seen = context.snapshot.remote is None or context.snapshot.seen_at == context.snapshot.now
    if book.entries:
        text.table(streams, record.LOG_HEAD, record.log_rows(book))
    else:
        why = ": its branch was made without git hotfix start" if seen else " in this clone"
        streams.out(f"nothing is recorded of {issue}{why}")
    if age := age_of_view(context, "log", issue):
        streams.out(age)
    return ExitCode.DONE


def _release(context: Context, book: Logbook) -> intoto.Release | None:
    """The release of the hotfix, None while it has no tag here."""
    tags = context.snapshot.refs.tags
    named = [TagName(entry.facts["Tag"]) for entry in reversed(book.of_kind("finish")) if "Tag" in entry.facts]
    tag = next((name for name in named if name in tags), None)
    return release_of(find_subject(context, tag)) if tag else None


def _strike(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Record that an entry does not count any more. Struck out already, it is said, and nothing is recorded."""
    with open_context(streams, view="glance", lock_for="log") as context:
        issue = recorded_issue(context, arguments.issue)
        book = logbook.read(context.git, issue, context.snapshot.refs.logs_of(issue))
        entry = _find_entry(book, arguments.strike)
        before = book.struck.get(entry.oid) if entry.oid else None
        if before is None:
            _refuse(book, entry, arguments.reason)
        facts = {"Strikes": entry.oid or "", "Reason": arguments.reason}
        who = read.writer(context.repository.identity)
        made = Entry("strike", f"strike out {(entry.oid or '')[:10]}: {entry.title}", facts, who, context.snapshot.now)
        new = [] if before else [made]
        reason = log_refs.record_and_send(context, issue, new)
    say_unsent(streams, reason)
    if arguments.format == "json":
        body = {"issue": book.issue, "struck": entry.oid, "recorded": before is None, "sent": reason is None}
        streams.raw(as_json.document("log", ExitCode.DONE, body))
    elif before:
        said = before.facts.get("Reason", "")
        streams.out(f"{arguments.strike} was struck out already by {name_of(before.who)}: {said}")
    else:
        streams.out(f"struck out: {entry.title}, by {name_of(entry.who)}")
    return ExitCode.DONE


def _body(context: Context, book: Logbook) -> dict[str, Any]:
    logs = context.snapshot.refs.logs_of(book.issue)
    ends = logbook.independent_ends(context.git, logs.there, logs.here)
    signed = history.signed_commits(context.git, [entry.oid for entry in book.entries if entry.oid])
    return {
        "issue": book.issue,
        "entries": record.log_objects(book, signed),
        "end": ends[-1] if ends else None,
        "as_of": context.snapshot.seen_at,
    }


def _find_entry(book: Logbook, given: str) -> Entry:
    """The entry whose id begins with `given`. Raises `Failure` (exit 2) for none and for several."""
    way = f"{command_line('log', book.issue)} names them"
    named = given.lower() if re.fullmatch(r"[0-9a-fA-F]{4,64}", given) else None
    found = [entry for entry in book.entries if named and entry.oid and entry.oid.startswith(named)]
    if not found:
        raise not_recorded(f"hotfix {book.issue} has no entry {given}", way)
    if len(found) > 1:
        raise not_recorded(f"{given} begins the ids of {counted(len(found), 'entry', 'entries')}", way)
    return found[0]


def _refuse(book: Logbook, entry: Entry, reason: str) -> None:
    if not entry.stated:
        why, hint = _STAYS.get(entry.kind, _STAYS_TOO)
        raise not_recorded(f"{entry.title}: {why}", hint)
    if not says_something(reason):
        raise not_recorded("to strike an entry out needs a reason", '--reason "…": a word or two, such as mistyped')
