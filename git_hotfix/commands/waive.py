"""`git hotfix waive`: a recorded, reasoned permission to pass a gate, for the code as it is now."""

from __future__ import annotations

import argparse

from git_hotfix import gates
from git_hotfix.commands.session import opened
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.execution import recording
from git_hotfix.execution.transport import transport_of
from git_hotfix.hotfix import named
from git_hotfix.model.logbook import Entry
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `waive` understands."""
    parser.add_argument("gates", nargs="+", metavar="gate", help="the gates to pass")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it goes into the logbook and the tag")
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix; left out where the current branch says it")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the waiver recorded, and pushed where the remote has the hotfix branch."""
    _refuse(tuple(arguments.gates), arguments.reason)
    with opened(streams, view="known", lock_for="waive") as session:
        hotfix = named(session.git, session.situation, arguments.issue)
        issue = hotfix.issue
        number = sum(1 for entry in hotfix.logbook.current if entry.kind == "waiver") + 1
        facts = {
            "Waiver": f"{issue}-W{number}",
            "Type": "gate",
            "Gates": " ".join(arguments.gates),
            "Reason": arguments.reason,
            "Tree": hotfix.tip_tree,
        }
        entry = Entry("waiver", f"waive {' '.join(arguments.gates)}", facts)
        recording.record(session.repository, session.git, session.situation, issue, [entry])
        remote, known = session.situation.remote, session.situation.refs
        if remote and hotfix.branch in known.branches:
            transport = transport_of(session.repository, session.situation, verify=False)
            reason = recording.send(session.repository, session.git, transport, issue)
            if reason:
                streams.say(f"the waiver stands here, but was not pushed: {reason}")
    if arguments.format == "json":
        streams.raw(as_json.document("waive", ExitCode.DONE, {"waiver": facts}))
    else:
        streams.out(f"{facts['Waiver']}: {facts['Gates']} waived for {hotfix.tip[:10]} and any commit with its tree")
    return ExitCode.DONE


def _refuse(names: tuple[str, ...], reason: str) -> None:
    known = {gate.id: gate for gate in gates.all_gates()}
    for name in names:
        if name not in known:
            hint = f"gates: {', '.join(known)}"
            raise Failure(f"there is no gate {name}", hint=hint, code=ExitCode.USAGE, unchanged="nothing was recorded")
        if not known[name].waivable:
            raise Failure(
                f"{name} cannot be waived: it is what makes this a hotfix",
                hint="git hotfix check says what it found",
                code=ExitCode.USAGE,
                unchanged="nothing was recorded",
            )
    if not reason.strip():
        raise Failure(
            "a waiver needs a reason", hint='--reason "…"', code=ExitCode.USAGE, unchanged="nothing was recorded"
        )
