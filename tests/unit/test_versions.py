"""Tags read as versions, on tag names that real repositories carry."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from git_hotfix.model.names import IssueId, TagName
from git_hotfix.model.versions import is_prerelease, next_tag, parse, ranking

ISSUE = IssueId("4711")


@pytest.mark.parametrize(
    ("tag", "prefix", "text", "suffix", "pre", "after"),
    [
        ("v1.4.2", "v", "1.4.2", "", False, "v1.4.3"),
        ("1.2.3.4", "", "1.2.3.4", "", False, "1.2.3.5"),
        ("app-a/v1.2.3", "app-a/v", "1.2.3", "", False, "app-a/v1.2.4"),
        ("2026.11.09", "", "2026.11.09", "", False, "2026.11.10"),
        ("REL_14_2", "REL_", "14_2", "", False, "REL_14_3"),
        ("curl-7_88_1", "curl-", "7_88_1", "", False, "curl-7_88_2"),
        ("release-1.4.2", "release-", "1.4.2", "", False, "release-1.4.3"),
        ("v1.0.Final", "v", "1.0", ".Final", False, "v1.1.Final"),
        ("jquery-3.1", "jquery-", "3.1", "", False, "jquery-3.2"),
        ("2024-01-15", "", "2024-01-15", "", False, "2024-01-16"),
        ("release/1.2.3", "release/", "1.2.3", "", False, "release/1.2.4"),
        ("v1.99.9", "v", "1.99.9", "", False, "v1.99.10"),
        ("v09", "v", "09", "", False, "v10"),
        ("42", "", "42", "", False, "43"),
        ("v1.2.3-1", "v", "1.2.3-1", "", False, "v1.2.3-2"),
        ("1.0.0.RELEASE", "", "1.0.0", ".RELEASE", False, "1.0.1.RELEASE"),
        ("rel8-1.2.3", "rel", "8-1.2.3", "", False, "rel8-1.2.4"),
        ("v1.0.0-rc1", "v", "1.0.0", "-rc1", True, "v1.0.1-rc1"),
        ("1.0a1", "", "1.0", "a1", True, "1.1a1"),
        ("2.0.0-beta.3", "", "2.0.0", "-beta.3", True, "2.0.1-beta.3"),
        ("php-8.3.0RC1", "php-", "8.3.0", "RC1", True, "php-8.3.1RC1"),
        ("1.0.0.M1", "", "1.0.0", ".M1", True, "1.0.1.M1"),
        ("1.0-SNAPSHOT", "", "1.0", "-SNAPSHOT", True, "1.1-SNAPSHOT"),
    ],
)
def test_a_tag_that_is_a_version(tag: str, prefix: str, text: str, suffix: str, pre: bool, after: str) -> None:
    version = parse(tag)
    assert version is not None
    assert (version.prefix, version.text, version.suffix) == (prefix, text, suffix)
    assert is_prerelease(tag) is pre
    assert next_tag(TagName(tag), ISSUE, "auto", ()) == after


@pytest.mark.parametrize("tag", ["hotfix-12", "latest", "", "Hotfix_3"])
def test_a_tag_that_is_no_version(tag: str) -> None:
    assert (is_prerelease(tag), next_tag(TagName(tag), ISSUE, "auto", ())) == (False, "hotfix-4711")
    assert parse(tag) is None


def test_build_metadata_is_part_of_the_name() -> None:
    version = parse("v1.2+build5")
    assert version is not None
    assert (version.text, version.suffix, is_prerelease("v1.2+build5")) == ("1.2", "+build5", False)


@pytest.mark.parametrize(
    "tags",
    [
        ["v1.4.2", "v1.4.10", "v1.5", "v2.0.0"],
        ["v1.99.9", "v1.100.0"],
        ["2024-01-15", "2024-02-01", "2026.11.09"],
        ["v1.2", "v1.2.3-1", "v1.2.3-2"],
        ["1.0", "1.0.post1", "1.0.post2", "1.0.post10"],
    ],
)
def test_rank(tags: list[str]) -> None:
    ranks = [version.rank for tag in tags if (version := parse(tag))]
    assert len(ranks) == len(tags)
    assert all(low < high for low, high in pairwise(ranks))


def test_trailing_zeros_are_the_same_version() -> None:
    one, other = parse("1.4"), parse("v1.4.0")
    assert one is not None
    assert other is not None
    assert one.rank == other.rank


def test_names_that_exist_are_skipped_and_templates_are_not() -> None:
    taken = {"v1.4.3", "v1.4.4", "hotfix-4711"}
    assert next_tag(TagName("v1.4.2"), ISSUE, "auto", taken) == "v1.4.5"
    assert next_tag(TagName("v1.4.2"), ISSUE, "hotfix-{issue}", taken) == "hotfix-4711"
    assert next_tag(TagName("v1.4.2"), ISSUE, "{base}-p{issue}", taken) == "v1.4.2-p4711"


@given(
    st.lists(
        st.from_regex(
            r"(v|V|rc|w|hotfix-|release[-/_]|a1/)?\d{1,2}([.-]\d{0,2}){0,2}([-.]?[a-z]{0,2}\d?)?", fullmatch=True
        )
    )
)
@example(["v1.2", "v1.2.0", "w2", "rc3", "hotfix-9", "v2-rc1", "v2a1", "v2.0.Final"])
@example(["hotfix", "nightly"])
def test_the_highest_of_many_is_the_one_of_all_taken_apart(names: list[str]) -> None:
    releases = [TagName(name) for name in dict.fromkeys(names) if not is_prerelease(name)]
    ranks = {name: version.rank for name in releases if (version := parse(name))}
    found = ranking(dict.fromkeys(map(TagName, names)))
    assert sorted(found.highest) == sorted(name for name, rank in ranks.items() if rank == max(ranks.values()))
    assert sorted(found.unversioned) == sorted(set(releases) - set(ranks))
    own = {name for name in ranks if parse(name).prefix == parse(found.highest[0]).prefix} if ranks else set()  # type: ignore[union-attr]
    assert set(releases) - own <= set(found.others) <= set(releases)
