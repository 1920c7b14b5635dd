"""mix.exs by the tree of its grammar: the version of a project, pieces in any order, and that it ends."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.carriers import code
from git_hotfix.dependencies.ecosystems.elixir import READER
from git_hotfix.dependencies.registry import Unreadable, read, read_lock


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ('def project() do\n  [app: :a, version: "1.2.3"]\nend\n', ['"1.2.3"']),
        ('def project, do: [version: @v]\n@v "1"\n@w "2"\n', ['"1"']),
        ('def project do\n  [deps: [version: "1"], version: "2"]\nend\ndef other, do: [version: "3"]\n', ['"2"']),
        ('def project do\n  [version: "1#{x}"]\nend\n', ['"1#{x}"']),
        ("def project do\n  [version: f()]\nend\n", []),
        ("x", []),
    ],
)
def test_the_version_of_a_project(text: str, versions: list[str]) -> None:
    found = code.mix(text.encode())
    assert found
    assert list(found.versions.values()) == versions


def test_a_template_has_no_version_that_could_be_told_from_the_rest() -> None:
    assert code.mix(b'defmodule <%= @a %> do\n  def project, do: [version: "0.1.0"]\nend\n') is None


def test_only_the_version_differs_or_something_else_does() -> None:
    text = 'def project do\n  [a: [1, [2]], version: "1"]\nend\n'
    one, same, comment, shape = (
        code.mix(each.encode())
        for each in (text, text.replace('"1"', '"2"'), text + "# c\n", text.replace("[1, [2]]", "[[1], 2]"))
    )
    assert one
    assert same
    assert comment
    assert shape
    assert one.rest == same.rest == comment.rest
    assert one.versions != same.versions
    assert one.rest != shape.rest


_PIECES = [
    '{:a, "1"}', "[", "]", "{", "}", "deps: ", ":deps, ", "do ", " end", "def deps", "@a ", "fn ", "->", "=", "<-",
    ", ", '"', "'", "#{", "}", "~s(", "\n", "# ", "%", "<%= ", "\\", "?", ":", "x", "é", "\r", "\t", '"""\n', "when ",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_pieces_in_any_order_are_read_or_refused(text: str) -> None:
    for path in ("mix.exs", "mix.lock"):
        try:
            found = (read_lock if READER.is_lock(path) else read)(READER, path, text.encode())
        except Unreadable as error:
            assert error.reason
        else:
            assert all(0 < each.line <= text.count("\n") + text.count("\r") + 1 for each in found.names.values())


@pytest.mark.parametrize(
    "text",
    [
        "[deps: " * 3_000 + "1" + "]" * 3_000,
        "def a_deps do " * 2_000 + " end" * 2_000,
        "".join(f"def a{number}_deps do a{2_000 - number}_deps()\n" for number in range(2_000)) + "end " * 2_000,
        "f" + "()" * 5_000,
        "[" + ":deps, " * 5_000 + "1]",
    ],
    ids=lambda text: text[:20],
)
def test_deep_nesting_ends(text: str) -> None:
    began = time.process_time()
    for reading in (lambda: read(READER, "mix.exs", text.encode()), lambda: code.mix(text.encode())):
        try:
            reading()
        except Unreadable as error:
            assert error.reason == "it is too tangled"
    assert time.process_time() - began < 6
