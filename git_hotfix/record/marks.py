"""Events and boxes as people and programs read them: one that was marked, and the list of what is open."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from git_hotfix.model import events
from git_hotfix.model.boxes import State
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import SKEW, Entry
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Needs
from git_hotfix.model.times import duration_words, local_moment, time_of
from git_hotfix.model.words import one_line
from git_hotfix.record.boxes import BoxState
from git_hotfix.record.clock import moment_object
from git_hotfix.record.statements import STATE, TEXT
from git_hotfix.record.timeline import Timeline

ALWAYS_FOR_CLOSE = ("verified", "resolved", "post-mortem")
"""Events and boxes that `git hotfix close` needs whatever the policy says."""
_HEAD = ("name", "state", "needed by", "what")


@frozen
class Mark:
    """An event or a box as it stands after it was marked: when it was or was said (seconds since the epoch), by whom,
    the entry that says so, the code that it was said of, and a word on it; `skew` as of the entry. `out_of_order` are
    moments that usually come before it and were later, or come after it and were earlier. `fresh`: recorded just now.
    """

    id: str
    kind: Literal["event", "box"]
    state: State
    at: int
    by: str
    entry: Oid | None
    tree: Oid | None = None
    text: str = ""
    skew: int = 0
    out_of_order: tuple[str, ...] = ()
    fresh: bool = True


def mark_of(name: str, entry: Entry, timeline: Timeline, *, fresh: bool) -> Mark:
    """What `entry` marks as `name`; a start entry tells when it was detected."""
    moment = timeline.moments.get(name)
    if entry.kind != "box" and moment:
        odd = tuple(dict.fromkeys(id for pair in timeline.out_of_order if name in pair for id in pair if id != name))
        return Mark(
            name, "event", "done", moment.at, entry.who, entry.oid, None, moment.text, entry.skew, odd, fresh
        )  # fmt: skip
    state: State = entry.facts[STATE]  # type: ignore[assignment]
    text = entry.facts.get(TEXT, "")
    return Mark(name, "box", state, time_of(entry), entry.who, entry.oid, entry.tree, text, entry.skew, fresh=fresh)


def mark_lines(mark: Mark, timeline: Timeline) -> list[str]:
    """What is said of a mark."""
    word = f": {one_line(mark.text)}" if mark.text else ""
    if mark.kind == "box":
        says = {"done": "done", "open": "open again", "na": "not applicable"}[mark.state]
        code = ", for the code as it is; changed code opens it again" if mark.tree else ""
        already = "" if mark.fresh else f", as {_name(mark.by)} said already"
        lines = [f"{mark.id} is {says}{already}{code}{word}"]
    elif mark.fresh:
        lines = [f"{mark.id}: {local_moment(mark.at)}, stated{word}"]
    else:
        lines = [f"{mark.id} is {local_moment(mark.at)} already, by {_name(mark.by)}; another time: --at TIME"]
    for other in mark.out_of_order:
        lines.append(f"odd order: {other} is {local_moment(timeline.moments[other].at)}")
    ahead = _ahead(mark, timeline)
    if ahead:
        lines.append(f"this is {duration_words(ahead)} ahead of the clock here")
    if mark.skew:
        lines.append(f"clock skew: this entry is {duration_words(mark.skew)} older than the one before it")
    if mark.fresh and (mark.out_of_order or ahead):
        lines.append(f"mistyped? {command_line('log', strike=(mark.entry or '')[:10], reason='TEXT')}")
    return lines


def _ahead(mark: Mark, timeline: Timeline) -> int:
    """Seconds by which a mark lies ahead of the clock here; 0 up to what clocks of machines differ by."""
    ahead = mark.at - timeline.now
    return ahead if ahead > SKEW else 0


def _name(who: str) -> str:
    return who.partition(" <")[0] or who


def mark_object(mark: Mark, timeline: Timeline) -> dict[str, Any]:
    """A mark in JSON; times in seconds since the epoch, `skew` and `ahead` in seconds: `ahead` is how far its time lies
    ahead of the clock here, 0 where clocks may differ by that."""
    ahead = _ahead(mark, timeline)
    marked = {
        "id": mark.id,
        "kind": mark.kind,
        "state": mark.state,
        "at": mark.at,
        "source": "stated",
        "by": mark.by,
        "entry": mark.entry,
        "tree": mark.tree,
        "text": mark.text,
    }
    return {"marked": marked, "skew": mark.skew, "ahead": ahead, "out_of_order": list(mark.out_of_order)}


def list_rows(
    timeline: Timeline, states: Sequence[BoxState], needs: Needs, *, everything: bool
) -> tuple[list[tuple[str, ...]], int]:
    """Rows of what is open, below their head: events, then the boxes that `finish` or `close` needs, and how many boxes
    more are open; with `everything` all events and boxes, those first that are needed."""
    rows = []
    for event in events.EVENTS:
        moment = timeline.moments.get(event.id)
        if everything or moment is None:
            rows.append(
                (
                    event.id,
                    f"{local_moment(moment.at)}, {moment.source}" if moment else "open",
                    "close" if event.id in ALWAYS_FOR_CLOSE else "",
                    event.text,
                )
            )
    listed = [one for one in states if (everything or one.state == "open") and one.box.id not in events.BY_ID]
    shown = [one for one in listed if everything or _needed_by(one, needs)]
    for one in sorted(shown, key=lambda one: not _needed_by(one, needs)):
        state = "lapsed" if one.lapsed else "n/a" if one.state == "na" else one.state
        rows.append((one.box.id, state, " ".join(_needed_by(one, needs)), one.box.text))
    return [_HEAD, *rows], len(listed) - len(shown)


def _needed_by(state: BoxState, needs: Needs) -> list[str]:
    asked = {"finish": needs.finish, "close": (*needs.close, *ALWAYS_FOR_CLOSE)}
    return [name for name, ids in asked.items() if state.box.id in ids]


def list_object(timeline: Timeline, states: Sequence[BoxState], needs: Needs) -> dict[str, Any]:
    """All events and facts that are known or may be stated, and all boxes, in JSON."""
    known = [id for id in timeline.moments if id not in {event.id for event in events.EVENTS}]
    unknown = {"at": None, "source": None, "by": None, "entry": None, "text": ""}
    stated = [
        {"id": event.id, **(moment_object(timeline, event.id) if event.id in timeline.moments else unknown)}
        for event in events.EVENTS
    ]
    boxes = [
        {
            "id": one.box.id,
            "text": one.box.text,
            "state": one.state,
            "proof": {"kind": _kind_of_proof(one), "entry": one.entry},
            "required_for": _needed_by(one, needs),
            "lapsed": one.lapsed,
        }
        for one in states
    ]
    return {"events": [*stated, *(moment_object(timeline, id) for id in known)], "boxes": boxes}


def _kind_of_proof(state: BoxState) -> str | None:
    """What says how a box stands: "person", "fact", or the first word of its proof, such as `run`; None where nothing
    does."""
    if state.how.startswith("said by "):
        return "person"
    if state.state == "open":
        return None
    return "fact" if state.state == "na" else state.how.partition(" ")[0]
