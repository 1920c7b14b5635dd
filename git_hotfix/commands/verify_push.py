"""`git-hotfix verify-push`: judge every line of a push, and send the logbooks of its hotfix branches along.

Takes no lock, fetches nothing, and writes nothing but where the logbook stands on the remote."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Sequence

from git_hotfix import gates
from git_hotfix.context import Context
from git_hotfix.context.open import open_context, send_records
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import addresses, processes
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.hooks.pre_push import Line, Push, Refusal, lost_production, parse
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import HEADS, BranchName, branch_ref
from git_hotfix.model.policy import Policy
from git_hotfix.model.snapshot import Remote
from git_hotfix.model.verdict import GateResult, Verdict
from git_hotfix.model.words import one_line
from git_hotfix.report import text
from git_hotfix.report.layout import plain
from git_hotfix.report.streams import Streams
from git_hotfix.report.verdict import gate_blocks
from git_hotfix.snapshot import NoProduction, find_prefixes, find_remote


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What git hands to a pre-push hook; the lines come on stdin."""
    parser.add_argument("remote", nargs="?", default="", help="the remote's name")
    parser.add_argument("url", nargs="?", default="", help="where git pushes to")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when every line may go, 1 when a gate refuses one."""
    if os.environ.get("GIT_HOTFIX_RUN"):
        return ExitCode.DONE
    lines = streams.stdin.read().split("\n")
    return judge_push(lines, arguments.remote, arguments.url, (), streams)


def judge_push(lines: Sequence[str], remote: str, url: str, only: tuple[str, ...], streams: Streams) -> ExitCode:
    """Judge the lines of a push to `remote` (a name, or the URL when it has none), which leads to `url`; `only` limits
    the gates.

    A push to another configured remote than the team's (a fork) is nobody's production: only hotfix branches are
    judged there. Which remote it is, the URL says, whatever it is called. Where `hotfix.production` names no branch,
    the default is judged by, and that is told. Raises `Failure` (exit 2) for a line that is none of git's.
    """
    try:
        push = parse("\n".join(lines))
    except ValueError as error:
        raise Failure(
            "this is not what git gives a pre-push hook",
            hint="git hands it over: git hotfix hooks install",
            code=ExitCode.USAGE,
        ) from error
    repository = open_repository()
    place = find_remote(repository)
    elsewhere = bool(place) and _leads_elsewhere(repository, place, remote, url)  # type: ignore[arg-type]
    if elsewhere:
        push = [line for line in push if line.ref.startswith(HEADS) and line.new]
    if not push:
        return ExitCode.DONE
    if place is None and _first_push(repository, push):
        return ExitCode.DONE
    try:
        told = {
            BranchName(line.ref[len(HEADS) :]): line.old for line in push if line.old and line.ref.startswith(HEADS)
        }
        with open_context(streams, view="known", repository=repository, told=told) as context:
            _tell_production(context)
            if elsewhere:
                push = [line for line in push if context.snapshot.issue_of(line.ref[len(HEADS) :])]
            code = _judge(Push(context.git, context.snapshot, tuple(push)), only, streams)
            if code == ExitCode.DONE and place and remote == place.name and not only:
                _send_records(context, push)
            return code
    except NoProduction:
        if _first_push(repository, push):
            return ExitCode.DONE
        # The remote has no production branch yet: this push may bring it. Only a hotfix cannot come before it.
        known = find_prefixes(repository, Policy())
        if any(known.issue_of(line.ref.removeprefix(HEADS)) and line.new for line in push):
            raise
        return _judge_unseen(repository, place, push, streams)


def _judge_unseen(repository: Repository, place: Remote | None, push: Sequence[Line], streams: Streams) -> ExitCode:
    """Judge a push where this clone knows no production branch: one that the remote has all the same does not go, and
    does not go back."""
    names = (repository.setting("hotfix.production"), repository.setting("gitflow.branch.master"), "main", "master")
    ours = [line for line in push if line.old and line.ref in {branch_ref(BranchName(name)) for name in names if name}]
    lost = [refusal for line in ours for refusal in lost_production(repository.git, line, place)]
    return ExitCode.DONE if _say_refusals(lost, streams) else ExitCode.REFUSED


def _leads_elsewhere(repository: Repository, place: Remote, remote: str, url: str) -> bool:
    """True for a push that leads to another configured remote than the team's. What leads to none of them is judged as
    a push to the team's."""
    if remote == place.name:
        return False
    there = addresses.remotes_at(repository, url or addresses.push_url(repository, remote))
    return place.name not in there and (bool(there) or f"remote.{remote}.url" in repository.config)


