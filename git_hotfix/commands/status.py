"""`git hotfix status`: where a hotfix stands, a preview of every target, and what to do next."""

from __future__ import annotations

import argparse
import contextlib
import shlex
from typing import Any, get_args

from git_hotfix.context import Context
from git_hotfix.context.judge import judge_hotfix
from git_hotfix.context.open import (
    age_of_view,
    find_in_sight,
    given_or_last_issue,
    not_in_the_fix,
    open_context,
    saying_what_to_fetch,
    send_records,
)
from git_hotfix.documents.paper import Missing
from git_hotfix.errors import ExitCode
from git_hotfix.form.required import open_fields, say_next_open
from git_hotfix.hotfix import claimed_tags
from git_hotfix.hotfix.find import find_hotfix
from git_hotfix.hotfix.moments import timeline_of
from git_hotfix.hotfix.way_back import rollback_command
from git_hotfix.model.command_line import command_line
from git_hotfix.model.form import Step
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.plan import Outcome
from git_hotfix.model.recorded_evidence import TESTS, WHY, read_evidence
from git_hotfix.model.times import Times, local_moment, times_of
from git_hotfix.model.verdict import Verdict
from git_hotfix.model.words import counted
from git_hotfix.paper.gather import Seen, gather, look_back
from git_hotfix.paper.missing import box_refusal, missing_objects, open_boxes
from git_hotfix.questions import starting_place
from git_hotfix.record import clock
from git_hotfix.record.boxes import command_for, needs_of
from git_hotfix.record.statements import read_statements
from git_hotfix.record.timeline import Timeline
from git_hotfix.release import finished_hotfix
from git_hotfix.release.finished_hotfix import FoundHotfix, find_finished
from git_hotfix.release.preview import preview_finish
from git_hotfix.report import approvals, as_json, record, text
from git_hotfix.report import outcome as report
from git_hotfix.report.approvals import name_of
from git_hotfix.report.streams import Streams
from git_hotfix.runs import intents
from git_hotfix.snapshot import HiddenHistory, View


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `status` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--fetch", action="store_true", help="fetch first")
    parser.add_argument("--format", choices=("text", "json"), default="text")


