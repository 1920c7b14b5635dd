"""What a change of a version means, in the constraint languages of every ecosystem."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.dependencies.constraints import Meaning, excludes, meaning

SHA = "8ade135a41bc03ea155e62e844d188df1ea18608"


@pytest.mark.parametrize(
    ("old", "new", "means"),
    [
        # within the major version, in every language
        ("1.2", "1.3", "raised"),
        ("^1.2", "^1.3.1", "raised"),
        ("~> 1.2", "~> 1.3", "raised"),
        (">=1.2,<2", ">=1.3,<2", "raised"),
        (">=1.2 <2", ">=1.3 <2", "raised"),
        ("[1.0,2.0)", "[1.1,2.0)", "raised"),
        ("[1.0]", "[1.1]", "raised"),
        ("1.2.+", "1.3.+", "raised"),
        ("==1.2.3", "==1.2.4", "raised"),
        ("v1.2.3", "v1.3.0", "raised"),
        ("1.0.Final", "1.1.Final", "raised"),
        ("1.8.0_202", "1.8.0_302", "raised"),
        ("3.11-slim", "3.12-slim", "raised"),
        ("0.4", "0.4.9", "raised"),
        ("0", "0.5", "raised"),
        ("1.2-SNAPSHOT", "1.3-SNAPSHOT", "raised"),
        ("foo-1.2.tar.gz", "foo-1.3.tar.gz", "raised"),
        (">= 0.9.5, < 2", "~> 1.0", "raised"),  # it may have been that all along
        (">=1,<=2", "==2.0", "raised"),
        # calendar versions
        ("2023.1", "2024.2", "raised"),
        ("20240101", "20250101", "raised"),
        # breaking
        ("1.2", "2.0", "major"),
        ("^1.2", "^2.0", "major"),
        ("0.4.1", "0.5", "major"),
        ("0.9", "1.0", "major"),
        ("node-18", "node-20", "major"),
        ("31.1-jre", "32.0-jre", "major"),
        ("1.x", "2.x", "major"),
        (">=1.2,<2", ">=1.2,<3", "major"),
        ("[1.0,2.0)", "[1.0,3.0)", "major"),
        ("(,1.0]", "(,2.0]", "major"),
        ("1.2 - 2.3", "1.2 - 3.0", "major"),
        ("^16 || ^17", "^16 || ^17 || ^18", "major"),
        ("~> 1.2", "~> 1.2 or ~> 2.0", "major"),
        ("<2", "<3", "major"),
        ("<2", "==2.1", "major"),
        (">=1,<2", "==2.0", "major"),
        # older
        ("^2.1", "^1.9", "lowered"),
        ("[1.5]", "[1.0]", "lowered"),
        ("==1.2.3", "==1.2.2", "lowered"),
        ("2.0", "1.9", "lowered"),
        ("2.0", "1.9-rc1", "lowered"),
        (">=1.5", "==1.2", "lowered"),
        (">=1.5", "<1.4", "lowered"),
        # less exact
        ("==1.2.3", ">=1.2.3", "loosened"),
        ("==1.2", "", "loosened"),
        ("^1", "*", "loosened"),
        ("1.2", "latest", "loosened"),
        ("~> 1.2.3", "~> 1.2", "loosened"),
        # a range that still has what the old one began with goes on taking the newest
        ("~> 6.3.0", "~> 6.0", "loosened"),
        ("^2.1", "^2.0", "loosened"),
        ("~> 0.4.0", ">= 0.3.6, < 0.5", "loosened"),
        (">=1.2,<2", ">=1.2", "loosened"),
        ("3.11", "3", "loosened"),
        # no release
        ("1.2", "1.3-SNAPSHOT", "unstable"),
        ("1.0.0", "1.0.0-rc1", "unstable"),
        ("^1.0", "dev-master", "unstable"),
        ("^1.0", "^1.1@dev", "unstable"),
        # commits
        (SHA, SHA[::-1], "revision"),
        ("v4", SHA, "revision"),
        ("v0.0.0-20240101120000-abcdef123456", "v0.1.0", "revision"),
        # nothing that can be told
        ("", "==1.2", "other"),
        ("*", "^1", "other"),
        ("1.3-SNAPSHOT", "1.3", "other"),
        ("1.2", "1.2.0", "other"),
        (">=1.2", "==1.2", "other"),
        # whatever was newest was taken before
        (">=2.8", "==3.1", "other"),
        (">=2.8", ">=3.1", "other"),
        (">=1.5", ">=1.2", "other"),
        (">=1.5", "<3", "other"),
        ("", "<3", "other"),
        ("<=1.5.5", "==1.5.5", "other"),
        ("(,1.5]", "[1.5]", "other"),
        ("!=1.5,>=1.2", "!=1.6,>=1.2", "other"),
        ("^16 || ^17", "^17", "other"),
        ("1.2@sha256:abcd", "1.2@sha256:ffff", "other"),
        ("sha256:" + "a" * 64, "sha256:" + "b" * 64, "other"),
        ("bookworm@sha256:" + "1" * 64, "bookworm@sha256:" + "1" * 60 + "0a12", "other"),
        ("1.0.0+build.9", "1.0.1+build.1a2", "raised"),
        ("3.11", "bookworm", "other"),
        ("node-18", "alpine-3", "other"),
        ("${spring.version}", "${x}", "other"),
        ("~> 1.2", 'RUBY_VERSION >= "2.2" ? "~> 6.0" : "~> 5.1"', "other"),
        ("1." * 200, "2." * 200, "other"),
    ],
)
def test_meaning(old: str, new: str, means: Meaning) -> None:
    assert meaning(old, new) == means


def test_where_a_zero_promises_as_much_as_a_one() -> None:
    assert [meaning("v0.52.0", "v0.53.0", zero=zero) for zero in (True, False)] == ["major", "raised"]
    assert meaning("v0.52.0", "v1.0.0", zero=False) == "major"


@pytest.mark.parametrize(
    ("constraint", "version", "outside"),
    [
        (">=1.3", "1.2.9", True),
        (">=1.3", "4.0", False),
        ("^1.3", "1.3.1", False),
        ("^1.3", "2.0", True),
        ("~> 1.3", "1.2", True),
        ("==1.3", "1.3.0", False),
        ("<2", "2.1", True),
        ("<2", "1.9", False),
        ("^1 || ^2", "1.5", False),
        ("^1 || ^2", "3.0", True),
        ("~> 1.2 or ~> 2.0", "1.2.5", False),
        (">= 1.0 and < 2.0", "2.1", True),
        ("*", "1.0", False),
        ("", "1.0", False),
        ("latest", "1.0", False),
        ("^1", "", False),
        ("^1", SHA, False),
        (SHA, "1.0", False),
        ("v2.0.0", "v1.9.0", True),
    ],
)
def test_excludes(constraint: str, version: str, *, outside: bool) -> None:
    assert excludes(constraint, version) == outside


WILD = st.text(alphabet="0123456789.,<>=!~^|*[]() -_@vxa{}#/\n٣", max_size=300)


@settings(max_examples=300, deadline=None)
@given(WILD, WILD)
def test_wild_texts_never_crash(old: str, new: str) -> None:
    meaning(old, new)
    excludes(old, new)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=5), st.sampled_from(["", "==", "^", "~>", "v", ">="]))
def test_what_rises_one_way_is_lowered_the_other(numbers: list[int], operator: str) -> None:
    higher = [numbers[0] + 1, *numbers[1:]]
    old, new = (operator + ".".join(map(str, each)) for each in (numbers, higher))
    assert meaning(old, new) in (("other",) if operator == ">=" else ("major", "raised"))
    assert meaning(new, old) == ("other" if operator == ">=" else "lowered")
    assert excludes(new, old.removeprefix(operator))
