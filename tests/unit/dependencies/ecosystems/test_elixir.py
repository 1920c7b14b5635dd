"""mix.exs and mix.lock: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.elixir import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

MIX = """\
defmodule MyApp.MixProject do
  use Mix.Project

  @version "1.0.0"
  # {:comment, "1.0"}

  def project do
    [
      app: :my_app,
      version: @version,
      deps: deps(),
      aliases: aliases(),
      docs: [extras: [{:"README.md", [title: "x"]}], main: "x"]
    ]
  end

  def application, do: [mod: {MyApp, []}, extra_applications: [:logger]]

  defp deps do
    [
      {:phoenix, "~> 1.7"},
      {:plug, ">= 1.0.0", optional: true},
      {:credo, "~> 1.6", only: [:dev, :test], runtime: false},
      {:esbuild, "~> 0.8", runtime: false},
      {:both, "1.0", only: [:dev, :prod]},
      {:alias_of, "~> 2.0", hex: :real_package},
      {:forked, git: "https://token@github.com/o/forked.git", tag: "v1", override: true},
      {:hub, "~> 3.0", github: "o/hub", branch: "main"},
      {:listed, [github: "o/listed", ref: "abc"]},
      {:beside, path: "../beside"},
      {:sibling, in_umbrella: true},
      {:private, "1.0", organization: "acme"},
      {:mirrored, "1.0", repo: "corp"}
    ] ++ more_things()
  end

  defp more_things, do: [{:more, "1.0"}, keyed: "~> 2.0"]

  defp aliases do
    [setup: ["deps.get", "cmd x"], x: {:ok, "1.0"}, "assets.build": ["esbuild"]]
  end
end
"""


def test_mix_exs() -> None:
    assert read(READER, "mix.exs", MIX.encode()) == Manifest(
        names={
            "phoenix": Declared("phoenix", "~> 1.7", line=21),
            "plug": Declared("plug", ">= 1.0.0", scope="optional", line=22),
            "credo": Declared("credo", "~> 1.6", scope="development", line=23),
            "esbuild": Declared("esbuild", "~> 0.8", scope="build", line=24),
            "both": Declared("both", "1.0", line=25),
            "real_package": Declared("real_package", "~> 2.0", line=26),
            "forked": Declared("forked", "v1", "git", line=27, origin="https://github.com/o/forked"),
            "hub": Declared("hub", "~> 3.0", "git", line=28, origin="https://github.com/o/hub"),
            "listed": Declared("listed", "abc", "git", line=29, origin="https://github.com/o/listed"),
            "private": Declared("private", "1.0", line=32, origin="hexpm:acme"),
            "mirrored": Declared("mirrored", "1.0", line=33, origin="corp"),
            "more": Declared("more", "1.0", line=37),
            "keyed": Declared("keyed", "~> 2.0", line=37),
        },
        own=frozenset({"my_app"}),
        local={
            "beside": Declared("beside", "", "path", line=30, origin="../beside"),
            "sibling": Declared("sibling", "", "path", line=31),
        },
        indexes={"hexpm:acme": 32, "corp": 33},
    )


def deps(text: str) -> tuple[list[str], set[str]]:
    found = read(READER, "mix.exs", text.encode())
    return list(found.names), set(found.dynamic)


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        ("[deps: [a: \"1\"]]", ["a"], set()),
        ("[deps: [{:a, \"1\"}, {:\"b\", \"2\"}]]", ["a", "b"], set()),
        ("def project, do: [deps: things()]\ndefp things, do: [{:a, \"1\"}]\ndef x, do: [{:b, \"1\"}]", ["a"], set()),
        ("defp deps(:prod), do: [{:a, \"1\"}]\ndefp deps(_), do: [{:b, \"1\"}]", ["a", "b"], set()),
        ("@things [{:a, \"1\"}]\n@other [{:b, \"1\"}]\n[deps: @things]", ["a"], set()),
        ("Keyword.put(x, :deps, [{:a, \"1\"}])\nx[:deps]\n[{:b, \"1\"}]", ["a"], set()),
        # A computed version or option is named; the name is known.
        ("[deps: [{:a, @version}, {:b, path: x()}]]", ["a"], {"@version", "x ( )"}),
        # Everything that is neither a literal dependency nor a list of them counts.
        (
            "defp deps do\n if System.get_env(\"X\") do\n [{:a, \"1\"}]\n else\n [{:b, \"1\"}]\n end\nend",
            ["a", "b"],
            {'if System . get_env "X" else'},
        ),
        ("[deps: Enum.map([:a, :b], &{&1, \"1\"})]", [], {'Enum . map :a :b & { & 1 "1" }'}),
        ("[deps: Code.eval_file(\"deps.exs\")]", [], {'Code . eval_file "deps.exs"'}),
        ("defp deps, do: [{:a, \"1\"} | rest]", ["a"], {"| rest"}),
        ("defp deps do\n case x() do\n {:ok, y} -> [{:a, \"1\"}]\n end\nend", ["a"],
         {"case x { :ok y } ->"}),
    ],
)  # fmt: skip
def test_where_dependencies_stand_and_what_is_computed(text: str, names: list[str], dynamic: set[str]) -> None:
    assert deps(text) == (names, dynamic)


def test_a_literal_dependency_more_changes_nothing_of_what_is_computed() -> None:
    text = 'defp deps, do: [%s{:b, "1"}, {:c, "1"}] ++ Code.eval_file("x")\n'
    assert deps(text % "")[1] == deps(text % '{:a, "1"}, ')[1] == {'Code . eval_file "x"'}


@pytest.mark.parametrize(
    "around",
    [
        '@doc """\n{:no, "1"} " end\n"""\n',
        '@x ~S(end " {)\n@y ~w(a b)a\n@z ~r/["\'(]/\n',
        "@x ?\"\n@y ?\\n\n@z 'char\"list'\n",
        '@x "#{inspect("end")} {"\n',
        "@x fn a -> a end\n@y &(&1)\n",
        '@x :end\n@y [do: 1, end: 2]\n@z :"do"\n',
        "# fn ( [ \" '\n",
        "@x %{a: 1, b: %{}}\n@y <<1, 2>>\n@z a.b.end\n",
        "def f?(x) when x != 1, do: not x\ndef g!(x), do: x\n",
    ],
)
def test_elixir_around_a_dependency(around: str) -> None:
    text = f'defmodule X do\n{around}defp deps do\n[{{:a, "1"}}]\nend\n{around}end\n'
    assert deps(text) == (["a"], set())