@frozen
class _HotfixStatus:
    """What status shows: the hotfix, what its gates say, what finish would do, when everything was, and where it was
    finished, else None."""

    hotfix: Hotfix
    verdict: Verdict
    outcome: Outcome
    timeline: Timeline
    past: FoundHotfix | None


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 whatever the state: status tells, check refuses."""
    again = command_line("status", *filter(None, [arguments.issue]), fetch=True)
    view: View = "fetch" if arguments.fetch else "glance"
    with saying_what_to_fetch(again), open_context(streams, view=view) as context:
        given = given_or_last_issue(context, arguments.issue)
        past = None
        with contextlib.suppress(HiddenHistory):  # then it is looked for again, after a fetch
            past = find_finished(context, given)
        if past:
            hotfix = past.hotfix
        else:
            looked = context.snapshot
            context, hotfix = find_in_sight(context, lambda seen: _find(seen, given), fetch=arguments.fetch)
            past = find_finished(context, given) if context.snapshot is not looked else None
        if context.snapshot.seen_at == context.snapshot.now:
            context = send_records(context, [hotfix.issue])
        verdict = finished_hotfix.finished_verdict(context, hotfix) if past else judge_hotfix(context, hotfix)
        outcome = finished_hotfix.outcome_of(context, past) if past else preview_finish(context, hotfix, verdict)
        if not past:
            outcome = replace(outcome, notes=(*outcome.notes, *_notes_of_start(context, hotfix)))
            outcome = _with_open_boxes(context, Seen(hotfix, verdict, outcome, past=False))
        timeline = timeline_of(context.git, context.snapshot, hotfix, verdict.approvals)
        seen = _HotfixStatus(hotfix, verdict, outcome, timeline, past)
        if arguments.format == "json":
            streams.raw(as_json.document("status", ExitCode.DONE, _body(context, seen)))
        else:
            _tell(context, seen, verbose=arguments.verbose)
    return ExitCode.DONE


def _with_open_boxes(context: Context, seen: Seen) -> Outcome:
    """The outcome, refused where finish would refuse for a box that is open."""
    outcome, policy = seen.outcome, context.snapshot.policy
    needed = needs_of(policy, read_statements(seen.hotfix.logbook)).finish
    if not needed or outcome.refused or outcome.production is None or not seen.verdict.passed:
        return outcome
    paper = gather(context, seen)
    found = open_boxes(paper, policy, "finish")
    refusal = box_refusal(paper, policy)
    if refusal is None or context.snapshot.finish_tags(seen.hotfix.issue):
        return outcome
    commands = tuple(command_for(box, seen.hotfix.issue) for box in found)
    return replace(outcome, refused=refusal.message, next=commands)


def _find(context: Context, given: str | None) -> Hotfix:
    past = find_finished(context, given)
    return past.hotfix if past else find_hotfix(context.git, context.snapshot, given)


def _notes_of_start(context: Context, hotfix: Hotfix) -> tuple[str, ...]:
    """What `start` would ask: another remote that is ahead, and a newer release that production lacks."""
    snapshot = context.snapshot
    refs, line, policy = snapshot.refs, snapshot.production, snapshot.policy
    other = starting_place.find_other_remote(context)
    notes = [f"{other.says}; {' or '.join(other.commands)}"] if other else []
    if hotfix.chosen or hotfix.production != line:
        return tuple(notes)
    base = refs.tags.get(hotfix.base_tag) if hotfix.base_tag else None
    newer = starting_place.find_newer_release(context, base or snapshot.newest_tag)
    for name in claimed_tags.find(refs, line, policy, snapshot.newest_tag):
        notes.append(claimed_tags.says(name, line))
    if newer:
        notes.append(f"{newer.says}; if {newer.newest} is the one that you fix: {newer.commands[1]}")
    return tuple(notes)


def _say_unreadable(context: Context) -> tuple[str, ...]:
    """What to say where killed runs left what nobody can read: it may be this hotfix that is half done."""
    files = " ".join(shlex.quote(str(file)) for file in intents.find_unreadable(context.repository.common_dir))
    return (f"a killed run left what cannot be read, and no command carries it on: {files}",) if files else ()


def _body(context: Context, seen: _HotfixStatus) -> dict[str, Any]:
    hotfix, book = seen.hotfix, seen.hotfix.logbook
    times = _times(seen)
    body = as_json.outcome(seen.outcome)
    body["notes"] = [*not_in_the_fix(context, hotfix), *_say_unreadable(context), *body["notes"]]
    return {
        "hotfix": as_json.hotfix(hotfix),
        **as_json.verdict(seen.verdict),
        **body,
        "open_answers": _open_answers(context, hotfix),
        "missing": missing_objects(_missing(context, seen)),
        "clock": clock.clock_object(seen.timeline, context.snapshot.policy),
        "ticket": book.start.facts.get("Ticket") if book.start else None,
        "times": record.times_object(times),
        "logbook": record.entry_objects(book.current),
        "as_of": context.snapshot.seen_at,
    }


def _open_answers(context: Context, hotfix: Hotfix) -> dict[str, list[str]]:
    """The fields of the form that nobody answered, by the step that needs them."""
    said, policy = read_statements(hotfix.logbook), context.snapshot.policy
    return {step: [each.id for each in open_fields(policy, hotfix, said, step)] for step in get_args(Step)}


def _times(seen: _HotfixStatus) -> Times:
    """The times of the record, with when it was detected as somebody stated it last."""
    return replace(times_of(seen.hotfix.logbook), detected=seen.timeline.at("detected"))


def _tell(context: Context, seen: _HotfixStatus, *, verbose: bool) -> None:
    streams, hotfix, verdict = context.streams, seen.hotfix, seen.verdict
    _tell_where_it_stands(context, seen)
    for waiver in verdict.waivers:
        streams.out(approvals.waiver_line(waiver))
    for approval in approvals.worth_telling(verdict.approvals):
        streams.out(approvals.approval_line(approval))
    released = seen.timeline.at("released")
    last = {(one.kind, one.name): one for one in read_evidence(hotfix.logbook)}
    for one in last.values():
        live = released is not None and one.began >= released
        holds = "" if one.monitor or live or one.tree == hotfix.tip_tree else " (on other code)"
        holds = f" (does not count: {one.uncounted})" if one.uncounted else holds
        facts = one.entry.facts
        detail = facts.get("Reason") or facts.get(TESTS) or ("" if one.passed else facts.get(WHY, ""))
        streams.out(f"evidence: {one.entry.title}{': ' + detail if detail else ''}{holds}")
        if one.monitor and one.state == "failed" and (made := context.snapshot.finish_tags(hotfix.issue)):
            streams.out(f"  → {rollback_command(context.snapshot, made[0])}")
    streams.out()
    # Nothing is left to be done where all is decided: then it is not a preview.
    report.show_outcome(
        streams, seen.outcome, hotfix.issue, planned=not seen.past or bool(seen.outcome.next), verbose=verbose
    )
    if seen.past:
        streams.out()
        for line in record.entries(hotfix.logbook, everything=verbose):
            streams.raw(line)


def _tell_where_it_stands(context: Context, seen: _HotfixStatus) -> None:
    streams, hotfix = context.streams, seen.hotfix
    streams.out(text.headline(hotfix))
    if age := age_of_view(context, "status", hotfix.issue):
        streams.out(age)
    for line in () if seen.past else not_in_the_fix(context, hotfix):
        streams.out(line)
    for line in _say_unreadable(context):
        streams.out(line)
    # Of one that is open the clock says enough.
    for line in record.ticket_and_times(hotfix.logbook, _times(seen) if seen.past else Times()):
        streams.out(line)
    for line in clock.clock_lines(seen.timeline, context.snapshot.policy, released=seen.past is not None):
        streams.out(line)
    undone = hotfix.logbook.taken_back
    if undone:
        many = counted(len(undone.facts.get("Back", "").split()), "reference went back", "references went back")
        streams.out(f"taken back by {undone.who}: {many}; it is open again")
    if not seen.past:
        words = [f"{gate.id} {gate.status}" for gate in seen.verdict.gates if gate.status not in ("pass", "off")]
        streams.out(f"gates: {', '.join(words) or 'all pass'}")
    if seen.past or context.snapshot.finish_tags(hotfix.issue):
        streams.out(_say_not_done(hotfix, _missing(context, seen)))
    elif paper := say_next_open(context.snapshot.policy, hotfix):
        streams.out(f"paper: {paper}")


def _missing(context: Context, seen: _HotfixStatus) -> tuple[Missing, ...]:
    """What `close` still needs of a finished hotfix, where nobody said that it is done."""
    hotfix, past = seen.hotfix, seen.past
    if hotfix.logbook.of_kind("done") or not (past or context.snapshot.finish_tags(hotfix.issue)):
        return ()
    looked = look_back(context, past, seen.outcome) if past else Seen(hotfix, seen.verdict, seen.outcome, past=False)
    return gather(context, looked).missing


def _say_not_done(hotfix: Hotfix, missing: tuple[Missing, ...]) -> str:
    """How many things are missing before the hotfix is done, and the command that names them."""
    done = hotfix.logbook.of_kind("done")
    if done:
        return f"done: {local_moment(done[-1].when)}, {name_of(done[-1].who)}"
    many = counted(len(missing), "thing is missing", "things are missing") if missing else "nothing is missing"
    return f"not done yet: {many}: {command_line('close', hotfix.issue)}"
