"""What goes back, what stays and what a human has to revert: decided on literal values."""

from __future__ import annotations

from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid, RefName
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.run import Return, Run, Step
from git_hotfix.record import clock
from git_hotfix.runs import undo_plan

MAIN, DEVELOP, TAG = RefName("refs/heads/main"), RefName("refs/heads/develop"), RefName("refs/tags/v1")
A, B, C, D = (Oid(letter * 40) for letter in "abcd")
PRODUCTION, TAGGED = Step(MAIN, A, B, 1), Step(TAG, None, C, 1)


def run(*steps: Step) -> Run:
    return Run(IssueId("1"), "finish", 0, steps)


def decide(subject: Run, there: dict[RefName, Oid], *, production: bool = False, held: bool = True) -> list[Return]:
    now = undo_plan.RemoteNow(there, holds=lambda commit, tip: held, is_merge=lambda oid: oid == B)
    return list(undo_plan.decide(subject, now, production=production, guarded={MAIN}))


def test_a_branch_goes_back_to_where_the_first_of_its_steps_found_it() -> None:
    """Pushed, taken back and pushed again, or delivered twice: from A to C in two steps."""
    [found] = decide(run(Step(DEVELOP, A, B, 2), Step(DEVELOP, B, C, 2)), {DEVELOP: C})
    assert (found.status, found.now, found.to) == ("back", C, A)
    [found] = decide(run(Step(DEVELOP, A, B, 2), Step(DEVELOP, D, C, 2)), {DEVELOP: C})
    assert (found.status, found.to) == ("back", D)
    [found] = decide(run(Step(DEVELOP, A, B, 2), Step(DEVELOP, D, C, 2)), {DEVELOP: B})
    assert (found.status, found.to) == ("back", A)


def test_what_stands_where_it_was_before_is_back_already() -> None:
    [found] = decide(run(Step(DEVELOP, A, B, 2)), {DEVELOP: A})
    assert (found.status, found.left) == ("already", False)


def test_what_moved_is_left_only_while_it_holds_the_delivery() -> None:
    subject = run(Step(DEVELOP, A, B, 2))
    assert decide(subject, {DEVELOP: D}) == [
        Return(DEVELOP, 2, "moved", D, D, f"git revert -m 1 {B}", "it has moved since")
    ]
    assert [each.status for each in decide(subject, {DEVELOP: D}, held=False)] == ["gone"]
    assert [each.status for each in decide(subject, {})] == ["gone"]
    [picked] = decide(run(Step(DEVELOP, A, C, 2)), {DEVELOP: D})
    assert picked.revert == f"git revert {A}..{C}"


def test_a_pull_request_that_was_merged_is_told_of() -> None:
    offer = RefName("refs/heads/hotfix-to/develop/1")
    told = Return(DEVELOP, 2, "moved", D, D, f"git revert -m 1 {B}", "its pull request is merged")
    subject = run(Step(offer, None, B, 2))
    gone = "if its pull request was merged, develop keeps the fix"
    assert decide(subject, {DEVELOP: D}) == [Return(offer, 2, "already", None, None, reason=gone), told]
    assert decide(subject, {DEVELOP: D, offer: B})[1:] == [told]
    assert decide(run(Step(offer, None, A, 2), Step(offer, A, B, 2)), {DEVELOP: D, offer: B})[1:] == [told]
    assert decide(subject, {DEVELOP: D, offer: B}, held=False)[1:] == []
    assert [each.status for each in decide(subject, {offer: B})] == ["back"]
    [_, picked] = decide(run(Step(offer, None, C, 2)), {DEVELOP: D, offer: C})
    assert (picked.revert, picked.left) == ("", True)


