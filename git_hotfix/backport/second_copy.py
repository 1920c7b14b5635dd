"""Deliveries that would bring lines a second time: the target has them, a draft or a pick that no commit tells of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from git_hotfix.backport.reverted_changes import Sides
from git_hotfix.context import Context, Fix
from git_hotfix.git import blobs, diff, history, search
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Delivery

_AT_ONCE = 200  # blobs that are in memory together


def find_doubled(
    context: Context, fix: Fix, deliveries: Sequence[Delivery], contents: Mapping[Oid, Sides]
) -> dict[RefName, str]:
    """Target → a file in which its delivery would do nothing but add lines of the fix that stand there already.

    Only lines count that no file of the fix had before it (an import or a `return` stands in many places), and a file
    that is as it was before the fix has none of these. Of a change in place git makes a conflict or nothing. `contents`
    are the fix's files where a tip has them other than the base; a target that is not in it is looked at, too.
    """
    files = diff.changes(context.git, fix.base, fix.hotfix.tip).files
    new_lines = _new_lines(context, [(file.old_oid, file.new_oid) for file in files])
    olds = {file.old_oid for file in files}
    ready = [delivery for delivery in deliveries if delivery.tree or delivery.new]
    ready = _with_line_of_fix(context, ready, new_lines, olds, contents) if new_lines else []
    if not ready:
        return {}
    commits = [delivery.new for delivery in ready if delivery.new and not delivery.tree]
    trees = history.trees(
        context.git, [*dict.fromkeys([fix.base, *(delivery.target.tip for delivery in ready), *commits])]
    )
    pairs = [(trees[delivery.target.tip], delivery.tree or trees[Oid(delivery.new or "")]) for delivery in ready]
    places = [
        (delivery, path, old, new)
        for delivery, sides in zip(ready, diff.sides(context.git, pairs), strict=True)
        for path, (old, new) in sides.items()
        if old.strip("0") and new.strip("0") and old not in olds
    ]
    twice: dict[tuple[Oid, Oid], bool] = {}
    kinds = list(dict.fromkeys((old, new) for _, _, old, new in places))
    for start in range(0, len(kinds), _AT_ONCE // 2):
        part = kinds[start : start + _AT_ONCE // 2]
        texts = blobs.read(context.git, [oid for pair in part for oid in pair])
        for pair, before, after in zip(part, texts[::2], texts[1::2], strict=True):
            twice[pair] = before is not None and after is not None and _only_repeats(before, after, new_lines)
    found: dict[RefName, str] = {}
    for delivery, path, old, new in places:
        if twice.get((old, new)):
            found.setdefault(delivery.target.ref, path)
    return found


def _with_line_of_fix(
    context: Context,
    deliveries: Sequence[Delivery],
    lines: Collection[bytes],
    olds: Collection[Oid],
    contents: Mapping[Oid, Sides],
) -> list[Delivery]:
    """Those of `deliveries` whose target has one of `lines` in a file of the fix, or a file of it nowhere or under
    another name, so that another one may be changed."""
    now = [contents.get(delivery.target.tip) for delivery in deliveries]
    names = list(dict.fromkeys(oid for files in now for _, oid in (files or {}).values() if oid not in olds))
    having: set[Oid] = set()
    for start in range(0, len(names), _AT_ONCE):
        part = names[start : start + _AT_ONCE]
        texts = zip(part, blobs.read(context.git, part), strict=True)
        having |= {oid for oid, text in texts if text is None or any(line in text for line in lines)}
    return [
        delivery
        for delivery, files in zip(deliveries, now, strict=True)
        if files is None or any(oid in having or not oid.strip("0") for _, oid in files.values())
    ]


def _new_lines(context: Context, files: Sequence[tuple[Oid, Oid]]) -> frozenset[bytes]:
    """The lines that the fix adds and that none of its files had."""
    texts = [text or b"" for text in blobs.read_and_keep(context.git, [oid for pair in files for oid in pair])]
    before, after = (search.significant_lines(b"\n".join(side).split(b"\n")) for side in (texts[::2], texts[1::2]))
    return frozenset(after - before)


def _only_repeats(old: bytes, new: bytes, new_lines: frozenset[bytes]) -> bool:
    """True where `new` is `old` and some of its own lines once more, a new one of the fix among them."""
    if not any(line in old for line in new_lines):
        return False  # as nearly always, and no line of a thousand files is counted
    before, after = search.line_counts(old), search.line_counts(new)
    added = after - before
    repeats = all(before[line] >= count for line, count in added.items())
    return repeats and not before - after and not new_lines.isdisjoint(added)
