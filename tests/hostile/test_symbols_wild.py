"""symbols: whatever a file holds, its definitions are read within bounds or it is said that they were not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.symbols.languages import LANGUAGES
from git_hotfix.symbols.model import FileSymbols
from git_hotfix.symbols.read import symbols_of

PATHS = [f"a{language.suffixes[0]}" for language in LANGUAGES]
# What opens something and never closes it, and what a reader may look for again and again.
PIECES = """{ } ( ) [ < a< " ' ` ${ "${ /* // # =/ =/[ <<A <<~A %w( r#" R"x( f"{ \\ class def fn func impl function =>
record enum struct namespace template< operator if end do begin => x=> :: @a. ?> <?php type interface object fun where
object= __END__ =begin #if #else #endif ; : = , a b.c ... ''' \"\"\" $(""".split()
WILD = st.lists(st.sampled_from([*PIECES, "\n", " ", "é", "\x02", "\u2028"]), max_size=60).map("".join)


def whole(symbols: FileSymbols | None, content: bytes) -> None:
    """Names are not blanks, lines are lines of the file."""
    assert symbols is not None
    lines = content.count(b"\n") + 1
    for each in symbols.definitions:
        assert each.name.strip()
        assert 1 <= each.line <= lines
    if symbols.unread:
        assert symbols.definitions == ()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(PATHS), st.one_of(st.binary(max_size=200), WILD.map(str.encode)))
def test_whatever_bytes(path: str, content: bytes) -> None:
    whole(symbols_of(path, content), content)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("piece", ["a<b<c<", "=/[", "class A{", "(", '"${', "f(a) : ", "<<A ", "object ", "if x\n"])
@pytest.mark.slow
def test_what_repeats_costs_its_length(path: str, piece: str) -> None:
    """Nothing is quadratic: one that was took minutes for what is read here in a part of a second."""
    content = (piece * (20_000 // len(piece))).encode()
    whole(symbols_of(path, content), content)


@pytest.mark.parametrize("path", PATHS)
def test_a_line_of_ten_megabytes(path: str) -> None:
    symbols = symbols_of(path, b"x=1;" * 2_500_000)
    assert symbols is not None
    assert (symbols.definitions, symbols.unread) == ((), "it is larger than 1 MB, its definitions were not read")


@pytest.mark.parametrize("path", PATHS)
def test_what_is_nested_deeply(path: str) -> None:
    content = b"class A { void f() { if (a) { " * 3000
    whole(symbols_of(path, content), content)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("content", [b"", b"\n", b"\xef\xbb\xbf", b"'", b"<?php"])
def test_next_to_nothing(path: str, content: bytes) -> None:
    symbols = symbols_of(path, content)
    assert symbols is not None
    assert symbols.definitions == ()


def test_no_text_that_only_looks_like_a_definition() -> None:
    symbols = symbols_of("a.js", b"const a = '\x02function x() {}'; /* \n\n */ function y() {}\n")
    assert symbols is not None
    assert [(each.name, each.line) for each in symbols.definitions] == [("y", 3)]
