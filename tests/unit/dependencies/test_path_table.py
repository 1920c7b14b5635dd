"""Rows of patterns, and the table that looks a path up in those of all ecosystems."""

from __future__ import annotations

import pytest

from git_hotfix.dependencies.path_table import PathTable, globs
from git_hotfix.dependencies.registry import all_readers, lock_reader_of, reader_of


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("pom.xml", "a/pom.xml", True), ("pom.xml", "a/my-pom.xml", False), ("pom.xml", "POM.xml", False),
        ("*.gradle", "a/b.gradle", True), ("*.gradle", ".gradle", True), ("*.gradle", "b.gradle/x", False),
        ("Gemfile.*", "Gemfile.next", True), ("Gemfile.*", "Gemfile", False),
        ("a*a", "a", False), ("a*a", "aa", True), ("*ab*b", "ab", False), ("*ab*b", "xabb", True),
        (".cargo/config", ".cargo/config", True), (".cargo/config", "a/.cargo/config", True),
        (".cargo/config", "x.cargo/config", False), (".cargo/config", "config", False),
        ("a/b/*.yml", "c/a/b/d.yml", True), ("a/b/*.yml", "b/d.yml", False), ("a/b/*.yml", "a/b/c/d.yml", False),
        ("/.gitmodules", ".gitmodules", True), ("/.gitmodules", "a/.gitmodules", False),
        ("/a/*", "a/b", True), ("/a/*", "c/a/b", False),
    ],
)  # fmt: skip
def test_a_pattern_matches_a_name_an_end_or_the_top(pattern: str, path: str, *, expected: bool) -> None:
    assert globs(pattern).match(path) is expected
    assert PathTable([("owner", (globs(pattern),))]).owner_of(path) == ("owner" if expected else None)


def test_a_row_leaves_out_what_it_excepts_and_what_its_test_refuses() -> None:
    row = globs("*.in", but=("*.h.in",), any_case=True, test=lambda path: path.startswith("Reqs/"))
    paths = ("Reqs/a.in", "Reqs/A.IN", "Reqs/a.H.in", "reqs/a.in")
    assert [path for path in paths if row.match(path)] == ["Reqs/a.in", "Reqs/A.IN"]


def test_of_two_owners_of_one_path_the_first_has_it() -> None:
    table = PathTable([("first", (globs("*.yml"),)), ("second", (globs("action.yml", "*action*"),))])
    assert [table.owner_of(path) for path in ("action.yml", "action", "a.yml", "b")] == [
        "first",
        "second",
        "first",
        None,
    ]


def test_the_table_finds_what_asking_every_reader_finds() -> None:
    names = {
        pattern.replace("*", word).strip("/")
        for reader in all_readers()
        for row in (*reader.manifests, *reader.locks)
        for pattern in row.patterns
        for word in ("", "a", "requirements", "environment", "-")
    }
    for path in [folder + name for folder in ("", "buildSrc/", "reqs/", "gradle/dependency-locks/") for name in names]:
        manifests = [reader for reader in all_readers() if reader.is_manifest(path)]
        locks = [reader for reader in all_readers() if reader.is_lock(path)]
        assert (reader_of(path), lock_reader_of(path)) == (next(iter(manifests), None), next(iter(locks), None)), path
