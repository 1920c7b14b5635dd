"""`git hotfix pr`: the text of the pull request to production, printed, opened with, or brought up to date."""

from __future__ import annotations

import argparse

from git_hotfix.backport.forge import Forge, OpenRequest, Request, forge_of
from git_hotfix.backport.pull_requests import page_to_open, title
from git_hotfix.context import Context
from git_hotfix.context.open import open_context
from git_hotfix.documents.merge import merge_document
from git_hotfix.documents.paper import Paper
from git_hotfix.errors import NOT_RECORDED, ExitCode, Failure
from git_hotfix.form.required import refusal
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.names import branch_ref
from git_hotfix.paper import documents
from git_hotfix.paper.documents import Filled, Written, document_object
from git_hotfix.paper.gather import gather, look
from git_hotfix.paper.pull_request import fitting, record_page
from git_hotfix.report import as_json
from git_hotfix.report.documents import say_gaps
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `pr` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--template", metavar="TEMPLATE", help="standard, extended, or a path on production")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--create", action="store_true", help="open the pull request by gh or glab")
    way.add_argument("--update", action="store_true", help="bring its text up to date beside what people changed there")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the text on standard output or on the forge; 1 where answers are missing that it needs, 3 where the
    forge refused, 4 where a person has to open the page."""
    acts = arguments.create or arguments.update
    with open_context(streams, view="fetch" if acts else "known", lock_for="pr" if acts else None) as context:
        paper = gather(context, look(context, arguments.issue))
        filled = documents.fill(context, paper, "pr", template=arguments.template)
        if not acts:
            return _show(
                streams,
                arguments,
                paper,
                filled,
                Written(ref=branch_ref(paper.hotfix.branch), text=filled.rendering.text),
            )
        return _act(context, arguments, paper, filled)


def _act(context: Context, arguments: argparse.Namespace, paper: Paper, filled: Filled) -> ExitCode:
    hotfix, snapshot = paper.hotfix, context.snapshot
    # What is broken, and how the fix is taken back, is said before somebody is asked to review it.
    if arguments.create and (silent := refusal(snapshot.policy, hotfix, "pr --create")):
        raise silent
    if snapshot.refs.branches.get(hotfix.branch) != hotfix.tip:
        place = snapshot.remote.name if snapshot.remote else "the remote"
        push = git_command("push", place, hotfix.branch)
        raise Failure(f"{place} does not have {hotfix.branch} as it is here", hint=push, code=ExitCode.USAGE)
    forge = forge_of(context.repository, snapshot.remote) if snapshot.remote else None
    if forge is None:
        page = page_to_open(snapshot.remote.url, hotfix.branch, hotfix.production) if snapshot.remote else None
        if arguments.create and page:
            return _leave_to_people(context.streams, arguments, paper, filled, page)
        raise Failure("no gh or glab serves this remote", hint="git hotfix pr prints the text", code=ExitCode.USAGE)
    there = forge.find_request(hotfix.branch, hotfix.production)
    if there.reason:
        raise Failure(there.reason, hint="git hotfix pr prints the text")
    if not there.number:
        if arguments.update:
            raise Failure(f"{hotfix.branch} has no open pull request to {hotfix.production}",
                          hint="git hotfix pr --create", code=ExitCode.USAGE)  # fmt: skip
        return _open(context, arguments, paper, filled, forge)
    return _update(context, arguments, paper, filled, forge, there)


def _leave_to_people(
    streams: Streams, arguments: argparse.Namespace, paper: Paper, filled: Filled, page: str
) -> ExitCode:
    """The text, and the page where a person opens the pull request with it."""
    written = Written(page=page, ref=branch_ref(paper.hotfix.branch), text=fitting(filled.rendering.text))
    _show(streams, arguments, paper, filled, written, code=ExitCode.OPEN)
    streams.say(f"no gh or glab serves this remote; open the pull request with this text: {page}")
    return ExitCode.OPEN


def _open(context: Context, arguments: argparse.Namespace, paper: Paper, filled: Filled, forge: Forge) -> ExitCode:
    hotfix, wishes = paper.hotfix, context.snapshot.policy.documents
    request = Request(
        hotfix.branch, hotfix.production, title(hotfix), fitting(filled.rendering.text),
        labels=wishes.labels, reviewers=wishes.reviewers, assignees=wishes.assignees,
    )  # fmt: skip
    answer = forge.open_request(request)
    if answer.reason:
        raise Failure(answer.reason, hint="git hotfix pr prints the text", unchanged=NOT_RECORDED)
    if wishes.auto_merge and (made := forge.find_request(hotfix.branch, hotfix.production)).number:
        merging = forge.merge_when_ready(made.number)
        if merging.reason:
            context.streams.say(f"the forge does not merge it by itself: {merging.reason}")
    _record(context, paper, filled, answer.page)
    written = Written(page=answer.page, ref=branch_ref(hotfix.branch), changed=True)
    return _show(context.streams, arguments, paper, filled, written)


def _update(
    context: Context, arguments: argparse.Namespace, paper: Paper, filled: Filled, forge: Forge, there: OpenRequest
) -> ExitCode:
    """People tick boxes and write in the browser: what they wrote there stays."""
    earlier = documents.earlier_renderings(context, paper.hotfix.logbook, "pr", there.page)
    merged = merge_document(there.body, earlier, filled.rendering)
    changed = merged.text != there.body
    if changed:
        answer = forge.edit_request(there.number, fitting(merged.text))
        if answer.reason:
            raise Failure(answer.reason, hint="git hotfix pr prints the text", unchanged=NOT_RECORDED)
    if not documents.last_is_same(earlier, filled):
        _record(context, paper, filled, there.page)
    written = Written(page=there.page, ref=branch_ref(paper.hotfix.branch), changed=changed, merged=merged)
    return _show(context.streams, arguments, paper, filled, written)


def _record(context: Context, paper: Paper, filled: Filled, page: str) -> None:
    say_unsent(context.streams, record_page(context, paper.hotfix, filled, page), "the pull request")


def _show(
    streams: Streams,
    arguments: argparse.Namespace,
    paper: Paper,
    filled: Filled,
    written: Written,
    *,
    code: ExitCode = ExitCode.DONE,
) -> ExitCode:
    if arguments.format == "json":
        streams.raw(as_json.document("pr", code, document_object(paper, filled, written)))
        return code
    if written.text:
        streams.raw(written.text.removesuffix("\n"))
    elif written.page:
        streams.out(f"{written.page} {'was written' if written.changed else 'is up to date'}")
    for id in written.dropped:
        streams.say(f"somebody deleted it there, and it stays deleted: {id}")
    say_gaps(streams, filled.gaps, command_line("edit", issue=paper.hotfix.issue))
    return code
