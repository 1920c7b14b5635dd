"""package.json: whole results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.manifests.javascript import READER
from git_hotfix.manifests.registry import Declared, Manifest, Unreadable, all_readers, read, reader_of

PACKAGE = """\
{
  "name": "@o/app",
  "keywords": ["lodash"],
  "scripts": {"jest": "jest"},
  "dependencies": {
    "lodash": "^4",
    "l": "file:../l",
    "w": "workspace:*",
    "x": "npm:real@1",
    "y": "npm:@s/r@^2",
    "g": "user/repo"
  },
  "peerDependencies": {"react": ">=17"},
  "optionalDependencies": {"fsevents": "*"},
  "devDependencies": {"jest": "1", "lodash": "^4"},
  "bundledDependencies": ["lodash", "l", "bb"],
  "overrides": {"a": "1", "foo": {"b": "npm:evil@1"}},
  "pnpm": {"overrides": {"c": "npm:worse"}}
}
"""


def test_package_json() -> None:
    assert read(READER, "package.json", PACKAGE.encode()) == Manifest(
        names={
            "lodash": Declared("lodash", "^4", line=6),
            "x": Declared("x", "npm:real@1", line=9),
            "real": Declared("real", "1", line=9),
            "y": Declared("y", "npm:@s/r@^2", line=10),
            "@s/r": Declared("@s/r", "^2", line=10),
            "g": Declared("g", "user/repo", "url", line=11),
            "fsevents": Declared("fsevents", "*", scope="optional", line=14),
            "react": Declared("react", ">=17", scope="optional", line=13),
            "jest": Declared("jest", "1", scope="development", line=15),
            "bb": Declared("bb", line=16),
            "evil": Declared("evil", "1", line=17),
            "worse": Declared("worse", line=18),
        },
        own=frozenset({"@o/app"}),
    )


def test_byte_order_mark_and_crlf() -> None:
    content = b"\xef\xbb\xbf" + b'{\r\n"dependencies": {\r\n"a": "1"}}\r\n'
    assert read(READER, "web/package.json", content) == Manifest({"a": Declared("a", "1", line=3)})


def test_names_keep_their_case() -> None:
    found = read(READER, "package.json", b'{"dependencies": {"JSONStream": "1", "jsonstream": "1"}}')
    assert set(found.names) == {"JSONStream", "jsonstream"}


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"a": 1} //',
        b'{"dependencies": ["a"]}', b'{"dependencies": {"a": 1}}', b'{"bundledDependencies": {"a": 1}}',
        b"[" * 100_000, b'{"a":' * 100_000, b"9" * 10_000, b'"' + b'\\"' * 100_000, b" " * 6_000_000,
    ],
    ids=lambda content: repr(content[:20]),
)  # fmt: skip
def test_unreadable(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(READER, "package.json", content)


def test_the_readers_are_found_by_being_there() -> None:
    assert [reader.ecosystem for reader in all_readers()] == ["javascript", "python"]
    assert reader_of("a/package.json") is READER
    assert reader_of("a/package-lock.json") is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["name", "dependencies", "devDependencies", "bundledDependencies", "overrides", "resolutions", "pnpm", "workspaces"]
)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.dictionaries(KEYS, JSON).map(lambda document: json.dumps(document).encode()))
def test_arbitrary_bytes_and_shapes_are_read_or_unreadable(content: bytes) -> None:
    try:
        found = read(READER, "package.json", content)
    except Unreadable as error:
        assert error.reason
    else:
        assert all(name == declared.name for name, declared in found.names.items())


@settings(max_examples=60, deadline=None)
@given(
    names=st.lists(st.from_regex(r"(?:@[a-z]+/)?[a-z][a-z0-9._-]{0,10}", fullmatch=True), unique=True, max_size=10),
    indent=st.sampled_from([None, 1, 2]),
)
def test_generated_manifests_give_exactly_their_names(names: list[str], indent: int | None) -> None:
    content = json.dumps({"dependencies": dict.fromkeys(names, "^1")}, indent=indent).encode()
    lines = range(3, 3 + len(names)) if indent else [1] * len(names)
    expected = {name: Declared(name, "^1", line=line) for name, line in zip(names, lines, strict=True)}
    assert read(READER, "package.json", content) == Manifest(expected)
