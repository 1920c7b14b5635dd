"""Which branches receive a fix, and what the policy says of each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_hotfix.backport.targets import BranchFacts, candidates, choose, target_of
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName
from git_hotfix.model.plan import Target
from git_hotfix.model.policy import Backport, BranchRule, Policy
from git_hotfix.model.prefixes import Prefixes
from git_hotfix.model.snapshot import Logs, Refs, Snapshot
from git_hotfix.model.tags import Tags

NAMES = ("develop", "feature/a", "feature/b/c", "hotfix-to/develop/1", "hotfix/1", "main", "release/1.0", "support/0.9")
TIPS = {BranchName(name): Oid(f"{number:040x}") for number, name in enumerate(NAMES, 1)}
MAIN = BranchName("main")


def snapshot(**settings: object) -> Snapshot:
    policy = Policy(backport=Backport(**settings))  # type: ignore[arg-type]
    return Snapshot(None, MAIN, BranchName("develop"), Refs(branches=TIPS), (), policy)


def names(snapshot: Snapshot, *only: str) -> list[str]:
    return [target.branch for target in candidates(snapshot, MAIN, only)]


def test_by_pattern_and_tier() -> None:
    assert names(snapshot()) == ["develop", "release/1.0", "support/0.9", "feature/a", "feature/b/c"]
    assert names(snapshot(targets=("*",))) == ["develop", "release/1.0", "support/0.9", "feature/a", "feature/b/c"]


def test_excluded_unless_it_is_named() -> None:
    seen = snapshot(exclude=("feature/*", "develop"))
    assert names(seen) == ["release/1.0", "support/0.9"]
    assert names(seen, "feature/a") == ["feature/a"]


def test_what_only_carries_a_fix_receives_none() -> None:
    assert names(snapshot(), "hotfix/1", "hotfix-to/develop/1") == []


@pytest.mark.parametrize(
    ("branch", "tier", "strategy", "deliver", "tag"),
    [
        ("develop", 2, "cherry-pick", "pull-request", "none"),
        ("release/1.0", 2, "merge", "push", "auto"),
        ("support/0.9", 2, "merge", "push", "{base}-{issue}"),
        ("feature/a", 3, "cherry-pick", "push", "none"),
        ("feature/b/c", 3, "auto", "push", "none"),
    ],
)
def test_the_later_table_wins_key_by_key(branch: str, tier: int, strategy: str, deliver: str, tag: str) -> None:
    seen = snapshot(
        strategy="cherry-pick",
        branches={
            "release/*": BranchRule("merge", tag="auto"),
            "support/*": BranchRule("merge", tag="auto"),
            "<develop>": BranchRule(deliver="pull-request"),
            "support/0.9": BranchRule(tag="{base}-{issue}"),
            "feature/b/*": BranchRule(strategy="auto"),
        },
    )
    name = BranchName(branch)
    expected = Target(f"refs/heads/{branch}", TIPS[name], tier, strategy, deliver, tag)  # type: ignore[arg-type]
    assert target_of(seen, name, TIPS[name]) == expected


A, B, LINE, SUPPORT = (TIPS[BranchName(name)] for name in ("feature/a", "feature/b/c", "release/1.0", "support/0.9"))
NOW = 1_000 * 86_400
YOUNG, OLD = NOW - 90 * 86_400, NOW - 90 * 86_400 - 1  # seconds


@pytest.mark.parametrize(
    ("settings", "seen", "left"),
    [
        ({}, BranchFacts(dates={A: YOUNG, B: OLD}), {"feature/b/c": "inactive"}),
        (
            {}, BranchFacts(merged={A}, squashed={B}, dates={A: OLD, B: YOUNG}),
            {"feature/a": "merged", "feature/b/c": "merged"},
        ),
        ({}, BranchFacts(squashed={A}, dates={A: OLD, B: YOUNG}), {"feature/a": "inactive"}),
        ({}, BranchFacts(in_production={LINE, SUPPORT}, dates={A: YOUNG, B: YOUNG}), {"release/1.0": "finished"}),
        (
            {"branches": {"release/*": BranchRule(tag="auto")}},  # a line that is tagged lives on
            BranchFacts(in_production={LINE}, dates={A: YOUNG, B: YOUNG}), {},
        ),
        (
            {"targets": ("release/1.0", "feature/*", "feature/a")},  # the whole name
            BranchFacts(in_production={LINE}, dates={A: OLD, B: OLD}),
            {"feature/b/c": "inactive", "develop": "not-a-target", "support/0.9": "not-a-target"},
        ),
        (
            {"exclude": ("feature/a", "support/*")},
            BranchFacts(dates={B: YOUNG}), {"feature/a": "excluded", "support/0.9": "excluded"},
        ),
    ],
)  # fmt: skip
def test_what_is_left_out_and_why(settings: dict[str, object], seen: BranchFacts, left: dict[str, str]) -> None:
    tags = {TagName("v1.0"): Oid("a")}
    at = replace(snapshot(**settings), now=NOW, refs=Refs(branches=TIPS, tags=Tags(tags, tags)))
    choice = choose(at, MAIN, candidates(at, MAIN), seen)
    assert {each.ref.removeprefix("refs/heads/"): each.why for each in choice.left_out} == left
    assert {each.branch for each in choice.targets} == set(NAMES) - {"main", "hotfix/1", "hotfix-to/develop/1", *left}


@pytest.mark.parametrize(
    ("settings", "prefixes", "found", "left"),
    [
        ({}, Prefixes(), ["feature/a", "feature/develop/1"], {}),
        # a prefix for pull requests that the team's own branches have, too
        ({"offer_prefix": "feature/"}, Prefixes(), ["feature/a"], {"feature/develop/1": "offer"}),
        # a clone whose hotfixes have that prefix: only what was begun there is one
        ({}, Prefixes(("feature/", "hotfix/")), ["feature/develop/1"], {"feature/a": "hotfix"}),
    ],
)
def test_a_feature_is_never_dropped_in_silence_for_its_prefix(
    settings: dict[str, object], prefixes: Prefixes, found: list[str], left: dict[str, str]
) -> None:
    tips = {BranchName(name): A for name in ("develop", "feature/a", "feature/develop/1", "hotfix-to/develop/1")}
    logs = {IssueId("a"): Logs()}
    at = replace(snapshot(**settings), refs=Refs(branches=tips, logs=logs), prefixes=prefixes)
    assert names(at) == ["develop", *found]
    assert names(at, "feature/a", "feature/develop/1") == ["feature/a", "feature/develop/1"]  # named, they are targets
    choice = choose(at, MAIN, candidates(at, MAIN), BranchFacts(dates={A: at.now}))
    assert {each.ref.removeprefix("refs/heads/"): each.why for each in choice.left_out} == left
