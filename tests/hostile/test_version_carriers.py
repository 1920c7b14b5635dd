"""Odd text costs the readers of versions linear time, and whatever they say of it is nothing or a whole answer."""

from __future__ import annotations

import time

import pytest

from git_hotfix.dependencies.carriers.own_versions import OwnVersions
from git_hotfix.dependencies.carriers.table import CARRIERS, Carrier

PIECES = (
    "/*", '@"', '"\\"', "[ ", '[assembly: AssemblyVersion("', "const string VersionVersion", " ", "a", "=", "${",
    "set(", "project(a VERSION ", "version '", "{", "}", "\n", "<a>", "<!--", "- ", "[", "'", '"', "#", "\\", "&a",
    "version: ", "\t", '{"a":', "(", "def x = ", "a.", "app.",
)  # fmt: skip
REPEATED = 20_000
SECONDS = 5  # each takes under one


@pytest.mark.slow
@pytest.mark.parametrize("carrier", CARRIERS, ids=lambda carrier: carrier.names[0])
def test_odd_text_costs_linear_time(carrier: Carrier) -> None:
    for piece in PIECES:
        begin = time.monotonic()
        try:
            found = carrier.read((piece * REPEATED).encode())
        except Exception:  # the callers take any for a file of which nothing can be said
            found = None
        assert found is None or isinstance(found, OwnVersions)
        assert time.monotonic() - begin < SECONDS, repr(piece)
