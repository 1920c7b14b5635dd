"""Cherry-picks in memory, for many targets at once."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from git_hotfix.conflicts import resolve
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.context import Context, Fix, write
from git_hotfix.git import history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.model.footer import has_footer
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Conflict, Delivery, DeliveryStrategy, Target


def pick_whole(context: Context, fix: Fix, targets: Sequence[Target]) -> dict[Target, merge.MergeResult]:
    """What cherry-picking the whole fix at once gives for every target."""
    pairs = _whole_pairs(context, fix, targets)
    return dict(zip(targets, merge.merge_all(context.git, pairs), strict=True))


def pick_whole_settled(
    context: Context, fix: Fix, targets: Sequence[Target], rules: ResolutionRules
) -> dict[Target, merge.MergeResult]:
    """`pick_whole`, with what is left for a human: of each such file, too, what the lines in conflict are known by. No
    conflict is left where all are settled."""
    pairs = _whole_pairs(context, fix, targets)
    results = resolve.settle(context.git, pairs, merge.merge_all(context.git, pairs), rules)
    return {target: replace(each, conflicts=each.open) for target, each in zip(targets, results, strict=True)}


def _whole_pairs(context: Context, fix: Fix, targets: Sequence[Target]) -> list[tuple[Oid, Oid]]:
    sides = merge.sides_of_picks(context.git, [(target.tip, fix.base) for target in targets])
    return [(side, fix.hotfix.tip) for side in sides]


def differing_picks(
    merged: Mapping[Target, merge.MergeResult], picked: Mapping[Target, merge.MergeResult]
) -> dict[Target, merge.MergeResult]:
    """The picks that have to be taken: all but those that are clean and whose merge is the very same tree.

    Where either conflicts there is nothing to compare: between and beside the markers a merge can bring another
    release's work along, and its history, without a mark.
    """
    return {
        target: pick
        for target, pick in picked.items()
        if not (pick.clean and merged[target].clean and pick.tree == merged[target].tree)
    }


def pick_commits(
    context: Context,
    fix: Fix,
    targets: Sequence[Target],
    *,
    marked: bool = True,
    rules: ResolutionRules | None = None,
    steps: Mapping[RefName, Collection[Oid]] | None = None,
) -> dict[RefName, Delivery]:
    """Cherry-pick the fix commit by commit onto every target: a fixed number of processes a commit, whatever the
    number of targets. A merge inside the hotfix is taken as what it changed against its first parent. `rules` says what
    may settle the conflicts of each step, `steps` which commits a target is to get where that is not all of them."""
    if not targets:
        return {}
    chain = history.commits(context.git, fix.hotfix.tip, [fix.base], first_parent=True)
    at = {target: target.tip for target in targets}
    trees = dict(zip(targets, _tip_trees(context, targets), strict=True))
    settled: dict[Target, dict[str, Conflict]] = {target: {} for target in targets}
    found: dict[RefName, Delivery] = {}
    for commit in chain:
        going = [
            target
            for target in targets
            if target.ref not in found and (steps is None or commit.oid in steps.get(target.ref, (commit.oid,)))
        ]
        sides = merge.sides_of_picks(context.git, [(trees[target], commit.parents[0]) for target in going])
        pairs = [(side, commit.oid) for side in sides]
        results = merge.merge_all(context.git, pairs)
        if rules:
            results = resolve.settle(context.git, pairs, results, rules)
        drafts = []
        words = pick_message(commit) if marked else commit.message
        for target, result in zip(going, results, strict=True):
            if not result.clean:
                found[target.ref] = stopped_delivery(target, "cherry-pick", result)
                continue
            settled[target] |= {conflict.path: conflict for conflict in result.conflicts}
            if result.tree != trees[target]:
                trees[target] = result.tree
                drafts.append((target, Draft((at[target],), result.tree, words, commit.author)))
        if context.dry:
            continue
        for (target, _), oid in zip(drafts, write(context, drafts), strict=True):
            at[target] = oid
    for target in targets:
        if target.ref not in found:
            found[target.ref] = _picked_delivery(
                context, target, at[target], trees[target], tuple(settled[target].values())
            )
    return found


def stopped_delivery(target: Target, strategy: DeliveryStrategy, result: merge.MergeResult) -> Delivery:
    """A delivery that a human has to finish, or that git cannot make: then with git's reason, and what gets an object
    that a partial clone lacks."""
    if not result.failure:
        return Delivery(target, strategy, "conflict", conflicts=result.conflicts)
    fetch = merge.fetch_of_missing(result.failure)
    reason = f"{result.failure}; to get it: {fetch}" if fetch else result.failure
    return Delivery(target, strategy, "failed", reason=reason, unmergeable=fetch is None)


def _picked_delivery(context: Context, target: Target, new: Oid, tree: Oid, settled: tuple[Conflict, ...]) -> Delivery:
    return Delivery(
        target,
        "cherry-pick",
        "merged",
        None if context.dry else new,
        tree,
        conflicts=settled,
        resolved_by=resolve.resolved_by(settled),
        reason="the policy asks for it"
        if target.strategy == "cherry-pick"
        else "a merge would bring more than the fix",
    )


def rebase(context: Context, fix: Fix, targets: Sequence[Target]) -> list[Delivery]:
    """The commits of the fix on top of every target, messages and authors as they are: a rebase in memory. `new` is
    None where nothing of the fix is left."""
    found = pick_commits(context, fix, targets, marked=False)
    kept = [found[target.ref] for target in targets]
    return [replace(each, new=None) if each.new == each.target.tip else each for each in kept]


def _tip_trees(context: Context, targets: Sequence[Target]) -> list[Oid]:
    found = history.trees(context.git, [target.tip for target in targets])
    return [found[target.tip] for target in targets]


def pick_message(commit: history.FullCommit) -> str:
    """The message of a cherry-picked commit, as `git cherry-pick -x` writes it: blanks at the ends of lines and empty
    lines above, below and beside others are gone, lines that begin with # stay."""
    return with_origins(commit.message, [commit.oid])


def with_origins(words: str, picked: Sequence[Oid]) -> str:
    """`words` with a line for each commit that they stand for, as `git cherry-pick -x` writes it."""
    lines = [line.rstrip() for line in words.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    gap = "" if not text else "\n" if has_footer(text) else "\n\n"
    return text + gap + "".join(f"(cherry picked from commit {oid})\n" for oid in picked)
