"""`git hotfix check`: run the gates and say what each saw."""

from __future__ import annotations

import argparse
from dataclasses import replace

from git_hotfix import gates
from git_hotfix.commands.session import Session, opened
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history
from git_hotfix.hotfix import at_tip, facts_of, named
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import IssueId, Oid, TagName
from git_hotfix.model.verdict import Verdict
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams
from git_hotfix.situation import View


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; left out where the current branch says it")
    parser.add_argument("--range", metavar="BASE..TIP", help="judge these commits instead of a hotfix branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--only", action="append", default=[], metavar="GATE", help="run only this gate (repeatable)")
    parser.add_argument(
        "--policy-from", metavar="REV", help="judge by the policy of this revision; a mistake in it is an error"
    )
    parser.add_argument("--fetch", action="store_true", help="fetch first, so that the newest tags are known")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when every gate lets the hotfix pass, 1 when one refuses."""
    unknown = set(arguments.only) - {gate.id for gate in gates.all_gates()}
    if unknown:
        known = ", ".join(gate.id for gate in gates.all_gates())
        raise Failure(f"no such gate: {', '.join(sorted(unknown))}", hint=f"gates: {known}", code=ExitCode.USAGE)
    view: View = "fetch" if arguments.fetch else "known"
    with opened(streams, view=view, policy_from=arguments.policy_from) as session:
        subject = (
            _ranged(session, arguments.range)
            if arguments.range
            else named(session.git, session.situation, arguments.issue)
        )
        verdict = judged(session, subject, only=tuple(arguments.only))
    code = ExitCode.DONE if verdict.passed else ExitCode.REFUSED
    if arguments.format == "json":
        streams.raw(as_json.document("check", code, {"hotfix": as_json.hotfix(subject), **as_json.verdict(verdict)}))
    else:
        text.show_verdict(streams, subject, verdict)
        _advise(streams, subject, verdict, ranged=arguments.range is not None)
    return code


def _ranged(session: Session, given: str) -> Hotfix:
    """The commits BASE..TIP as if they were a hotfix that starts at BASE on purpose."""
    start, dots, end = given.partition("..")
    base, tip = (_commit(session, name or "HEAD") for name in (start, end))
    if not dots or not (start or end) or base is None or tip is None:
        raise Failure(f"{given!r} names no range of commits here", hint="--range BASE..TIP", code=ExitCode.USAGE)
    found = at_tip(session.git, session.situation, IssueId(end or "HEAD"), tip)
    if found.base == base:
        return found
    trees = history.trees(session.git, [base])
    return replace(found, base=base, base_tag=TagName(start), base_tree=trees[base], chosen=True)


def _commit(session: Session, name: str) -> Oid | None:
    answer = session.repository.git.run(
        "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", check=False
    )
    return Oid(answer.text) if answer.code == 0 else None


def judged(session: Session, subject: Hotfix, *, only: tuple[str, ...] = (), at_production: bool = False) -> Verdict:
    """The verdict on `subject`, with the policy that it was read from."""
    facts = facts_of(session.git, session.situation, subject, at_production=at_production)
    verdict = gates.judge(facts, only=only)
    situation = session.situation
    return replace(
        verdict,
        policy_commit=situation.policy_commit,
        policy_file=situation.policy_file,
        policy_from=situation.policy_from,
    )


def _advise(streams: Streams, subject: Hotfix, verdict: Verdict, *, ranged: bool) -> None:
    if verdict.passed:
        if not ranged:  # a range is no branch that could be finished
            streams.out(f"next: git hotfix finish {subject.issue}")
        return
    names = " ".join(gate.id for gate in verdict.refusals)
    streams.out(f"refused by: {names}")
