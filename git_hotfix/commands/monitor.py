"""`git hotfix monitor`: watch production after a deployment, and record what was seen and how it ended."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from git_hotfix.context import Context
from git_hotfix.context.open import given_or_last_issue, open_context
from git_hotfix.errors import ExitCode
from git_hotfix.evidence.baseline import Baseline, measure, read_baselines, require_baselines
from git_hotfix.evidence.code import Code, find_code
from git_hotfix.evidence.configured import read_seconds, refusal
from git_hotfix.evidence.monitor import Watched, look_object, watch_production
from git_hotfix.evidence.monitor_settings import MonitorSetting, find_monitors
from git_hotfix.git.repository import open_repository
from git_hotfix.hotfix.way_back import WayBack
from git_hotfix.model.frozen import replace
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent
from git_hotfix.report.watch import WatchDisplay, end_line

_EXITS = {
    "failed": ExitCode.REFUSED, "interrupted": ExitCode.INTERRUPTED, "inconclusive": ExitCode.OPEN,
    "passed": ExitCode.DONE,
}  # fmt: skip
"""What a watch that ended so exits with; of several the first that stands here."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `monitor` understands."""
    parser.add_argument("name", metavar="name", nargs="?", help="a monitor of git config; without one, all of them")
    parser.add_argument("--for", dest="seconds", metavar="TIME", help="how long: 90s, 5m; else as configured, or 5m")
    parser.add_argument("--every", metavar="TIME", help="the time between two looks; else as configured, or 15s")
    parser.add_argument(
        "--baseline", action="store_true", help="before a deployment: measure what the numbers are, and record it"
    )
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix, by issue or tag; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 where production was right until the time was over, 1 where a look failed, 4 where nobody can say, 130
    where it was interrupted."""
    repository = open_repository()
    settings = tuple(_as_asked(arguments, each) for each in find_monitors(repository, arguments.name))
    with open_context(streams, view="known", repository=repository, writes=True) as context:
        code = find_code(context, given_or_last_issue(context, arguments.issue))
        if arguments.baseline:
            return _measure(context, code, settings, arguments)
        return _watch(context, code, settings, arguments)


def _as_asked(arguments: argparse.Namespace, setting: MonitorSetting) -> MonitorSetting:
    seconds = _time(arguments.seconds, "--for", "git hotfix monitor --for 5m", setting.seconds)
    return replace(
        setting,
        seconds=seconds,
        every=_time(arguments.every, "--every", "git hotfix monitor --every 15s", setting.every),
    )


def _time(given: str | None, option: str, example: str, otherwise: float) -> float:
    if given is None:
        return otherwise
    return read_seconds(given, option, example)


def _measure(
    context: Context, code: Code, settings: Sequence[MonitorSetting], arguments: argparse.Namespace
) -> ExitCode:
    """Exit 0 with all measured and recorded, 4 where one gave no number."""
    counted = [each for each in settings if each.limits.need_number]
    if not counted:
        key = f"hotfix.monitor.{settings[0].name}.max-rise"
        raise refusal(
            f"{settings[0].name} compares no number", f"how much it may rise: git config {shlex.quote(key)} 10%"
        )
    found = measure(context, code, counted)
    ends = ExitCode.OPEN if any(each.value is None for each in found) else ExitCode.DONE
    if arguments.format == "json":
        body = {"issue": code.hotfix.issue, "baselines": [_baseline_object(each) for each in found]}
        context.streams.raw(as_json.document("monitor", ends, body))
        return ends
    for each in found:
        context.streams.out(each.words)
    return ends


def _baseline_object(baseline: Baseline) -> dict[str, Any]:
    return {
        "name": baseline.name,
        "value": baseline.value,
        "cause": baseline.cause or None,
        "entry": baseline.entry,
    }


def _watch(context: Context, code: Code, settings: Sequence[MonitorSetting], arguments: argparse.Namespace) -> ExitCode:
    streams = context.streams
    baselines = read_baselines(code.hotfix.logbook, context.snapshot.now)
    require_baselines(settings, baselines)
    if not code.finished:
        streams.say(f"{code.shown} is not on {code.hotfix.production} yet: what is seen says nothing of this fix there")
    display = WatchDisplay(streams, code.way_back.command)
    watched, unsent = watch_production(context, code, settings, baselines, display)
    say_unsent(streams, unsent)
    states: set[str] = {each.watch.state for each in watched}
    ends = next(exits for state, exits in _EXITS.items() if state in states)
    if arguments.format == "json":
        rows = [_object(each, code.way_back) for each in watched]
        told: Mapping[str, Any] = {"monitor": rows[0]} if arguments.name else {"monitors": rows}
        streams.raw(as_json.document("monitor", ends, {"issue": code.hotfix.issue, **told}))
        return ends
    for each in watched:
        streams.out(f"{end_line(each.watch, each.elapsed)}; recorded")
    for line in next_lines(states, code, arguments.name):
        streams.out(line)
    return ends


def next_lines(states: set[str], code: Code, name: str | None) -> list[str]:
    """What comes next: the way back where a look failed, another watch where nobody can say."""
    back = code.way_back
    if "failed" in states:
        deploy = [f"{back.tag} is the release to go back to"] if back.tag else []
        return [*deploy, *([f"next: {back.command}"] if back.command else [])]
    again = shlex.join(["git", "hotfix", "monitor", *([name] if name else []), "--issue", code.hotfix.issue])
    return [f"next: {again}"] if states & {"inconclusive", "interrupted"} else []


def _object(watched: Watched, back: WayBack) -> dict[str, Any]:
    watch = watched.watch
    return {
        "name": watch.name,
        "state": watch.state,
        "looks": [look_object(look) for look in watch.looks],
        "baseline": watch.baseline,
        "decided_by": look_object(watch.decided_by) if watch.decided_by else None,
        "why": watch.why or None,
        "rollback": {"tag": back.tag, "command": back.command or None},
        "entry": watched.entry,
    }
