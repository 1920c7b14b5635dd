"""How much of a change is undone, by lines: pure."""

from __future__ import annotations

import pytest

from git_hotfix.backport.undone_lines import undone_extent

BEFORE = b"a1\na2\na3\na4\na5\n"
AFTER = b"a1\nb2\na3\na4\nb5\n"


@pytest.mark.parametrize(
    ("now", "extent"),
    [
        (AFTER, ""), (BEFORE, "all"), (b"x\na2\na3 more\na4\na5\n", "all"), (b"a1\nb2\na3\na4\na5\n", "part"),
        (b"a1\nc2\na3\na4\nc5\n", ""), (b"", ""), (b"a1\nb2\na3\na4\nb5\na2\na5\n", ""),
        (b"a1\n  a2\na3\na4\nb5\n", ""),
    ],
)  # fmt: skip
def test_a_hunk_is_undone_where_its_old_lines_are_back_and_its_new_ones_are_gone(now: bytes, extent: str) -> None:
    assert undone_extent(BEFORE, AFTER, now) == extent


def test_what_was_so_at_once_or_what_the_fix_ends_with_is_not_missed() -> None:
    assert undone_extent(BEFORE, AFTER, BEFORE, since=BEFORE) == ""
    assert undone_extent(BEFORE, AFTER, BEFORE, since=AFTER) == "all"
    assert undone_extent(BEFORE, AFTER, BEFORE, ended={b"a2"}) == "part"


def test_lines_that_a_hunk_only_removes_have_to_say_something_to_be_known_again() -> None:
    assert undone_extent(b"import os\nx = 1\n", b"x = 1\n", b"import os\nx = 1\ny = os\n") == ""
    assert (
        undone_extent(b"debug.enable_for_everybody()\nx = 1\n", b"x = 1\n", b"debug.enable_for_everybody()\ny = 1\n")
        == "all"
    )


def test_a_change_that_only_adds_lines_does_not_show() -> None:
    assert undone_extent(b"a1\n", b"a1\nb1\n", b"a1\n") == ""
