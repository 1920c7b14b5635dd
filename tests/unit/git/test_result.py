"""What git said, cut to what people need of it."""

from __future__ import annotations

import pytest

from git_hotfix.git.run import GitResult

IN_THE_WAY = """error: The following untracked working tree files would be overwritten by checkout:
\tbuild/a.js
\tbuild/b.js
%sPlease move or remove them before you switch branches.
Aborting
"""


def result(err: str) -> GitResult:
    return GitResult(1, b"", err)


@pytest.mark.parametrize(
    ("more", "end"),
    [("", []), ("\tc\n\td\n\te\n", ["c", "d", "e"]), ("\tc\n\td\n\te\n\tf\n\tg\n", ["c", "d", "e", "… and 2 more"])],
)
def test_of_a_long_list_of_files_the_first_five_are_told(more: str, end: list[str]) -> None:
    assert result(IN_THE_WAY % more).explanation.splitlines() == [
        "The following untracked working tree files would be overwritten by checkout:",
        *(f"    {name}" for name in ["build/a.js", "build/b.js", *end]),
    ]


def test_why_a_worktree_cannot_be_added_is_the_line_before_the_last() -> None:
    said = result(
        "error: unable to read sha1 file of a.json (e75f66)\nfatal: Could not reset index file to revision 'HEAD'.\n"
    )
    assert said.last_words == "unable to read sha1 file of a.json (e75f66)"
