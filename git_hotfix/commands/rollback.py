"""`git hotfix rollback`: a new hotfix that reverts a bad one, checked in memory, ready to finish."""

from __future__ import annotations

import argparse

from git_hotfix.context import Context
from git_hotfix.context.open import look_again, open_context, require_whole
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.evidence.occasions import run_on
from git_hotfix.git import refs
from git_hotfix.git.repository import open_repository
from git_hotfix.hotfix import base_tag, opening
from git_hotfix.hotfix.base_tag import StartingPoint
from git_hotfix.hotfix.find import at_tip, from_tag, line_tags
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import Entry, trailers_of
from git_hotfix.model.names import IssueId, Oid, TagName, branch_ref
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.words import one_line
from git_hotfix.notify.tell import tell
from git_hotfix.record import log_refs
from git_hotfix.release import revert
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.runs import intents
from git_hotfix.runs.intents import Intent
from git_hotfix.snapshot import find_remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `rollback` understands."""
    parser.add_argument("tag", nargs="?", metavar="TAG", help="the bad hotfix's tag; default: the newest hotfix's")
    parser.add_argument("--issue", metavar="NAME", help="what the new hotfix is named after; else revert-<tag>")
    parser.add_argument("-m", "--title", default="", help="why, in one line")
    parser.add_argument("--format", choices=("text", "json"), default="text")


@frozen
class _Rollback:
    """A hotfix that reverts a bad one: what it is named after, the bad hotfix and its tag, and where it starts."""

    issue: IssueId
    bad: Hotfix
    tag: Tag
    base: StartingPoint


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the branch made; 4 when the revert conflicts, 2 when refused, 3 when the clone or the remote cannot
    serve, nothing changed. No working tree is touched: nothing is left to write there."""
    repository = open_repository()
    require_whole(repository, find_remote(repository))
    with open_context(streams, view="fetch", lock_for="rollback", repository=repository) as context:
        tag = _bad_tag(context.snapshot, arguments.tag)
        bad = from_tag(context.git, context.snapshot, tag)
        issue = opening.issue_of(context.snapshot, arguments.issue or f"revert-{tag.name.replace('/', '-')}")
        base = _starting_point(context, bad)
        rollback = _Rollback(issue, bad, tag, base)
        done = next((intent for intent in context.carried if _is_of(intent, issue)), None)
        if done and done.new:  # a killed run made it
            title = done.entry.facts.get("Title", "") if done.entry else ""
            return _report(context, arguments, rollback, done.new, title)
        opening.refuse_existing(context.git, context.snapshot, issue)
        reverted = revert.plan_revert(context.git, bad, base.tag.commit)
        _refuse_again(tag, reverted, given=bool(arguments.tag))
        if reverted.nothing:
            raise Failure(
                f"{base.tag.name}, the newest tag of {base.line}, no longer contains anything of {tag.name}",
                hint=f"roll back another one: {command_line('rollback', *_names(context.snapshot))}",
                code=ExitCode.USAGE,
            )
        if reverted.conflicts:
            raise _conflict(context, rollback, reverted)
        title = one_line(arguments.title) or f"Revert {tag.name}" + (f": {bad.title}" if bad.title else "")
        new = revert.write(context, tag, reverted, base.tag.commit, title)
        _make(context, rollback, new, title)
        code = _report(context, arguments, rollback, new, title)
    run_on(repository, streams, "rollback", issue)
    return code


def _is_of(intent: Intent, issue: IssueId) -> bool:
    return (intent.command, intent.issue) == ("rollback", issue)


def _report(context: Context, arguments: argparse.Namespace, rollback: _Rollback, new: Oid, title: str) -> ExitCode:
    streams, issue, tag, base = context.streams, rollback.issue, rollback.tag, rollback.base
    subject = at_tip(context.git, look_again(context).snapshot, issue, new)
    tell(context, subject, "rollback", f"a hotfix that reverts {tag.name} is ready: {title}")
    command = command_line("finish", issue)
    if arguments.format == "json":
        reverts = {"tag": tag.name, "issue": rollback.bad.issue}
        body = {"hotfix": as_json.hotfix(subject), "reverts": reverts, "next": [command]}
        streams.raw(as_json.document("rollback", ExitCode.DONE, body))
        return ExitCode.DONE
    streams.out(f"{subject.branch} reverts {tag.name}, from {base.tag.name}: {new[:10]} {title}")
    streams.out(f"it goes to {base.line} only; decide about each other branch afterwards")
    streams.out(f"next: {command}")
    return ExitCode.DONE


