"""Which branches must receive the fix, and in which tier each of them is served."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from typing import Literal

from git_hotfix.model import patterns
from git_hotfix.model.names import BranchName, Oid, branch_ref
from git_hotfix.model.plan import Target
from git_hotfix.model.policy import BranchRule
from git_hotfix.model.situation import Situation

Tier = Literal[1, 2, 3]
DEVELOP = "<develop>"


def candidates(situation: Situation, line: BranchName, only: Sequence[str] = ()) -> tuple[Target, ...]:
    """The branches that `backport.targets` (or `only`, the globs of `--to`) name on the remote, tier 2 before tier 3.

    `line` is the branch that the hotfix goes to as production: never a target, and no hotfix branch is one. Where a
    team has no develop, production takes its place (which matters for a hotfix of another line).
    """
    policy = situation.policy.backport
    wanted = patterns.names(tuple(only) or tuple(each for each in policy.targets if each != DEVELOP))
    excluded = patterns.names(policy.exclude)
    with_trunk = not only and DEVELOP in policy.targets
    found = []
    for branch, tip in situation.refs.branches.items():
        trunk = branch == situation.trunk
        if branch == line or not _receives(situation, branch) or (excluded(branch) and not only):
            continue
        if wanted(branch) or (trunk and with_trunk):
            found.append(target_of(situation, branch, tip))
    return tuple(sorted(found, key=lambda target: (target.tier, target.branch != situation.trunk, target.ref)))


def target_of(situation: Situation, branch: BranchName, tip: Oid) -> Target:
    """`branch` at `tip` as a target, with what the policy says of it: `[backport]`, and over it every table of
    `[backport.branches]` whose pattern names it, the later ones winning key by key."""
    policy = situation.policy.backport
    found = BranchRule(policy.strategy, policy.deliver, "none")
    for pattern, rule in policy.branches.items():
        if (branch == situation.trunk) if pattern == DEVELOP else patterns.names((pattern,))(branch):
            said = {each.name: value for each in fields(rule) if (value := getattr(rule, each.name)) is not None}
            found = replace(found, **said)
    assert found.strategy and found.deliver and found.tag
    return Target(branch_ref(branch), tip, tier(situation, branch), found.strategy, found.deliver, found.tag)


def _receives(situation: Situation, branch: BranchName) -> bool:
    """False for what only carries a fix: a hotfix branch, and the branch of a pull request of ours."""
    return situation.issue_of(branch) is None and not branch.startswith(situation.policy.backport.offer_prefixes)


def tier(situation: Situation, branch: BranchName) -> Tier:
    """2 for develop, release and support branches, 3 for everything else (DESIGN, "finish, in order", 5)."""
    lines = patterns.names(("release/*", *situation.policy.support))
    return 2 if branch in (situation.trunk, situation.production) or lines(branch) else 3


def active(
    targets: Sequence[Target], *, merged: Collection[Oid], dates: Mapping[Oid, int], now: int, within: int
) -> tuple[Target, ...]:
    """`targets` without the feature branches that are not active.

    A feature branch is active when it has commits that develop has not (its tip is none of `merged`) and the newest
    of them, its tip, is younger than `within` seconds at `now`. Tips of tier 2 always count.
    """
    return tuple(
        target
        for target in targets
        if target.tier == 2 or (target.tip not in merged and now - dates.get(target.tip, 0) <= within)
    )
