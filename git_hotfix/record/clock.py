"""The clock of a hotfix as people and programs read it: how long it took, which phase runs, what was late or odd."""

from __future__ import annotations

from typing import Any

from git_hotfix.model.logbook import SKEW, Logbook
from git_hotfix.model.policy import Policy
from git_hotfix.model.times import duration_words, local_moment
from git_hotfix.model.words import counted
from git_hotfix.record.budget import Phase, next_after, phases_of, running
from git_hotfix.record.timeline import Span, Timeline, read_timeline

_LATE = 60  # seconds over a phase's budget from which on it is worth a word


def time_spent(book: Logbook, now: int) -> int | None:
    """Seconds from detection until the fix ran in production or was released (to `now` before that); None where nobody
    recorded a beginning."""
    span = read_timeline(book, now=now).time_to_fix
    return span.seconds if span else None


def clock_lines(timeline: Timeline, policy: Policy, *, released: bool) -> list[str]:
    """What `status` says of the time: all of it against the budget, the phase that runs and what comes next (not of a
    hotfix that is `released` and whose fix is everywhere), the incident, and what is odd."""
    lines, spent = [], timeline.time_to_fix
    if spent:
        over = " · over the budget" if spent.seconds > policy.budget else ""
        ends = f"since {spent.from_id}" if spent.open else f"{spent.from_id} to {spent.to_id}"
        lines.append(f"clock: {duration_words(spent.seconds)} of {duration_words(policy.budget)}, {ends}{over}")
    phases = phases_of(timeline, policy.budget_phases)
    lines += _phase_lines(phases, timeline.now, released=released)
    if timeline.duration:
        lines.append(_incident_line(timeline, timeline.duration, released=released))
    for id in dict.fromkeys(id for _, id in timeline.out_of_order):
        told = [f"{before} {_when(timeline, before)}" for before, each in timeline.out_of_order if each == id]
        lines.append(f"odd order: {id} {_when(timeline, id)} is before {' and '.join(told)}")
    for moment in timeline.moments.values():
        if moment.at > timeline.now + SKEW:
            lines.append(f"ahead of the clock here: {moment.id} {local_moment(moment.at)}")
    if timeline.skewed:
        many = counted(len(timeline.skewed), "entry is", "entries are")
        lines.append(f"clock skew: {many} older than the one before: git hotfix log")
    return lines


def _phase_lines(phases: tuple[Phase, ...], now: int, *, released: bool) -> list[str]:
    lines, runs, following = [], running(phases), next_after(phases)
    if runs and not released:
        late = ", late" if runs.late(now) >= _LATE else ""
        after = f"; next: {following.id}" if following else ""
        lines.append(f"phase: {_spent(runs, now)}{late}{after}")
    slow = [phase for phase in phases if phase.state == "done" and phase.late(now) >= _LATE]
    if slow:
        lines.append(f"late: {', '.join(_spent(each, now) for each in slow)}")
    return lines


def _spent(phase: Phase, now: int) -> str:
    return f"{phase.id} {duration_words(phase.seconds(now))} of {duration_words(phase.budget)}"


def _incident_line(timeline: Timeline, duration: Span, *, released: bool) -> str:
    begin = f"{duration.from_id} {_when(timeline, duration.from_id)}"
    if not duration.open:
        return f"incident: {duration_words(duration.seconds)}, {begin} to {duration.to_id}"
    if released:
        return f"incident: since {begin}, and nobody said when it was over: git hotfix mark resolved --at TIME"
    return f"incident: open for {duration_words(duration.seconds)}, since {begin}"


def _when(timeline: Timeline, id: str) -> str:
    return local_moment(timeline.moments[id].at)


def clock_object(timeline: Timeline, policy: Policy) -> dict[str, Any]:
    """The clock in JSON; times in seconds since the epoch, durations in seconds."""
    phases = phases_of(timeline, policy.budget_phases)
    runs, following, spent = running(phases), next_after(phases), timeline.time_to_fix
    return {
        "seconds": spent.seconds if spent else None,
        "budget": policy.budget,
        "from": spent.from_id if spent else None,
        "to": spent.to_id if spent else None,
        "open": bool(timeline.duration and timeline.duration.open),
        "spans": {
            name: _span_object(span)
            for name in ("response_time", "resolution_time", "duration", "time_to_fix")
            for span in [getattr(timeline, name)]
        },
        "running": runs.id if runs else None,
        "next": following.id if following else None,
        "phases": [_phase_object(phase, timeline.now) for phase in phases],
        "moments": [moment_object(timeline, id) for id in timeline.moments],
        "out_of_order": [[*pair] for pair in timeline.out_of_order],
        "skewed": [entry.oid for entry in timeline.skewed],
    }


def moment_object(timeline: Timeline, id: str) -> dict[str, Any]:
    """A moment in JSON."""
    moment = timeline.moments[id]
    return {
        "id": moment.id,
        "at": moment.at,
        "source": moment.source,
        "by": moment.entry.who if moment.entry else None,
        "entry": moment.entry.oid if moment.entry else None,
        "text": moment.text,
    }


def _span_object(span: Span | None) -> dict[str, Any] | None:
    return {"seconds": span.seconds, "from": span.from_id, "to": span.to_id, "open": span.open} if span else None


def _phase_object(phase: Phase, now: int) -> dict[str, Any]:
    return {
        "id": phase.id,
        "state": phase.state,
        "seconds": phase.seconds(now),
        "budget": phase.budget,
        "late": phase.late(now),
        "ended_by": phase.ended_by.id if phase.ended_by else None,
    }
