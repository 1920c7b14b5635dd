"""Addresses: one spelling for one place, and never a secret."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.syntax.address import origin, place


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("git+https://x.org/o/r.git#egg=r", "https://x.org/o/r"),
        ("https://user:p@ss@x.org/o/r/", "https://x.org/o/r"),
        ("https://${TOKEN}@x.org/o/r.git", "https://x.org/o/r"),
        ("git+ssh://git@github.com/o/r.git", "ssh://github.com/o/r"),
        ("git@github.com:o/r.git", "git@github.com:o/r"),
        ("https://x.org/y.zip?a=1&X-Amz-Signature=s3&b=2", "https://x.org/y.zip?a=1&X-Amz-Signature=…&b=2"),
        ("https://x.org/simple/", "https://x.org/simple"),
        ("  ../r.git", "../r"),
    ],
)
def test_origin(url: str, expected: str) -> None:
    assert origin(url) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://GitHub.com/o/R.git", "github.com/o/R"),
        ("git@github.com:o/r.git", "github.com/o/r"),
        ("github.com:o/r", "github.com/o/r"),
        ("git+ssh://git@github.com:o/r.git#v1", "github.com/o/r"),
        ("ssh://git@x.org:2222/o/r", "x.org:2222/o/r"),
        ("git://x.org/r", "x.org/r"),
        ("../r.git", "../r"),
        ("file:///srv/r.git", "file:///srv/r"),
    ],
)
def test_place(url: str, expected: str) -> None:
    assert place(url) == expected


@pytest.mark.slow
def test_long_addresses_cost_linear_time() -> None:
    for text in (
        "a" * 200_000,
        "://" * 70_000,
        "@" * 200_000,
        "?a=" * 70_000,
        "https://" + "a@" * 100_000,
        ":" * 200_000,
    ):
        origin(text)
        place(text)