def _tell_production(context: Context) -> None:
    """Say it where the clone's own setting names no branch: every other command refuses to go on."""
    wanted, line = context.repository.setting("hotfix.production"), context.snapshot.production
    place = context.snapshot.remote
    if wanted and wanted != line:
        where = f"on {place.name}" if place else "here"
        context.streams.say(
            f"git hotfix: hotfix.production names {wanted!r}, which is not a branch {where}: this push is judged with "
            f"{line} as production"
        )
        context.streams.say(f"  → git config hotfix.production {shlex.quote(line)}")


def _send_records(context: Context, push: Sequence[Line]) -> None:
    """Send the logbooks of the hotfix branches that the remote has already: where it has not, this push may still be
    refused, and a refused branch leaves no logbook behind. A push of ours inside a push that only shows what it would
    do were a real one, so without word of that nothing is sent."""
    known = [line.ref[len(HEADS) :] for line in push if line.ref.startswith(HEADS) and line.old and line.new]
    issues = [issue for issue in map(context.snapshot.issue_of, known) if issue]
    words = processes.push_above() if issues else None
    if words is not None and not processes.is_dry(words):
        send_records(context, issues)


def _first_push(repository: Repository, push: Sequence[Line]) -> bool:
    """True for the push that first fills a remote: nothing is in production yet, so no rule can be broken."""
    return all(line.old is None for line in push) and not _knows_remote(repository)


def _knows_remote(repository: Repository) -> bool:
    out = repository.git.run("for-each-ref", "--count=1", "--format=x", "refs/remotes", "refs/hotfix/remote-tags").out
    return bool(out.strip())


def _judge(push: Push, only: tuple[str, ...], streams: Streams) -> ExitCode:
    passed = True
    landed = push.landings()
    arriving = {facts.hotfix.tip for facts, _ in landed}
    shipped, refusals = push.tagged_hotfixes()
    new = {line.new for line in push.lines if line.old is None}
    for facts in push.hotfixes():
        if facts.hotfix.tip not in arriving:
            verdict = gates.judge(_facts_before_approval(facts), only=only)
            passed &= _show(facts, verdict, streams)
            _tell_waiting(facts, verdict, streams, first=facts.hotfix.tip in new)
    for facts, direct in landed:
        passed &= _show(facts, gates.judge(facts, only=only if direct else ("tag",)), streams)
    for facts in shipped:
        if facts.hotfix.tip not in arriving:
            passed &= _show(facts, gates.judge(facts, only=only), streams)
    wanted = [each for each in (*refusals, *push.losses()) if not only or each.gate in only]
    return ExitCode.DONE if _say_refusals(wanted, streams, so_far=passed) else ExitCode.REFUSED


def _say_refusals(refusals: Sequence[Refusal], streams: Streams, *, so_far: bool = True) -> bool:
    for refusal in refusals:
        _say([GateResult(refusal.gate, "block", "fail", findings=(refusal.finding,))], streams)
    passed = so_far and not refusals
    if not passed:
        streams.say("git hotfix: this push is refused; nothing was pushed")
    return passed


def _facts_before_approval(facts: Facts) -> Facts:
    """The facts of a hotfix branch whose waivers lack only approvals: nobody can approve what is not on the remote, so
    they hold for its push. Production waits for the approvals."""
    waivers = tuple(replace(waiver, holds=True) if waiver.awaits else waiver for waiver in facts.waivers)
    return replace(facts, waivers=waivers)


def _show(facts: Facts, verdict: Verdict, streams: Streams) -> bool:
    worth = [gate for gate in verdict.gates if gate.status in ("fail", "unknown", "warn")]
    if worth:
        streams.say(text.headline(facts.hotfix))
    _say(worth, streams)
    return verdict.passed


def _tell_waiting(facts: Facts, verdict: Verdict, streams: Streams, *, first: bool) -> None:
    """Say which waivers let a branch pass that production will not take yet. After the `first` push the logbook is
    still here, and who approves it has to see it."""
    used = {name for gate in verdict.gates for name in gate.waived_by}
    waiting = [waiver for waiver in verdict.waivers if waiver.awaits and waiver.id in used]
    if not waiting or not verdict.passed:
        return
    for waiver in waiting:
        what = f"{waiver.id} ({' '.join(waiver.gates)}): {waiver.why}"
        streams.say(one_line(f"note: {what}; the branch may be pushed, {facts.hotfix.production} waits for that"))
    issue = facts.hotfix.issue
    if first:
        streams.say(f"  → send the logbook after this push: {command_line('status', issue)}")
    streams.say(f"  → then somebody else runs: {command_line('approve', issue)}")


def _say(refusing: Sequence[GateResult], streams: Streams) -> None:
    for block in gate_blocks(refusing):
        for line in block:
            streams.say(plain(line))
