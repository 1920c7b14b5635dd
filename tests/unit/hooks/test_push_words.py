"""Which pushes could only show what they would do: the hook sends nothing beside them."""

from __future__ import annotations

import pytest

from git_hotfix.git.processes import is_dry


@pytest.mark.parametrize(
    ("words", "dry"),
    [
        ("--dry-run origin main", True),
        ("origin main --dry-run", True),
        ("--dry origin", True),  # git takes what is unambiguous
        ("--dr", True),
        ("-n origin", True),
        ("-fnu origin", True),
        ("-o -n origin", True),  # the value of -o, in truth; sending less is the safe side
        ("", False),
        ("origin main", False),
        ("-u origin HEAD", False),
        ("-on origin", False),  # the push option `n`
        ("--delete origin x", False),
        ("--no-verify --no-thin origin", False),
        ("origin -- -n", False),
    ],
)
def test_a_push_that_only_shows(words: str, dry: bool) -> None:
    assert is_dry(words.split()) is dry
