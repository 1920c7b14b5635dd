"""`git hotfix report`: what a hotfix changed, where it is, what was verified and what comes next; and the incident log,
one row a hotfix."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.context.open import open_context
from git_hotfix.documents.paper import Paper
from git_hotfix.errors import ExitCode
from git_hotfix.model.command_line import git_command
from git_hotfix.paper import documents, file
from git_hotfix.paper.documents import Filled, Written, document_object
from git_hotfix.paper.gather import gather, look
from git_hotfix.paper.incident_log import put_row
from git_hotfix.record import log_refs
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `report` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix, by issue or tag; optional on its branch")
    parser.add_argument("--incident-log", action="store_true", help="write its row into the incident log")
    parser.add_argument("--all", action="store_true", help="with --incident-log: the rows of all finished hotfixes")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the report on standard output, or the incident log written."""
    if arguments.incident_log:
        return _log(arguments, streams)
    with open_context(streams, view="known") as context:
        paper = gather(context, look(context, arguments.issue))
        filled = documents.fill(context, paper, "report")
    _show(arguments, streams, [(paper, filled)], Written(text=filled.rendering.text))
    return ExitCode.DONE


def _log(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Write the row of one hotfix, or of each that was finished."""
    with open_context(streams, view="fetch", lock_for="report") as context:
        path = context.snapshot.policy.documents.incident_log
        place = file.place_of(context, path)
        before = text = file.read_text(place)
        names = [tag.name for tag in reversed(context.snapshot.refs.tags.all_finish_tags())] if arguments.all else []
        rows = []
        for given in names or [arguments.issue]:
            paper = gather(context, look(context, given, targets=False))
            filled = documents.fill(context, paper, "incident-log")
            earlier = documents.earlier_renderings(context, paper.hotfix.logbook, "incident-log", path)
            text = put_row(text, {paper.tag or "", paper.hotfix.issue} - {""}, earlier, filled.rendering)
            if not documents.last_is_same(earlier, filled):
                _record(context, paper, filled, path)
            rows.append((paper, filled))
        changed = text != before
        if changed and text is not None:
            file.write_text(place, text)
        _show(arguments, streams, rows, Written(path=path, changed=changed))
    return ExitCode.DONE


def _record(context: Context, paper: Paper, filled: Filled, path: str) -> None:
    """Record the row before the file is written: it is the base of the next writing."""
    entry = documents.written_entry(filled, path, read.writer(context.repository.identity), context.snapshot.now)
    say_unsent(context.streams, log_refs.record_and_send(context, paper.hotfix.issue, [entry], always=True))


def _show(
    arguments: argparse.Namespace, streams: Streams, rows: Sequence[tuple[Paper, Filled]], written: Written
) -> None:
    if arguments.format == "json":
        streams.raw(as_json.document("report", ExitCode.DONE, document_object(*rows[-1], written)))
    elif written.path is None:
        streams.raw(written.text.removesuffix("\n"))
    else:
        streams.out(f"{written.path} {'is written' if written.changed else 'is up to date'}")
        streams.out(f"next: {git_command('add', written.path)}")
