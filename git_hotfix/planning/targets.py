"""Which branches must receive the fix, and in which tier each of them is served."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from git_hotfix.model import patterns
from git_hotfix.model.names import BranchName, Oid, branch_ref, issue_of
from git_hotfix.model.plan import Target
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
        if branch == line or issue_of(branch) is not None or (excluded(branch) and not only):
            continue
        if wanted(branch) or (trunk and with_trunk):
            found.append(Target(branch_ref(branch), tip, tier(situation, branch)))
    return tuple(sorted(found, key=lambda target: (target.tier, target.branch != situation.trunk, target.ref)))


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
