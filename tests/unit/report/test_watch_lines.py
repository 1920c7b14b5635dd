"""What a watch looks like: the way back is never cut off, and nothing that a command says reaches the terminal raw."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.model.watch import Look, Watch
from git_hotfix.report.watch import end_line, live_line, looks_words, sparkline, time_words

BACK = "git hotfix rollback v1.4.3"


def ok(value: float | None = None, at: float = 1.0) -> Look:
    return Look(at, value, "ok")


FAILED, SILENT = Look(2.0, None, "failed", "exit 3"), Look(3.0, None, "no-answer", "it did not end in time")


def test_looks_are_letters() -> None:
    assert sparkline([]) == ""
    assert sparkline([ok(), SILENT, FAILED]) == ".?x"
    assert sparkline([ok(0), ok(1), ok(7), ok(8)]) == "▁▂██"
    assert sparkline([ok(5), SILENT, ok(5)]) == "▁?▁"
    assert sparkline([ok(0), ok(8)], plain=True) == "18"
    assert len(sparkline([ok()] * 50)) == 20


def test_the_line_says_what_each_watch_saw_last_the_time_left_and_the_way_back() -> None:
    watches = [Watch("errors", 300, looks=(ok(3), ok(4))), Watch("health", 300, looks=(ok(), SILENT)), Watch("slow", 9)]
    assert live_line(watches, 224.6, BACK, 200) == (
        "errors ▁█ 4 | health .? no answer: it did not end in time | slow …  3:45 left  "
        "back: git hotfix rollback v1.4.3"
    )
    assert live_line(watches, 30, BACK, 60) == "errors ▁█ 4 | ~  30 s left  back: git hotfix rollback v1.4.3"
    assert live_line(watches, 30, "", 40) == "errors ▁█ 4 | health .? no a~  30 s left"


@given(
    st.lists(st.tuples(st.text(max_size=9), st.text(max_size=40)), max_size=4),
    st.integers(20, 150),
    st.floats(-5, 10_000),
    st.booleans(),
)
@settings(max_examples=150, deadline=None)
def test_a_line_fits_its_terminal_and_writes_over_nothing_else(
    said: list[tuple[str, str]], width: int, left: float, plain: bool
) -> None:
    watches = [Watch(name, 9, looks=(Look(1.0, None, "failed", cause),)) for name, cause in said]
    line = live_line(watches, left, BACK, width, plain=plain)
    assert len(line) <= width
    assert not any(ord(letter) < 32 or letter in "\x7f\u2028\u202e" for letter in line)
    if width >= 60:
        assert line.endswith(f"back: {BACK}")


def test_how_a_watch_ended_in_words() -> None:
    watch = Watch("errors", 300, looks=(ok(0.1), SILENT, ok(0.4)), state="passed", why="right")
    assert end_line(watch, 300.2) == "errors passed after 5 min: 2 ok, 1 without an answer, numbers 0.1 to 0.4"
    watch = Watch("errors", 300, looks=(ok(3), FAILED), state="failed", why="exit 3")
    assert end_line(watch, 15) == "errors failed after 15 s, at look 2: exit 3"
    watch = Watch("errors", 300, looks=(SILENT,), state="inconclusive", why="no answer at its end")
    assert end_line(watch, 119.4) == "errors says nothing of production after 119 s and 1 look: no answer at its end"
    assert end_line(Watch("errors", 300, state="interrupted", why="somebody ended it"), 0) == (
        "errors was interrupted after 0 s and 0 looks: somebody ended it"
    )
    assert (looks_words([]), looks_words([ok(3), ok(3)])) == ("no look", "2 ok, number 3")
    assert [time_words(each) for each in (-3, 0.4, 119, 3900)] == ["0 s", "0 s", "119 s", "1 h 05 min"]