LOCK = """\
%{
  "old" => {:hex, :old, "0.1.0"},
  "older" => {:package, "0.0.1"},
  "app": {:hex, :app_package, "1.2.3", "hash", [:mix], [{:jason, "~> 1.0", [hex: :jason]}], "hexpm", "h"},
  "own": {:hex, :own, "1.0.0", "hash", [:mix], [], "corp", "h"},
  "forked": {:git, "https://github.com/o/forked.git", "abcdef", [tag: "v1"]},
}
"""


def test_mix_lock() -> None:
    assert read_lock(READER, "mix.lock", LOCK.encode()) == Manifest(
        names={
            "old": Declared("old", "0.1.0", line=2),
            "older": Declared("older", "0.0.1", line=3),
            "app_package": Declared("app_package", "1.2.3", line=4),
            "own": Declared("own", "1.0.0", line=5, origin="corp"),
            "forked": Declared("forked", "abcdef", "git", line=6, origin="https://github.com/o/forked"),
        },
        indexes={"corp": 5},
    )
    assert read_lock(READER, "mix.lock", b"%{}\n") == Manifest()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'defp deps do\n[{:a, "1"}]\n', "it does not parse in line 4"),
        (b'[deps: [{:a, "1"]]', "it does not parse in line 1"),
        (b"end\n", "end closes nothing in line 1"),
        (b'[deps: [{:a, "1}]]\n', "it does not parse in line 1"),
        (b"x = ~s(abc\n", "it does not parse in line 3"),
        (b"[" * 101, "it does not parse in line 1"),
        (b"[" * 201, "it is too tangled"),
        (b"x\x00", "it has a control character in line 1"),
        (b"<<<<<<< ours\n", "it has a conflict marker in line 1"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_unreadable(content: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(READER, "mix.exs", content)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    "content", ["", "[]", "%{", '%{"a": 1}', '%{"a": {:svn, "x", "1"}}', "%{a}", '%{"a": {:hex, :a, @v}}', '%{"a" {}}']
)
def test_unreadable_locks(content: str) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, "mix.lock", content.encode())


def test_which_files_are_read() -> None:
    assert (reader_of("apps/x/mix.exs"), lock_reader_of("mix.lock")) == (READER, READER)
    assert (reader_of("config.exs"), reader_of("mix.lock"), lock_reader_of("mix.exs")) == (None, None, None)
