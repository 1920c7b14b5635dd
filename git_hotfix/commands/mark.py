"""`git hotfix mark`: when the events of an incident were, and which boxes are done; bare, it lists what is open."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Mapping

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.context.open import age_of_view, not_in_the_fix, open_context, recorded_issue
from git_hotfix.errors import ExitCode, Failure, not_recorded
from git_hotfix.git import refs
from git_hotfix.hotfix.find import known_hotfix
from git_hotfix.hotfix.opening import time_said
from git_hotfix.model import boxes, events
from git_hotfix.model.boxes import Box
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId
from git_hotfix.model.recorded_evidence import read_evidence
from git_hotfix.model.times import local_moment
from git_hotfix.model.words import counted, says_something
from git_hotfix.paper.gather import gather, look
from git_hotfix.record import log_refs, logbook, marks
from git_hotfix.record.boxes import BoxState, Proofs, judge_boxes, may_say, needs_of, team_boxes
from git_hotfix.record.statements import BOX, EVENT, Statements, box_entry, event_entry, read_statements
from git_hotfix.record.timeline import Timeline, read_timeline
from git_hotfix.report import as_json, text
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent

# Facts of the record, each with the command that makes it: nobody sets another beside it.
_FACTS: Mapping[str, tuple[str, str]] = {
    "started": ("the entry of its start", "start one: git hotfix start <issue>"),
    "approved": ("the approval that completes what policy asks for", "agree to it: git hotfix approve"),
    "released": ("the finish", "release it: git hotfix finish"),
    "delivered": ("the delivery to the last target", "go on with it: git hotfix backport"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `mark` understands."""
    parser.add_argument(
        "mark", metavar="name", nargs="?", help="an event or a box; without one, what is open is listed"
    )
    parser.add_argument("--at", metavar="TIME", help="when it was: 20m ago, 21:05, or ISO 8601; else now")
    parser.add_argument("-m", "--text", default="", help="a word on it; the reason with --na")
    parser.add_argument("--na", action="store_true", help="the box is not applicable, for the reason that -m gives")
    parser.add_argument("--open", action="store_true", help="the box is open again")
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix, by issue or tag; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


