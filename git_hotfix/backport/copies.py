"""Copies of a file that a fix changes: a merge does not follow them, so they keep what the fix replaces."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from git_hotfix.context import Context, Fix
from git_hotfix.git import blobs, diff, history, search
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Delivery

_COPY = 0.5  # of the bytes of whole lines; what git takes for a copy (diff -C)


@frozen
class FixedFile:
    """A file before the fix, and those of its lines that it has no more."""

    path: str
    blob: Oid
    text: bytes
    lines: frozenset[bytes]


def with_copies(context: Context, fix: Fix, deliveries: Sequence[Delivery], trunk: Oid) -> tuple[Delivery, ...]:
    """`deliveries`, those that are merged with the files that stand beside the fixed ones as they were.

    Only files that the base does not have, and that are called alike, by their ending, are looked at: a fix is written
    in sight of the others. Every file is read once, however many targets have it, and what a target has of `trunk` is
    compared with the base once for all that stand on the same commit of it.
    """
    known = _read_fixed_files(context, fix)
    merged = [delivery for delivery in deliveries if delivery.status == "merged" and (delivery.tree or delivery.new)]
    if not known or not merged:
        return tuple(deliveries)
    tips = list(dict.fromkeys(delivery.target.tip for delivery in merged))
    stands_on = {tip: max(forks, default=fix.base) for tip, forks in history.forks_of(context.git, trunk, tips).items()}
    trees = history.trees(context.git, [fix.base, *tips, *stands_on.values()])
    # What a target has is packed; the trees of the merges are not, and would have to be read one by one.
    like = {trees[tip]: trees[commit] for tip, commit in stands_on.items()}
    added = dict(zip(like, diff.added_files(context.git, trees[fix.base], like), strict=True))
    # git would hold every entry of every tree against a pattern: twice the time for 500 of them.
    alike = re.compile("|".join(sorted({_copy_pattern(file.path) for file in known})))
    names = {path for files in added.values() for path in files if "\n" not in path and alike.search(path)}
    found = _find_copies(
        context, known, {oid for files in added.values() for path, oid in files.items() if path in names}
    )
    files = {
        tree: sorted((path, oid) for path, oid in blobs_of.items() if oid in found and path in names)
        for tree, blobs_of in (added.items() if found else ())
    }
    likely = [(delivery, *file) for delivery in merged for file in files.get(trees[delivery.target.tip], ())]
    after = blobs.ids(context.git, [f"{delivery.tree or delivery.new}:{path}" for delivery, path, _ in likely])
    told: dict[RefName, tuple[tuple[str, str], ...]] = {}
    for (delivery, path, oid), left in zip(likely, after, strict=True):
        if left == oid:  # else it is the file itself, which the target had renamed
            told[delivery.target.ref] = (*told.get(delivery.target.ref, ()), (path, found[oid]))
    return tuple(
        replace(delivery, copies=told[delivery.target.ref]) if delivery.target.ref in told else delivery
        for delivery in deliveries
    )


def _copy_pattern(path: str) -> str:
    """An expression for the paths that a copy of `path` may have."""
    name = PurePosixPath(path)
    return rf"{re.escape(name.suffix)}\Z" if name.suffix else rf"(?:^|/){re.escape(name.name)}[^/]*\Z"


def _read_fixed_files(context: Context, fix: Fix) -> list[FixedFile]:
    """The text files that the fix changes."""
    changed = [file for file in diff.changes(context.git, fix.base, fix.hotfix.tip).files if file.status in "MR"]
    texts = [file for file in changed if not file.binary and file.old_mode.startswith("100")]
    sides = iter(blobs.read_and_keep(context.git, [oid for file in texts for oid in (file.old_oid, file.new_oid)]))
    found = []
    for file, before, after in ((file, next(sides), next(sides)) for file in texts):
        if before and after is not None and "\n" not in file.path:
            gone = search.significant_lines(before.split(b"\n")) - search.significant_lines(after.split(b"\n"))
            found.append(FixedFile(file.old_path, file.old_oid, before, frozenset(gone)))
    return found


def _find_copies(context: Context, known: Sequence[FixedFile], files: set[Oid]) -> Mapping[Oid, str]:
    """Blob → the fixed file that it is a copy of, and of which it has all lines that the fix took away."""
    found = {file.blob: file.path for file in known if file.blob in files}
    lines = {line for file in known for line in file.lines}
    likely = sorted(search.blobs_with_lines(context.git, sorted(files - set(found)), lines))
    for oid, text in zip(likely, blobs.read(context.git, likely), strict=True):
        for file in known:
            if (
                text
                and file.lines
                and file.lines <= search.significant_lines(text.split(b"\n"))
                and search.likeness(text, file.text) >= _COPY
            ):
                found[oid] = file.path
    return found
