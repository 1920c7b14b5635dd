"""One answer: which spellings count, and what is said of the others."""

from __future__ import annotations

import pytest

from git_hotfix.form.answers import read_answer
from git_hotfix.model.form import BY_ID

READ = [
    ("impact", "  # Checkout\r\n\r\n \t\r\nis down  \n\n", "# Checkout\n\n\nis down"),
    ("users", " all of them ", "all of them"),
    ("symptoms", "- a\n\n* b\n  - - c\n-d", "a\nb\nc\n-d"),
    ("risk", "LOW", "low"),
    ("risk", "low:one line", "low: one line"),
    ("risk", "low, one line", "low: one line"),
    ("risk", "low - one line", "low: one line"),
    ("risk", "low one line", "low: one line"),
    ("security", "review-needed: new header", "review-needed: new header"),
    ("deploy-strategy", "blue-green", "blue-green"),
    ("scenarios", "open | works", "open | works"),
    (
        "scenarios",
        "| steps | expected | actual |\n|---|:--|---|\n| pay\\|buy | a | b |\n\n- look | a",
        "pay\\|buy | a | b\nlook | a",
    ),
    ("actions", "add a test | Test || ada | 2026-12-24", "add a test | test |  | ada | 2026-12-24"),
    ("watch-for", " 30m ", "30m"),
    ("watch-for", "1h  30m", "1h 30m"),
    ("summary", "x" * 300, "x" * 300),
    ("risk", " \n ", ""),
]


@pytest.mark.parametrize(("id", "text", "answer"), READ)
def test_an_answer_is_brought_to_one_spelling(id: str, text: str, answer: str) -> None:
    assert read_answer(BY_ID[id], text) == answer


REFUSED = [
    ("summary", "x" * 301, "301 characters, at most 300"),
    ("notes", "x" * 30_001, "30001 characters, at most 30000"),
    ("users", "many\nand more", "one line is asked for, and there are 2"),
    ("risk", "no idea", 'low, medium or high comes first, then a colon and the reason; found "no idea"'),
    ("risk", "lowest: x", 'low, medium or high comes first, then a colon and the reason; found "lowest: x"'),
    ("temporary", "maybe", 'yes or no comes first, then a colon and the reason; found "maybe"'),
    ("scenarios", "a | b | c | d", "row 1 has 4 columns, at most 3: steps | expected | actual"),
    ("scenarios", "a\n | b", "row 2 does not say steps"),
    ("actions", "x | chore", 'row 1: kind is test, monitor, docs, process, prevent, review or mitigate; found "chore"'),
    ("actions", "x | test | soon", 'row 1: horizon is 24h, sprint, quarter or long; found "soon"'),
    ("actions", "x | | | ada | tomorrow", 'row 1: due is a day such as 2026-12-24; found "tomorrow"'),
    ("actions", "x | | | ada | 2026-02-30", 'row 1: due is a day such as 2026-12-24; found "2026-02-30"'),
    ("actions", "x | | | ada | | | half", 'row 1: state is open or done; found "half"'),
    ("watch-for", "a while", 'a duration such as 30m, 2h or 1d is asked for; found "a while"'),
    ("impact", "a\0b", "there is a NUL byte in it"),
    ("impact", "caf\udce9", "it is not UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("id", "text", "why"), REFUSED)
def test_what_is_no_answer_is_refused_with_what_is_asked_for(id: str, text: str, why: str) -> None:
    with pytest.raises(ValueError) as refused:
        read_answer(BY_ID[id], text)
    assert str(refused.value) == why