@frozen
class _Words:
    """What somebody says: the name of an event or a box, when it was (None: now), a word on it, and of a box whether it
    is not applicable, or open again."""

    name: str
    at: int | None
    text: str
    na: bool
    open: bool


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with it recorded, or stated already; 2 for a fact, which nobody states, and for a box that only a proof
    ticks."""
    if arguments.mark is None:
        return _list_open(arguments, streams)
    name = arguments.mark
    said = _Words(name, time_said(arguments.at, "--at"), arguments.text.strip(), arguments.na, arguments.open)
    with open_context(streams, view="glance", lock_for="mark") as context:
        issue = recorded_issue(context, arguments.issue)
        book = logbook.read(context.git, issue, context.snapshot.refs.logs_of(issue))
        entry, known = (_event if name in events.BY_ID else _box)(context, book, said)
        new = [] if known else [entry]
        reason = log_refs.record_and_send(context, issue, new)
        book = logbook.read(context.git, issue, refs.read_logs(context.repository.git, issue))
    say_unsent(streams, reason)
    timeline = read_timeline(book, now=context.snapshot.now)
    made = (each for each in reversed(book.entries) if name in (each.facts.get(EVENT), each.facts.get(BOX)))
    last = known or next(made)
    mark = marks.mark_of(name, last, timeline, fresh=known is None)
    if arguments.format == "json":
        body = {"issue": issue, **marks.mark_object(mark, timeline), "recorded": known is None, "sent": reason is None}
        streams.raw(as_json.document("mark", ExitCode.DONE, body))
    else:
        for line in marks.mark_lines(mark, timeline):
            streams.out(line)
    return ExitCode.DONE


def _event(context: Context, book: Logbook, said: _Words) -> tuple[Entry, Entry | None]:
    """The entry that states an event, and the one that stands already where it says the same. Without `--at` an event
    keeps the time that was stated: who presses twice does not move it."""
    name, now = said.name, context.snapshot.now
    stated = read_statements(book).events.get(name)
    if said.na or said.open:
        back = stated and stated.entry.kind != "start" and (stated.entry.oid or "")[:10]
        way = (
            f"take it back: {command_line('log', strike=back, reason='TEXT')}"
            if back
            else command_line("mark", name, at="TIME")
        )
        raise not_recorded(f"{name} is an event: it has a time, or nobody states it", way)
    deployed = read_timeline(book, now=now).moments.get(name) if name == "deployed" else None
    if deployed and deployed.source == "observed":
        raise not_recorded(
            f"a passed run of deploy says when it was deployed: {local_moment(deployed.at)}",
            "see it: git hotfix log",
        )
    when = said.at if said.at is not None else stated.at if stated else now
    text = said.text or (stated.text if stated else "")
    who = read.writer(context.repository.identity)
    same = stated is not None and (stated.at, stated.text) == (when, text)
    return event_entry(name, when, text, who, now), stated.entry if stated and same else None


def _box(context: Context, book: Logbook, said: _Words) -> tuple[Entry, Entry | None]:
    """The entry that ticks a box, and the one that stands already where it says the same of the same code."""
    name, word = said.name, said.text
    box = _find_box(context, name)
    if said.at is not None:
        raise not_recorded(f"{name} is a box: it has no time", command_line("mark", name))
    if said.na and said.open:
        raise not_recorded("a box is open again or not applicable, not both", command_line("mark", name, open=True))
    if said.na and not says_something(word):
        raise not_recorded(
            f"that {name} is not applicable needs a reason", f'{command_line("mark", name, na=True)} -m "…"'
        )
    state: boxes.State = "na" if said.na else "open" if said.open else "done"
    hotfix = known_hotfix(context.git, context.snapshot, book.issue)
    author = bool(box.by) and hotfix is not None and _is_author(context, hotfix)
    if why := may_say(box, state, author=author):
        raise not_recorded(why, _way_to_prove(box))
    tree = None
    if box.lapses and state != "open":
        if hotfix is None or hotfix.tip_tree == hotfix.base_tree:
            raise not_recorded(
                f"{name} is about code, and there is no fix yet",
                f"commit it first, then: {command_line('mark', name)}",
            )
        tree = hotfix.tip_tree
        for line in not_in_the_fix(context, hotfix):
            context.streams.say(line)
    who = read.writer(context.repository.identity)
    before = read_statements(book).boxes.get(name)
    same = before is not None and (before.state, before.text, before.tree) == (state, word or before.text, tree)
    if before is None and state == "open":
        raise not_recorded(f"nobody has said anything of {name}: it is open", "see what is open: git hotfix mark")
    entry = box_entry(name, state, word, tree, who, context.snapshot.now)
    return entry, before.entry if before and same else None


def _way_to_prove(box: Box) -> str:
    """The command that makes the first proof of a box."""
    kind, _, name = box.proof.partition(" ")[0].partition(":")
    if kind in ("approval", "approvals"):
        role = box.proof.partition(":")[2] if kind == "approval" else ""
        command = command_line("approve", role=role) if role else "git hotfix approve"
        return f"somebody else than its authors runs: {command}"
    ways = {"gate": "git hotfix check", "field": command_line("edit", name), "run": command_line("run", name)}
    return ways.get(kind, "see what is open: git hotfix mark")


def _is_author(context: Context, hotfix: Hotfix) -> bool:
    return read.is_author(context.git, context.snapshot, hotfix, context.repository.identity)


def _find_box(context: Context, name: str) -> Box:
    """The box of that name. Raises `Failure` (exit 2) for a fact, and for what is neither event nor box."""
    if name in _FACTS:
        fact, way = _FACTS[name]
        raise not_recorded(f"nobody states when it was {name}: {fact} says it", way)
    team = {box.id: box for box in team_boxes(context.snapshot.policy)}
    found = team.get(name) or boxes.BY_ID.get(name)
    if found:
        return found
    near = difflib.get_close_matches(name.lower().replace("_", "-"), [*events.BY_ID, *boxes.BY_ID, *team], n=1)
    raise not_recorded(
        f"there is no event and no box {name!r}" + (f"; did you mean {near[0]}?" if near else ""),
        "git hotfix mark -v lists them all",
    )


def _list_open(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """What is open: the events that nobody stated, and the boxes that are neither done nor not applicable."""
    if arguments.at or arguments.text or arguments.na or arguments.open:
        raise not_recorded("what is to be marked?", "git hotfix mark NAME; git hotfix mark lists the names")
    with open_context(streams, view="glance") as context:
        issue = recorded_issue(context, arguments.issue)
        timeline, states, statements = _how_it_stands(context, issue)
        needs = needs_of(context.snapshot.policy, statements)
    if arguments.format == "json":
        body = {"issue": issue, **marks.list_object(timeline, states, needs)}
        streams.raw(as_json.document("mark", ExitCode.DONE, body))
        return ExitCode.DONE
    (head, *rows), others = marks.list_rows(timeline, states, needs, everything=arguments.verbose)
    text.table(streams, head, rows)
    if others:
        streams.out(f"{counted(others, 'other box is', 'other boxes are')} open: git hotfix mark -v")
    if age := age_of_view(context, "status", issue):
        streams.out(age)
    return ExitCode.DONE


def _how_it_stands(context: Context, issue: IssueId) -> tuple[Timeline, list[BoxState], Statements]:
    """The clock, the boxes and what people said of a hotfix, by all that proves them; of one whose code this clone does
    not show, by its logbook alone, which is said."""
    try:
        paper = gather(context, look(context, issue, targets=False))
        return paper.timeline, [*paper.boxes.values()], paper.statements
    except Failure as failure:
        context.streams.say(f"only what was recorded is looked at: {failure.message}")
    book = logbook.read(context.git, issue, context.snapshot.refs.logs_of(issue))
    statements = read_statements(book)
    proofs = Proofs(statements, evidence=read_evidence(book))
    states = judge_boxes(proofs, team_boxes(context.snapshot.policy))
    return read_timeline(book, now=context.snapshot.now), [*states.values()], statements