def test_production_and_tag_go_back_only_when_said_and_only_together() -> None:
    subject = run(PRODUCTION, TAGGED)
    both = {MAIN: B, TAG: C}
    assert [each.status for each in decide(subject, both)] == ["kept", "kept"]
    assert [(each.status, each.to) for each in decide(subject, both, production=True)] == [("back", A), ("back", None)]
    moved = decide(subject, {MAIN: D, TAG: C}, production=True)
    assert [(each.status, each.reason) for each in moved] == [
        ("moved", "it has moved since"), ("kept", "refs/heads/main cannot go back"),
    ]  # fmt: skip
    retagged = decide(subject, {MAIN: B, TAG: D}, production=True)
    assert [(each.status, each.revert) for each in retagged] == [("kept", f"git revert -m 1 {B}"), ("moved", "")]
    assert [each.status for each in decide(subject, {MAIN: B}, production=True)] == ["back", "already"]


def test_production_is_guarded_as_the_target_of_another_line_too() -> None:
    assert [each.status for each in decide(run(Step(MAIN, A, B, 2)), {MAIN: B})] == ["kept"]


def test_a_run_that_never_arrived_did_nothing() -> None:
    subject = run(PRODUCTION, TAGGED)
    assert not undo_plan.did_something(subject, {MAIN: A})
    assert undo_plan.did_something(subject, {MAIN: B, TAG: C})
    assert undo_plan.did_something(subject, {MAIN: D})


def test_runs_are_composed_with_what_the_last_knew() -> None:
    first = Run(IssueId("1"), "finish", 1, (PRODUCTION,), there=A, here=B, stood="/w", settings=(("k", "v"),))
    last = Run(IssueId("1"), "backport", 2, (Step(DEVELOP, A, B, 2),), there=C)
    assert undo_plan.compose_runs([first, last]) == Run(
        IssueId("1"), "backport", 1, (PRODUCTION, *last.steps), there=C, here=B, stood="/w", settings=(("k", "v"),)
    )


def test_local_branches_follow_back_to_where_they_stood() -> None:
    subject = run(Step(DEVELOP, B, C, 2, here=A), PRODUCTION, TAGGED)
    returned = [Return(DEVELOP, 2, "back", C, B), Return(MAIN, 1, "back", B, A), Return(TAG, 1, "already", None, None)]
    here = {DEVELOP: C, MAIN: B, TAG: C}
    moves, left = undo_plan.local_moves(subject, returned, here, {MAIN: "/w"})
    assert moves == (RefUpdate(DEVELOP, C, A), RefUpdate(TAG, C, None))
    assert left == {MAIN: ("/w", A)}
    kept = [Return(DEVELOP, 2, "refused", C, B)]
    assert undo_plan.local_moves(subject, kept, here, {}) == ((), {})
    assert undo_plan.local_moves(subject, returned, {DEVELOP: D}, {}) == ((), {})


def book(*entries: Entry) -> Logbook:
    start = Entry("start", "start", {"Detected": "2026-01-01T00:00:00Z"}, when=1767225600)
    return Logbook(IssueId("1"), (start, *entries))


def test_the_clock_runs_on_when_production_was_taken_back() -> None:
    finish = Entry("finish", "finish", {}, when=1767225600 + 60)
    now = 1767225600 + 600
    assert clock.time_spent(book(finish), now) == 60
    assert clock.time_spent(book(finish, Entry("undo", "undo", {"Back": "refs/heads/develop"})), now) == 60
    withdrawn = Entry("undo", "undo", {"Withdrawn": "v1"})
    assert clock.time_spent(book(finish, withdrawn), now) == 600
    assert clock.time_spent(book(finish, withdrawn, Entry("finish", "finish", {}, when=1767225600 + 300)), now) == 300


def test_an_undone_hotfix_is_not_closed() -> None:
    close, back = Entry("close", "close"), Entry("undo", "undo")
    stages = ((), (close,), (close, back), (close, back, close))
    assert [book(*entries).closed for entries in stages] == [False, True, False, True]
    assert [book(*entries).taken_back for entries in stages] == [None, None, back, None]
