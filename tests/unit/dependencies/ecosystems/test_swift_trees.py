"""Package.swift by the tree of its grammar: pieces in any order, and that it ends."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.swift import READER
from git_hotfix.dependencies.registry import Manifest, Unreadable, read

A = '.package(url: "https://x.org/a", from: "1")'


def manifest(text: str) -> Manifest:
    return read(READER, "Package.swift", text.encode())


_PIECES = [
    A, ".package(", "url: ", '"https://x.org/a"', "Package(", "name: ", "(", ")", "[", "]", "{", "}", ", ", '"', "#",
    "\\(", '"""\n', "/*", "*/", "//", "\n", "#if a\n", "#endif\n", "...", "..<", ".", "let a = ", "()", "x", "é", ";",
    "\r", "<",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_pieces_in_any_order_are_read_or_refused(text: str) -> None:
    try:
        found = manifest(text)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(0 < each.line <= text.count("\n") + text.count("\r") + 1 for each in found.names.values())


@pytest.mark.parametrize(
    "text",
    [
        '.package(url: "a", ' * 2_000 + ")" * 2_000,
        ".package(x, " * 2_000 + ")" * 2_000,
        '.binaryTarget(name: "a", id: "b", ' * 2_000 + ")" * 2_000,
        f"{A}\n" * 2_000,
        "f" + "()" * 10_000,
    ],
    ids=lambda text: text[:20],
)
def test_deep_nesting_ends(text: str) -> None:
    began = time.process_time()
    try:
        manifest(text)
    except Unreadable as error:
        assert error.reason == "it is too tangled"
    assert time.process_time() - began < 6
