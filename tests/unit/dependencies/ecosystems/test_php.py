"""composer.json and composer.lock: whole results."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.ecosystems.php import READER
from git_hotfix.dependencies.registry import Declared, Manifest, Unreadable, lock_reader_of, read, read_lock, reader_of

COMPOSER = """\
{
  "name": "Acme/App",
  "require": {
    "php": ">=8.1",
    "ext-json": "*",
    "lib-curl": "*",
    "composer-runtime-api": "^2",
    "Monolog/Monolog": "^2.0",
    "acme/dev": "1.x-dev",
    "acme/at": "*@dev"
  },
  "require-dev": {"phpunit/phpunit": "^10", "monolog/monolog": "^3"},
  "suggest": {"acme/suggested": "x"},
  "conflict": {"acme/conflict": "1"},
  "replace": {"acme/part": "self.version", "acme/polyfill": "*", "ext-x": "*"},
  "provide": {"psr/log-implementation": "1.0"},
  "repositories": [
    {"type": "composer", "url": "https://user:pw@packages.acme.org/"},
    {"type": "composer", "url": "https://repo.packagist.org"},
    {"type": "vcs", "url": "git@github.com:acme/fork.git"},
    {"type": "path", "url": "./packages/*"},
    {"type": "artifact", "url": "zips/"},
    {
      "type": "package",
      "package": {"name": "Acme/Zip", "version": "1.0", "dist": {"type": "zip", "url": "https://x.org/zip.zip"}}
    },
    {"packagist.org": false}
  ],
  "extra": {"merge-plugin": {"include": ["modules/*/composer.json", "more.json"], "require": "../base.json"}}
}
"""


def test_composer_json() -> None:
    fork = "git@github.com:acme/fork"
    assert read(READER, "composer.json", COMPOSER.encode()) == Manifest(
        names={
            "monolog/monolog": Declared("monolog/monolog", "^2.0", line=8),
            "acme/dev": Declared("acme/dev", "1.x-dev", line=9),
            "acme/at": Declared("acme/at", "*@dev", line=10),
            "phpunit/phpunit": Declared("phpunit/phpunit", "^10", scope="development", line=12),
        },
        own=frozenset({"acme/app", "acme/part", "psr/log-implementation"}),
        dynamic=frozenset({"merge-plugin require ../base.json"}),
        indexes={"https://packages.acme.org": 18},
        replaced={
            fork: Declared(fork, "", "git", line=20, origin=fork),
            "./packages/*": Declared("./packages/*", "", "path", line=21, origin="./packages/*"),
            "zips": Declared("zips", "", "url", line=22, origin="zips"),
            "acme/zip": Declared("acme/zip", "1.0", "url", line=23, origin="https://x.org/zip.zip"),
            "acme/polyfill": Declared("acme/polyfill", "*", "path", line=15),
        },
    )


def test_named_repositories_and_empty_objects_as_php_writes_them() -> None:
    text = """{
      "require": [], "require-dev": {},
      "repositories": {"packagist.org": false, "acme": {"type": "composer", "url": "https://p.acme.org"}}
    }"""
    assert read(READER, "composer.json", text.encode()) == Manifest(indexes={"https://p.acme.org": 3})


LOCK = """\
{
  "packages": [
    {
      "name": "Monolog/Monolog",
      "version": "2.9.1",
      "source": {"type": "git", "url": "https://github.com/Seldaek/monolog.git", "reference": "abc"},
      "dist": {"type": "zip", "url": "https://api.github.com/repos/Seldaek/monolog/zipball/abc"},
      "notification-url": "https://packagist.org/downloads/"
    },
    {"name": "acme/own", "version": "1", "notification-url": "https://packages.acme.org/downloads/"},
    {"name": "acme/fork", "version": "dev-main", "source": {"type": "git", "url": "https://x.org/acme/fork.git"}},
    {"name": "acme/zip", "version": "1", "dist": {"type": "zip", "url": "https://x.org/a.zip"}},
    {"name": "acme/part", "version": "1", "dist": {"type": "path", "url": "packages/part"}},
    {"name": "acme/meta", "version": "1", "type": "metapackage"}
  ],
  "packages-dev": [
    {"name": "phpunit/phpunit", "version": "10.0", "notification-url": "https://packagist.org/downloads/"}
  ]
}
"""


def test_composer_lock() -> None:
    assert read_lock(READER, "composer.lock", LOCK.encode()) == Manifest(
        names={
            "monolog/monolog": Declared("monolog/monolog", "2.9.1", line=4),
            "acme/own": Declared("acme/own", "1", line=10, origin="packages.acme.org"),
            "acme/fork": Declared("acme/fork", "dev-main", "git", line=11, origin="https://x.org/acme/fork"),
            "acme/zip": Declared("acme/zip", "1", "url", line=12, origin="https://x.org/a.zip"),
            "acme/meta": Declared("acme/meta", "1", line=14),
            "phpunit/phpunit": Declared("phpunit/phpunit", "10.0", scope="development", line=17),
        },
        local={"acme/part": Declared("acme/part", "1", "path", line=13, origin="packages/part")},
        indexes={"packages.acme.org": 10},
    )


def test_respelled_names_are_one() -> None:
    old, new = (read(READER, "composer.json", b'{"require": {"%s": "1"}}' % name) for name in (b"Acme/X", b"acme/x"))
    assert old == new


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ('{"require": ["a/b"]}', "require is not an object"),
        ('{"require": {"a/b": 1}}', "the version of a/b in require is not a string"),
        ('{"repositories": "x"}', "repositories is not a list"),
        ('{"repositories": ["x"]}', "the repository 0 is not an object with an address"),
        ('{"repositories": [{"type": "vcs", "url": 1}]}', "the repository 0 is not an object with an address"),
        ('{"repositories": [{"type": "package"}]}', "a repository of one package has no package with a name"),
        (
            '{"repositories": [{"type": "package", "package": {"name": "a/b"}}]}',
            "a repository of one package does not say where it is",
        ),
        ("[]", "it is not JSON object"),
    ],
)
def test_unreadable(content: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(READER, "composer.json", content.encode())
    assert caught.value.reason == reason


@pytest.mark.parametrize("content", ['{"packages": {"a": 1}}', '{"packages": [1]}', '{"packages": [{"name": 1}]}', ""])
def test_unreadable_locks(content: str) -> None:
    with pytest.raises(Unreadable):
        read_lock(READER, "composer.lock", content.encode())


def test_which_files_are_read() -> None:
    assert (reader_of("a/composer.json"), lock_reader_of("composer.lock")) == (READER, READER)
    assert (reader_of("composer.lock"), lock_reader_of("composer.json"), reader_of("x-composer.json")) == (None,) * 3
