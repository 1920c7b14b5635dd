"""mix.exs and mix.lock by the tree of their grammar: what differs from a reading word by word, what is refused, and
that it ends."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.carriers import code
from git_hotfix.dependencies.ecosystems.elixir import READER
from git_hotfix.dependencies.registry import Unreadable, read, read_lock
from git_hotfix.symbols import tree


def deps(text: str) -> tuple[list[str], set[str]]:
    found = read(READER, "mix.exs", text.encode())
    return list(found.names), set(found.dynamic)


def refusal(text: str, path: str = "mix.exs") -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        (read_lock if READER.is_lock(path) else read)(READER, path, text.encode())
    return caught.value.reason, caught.value.hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('defp deps do\n  [\n    {:a, "1"}\n    {:b, "2"}\n  ]\nend\n', "it does not parse in line 3"),
        ('defp deps do\n  [{:a, "1"}]f\nend\n', "it does not parse in line 2"),
        ('defp docs do\n  [a: 1],\n  "b": [2]\nend\n', "it does not parse in line 4"),
        ("defmodule <% @name >.MixProject do\nend\n", "it does not parse in line 1"),
        ('defp deps do\n  [{:a, "1"}]\nend\nend\n', "end closes nothing in line 4"),
        ('%{"a": {:hex, :a, "1"}, "b" => {:hex, :b, "1"}}\n', "it does not parse in line 1"),
    ],
)
def test_what_elixir_refuses_is_refused_by_its_line(text: str, reason: str) -> None:
    assert refusal(text) == (reason, "")


TEMPLATE = """\
defmodule <%= @module %>.MixProject do
  def project, do: [app: :<%= @app %>, version: "0.1.0", deps: deps()]
  defp deps do
    [
      <%= @é_dep %>,<%= if @é do %>
      {:ecto, "~> <%= @ecto_version %>"},<% end %>
      {<%= inspect @adapter %>, ">= 0.0.0"},
      {:é, "1"},
      {:plug, "~> 1"}
    ]
  end
end
"""


def test_a_template_is_read_by_its_own_text() -> None:
    found = read(READER, "templates/mix.exs", TEMPLATE.encode())
    assert {name: (each.version, each.line) for name, each in found.names.items()} == {
        "ecto": ("~> <%= @ecto_version %>", 6), "é": ("1", 8), "plug": ("~> 1", 9),
    }  # fmt: skip
    assert (set(found.own), set(found.dynamic)) == (
        {"<%= @app %>"},
        {"<%= if @é do %>", "<% end %>", '<%= @é_dep %> { <%= inspect @adapter %> ">= 0.0.0" }'},
    )
    assert code.mix(TEMPLATE.encode()) is None


def test_a_lock_file_is_one_map() -> None:
    entry = '"a": {:hex, :a, "1"}'
    assert list(read_lock(READER, "mix.lock", f"# c\n%{{{entry}}} # d\n".encode()).names) == ["a"]
    assert refusal(f"[{entry}]", "mix.lock")[0] == refusal(f"%A{{{entry}}}", "mix.lock")[0] == "it is not a map"
    assert refusal(f"%{{{entry}}}\nx", "mix.lock")[0] == "it is not a map"


@pytest.mark.parametrize(
    "entry", ['"a" => {:hex, :a, "#{b}"}', '"a" ++ {:hex, :a, "1"}', '"a" => [:hex, :a, "1"]', "b | a: 1"]
)
def test_what_is_no_locked_package_is_refused(entry: str) -> None:
    assert refusal(f"%{{\n{entry}}}", "mix.lock")[0] == "it has an entry that is not a locked package in line 2"


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        # How one dependency is taken is no list of dependencies, in one line or in several.
        (
            'defp deps, do: [{:a, opts()}]\ndefp opts, do: if(x, do: [path: "b"], else: [github: "o/a", ref: "c"])\n',
            ["a"],
            {"opts ( )", 'if x do: path: "b" else: github: "o/a" ref: "c"'},
        ),
        ('defp deps do\n  [\n    a: "1",\n    b: [path: "c"]\n  ]\nend\n', ["a"], set()),
        ('[deps: [git: "1", a: "1"]]', ["git", "a"], set()),
        # Arguments of a call declare nothing, and neither does a pattern.
        ('[deps: merge(more, a: "1", b: "2")]', [], {'merge more a: "1" b: "2"'}),
        ('defp deps do\n  {:a, b} = {:c, "1"}\n  with {:d, "1"} <- e, do: [b]\nend\n', ["c"],
         {"{ :a b } = with { :d \"1\" } <- e do: b"}),
        ('defp deps do\n  case x do\n    {:a, "1"} when y -> [{:b, "1"}]\n  end\nend\n', ["b"],
         {'case x { :a "1" } when y ->'}),
        # A name of several parts is one word, a comment is none.
        ("[deps: A.B.c(# d\n  e)]", [], {"A.B . c e"}),
        ('[deps: [{:a, "1"}, # {:b, "1"}\n  {:c, "1"}]]', ["a", "c"], set()),
        # A character by its number is computed.
        ('[deps: [{:"\\x61", "1"}, {:a, "\\u{31}"}, {:"b\\"", "1"}]]', ["a", 'b"'], {'"\\u{31}"', '{ :"\\x61" "1" }'}),
        # What is within a place of dependencies is read once, what stands beside it too.
        ('[x: [deps: [{:a, "1"}]], deps: [{:b, [deps: "1"]}], y: f(:deps, [{:c, "1"}])]', ["a", "b", "c"], set()),
        ('defp deps(:prod) when x(y), do: [{:a, "1"}]\ndefp deps(_) do\n  [{:b, "1"}]\nrescue\n  _ -> []\nend\n',
         ["a", "b"], {"rescue _ ->"}),
    ],
)  # fmt: skip
def test_where_dependencies_stand(text: str, names: list[str], dynamic: set[str]) -> None:
    assert deps(text) == (names, dynamic)


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


def test_a_grammar_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_elixir", None)
    tree._parser.cache_clear()
    missing = (
        "not available: tree-sitter-elixir is missing or of another version",
        "install git-hotfix again, with what it depends on",
    )
    assert refusal("[]") == refusal("%{}", "mix.lock") == missing


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
