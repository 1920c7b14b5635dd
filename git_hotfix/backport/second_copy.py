"""Deliveries that would bring lines a second time: the target has them, a draft or a pick that no commit tells of."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.desk import Desk, Fix
from git_hotfix.git import blobs, diff, history, search
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Delivery

_AT_ONCE = 200  # blobs that are in memory together


def doubled(desk: Desk, fix: Fix, deliveries: Sequence[Delivery]) -> dict[RefName, str]:
    """Target → a file in which its delivery would do nothing but add lines of the fix that stand there already.

    Only lines count that no file of the fix had before it (an import or a `return` stands in many places), and a file
    that is as it was before the fix has none of these. Of a change in place git makes a conflict or nothing.
    """
    ready = [each for each in deliveries if each.tree or each.new]
    if not ready:
        return {}
    commits = [each.new for each in ready if each.new and not each.tree]
    trees = history.trees(desk.git, [*dict.fromkeys([fix.base, *(each.target.tip for each in ready), *commits])])
    pairs = [(trees[each.target.tip], each.tree or trees[Oid(each.new or "")]) for each in ready]
    changed = diff.sides(desk.git, [(trees[fix.base], fix.hotfix.tip_tree), *pairs])
    olds = {old for old, _ in changed[0].values()}
    places = [
        (each, path, old, new)
        for each, files in zip(ready, changed[1:], strict=True)
        for path, (old, new) in files.items()
        if old.strip("0") and new.strip("0") and old not in olds
    ]
    new_lines = _new_lines(desk, [*changed[0].values()]) if places else frozenset()
    twice: dict[tuple[Oid, Oid], bool] = {}
    kinds = list(dict.fromkeys((old, new) for _, _, old, new in places)) if new_lines else []
    for start in range(0, len(kinds), _AT_ONCE // 2):
        part = kinds[start : start + _AT_ONCE // 2]
        texts = blobs.read(desk.git, [oid for pair in part for oid in pair])
        for pair, before, after in zip(part, texts[::2], texts[1::2], strict=True):
            twice[pair] = before is not None and after is not None and _only_repeats(before, after, new_lines)
    found: dict[RefName, str] = {}
    for each, path, old, new in places:
        if twice.get((old, new)):
            found.setdefault(each.target.ref, path)
    return found


def _new_lines(desk: Desk, files: Sequence[tuple[Oid, Oid]]) -> frozenset[bytes]:
    """The lines that the fix adds and that none of its files had."""
    texts = [text or b"" for text in blobs.kept(desk.git, [oid for pair in files for oid in pair])]
    before, after = (search.significant(b"\n".join(side).split(b"\n")) for side in (texts[::2], texts[1::2]))
    return frozenset(after - before)


def _only_repeats(old: bytes, new: bytes, new_lines: frozenset[bytes]) -> bool:
    """True where `new` is `old` and some of its own lines once more, a new one of the fix among them."""
    before, after = search.counted(old), search.counted(new)
    added = after - before
    repeats = all(before[line] >= count for line, count in added.items())
    return repeats and not before - after and not new_lines.isdisjoint(added)
