"""Terraform's files by the tree of their grammar: what they say, what is refused, and that it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_hotfix.dependencies.ecosystems.terraform import READER
from git_hotfix.dependencies.registry import Manifest, Unreadable, read
from git_hotfix.dependencies.syntax import hcl
from git_hotfix.dependencies.syntax.hcl import Block, Value


def test_values_in_every_form() -> None:
    text = """\
# a comment, then an attribute behind one
/* b */ plain = "x" // c
number   = 1.0e5
absent   = null
part     = "x"["y"]
inner    = ("x")
empty    = ""
call     = f("x", "y"...)
lines    = "a${join(
  "", ["b"]
)}c"
here     = <<-EOT
  module "no" { source = "never/a/module" }
  ${join("", ["b"])}
EOT
escaped  = "$${x} %%{ if y } \\u00e9\\U0001F600\\ud800\\t\\""
doubtful = "$$${x}"
"""
    found = hcl.load(text.encode()).attributes
    assert found == {
        "plain": Value("x", 2),
        **{name: Value(None, 3 + row, dynamic=True) for row, name in enumerate(("number", "absent", "part", "inner"))},
        "empty": Value("", 7),
        "call": Value(None, 8, dynamic=True),
        "lines": Value('a${join(\n  "", ["b"]\n)}c', 9, dynamic=True),
        "here": Value(None, 12, dynamic=True),
        "escaped": Value('$${x} %%{ if y } é😀\ufffd\t"', 16),
        "doubtful": Value("$$${x}", 17, dynamic=True),
    }


def test_tables_and_the_keys_that_make_them_dynamic() -> None:
    text = """\
words    = { null = "a", true : "b" /* c */, "d e" = { f = [1] } }
of_call  = { f("a") = "b" }
template = { "a${b}" = "c" }
computed = { (a) = "b" }
loop     = { for a in b : a => a }
chosen   = { a = "b" }["a"]
"""
    dynamic = ("of_call", "template", "computed", "loop", "chosen")
    assert hcl.load(text.encode()).attributes == {
        "words": Value(
            None, 1, {"null": Value("a", 1), "true": Value("b", 1),
                      "d e": Value(None, 1, {"f": Value(None, 1, dynamic=True)})},
        ),
        **{name: Value(None, row, dynamic=True) for row, name in enumerate(dynamic, 2)},
    }  # fmt: skip


def test_blocks_with_words_and_strings_as_labels() -> None:
    text = 'a {}\nb "c" d { e = 1 }\n\n# f\ng {\n  h "\\"" {\n  }\n}\n'
    assert hcl.load(text.encode()).blocks == (
        Block("a", (), 1, {}, ()),
        Block("b", ("c", "d"), 2, {"e": Value(None, 2, dynamic=True)}, ()),
        Block("g", (), 5, {}, (Block("h", ('"',), 6, {}, ()),)),
    )


def test_only_the_grammar_of_the_changed_file_is_imported() -> None:
    script = (
        "import sys; from git_hotfix.dependencies.registry import read, reader_of\n"
        "for path, text in (('a.tf.json', b'{}'), ('a.tf', b'a = 1')):\n"
        "    read(reader_of(path), path, text); print(sorted(m for m in sys.modules if m.startswith('tree_sitter')))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", str(["tree_sitter", "tree_sitter._binding", "tree_sitter_hcl",
                                                   "tree_sitter_hcl._binding"])]  # fmt: skip


NESTED = [("[", "]"), ("(", ")"), ("{b=", "}"), ('"${', '}"'), ("f(", ")"), ("-", ""), ("<<A\n", ""), ("a?b:", ""),
          ('"${{x="', '"}}"'), ("[for x in ", ": x]"), ('"%{ if x }', '%{ endif }"')]  # fmt: skip


@pytest.mark.parametrize(
    "times", [1_000, pytest.param(20_000, marks=pytest.mark.slow), pytest.param(200_000, marks=pytest.mark.slow)]
)
def test_deep_nesting_is_read_or_refused(times: int) -> None:
    """The parser has a second by itself (`symbols.tree`); what was read of deep tables is bounded by Python."""
    texts = [f"a = {opened * times}1{closed * times}\n" for opened, closed in NESTED]
    for text in (*texts, "b {\n" * times + "}\n" * times, "a = [ 1 $ , = \n" * times, "a = 1\n$\n" * times):
        try:
            assert read(READER, "a.tf", text.encode()) == Manifest()
        except Unreadable as error:
            assert error.reason.startswith(("it is too tangled", "it is nested", "it does not parse", "it is larger"))
