"""`git hotfix start`: a branch at the production tag, and a logbook that says when and why."""

from __future__ import annotations

import argparse
from pathlib import Path

from git_hotfix.commands import start_gate
from git_hotfix.context import Context, interrupted_runs
from git_hotfix.context.open import open_context, require_whole
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.evidence.occasions import run_on
from git_hotfix.git import half_switch, history, worktrees
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.git.run import GitResult
from git_hotfix.git.upstream import follow
from git_hotfix.hotfix import claimed_tags, opening
from git_hotfix.hotfix.base_tag import StartingPoint
from git_hotfix.hotfix.find import at_tip
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName, branch_ref
from git_hotfix.model.prefixes import is_prefix
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.notify.tell import tell
from git_hotfix.questions import package, starting_place, tag_name
from git_hotfix.questions.tag_name import Start
from git_hotfix.record import log_refs
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.runs import intents
from git_hotfix.runs.intents import Intent
from git_hotfix.runs.transport import transport_of
from git_hotfix.snapshot import find_remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `start` understands."""
    parser.add_argument("issue", help="the issue that the hotfix is named after: 77, or hotfix/77")
    parser.add_argument("-m", "--title", default="", help="what is broken, in one line")
    parser.add_argument("--from", dest="base", metavar="TAG", help="start at this tag instead of the newest")
    parser.add_argument("--package", metavar="NAME", help="start at the newest release of this package")
    parser.add_argument("--tag", metavar="NAME", help="the name of the hotfix tag; finish takes it")
    parser.add_argument("--severity", choices=("P0", "P1", "P2"), default="P1", help="P0 outage, P1 major, P2 minor")
    parser.add_argument("--detected", metavar="TIME", help="when it was seen: 20m ago, 21:05, or ISO 8601")
    parser.add_argument("--ticket", metavar="URL", default="", help="where the incident is tracked")
    parser.add_argument("--worktree", nargs="?", const="", metavar="PATH", help="work in a new worktree; not this one")
    parser.add_argument("--push", action="store_true", help="push the branch, so that others can join")
    parser.add_argument("--no-fetch", action="store_true", help="do not fetch; use what is known of the remote")
    parser.add_argument("--format", choices=("text", "json"), default="text")


@frozen
class _NewHotfix:
    """The hotfix that was begun, where it starts and what its tag will be, and the worktree that was made for it."""

    hotfix: Hotfix
    start: Start
    worktree: Path | None


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the branch made; 2 when refused, 3 when the clone or the remote cannot serve, nothing changed."""
    arguments.title = " ".join(arguments.title.split())
    detected = opening.time_said(arguments.detected, "--detected")
    repository = open_repository()
    _refuse_places(repository, worktree=arguments.worktree is not None)
    require_whole(repository, find_remote(repository))
    view = "known" if arguments.no_fetch else "fetch"
    with open_context(streams, view=view, lock_for="start", repository=repository) as context:  # type: ignore[arg-type]
        started = None if starting_place.is_other_remote(context) else _start(context, arguments, detected)
        if started:
            start_gate.offer(context, started.start.base.tag, started.worktree)
            titled = f": {arguments.title}" if arguments.title else ""
            tell(context, started.hotfix, "start", f"a hotfix of {started.start.base.tag.name} was started{titled}")
    if started is None:  # over the remote that was named, and is remembered
        return run(arguments, streams)
    _report(arguments, streams, started)
    run_on(repository, streams, "start", started.hotfix.issue)
    return ExitCode.DONE


def _report(arguments: argparse.Namespace, streams: Streams, started: _NewHotfix) -> None:
    base = started.start.base
    if arguments.format == "json":
        body = {**as_json.hotfix(started.hotfix), "base_tag": base.tag.name, "base": base.tag.commit}
        body |= {
            "tag": started.start.tag,
            "title": arguments.title,
            "severity": arguments.severity,
            "production": branch_ref(base.line),
        }
        worktree = str(started.worktree) if started.worktree else None
        streams.raw(as_json.document("start", ExitCode.DONE, {"hotfix": body, "worktree": worktree}))
    else:
        _tell(streams, started)


