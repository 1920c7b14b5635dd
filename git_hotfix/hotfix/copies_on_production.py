"""Hotfixes that come to production under other commit ids: squashed, cherry-picked or rebased."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from git_hotfix.git import blobs, diff, history, merge, patches, search
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import IssueId, Oid

_Change = Mapping[str, tuple[Oid, Oid]]  # path → the blob before and the blob after
_MOST = 200  # commits of a push, in files of open hotfixes, among which the one that brought a fix is looked for
_ALIKE = 10  # different lines: two people who answer the same report, or raise a version, write fewer ones alike
_SIZE = 1_000_000  # bytes of a file whose lines are compared


@frozen
class Copy:
    """A hotfix that new commits of production hold. `commit` is the one that brought it, where that is known; `direct`
    says that it comes with this push, and no branch that releases come from has it already."""

    commit: Oid | None
    direct: bool


def find(
    git: Git, new: Oid, old: Sequence[Oid], tips: Mapping[IssueId, Oid], published: Sequence[Oid]
) -> dict[IssueId, Copy]:
    """The hotfixes of `tips` that `new` holds and none of `old` does, although it does not hold their commits.

    It holds a hotfix where merging its branch changes nothing in it, and did in `old`: then the tree is that of
    production and the fix. Or where a commit that only this push brings has the patch-id of the whole fix, or is one of
    its commits, picked or rebased: a part of a fix is that hotfix as well. Or where such commits add most of its lines,
    and somebody changed some on the way. `published` are the tips of the remote's branches that releases come from.
    """
    forks = _forks(git, old[0], tips)
    trees = history.trees(git, [new, *old, *tips.values(), *forks.values()])
    tips = {issue: tips[issue] for issue, fork in forks.items() if trees[fork] != trees[tips[issue]]}
    if not tips:
        return {}
    sides = diff.sides(git, [(trees[forks[issue]], trees[tip]) for issue, tip in tips.items()])
    paths = sorted({path for each in sides for path in each if "\n" not in path})
    if not any(diff.sides(git, [(trees[old[0]], trees[new])], paths)):
        return {}  # as nearly always: nothing changes in files of an open hotfix
    brought = history.commits_touching(git, [new], old, paths)[:_MOST]
    fresh = set(history.reachable(git, [new], [*old, *published]))
    whole = _empty_merges(git, new, old[0], tips, trees)
    found = {issue: _find_arrival(git, tips[issue], brought, fresh) for issue in whole}
    rest = {issue: tip for issue, tip in tips.items() if issue not in found}
    ours = [oid for oid in brought if oid in fresh]
    copies = _match_patches(git, rest, forks, trees, ours)
    edited = {issue: each for issue, each in zip(tips, sides, strict=True) if issue in rest and issue not in copies}
    copies |= _match_lines(git, edited, ours)
    return found | {issue: Copy(oid, direct=True) for issue, oid in copies.items()}


def _forks(git: Git, production: Oid, tips: Mapping[IssueId, Oid]) -> dict[IssueId, Oid]:
    """issue → the newest commit of production that its branch stands on, in one walk."""
    stands_on = history.forks_of(git, production, [*tips.values()])
    dates = history.commit_dates(git, [*{oid for each in stands_on.values() for oid in each}])
    newest = {tip: max(each, key=lambda oid: (dates[oid], oid)) for tip, each in stands_on.items() if each}
    return {issue: newest[tip] for issue, tip in tips.items() if tip in newest}


def _empty_merges(
    git: Git, new: Oid, before: Oid, tips: Mapping[IssueId, Oid], trees: Mapping[Oid, Oid]
) -> list[IssueId]:
    """The hotfixes whose merge changes nothing in `new`, and something in `before`."""
    results = merge.merge_all(git, [(side, tip) for tip in tips.values() for side in (new, before)])
    empty = [
        each.clean and each.tree == trees[side] for each, side in zip(results, (new, before) * len(tips), strict=True)
    ]
    return [issue for issue, holds, held in zip(tips, empty[::2], empty[1::2], strict=True) if holds and not held]


def _find_arrival(git: Git, tip: Oid, brought: Sequence[Oid], fresh: Collection[Oid]) -> Copy:
    """Where the fix of `tip` came in: the oldest of `brought` (newest first) with which its merge changes nothing."""
    results = merge.merge_all(git, [(oid, tip) for oid in brought])
    trees = history.trees(git, brought)
    pairs = zip(brought, results, strict=True)
    commit = next((oid for oid, each in reversed([*pairs]) if each.clean and each.tree == trees[oid]), None)
    # Where none of them alone does, as in a merge of two halves, somebody put it together for this push.
    return Copy(commit, direct=commit is None or commit in fresh)


def _match_patches(
    git: Git, tips: Mapping[IssueId, Oid], forks: Mapping[IssueId, Oid], trees: Mapping[Oid, Oid], ours: Sequence[Oid]
) -> dict[IssueId, Oid]:
    """issue → the first of `ours` that makes its whole change, or one of its commits.

    Of a part the author has to be the same, down to the second, as git keeps it when it picks or rebases: two people
    who raise the version by one make the same patch. Of all of it the place counts, which no patch-id tells.
    """
    if not tips or not ours:
        return {}
    graph = history.links(git, tips.values(), forks.values())
    own = {issue: history.reached_in_graph(graph, tip) for issue, tip in tips.items()}
    known = patches.commit_patch_ids(git, [*ours, *graph])
    authors = history.authors(git, [*known])
    there = {oid: known[oid] for oid in ours if oid in known}
    parts = {(known[oid], authors[oid]): oid for oid in reversed(ours) if oid in known}
    wholes = patches.pair_patch_ids(git, [(forks[issue], tip) for issue, tip in tips.items()], trees)
    changes = {(forks[issue], tip): wholes[tip] for issue, tip in tips.items() if tip in wholes}
    steps = {oid: (graph[oid].parents[0], oid) for oid in graph if oid in known and graph[oid].parents}
    made = patches.makers(git, changes | {steps[oid]: known[oid] for oid in steps}, there)
    found = {}
    for issue, tip in tips.items():
        single = [steps[oid] for oid in own[issue] if oid in steps]
        picked = (parts.get((known[oid], authors[oid])) for oid in own[issue] if oid in known)
        copies = [next(iter(made.get((forks[issue], tip), ())), None), *picked]
        if single and all(step in made for step in single):
            copies.append(made[single[0]][0])
        if copy := next(filter(None, copies), None):
            found[issue] = copy
    return found


def _match_lines(git: Git, fixes: Mapping[IssueId, _Change], ours: Sequence[Oid]) -> dict[IssueId, Oid]:
    """issue → the commit of `ours` that adds most of the lines of a fix that they add together: at least half of its
    different lines, and not a few."""
    parents = history.first_parent_of(git, ours)
    if not fixes or not parents:
        return {}
    paths = sorted({path for each in fixes.values() for path in each if "\n" not in path})
    trees = history.trees(git, [*parents, *parents.values()])
    steps = diff.sides(git, [(trees[parent], trees[oid]) for oid, parent in parents.items()], paths)
    read = {oid for each in (*fixes.values(), *steps) for pair in each.values() for oid in pair if oid.strip("0")}
    sizes = dict(zip(read, blobs.sizes(git, [*read]), strict=True))
    small = [oid for oid, size in sizes.items() if size is not None and size <= _SIZE]
    lines = {oid: search.line_counts(text or b"") for oid, text in zip(small, blobs.read(git, small), strict=True)}

    def added_lines(change: _Change) -> set[bytes]:
        pairs = [pair for pair in change.values() if pair[1] in lines]
        return {line for old, new in pairs for line in lines[new] - lines.get(old, Counter())}

    brought = {oid: added_lines(step) for oid, step in zip(parents, steps, strict=True)}
    found = {}
    for issue, change in fixes.items():
        own = added_lines(change)
        shared = own & set().union(*brought.values())
        if len(shared) >= _ALIKE and 2 * len(shared) >= len(own):
            found[issue] = max(brought, key=lambda oid: len(shared & brought[oid]))
    return found
