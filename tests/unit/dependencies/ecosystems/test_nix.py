"""Nix flakes: whole results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.nix import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, read, read_lock


def manifest(content: str | bytes) -> Manifest:
    return read(READER, "flake.nix", content if isinstance(content, bytes) else content.encode())


def table(*declared: Declared) -> dict[str, Declared]:
    return {each.name: each for each in declared}


def test_which_files_are_read() -> None:
    assert READER.is_manifest("a/flake.nix") and READER.is_lock("a/flake.lock")
    assert not READER.is_manifest("default.nix") and not READER.is_lock("flake.nix")


FLAKE = """\
# a comment with inputs.x.url = "github:a/b";
{
  description = "a ${"nested \\" string"} }";
  nixConfig = {
    extra-substituters = [ "https://cache.example.org" https://other.example.org "https://cache.nixos.org/" ];
  };
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-24.05";
    flake-utils = {
      url = "github:numtide/flake-utils?rev=0123456789abcdef0123456789abcdef01234567";
      inputs.systems.follows = "systems";
      inputs.nixpkgs.url = "github:acme/nixpkgs";
    };
    unquoted.url = gitlab:acme/tool;
    "quoted name".url = "git+https://user:secret@git.example.org/a.git?ref=main&shallow=1";
    archive = { url = "https://example.org/a-1.2.tar.gz?token=secret&x=1"; flake = false; };
    beside.url = "path:./beside";
    besides.url = ./besides;
    indirect.url = "nixpkgs/nixos-23.11";
    hut.url = "sourcehut:~me/x";
    mirrored.url = "github:acme/x?host=github.example.org";
    followed.follows = "nixpkgs";
    registry.flake = false;
    bare = { };
    attributes = { type = "github"; owner = "acme"; repo = "y"; ref = "v1"; };
    computed.url = "github:acme/" + "z";
  };
  inputs.systems.url = ''github:nix-systems/default'';
  outputs = inputs@{ self, nixpkgs, implicit ? { a = 1; }, ... }:
    let x = with nixpkgs; { inherit a; inputs.no.url = "github:no/no"; }; in
    assert true; { packages = x; };
}
"""


def test_flake() -> None:
    forge = "https://github.com"
    assert manifest(FLAKE) == Manifest(
        names=table(
            Declared("nixpkgs", "nixos-24.05", "git", line=8, origin=f"{forge}/NixOS/nixpkgs"),
            Declared(
                "flake-utils", "0123456789abcdef0123456789abcdef01234567", "git", line=9,
                origin=f"{forge}/numtide/flake-utils",
            ),
            Declared("unquoted", "", "git", line=14, origin="https://gitlab.com/acme/tool"),
            Declared("quoted name", "main", "git", line=15, origin="https://git.example.org/a"),
            Declared("archive", "", "url", line=16, origin="https://example.org/a-1.2.tar.gz?token=…&x=1"),
            Declared("indirect", "nixos-23.11", line=19),
            Declared("hut", "", "git", line=20, origin="https://git.sr.ht/~me/x"),
            Declared("mirrored", "", "git", line=21, origin="https://github.example.org/acme/x"),
            Declared("registry", line=23),
            Declared("bare", line=24),
            Declared("attributes", "v1", "git", line=25, origin=f"{forge}/acme/y"),
            Declared("systems", "", "git", line=28, origin=f"{forge}/nix-systems/default"),
            Declared("implicit", line=29),
        ),
        dynamic=frozenset({"computed = github:acme/ + z"}),
        local=table(
            Declared("beside", "", "path", line=17, origin="./beside"),
            Declared("besides", "", "path", line=18, origin="./besides"),
        ),
        indexes={"https://cache.example.org": 5, "https://other.example.org": 5},
        replaced=table(Declared("flake-utils/nixpkgs", "", "git", line=12, origin=f"{forge}/acme/nixpkgs")),
    )  # fmt: skip


def test_a_flake_with_a_mark_and_windows_line_ends() -> None:
    assert manifest(b"\xef\xbb\xbf" + FLAKE.replace("\n", "\r\n").encode()) == manifest(FLAKE)


def test_inputs_that_are_no_set_are_dynamic() -> None:
    found = manifest("{ inputs = import ./inputs.nix; outputs = inputs: { }; }")
    assert found == Manifest(dynamic=frozenset({"import ./inputs.nix"}))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is not an attribute set: something else stands in line 1"),
        ("x: { }", "it is not an attribute set: something else stands in line 1"),
        ("{ } // { }", "it is not an attribute set: something else stands in line 1"),
        ("{ a = 1 }", "a value does not end in line 1"),
        ("{\n a; }", "a name without a value in line 2"),
        ("{ ${a} = 1; }", "a name without a value in line 1"),
        ("{ a = [ }; }", "a bracket closes nothing in line 1"),
        ("{ a =\n( ", "a bracket is not closed in line 2"),
        ('{ a = "', "a string does not end in line 1"),
        ("{ a = ''${ ", "a string does not end in line 1"),
        ("{ /* ", "a comment does not end in line 1"),
        ("{ a = let x = 1; }", "a value does not end in line 1"),
        ("{" * 1_000, "it is nested too deeply in line 1"),
        ("{ " + "a." * 200 + "b = 1; }", "it is nested too deeply in line 1"),
        ('{ inputs.a = { type = "x"; }; }', "the input 'a' has an unknown type (line 1)"),
        ("{ a = 1; \0 }", "it has a control character in line 1"),
    ],
)
def test_unreadable(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as error:
        manifest(content)
    assert error.value.reason == reason


LOCK = {
    "nodes": {
        "nixpkgs": {
            "locked": {"type": "github", "owner": "NixOS", "repo": "nixpkgs", "rev": "abc", "lastModified": 1},
            "original": {"id": "nixpkgs", "type": "indirect"},
        },
        "nixpkgs_2": {"locked": {"type": "tarball", "url": "https://example.org/n.tar.gz", "narHash": "sha256-x"}},
        "other_2": {"locked": {"type": "git", "url": "https://git.example.org/o.git", "rev": "def"}},
        "beside": {"locked": {"type": "path", "path": "./beside"}},
        "root": {"inputs": {"nixpkgs": "nixpkgs", "x": ["nixpkgs"]}},
    },
    "root": "root",
    "version": 7,
}


def test_lock() -> None:
    content = json.dumps(LOCK, indent=1).encode()
    assert read_lock(READER, "flake.lock", content) == Manifest(
        names=table(
            Declared("nixpkgs", "abc", "git", line=3, origin="https://github.com/NixOS/nixpkgs"),
            Declared("other", "def", "git", line=23, origin="https://git.example.org/o"),
        ),
        local=table(Declared("beside", "", "path", line=30, origin="./beside")),
    )


@pytest.mark.parametrize(
    "content",
    [b"{}", b"[]", b'{"nodes": []}', b'{"nodes": {"a": 1}}', b'{"nodes": {"a": {"locked": 1}}}',
     b'{"nodes": {"a": {"locked": {"type": "x"}}}}', b'{"a":' * 1_000, b"\0"],
)  # fmt: skip
def test_unreadable_locks(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, "flake.lock", content)


WORDS = st.sampled_from(
    "{ } ( ) [ ] = ; : . , @ ? inputs a url outputs self inherit let in with rec \"github:a/b\" ./x '' \" ${ a:b # /*"
    " */ \n".split(" ")
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(content=st.binary(max_size=100) | st.lists(WORDS, max_size=30).map(lambda words: " ".join(words).encode()))
def test_arbitrary_bytes_are_read_or_unreadable(content: bytes) -> None:
    for path in ("flake.nix", "flake.lock"):
        try:
            found = (read_lock if READER.is_lock(path) else read)(READER, path, content)
        except Unreadable as error:
            assert error.reason
        else:
            assert all(name == declared.name for name, declared in found.names.items())


@settings(max_examples=40, deadline=None)
@given(names=st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,10}", fullmatch=True).filter(
    lambda name: name not in ("inherit", "self")), unique=True))  # fmt: skip
def test_generated_flakes_give_exactly_their_names(names: list[str]) -> None:
    rows = "".join(f'  {name}.url = "github:o/{name}";\n' for name in names)
    expected = {
        name: Declared(name, "", "git", line=line, origin=f"https://github.com/o/{name}")
        for line, name in enumerate(names, start=2)
    }
    assert manifest("{ inputs = {\n" + rows + "}; outputs = { ... }: { }; }").names == expected
