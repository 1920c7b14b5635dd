"""`git hotfix waive`: a recorded, reasoned permission to pass a gate, for the code as it is now; and its withdrawal."""

from __future__ import annotations

import argparse
import difflib

from git_hotfix import gates
from git_hotfix.approvals import judge, read
from git_hotfix.context.open import open_context
from git_hotfix.errors import ExitCode, not_recorded
from git_hotfix.hotfix.find import find_hotfix
from git_hotfix.model.logbook import Entry, Logbook, message_of, trailers_of
from git_hotfix.model.policy import Policy
from git_hotfix.model.words import says_something
from git_hotfix.record import log_refs
from git_hotfix.report import as_json
from git_hotfix.report.approvals import name_of
from git_hotfix.report.approvals import waiver as as_object
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `waive` understands."""
    parser.add_argument("gates", nargs="*", metavar="gate", help="the gates to pass")
    parser.add_argument("--reason", default="", metavar="TEXT", help="the reason; it goes into the logbook and the tag")
    parser.add_argument(
        "--withdraw", action="append", default=[], metavar="ID", help="take this waiver back (repeatable)"
    )
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with the waiver recorded (or withdrawn), and pushed where the remote has the hotfix branch."""
    if arguments.withdraw:
        return _withdraw(arguments, streams)
    names = tuple(dict.fromkeys(arguments.gates))
    _refuse(names, arguments.reason)
    with open_context(streams, view="known", lock_for="waive") as context:
        snapshot = context.snapshot
        _refuse_locked(names, snapshot.policy)
        hotfix = find_hotfix(context.git, snapshot, arguments.issue)
        number = read.next_number(hotfix.logbook, "waiver")
        who = read.writer(context.repository.identity)
        facts = {
            "Waiver": f"{hotfix.issue}-W{number}",
            "Type": "gate",
            "Gates": " ".join(names),
            "Reason": arguments.reason,
            "Tree": hotfix.tip_tree,
        }
        entry = Entry("waiver", f"waive {' '.join(names)}", facts, who, snapshot.now)
        known = _find_same(hotfix.logbook, entry)
        new = [] if known else [entry]
        entry = known or entry
        reason = log_refs.record_and_send(context, hotfix.issue, new)
        say_unsent(streams, reason, "the waiver")
    waiver = read.waiver_alone(hotfix, entry, snapshot.policy)
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), "waiver": as_object(waiver), "sent": reason is None}
        streams.raw(as_json.document("waive", ExitCode.DONE, body))
        return ExitCode.DONE
    streams.out(
        f"{waiver.id}: {' '.join(names)} waived for the code as of {hotfix.tip[:10]}; changed code needs a new waiver"
    )
    if not waiver.holds:
        streams.out(f"  but {waiver.why}; {waiver.hint}")
    return ExitCode.DONE


def _find_same(book: Logbook, entry: Entry) -> Entry | None:
    """The waiver that says the same of the same code, by the same person, and stands: said twice it is one, whether
    somebody says it again or the run that recorded it was killed."""
    gone = book.withdrawals()
    wanted = trailers_of(message_of(entry.title, {**entry.facts, "Waiver": ""}))
    for each in book.of_kind("waiver"):
        same = {**each.facts, "Waiver": ""} == {**wanted, "Waiver": ""}
        if same and each.who == entry.who and each.oid not in gone:
            return each
    return None


def _withdraw(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Record that waivers no longer hold; what approved them no longer counts for them."""
    if arguments.gates:
        raise not_recorded(
            f"--withdraw names waivers, and {arguments.gates[0]} is a gate", "git hotfix waive --withdraw ID"
        )
    ids = tuple(dict.fromkeys(arguments.withdraw))
    with open_context(streams, view="known", lock_for="waive") as context:
        snapshot = context.snapshot
        given = arguments.issue or _issue_of_waiver(ids[0])
        hotfix = find_hotfix(context.git, snapshot, given)
        if _is_withdrawn(hotfix.logbook, ids, read.writer(context.repository.identity)):
            # A run that was killed may have recorded it and not sent it.
            log_refs.record_and_send(context, hotfix.issue, [])
        taken = {id: _find_standing(hotfix.logbook, id) for id in ids}
        facts = {
            "Withdrawal": " ".join(ids),
            "Waivers": " ".join(each.oid for found in taken.values() for each in found if each.oid),
            **({"Reason": arguments.reason} if says_something(arguments.reason) else {}),
        }
        who = read.writer(context.repository.identity)
        entry = Entry("withdrawal", f"withdraw {' '.join(ids)}", facts, who, snapshot.now)
        reason = log_refs.record_and_send(context, hotfix.issue, [entry])
        say_unsent(streams, reason, "the withdrawal")
    if arguments.format == "json":
        body = {"hotfix": as_json.hotfix(hotfix), "withdrawn": list(ids), "sent": reason is None}
        streams.raw(as_json.document("waive", ExitCode.DONE, body))
        return ExitCode.DONE
    for id, found in taken.items():
        names = " ".join(dict.fromkeys(name for each in found for name in each.facts.get("Gates", "").split()))
        streams.out(f"{id} is withdrawn: {names} must pass again")
    return ExitCode.DONE


def _is_withdrawn(book: Logbook, ids: tuple[str, ...], who: str) -> bool:
    """True where this person has withdrawn just these waivers."""
    return any(each.facts.get("Withdrawal") == " ".join(ids) and each.who == who for each in book.of_kind("withdrawal"))


def _issue_of_waiver(waiver: str) -> str | None:
    """The issue that a waiver's name begins with, `4711-W1`; None for another name."""
    issue, mark, number = waiver.rpartition("-W")
    return issue if mark and number.isdecimal() else None


def _find_standing(book: Logbook, id: str) -> list[Entry]:
    """The waivers called `id` that nobody withdrew: two, where two people wrote at once. Raises `Failure` (exit 2)."""
    gone = book.withdrawals()
    waivers = book.of_kind("waiver")
    called = [entry for entry in waivers if judge.name_of(entry) == id]
    standing = [entry for entry in called if entry.oid not in gone]
    if called and not standing:
        last = gone[called[-1].oid] if called[-1].oid else called[-1]
        raise not_recorded(f"{id} was withdrawn already by {name_of(last.who)}", "git hotfix status")
    if not called:
        names = dict.fromkeys(judge.name_of(entry) for entry in waivers if entry.oid not in gone)
        raise not_recorded(f"there is no waiver {id} of hotfix {book.issue}", f"waivers: {', '.join(names) or 'none'}")
    return standing


def _refuse(names: tuple[str, ...], reason: str) -> None:
    if not names:
        raise not_recorded(
            "which gate is to be passed?", 'git hotfix waive <gate> --reason "…"; git hotfix check names them'
        )
    known = {gate.id: gate for gate in gates.all_gates()}
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name.lower().replace("_", "-"), known, n=1)
            meant = f"; did you mean {near[0]}?" if near else ""
            raise not_recorded(f"there is no gate {name}{meant}", f"gates: {', '.join(known)}")
        if not known[name].waivable:
            raise not_recorded(f"{name} cannot be waived: it is what makes this a hotfix", "git hotfix check says why")
    if not says_something(reason):
        raise not_recorded("a waiver needs a reason", '--reason "…": a word or two that a post-mortem can use')


def _refuse_locked(names: tuple[str, ...], policy: Policy) -> None:
    locked = [name for name in names if name in policy.gates and not policy.gates[name].waivable]
    if locked:
        raise not_recorded(
            f"the policy does not allow a waiver of {' '.join(locked)}",
            f"this is set on the production branch: [gates.{locked[0]}] waivable = false",
        )
