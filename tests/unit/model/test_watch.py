"""A watch of production: what one answer says, and that nothing but seen success is success."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from git_hotfix.model.watch import (
    SILENT_LOOKS,
    Answer,
    Limits,
    Look,
    Rise,
    Watch,
    add_look,
    interrupt_watch,
    judge_answer,
    read_number,
    read_rise,
)

FOR = 60.0
NO_LIMITS, TO_TEN = Limits(), Limits(highest=10)
BETWEEN, RISING = Limits(1, 10), Limits(rise=Rise(0.1, True))


class Watching(RuleBasedStateMachine):
    """Looks of every kind at every time: what a watch says has to follow from what was seen, whatever the order."""

    def __init__(self) -> None:
        super().__init__()
        self.watch, self.elapsed, self.seen = Watch("errors", FOR), 0.0, list[Look]()
        self.interrupted = False

    @rule(state=st.sampled_from(["ok", "failed", "no-answer"]), seconds=st.floats(0, 25))
    def look(self, state: str, seconds: float) -> None:
        before = self.watch
        self.elapsed += seconds
        look = Look(self.elapsed, None, state, state)  # type: ignore[arg-type]
        self.watch = add_look(before, look, self.elapsed)
        if before.running:
            self.seen.append(look)
        else:
            assert self.watch == before  # what has ended stays as it ended

    @rule()
    def interrupt(self) -> None:
        before = self.watch
        self.watch = interrupt_watch(before, "Ctrl-C")
        assert self.watch.state == ("interrupted" if before.running else before.state)
        self.interrupted = self.interrupted or before.running

    @precondition(lambda self: any(each.state == "ok" for each in self.seen))
    @rule()
    def more_silence_after_success(self) -> None:
        for _ in range(SILENT_LOOKS):
            self.look("no-answer", 0.0)
        assert not self.watch.running

    @invariant()
    def every_measurement_is_kept(self) -> None:
        assert list(self.watch.looks) == self.seen

    @invariant()
    def passed_is_seen_success_to_the_end(self) -> None:
        right = [each for each in self.seen if each.state == "ok"]
        failed = [each for each in self.seen if each.state == "failed"]
        if self.watch.state == "passed":
            assert right
            assert not failed
            assert self.seen[-1] is right[-1]
            assert self.seen[-1].at >= FOR  # its time was over
            assert self.watch.decided_by is self.seen[-1]
        if not right:
            assert self.watch.state != "passed"

    @invariant()
    def one_failure_ends_it(self) -> None:
        failed = [each for each in self.seen if each.state == "failed"]
        assert (self.watch.state == "failed") is bool(failed)
        assert failed == self.seen[-1:] or not failed

    @invariant()
    def silence_decides_nothing_but_that_nobody_knows(self) -> None:
        silent = [each.state == "no-answer" for each in self.seen[-SILENT_LOOKS:]]
        if self.watch.running:
            assert len(silent) < SILENT_LOOKS or not all(silent)
        if self.watch.state == "inconclusive":
            assert silent[-1]

    @invariant()
    def its_time_ends_it(self) -> None:
        if self.seen and self.elapsed >= FOR and not self.interrupted:
            assert not self.watch.running or self.seen[-1].at < FOR


Watching.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestWatching = Watching.TestCase


@given(st.lists(st.tuples(st.integers(1, 125), st.text(max_size=8)), min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_without_an_answer_that_is_right_no_watch_passes(answers: list[tuple[int, str]]) -> None:
    watch = Watch("errors", 0.0)
    for code, output in answers:
        watch = add_look(watch, judge_answer(Answer(code, output), TO_TEN, None, 1.0), 1.0)
    assert watch.state == "inconclusive"


@pytest.mark.parametrize(("answer", "limits", "baseline", "state", "cause"), [
    (Answer(0), NO_LIMITS, None, "ok", ""),
    (Answer(0, "nan"), NO_LIMITS, None, "ok", ""),
    (Answer(1, "connect\nrefused\n\n"), NO_LIMITS, None, "failed", "exit 1: refused"),
    (Answer(22), NO_LIMITS, None, "failed", "exit 22"),
    (Answer(126), NO_LIMITS, None, "no-answer", "it could not be started (exit 126)"),
    (Answer(127), TO_TEN, None, "no-answer", "it could not be started (exit 127)"),
    (Answer(-9), NO_LIMITS, None, "no-answer", "signal 9 ended it"),
    (Answer(None, "3"), TO_TEN, None, "no-answer", "it did not end in time"),
    (Answer(0, "of 20:\n 10 \n"), TO_TEN, None, "ok", ""),
    (Answer(0, "10.5"), TO_TEN, None, "failed", "10.5 is over the limit of 10"),
    (Answer(0, "0.5"), BETWEEN, None, "failed", "0.5 is below the limit of 1"),
    (Answer(1, "3"), TO_TEN, None, "no-answer", "exit 1, and no number counts"),
    (Answer(0, ""), TO_TEN, None, "no-answer", "its last line is no number: nothing"),
    (Answer(0, "3\nall well"), TO_TEN, None, "no-answer", "its last line is no number: all well"),
    (Answer(0, "NaN"), TO_TEN, None, "no-answer", "its last line is no number: NaN"),
    (Answer(0, "1e999"), TO_TEN, None, "no-answer", "its last line is no number: 1e999"),
    (Answer(0, "-inf"), BETWEEN, None, "no-answer", "its last line is no number: -inf"),
    (Answer(0, "3 of 4"), TO_TEN, None, "no-answer", "its last line is no number: 3 of 4"),
    (Answer(0, "110"), RISING, 100.0, "ok", ""),
    (Answer(0, "111"), RISING, 100.0, "failed", "111 is more than 10% over 100"),
    (Answer(0, "-95"), RISING, -100.0, "ok", ""),
    (Answer(0, "-89"), RISING, -100.0, "failed", "-89 is more than 10% over -100"),
    (Answer(0, "0.1"), RISING, 0.0, "failed", "0.1 is more than 10% over 0"),
    (Answer(0, "3"), Limits(rise=Rise(5, False)), 0.0, "ok", ""),
    (Answer(0, "5.5"), Limits(rise=Rise(5, False)), 0.0, "failed", "5.5 is more than 5 over 0"),
    (Answer(0, "3"), RISING, None, "no-answer", "nothing was measured before the deployment"),
])  # fmt: skip
def test_what_one_answer_says(answer: Answer, limits: Limits, baseline: float | None, state: str, cause: str) -> None:
    look = judge_answer(answer, limits, baseline, 5.0)
    assert (look.at, look.state, look.cause) == (5.0, state, cause)


@given(st.one_of(st.floats(), st.text(max_size=12), st.integers()))
@settings(max_examples=200, deadline=None)
def test_a_number_is_finite_or_none(value: float | str | int) -> None:
    found = read_number(str(value))
    assert found is None or math.isfinite(found)
    if isinstance(value, float) and math.isfinite(value):
        assert found == value


def test_a_rise_is_a_share_or_an_amount() -> None:
    assert [read_rise(each) for each in ("10%", "0", "2.5", "-1%", "ten", "", "1e400%")] == [
        Rise(0.1, True), Rise(0, False), Rise(2.5, False), None, None, None, None,
    ]  # fmt: skip
