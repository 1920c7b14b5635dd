"""An expression that is compiled late is the same expression."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

import git_hotfix
from git_hotfix.model.late_pattern import _Late, late_pattern


def test_it_answers_as_a_compiled_one() -> None:
    late, plain = late_pattern(r"(?P<a>x+)", re.IGNORECASE), re.compile(r"(?P<a>x+)", re.IGNORECASE)
    assert late.sub("y", "aXXb") == plain.sub("y", "aXXb") == "ayb"
    assert [found["a"] for found in late.finditer("x XX")] == ["x", "XX"]
    assert (late.findall("x XX"), late.pattern, late.flags) == (["x", "XX"], plain.pattern, plain.flags)
    assert late_pattern(rb"\d").search(b"a1")


def test_a_mistake_shows_at_the_first_use() -> None:
    late = late_pattern("(")
    with pytest.raises(re.error):
        late.search("a")


def test_all_of_them_can_be_compiled() -> None:
    names = [each.name for each in pkgutil.walk_packages(git_hotfix.__path__, "git_hotfix.")]
    modules = [importlib.import_module(name) for name in names if not name.endswith("__main__")]
    found = [value for module in modules for value in vars(module).values() if isinstance(value, _Late)]
    assert len(found) > 15
    for each in found:
        assert each.pattern
