"""Ruby by the tree of its grammar: what that reads otherwise than patterns did, and where Ruby reads otherwise yet."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies import changes
from git_hotfix.dependencies.ecosystems import cocoapods, ruby
from git_hotfix.dependencies.registry import Declared, Unreadable, lock_reader_of, read, reader_of
from git_hotfix.model.policy import Files
from git_hotfix.model.verdict import Finding
from git_hotfix.symbols import tree


def versions(text: str) -> tuple[dict[str, str], set[str]]:
    """The versions by name, and what is computed."""
    found = read(ruby.READER, "Gemfile", text.encode())
    return {name: each.version for name, each in found.names.items()}, set(found.dynamic)


def refusal(text: str, path: str = "Gemfile") -> str:
    with pytest.raises(Unreadable) as caught:
        read(ruby.READER, path, text.encode())
    return caught.value.reason


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gem ('a')\ngem (('b')), ('1')\n", {"a": "", "b": "1"}),
        ("gem 'a', # why\n  [ # more\n  '1' # and more\n  ]\n", {"a": "1"}),
        ("gem 'a\\'b'\ngem 'c\\d'\ngem \"e\\'\\\nf\"\n", {"a'b": "", "c\\d": "", "e'f": ""}),
        ("p(gem 'a')\nx = gem('b')\n[gem('c')]\ny ? gem('d') : gem('e')\n", dict.fromkeys("abcde", "")),
        ("gem('a') { gem 'b' }\nBEGIN { gem 'c' }\ninstance_eval { gem 'd' }\n", dict.fromkeys("abcd", "")),
        ("loop { gem 'a' }.gem 'b'\n", {"a": "", "b": ""}),
        ("case x\nin {gem: 'no'} then gem 'a'\nend\n", {"a": ""}),
        ('x = <<"A B"\ngem "no"\nA B\ngem "a"\n', {"a": ""}),
    ],
)
def test_what_is_literal(text: str, expected: dict[str, str]) -> None:
    assert versions(text) == (expected, set())


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        # A quotation mark of a text processor is a letter of Ruby's.
        ("gem \u2018a\u2019, '1'\n", {}, {"gem \u2018a\u2019 , '1'", "gem \u2018a\u2019, 1", "\u2018a\u2019"}),
        # What a here-document holds counts where it is used.
        ("gem 'a', <<X\n1\nX\n", {"a": "<<X 1\nX"}, {"<<X 1\nX"}),
        ("gem('a', <<~X)\n  1\nX\n", {"a": "<<~X   1\nX"}, {"<<~X   1\nX"}),
        ("n = <<X\nb\nX\ngem n\n", {}, {"n = <<X b\nX gem n", "gem n", "n"}),
        # An escape by a number is not worked out, and a name alone is a variable.
        ('gem "a\\x62"\n', {}, {'gem "a\\x62"', '"a\\x62"'}),
        ("gem 'a', git:, tag: '1'\n", {"a": "1"}, {"git"}),
        ("gem 'a', k => 1, **o\n", {"a": "k => 1, ** o"}, {"k => 1", "** o"}),
        ("gem 'a', [[[['1']]]]\n", {"a": "[[\"[ '1' ]\"]]"}, {"[ '1' ]"}),
        ("x = y ? {a: 1} : 2\ngem x\n", {}, {"x = y ? { a: 1 } : 2 gem x", "gem x", "x"}),
    ],
)
def test_what_is_computed(text: str, names: dict[str, str], dynamic: set[str]) -> None:
    assert versions(text) == (names, dynamic)


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


def test_a_pod_between_quotation_marks_of_a_text_processor_is_not_passed_over() -> None:
    found = read(cocoapods.READER, "Podfile", "pod \u2018A\u2019, :path => '../a'\npod 'B'\n".encode())
    assert found.names == {"B": Declared("B", line=2)}
    assert found.dynamic == {"pod \u2018A\u2019 , :path => '../a'", "pod \u2018A\u2019, path: ../a", "\u2018A\u2019"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('gem "a"\ngem "b", ~> "5"\n', "it does not parse in line 2"),
        ("gem 'a'  gem 'b'\n", "it does not parse in line 1"),
        ("s do |x|\n  x.version = \u20184.3.1\u2019\nend\n", "it does not parse in line 2"),
        ("s do\n  gem 'a'\n  end\nend\n", "end closes nothing in line 4"),
        ("gem 'a'\nelse\n  gem 'b'\n", "else closes nothing in line 2"),
        ("end.x\n", "end closes nothing in line 1"),
        ("gem 'a'\n<% if x %>\ngem 'b'\n<% end %>\n", "it does not parse in line 1"),
        ("--- !ruby/object:Gem::Specification\nname: a\n", "it does not parse in line 1"),
        ("g do |s|\n  s.a = b,\n  s.c = (\n  s.d = 'x'\n  s.e }\nend\n", "it does not parse in line 3"),
    ],
)
def test_what_ruby_refuses_is_refused(text: str, reason: str) -> None:
    assert refusal(text) == reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("gem 'a'\n__END__ more\ngem 'b'\n", "Ruby does not end the program where it seems to end, in line 2"),
        ("gem 'a'\n  __END__\ngem 'b'\n", "Ruby does not end the program where it seems to end, in line 2"),
        ("=begin\n =end\nx = \"\n=end\ngem 'b'\n#\"\n", "Ruby does not end a comment where it seems to end, in line 1"),
        ("x = <<A\nA \ny = \"\nA\ngem 'b' #\"\n", "Ruby does not end a here-document where it seems to end, in line 1"),
        ("x = <<A\nAA\ny = \"\nA\ngem 'b' #\"\n", "Ruby does not end a here-document where it seems to end, in line 1"),
        ("x = <<-A\n\fA\ngem 'b'\nA\n", "Ruby does not end a here-document where it seems to end, in line 1"),
        ("x = 4\ny = x /2; gem 'b'; z = 1/ if y\n", "what follows x can be read in two ways in line 2"),
        ("x = 4\nx <<A\ngem 'b'\nA\n", "what follows x can be read in two ways in line 2"),
        ("# coding: sjis\nx = 'あ\\'; gem 'b' #'\n", "it is UTF-8 and calls itself sjis"),
        ("f { |x| y = x %w; gem 'b';}\n", "what follows x can be read in two ways in line 1"),
    ],
)
def test_what_would_hide_a_gem_from_the_grammar_is_refused(text: str, reason: str) -> None:
    """Ruby takes `gem 'b'` for a declaration in each of these."""
    assert refusal(text) == reason


@pytest.mark.parametrize(
    "text",
    [
        "=begin\ngem 'no'\n=end of it\ngem 'a'\n__END__\ngem 'no'\n",
        "x = 4\ny = x / 2 % 3; z = x << 1\nputs %w[x]\nputs /x/\ngem 'a'\n",
        "# coding: sjis\ngem 'a'\n",
        "#!/usr/bin/env ruby\n# -*- encoding: utf-8 -*-\nx = 'あ'\ngem 'a'\n",
        "x(<<A, <<~B)\ngem 'no'\nA\n  gem 'no'\n  B\ngem 'a'\n",
        "x.end.if; def end; end\nalias end foo\nf(end: 1)\ng { |if: 1| }\nundef then\ngem 'a'\n",
    ],
)
def test_what_ends_where_ruby_ends_it_is_read(text: str) -> None:
    assert versions(text)[0] == {"a": ""}


@pytest.mark.parametrize(
    ("path", "manifest", "lock"),
    [
        ("Gemfile.jruby-3.1.lock.release", False, True),
        ("Gemfile.sh", False, False),
        ("Gemfile.rails-7", True, False),
    ],
)
def test_locks_under_another_name_are_no_ruby(path: str, manifest: bool, lock: bool) -> None:
    assert ((reader_of(path) is ruby.READER), (lock_reader_of(path) is ruby.READER)) == (manifest, lock)


@pytest.mark.parametrize("path", ["Gemfile", "a.gemspec", "Podfile", "a.podspec"])
def test_a_missing_grammar_is_said_with_what_to_do(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_ruby", None)
    tree._parser.cache_clear()
    reader = reader_of(path)
    assert reader
    content = f"gem 'a' # of {path}, read by nobody before\n".encode()
    assert changes.read_side(reader, path, "100644", content, Files(), lock=False) == Finding(
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
