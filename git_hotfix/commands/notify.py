"""`git hotfix notify`: who was told of a hotfix; tell again whom a run could not, and try the channels."""

from __future__ import annotations

import argparse
from typing import Any

from git_hotfix.context import Context
from git_hotfix.context.open import given_or_last_issue, open_context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.repository import open_repository
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.words import one_line
from git_hotfix.notify.channels import read_channels
from git_hotfix.notify.deliver import deliver
from git_hotfix.notify.send import SAYS, Message, send_messages
from git_hotfix.notify.told import Told, read_told
from git_hotfix.release.finished_hotfix import find_subject
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.report.text import plain_table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `notify` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--replay", action="store_true", help="tell again whom nobody knows to have been told")
    way.add_argument("--test", action="store_true", help="send a message that says it is a test, to every channel")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 where everybody was told, 3 where a channel could not be told now."""
    if arguments.test:
        return _test(arguments, streams)
    view, lock = ("fetch", "notify") if arguments.replay else ("known", None)
    with open_context(streams, view=view, lock_for=lock) as context:  # type: ignore[arg-type]
        hotfix = find_subject(context, given_or_last_issue(context, arguments.issue))
        told = read_told(hotfix.logbook)
        failed = False
        if arguments.replay:
            channels = {channel.name: channel for channel in read_channels(context.repository)[0]}
            again = [each for each in told if each.state != "sent" and each.channel in channels]
            sent = deliver(context, hotfix, [(channels[each.channel], each.occasion, each.text) for each in again])
            failed = any(each.state != "sent" for each in sent)
            states = {(each.channel.name, each.occasion): each.state for each in sent}
            told = tuple(_after(each, states) for each in told)
        code = ExitCode.FAILED if failed else ExitCode.DONE
        _report(context, arguments, hotfix.issue, told, code)
    return code


def _after(told: Told, states: dict[tuple[str, str], Any]) -> Told:
    state = states.get((told.channel, told.occasion))
    return replace(told, state=state, tries=told.tries + 1) if state else told


def _report(
    context: Context, arguments: argparse.Namespace, issue: str, told: tuple[Told, ...], code: ExitCode
) -> None:
    streams = context.streams
    if arguments.format == "json":
        rows = [
            {"key": each.channel, "event": each.occasion, "state": each.state, "tries": each.tries} for each in told
        ]
        streams.raw(as_json.document("notify", code, {"issue": issue, "sent": rows}))
        return
    if not told:
        streams.out(f"nobody was told of {issue} yet")
        return
    rows_ = [(each.channel, each.occasion, each.state, str(each.tries)) for each in told]
    for line in plain_table(("channel", "of", "state", "tries"), rows_):
        streams.raw(line)
    if not arguments.replay and any(each.state != "sent" for each in told):
        streams.out(f"next: {command_line('notify', issue, replay=True)}")


def _test(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Send a test to every channel; the issue gets no comment of a test, and nothing is recorded."""
    repository = open_repository()
    channels, problems = read_channels(repository)
    for problem in problems:
        streams.say(problem)
    wanted = [channel for channel in channels if not channel.on_forge]
    if not wanted:
        raise Failure(
            "no channel is set",
            hint="git config --global hotfix.notify.ops.url <an address as Apprise understands it>",
            code=ExitCode.USAGE,
        )
    message = Message("git hotfix: a test", "This is a test: nothing has happened.")
    ends = send_messages([(channel, message) for channel in wanted])
    code = ExitCode.DONE if all(end == "sent" for end in ends) else ExitCode.FAILED
    if arguments.format == "json":
        states = {"sent": "sent", "late": "unknown"}
        rows = [
            {"key": channel.name, "event": "test", "state": states.get(end, "failed"), "tries": 1}
            for channel, end in zip(wanted, ends, strict=True)
        ]
        streams.raw(as_json.document("notify", code, {"issue": None, "sent": rows}))
        return code
    for channel, end in zip(wanted, ends, strict=True):
        streams.out(one_line(f"{channel.shown}: {SAYS[end]}"))
    return code
