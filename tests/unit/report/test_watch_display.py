"""The words of a watch of production."""

from __future__ import annotations

from git_hotfix.model.watch import Look
from git_hotfix.report.watch import looks_words, time_words


def test_a_time_is_told_to_the_second_below_an_hour() -> None:
    told = [time_words(seconds) for seconds in (-1, 0.4, 119.4, 120, 298, 3600 - 1, 3600 + 59, 5400)]
    assert told == ["0 s", "0 s", "119 s", "2 min", "4 min 58 s", "59 min 59 s", "1 h 00 min", "1 h 30 min"]


def test_looks_are_told_with_the_range_of_their_numbers() -> None:
    calm, high = Look(1, 4.0, "ok"), Look(2, 6.5, "ok")
    silent, bad = Look(3, None, "no-answer", "it did not end in time"), Look(4, 62.0, "failed", "over")
    assert looks_words([calm, high, silent, bad]) == "2 ok, 1 failed, 1 without an answer, numbers 4 to 62"
    assert looks_words([calm, calm]) == "2 ok, number 4"
    assert looks_words([calm]) == "1 ok, number 4"
    assert looks_words([silent]) == "1 without an answer"
    assert looks_words([]) == "no look"
