"""When everything was: every definition of a time and of a duration, from entries alone."""

from __future__ import annotations

import pytest

from git_hotfix.model.approvals import Approval
from git_hotfix.model.frozen import replace
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.policy import Approvals, Phases
from git_hotfix.model.times import utc_time
from git_hotfix.record.budget import next_after, phases_of, running
from git_hotfix.record.statements import event_entry
from git_hotfix.record.timeline import Commits, Span, Timeline, read_timeline

TREE, OTHER = Oid("a" * 40), Oid("b" * 40)
MIN = 60


def start(*, detected: int = 0, started: int = 10 * MIN) -> Entry:
    return Entry("start", "start", {"Detected": utc_time(detected), "Started": utc_time(started)}, "Ada <a>", started)


def said(id: str, minute: int) -> Entry:
    return event_entry(id, minute * MIN, "", "Ada <a>", 1000 * MIN)


def finish(minute: int) -> Entry:
    return Entry("finish", "finish", {"Tag": "v2"}, "Bob <b>", minute * MIN)


def run(name: str, minute: int, *, state: str = "passed", tree: Oid = TREE) -> Entry:
    return Entry("evidence", name, {"Run": name, "State": state, "Tree": tree}, "Ada <a>", minute * MIN)


def line(*entries: Entry, now: int = 500, **more: object) -> Timeline:
    numbered = tuple(replace(each, oid=Oid(f"{n:040x}")) for n, each in enumerate(entries))
    return read_timeline(Logbook(IssueId("1"), numbered), now=now * MIN, **more)  # type: ignore[arg-type]


def minutes(span: Span | None) -> str | None:
    """`60 detected → released`, and `…` behind it where it has not ended."""
    return span and f"{span.seconds // MIN} {span.from_id} → {span.to_id}{'…' if span.open else ''}"


