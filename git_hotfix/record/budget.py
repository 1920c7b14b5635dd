"""The time that a hotfix may take, phase by phase: which one runs, what is late, what comes next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.model.policy import Phases
from git_hotfix.record.timeline import Moment, Timeline

# The phases of the playbook (2.1 to 2.7) in order, each with the moments that end it: the first of them that is known
# does.
_ENDS: Mapping[str, tuple[str, ...]] = {
    "assess": ("acknowledged", "started"),
    "branch": ("started",),
    "fix": ("fixed",),
    "test": ("tested", "staging", "approved"),
    "deploy": ("deployed", "released"),
    "backport": ("delivered",),
    "close": ("done",),
}


@frozen
class Phase:
    """One phase: its budget in seconds, the times at which it began and ended (seconds since the epoch, None where it
    did not), the moment that ended it (None where only a later one tells), and how it stands."""

    id: str
    budget: int
    state: Literal["done", "running", "ahead"]
    began: int | None = None
    ended: int | None = None
    ended_by: Moment | None = None

    def seconds(self, now: int) -> int | None:
        """How long it took, or has taken up to `now`; None where it has not begun."""
        if self.began is None:
            return None
        return max(0, (now if self.ended is None else self.ended) - self.began)

    def late(self, now: int) -> int:
        """By how many seconds it is, or was, over its budget."""
        return max(0, (self.seconds(now) or 0) - self.budget)


def phases_of(timeline: Timeline, budgets: Phases) -> tuple[Phase, ...]:
    """Every phase in order. The first begins when the fault was detected, each other where the one before ended. Each
    ends with its own moment, or with that of a later phase where that came first. Of those that have not ended, the
    first one runs. Without a beginning all are ahead."""
    ends = {id: _end_of(id, timeline) for id in _ENDS}
    last = max((n for n, id in enumerate(ends) if ends[id]), default=-1)
    begin = timeline.at("detected")
    begin = timeline.at("started") if begin is None else begin
    found = []
    for number, (id, end) in enumerate(ends.items()):
        budget = getattr(budgets, id)
        if begin is None or number > last + 1:
            found.append(Phase(id, budget, "ahead"))
        elif number == last + 1:
            found.append(Phase(id, budget, "running", begin))
        else:
            ended = max(begin, min(moment.at for other in [*ends][number:] if (moment := ends[other])))
            found.append(Phase(id, budget, "done", begin, ended, end))
            begin = ended
    return tuple(found)


def running(phases: tuple[Phase, ...]) -> Phase | None:
    """The phase that runs; None where nothing began, or all is done."""
    return next((phase for phase in phases if phase.state == "running"), None)


def next_after(phases: tuple[Phase, ...]) -> Phase | None:
    """The phase that comes after the one that runs, None where that is the last one."""
    ahead = [phase for phase in phases if phase.state == "ahead"]
    return ahead[0] if ahead and running(phases) else None


def _end_of(id: str, timeline: Timeline) -> Moment | None:
    return next((moment for name in _ENDS[id] if (moment := timeline.moments.get(name))), None)
