"""`git hotfix postmortem`: write the post-mortem beside what people wrote in it, bring it to develop, or take what they
wrote back into the form."""

from __future__ import annotations

import argparse
import shlex
from typing import Any

from git_hotfix.approvals import read
from git_hotfix.backport.forge import Request, forge_of
from git_hotfix.backport.pull_requests import page_to_open
from git_hotfix.context import Context
from git_hotfix.context.open import look_again, open_context
from git_hotfix.documents.merge import MergedDocument, merge_document
from git_hotfix.documents.paper import Paper
from git_hotfix.documents.taken import read_values
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.form.answers import read_answer
from git_hotfix.git import history, refs, worktrees
from git_hotfix.model import form
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.logbook import message_of
from git_hotfix.model.names import BranchName, Oid, branch_ref, short
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.words import one_line
from git_hotfix.paper import documents, file
from git_hotfix.paper.documents import Filled, Written, document_object
from git_hotfix.paper.gather import gather, look
from git_hotfix.paper.written import post_mortem_path
from git_hotfix.record import chain, log_refs, logbook
from git_hotfix.record.statements import answer_entries
from git_hotfix.report import as_json
from git_hotfix.report.documents import say_gaps
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent
from git_hotfix.runs.transport import transport_of

_TRIES = 3  # how often develop may move between look and push


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `postmortem` understands."""
    parser.add_argument("hotfix", nargs="?", help="its tag or issue; optional on its branch")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--commit", action="store_true", help="commit it on develop on the remote, or offer it there")
    way.add_argument("--take", action="store_true", help="take what people wrote in the file back into the form")
    way.add_argument("--print", dest="show", action="store_true", help="print it, and write nothing")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the file written, or on develop; 2 where there is no hotfix or its file cannot be written; 4 where a
    pull request is left for a person."""
    view, lock = ("known", None) if arguments.show else ("fetch", "postmortem")
    with open_context(streams, view=view, lock_for=lock) as context:  # type: ignore[arg-type]
        paper = gather(context, look(context, arguments.hotfix))
        filled = documents.fill(context, paper, "postmortem")
        if arguments.show:
            _report(context, arguments, paper, filled, Written(text=filled.rendering.text))
            return ExitCode.DONE
        if paper.tag is None:
            raise Failure("the hotfix has no tag yet", hint="git hotfix finish", code=ExitCode.USAGE)
        path = post_mortem_path(context, paper.hotfix.issue, paper.tag)
        if arguments.take:
            return _take(context, arguments, paper, path)
        if arguments.commit:
            return _commit(context, arguments, paper, filled, path)
        return _write(context, arguments, paper, filled, path)


def _write(context: Context, arguments: argparse.Namespace, paper: Paper, filled: Filled, path: str) -> ExitCode:
    place = file.place_of(context, path)
    before = file.read_text(place)
    merged = _merge(context, paper, filled, path, before)
    changed = merged.text != before
    _record(context, paper, filled, path)
    if changed:
        file.write_text(place, merged.text)
    _report(context, arguments, paper, filled, Written(path, changed=changed, merged=merged))
    return ExitCode.DONE


def _merge(context: Context, paper: Paper, filled: Filled, path: str, before: str | None) -> MergedDocument:
    """The new text beside what people wrote."""
    earlier = documents.earlier_renderings(context, paper.hotfix.logbook, "postmortem", path)
    return merge_document(filled.rendering.text if before is None else before, earlier, filled.rendering)


def _record(context: Context, paper: Paper, filled: Filled, path: str, *, blob: Oid | None = None) -> None:
    """Record what is written before it is written: the base of the next writing."""
    earlier, who = documents.earlier_renderings(context, paper.hotfix.logbook, "postmortem", path), _writer(context)
    if documents.last_is_same(earlier, filled) and (
        blob is None or blob in documents.committed_by(paper.hotfix.logbook, "postmortem", path, who)
    ):
        return
    entry = documents.written_entry(filled, path, who, context.snapshot.now, blob=blob)
    say_unsent(context.streams, log_refs.record_and_send(context, paper.hotfix.issue, [entry], always=True))


def _writer(context: Context) -> str:
    return read.writer(context.repository.identity)