SPANS: list[tuple[tuple[Entry, ...], str | None, str | None, str | None, str | None]] = [
    ((), None, None, None, None),
    ((start(),), "10 detected → started", None, "500 detected → now…", "500 detected → now…"),
    (
        (start(), said("acknowledged", 4), said("impact-started", -30), finish(60), said("mitigated", 70)),
        "4 detected → acknowledged", None, "100 impact-started → mitigated", "60 detected → released",
    ),
    (
        (start(), finish(60), run("deploy", 75), said("resolved", 90)),
        "10 detected → started", "90 detected → resolved", "90 detected → resolved", "75 detected → deployed",
    ),
    (
        (said("resolved", 5), said("detected", 9)),
        None, "0 detected → resolved", "0 detected → resolved", "491 detected → now…",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("entries", "response", "resolution", "duration", "fix"), SPANS)
def test_durations(
    entries: tuple[Entry, ...], response: str | None, resolution: str | None, duration: str | None, fix: str | None
) -> None:
    found = line(*entries)
    spans = (found.response_time, found.resolution_time, found.duration, found.time_to_fix)
    assert tuple(map(minutes, spans)) == (response, resolution, duration, fix)


def test_stated_and_observed_are_told_apart() -> None:
    found = line(start(), said("acknowledged", 4), finish(60))
    assert {id: moment.source for id, moment in found.moments.items()} == {
        "detected": "stated", "acknowledged": "stated", "started": "observed", "released": "observed",
    }  # fmt: skip
    unsaid = line(start(detected=600, started=600))
    assert unsaid.moments["detected"].source == "observed"


def test_the_date_is_the_day_of_detection_and_the_author_who_finished() -> None:
    found = line(start(), said("detected", 24 * 60 + 1), finish(24 * 60 + 5))
    assert (found.date, found.author) == ("1970-01-02", "Bob <b>")
    assert (line().date, line().author) == ("", "")


def test_development_starts_with_the_first_commit_where_nothing_recorded_it() -> None:
    commits = Commits(5 * MIN, 9 * MIN)
    by_hand = line(commits=commits)
    assert (by_hand.at("started"), by_hand.moments["started"].text) == (
        5 * MIN, "the first commit: nothing recorded the start",
    )  # fmt: skip
    assert line(start(), commits=commits).at("started") == 10 * MIN
    assert by_hand.at("fixed") == 9 * MIN


def approval(minute: int, *, role: str = "", counted: bool = True, again: bool = False) -> Approval:
    return Approval("A", role, f"somebody {minute}", minute * MIN, TREE, counted=counted, again=again)


@pytest.mark.parametrize(
    ("rule", "given", "at"),
    [
        (Approvals(), [], None),
        (Approvals(), [approval(3)], 3),
        (Approvals(2), [approval(3), approval(4, again=True)], None),
        (Approvals(2), [approval(3), approval(4, again=True), approval(5, counted=False), approval(6), approval(7)], 6),
        (Approvals(roles=("Security",)), [approval(3)], None),
        (Approvals(roles=("Security",)), [approval(3), approval(4, role="security", counted=False)], None),
        (Approvals(roles=("Security",)), [approval(3), approval(4, role="security"), approval(5)], 4),
        (Approvals(2, ("Security",)), [approval(3, role="Security"), approval(4)], 4),
        (
            Approvals(1, ("Security", "SRE Lead")),
            [approval(3, role="SRE Lead"), approval(4, role="Security", again=True)],
            4,
        ),
    ],
)
def test_approved_is_the_approval_that_completes_what_policy_asks(
    rule: Approvals, given: list[Approval], at: int | None
) -> None:
    found = line(approvals=given, rule=rule).at("approved")
    assert found == (None if at is None else at * MIN)


@pytest.mark.parametrize(
    ("entries", "at", "source"),
    [
        ((run("deploy", 20),), None, None),  # before the release it deployed something else
        ((run("deploy", 20), finish(30)), None, None),
        ((finish(30), run("deploy", 40, state="failed"), run("deploy", 50), run("deploy", 60)), 50, "observed"),
        ((finish(30), said("deployed", 35)), 35, "stated"),
        ((finish(30), said("deployed", 35), run("deploy", 50)), 50, "observed"),
    ],
)
def test_deployed_is_the_first_passed_run_after_the_release_else_what_was_stated(
    entries: tuple[Entry, ...], at: int | None, source: str | None
) -> None:
    found = line(*entries).moments.get("deployed")
    assert (found and (found.at, found.source)) == (None if at is None else (at * MIN, source))


def test_what_was_taken_back_is_neither_released_nor_deployed() -> None:
    undo = Entry("undo", "undo", {"Withdrawn": "v2"}, "Ada <a>", 70 * MIN)
    found = line(start(), finish(60), said("deployed", 65), undo)
    assert (found.at("released"), found.at("deployed")) == (None, None)
    assert minutes(found.time_to_fix) == "500 detected → now…"


def test_what_is_run_after_the_release_is_no_test_before_it() -> None:
    early = line(start(), run("unit", 40), finish(50), run("smoke", 55), tree=TREE)
    assert (early.at("tested"), early.moments["tested"].text) == (40 * MIN, "unit")
    assert line(start(), finish(50), run("smoke", 55), tree=TREE).at("tested") == 55 * MIN


def test_an_odd_order_is_named() -> None:
    assert line(start(), said("acknowledged", 5), said("verified", 70), said("resolved", 80)).out_of_order == ()
    found = line(start(), said("acknowledged", -5), said("verified", 20), finish(60))
    assert found.out_of_order == (("detected", "acknowledged"), ("released", "verified"))
    early = line(start(), said("mitigated", 20), said("root-cause", 600), finish(60))
    assert early.out_of_order == (("root-cause", "released"),)


def test_entries_of_a_wrong_clock_are_kept_apart() -> None:
    odd = Entry("event", "odd", {}, "Ada <a>", 5, skew=600)
    assert [each.title for each in line(start(), odd).skewed] == ["odd"]


# ---- the budget, phase by phase


def phases(timeline: Timeline) -> str:
    """Every phase that has begun with how it stands and its minutes, and `+N` that it is late."""
    told = []
    for each in phases_of(timeline, Phases()):
        spent, late = each.seconds(timeline.now), each.late(timeline.now)
        if spent is not None:
            told.append(f"{each.id} {each.state} {spent // MIN}" + (f" +{late // MIN}" if late else ""))
    return ", ".join(told)


def test_nothing_runs_before_anything_was_recorded() -> None:
    assert {each.state for each in phases_of(line(), Phases())} == {"ahead"}
    assert running(phases_of(line(), Phases())) is None


COMMITS = Commits(15 * MIN, 30 * MIN)
CLOSE, DONE = Entry("close", "close", {}, "", 60 * MIN), Entry("done", "done", {}, "", 62 * MIN)
BEGUN = "assess done 10 +5, branch done 0, fix done 20"
PHASES = [
    (line(said("detected", 0), now=4), "assess running 4", "branch"),
    (line(start(), said("acknowledged", 3), now=20), "assess done 3, branch done 7 +5, fix running 10", "test"),
    (line(start(), commits=COMMITS, now=55), f"{BEGUN}, test running 25 +5", "deploy"),
    (  # nobody tested: the test ended with the release
        line(start(), finish(50), commits=COMMITS, now=70),
        f"{BEGUN}, test done 20, deploy done 0, backport running 20 +10", "close",
    ),
    (
        line(start(), run("smoke", 40), run("smoke", 45, tree=OTHER), finish(50), run("deploy", 55), CLOSE, DONE,
             commits=COMMITS, tree=TREE, now=900),
        f"{BEGUN}, test done 10, deploy done 15, backport done 5, close done 2", None,
    ),
]  # fmt: skip


@pytest.mark.parametrize(("timeline", "says", "following"), PHASES)
def test_the_phase_that_runs_and_what_was_late(timeline: Timeline, says: str, following: str | None) -> None:
    assert phases(timeline) == says
    found = next_after(phases_of(timeline, Phases()))
    assert (found.id if found else None) == following


def test_the_phases_are_the_budget_of_two_hours() -> None:
    assert sum(each.budget for each in phases_of(line(), Phases())) == 2 * 3600
