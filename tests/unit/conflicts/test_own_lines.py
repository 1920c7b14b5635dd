"""The lines of a conflict that came with the fix and are the release's own: marked, and the text is git's else."""

from __future__ import annotations

import pytest

from git_hotfix.model.conflict_text import mark_own_lines, spans

TEXT = b"""\
above
<<<<<<< HEAD
old 4
old 5
||||||| parent of 1234567 (fix)
new 4
new 5
=======
new 4
fixed 5
>>>>>>> 1234567 (fix)
below
"""


def test_a_line_that_the_fix_did_not_write_is_marked() -> None:
    text, own = mark_own_lines(TEXT, "v2.0.0")
    assert own == (6,)
    assert text.decode().splitlines() == [
        "above", "<<<<<<< HEAD", "old 4", "old 5", "=======", "new 4", "fixed 5",
        ">>>>>>> 1234567 (fix); v2.0.0's own, not the fix's: 6", "below",
    ]  # fmt: skip


def test_where_all_lines_are_the_fixs_the_text_is_gits_plain_one() -> None:
    text, own = mark_own_lines(TEXT.replace(b"new 4\n", b""), "v2.0.0")
    assert (own, b"|||||||" in text, b"own" in text) == ((), False, False)


def test_ends_of_lines_and_long_markers_are_kept() -> None:
    long = TEXT.replace(b"<" * 7, b"<" * 20).replace(b"|" * 7, b"|" * 20).replace(b">" * 7, b">" * 20)
    text, own = mark_own_lines(long.replace(b"=" * 7, b"=" * 20).replace(b"\n", b"\r\n"), "v2")
    assert own == (6,)
    assert text.count(b"\r\n") == text.count(b"\n") == 9
    assert b">" * 20 + b" 1234567 (fix); v2's own, not the fix's: 6\r\n" in text


@pytest.mark.parametrize("text", [b"no conflict\n", TEXT[:80], b"<<<<<<< a\n=======\nx\n"])
def test_what_cannot_be_told_apart_stays(text: bytes) -> None:
    assert mark_own_lines(text, "v2") == (text, ())


def test_numbers_in_words() -> None:
    assert spans([3, 4, 5, 9, 11, 12]) == "3-5, 9, 11-12"