def _commit(context: Context, arguments: argparse.Namespace, paper: Paper, filled: Filled, path: str) -> ExitCode:
    """Bring the post-mortem to develop (production for a team without one): directly, else by a pull request. Where
    develop moved meanwhile it is written on what stands there now."""
    for attempt in range(_TRIES):
        context = look_again(context) if attempt else context
        branch = context.snapshot.develop or context.snapshot.production
        tip = context.snapshot.refs.branches[branch]
        merged = _text_to_commit(context, paper, filled, path, branch)
        if merged.text == file.read_at(context, tip, path):
            _report(context, arguments, paper, filled, Written(path, ref=branch_ref(branch), merged=merged))
            return ExitCode.DONE
        tree = file.tree_with(context, tip, path, merged.text)
        _record(context, paper, filled, path, blob=file.blob_at(context, tree, path))
        made = file.commit_tree(context, tip, tree, _commit_message(context, paper))
        transport = transport_of(context.repository, context.snapshot, verify=True)
        answer = transport.push([RefUpdate(branch_ref(branch), tip, made)], atomic=False, tier=2)
        result = answer.results[branch_ref(branch)]
        if result.status != "stale":
            break
    if answer.accepted:
        _report(context, arguments, paper, filled, Written(path, None, branch_ref(branch), True, merged))
        if _is_untracked(context, path):
            words = f"before {branch} is merged here, rm {shlex.quote(path)}"
            context.streams.say(f"git writes over no file that it does not know: {words}")
        return ExitCode.DONE
    context.streams.say(f"{branch} took no push: {result.reason}")
    name = BranchName(f"postmortem/{(paper.tag or paper.hotfix.issue).replace('/', '-')}")
    url = _offer(context, paper, name, branch, made)
    _report(context, arguments, paper, filled, Written(path, url, branch_ref(name), True, merged))
    if url is None:
        context.streams.say(f"next: merge {name} into {branch}")
    return ExitCode.OPEN


def _text_to_commit(context: Context, paper: Paper, filled: Filled, path: str, branch: BranchName) -> MergedDocument:
    """The new text beside what people wrote in the file here, which holds what they wrote on the branch.

    Raises `Failure` (exit 2) where a line of people on the branch would be lost: the file here may be older.
    """
    tip, git = context.snapshot.refs.branches[branch], context.git
    there = file.read_at(context, tip, path)
    here = file.read_text(file.place_of(context, path)) if context.repository.top else None
    if here is None or there is None or here == there:
        return _merge(context, paper, filled, path, there if here is None else here)
    head = history.resolve(git, "HEAD")
    begun = file.read_at(context, head, path) if head else None
    if begun == here:  # nobody has changed it here
        return _merge(context, paper, filled, path, there)
    merged = _merge(context, paper, filled, path, here)
    ours = documents.committed_by(paper.hotfix.logbook, "postmortem", path, _writer(context))
    if begun != there and file.blob_at(context, tip, path) not in ours:
        _refuse_loss(context, paper, filled, path, branch, lost=set(there.split("\n")) - set(merged.text.split("\n")))
    return merged


def _refuse_loss(
    context: Context, paper: Paper, filled: Filled, path: str, branch: BranchName, *, lost: set[str]
) -> None:
    earlier = documents.earlier_renderings(context, paper.hotfix.logbook, "postmortem", path)
    known = {line for one in (*earlier, filled.rendering) for line in one.text.split("\n")}
    theirs = sorted(line.strip() for line in lost - known if line.strip())
    if theirs:
        place = shlex.quote(path)
        shown = git_command("show", f"{context.snapshot.refs.branches[branch][:10]}:{path}")
        raise Failure(
            f"{branch} has lines of people that {path} here has not: {one_line(theirs[0])[:80]}",
            hint=f"add them here: {shown}\nor begin with that one: {shown} >{place}",
            code=ExitCode.USAGE,
            unchanged="nothing was written",
        )


