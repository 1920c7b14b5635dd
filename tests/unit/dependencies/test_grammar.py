"""Manifests that are programs, as readers get their tree: what it holds, and what is refused."""

from __future__ import annotations

import sys

import pytest

from git_hotfix.dependencies.registry import Unreadable
from git_hotfix.dependencies.syntax import grammar
from git_hotfix.symbols import tree


def test_a_tree_and_the_texts_of_its_nodes() -> None:
    found = grammar.parse("tree-sitter-ruby", 'gem "é", "1"\ngem "b" if c\n')
    assert [found.text(each) for each in found.root.children] == ['gem "é", "1"', 'gem "b" if c']


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        grammar.parse("tree-sitter-ruby", text)
    return caught.value.reason, caught.value.hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('gem "a"\ngem "b\n', "it does not parse in line 2"),
        ('gem "a"\n)\n', "it does not parse in line 2"),
        ("[" * 1_000, "it is too tangled"),
        (" " * 2_000_001, "it is larger than 2 MB"),
    ],
)
def test_what_does_not_parse_is_refused(text: str, reason: str) -> None:
    assert refusal(text) == (reason, "")


def test_a_grammar_that_is_missing_is_said_and_never_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_ruby", None)
    tree._parser.cache_clear()
    assert refusal('gem "a"\n') == (
        "not available: tree-sitter-ruby is missing or of another version",
        "install git-hotfix again, with what it depends on",
    )


def test_a_text_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "SECONDS", -1.0)
    assert refusal('gem "a"\n' * 1_000) == ("it is too tangled", "")
