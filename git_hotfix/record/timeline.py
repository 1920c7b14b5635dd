"""When everything of an incident was, and how long it took: what people stated, and what git and this tool saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from git_hotfix.model.approvals import Approval, add_up
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.policy import Approvals
from git_hotfix.model.recorded_evidence import DEPLOY, read_evidence
from git_hotfix.model.times import finish_of, seconds_of, utc_day
from git_hotfix.record.statements import read_statements

Source = Literal["stated", "observed"]

# What usually comes before each moment. Another order is named and never refused: a cause may be found, and people be
# helped, long before or after the fix is out.
_BEFORE: Mapping[str, tuple[str, ...]] = {
    "detected": ("impact-started",),
    "acknowledged": ("detected",),
    "investigating": ("acknowledged",),
    "started": ("detected",),
    "root-cause": ("investigating",),
    "mitigated": ("detected",),
    "staging": ("started", "root-cause"),
    "approved": ("started",),
    "released": ("staging", "approved"),
    "deployed": ("released",),
    "verified": ("deployed",),
    "resolved": ("verified", "mitigated"),
}

_NO_RULE = Approvals()


@frozen
class Moment:
    """When one thing was: its id, the time in seconds since the epoch, whether a person stated it or it was observed,
    the entry that says so (None for a commit), and a word on it."""

    id: str
    at: int
    source: Source
    entry: Entry | None = None
    text: str = ""


@frozen
class Span:
    """How long something took, in seconds, and between which moments; `open` where it has not ended and counts up to
    now."""

    seconds: int
    from_id: str
    to_id: str
    open: bool = False


@frozen
class Commits:
    """The author dates of the first and the last commit of the fix, in seconds since the epoch."""

    first: int
    last: int


@frozen
class Timeline:
    """All moments of a hotfix by their ids, and what follows from them; `now` is when it was asked.

    The events of `model/events.py` are stated. Facts are `started` (the start entry, else the first commit), `fixed`
    (the last commit), `tested` (a run that passed on the code as it is), `approved`, `released` (the finish entry),
    `deployed` (a passed run of that name, else stated), `delivered` (every target has the fix) and `done`. `skewed` are
    entries whose clock was wrong.
    """

    moments: Mapping[str, Moment] = field(default_factory=dict)
    now: int = 0
    author: str = ""
    skewed: tuple[Entry, ...] = ()

    def at(self, id: str) -> int | None:
        """When that was, in seconds since the epoch; None where nobody knows."""
        moment = self.moments.get(id)
        return moment.at if moment else None

    @property
    def response_time(self) -> Span | None:
        """From detection until somebody took it on, else until the hotfix began."""
        return self._span(("detected",), ("acknowledged", "started"))

    @property
    def resolution_time(self) -> Span | None:
        """From detection to the end of the incident."""
        return self._span(("detected",), ("resolved",))

    @property
    def duration(self) -> Span | None:
        """How long people were affected; up to now while they are."""
        return self._span(("impact-started", "detected"), ("mitigated", "resolved"), until_now=True)

    @property
    def time_to_fix(self) -> Span | None:
        """From detection until the fix ran in production, else until it was released; up to now before that. This is
        what the budget counts (playbook, 0.1: < 2 hours)."""
        return self._span(("detected", "started"), ("deployed", "released"), until_now=True)

    @property
    def date(self) -> str:
        """The day of the incident in UTC, `2026-11-27`: when it was detected, else when the hotfix began; "" where
        neither is known."""
        at = self.at("detected") or self.at("started")
        return "" if at is None else utc_day(at)

    @property
    def out_of_order(self) -> tuple[tuple[str, str], ...]:
        """Pairs of moments of which the first usually comes before the second, and did not."""
        return tuple(
            (before, id)
            for id in _BEFORE
            if id in self.moments
            for before in _all_before(id)
            if before in self.moments and self.moments[before].at > self.moments[id].at
        )

    def _span(self, begins: Sequence[str], ends: Sequence[str], *, until_now: bool = False) -> Span | None:
        """From the first of `begins` that is known to the first of `ends` that is; never below 0."""
        begin = next((id for id in begins if id in self.moments), None)
        end = next((id for id in ends if id in self.moments), None)
        if begin is None or (end is None and not until_now):
            return None
        last = self.moments[end].at if end else self.now
        return Span(max(0, last - self.moments[begin].at), begin, end or "now", open=end is None)


def _all_before(id: str) -> list[str]:
    """What usually comes before `id`, the nearest first."""
    found: list[str] = []
    for before in _BEFORE.get(id, ()):
        found += [before, *_all_before(before)]
    return list(dict.fromkeys(found))


def read_timeline(
    book: Logbook,
    *,
    now: int,
    approvals: Sequence[Approval] = (),
    rule: Approvals = _NO_RULE,
    commits: Commits | None = None,
    tree: str | None = None,
) -> Timeline:
    """The timeline of a hotfix since its last start, at `now` (seconds since the epoch).

    `approvals` are those of its code and `rule` what policy asks of them; `commits` are those of the fix,
    None where there is none yet; `tree` is the code as it is, for which a test counts.
    """
    finished = finish_of(book)
    found = [
        *_stated(book),
        *_of_commits(book, commits),
        *_tested(book, tree, finished),
        *_approved(approvals, rule),
        *([Moment("released", finished.when, "observed", finished)] if finished else []),
        *_deployed(book, finished),
        *_ends(book),
    ]
    skewed = tuple(entry for entry in book.current if entry.skew)
    return Timeline({moment.id: moment for moment in found}, now, finished.who if finished else "", skewed)


def _stated(book: Logbook) -> list[Moment]:
    """The events that people stated; a start without `--detected` was detected when it began, and nobody said so. That
    a fix ran in production counts no more when it was taken back since."""
    taken_back = max((entry.when for entry in book.current if "Withdrawn" in entry.facts), default=None)
    found = []
    for event in read_statements(book).events.values():
        facts = event.entry.facts
        unsaid = event.entry.kind == "start" and facts.get("Detected") == facts.get("Started")
        if event.id != "deployed" or taken_back is None or event.at > taken_back:
            found.append(Moment(event.id, event.at, "observed" if unsaid else "stated", event.entry, event.text))
    return found


def _of_commits(book: Logbook, commits: Commits | None) -> list[Moment]:
    """When development began, and when the fix was last changed."""
    found = []
    if book.start:
        started = seconds_of(book.start.facts.get("Started"))
        found.append(Moment("started", book.start.when if started is None else started, "observed", book.start))
    elif commits:
        found.append(Moment("started", commits.first, "observed", text="the first commit: nothing recorded the start"))
    return [*found, *([Moment("fixed", commits.last, "observed")] if commits else [])]


def _tested(book: Logbook, tree: str | None, finished: Entry | None) -> list[Moment]:
    """The last run that passed on the code as it is, but for the one that deploys: before the release where one did,
    because what is run after it looks at production."""
    runs = [one for one in read_evidence(book) if one.kind == "run" and one.name != DEPLOY]
    passed = [one for one in runs if one.passed and not one.uncounted and tree is not None and one.tree == tree]
    before = [one for one in passed if finished is None or one.ended <= finished.when]
    return [Moment("tested", last.ended, "observed", last.entry, last.name) for last in (before or passed)[-1:]]


def _approved(approvals: Sequence[Approval], rule: Approvals) -> list[Moment]:
    """The approval that completed what policy asks for; where it asks for none, the first one that counts."""
    last = add_up(approvals, rule.required, rule.roles).completed_by
    return [Moment("approved", last.when, "observed", text=last.who)] if last else []


def _deployed(book: Logbook, finished: Entry | None) -> list[Moment]:
    """The first run that deployed after the release; it stands before what a person stated."""
    runs = [one for one in read_evidence(book) if one.name == DEPLOY and one.passed and one.kind == "run"]
    first = next((one for one in runs if finished and one.ended >= finished.when), None)
    return [Moment("deployed", first.ended, "observed", first.entry)] if first else []


def _ends(book: Logbook) -> list[Moment]:
    """When every target had the fix, and when nothing was left to do."""
    closes = [entry for entry in book.of_kind("close") if "Abandoned" not in entry.facts] if book.closed else []
    found = [Moment("delivered", closes[-1].when, "observed", closes[-1])] if closes else []
    done = book.of_kind("done")
    return [*found, *([Moment("done", done[-1].when, "observed", done[-1])] if done else [])]
