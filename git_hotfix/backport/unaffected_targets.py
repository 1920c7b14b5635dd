"""Which targets never had the code that a fix changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from git_hotfix.context import Context, Fix
from git_hotfix.git import blobs, history, paths, search
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Delivery


def unaffected_deliveries(
    context: Context, fix: Fix, deliveries: Sequence[Delivery], tips: Collection[Oid]
) -> dict[RefName, Delivery]:
    """Those of `deliveries`, all of them stopped, whose target never had the code; `tips` are branches in whose history
    its files may have other names.

    That is sure only where no path of the fix, nor any former or later name of it, was ever in the target, and no line
    that the fix removes or replaces stands anywhere in its tree: a file that was renamed and rewritten conflicts as one
    does that was never there. Each question is asked of those alone that are left by the one before.
    """
    asked = {each.target.tip for each in deliveries}
    if not asked:
        return {}
    touched = paths.touched_paths(context.git, fix.base, fix.hotfix.tip)
    asked = _without_paths(context, asked, touched)
    names = paths.all_names(context.git, touched, [fix.base, fix.source, *tips]) if asked else None
    if not names:
        return {}
    asked = _without_paths(context, asked, names - touched)
    asked = (
        paths.tips_without(context.git, paths.introducing_commits(context.git, names, sorted(asked)), asked)
        if asked
        else asked
    )
    lines, objects = search.replaced_lines(context.git, fix.base, fix.hotfix.tip) if asked else (set(), set())
    if not lines and not objects:
        return {}  # a fix that only adds files belongs to who has none of them
    trees = history.trees(context.git, sorted(asked))
    there = search.trees_holding(context.git, sorted(trees.values()), lines, objects)
    asked = {tip for tip in asked if trees[tip] not in there}
    free = [each for each in deliveries if each.target.tip in asked]
    return {each.target.ref: _unaffected_delivery(each, tuple(sorted(touched))) for each in free}


def _unaffected_delivery(stopped: Delivery, names: tuple[str, ...]) -> Delivery:
    """The delivery to a target that never had these paths."""
    reason = f"never had {names[0] if len(names) == 1 else f'{names[0]} and {len(names) - 1} more'}"
    return Delivery(stopped.target, stopped.strategy, "not-affected", paths=names, reason=reason)


def _without_paths(context: Context, tips: Collection[Oid], names: Collection[str]) -> set[Oid]:
    """Those of `tips` whose tree has none of `names`; a name that cannot be asked for in one line counts as there."""
    if any("\n" in name for name in names):
        return set()
    asked = [(tip, name) for tip in sorted(tips) for name in sorted(names)]
    found = blobs.ids(context.git, [f"{tip}:{name}" for tip, name in asked])
    return set(tips) - {tip for (tip, _), oid in zip(asked, found, strict=True) if oid}
