"""The report of a finish or backport: its first sentence, and the question that stands before it."""

from __future__ import annotations

from typing import Any

import pytest

from git_hotfix.model.names import Oid, RefName, TagName
from git_hotfix.model.plan import Conflict, Delivery, Offer, Outcome, ProductionPlan, TagPlan, Target
from git_hotfix.report.outcome import last_line, question, verdict_sentence

OLD, NEW = Oid("1" * 40), Oid("2" * 40)
MAIN = RefName("refs/heads/main")
TAG = TagPlan(TagName("v1.4.3"), NEW)
THERE = TagPlan(TagName("v1.4.3"), NEW, NEW, exists=True)
OFFER = Offer(RefName("refs/heads/hotfix-to/develop/7"))


def to(name: str, status: Any = "merged", **more: Any) -> Delivery:
    return Delivery(Target(RefName(f"refs/heads/{name}"), OLD, 3), "merge", status, **more)


def many(count: int, status: Any, **more: Any) -> tuple[Delivery, ...]:
    return tuple(to(f"{status}{number}", status, **more) for number in range(count))


def finish(*deliveries: Delivery, pushed: bool = True) -> Outcome:
    return Outcome("finish", ProductionPlan(MAIN, OLD, NEW), TAG, deliveries, pushed=pushed)


CLASH = (Conflict("app.py", "content"),)
MIXED = (*many(36, "merged"), *many(3, "conflict", conflicts=CLASH), to("f", "failed", refused=True))


@pytest.mark.parametrize(
    ("outcome", "planned", "sentence"),
    [
        (finish(*MIXED), False, "v1.4.3 is on main. 36 of 40 branches have the fix; 3 conflict, 1 was refused."),
        (finish(*MIXED, pushed=False), False, ""),
        (finish(*many(4, "merged"), pushed=False), True,
         "v1.4.3 will be on main, and all 4 branches will have the fix."),
        (finish(*many(3, "already"), to("x")), False, "v1.4.3 is on main, and all 4 branches have the fix."),
        (finish(to("develop")), False, "v1.4.3 is on main. develop has the fix."),
        (finish(), False, "v1.4.3 is on main."),
        (Outcome("backport", tag=THERE, deliveries=(to("develop", "conflict", conflicts=CLASH),)), False,
         "0 of 1 branches have the fix; 1 conflicts."),
        (Outcome("backport", tag=THERE, deliveries=(*many(2, "already"), *many(2, "pending", offer=OFFER),
                                                    to("a", "pending"), *many(2, "skipped"), to("b", "failed"))), False,
         "2 of 8 branches have the fix; 1 failed, 2 wait for their pull requests, 1 is still open, 2 were skipped."),
        (Outcome("status", ProductionPlan(MAIN, NEW, NEW), THERE, many(2, "merged")), True,
         "v1.4.3 is on main, and all 2 branches will have the fix."),
    ],
)  # fmt: skip
def test_the_verdict_is_one_sentence(outcome: Outcome, planned: bool, sentence: str) -> None:
    assert verdict_sentence(outcome, planned=planned) == sentence


@pytest.mark.parametrize(
    ("outcome", "asked"),
    [
        (finish(*many(12, "merged"), *many(3, "conflict", conflicts=CLASH)),
         "Push main, v1.4.3 and 12 branches? 3 conflicts stay open"),
        (finish(to("develop"), to("x", "conflict", conflicts=CLASH)),
         "Push main, v1.4.3 and develop? 1 conflict stays open"),
        (finish(), "Push main and v1.4.3?"),
        (Outcome("backport", tag=THERE, deliveries=(to("develop"), to("x", "already"))), "Push develop?"),
        (Outcome("backport", tag=THERE, deliveries=(to("support/1", tag=TAG), *many(2, "pending", offer=OFFER))),
         "Push v1.4.3, support/1 and 2 pull requests?"),
    ],
)  # fmt: skip
def test_a_question_names_what_is_pushed(outcome: Outcome, asked: str) -> None:
    assert question(outcome) == asked