def _bad_tag(snapshot: Snapshot, given: str | None) -> Tag:
    """The tag to take back: the one that was named, else the newest production tag that `finish` made.

    Raises `Failure` (exit 2) where there is none, and for a release: that is not a hotfix.
    """
    if given:
        tag = snapshot.refs.tags.get(TagName(given.removeprefix("refs/tags/")))
        if tag is None:
            raise Failure(
                f"there is no tag {given} on the remote",
                hint=command_line("rollback", *_names(snapshot)),
                code=ExitCode.USAGE,
            )
    else:
        made = [tag for tag in snapshot.production_tags if tag.trailer("Hotfix-Issue")]
        tag = made[0] if made else snapshot.newest_tag
    if tag is None:
        raise Failure("there is no production tag to roll back", hint="git hotfix doctor", code=ExitCode.USAGE)
    if not tag.trailer("Hotfix-Issue"):
        raise _not_a_hotfix(snapshot, tag)
    return tag


def _refuse_again(tag: Tag, reverted: revert.Revert, *, given: bool) -> None:
    """A rollback of a rollback brings the bad fix again: that has to be asked for by name."""
    before = next(
        (name for each in reverted.reverted if (name := trailers_of(each.message).get("Hotfix-Reverts"))), None
    )
    if before and not given:
        raise Failure(
            f"{tag.name} is itself a rollback: it reverted {before}",
            hint=f"to bring {before} again: {command_line('rollback', tag.name)}\n"
            "to roll back another one, name it: git hotfix rollback <tag>",
            code=ExitCode.USAGE,
        )


def _names(snapshot: Snapshot) -> list[TagName]:
    """The newest hotfix's tag, where there is one."""
    made = [tag.name for tag in snapshot.production_tags if tag.trailer("Hotfix-Issue")]
    return made[:1]


def _not_a_hotfix(snapshot: Snapshot, tag: Tag) -> Failure:
    """What can and cannot be done about a tag that no `finish` made."""
    tags = [each for each in snapshot.production_tags if each.commit != tag.commit]
    names = [each.name for each in snapshot.production_tags]
    older = [each for each in tags if tag.name in names and names.index(each.name) > names.index(tag.name)]
    hints = []
    if older:
        again = command_line("start", Placeholder("<issue>"), from_=older[0].name)
        hints.append(f"deploy {older[0].name} again, and fix what ran there: {again}")
    hints.append(
        "or start a hotfix and revert in it just what is bad: git hotfix start <issue>, then git revert <commit>"
    )
    return Failure(
        f"{tag.name} was not made by git hotfix: nothing records where its change begins, so it cannot "
        "be reverted as one",
        hint="\n".join(hints),
        code=ExitCode.USAGE,
    )


def _starting_point(context: Context, bad: Hotfix) -> StartingPoint:
    """The newest production tag of the line that the bad hotfix went to: what it is taken out of is what runs now."""
    snapshot = context.snapshot
    if bad.production == snapshot.production:
        return base_tag.choose(context.git, snapshot, None)
    newest = line_tags(context.git, snapshot, bad.production)[0]
    return StartingPoint(newest, bad.production, newest.name, chosen=True)


def _conflict(context: Context, rollback: _Rollback, reverted: revert.Revert) -> Failure:
    tag, base, issue = rollback.tag, rollback.base, rollback.issue
    files = "\n".join(f"  {each.path} ({each.kind})" for each in reverted.conflicts)
    start = command_line("start", issue, from_=base.chosen and base.tag.name)
    by_hand = revert.revert_command(context.git, rollback.bad, tag)
    return Failure(
        f"what came after {tag.name} changed the same lines: reverting it from {base.tag.name} conflicts in\n{files}",
        hint=f"solve it by hand: {start} && {by_hand}\nthen: {command_line('finish', issue)}",
        code=ExitCode.OPEN,
        unchanged=UNCHANGED,
    )


def _make(context: Context, rollback: _Rollback, new: Oid, title: str) -> None:
    """The logbook, then the branch, with the entry of a killed run where one had recorded it."""
    repository, issue = context.repository, rollback.issue
    branch = context.snapshot.hotfix_branch(issue)
    said = opening.Opening(title, rollback.bad.severity, reverts=rollback.tag.name)
    entry = opening.start_entry(issue, rollback.base, said)
    begun = intents.find(repository.common_dir, "rollback", issue)
    if begun and begun.entry and _without_times(begun.entry) == _without_times(entry):
        entry = begun.entry
    intent = Intent("rollback", issue, branch, None, new, entry)
    intents.write(repository.common_dir, intent)
    log_refs.record_entries(context, issue, [entry], once=True)
    refs.update(repository.git, [RefUpdate(branch_ref(branch), None, new)], reason="git hotfix rollback")
    intents.close(repository.common_dir, intent)


def _without_times(entry: Entry) -> dict[str, str]:
    return {key: value for key, value in entry.facts.items() if key not in ("Detected", "Started")}
