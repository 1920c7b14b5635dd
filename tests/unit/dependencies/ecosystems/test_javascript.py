"""package.json: whole results."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.ecosystems.javascript import READER
from git_hotfix.dependencies.registry import (
    Declared,
    Manifest,
    Unreadable,
    all_readers,
    lock_reader_of,
    read,
    reader_of,
)

PACKAGE = """\
{
  "name": "@o/app",
  "keywords": ["lodash"],
  "scripts": {"jest": "jest"},
  "workspaces": {"packages": ["libs/*"], "catalog": {"react": "^18"}, "catalogs": {"old": {"vue": "npm:vue2@1"}}},
  "dependencies": {
    "lodash": "^4",
    "l": "file:../l",
    "w": "workspace:*",
    "x": "npm:real@1",
    "y": "npm:@s/r@^2",
    "z": "npm:^1.2",
    "j": "jsr:@std/path@1",
    "c": "catalog:",
    "g": "user/repo#semver:^1",
    "h": "git+ssh://git@github.com/o/h.git#v1",
    "i": "github:o/i",
    "k": "https://github.com/o/k.git",
    "t": "https://me:secret@x.org/t-1.0.tgz",
    "p": "patch:q@npm%3A1#./q.patch"
  },
  "peerDependencies": {"react": ">=17"},
  "optionalDependencies": {"fsevents": "*"},
  "devDependencies": {"jest": "1", "lodash": "^4"},
  "bundledDependencies": ["lodash", "l", "bb"],
  "overrides": {"a": "1", "foo": {"b@^1": "npm:evil@1", ".": "2", "lodash": "$lodash"}},
  "resolutions": {"**/@s/deep": "o/deep", "up/m": "workspace:*", "n": "file:./n"},
  "pnpm": {"overrides": {"c": "npm:worse", "parent@1>bar@<2": "https://x.org/bar.tgz", "gone": "-"},
           "packageExtensions": {"a@*": {"dependencies": {"given": "1"}, "peerDependencies": {"react": "*"}}}}
}
"""
GITHUB = "https://github.com"


def test_package_json() -> None:
    assert read(READER, "package.json", PACKAGE.encode()) == Manifest(
        names={
            "lodash": Declared("lodash", "^4", line=7),
            "x": Declared("x", "1", line=10, origin="npm:real"),
            "real": Declared("real", "1", line=10),
            "y": Declared("y", "^2", line=11, origin="npm:@s/r"),
            "@s/r": Declared("@s/r", "^2", line=11),
            "z": Declared("z", "^1.2", line=12),
            "j": Declared("j", "1", line=13, origin="npm:@jsr/std__path"),
            "@jsr/std__path": Declared("@jsr/std__path", "1", line=13),
            "c": Declared("c", "catalog:", line=14),
            "g": Declared("g", "semver:^1", "git", line=15, origin=f"{GITHUB}/user/repo"),
            "h": Declared("h", "v1", "git", line=16, origin="ssh://github.com/o/h"),
            "i": Declared("i", "", "git", line=17, origin=f"{GITHUB}/o/i"),
            "k": Declared("k", "", "git", line=18, origin=f"{GITHUB}/o/k"),
            "t": Declared("t", "", "url", line=19, origin="https://x.org/t-1.0.tgz"),
            "p": Declared("p", "patch:q@npm%3A1#./q.patch", line=20),
            "fsevents": Declared("fsevents", "*", scope="optional", line=23),
            "react": Declared("react", ">=17", scope="optional", line=22),
            "jest": Declared("jest", "1", scope="development", line=24),
            "bb": Declared("bb", line=25),
            "evil": Declared("evil", "1", line=26),
            "worse": Declared("worse", line=28),
            "vue2": Declared("vue2", "1", line=5),
            "given": Declared("given", "1", line=29),
        },
        own=frozenset({"@o/app"}),
        local={
            "l": Declared("l", "", "path", line=8, origin="file:../l"),
            "w": Declared("w", "", "path", line=9, origin="workspace"),
            "m": Declared("m", "", "path", line=27, origin="workspace"),
        },
        replaced={
            "b": Declared("b", "1", line=26, origin="npm:evil"),
            "@s/deep": Declared("@s/deep", "", "git", line=27, origin=f"{GITHUB}/o/deep"),
            "n": Declared("n", "", "path", line=27, origin="file:./n"),
            "c": Declared("c", line=28, origin="npm:worse"),
            "bar": Declared("bar", "", "url", line=28, origin="https://x.org/bar.tgz"),
            "vue": Declared("vue", "1", line=5, origin="npm:vue2"),
        },
        pins={
            "a": Declared("a", "1", line=26),
            "foo": Declared("foo", "2", line=26),
            "react": Declared("react", "^18", line=5),
        },
    )


PNPM_WORKSPACE = """\
packages:
  - libs/*
catalog:
  react: ^18
catalogs:
  next:
    vue: npm:evil@3
overrides:
  "a>b": o/r
packageExtensions:
  x@*:
    dependencies: {given: "1"}
configDependencies:
  "@pnpm/plugin": 1.0.0+sha512-abc
registries:
  default: https://registry.npmjs.org/
  "@o": https://x.org/npm/
"""


def test_pnpm_workspace() -> None:
    assert read(READER, "pnpm-workspace.yaml", PNPM_WORKSPACE.encode()) == Manifest(
        names={
            "evil": Declared("evil", "3", line=7),
            "given": Declared("given", "1", line=12),
            "@pnpm/plugin": Declared("@pnpm/plugin", "1.0.0+sha512-abc", scope="build", line=14),
        },
        indexes={"https://x.org/npm": 17},
        replaced={
            "vue": Declared("vue", "3", line=7, origin="npm:evil"),
            "b": Declared("b", "", "git", line=9, origin=f"{GITHUB}/o/r"),
        },
        pins={"react": Declared("react", "^18", line=4)},
    )
    assert read(READER, "pnpm-workspace.yaml", b"# nothing yet\n") == Manifest()


NPMRC = """\
; registry=https://commented.org
registry = https://registry.npmjs.org/
@o:registry=https://user:secret@x.org/npm/
//x.org/npm/:_authToken=secret
save-exact=true
"""
YARNRC = 'registry "https://x.org"\n"@o:registry" "https://y.org/"\nlastUpdateCheck 1\n'
YARNRC_YML = """\
npmRegistryServer: https://x.org
npmScopes:
  o: {npmRegistryServer: "https://y.org/", npmAuthToken: secret}
npmRegistries:
  //y.org: {npmAuthToken: secret}
catalog: {a: ^1}
"""
BUNFIG = """\
[install]
registry = "https://registry.npmjs.org"
[install.scopes]
o = { token = "secret", url = "https://x.org/npm/" }
p = "https://y.org"
"""


@pytest.mark.parametrize(
    ("path", "content", "expected"),
    [
        (".npmrc", NPMRC, Manifest(indexes={"https://x.org/npm": 3})),
        ("web/.yarnrc", YARNRC, Manifest(indexes={"https://x.org": 1, "https://y.org": 2})),
        (
            ".yarnrc.yml",
            YARNRC_YML,
            Manifest(indexes={"https://x.org": 1, "https://y.org": 3}, pins={"a": Declared("a", "^1", line=6)}),
        ),
        ("bunfig.toml", BUNFIG, Manifest(indexes={"https://x.org/npm": 4, "https://y.org": 5})),
    ],
)
def test_settings_name_registries(path: str, content: str, expected: Manifest) -> None:
    assert READER.is_manifest(path)
    assert read(READER, path, content.encode()) == expected


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
    assert {"javascript", "python"} <= {reader.ecosystem for reader in all_readers()}
    assert reader_of("a/package.json") is READER
    assert reader_of("a/package-lock.json") is None
    assert lock_reader_of("a/package-lock.json") is READER
    assert lock_reader_of("a/package.json") is None


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("pnpm-workspace.yaml", b"- a"), ("pnpm-workspace.yaml", b"a: ["), (".npmrc", b"\0"),
        (".yarnrc.yml", b"a: &a *a"), ("bunfig.toml", b"["), ("bunfig.toml", b"\xff"),
    ],
)  # fmt: skip
def test_unreadable_settings(path: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(READER, path, content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["name", "dependencies", "devDependencies", "bundledDependencies", "overrides", "resolutions", "pnpm", "workspaces",
     "catalog", "catalogs", "packageExtensions", "configDependencies", "registries", "npmScopes"]
)  # fmt: skip
PATHS = st.sampled_from(["package.json", "pnpm-workspace.yaml", ".yarnrc.yml", ".npmrc"])


@settings(max_examples=200, deadline=None)
@given(PATHS, st.binary(max_size=200) | st.dictionaries(KEYS, JSON).map(lambda document: json.dumps(document).encode()))
def test_arbitrary_bytes_and_shapes_are_read_or_unreadable(path: str, content: bytes) -> None:
    try:
        found = read(READER, path, content)
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