def _start(context: Context, arguments: argparse.Namespace, detected: int | None) -> _NewHotfix:
    snapshot = context.snapshot
    issue = opening.issue_of(snapshot, arguments.issue)
    begun = _find_begun(context, issue)
    if begun:
        return _carry_on(context, arguments, begun)
    opening.refuse_existing(context.git, snapshot, issue)
    base = package.starting_point_of(context, issue, arguments.base, arguments.package)
    for name in () if base.chosen else claimed_tags.find(snapshot.refs, base.line, snapshot.policy, base.tag):
        context.streams.say(f"note: {claimed_tags.says(name, base.line)}")
    start = tag_name.choose_name(context, issue, starting_place.released_base(context, issue, base), arguments.tag)
    base = start.base
    _say_doubts(context, base)
    context.repository.identity  # noqa: B018 - who writes the logbook has to be known before anything is made
    path = _worktree_place(context, issue, arguments.worktree)
    said = opening.Opening(
        arguments.title,
        arguments.severity,
        detected,
        ticket=arguments.ticket,
        tag=start.tag if start.told else "",
    )
    entry = opening.start_entry(issue, base, said)
    head = history.resolve(context.repository.git, "HEAD") or ""
    branch, at = snapshot.hotfix_branch(issue), str(path) if path else ""
    words = {"tag": start.tag, "head": head}
    intent = Intent("start", issue, branch, None, base.tag.commit, entry, push=arguments.push, place=at, words=words)
    intents.write(context.repository.common_dir, intent)
    try:
        _switch(context, issue, base.tag, path)
    except Failure:
        intents.close(context.repository.common_dir, intent)
        raise
    _record(context, intent, base.tag)
    return _NewHotfix(at_tip(context.git, snapshot, issue, base.tag.commit, branch=branch), start, path)


def _say_doubts(context: Context, base: StartingPoint) -> None:
    """What was chosen between equals, and what a setting says that cannot be."""
    if base.others:
        others = ", ".join(base.others)
        context.streams.say(f"note: {base.line} is production for {base.tag.name}; {others} could be it as well")
    for key in ("hotfix.prefix", "gitflow.prefix.hotfix"):
        for value in context.repository.config.get(key, ()):
            if not is_prefix(value):
                context.streams.say(f"note: {key}: {value!r} can begin no branch name and is not used")


def _record(context: Context, intent: Intent, tag: Tag) -> None:
    """The entry and the push, once the branch stands."""
    assert intent.entry
    log_refs.record_entries(context, intent.issue, [intent.entry], once=True)
    if intent.push:
        _push(context, intent.issue, tag)
    intents.close(context.repository.common_dir, intent)


def _find_begun(context: Context, issue: IssueId) -> Intent | None:
    """What a killed start of `issue` had begun, where its branch exists; one that had made no branch is forgotten."""
    begun = intents.find(context.repository.common_dir, "start", issue)
    if begun and begun.branch in context.snapshot.refs.local:
        return begun
    if begun:
        interrupted_runs.forget(context, begun)
    return None


def _carry_on(context: Context, arguments: argparse.Namespace, begun: Intent) -> _NewHotfix:
    """The start that was killed, brought to its end as it was said: its title, severity, times, place and push."""
    snapshot, entry = context.snapshot, begun.entry
    assert entry and begun.new
    facts = entry.facts
    tag = snapshot.refs.tags.get(TagName(facts["Base-Tag"]))
    if tag is None:
        raise Failure(
            f"the start of {begun.issue} was interrupted, and its tag {facts['Base-Tag']} does not exist any more",
            hint=f"give that branch up: {command_line('abandon', begun.issue)}",
            code=ExitCode.USAGE,
        )
    base = StartingPoint(tag, BranchName(facts["Production"]), TagName(facts["Newest-Tag"]), chosen="From" in facts)
    arguments.title, arguments.severity = facts.get("Title", ""), facts["Severity"]
    said = f"{arguments.severity}, {arguments.title}" if arguments.title else arguments.severity
    context.streams.say(f"the start of {begun.issue} was interrupted; carrying on as it was said then: {said}")
    path = _stand_on_branch(context, begun)
    _record(context, replace(begun, push=begun.push or arguments.push), tag)
    start = Start(base, TagName(begun.words["tag"]), "Tag" in facts)
    tip = snapshot.refs.local[begun.branch]
    return _NewHotfix(at_tip(context.git, snapshot, begun.issue, tip, branch=begun.branch), start, path)


