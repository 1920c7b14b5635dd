"""What git config says of monitors, and when the next look is due."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.errors import Failure
from git_hotfix.evidence.monitor import next_look
from git_hotfix.evidence.monitor_settings import MonitorSetting, find_monitors, read_monitors
from git_hotfix.model.watch import Limits, Rise


def test_a_monitor_is_written_short_or_long_and_the_last_one_holds() -> None:
    known, _ = read_monitors(
        SimpleNamespace(config={  # type: ignore[arg-type]
            "hotfix.monitor.errors": ("old", "rate 5xx"),
            "hotfix.monitor.errors.max": ("20", "10%"),
            "hotfix.monitor.errors.min": ("-1e-3",),
            "hotfix.monitor.errors.max-rise": ("10%",),
            "hotfix.monitor.errors.for": ("1.5m",),
            "hotfix.monitor.errors.every": ("2s",),
            "hotfix.monitor.a.b.command": ("curl",),
            "hotfix.monitor.a.b.timeout": ("1",),
            "hotfix.monitor.empty": ("",),
            "hotfix.monitor.alone.max": ("1",),
            "hotfix.run.smoke": ("pytest",),
        })
    )  # fmt: skip
    assert known == {
        "a.b": MonitorSetting("a.b", "curl", timeout=1.0),
        "errors": MonitorSetting("errors", "rate 5xx", Limits(-0.001, 10.0, Rise(0.1, True)), 2.0, 90.0),
    }
    assert [each.words for each in known.values()] == [
        "a.b: every look succeeds", "errors: at least -0.001, at most 10, at most 10% over what it was before",
    ]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "said"), [
    ("max", "ten", "'ten', not a number"), ("min", "NaN", "'NaN', not a number"), ("max", "", "'', not a number"),
    ("max-rise", "-5%", "'-5%', not a number"), ("every", "0s", "'0s', not a time"), ("for", "1d", "'1d', not a time"),
])  # fmt: skip
def test_what_cannot_be_read_is_refused(key: str, value: str, said: str) -> None:
    wrong = SimpleNamespace(config={"hotfix.monitor.x": ("true",), f"hotfix.monitor.x.{key}": (value,)})
    with pytest.raises(Failure) as refused:
        find_monitors(wrong, None)  # type: ignore[arg-type]
    assert refused.value.message == f"hotfix.monitor.x.{key} is {said}"


def test_what_is_wrong_with_one_does_not_stop_another() -> None:
    both = SimpleNamespace(config={
        "hotfix.monitor.a": ("true",), "hotfix.monitor.a.max": ("ten",), "hotfix.monitor.b": ("true",),
    })  # fmt: skip
    assert [each.name for each in find_monitors(both, "b")] == ["b"]  # type: ignore[arg-type]
    known, wrong = read_monitors(both)  # type: ignore[arg-type]
    assert ([*known], [each.message for each in wrong]) == (["b"], ["hotfix.monitor.a.max is 'ten', not a number"])


def test_without_a_name_all_are_watched_and_none_is_refused() -> None:
    both = SimpleNamespace(config={"hotfix.monitor.b": ("true",), "hotfix.monitor.a": ("true",)})
    assert [each.name for each in find_monitors(both, None)] == ["a", "b"]  # type: ignore[arg-type]
    assert [each.name for each in find_monitors(both, "B")] == ["b"]  # type: ignore[arg-type]
    with pytest.raises(Failure, match="git config names nothing to monitor"):
        find_monitors(SimpleNamespace(config={}), None)  # type: ignore[arg-type]


@given(st.floats(0, 1000), st.floats(0.01, 100), st.floats(0.01, 1000))
@settings(max_examples=200, deadline=None)
def test_the_next_look_is_later_and_the_last_one_is_at_the_end(elapsed: float, every: float, seconds: float) -> None:
    due = next_look(elapsed, every, seconds)
    assert due <= seconds
    if elapsed < seconds:
        assert elapsed <= due <= elapsed + every * 1.000001 + 1e-9