def _commit_message(context: Context, paper: Paper) -> str:
    """The message of the commit, which says where the logbook ended: what was recorded since the tag is bound by it."""
    issue = paper.hotfix.issue
    logs = refs.read_logs(context.repository.git, issue)
    ends = logbook.independent_ends(context.git, logs.there, logs.here)
    facts = chain.anchor_facts(context.git, issue, ends)
    return message_of(f"Write the post-mortem of {paper.tag}", {chain.ANCHORED_TAG: paper.tag or "", **facts})


def _is_untracked(context: Context, path: str) -> bool:
    """True for a file of the working tree that git does not know: a merge that brings it stops there."""
    if context.repository.top is None:
        return False
    words = ("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", f":(top,literal){path}")
    return worktrees.enter(context.repository, context.repository.top).run(*words, check=False).out.startswith(b"??")


def _offer(context: Context, paper: Paper, name: BranchName, branch: BranchName, made: Oid) -> str | None:
    """Push the commit on a branch of its own, and open the pull request, or name the page where a person does; None
    where there is no such page."""
    snapshot = context.snapshot
    there = snapshot.refs.branches.get(name)
    transport = transport_of(context.repository, snapshot, verify=True)
    answer = transport.push([RefUpdate(branch_ref(name), there, made)], atomic=False, tier=2)
    if not answer.accepted:
        raise Failure(f"{name} was not pushed: {answer.results[branch_ref(name)].reason}",
                      hint="git hotfix postmortem writes the file; commit it as your team does")  # fmt: skip
    if snapshot.remote is None:
        return None
    title = f"Post-mortem of {paper.tag}"
    forge = forge_of(context.repository, snapshot.remote)
    if forge:
        opened = forge.open_request(Request(name, branch, title, f"The post-mortem of hotfix {paper.hotfix.issue}."))
        if opened.page:
            return opened.page
        context.streams.say(opened.reason)
    return page_to_open(snapshot.remote.url, name, branch)


def _take(context: Context, arguments: argparse.Namespace, paper: Paper, path: str) -> ExitCode:
    """Answers that people changed in the file become answers of the form; what no answer can be is named."""
    text = file.read_text(file.place_of(context, path))
    if text is None:
        raise Failure(f"there is no {path} here", hint="git hotfix postmortem", code=ExitCode.USAGE)
    earlier = documents.earlier_renderings(context, paper.hotfix.logbook, "postmortem", path)
    values, taken = read_values(text, earlier), dict[str, str]()
    for id, value in values.items():
        field = form.BY_ID.get(id.partition("/")[0].partition("~")[0])
        if field is None or "/" in id:
            continue
        try:
            answer = read_answer(field, value)
        except ValueError as error:
            context.streams.say(f"{id} is not taken: {error}")
            continue
        if answer != paper.statements.value(field.id):
            taken[field.id] = answer
    if taken:
        who = read.writer(context.repository.identity)
        entries = answer_entries(taken, who, context.snapshot.now)
        say_unsent(context.streams, log_refs.record_and_send(context, paper.hotfix.issue, entries, always=True))
    if arguments.format == "json":
        body: dict[str, Any] = {"issue": paper.hotfix.issue, "taken": sorted(taken)}
        context.streams.raw(as_json.document("postmortem", ExitCode.DONE, body))
    else:
        context.streams.out(f"taken: {', '.join(sorted(taken))}" if taken else "nothing in it differs from the form")
    return ExitCode.DONE


def _report(context: Context, arguments: argparse.Namespace, paper: Paper, filled: Filled, written: Written) -> None:
    streams, path = context.streams, written.path
    if arguments.format == "json":
        streams.raw(as_json.document("postmortem", ExitCode.DONE, document_object(paper, filled, written)))
        return
    if path is None:
        streams.raw(written.text.removesuffix("\n"))
        return
    if written.page or written.ref:
        open_it = f"open this pull request: {written.page}"
        streams.out(open_it if written.page else f"{path} is on {short(written.ref or '')}")
    else:
        streams.out(f"{path} {'is written' if written.changed else 'is up to date'}")
        streams.out(f"next: {git_command('add', path)}, or git hotfix postmortem --commit")
    for id in written.dropped:
        streams.say(f"somebody deleted it there, and it stays deleted: {id}")
    gaps = [id for id in filled.gaps if id not in written.dropped]
    say_gaps(streams, gaps, command_line("edit", issue=paper.hotfix.issue))
