"""`git hotfix doctor`: what is wrong with this clone, a line for each check, and the command that helps."""

from __future__ import annotations

import argparse

from git_hotfix.errors import ExitCode
from git_hotfix.model.words import counted
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `doctor` understands."""
    parser.add_argument("--online", action="store_true", help="ask the remote, too")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when nothing is wrong (warnings are not), 1 when something is, 2 when that is the policy."""
    from git_hotfix.doctor import examine
    from git_hotfix.doctor.context import CloneContext
    from git_hotfix.gates.registry import gate_schema
    from git_hotfix.git.repository import open_repository
    from git_hotfix.runs import intents

    repository = open_repository()
    unreadable = tuple(intents.find_unreadable(repository.common_dir))
    clone = CloneContext(repository, gate_schema(), online=arguments.online, unreadable=unreadable)
    seen = list(examine(clone))
    wrong = {check.id for check, result in seen if result.status == "fail"}
    code = ExitCode.USAGE if "policy" in wrong else ExitCode.REFUSED if wrong else ExitCode.DONE
    if arguments.format == "json":
        body = [
            {"id": check.id, "status": each.status, "message": each.says, "hint": each.hint} for check, each in seen
        ]
        streams.raw(as_json.document("doctor", code, {"checks": body}))
        return code
    rows: list[tuple[str, str, str]] = []
    for check, result in seen:
        first, *rest = [*result.hint.splitlines(), ""]
        rows.append((result.status, check.id, result.says + (f" → {first}" if first else "")))
        rows += [("", "", f"→ {line}") for line in rest if line]
    text.table(streams, ("", "check", "what was seen"), rows)
    streams.say(_summary(len(wrong), sum(result.status == "warn" for _, result in seen)))
    return code


def _summary(wrong: int, doubtful: int) -> str:
    """How many things need somebody: `2 things to mend, 1 to look at`."""
    if wrong and doubtful:
        return f"{counted(wrong, 'thing')} to mend, {doubtful} to look at"
    if wrong or doubtful:
        return f"{counted(wrong or doubtful, 'thing')} to {'mend' if wrong else 'look at'}"
    return "nothing is wrong"
