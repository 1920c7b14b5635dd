"""Ruby by the tree of its grammar: attributes, a missing grammar, pieces in any order, and what odd text costs."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies import changes
from git_hotfix.dependencies.ecosystems import cocoapods, ruby
from git_hotfix.dependencies.registry import Unreadable, read, reader_of
from git_hotfix.model.policy import Files
from git_hotfix.model.verdict import Finding
from git_hotfix.symbols import tree


def test_attributes_never_count_whatever_stands_in_them() -> None:
    text = (
        "Gem::Specification.new do |s|\n  s.files = %s\n  s.description = <<~X\n    %s\n  X\n"
        "  %%w[a].each { |d| s.add_dependency d }\nend\n"
    )
    one = read(ruby.READER, "a.gemspec", (text % ("list { |f| f }", "One.")).encode())
    two = read(ruby.READER, "a.gemspec", (text % ("list do |f| f.x end", "Two.")).encode())
    rest = "Gem :: Specification . new | s | %w[a] . each { | d | s . add_dependency d }"
    assert one == two
    assert one.dynamic == {rest, "add_dependency d", "d"}


@pytest.mark.parametrize("path", ["Gemfile", "a.gemspec", "Podfile", "a.podspec"])
def test_a_missing_grammar_is_said_with_what_to_do(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_ruby", None)
    tree._parser.cache_clear()
    reader = reader_of(path)
    assert reader
    content = f"gem 'a' # of {path}, read by nobody before\n".encode()
    assert changes.read_file(reader, path, content, Files(), lock=False) == Finding(
        "cannot be read: not available: tree-sitter-ruby is missing or of another version",
        hint="install git-hotfix again, with what it depends on",
    )


PIECES = (
    "gem 'a'", ", '1'", "group :x do\n", "end\n", "{", "}", "(", ")", "[", "]", "<<A", "\nA\n", "=begin\n", "\n=end\n",
    "#{", '"', "'", "%w[", "/", "?", "if ", " do ", "|x|", "\n", ";", ":", "=>", "**", "\\", "x.y = ", "alias ", "->",
    "__END__\n", "def ", ".freeze", " and ", "case x\n", "in ", "gem ", "é",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_pieces_of_ruby_in_any_order_are_read_or_refused(pieces: list[str]) -> None:
    content = "".join(pieces).encode()
    for reader, path in ((ruby.READER, "Gemfile"), (ruby.READER, "a.gemspec"), (cocoapods.READER, "Podfile")):
        try:
            read(reader, path, content)
        except Unreadable as error:
            assert error.reason


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "(" * 199 + ")" * 199, "[" * 20_000 + "]" * 20_000, "g { " * 5_000 + "}" * 5_000, "x = <<A\nA\n" * 20_000,
        "=begin\n=end\n" * 15_000, "gem 'a' + 'b'" * 20_000, "gem x\n" * 40_000, "s.a = s.b\n" * 25_000,
        "gem 'a', {{" * 199 + "}" * 398, "!" * 100_000 + "x", "a." * 80_000 + "a", "if x then " * 20_000,
        "gem " + "'a' " * 50_000,
    ],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_what_nobody_writes_takes_seconds_at_most(text: str) -> None:
    began = time.process_time()
    try:
        read(ruby.READER, "Gemfile", text.encode())
    except Unreadable as error:
        assert error.reason
    assert time.process_time() - began < 5
