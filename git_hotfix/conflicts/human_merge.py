"""What a human made of a conflict is kept, so that the same conflict is solved alike wherever it comes up again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_hotfix.conflicts import resolutions, resolve
from git_hotfix.conflicts.resolutions import Resolution
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.context import Context
from git_hotfix.git import blobs, diff, history, merge
from git_hotfix.model.conflict_text import identity, normalize
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid

_PICKED = r"(?m)^\(cherry picked from commit ([0-9a-f]{40,64})\)$"


@frozen
class SolvedMerge:
    """A merge of `theirs` into `ours`, and the commit that a human made of it."""

    ours: Oid
    theirs: Oid
    result: Oid


def solved_picks(context: Context, tip: Oid, result: Oid) -> list[SolvedMerge]:
    """The cherry-picks that lead from `tip` to `result`, each as the merge that it is."""
    made = history.commits(context.git, result, [tip], first_parent=True)
    named = [(commit, found[-1]) for commit in made if (found := origins(commit))]
    first = history.first_parent_of(context.git, [source for _, source in named])
    known = [(commit, source) for commit, source in named if source in first]
    sides = merge.sides_of_picks(context.git, [(commit.parents[0], first[source]) for commit, source in known])
    return [SolvedMerge(side, source, commit.oid) for side, (commit, source) in zip(sides, known, strict=True)]


def origins(commit: history.FullCommit) -> list[Oid]:
    """The commits that a message says it was picked from, as `git cherry-pick -x` writes it."""
    return [Oid(oid) for oid in re.findall(_PICKED, commit.message)]


def remember(context: Context, solved: Sequence[SolvedMerge], rules: ResolutionRules) -> list[str]:
    """Keep what a human made of every file in conflict between lines, and return the paths. What the policy would have
    made of it by itself is not a resolution, and neither is a file that still holds markers."""
    pairs = [(solution.ours, solution.theirs) for solution in solved]
    merged = merge.merge_all(context.git, pairs)
    files = list(resolve.files_in_conflict(context.git, pairs, merged, range(len(pairs))))
    trees = history.trees(context.git, [solution.result for solution in solved])
    after = diff.new_versions(
        context.git,
        [(result.tree, trees[solution.result]) for result, solution in zip(merged, solved, strict=True)],
    )
    by_policy = resolve.answer_conflicts(context.git, pairs, merged, rules.without_memory())
    kept = []
    for file in files:
        mode, oid = after[file.number].get(file.path, ("", Oid("")))
        [content] = blobs.read(context.git, [oid]) if mode.startswith("100") else [None]
        policy = by_policy[file.number].settled.get(file.path)
        if content is None or b"\0" in content or (policy and policy.file.content == content):
            continue
        name = identity(file.pieces, rules.repository.object_format)
        resolutions.record(rules.repository, name, Resolution(normalize(file.pieces), content, file.path))
        kept.append(file.path)
    resolutions.forget_old(rules.repository)
    return kept
