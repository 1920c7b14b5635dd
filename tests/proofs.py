"""Parameters of a test of which the default suite plays only some: the rest stand behind the marker `slow`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def rest_slow(values: Iterable[Any], *, now: int = 1, spread: bool = False) -> list[Any]:
    """`values`, of which all but the first `now` are slow; with `spread` each is a tuple of several arguments."""
    listed = list(values)
    rest = (each if spread else (each,) for each in listed[now:])
    return [*listed[:now], *(pytest.param(*each, marks=pytest.mark.slow) for each in rest)]
