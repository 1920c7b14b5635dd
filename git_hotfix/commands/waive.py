"""`git hotfix waive`: a recorded, reasoned permission to pass a gate, for the code as it is now."""

from __future__ import annotations

import argparse
import difflib

from git_hotfix import gates, permissions
from git_hotfix.commands.session import opened
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.execution import recording
from git_hotfix.hotfix import named
from git_hotfix.model.logbook import Entry
from git_hotfix.model.policy import Policy
from git_hotfix.model.words import says_something
from git_hotfix.report import as_json
from git_hotfix.report.permissions import waiver as as_object
from git_hotfix.report.streams import Streams

UNCHANGED = "nothing was recorded"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `waive` understands."""
    parser.add_argument("gates", nargs="+", metavar="gate", help="the gates to pass")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; it goes into the logbook and the tag")
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix; left out where the current branch says it")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the waiver recorded, and pushed where the remote has the hotfix branch."""
    names = tuple(dict.fromkeys(arguments.gates))
    _refuse(names, arguments.reason)
    with opened(streams, view="known", lock_for="waive") as session:
        situation = session.situation
        _refuse_locked(names, situation.policy)
        hotfix = named(session.git, situation, arguments.issue)
        number = permissions.next_number(hotfix.logbook, "waiver")
        facts = {
            "Waiver": f"{hotfix.issue}-W{number}",
            "Type": "gate",
            "Gates": " ".join(names),
            "Reason": arguments.reason,
            "Tree": hotfix.tip_tree,
        }
        who = permissions.writer(session.repository.identity)
        entry = Entry("waiver", f"waive {' '.join(names)}", facts, who, situation.now)
        reason = recording.record_and_send(session.repository, session.git, situation, hotfix, [entry])
        if reason:
            streams.say(f"the waiver stands here, but was not pushed: {reason}")
    waiver = permissions.alone(hotfix, entry, situation.policy)
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), "waiver": as_object(waiver), "sent": reason is None}
        streams.raw(as_json.document("waive", ExitCode.DONE, body))
        return ExitCode.DONE
    streams.out(f"{waiver.id}: {' '.join(names)} waived for {hotfix.tip[:10]} and any commit with its tree")
    if not waiver.holds:
        streams.out(f"  but {waiver.why}; {waiver.hint}")
    return ExitCode.DONE


def _refuse(names: tuple[str, ...], reason: str) -> None:
    known = {gate.id: gate for gate in gates.all_gates()}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise _refusal(f"there is no gate {name}{meant}", f"gates: {', '.join(known)}")
        if not known[name].waivable:
            raise _refusal(f"{name} cannot be waived: it is what makes this a hotfix", "git hotfix check says why")
    if not says_something(reason):
        raise _refusal("a waiver needs a reason", '--reason "…": a word or two that a post-mortem can use')


def _refuse_locked(names: tuple[str, ...], policy: Policy) -> None:
    locked = [name for name in names if name in policy.gates and not policy.gates[name].waivable]
    if locked:
        raise _refusal(
            f"the policy lets nobody waive {' '.join(locked)}",
            f"it says so on the production branch: [gates.{locked[0]}] waivable = false",
        )


def _refusal(message: str, hint: str) -> Failure:
    return Failure(message, hint=hint, code=ExitCode.USAGE, unchanged=UNCHANGED)
