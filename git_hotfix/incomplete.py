"""Commits that say which commit of the fix they bring, and leave a file as it was that this changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix import reverted
from git_hotfix.desk import Desk
from git_hotfix.git import blobs, diff, history
from git_hotfix.model.evidence import Claim, Step
from git_hotfix.model.names import Oid
from git_hotfix.planning import undone_lines


def left_out(
    desk: Desk,
    steps: Sequence[Step],
    claims: Mapping[Oid, Mapping[Oid, Claim]],
    fix: tuple[Oid, Oid],
    paths: Sequence[str],
) -> dict[Oid, tuple[tuple[Oid, str], ...]]:
    """Tip → the commits that are said to bring one of `steps`, each with a file that they leave alone and that has
    there all lines of a hunk that the step removes, and none that it adds.

    A file that the branch never had, or a version that differs there, is left out of a pick with reason.
    """
    asked = [
        (tip, step, mine[step.oid])
        for tip, mine in claims.items()
        for step in steps
        if step.oid in mine and mine[step.oid].how in ("picked", "squashed")
    ]
    if not asked:
        return {}
    ends = [(step.parent, step.oid) for _, step, _ in asked] + [(claim.start, claim.end) for _, _, claim in asked]
    trees = history.trees(desk.git, sorted({oid for pair in ends for oid in pair}))
    pairs = {pair: (trees[pair[0]], trees[pair[1]]) for pair in ends if pair[0] in trees and pair[1] in trees}
    apart = [pair for pair in dict.fromkeys(pairs.values()) if pair[0] != pair[1]]
    sides = dict(zip(apart, diff.sides(desk.git, apart, paths), strict=True)) if apart else {}
    places = []
    for tip, step, claim in asked:
        wanted = sides.get(pairs.get((step.parent, step.oid), (step.oid, step.oid)), {})
        given = sides.get(pairs.get((claim.start, claim.end), (step.oid, step.oid)), {})
        places += [(tip, claim, path, wanted[path]) for path in wanted if path not in given and "\n" not in path]
    if not places:
        return {}
    ended, _ = reverted.fixed_lines(desk, fix, paths)
    texts = blobs.read(desk.git, [name for tip, _, path, pair in places for name in (*pair, f"{tip}:{path}")])
    found: dict[Oid, tuple[tuple[Oid, str], ...]] = {}
    for (tip, claim, path, _), before, after, now in zip(places, texts[::3], texts[1::3], texts[2::3], strict=True):
        if before and now and undone_lines.undone(before, after or b"", now, ended=ended):
            found[tip] = (*found.get(tip, ()), (claim.end, path))
    return found
