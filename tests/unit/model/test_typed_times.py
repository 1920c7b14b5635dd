"""Times that people type, in the zone of their machine unless they name another."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from git_hotfix.model.times import local_moment, typed_time

NOW = 1795809900  # 2026-11-27 20:05:00 UTC, 21:05 in Berlin


@pytest.fixture(params=["UTC", "CET-1CEST,M3.5.0,M10.5.0/3", "<+0530>-5:30"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield request.param
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("20m", 1200), (" 2 h ", 7200), ("1d", 86400), ("0s", 0),
        ("2026-11-27T20:05Z", 0), ("2026-11-27 21:05:00+01:00", 0), ("2026-11-27 21:05 UTC+01:00", 0),
        ("2026-11-27 20:05 UTC", 0), ("2026-11-27 14:35 UTC-05:30", 0),
    ],
)  # fmt: skip
def test_a_time_with_its_zone_is_the_same_everywhere(zone: str, text: str, ago: int) -> None:
    assert typed_time(text, NOW) == NOW - ago


def test_without_a_zone_it_is_that_of_the_machine(zone: str) -> None:
    shift = {"UTC": 0, "CET-1CEST,M3.5.0,M10.5.0/3": 3600, "<+0530>-5:30": 19800}[zone]
    assert typed_time("2026-11-27 20:05", NOW) == NOW - shift
    assert typed_time("2026-11-27", NOW) == 1795737600 - shift


def test_a_time_of_the_day_is_the_last_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    assert [NOW - typed_time(text, NOW) for text in ("20:05", "20:04", "20:06", "9:05")] == [0, 60, 86340, 39600]


def test_what_is_shown_can_be_typed(zone: str) -> None:
    assert typed_time(local_moment(NOW), NOW) == NOW


@pytest.mark.parametrize("text", ["", "yesterday", "25:00", "20:60", "2026-13-01", "20 x", "UTC", "9" * 30 + "-01-01"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        typed_time(text, NOW)
