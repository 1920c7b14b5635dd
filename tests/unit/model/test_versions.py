"""Tags read as versions, on tag names that real repositories carry."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from git_hotfix.model.names import Oid, TagName
from git_hotfix.model.versions import floating, is_prerelease, is_unstable, parse, ranking, schemes


@pytest.mark.parametrize(
    ("tag", "prefix", "text", "suffix", "pre"),
    [
        ("v1.4.2", "v", "1.4.2", "", False),
        ("1.2.3.4", "", "1.2.3.4", "", False),
        ("app-a/v1.2.3", "app-a/v", "1.2.3", "", False),
        ("2026.11.09", "", "2026.11.09", "", False),
        ("REL_14_2", "REL_", "14_2", "", False),
        ("curl-7_88_1", "curl-", "7_88_1", "", False),
        ("release-1.4.2", "release-", "1.4.2", "", False),
        ("v1.0.Final", "v", "1.0", ".Final", False),
        ("jquery-3.1", "jquery-", "3.1", "", False),
        ("2024-01-15", "", "2024-01-15", "", False),
        ("release/1.2.3", "release/", "1.2.3", "", False),
        ("v1.99.9", "v", "1.99.9", "", False),
        ("v09", "v", "09", "", False),
        ("42", "", "42", "", False),
        ("v1.2.3-1", "v", "1.2.3-1", "", False),
        ("1.0.0.RELEASE", "", "1.0.0", ".RELEASE", False),
        ("rel8-1.2.3", "rel", "8-1.2.3", "", False),
        ("v1.0.0-rc1", "v", "1.0.0", "-rc1", True),
        ("1.0a1", "", "1.0", "a1", True),
        ("2.0.0-beta.3", "", "2.0.0", "-beta.3", True),
        ("php-8.3.0RC1", "php-", "8.3.0", "RC1", True),
        ("1.0.0.M1", "", "1.0.0", ".M1", True),
        ("1.0-SNAPSHOT", "", "1.0", "-SNAPSHOT", True),
    ],
)
def test_a_tag_that_is_a_version(tag: str, prefix: str, text: str, suffix: str, pre: bool) -> None:
    version = parse(tag)
    assert version is not None
    assert (version.prefix, version.text, version.suffix) == (prefix, text, suffix)
    assert is_prerelease(tag) is pre


@pytest.mark.parametrize(
    "tag",
    [
        "hotfix-12",
        "latest",
        "",
        "Hotfix_3",
        "4193-pin-werkzeug",
        "5925-fix-test-endpoint",
        "fix-wiki-preview",
        "4193-preview",
        "4193-wheels",
        "fix-4711",
        "issue-7",
    ],
)
def test_a_tag_that_is_no_version(tag: str) -> None:
    assert (parse(tag), is_prerelease(tag)) == (None, False)


@pytest.mark.parametrize(
    ("tag", "pre"),
    [
        ("v1.2-rc1", True),
        ("1.0-M3", True),
        ("1.0b2", True),
        ("nightly-2026", True),
        ("rc-8_22_0-1", True),
        ("beta-1.2", True),
        ("21-ea", True),
        ("v2-beta", True),
        ("v1.2.3-arm64-rc1", True),
        ("v1.2.3-alpha.1.linux", True),
        ("1.0.2b", False),
        ("1.0.Final", False),
        ("1.2-hotfix1", False),
        ("1.4.2-fix-test-endpoint", False),
        ("2026-11-27-fix-test-endpoint", False),
        ("feature-preview-2", False),
        ("test-4711", False),
        ("4193-preview", False),
        ("fix-wiki-preview", False),
    ],
)
def test_a_prerelease_is_a_version_with_a_prerelease_part(tag: str, pre: bool) -> None:
    assert is_prerelease(tag) is pre


def test_of_a_dependency_a_channel_is_unstable_too() -> None:
    assert [name for name in ("nightly", "1.0a1", "latest-dev", "1.0", "lts") if is_unstable(name)] == [
        "nightly", "1.0a1", "latest-dev",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("tag", "numbers"),
    [
        ("2026-W48", (2026, 48)),
        ("2026-W48.1", (2026, 48, 1)),
        ("2026Q4.2", (2026, 4, 2)),
        ("27.11.2026", (2026, 11, 27)),
        ("v27-11-2026.1", (2026, 11, 27, 1)),
        ("2026-11-27T1530", (2026, 11, 27, 1530)),
    ],
)
def test_dates_are_in_the_order_of_time(tag: str, numbers: tuple[int, ...]) -> None:
    version = parse(tag)
    assert version is not None
    assert version.numbers == numbers


def test_tags_that_float() -> None:
    """v1 and v1.2 move with every release; 1.4 is a release although 1.4.1 came after it, and so are v3 and 2."""
    tags = {
        "v1.2.2": "a", "v1.2.3": "b", "v1.2": "b", "v1": "b", "latest": "b", "v2.0.0-beta.1": "c", "v2": "x", "v3": "d",
        "1.3": "e", "1.4": "f", "1.4.1": "g", "2": "h", "2.1": "i", "3": "j", "3.1": "j", "v1.3": "k", "v1.3.0": "k",
        "app/v1": "l", "app/v1.0.1": "m",
    }  # fmt: skip
    commits = {TagName(name): Oid(commit) for name, commit in tags.items()}
    assert floating(commits, commits) == {"v1", "v1.2", "v2", "3", "app/v1", "latest"}
    alone = {TagName("latest"): Oid("a"), TagName("prod"): Oid("a"), TagName("fix-login"): Oid("b")}
    assert floating(alone, alone) == frozenset()
    assert floating([], {}) == floating([TagName("v1")], commits) == frozenset()


def test_schemes_are_told_by_the_words_before_the_version() -> None:
    names = "v1.2 1.3 release-1.4 REL_1_5 app-v1.2.3 lib@1.0.0 k8s-app-v1.2 web/v2.0 hotfix-7 latest fix-9".split()
    assert sorted(schemes(map(TagName, names))) == ["", "app", "k8s-app", "lib", "web/"]


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
