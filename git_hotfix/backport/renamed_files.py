"""Files that a fix deletes and that a target has under another name: git finds nothing left to delete there."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.context import Context, Fix
from git_hotfix.git import blobs, diff, history, paths
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Delivery

_LIKE = 30  # per cent of a file that make it the same one written anew; git takes 50 for a rename, and less is chance


def find_renamed(context: Context, fix: Fix, deliveries: Sequence[Delivery]) -> dict[RefName, tuple[str, str]]:
    """Target → a file that the fix deletes, and what is probably that file there: history gave it this name, in however
    many steps, or it came since the base and is like what was deleted. A fixed number of processes, none where the fix
    deletes no file."""
    files = diff.changes(context.git, fix.base, fix.hotfix.tip).files
    deleted = sorted(file.path for file in files if file.status == "D" and "\n" not in file.path)
    if not deleted or not deliveries:
        return {}
    tips = sorted({each.target.tip for each in deliveries})
    places = [(tip, path) for tip in tips for path in deleted]
    there = blobs.ids(context.git, [f"{tip}:{path}" for tip, path in places])
    lacking: dict[Oid, list[str]] = {}
    for (tip, path), oid in zip(places, there, strict=True):
        if not oid:
            lacking.setdefault(tip, []).append(path)
    if not lacking:
        return {}
    trees = history.trees(context.git, [fix.base, *lacking])
    pairs = [(trees[fix.base], trees[tip]) for tip in lacking]
    found: dict[Oid, tuple[str, str]] = {}
    for tip, renames in zip(lacking, diff.renames(context.git, pairs, _LIKE), strict=True):
        for path in lacking[tip]:
            if path in renames:
                found.setdefault(tip, (path, renames[path]))
    for path in deleted:
        left = [tip for tip in lacking if tip not in found and path in lacking[tip]]
        found |= {tip: (path, name) for tip, name in _names_by_history(context, fix.base, path, left).items()}
    return {each.target.ref: found[each.target.tip] for each in deliveries if each.target.tip in found}


def _names_by_history(context: Context, base: Oid, path: str, tips: Sequence[Oid]) -> dict[Oid, str]:
    """Tip → a name that `path` got, or had, in history commit by commit, that is there and is none of the base's."""
    names = paths.all_names(context.git, [path], [base, *tips]) if tips else None
    places = [(tip, name) for tip in (base, *tips) for name in sorted((names or set()) - {path}) if "\n" not in name]
    there = blobs.ids(context.git, [f"{tip}:{name}" for tip, name in places])
    having = {place for place, oid in zip(places, there, strict=True) if oid}
    found: dict[Oid, str] = {}
    for tip, name in sorted(having):
        if tip != base and (base, name) not in having:
            found.setdefault(tip, name)
    return found
