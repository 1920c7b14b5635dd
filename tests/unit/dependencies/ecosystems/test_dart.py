"""pubspec.yaml, pubspec_overrides.yaml and pubspec.lock: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.dart import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

PUBSPEC = """\
name: my_app
environment:
  sdk: ^3.0.0
dependencies:
  flutter:
    sdk: flutter
  http: ^1.1.0
  any_version: any
  empty:
  one: 1.10
  full: {version: ">=1.0.0 <2.0.0"}
  hosted_short:
    hosted: https://user:pw@pub.corp.org/
    version: ^2.0.0
  alias:
    hosted: {name: real_name, url: https://pub.dev}
    version: ^3.0.0
  git_short:
    git: https://github.com/o/short.git
  git_long:
    git: {url: git@github.com:o/long.git, ref: main, path: packages/long}
  beside:
    path: ../beside
  overridden: ^1.0.0
dev_dependencies:
  test: ^1.24.0
dependency_overrides:
  overridden: 2.0.0
  brought: ^4.0.0
  forked:
    git: https://github.com/o/forked
  near:
    path: ../near
"""


def test_pubspec() -> None:
    corp = "https://pub.corp.org"
    assert read(READER, "pubspec.yaml", PUBSPEC.encode()) == Manifest(
        names={
            "http": Declared("http", "^1.1.0", line=7),
            "any_version": Declared("any_version", line=8),
            "empty": Declared("empty", line=9),
            "one": Declared("one", "1.10", line=10),
            "full": Declared("full", ">=1.0.0 <2.0.0", line=11),
            "hosted_short": Declared("hosted_short", "^2.0.0", line=12, origin=corp),
            "real_name": Declared("real_name", "^3.0.0", line=15),
            "git_short": Declared("git_short", "", "git", line=18, origin="https://github.com/o/short"),
            "git_long": Declared("git_long", "main", "git", line=20, origin="git@github.com:o/long"),
            "overridden": Declared("overridden", "2.0.0", line=24),
            "test": Declared("test", "^1.24.0", scope="development", line=26),
        },
        own=frozenset({"my_app"}),
        local={
            "flutter": Declared("flutter", "", "path", line=5, origin="sdk: flutter"),
            "beside": Declared("beside", "", "path", line=22, origin="../beside"),
        },
        indexes={corp: 12},
        replaced={
            "forked": Declared("forked", "", "git", line=30, origin="https://github.com/o/forked"),
            "near": Declared("near", "", "path", line=32, origin="../near"),
        },
        pins={"brought": Declared("brought", "^4.0.0", line=29)},
    )


def test_overrides_of_their_own_file() -> None:
    text = b"dependency_overrides:\n  a: {path: ../a}\n"
    assert read(READER, "pubspec_overrides.yaml", text) == Manifest(
        replaced={"a": Declared("a", "", "path", line=2, origin="../a")}
    )


LOCK = """\
packages:
  http:
    dependency: "direct main"
    description:
      name: http
      sha256: "00"
      url: "https://pub.dev"
    source: hosted
    version: "1.1.0"
  private:
    dependency: transitive
    description: {name: private, url: "https://pub.corp.org"}
    source: hosted
    version: "2.0.0"
  test:
    dependency: "direct dev"
    description: {name: test, url: "https://pub.dartlang.org"}
    source: hosted
    version: "1.24.0"
  forked:
    dependency: "direct overridden"
    description: {path: ".", ref: main, resolved-ref: abcdef, url: "https://github.com/o/forked.git"}
    source: git
    version: "1.0.0"
  beside:
    dependency: "direct main"
    description: {path: "../beside", relative: true}
    source: path
    version: "0.0.1"
  flutter:
    dependency: "direct main"
    description: flutter
    source: sdk
    version: "0.0.0"
sdks: {dart: ">=3.0.0 <4.0.0"}
"""


def test_pubspec_lock() -> None:
    corp = "https://pub.corp.org"
    assert read_lock(READER, "pubspec.lock", LOCK.encode()) == Manifest(
        names={
            "http": Declared("http", "1.1.0", line=2),
            "private": Declared("private", "2.0.0", line=10, origin=corp),
            "test": Declared("test", "1.24.0", scope="development", line=15),
            "forked": Declared("forked", "abcdef", "git", line=20, origin="https://github.com/o/forked"),
        },
        local={
            "beside": Declared("beside", "0.0.1", "path", line=25, origin="../beside"),
            "flutter": Declared("flutter", "0.0.0", "path", line=30, origin="sdk: flutter"),
        },
        indexes={corp: 10},
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("dependencies: [a]\n", "dependencies is not a mapping"),
        ("dependencies:\n  a: [b]\n", "the dependency a is a list"),
        ("dependencies:\n  a: {version: [1]}\n", "version is not a string"),
        ("dependencies:\n  a: {git: {url: {x: y}}}\n", "url is not a string"),
        ("dependencies:\n  a: ^1\n  a: ^2\n", "the key a stands twice in one mapping (line 3)"),
        ("- a\n", "it is not YAML mapping"),
    ],
)
def test_unreadable(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(READER, "pubspec.yaml", content.encode())
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", ["a: [\n", "<<<<<<< ours\nname: a\n=======\n", "name: \0", "dependencies: *a"])
def test_what_is_no_yaml(content: str) -> None:
    with pytest.raises(Unreadable):
        read(READER, "pubspec.yaml", content.encode())


@pytest.mark.parametrize("content", ["", "packages: [a]\n", "packages: {a: 1}\n", "packages: {a: {version: [1]}}\n"])
def test_unreadable_locks(content: str) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, "pubspec.lock", content.encode())


def test_which_files_are_read() -> None:
    assert [reader_of(path) for path in ("a/pubspec.yaml", "pubspec.yml", "pubspec_overrides.yaml")] == [READER] * 3
    assert (lock_reader_of("pubspec.lock"), reader_of("pubspec.lock"), reader_of("x.yaml")) == (READER, None, None)
