"""The scheme learned from names and places alone: literal tags in, patterns out."""

from __future__ import annotations

import pytest

from git_hotfix.detect.scheme import (
    SeenTag,
    learn_branches,
    learn_support,
    learn_tags,
    propose_develop,
    propose_production,
    recent_tags,
)
from git_hotfix.model.names import BranchName, TagName
from git_hotfix.model.policy import DAY, Policy

DEFAULTS = Policy().release_tags
NOW = 2_000_000_000


def on(*names: str, every: int = 30) -> list[SeenTag]:
    """Tags on production, the last one newest, so many days apart."""
    return [SeenTag(TagName(name), NOW - every * DAY * place, on=True) for place, name in enumerate(reversed(names))]


def off(*names: str, beside: bool = False) -> list[SeenTag]:
    return [SeenTag(TagName(name), NOW, on=False, beside=beside) for name in names]


@pytest.mark.parametrize(
    ("tags", "patterns"),
    [
        (on("v1.0", "v1.1", "v1.2"), DEFAULTS),
        (on("1.0", "1.1", "v1.2", "hotfix-7"), DEFAULTS),
        (on("curl-8_20_0", "curl-8_21_0", "rc-8_22_0-1", "rc-8_22_0-2"), ("curl-*",)),
        (on("release-2026-01-01", "release-2026-02-01"), ("release-*",)),
        (on("release/1.0", "release/1.1"), ("release/[0-9]*",)),
        (on("app-a/v1.0", "app-b/v1.0", "app-c/v2.0", "app-c/v2.1"), ("*/v*",)),
        (on("lib@1.0.0", "cli@1.0.0", "api@2.0.0", "api@2.0.1"), ("*@[0-9]*",)),
        (on("v1.0", "v1.1", "release-5", "release-6"), ("v*", "release-*")),
        (on("deploy-prod-1", "deploy-prod-2"), ("deploy-prod-*",)),
    ],
)  # fmt: skip
def test_the_fewest_patterns_that_cover_what_stands_on_production(
    tags: list[SeenTag], patterns: tuple[str, ...]
) -> None:
    found = learn_tags(tags, DEFAULTS)
    assert sorted(found.patterns) == sorted(patterns)
    assert (found.covered, found.missed) == (found.of, ())


def test_tags_named_after_the_hotfix_branch_are_learned_with_what_finish_will_call_the_next() -> None:
    found = learn_tags(on("fix-login", "fix-cart", "fix-tax", "2026_11_01", "fix-mail"), ("v*",))
    assert found.patterns == ("fix-*", "hotfix-*")
    assert (found.covered, found.of, found.missed) == (4, 5, ("2026_11_01",))


def test_patterns_stay_clear_of_tags_that_stand_on_no_production() -> None:
    found = learn_tags([*on("rel-1.0", "rel-1.1", "rel-1.2"), *off("rel-notes", "rel-branchpoint")], DEFAULTS)
    assert (found.patterns, found.stray) == (("rel-[0-9]*",), ())


def test_tags_of_another_line_do_not_narrow_the_patterns() -> None:
    found = learn_tags([*on("rel-1.0", "rel-1.1"), *off("rel-old-1", beside=True)], DEFAULTS)
    assert found.patterns == ("rel-*",)


def test_what_no_pattern_can_keep_apart_is_told() -> None:
    found = learn_tags([*on("app-2.0", "app-2.1"), *off("app-1.9.1")], DEFAULTS)
    assert (found.patterns, found.stray) == (("app-*",), ("app-1.9.1",))


def test_an_accident_is_no_scheme_and_is_told() -> None:
    tags = on("v1.0", "v1.1", "blank", "before-merge-1", "before-merge-2", "untagged-4387d", "v1.2")
    found = learn_tags(tags, DEFAULTS)
    assert found.patterns == DEFAULTS
    assert (found.covered, found.of) == (3, 7)
    assert found.missed == ("untagged-4387d", "before-merge-2", "before-merge-1", "blank")


def test_the_first_tag_of_a_new_scheme_counts() -> None:
    assert learn_tags(on("v1.0", "v1.1", "v1.2", "v1.3", "app-2.0"), DEFAULTS).patterns == ("v*", "app-*")


def test_a_scheme_given_up_years_ago_is_not_learned() -> None:
    old = [SeenTag(TagName(f"build-{number}"), NOW - 2000 * DAY, on=True) for number in range(20)]
    assert learn_tags([*old, *on(*(f"v1.{number}" for number in range(10)))], DEFAULTS).patterns == DEFAULTS


