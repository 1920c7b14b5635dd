"""Which branches must receive the fix, and in which tier each of them is served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

from git_hotfix.hotfix import release_lines
from git_hotfix.model import patterns, versions
from git_hotfix.model.frozen import field, fields, frozen, replace
from git_hotfix.model.names import HOTFIX_PREFIX, OFFER_PREFIX, BranchName, Oid, RefName, branch_ref
from git_hotfix.model.plan import Choice, LeftOut, Target, Why
from git_hotfix.model.policy import DAY, BranchRule
from git_hotfix.model.snapshot import Snapshot

Tier = Literal[1, 2, 3]
DEVELOP = "<develop>"


def candidates(snapshot: Snapshot, line: BranchName, only: Sequence[str] = ()) -> tuple[Target, ...]:
    """The branches that `backport.targets` (or `only`, the globs of `--to`) name on the remote, tier 2 before tier 3.

    `line` is the branch that the hotfix goes to as production: never a target, and no hotfix branch is one. Where a
    team has no develop, production takes its place (which matters for a hotfix of another line).
    """
    policy = snapshot.policy.backport
    wanted = patterns.names(tuple(only) or tuple(each for each in policy.targets if each != DEVELOP))
    excluded = patterns.names(policy.exclude)
    with_trunk = not only and DEVELOP in policy.targets
    found = []
    for branch, tip in snapshot.refs.branches.items():
        trunk = branch == snapshot.trunk
        if branch == line or (excluded(branch) and not only):
            continue
        if not _receives(snapshot, branch) and not (branch in only and _may_be_a_feature(branch)):
            continue
        if wanted(branch) or (trunk and with_trunk):
            found.append(target_of(snapshot, branch, tip))
    return tuple(sorted(found, key=lambda target: (target.tier, target.branch != snapshot.trunk, target.ref)))


def target_of(snapshot: Snapshot, branch: BranchName, tip: Oid) -> Target:
    """`branch` at `tip` as a target, with what the policy says of it: `[backport]`, and over it every table of
    `[backport.branches]` whose pattern names it, the later ones winning key by key."""
    policy = snapshot.policy.backport
    found = BranchRule(policy.strategy, policy.deliver, "none")
    for pattern, rule in policy.branches.items():
        if (branch == snapshot.trunk) if pattern == DEVELOP else patterns.names((pattern,))(branch):
            said = {each.name: value for each in fields(rule) if (value := getattr(rule, each.name)) is not None}
            found = replace(found, **said)
    assert found.strategy and found.deliver and found.tag
    return Target(branch_ref(branch), tip, tier(snapshot, branch), found.strategy, found.deliver, found.tag)


def _receives(snapshot: Snapshot, branch: BranchName) -> bool:
    """False for what only carries a fix: a hotfix branch, and the branch of a pull request of ours."""
    return not _is_hotfix(snapshot, branch) and not _is_offer(snapshot, branch)


def _is_hotfix(snapshot: Snapshot, branch: BranchName) -> bool:
    """Whether a branch is a hotfix: its prefix is the team's, or it is this clone's alone and a hotfix was begun under
    that name, or no target pattern names it. A setting of one clone takes no branch from the targets of a team."""
    issue = snapshot.issue_of(branch)
    if issue is None:
        return False
    if branch.startswith((HOTFIX_PREFIX, *snapshot.policy.prefixes)) or issue in snapshot.refs.logs:
        return True
    return branch == snapshot.head or not patterns.names(snapshot.policy.backport.targets)(branch)


def _may_be_a_feature(branch: BranchName) -> bool:
    """False for a name that is never anything but a hotfix's or an offer's."""
    return not branch.startswith((HOTFIX_PREFIX, OFFER_PREFIX))


def _is_offer(snapshot: Snapshot, branch: BranchName) -> bool:
    """Whether a branch is one of our pull requests: below the default prefix each is, below a prefix that the team's
    own branches may have, too (`feature/`), `<prefix><target>/<issue>` of a branch that is there, or of a known issue
    and a line that is gone."""
    if branch.startswith(OFFER_PREFIX):
        return True
    rest = branch.removeprefix(snapshot.policy.backport.offer_prefix)
    if rest == branch:
        return False
    if any(BranchName(rest[:at]) in snapshot.refs.branches for at, sign in enumerate(rest) if sign == "/"):
        return True
    target, _, issue = rest.rpartition("/")  # of a line that is gone, for a hotfix that is known
    kept = patterns.names((*release_lines.RELEASES, *snapshot.policy.support))
    return issue in snapshot.refs.logs and kept(BranchName(target))


def tier(snapshot: Snapshot, branch: BranchName) -> Tier:
    """2 for develop, release and support branches, 3 for everything else (DESIGN, "finish, in order", 5)."""
    kept = patterns.names(("release/*", *snapshot.policy.support))
    return 2 if branch in (snapshot.trunk, snapshot.production) or kept(branch) else 3


@frozen
class BranchFacts:
    """What git says of the candidates: the tips that develop holds (`merged`), or whose work it has under other ids
    (`squashed`); those that production holds; the dates of the tips of features, in seconds."""

    merged: Collection[Oid] = ()
    squashed: Collection[Oid] = ()
    in_production: Collection[Oid] = ()
    dates: Mapping[Oid, int] = field(default_factory=dict)


def is_active(target: Target, facts: BranchFacts, snapshot: Snapshot) -> bool:
    """True where the newest commit of a branch, its tip, is younger than `active-within`."""
    return snapshot.now - facts.dates.get(target.tip, 0) <= snapshot.policy.backport.active_within


def may_be_finished(snapshot: Snapshot, target: Target) -> bool:
    """True for a release branch of which git has to say whether production holds it: one that the policy names only by
    a pattern, and for which it wants no tags, as for a line that lives on. Age never decides for lines, and a branch
    that is called a support branch is kept."""
    line = patterns.names(release_lines.RELEASES)(target.branch) and target.branch != snapshot.trunk
    return line and target.tag == "none" and target.branch not in snapshot.policy.backport.targets


def choose(snapshot: Snapshot, line: BranchName, targets: Sequence[Target], facts: BranchFacts) -> Choice:
    """Which of the candidates receive the fix, and which branches are left out, with the reason.

    A feature branch receives it when it has commits of which develop has not the work, the newest of them younger than
    `active-within`. A release line is left out only when production holds its tip and its release is tagged; the name
    of a release that is still to come is above the newest production tag. A branch whose whole name the policy gives
    receives it in any case.
    """
    named = snapshot.policy.backport.targets
    why: dict[RefName, Why] = {}
    for target in targets:
        if target.branch in named:
            continue
        if target.tier == 3 and target.tip in facts.merged:
            why[target.ref] = "merged"
        elif target.tier == 3 and not is_active(target, facts, snapshot):
            why[target.ref] = "inactive"
        elif target.tier == 3 and target.tip in facts.squashed:
            why[target.ref] = "merged"
        elif target.tip in facts.in_production and may_be_finished(snapshot, target) and _is_released(snapshot, target):
            why[target.ref] = "finished"
    days = snapshot.policy.backport.active_within // DAY
    left = [LeftOut(ref, each, days if each == "inactive" else 0) for ref, each in why.items()]
    kept = tuple(target for target in targets if target.ref not in why)
    return Choice(kept, (*left, *_branches_not_named(snapshot, line, targets)))


def possible_aliases(snapshot: Snapshot, line: BranchName, targets: Sequence[Target]) -> set[RefName]:
    """Those of `targets` that may be other names of a branch, because the tip of another target, of `line` or of a line
    of releases is the same."""
    branches = snapshot.refs.branches
    release_lines = {branch for branch in branches if branch == line or tier(snapshot, branch) == 2}
    names = {*release_lines, *(target.branch for target in targets)}
    times = Counter(branches[name] for name in names if name in branches)
    return {target.ref for target in targets if times[target.tip] > 1}


def without_aliases(snapshot: Snapshot, line: BranchName, choice: Choice, aliases: Mapping[RefName, RefName]) -> Choice:
    """`choice` with every branch once: `aliases` says which of its targets only name another branch, and which.

    That one takes the place of its other name where it was no target itself, unless it is `line`, which has the fix, or
    is not a branch of the remote.
    """
    known = {target.ref for target in choice.targets}
    found: list[Target] = []
    for target in choice.targets:
        other = aliases.get(target.ref)
        if other is None:
            found.append(target)
        elif other not in known:
            known.add(other)
            branch = BranchName(other.removeprefix("refs/heads/"))
            if branch != line and branch in snapshot.refs.branches:
                found.append(target_of(snapshot, branch, target.tip))
    own = {target.ref for target in found}
    left = [each for each in choice.left_out if each.ref not in own]
    names = [LeftOut(target.ref, "alias") for target in choice.targets if target.ref in aliases]
    return Choice(tuple(found), (*left, *names))


def _is_released(snapshot: Snapshot, target: Target) -> bool:
    is_tag = snapshot.policy.is_release_tag
    tags = (name for name in snapshot.refs.tags if is_tag(name) and not versions.is_prerelease(name))
    newest = snapshot.newest_tag
    return release_lines.is_released(target.branch, tags, newest.name if newest else None)


def _branches_not_named(snapshot: Snapshot, line: BranchName, targets: Sequence[Target]) -> Iterator[LeftOut]:
    """The branches that the policy excludes, those that no pattern of it names, and those that a pattern names, but
    which only carry a fix by their name."""
    excluded = patterns.names(snapshot.policy.backport.exclude)
    wanted = patterns.names(snapshot.policy.backport.targets)
    known = {line, snapshot.production, *(target.branch for target in targets)}
    for branch in sorted(snapshot.refs.branches):
        if branch in known:
            continue
        if not _receives(snapshot, branch):
            if wanted(branch) and _may_be_a_feature(branch):
                yield LeftOut(branch_ref(branch), "hotfix" if _is_hotfix(snapshot, branch) else "offer")
        else:
            yield LeftOut(branch_ref(branch), "excluded" if excluded(branch) else "not-a-target")
