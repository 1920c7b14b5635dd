"""Packages told by the names and dates of tags alone."""

from __future__ import annotations

import pytest

from git_hotfix.hotfix.packages import Releases, is_same_package, living_names, package_of, packages_of
from git_hotfix.model.names import TagName
from git_hotfix.model.policy import DAY, Package, Policy
from git_hotfix.model.versions import parse

NOW = 20_000  # days
POLICY = Policy(packages={"app": Package(("app/",), ("app-v*",)), "site": Package(("www/",), ("web/*", "www-*"))})


def releases(*tags: tuple[str, int]) -> Releases:
    """Releases and how many days ago they were made, newest last."""
    ranks = [version.rank for name, _ in tags if (version := parse(name))]
    dates = [(NOW - ago) * DAY for _, ago in tags]
    return Releases(TagName(tags[-1][0]), min(dates), max(dates), min(ranks), max(ranks))


@pytest.mark.parametrize(
    ("found", "living"),
    [
        ({"app": releases(("app-v1.2.3", 9)), "lib": releases(("lib-v4.0.0", 9), ("lib-v4.0.1", 2))}, ["app", "lib"]),
        ({"app": releases(("app-v1.2.3", 400)), "lib": releases(("lib-v4.0.1", 2))}, ["lib"]),
        ({"": releases(("v1.5", 9)), "lib": releases(("lib-v0.1", 2))}, ["", "lib"]),
        ({"": releases(("v1.6", 2)), "app": releases(("app-1.4", 20), ("app-1.5", 9))}, [""]),
        ({"": releases(("v1.4", 20), ("v1.5", 9)), "app": releases(("app-1.6", 2))}, ["app"]),
        ({"": releases(("v1.4", 20), ("v1.7", 1)), "app": releases(("app-1.6", 2))}, ["", "app"]),
        ({"old": releases(("old-1.0", 9)), "new": releases(("new-1.1", 2))}, ["new", "old"]),
        ({"app": releases(("app-v1", 2))}, ["app"]),
        ({}, []),
    ],
)
def test_the_packages_that_a_hotfix_may_be_meant_for(found: dict[str, Releases], living: list[str]) -> None:
    assert living_names(found, Policy()) == living


def test_a_package_of_the_policy_lives_however_old_its_release_is() -> None:
    found = {"app": releases(("app-v1.2.3", 900)), "lib": releases(("lib-v1", 1)), "old": releases(("old-v1", 900))}
    assert living_names(found, POLICY) == ["app", "lib"]


@pytest.mark.parametrize(
    ("tag", "by_policy", "by_name"),
    [
        ("app-v1.2.3", "app", "app"),
        ("web/v2.0", "site", "web"),
        ("www-3", "site", "www"),
        ("lib@1.0.0", "lib", "lib"),
        ("v1.0", "", ""),
        ("release-1.0", "", ""),
        ("hotfix-7", None, None),
        ("fix-wiki-preview", None, None),
    ],
)
def test_the_package_of_a_tag(tag: str, by_policy: str | None, by_name: str | None) -> None:
    assert (package_of(TagName(tag), POLICY), package_of(TagName(tag), Policy())) == (by_policy, by_name)


def test_tags_of_one_package() -> None:
    assert is_same_package(TagName("web/v2.0"), TagName("www-3"), POLICY)
    assert not is_same_package(TagName("web/v2.0"), TagName("www-3"), Policy())
    assert is_same_package(TagName("hotfix-7"), TagName("app-v1"), Policy())
    assert is_same_package(None, TagName("app-v1"), Policy())


def test_without_a_policy_the_words_of_tags_are_folders() -> None:
    assert packages_of(Policy(), ("", "app", "lib")) == {"app": Package(("app/",)), "lib": Package(("lib/",))}
    assert packages_of(Policy(), ("app",)) == {}
    assert packages_of(POLICY, ("app", "lib")) == POLICY.packages
