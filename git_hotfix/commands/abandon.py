"""`git hotfix abandon`: abandon a hotfix; its commits stay reachable."""

from __future__ import annotations

import argparse
import itertools
import shlex

from git_hotfix.context import Context
from git_hotfix.context.open import open_context
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git import refs
from git_hotfix.hotfix.find import find_hotfix
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import ABANDONED, RefName, branch_ref, encode_component
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.record import log_refs
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams
from git_hotfix.runs import cleanup, intents
from git_hotfix.runs.intents import Intent
from git_hotfix.runs.transport import transport_of


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `abandon` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--reason", default="", metavar="TEXT", help="the reason; it goes into the logbook")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when the branch is gone here and on the remote; 2 for a hotfix that is finished or does not exist."""
    with open_context(streams, view="fetch", lock_for="abandon") as context:
        hotfix = find_hotfix(context.git, context.snapshot, arguments.issue)
        _refuse_finished(context, hotfix)
        streams.say(text.headline(hotfix))
        if not arguments.yes and not text.ask(streams, "give it up?"):
            return ExitCode.OPEN
        kept, place = _give_up(context, hotfix, arguments.reason)
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), "kept": kept, "place": place or None}
        streams.raw(as_json.document("abandon", ExitCode.DONE, body))
    else:
        streams.out(f"{hotfix.branch} is abandoned; its commits stay under {kept}")
        if place:
            streams.out(place)
        streams.out(f"to go on with them: git switch -c {shlex.quote(hotfix.branch)} {shlex.quote(kept)}")
    return ExitCode.DONE


def _refuse_finished(context: Context, hotfix: Hotfix) -> None:
    made = context.snapshot.finish_tags(hotfix.issue)
    if made:
        raise Failure(
            f"{hotfix.issue} is in production as {made[0].name}",
            hint=f"what is left to do: {command_line('backport', hotfix.issue)}",
            code=ExitCode.USAGE,
        )


def _give_up(context: Context, hotfix: Hotfix, reason: str) -> tuple[RefName, str]:
    """Keep the commits first, then delete the branch on the remote, then here; where they are kept, and where the
    worktree stands that stood on the branch."""
    snapshot = context.snapshot
    there = snapshot.refs.branches.get(hotfix.branch)
    if snapshot.remote and there and there != hotfix.tip:
        raise Failure(
            f"{hotfix.branch} on {snapshot.remote.name} is at {there[:10]}, which is not what stands here",
            hint=f"{git_command('switch', hotfix.branch)} && "
            f"{git_command('pull', '--rebase', snapshot.remote.name, hotfix.branch)}, then again",
            unchanged=UNCHANGED,
        )
    transport = transport_of(context.repository, snapshot, verify=True)
    kept = _free_name(snapshot, hotfix)
    intent = Intent("abandon", hotfix.issue, hotfix.branch, snapshot.refs.local.get(hotfix.branch), None, there=there)
    intents.write(context.repository.common_dir, intent)
    if kept not in snapshot.refs.own:
        refs.update(context.repository.git, [RefUpdate(kept, None, hotfix.tip)], reason="git hotfix abandon")
    facts = {"Reason": reason or "given up", "Abandoned": hotfix.tip}
    entry = Entry("abandon", f"abandon hotfix {hotfix.issue}", facts)
    log_refs.record_entries(context, hotfix.issue, [entry], once=True)
    if snapshot.remote and there:
        log_refs.send_logbook(context, transport, hotfix.issue)
        ref = branch_ref(hotfix.branch)
        answer = transport.push([RefUpdate(ref, there, None)], atomic=False, tier=1)
        if not answer.accepted:
            raise Failure(
                f"{hotfix.branch} could not be deleted on {snapshot.remote.name}: {answer.results[ref].reason}",
                hint="run the same command again",
                unchanged=f"its commits are kept under {kept}; the local branch is still here",
            )
    dropped = cleanup.drop_branch(context, hotfix)
    if dropped.note:
        context.streams.say(dropped.note)
    intents.close(context.repository.common_dir, intent)
    return kept, dropped.place


def _free_name(snapshot: Snapshot, hotfix: Hotfix) -> RefName:
    """A name that is free, or that keeps this very commit already: what was given up before is never overwritten."""
    first = ABANDONED + encode_component(hotfix.issue)
    names = (RefName(first if number == 1 else f"{first}.{number}") for number in itertools.count(1))
    return next(name for name in names if snapshot.refs.own.get(name, hotfix.tip) == hotfix.tip)
