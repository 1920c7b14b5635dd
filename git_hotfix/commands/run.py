"""`git hotfix run`: run a command of git config on a hotfix, and record on which code and how it ended."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from git_hotfix.context import Context
from git_hotfix.context.open import age_of_view, given_or_last_issue, not_in_the_fix, open_context
from git_hotfix.errors import ExitCode
from git_hotfix.evidence.code import Code, find_code
from git_hotfix.evidence.configured import read_commands
from git_hotfix.evidence.process import NOT_STARTED
from git_hotfix.evidence.run import Ran, end_lines
from git_hotfix.evidence.run import run as run_setting
from git_hotfix.evidence.settings import Setting, find_setting, read_settings
from git_hotfix.git.repository import open_repository
from git_hotfix.model.command_line import command_line
from git_hotfix.model.recorded_evidence import DEPLOY
from git_hotfix.model.words import one_line
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent
from git_hotfix.runs import scratch

if TYPE_CHECKING:  # who proves nothing need not wait for it
    from git_hotfix.evidence.proof import Trial
    from git_hotfix.evidence.prove import Proved

_FRESH = 60  # seconds


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `run` understands."""
    parser.add_argument("name", metavar="name", nargs="?", help="a command of git config; without one, they are listed")
    parser.add_argument(
        "--clean", action="store_true", help="run in a checkout of its own, on what is committed and nothing else"
    )
    parser.add_argument(
        "--prove", action="store_true", help="run it four times: do the tests of the fix fail without the fix?"
    )
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix, by issue or tag; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 where it passed, 1 where it failed or its time ran out, 3 where it could not be started, 130 where it was
    interrupted."""
    repository = open_repository()
    if arguments.name is None:
        return _list(read_settings(repository), arguments, streams)
    setting, as_object = find_setting(repository, arguments.name), arguments.format == "json"
    with (
        scratch.registered(repository.common_dir) as folder,
        open_context(streams, view="known", repository=repository, writes=True) as context,
    ):
        code = find_code(context, given_or_last_issue(context, arguments.issue))
        if code.finished and not arguments.issue and _is_old(context):
            streams.say(age_of_view(context, "list"))  # what was finished last may be another one by now
        if arguments.prove:
            return _prove(context, code, setting, folder, arguments)
        if setting.name == DEPLOY:
            _measure_before(context, code)
        ran = run_setting(context, code, setting, folder, clean=arguments.clean, aside=as_object)
    ends = exit_code(ran)
    if as_object:
        streams.raw(as_json.document("run", ends, {"issue": code.hotfix.issue, "run": as_body(ran)}))
    for line in end_lines(ran):
        streams.say(line)
    if setting.name == DEPLOY and ends == ExitCode.DONE and read_commands(repository, "monitor", ("command",)):
        streams.say(f"next: {command_line('monitor', issue=code.hotfix.issue)}")
    return ends


def _prove(context: Context, code: Code, setting: Setting, folder: Path, arguments: argparse.Namespace) -> ExitCode:
    """Exit 0 where the fix is shown to end the fault, 1 where it is shown not to, 4 where nobody can say."""
    from git_hotfix.evidence.prove import prove

    streams = context.streams
    for line in () if code.finished else not_in_the_fix(context, code.hotfix):
        streams.say(line)
    proved = prove(context, code, setting, folder, aside=arguments.format == "json")
    found = proved.proof
    ends = {"shown": ExitCode.DONE, "not-shown": ExitCode.REFUSED, "not-judged": ExitCode.OPEN}[found.result]
    ends = ExitCode.INTERRUPTED if proved.interrupted else ends
    if arguments.format == "json":
        streams.raw(as_json.document("run", ends, {"issue": code.hotfix.issue, "prove": proof_body(proved)}))
    streams.say(f"proof by {setting.name}: {found.result.replace('-', ' ')}; recorded")
    streams.say(f"  {found.reason}")
    for line in () if proved.interrupted else _advice(proved, setting):
        streams.say(f"  {line}")
    say_unsent(streams, proved.unsent)
    return ends


def _advice(proved: Proved, setting: Setting) -> list[str]:
    """What to do about a proof that does not show the fix, where that can be told."""
    key = f"hotfix.run.{shlex.quote(setting.name)}"
    if not proved.files and proved.proof.result != "shown":
        return ["→ commit a test that fails without the fix, in a test file (files.tests of the policy)"]
    if proved.base and proved.base.ended.exit in NOT_STARTED:
        said = "each checkout is fresh, and stands elsewhere: a path in the command has to be absolute"
        return [said, f"→ git config --get {key}", f"→ what builds it there: git config {key}.prepare COMMAND"]
    if proved.red and proved.red.ended.state == "passed":
        said = "does the command test the checkout that it runs in, and not what is installed elsewhere?"
        return [said, f"→ what builds it there: git config {key}.prepare COMMAND"]
    if proved.again and not setting.junit:
        return [f"→ git config {key}.junit PATH"]
    return []


def _measure_before(context: Context, code: Code) -> None:
    """Before a deployment: measure what its monitors compare with. What cannot be measured is said, and stops no
    deployment."""
    from git_hotfix.evidence.baseline import measure  # only a deployment has something to compare with
    from git_hotfix.evidence.monitor_settings import read_monitors

    monitors, wrong = read_monitors(context.repository)
    for failure in wrong:
        context.streams.say(f"not measured before the deployment: {failure.message}")
        context.streams.say(f"  → {failure.hint}")
    compared = [each for each in monitors.values() if each.limits.rise]
    for each in measure(context, code, compared) if compared else ():
        context.streams.say(each.words)


def _is_old(context: Context) -> bool:
    """True where the remote was not asked for a minute."""
    seen = context.snapshot.seen_at
    return seen is None or context.snapshot.now - seen > _FRESH


def _list(settings: Mapping[str, Setting], arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """The commands that there are; how to set one where there is none."""
    if arguments.format == "json":
        rows = [{"name": each.name, "seconds": each.timeout, "kept": each.keep} for each in settings.values()]
        streams.raw(as_json.document("run", ExitCode.DONE, {"commands": rows}))
        return ExitCode.DONE
    if not settings:
        streams.out("git config names no command to run")
        streams.out("  → git config hotfix.run.smoke 'pytest -m smoke'")
        return ExitCode.DONE
    table = [(each.name, f"{each.timeout} s", one_line(each.command)) for each in settings.values()]
    text.table(streams, ("name", "time limit", "command"), table)
    return ExitCode.DONE


def exit_code(ran: Ran) -> ExitCode:
    """What a run that ended so exits with."""
    if ran.ended.state == "interrupted":
        return ExitCode.INTERRUPTED
    if ran.ended.exit in NOT_STARTED:
        return ExitCode.FAILED
    return ExitCode.DONE if ran.ended.state == "passed" else ExitCode.REFUSED


def as_body(ran: Ran) -> dict[str, Any]:
    """A run as JSON has it."""
    ended, tests = ran.ended, ran.tests
    keys = {"passed": "passed", "failed": "failed", "errors": "error", "skipped": "skipped"}
    return {
        "name": ran.name,
        "state": ended.state,
        "exit": ended.exit,
        "started": ended.began // 1_000_000_000,
        "seconds": round(ended.seconds, 3),
        "tree": ran.place.tree,
        "commit": ran.place.commit,
        "counts_for_gate": not ran.why_not,
        "why_not": ran.why_not or None,
        "tests": {key: tests.many[each] for key, each in keys.items()} if tests else None,  # type: ignore[index]
        "output": {"sha256": ended.sha256, "bytes": ended.size, "kept": ran.kept},
        "entry": ran.entry,
    }


def proof_body(proved: Proved) -> dict[str, Any]:
    """A proof as JSON has it; a run that was not made is null."""
    base, red, green = proved.base, proved.red, proved.green
    return {
        "name": proved.name,
        "result": proved.proof.result,
        "reason": proved.proof.reason,
        "base": {**_trial(base), "failing": list(base.failing)} if base else None,
        "overlay": {**_trial(red), "files": list(proved.files), "failing": list(red.failing)} if red else None,
        "tip": _trial(green) if green else None,
        "entry": proved.entry,
    }


def _trial(trial: Trial) -> dict[str, Any]:
    return {"tree": trial.tree, "state": trial.ended.state, "exit": trial.ended.exit}
