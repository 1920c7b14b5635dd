"""Package.swift by the tree of its grammar: what differs from a reading word by word, what is refused, and that it
ends."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.swift import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read
from git_hotfix.symbols import tree

A = '.package(url: "https://x.org/a", from: "1")'


def manifest(text: str) -> Manifest:
    return read(READER, "Package.swift", text.encode())


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        manifest(text)
    return caught.value.reason, caught.value.hint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (f"let p = Package(\n  products: [1]\n  dependencies: [{A}]\n)\n", "it does not parse in line 3"),
        (f'f(.package(url: "https://x.org/a", majorVersion: 1, minor 0), {A})\n', "it does not parse in line 1"),
        ('let a = [\n  "b",\n  "c",y :P\n]\n', "it does not parse in line 3"),
        (f"/* {A}\n/* */\n", "a comment is not closed in line 1"),
        (f"{A}\n*/\n", "it does not parse in line 2"),
    ],
)
def test_what_swift_refuses_is_refused_by_its_line(text: str, reason: str) -> None:
    assert refusal(text) == (reason, "")


def test_an_empty_tuple_is_a_statement() -> None:
    """Many manifests end with a loop over their targets that does nothing for some."""
    text = (
        f"let p = Package(dependencies: [{A}])\nfor t in p.targets {{\n  switch t.type {{\n  case .regular:\n    f()\n"
        "  case .macro, .plugin:\n    ()  // not applicable\n  @unknown default: ()\n  }\n}\n"
    )
    assert list(manifest(text).names) == ["a"]


@pytest.mark.parametrize(
    ("text", "names", "dynamic"),
    [
        # Without a comma the second is a method of the first: Swift refuses it, and both are told.
        (f'[{A}\n.package(url: "https://x.org/b", from: "1")]', {"a": 1, "b": 2}, set()),
        (f"Package.Dependency\n{A}", {"a": 2}, set()),
        ('.package(\n  url: /* b */ "https://x.org/a", // c\n  from: "1" /* d */\n)', {"a": 1}, set()),
        ('.package(url: #"https://x.org/a"#, from: "1")', {"a": 1}, set()),
        ('.package(url: ##"""\nhttps://x.org/a"""##, from: "1")', {"a": 1}, set()),
        ('.package(url: #"https://x.org/\\#(a)"#, from: "1")', {},
         {'. package ( url : #"https://x.org/\\#(a)"# , from : "1" )'}),
        ('.package(url: "https://x.org/a", "1" ...< "2")', {"a": 1}, set()),
        (f"[{A}, X.package(url: b), {A}, y]", {"a": 1}, {"[ X . package ( url : b ) , y ]"}),
        (f"#if os(Linux)\nlet a = [{A}]\n#else\nlet a = f.package(b)\n#endif", {"a": 2},
         {"#if os ( Linux ) let a = [ ] #else let a = f . package ( b ) #endif"}),
        # What stands within a declaration is no declaration.
        ('.package(url: "https://x.org/a", .package(url: "https://x.org/b"))', {"a": 1}, set()),
        ("func package() {}; class Package {}; let a = package", {}, set()),
    ],
)  # fmt: skip
def test_which_calls_declare(text: str, names: dict[str, int], dynamic: set[str]) -> None:
    found = manifest(text)
    assert ({name: each.line for name, each in found.names.items()}, set(found.dynamic)) == (names, dynamic)


def test_a_range_of_an_operator_of_ones_own_is_told_as_it_is_written() -> None:
    found = manifest('.package(url: "https://x.org/a", "1" ...< "2")').names["a"]
    assert found == Declared("a", "1...<2", "git", line=1, origin="https://x.org/a")


def test_a_grammar_that_is_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tree_sitter_swift", None)
    tree._parser.cache_clear()
    assert refusal(A) == (
        "not available: tree-sitter-swift is missing or of another version",
        "install git-hotfix again, with what it depends on",
    )


_PIECES = [
    A, ".package(", "url: ", '"https://x.org/a"', "Package(", "name: ", "(", ")", "[", "]", "{", "}", ", ", '"', "#",
    "\\(", '"""\n', "/*", "*/", "//", "\n", "#if a\n", "#endif\n", "...", "..<", ".", "let a = ", "()", "x", "é", ";",
    "\r", "<",
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_pieces_in_any_order_are_read_or_refused(text: str) -> None:
    try:
        found = manifest(text)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(0 < each.line <= text.count("\n") + text.count("\r") + 1 for each in found.names.values())


@pytest.mark.parametrize(
    "text",
    [
        '.package(url: "a", ' * 2_000 + ")" * 2_000,
        ".package(x, " * 2_000 + ")" * 2_000,
        '.binaryTarget(name: "a", id: "b", ' * 2_000 + ")" * 2_000,
        f"{A}\n" * 2_000,
        "f" + "()" * 10_000,
    ],
    ids=lambda text: text[:20],
)
def test_deep_nesting_ends(text: str) -> None:
    began = time.process_time()
    try:
        manifest(text)
    except Unreadable as error:
        assert error.reason == "it is too tangled"
    assert time.process_time() - began < 6


def test_a_character_by_its_number_makes_a_place_computed() -> None:
    found = manifest(
        'f(.package(url: "https://x.org/\\u{61}", from: "1"), .package(url: "https://x.org/\\"b", from: "1"))'
    )
    assert (list(found.names), set(found.dynamic)) == (
        ['"b'],
        {'f ( . package ( url : "https://x.org/\\u{61}" , from : "1" ) , )'},
    )