def _stand_on_branch(context: Context, begun: Intent) -> Path | None:
    """Stand on the branch that a killed start had made, here or in the worktree that it was making."""
    repository, branch = context.repository, begun.branch
    held = context.snapshot.refs.worktrees.get(branch)
    if begun.place:
        place = Path(begun.place)
        if held and Path(held) == place and worktrees.is_being_made(repository, place):
            worktrees.remove(repository, place)  # some of its files were written, by git alone
            held = None
        if held is None:
            worktrees.add(repository.git, place, branch, made=True)
        return place
    if held is not None:
        return None
    head, tip = begun.words.get("head", ""), begun.new
    if head and tip and head == history.resolve(repository.git, "HEAD"):
        half_switch.restore(repository, repository.git, Oid(head), tip, since=begun.began)
    answer = repository.git.run("switch", "--quiet", branch, check=False)
    if answer.code != 0:
        raise Failure(
            f"git cannot switch to {branch}: {answer.explanation}",
            hint=_way_out(answer, "put this work away: git stash -u, then run the same command again"),
            code=ExitCode.USAGE,
        )
    return None


def _refuse_places(repository: Repository, *, worktree: bool) -> None:
    if repository.top is None:
        raise Failure(
            "this is a bare repository: there is nowhere to work",
            hint="clone it, and start there",
            code=ExitCode.USAGE,
        )
    half_done = repository.under_way()
    if half_done and not worktree:
        what, end = half_done
        raise Failure(
            f"{what} is in progress here",
            hint=f"keep it as it is: git hotfix start … --worktree\nor end it: {end}",
            code=ExitCode.USAGE,
        )


def _worktree_place(context: Context, issue: IssueId, worktree: str | None) -> Path | None:
    """Where the worktree is to stand, None for this one. Raises `Failure` (exit 2), before anything is made."""
    repository = context.repository
    assert repository.top
    if worktree is not None:
        path = Path(worktree) if worktree else repository.top.with_name(f"{repository.top.name}-hotfix-{issue}")
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            hint = "name another place: --worktree PATH"
            raise Failure(f"{path} exists already", hint=hint, code=ExitCode.USAGE)
        return path.absolute()
    loose = context.snapshot.head is None and worktrees.would_lose_head(repository.git)
    if loose:
        raise Failure(
            "HEAD is detached at a commit that no branch holds: switching away would lose it",
            hint=f"keep it: git branch <name>\nor keep it as it is: {command_line('start', issue, worktree=True)}",
            code=ExitCode.USAGE,
        )
    return None


def _switch(context: Context, issue: IssueId, tag: Tag, path: Path | None) -> None:
    """Make the branch and go there, or make a worktree for it; git refuses before it changes anything."""
    repository, branch = context.repository, context.snapshot.hotfix_branch(issue)
    if path is not None:
        worktrees.add(repository.git, path, tag.commit, branch=branch)
        return
    answer = repository.git.run("switch", "--quiet", "--no-track", "-c", branch, tag.commit, check=False)
    if answer.code != 0:
        raise Failure(
            f"git cannot switch to {tag.name}: {answer.explanation}",
            hint=f"keep this work as it is: {command_line('start', issue, worktree=True)}\n"
            + _way_out(answer, "or stash it: git stash -u"),
            code=ExitCode.USAGE,
        )


def _way_out(answer: GitResult, stash: str) -> str:
    """The command that lets git switch: unmerged files cannot be stashed."""
    unmerged = "resolve your current index first" in answer.err
    return "or solve or drop what is unmerged here: git status" if unmerged else stash


def _push(context: Context, issue: IssueId, tag: Tag) -> None:
    snapshot = context.snapshot
    branch = snapshot.hotfix_branch(issue)
    ref = branch_ref(branch)
    transport = transport_of(context.repository, context.snapshot, verify=True)
    if snapshot.remote is None:
        return
    if branch not in snapshot.refs.branches:  # a killed run may have pushed it
        answer = transport.push([RefUpdate(ref, None, tag.commit)], atomic=True, tier=1)
        if not answer.accepted:
            context.streams.say(f"the branch exists here, but was not pushed: {answer.results[ref].reason}")
            return
    follow(context.repository, snapshot.remote, branch)
    log_refs.send_logbook(context, transport, issue)


def _tell(streams: Streams, started: _NewHotfix) -> None:
    base, path = started.start.base, started.worktree
    where = f" in {path}" if path else ""
    streams.out(f"{started.hotfix.branch} starts at {base.tag.name} ({base.tag.commit[:10]}){where}, for {base.line}")
    streams.out(f"its tag will be {started.start.tag}")
    if path:
        streams.out(f"next: cd {path}, fix it, commit, then: git hotfix finish")
    else:
        streams.out("next: fix it, commit, then: git hotfix finish")
