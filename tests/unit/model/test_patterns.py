"""Patterns for branch names, tags and paths, and the files that are production's."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.model import patterns
from git_hotfix.model.policy import Files, Policy


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("feature/*", "feature/a", True),
        ("feature/*", "feature/a/b", True),
        ("feature/*", "features/a", False),
        ("<versions>", "11.4", True),
        ("<versions>", "v3", True),
        ("<versions>", "2.x", True),
        ("<versions>", "3-2-stable", True),
        ("<versions>", "release-3.1", True),
        ("<versions>", "REL_14_STABLE", True),
        ("<versions>", "branch-3.5", True),
        ("<versions>", "support-1.2", True),
        ("<versions>", "branch-4711", False),
        ("<versions>", "4711", False),
        ("<versions>", "4711-php-8.1", False),
        ("<versions>", "2026-11-27", False),
        ("<versions>", "feature/1.2", False),
        ("<versions>", "renovate/node-20.x", False),
        ("*.x", "1.2.x", True),
        ("*-stable", "1-2-stable", True),
        ("release/[0-9]*", "release/1", True),
        ("release/[!0-9]*", "release/1", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("a+c", "aac", False),
        ("a[", "a[", True),
        ("[]", "[]", True),
        ("[!]", "[!]", True),
        ("[!]]", "a", True),
        ("[!]]", "]", False),
        ("[[]", "[", True),
        ("[z-a]", "b", False),
        ("[a-c]", "b", True),
        ("[a^]", "^", True),
        ("develop", "develop", True),
        ("develop", "Develop", False),
    ],
)
def test_branch_names(pattern: str, name: str, expected: bool) -> None:
    assert patterns.names((pattern,))(name) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("v*", "v1.2", True),
        ("v*", "v8/app-1.2", False),
        ("[0-9]*", "1.2", True),
        ("[0-9]*", "2/x", False),
        ("app-a/v*", "app-a/v1", True),
        ("**/v*", "a/b/v1", True),
        ("**/v*", "v1", True),
        ("v*", "V1", False),
        ("v*", "v1\n", True),
    ],
)
def test_tags(pattern: str, name: str, expected: bool) -> None:
    assert patterns.tags((pattern,))(name) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("test/", "test/a.py", True),
        ("test/", "src/test/a.py", True),
        ("test/", "src/Test/a/b.py", True),
        ("test/", "test", False),
        ("test/", "latest/a.py", False),
        ("*.md", "a/b.MD", True),
        ("*.md", "a.md.py", False),
        ("src/*.py", "src/a.py", True),
        ("src/*.py", "src/a/b.py", False),
        ("src/*.py", "x/src/a.py", False),
        ("src/**", "src/a/b.py", True),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/b/c/z", True),
        ("/setup.py", "setup.py", True),
        ("/setup.py", "x/setup.py", False),
        ("README*", "docs/readme.txt", True),
    ],
)
def test_paths(pattern: str, path: str, expected: bool) -> None:
    assert patterns.paths((pattern,))(path) is expected


def test_no_pattern_matches_nothing() -> None:
    for kind in (patterns.names, patterns.tags, patterns.paths):
        assert kind(())("") is False
        assert kind(())("a") is False


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a.py", True), ("requirements.txt", True), ("CMakeLists.txt", True), ("src/attest.py", True),
        ("Dockerfile", True), ("package.json", True), ("src/contest/a.go", True), ("pyproject.toml", True),
        ("docs/requirements.txt", True), ("tests/requirements.txt", False), ("vendor/a/requirements.txt", False),
        ("tests/a.py", False), ("a/__tests__/b.js", False), ("src/a_test.go", False), ("src/a.spec.ts", False),
        # a word in the name of a program's file makes no test of it
        ("src/Latest.kt", True), ("src/Contest.java", True), ("Contests.cs", True), ("Contests/a.cs", True),
        ("src/HTTPTest.java", False), ("src/foo_tests.cs", False), ("osf_tests/a.py", False), ("Test.php", False),
        ("Shop.Tests/a.cs", False), ("ShopTests/a.swift", False),
        ("src/FooTest.java", False), ("conftest.py", False), ("README.md", False), ("docs/conf.py", False),
        ("CHANGELOG", False), ("web/package-lock.json", False), ("go.sum", False), ("vendor/x.go", False),
        ("static/a.min.js", False), ("a_pb2.py", False),
        # the beginning of a name and a folder say nothing of code, the beginning nothing of what a program reads
        ("src/history.ts", True), ("app/news.rb", True), ("app/license.rb", True), ("app/authors_controller.rb", True),
        ("db/news.sql", True), ("templates/notice.html", True), ("changes.json", True), ("shop/docs/a.py", True),
        ("docs/logo.svg", False), ("docs/openapi.yaml", False), ("LICENSE-MIT", False), ("NEWS.2019", False),
        ("COPYING.LESSER", False), ("Changes.rst", False), ("src/changes/notes.md", False),
        ("src/main/java/a/vendor/V.java", True), ("core/src/main/kotlin/a/testing/T.kt", True),
        ("src/main/java/a/docs/D.java", True), ("src/main/resources/docs/a.md", False), ("src/test/java/A.java", False),
        ("app/models/spec/a.rb", True), ("engines/a/app/views/tests/a.erb", True), ("app/services/vendor/a.rb", True),
        ("spec/dummy/app/models/a.rb", False), ("app/models/a_spec.rb", False), ("app/spec/a.rb", False),
        ("app/models/test/a.js", False), ("vendor/a/app/models/a.rb", False),
        # translations by ending and place
        ("locale/fr.po", False), ("src/messages.fr.xlf", False), ("po/app.pot", False), ("a/messages.xlf", True),
        ("lib/l10n/app_fr.arb", False), ("ios/pt-BR.lproj/Localizable.strings", False), ("data.strings", True),
        ("locales/fr.json", False), ("config/locales/devise.pt-BR.yml", False), ("_locales/en/messages.json", False),
        ("locales/config.json", True), ("fr.json", True), ("config/de.yml", True), ("i18n/fr/index.js", True),
        ("res/values-zh-rTW/strings.xml", False), ("res/values-night/colors.xml", True), ("res/values/a.xml", True),
        ("Resources.fr.resx", False), ("Resources.resx", True), ("src/main/resources/messages_de.properties", False),
        ("messages.properties", True), ("application_de.properties", True), ("locale/fr.py", True),
        ("lang/fr.php", True),
        # a submodule is a folder
        ("docs/", False), ("lib/", True), ("vendor/", False),
    ],
)  # fmt: skip
def test_production_files(path: str, expected: bool) -> None:
    assert Files().is_production(path) is expected


def test_a_pattern_of_a_team_that_names_an_ending_holds_for_code_too() -> None:
    files = Files(docs=("a/manual/*.py", "guide/"), changelogs=())
    paths = ("a/manual/a.py", "a/guide/a.py", "a/guide/a.txt")
    assert [files.is_production(path) for path in paths] == [False, True, False]


@pytest.mark.parametrize(
    ("tag", "expected"), [("v1", True), ("1.2", True), ("hotfix-1", True), ("release-1", False), ("x/v1", False)]
)
def test_release_tags(tag: str, expected: bool) -> None:
    assert Policy().is_release_tag(tag) is expected


@settings(max_examples=300, deadline=None)
@given(pattern=st.text("a/*?[]!^-\\.", max_size=10), name=st.text("ab/*[]-.", max_size=10))
def test_no_pattern_of_a_policy_crashes(pattern: str, name: str) -> None:
    for kind in (patterns.names, patterns.tags, patterns.paths):
        assert kind((pattern,))(name) in (True, False)


@settings(max_examples=300, deadline=None)
@given(
    # A capital behind a star begins a word, which a bracket expression does not.
    pattern=st.from_regex(r"(?:/?[aAb._-]|\*[ab._-])[aAb._-]{0,2}[*/]?", fullmatch=True),
    path=st.from_regex(r"[aAb._-]{1,3}(/[aAb._-]{1,3}){0,2}", fullmatch=True),
)
def test_a_word_is_looked_up_as_it_would_be_compiled(pattern: str, path: str) -> None:
    """A bracket around its first letter makes a pattern one that is compiled, and changes nothing that it matches."""
    at = next(n for n, letter in enumerate(pattern) if letter not in "*/")
    compiled = f"{pattern[:at]}[{pattern[at]}]{pattern[at + 1 :]}"
    assert patterns.paths((pattern,))(path) is patterns.paths((compiled,))(path)


GLOBS = st.lists(st.sampled_from(["a", "b", "/", "*", "**", "**/", "?", "[ab]", "[!a]", "["]), max_size=12).map("".join)


@settings(max_examples=400, deadline=None)
@given(glob=GLOBS, name=st.text("ab/", max_size=10))
def test_a_pattern_of_many_stars_means_what_one_of_few_does(glob: str, name: str) -> None:
    for star in (".*", "[^/]*"):
        plain = re.compile(patterns._translate(glob, star=star), re.DOTALL).fullmatch(name) is not None
        assert patterns._Steps(glob, star, re.DOTALL).match(name) is plain


@pytest.mark.parametrize("test", [patterns.names, patterns.tags, patterns.paths])
def test_thirty_five_stars_end(test: Callable[[tuple[str, ...]], Callable[[str], bool]]) -> None:
    """By a regular expression this took minutes, and the watchdog would fail it."""
    for pattern in ("a*" * 35 + "/x", "a" + "*" * 35 + "/x"):
        matches = test((pattern, "keep"))
        assert not matches("a" * 250 + "/y")
        assert matches("a" * 250 + "/x")
        assert matches("keep")


@settings(max_examples=400, deadline=None)
@given(
    globs=st.lists(st.text("aAkKs/.*?[]!x\u017f\u212a-", max_size=8), min_size=1, max_size=3),
    names=st.lists(st.text("aAkKs/.x\u017f\u212a-", max_size=8), min_size=1, max_size=4),
    how=st.sampled_from([("[^/]*", re.DOTALL | re.IGNORECASE), ("[^/]*", re.DOTALL), (".*", re.DOTALL)]),
)
def test_a_name_is_matched_as_if_all_was_compiled_at_once(
    globs: list[str], names: list[str], how: tuple[str, int]
) -> None:
    lazy, whole = patterns._any_of(tuple(globs), *how), patterns._made_of(tuple(globs), *how)
    assert [lazy(name) for name in names] == [whole(name) for name in names]