def shown(outcome: Outcome, *, planned: bool = False) -> list[str]:
    import io

    from git_hotfix.model.names import IssueId
    from git_hotfix.report.outcome import show_outcome
    from git_hotfix.report.streams import Streams

    out = io.StringIO()
    show_outcome(Streams(io.StringIO(), out, io.StringIO()), outcome, IssueId("7"), planned=planned)
    return out.getvalue().splitlines()


def test_a_conflict_of_production_is_told_as_such() -> None:
    """Nothing can be pushed before it is solved; it is no target among others."""
    clash = Delivery(Target(MAIN, OLD, 1), "merge", "conflict", conflicts=CLASH)
    steps = ("git hotfix backport 7 --resolve main",)
    wait = "pushed, there is no tag yet, and the targets wait."
    left = ["  main: conflict in app.py (content)", f"    {steps[0]}"]
    row = "main    production  conflict  1 file in conflict"
    assert shown(Outcome("finish", deliveries=(clash,), next=steps)) == [
        f"main, the production branch, conflicts: nothing was {wait}", "left to do:", *left,
        "branch  how         result", row,
    ]  # fmt: skip
    status = Outcome("status", ProductionPlan(MAIN, OLD, OLD), TAG, (clash,), next=steps)
    assert shown(status, planned=True) == [
        f"main, the production branch, conflicts: nothing would be {wait}", "this stays open:", *left,
        "branch  how         would be", row,
    ]  # fmt: skip


def test_the_last_line_leaves_nobody_out() -> None:
    skipped = finish(to("develop"), *many(31, "skipped"))
    assert last_line(skipped, production="main") == "main and every target have the fix except 31 skipped branches"
    assert last_line(skipped) == "Every target has the fix except 31 skipped branches"
    assert last_line(finish(to("develop")), named=True) == "These branches have the fix"


def test_conflicts_are_alike_by_their_lines_and_others_are_solved_one_by_one() -> None:
    """What git cannot show between markers (a deletion, a binary) no solution is carried over for."""
    import io

    from git_hotfix.model.names import IssueId
    from git_hotfix.report.outcome import show_outcome
    from git_hotfix.report.streams import Streams

    one = (Conflict("app.py", "content", text="a"),)
    other = (Conflict("app.py", "content", text="b"),)
    gone = (Conflict("old.py", "modify/delete"),)
    clash = [to(name, "conflict", conflicts=kind) for kind, names in
             ((one, "ab"), (other, "c"), (gone, "de")) for name in names]  # fmt: skip
    commands = tuple(f"git hotfix backport 7 --resolve {name}" for name in "abcde")
    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO())
    show_outcome(streams, Outcome("backport", tag=THERE, deliveries=tuple(clash), next=commands), IssueId("7"))
    assert streams.stdout.getvalue().splitlines()[:9] == [  # type: ignore[attr-defined]
        "0 of 5 branches have the fix; 5 conflict.",
        "left to do:",
        "  a, b: conflict in app.py (content); solve a, the other one follows",
        "    git hotfix backport 7 --resolve a",
        "  c: conflict in app.py (content)",
        "    git hotfix backport 7 --resolve c",
        "  d, e: conflict in old.py (modify/delete); each is solved by itself",
        "    git hotfix backport 7 --resolve d",
        "    git hotfix backport 7 --resolve e",
    ]


def test_what_is_next_is_not_what_stays_open() -> None:
    """And a server's refusal is not undone by the same command; a file has its own name, without git's suffix."""
    path = f"m~{'9' * 40}"
    clash = to("a", "conflict", conflicts=(Conflict(path, "modify/delete"),))
    steps = ("git hotfix backport 7 --resolve a", "git hotfix backport 7 --to b")
    said = shown(Outcome("backport", tag=THERE, deliveries=(clash, to("b", "failed", refused=True, reason="no"))))
    assert "  b: no; when the server takes it:" in said
    said = shown(
        Outcome("backport", tag=THERE, deliveries=(clash,), next=(*steps, "git hotfix backport 7")), planned=True
    )
    assert said[1:7] == [
        "this stays open:", "  a: conflict in m (modify/delete)", f"    {steps[0]}",
        "next:", f"  {steps[1]}", "  git hotfix backport 7",
    ]  # fmt: skip
