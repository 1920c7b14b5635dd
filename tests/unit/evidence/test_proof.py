"""What four runs prove: every way in which they can end."""

from __future__ import annotations

from typing import get_args

import pytest

from git_hotfix.evidence import proof
from git_hotfix.evidence.junit import CaseResults, Outcome
from git_hotfix.evidence.process import End, Ended
from git_hotfix.evidence.proof import Proof, Trial, short
from git_hotfix.model.names import Oid

TREE = Oid("a" * 40)


def trial(state: End, **cases: Outcome) -> Trial:
    ended = Ended(state, 0 if state == "passed" else 1, "", 0, b"", 0, 1.0)
    many = {each: list(cases.values()).count(each) for each in get_args(Outcome)}
    found = CaseResults(dict(cases), many) if cases else None
    return Trial(TREE, ended, found)


RED, GREEN = trial("failed", pay="failed", other="passed"), trial("passed", pay="passed", other="passed")


def test_the_same_cases_fail_twice_without_the_fix_and_pass_with_it() -> None:
    assert proof.judge_base(trial("passed")) is None
    assert proof.judge_red(RED) is None
    assert proof.judge_green(GREEN) is None
    assert proof.judge_again(RED, GREEN, RED) == Proof(
        "shown", "1 case fails without the fix and passes with it: pay", "1 case fails without the fix: pay",
        "the same 1 case passes with it", ("red", "green"), ("pay",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("red", "green", "again", "result", "reason", "seen"),
    [
        (trial("failed"), GREEN, RED, "not-judged", "cause not known", ()),
        (RED, trial("passed"), RED, "not-judged", "cause not known", ()),
        (RED, GREEN, trial("passed", pay="passed"), "not-judged", "they are not steady", ()),
        (RED, GREEN, trial("timed-out"), "not-judged", "then does not end in time: they are not steady", ()),
        (RED, GREEN, trial("failed", other="failed"), "not-judged", "other tests failed each time", ()),
        (RED, trial("passed", other="passed"), RED, "not-shown", "pay fails without the fix, and is not", ("red",)),
        (RED, trial("passed", pay="skipped"), RED, "not-shown", "pay fails without the fix, and is not", ("red",)),
    ],
)  # fmt: skip
def test_what_the_last_run_decides(
    red: Trial, green: Trial, again: Trial, result: str, reason: str, seen: tuple[str, ...]
) -> None:
    judged = proof.judge_again(red, green, again)
    assert (judged.result, reason in judged.reason, judged.seen) == (result, True, seen), judged


@pytest.mark.parametrize(
    ("red", "result", "reason"),
    [
        (trial("passed", pay="passed"), "not-shown", "the tests of the fix pass without the fix, too"),
        (trial("timed-out"), "not-judged", "the base with the tests of the fix does not end in time"),
        (trial("failed", m="error"), "not-judged",
         "the tests of the fix could not be run without it: 1 error and no failure"),
        (trial("failed", m="passed"), "not-judged", "the tests of the fix could not be run without it: no case failed"),
    ],
)  # fmt: skip
def test_a_base_that_does_not_fail_by_a_test_that_ran(red: Trial, result: str, reason: str) -> None:
    judged = proof.judge_red(red)
    assert judged == Proof(result, reason)  # type: ignore[arg-type]


def test_a_red_base_and_a_red_fix_show_nothing() -> None:
    judged = proof.judge_base(trial("failed"))
    assert judged == Proof("not-judged", "the base fails (exit 1) by itself, without any test of the fix")
    assert proof.judge_green(trial("failed")) == Proof("not-shown", "the fix fails (exit 1)")
    judged = proof.judge_base(trial("failed", pay="error", other="passed"))
    assert judged == Proof(
        "not-judged", "the base fails (exit 1: 1 passed, 1 error) by itself, without any test of the fix"
    )


def test_a_fix_without_a_test_file_is_not_judged() -> None:
    assert proof.judge_files(["tests/a.py"], []) is None
    none, inside = proof.judge_files([], []), proof.judge_files([], ["src/lib.rs", "b"])
    assert none == Proof("not-judged", "the fix changes no test file, so nothing can fail without it")
    assert inside == Proof("not-judged", "its tests are inside src/lib.rs: they cannot be tried without the fix")


def test_a_long_name_is_cut_where_it_is_shown() -> None:
    assert short("a" * 200) == "a" * 200
    assert short("a" * 201) == "a" * 200 + "…"