def test_a_repository_without_tags_keeps_the_defaults() -> None:
    found = learn_tags([], DEFAULTS)
    assert (found.patterns, found.covered, found.of) == (DEFAULTS, 0, 0)


def test_recent_tags_are_at_least_ten_however_old() -> None:
    tags = on(*(f"v{number}" for number in range(15)), every=400)
    assert [tag.name for tag in recent_tags(tags)] == [f"v{number}" for number in range(14, 4, -1)]


NEW, OLD = frozenset({TagName("v2")}), frozenset({TagName("v1")})


@pytest.mark.parametrize(
    ("found", "default", "held", "proposed"),
    [
        ("main", "main", {"main": NEW, "stable": NEW}, "main"),
        ("main", "main", {"main": OLD, "production": OLD | NEW}, "production"),
        ("main", "main", {"main": NEW, "production": NEW}, "production"),
        ("main", "main", {"main": NEW, "production": OLD}, "main"),
        ("main", "main", {"main": frozenset(), "release": NEW}, "release"),
        ("main", "main", {"main": frozenset(), "production": frozenset()}, "main"),
        (None, "dev", {"release": NEW, "dev": NEW}, "release"),
        (None, "devel", {"devel": NEW}, "devel"),
        (None, "devel", {"devel": NEW, "release": frozenset()}, "devel"),
        (None, "odd", {}, "odd"),
        (None, None, {}, None),
    ],
)  # fmt: skip
def test_production_is_where_the_tags_stand(
    found: str | None, default: str | None, held: dict[str, frozenset[TagName]], proposed: str | None
) -> None:
    names = {BranchName(name): tags for name, tags in held.items()}
    assert propose_production(found and BranchName(found), default and BranchName(default), names) == proposed


@pytest.mark.parametrize(
    ("production", "default", "alive", "proposed"),
    [
        ("release", "dev", {"dev", "main"}, "dev"),
        ("main", "main", {"next", "devel"}, "devel"),
        ("production", "main", {"main"}, "main"),
        ("main", "main", set(), None),
        ("main", "main", {"topic"}, None),
    ],
)  # fmt: skip
def test_develop_is_the_default_branch_or_a_usual_name(
    production: str, default: str, alive: set[str], proposed: str | None
) -> None:
    branches = {"dev", "devel", "main", "next", "production", "release", "topic"}
    found = propose_develop(BranchName(production), BranchName(default), lambda name: name in alive, branches)
    assert found == proposed


def test_live_kinds_of_branches_become_targets() -> None:
    policy = Policy()
    live = [
        BranchName(name) for name in ("feat/a", "feat/b", "releases/2", "support/1", "feature/x", "renovate/y", "z")
    ]
    found = learn_branches(live, policy.backport.targets, policy.support)
    assert found.targets == (*policy.backport.targets, "releases/*", "feat/*")
    assert found.support == (*policy.support, "releases/*")
    assert found.alive == {"feat/": 2, "feature/": 1, "releases/": 1, "renovate/": 1, "support/": 1}


def test_where_releases_left_production_their_scheme_is_learned_from_all() -> None:
    given_up = [SeenTag(TagName(name), NOW - 4000 * DAY, on=True) for name in ("demo-1", "demo-2", "app-1.0")]
    found = learn_tags([*given_up, *off("app-2.0", "app-2.1")], DEFAULTS)
    assert (found.patterns, found.left, found.covered, found.of) == (("app-*", "demo-*"), True, 5, 5)
    many = off(*(f"app-{number}.0" for number in range(2, 14)))
    assert learn_tags([*given_up, *many], DEFAULTS).patterns == ("app-*",)


def test_lines_are_named_after_the_versions_that_they_bring() -> None:
    names = (
        "dspace-7_x dspace-3_x dev-v2.11 pytest-2 backport-8590-to-dev-v2.11 2.11 2784-x 2.9-tests release/1 v7-topic"
    )
    tags = [*on("dspace-10.0"), *off("dspace-7.6.7", "dspace-2.11.5")]
    found = learn_support([BranchName(name) for name in names.split()], tags, ("dspace-*",), ("release/*",))
    assert found == ("release/*", "dev-v[0-9]*", "dspace-[0-9]*")
    work = [BranchName(name) for name in ("feature/lts-7.6", "chore/pictures-for-v7.6", "fix/7.6")]
    assert learn_support(work, tags, ("dspace-*",), ()) == ()
    assert learn_support([BranchName("dspace-7_x")], on("dspace-7.6.7"), ("dspace-*",), ()) == ()
