"""Where a message's footer begins decides whether one more trailer needs an empty line; `conformance/` asks git."""

from __future__ import annotations

import pytest

from git_hotfix.model.footer import has_footer

SIGNED = "Signed-off-by: Ada <ada@example.org>"


@pytest.mark.parametrize(
    "message",
    [f"fix\n\n{SIGNED}", "fix\n\nIt was 15.\n\nTicket: 12", "fix\n\nTicket: 12\n  and 13", f"fix\n\na\nb\nc\n{SIGNED}",
     "fix\n\n(cherry picked from commit 01)", f"fix\n\n{SIGNED}\n# a comment"],
)  # fmt: skip
def test_a_footer(message: str) -> None:
    assert has_footer(message)


@pytest.mark.parametrize(
    "message",
    ["", "fix", "fix: it", f"fix\n{SIGNED}", "fix\n\nIt was 15.", "fix\n\nTicket: 12\nand 13", "fix\n\nSee also: 12",
     f"fix\n\na\nb\nc\nd\n{SIGNED}", f"fix\n\n{SIGNED}\n\nIt was 15.", "fix\n\n  indented"],
)  # fmt: skip
def test_no_footer(message: str) -> None:
    assert not has_footer(message)
