"""Lines and blobs looked for in whole trees: what many trees share is read once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from git_hotfix.git import blobs, diff
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import Oid


def trees_holding(git: Git, trees: Sequence[Oid], lines: Collection[bytes], objects: Collection[Oid]) -> dict[Oid, str]:
    """tree → a path in it that holds one of `lines` (blanks at their ends do not count) or is one of `objects`; a tree
    that holds none is left out."""
    if not trees:
        return {}
    first, *others = dict.fromkeys(trees)
    whole = _list_files(git, first)
    changed = dict(zip(others, diff.new_versions(git, [(first, other) for other in others]), strict=True))
    known = {oid for _, oid in whole.values()} | {oid for each in changed.values() for _, oid in each.values()}
    files = {oid for each in (whole, *changed.values()) for mode, oid in each.values() if mode[:2] in ("10", "12")}
    hits = blobs_with_lines(git, sorted(files), lines) | (known & set(objects))
    at = {path: oid for path, (_, oid) in whole.items() if oid in hits}
    found = {first: next(iter(at), None)}
    for other, each in changed.items():
        mine = {path for path, (_, oid) in each.items() if oid in hits} | {path for path in at if path not in each}
        found[other] = min(mine, default=None)
    return {tree: path for tree, path in found.items() if path is not None}


def _list_files(git: Git, tree: Oid) -> dict[str, tuple[str, Oid]]:
    """path → mode and object of a whole tree."""
    rows = (row.partition(b"\t") for row in git.run("ls-tree", "-r", "-z", tree).out.split(b"\0") if row)
    heads = ((decode(path), decode(head).split(" ")) for head, _, path in rows)
    return {path: (mode, Oid(oid)) for path, (mode, _, oid) in heads}


def blobs_with_lines(git: Git, files: Sequence[Oid], lines: Collection[bytes]) -> set[Oid]:
    """Those blobs that hold one of `lines`: `git grep` looks for them in one tree that is made of all, and where it
    found one as a part of a line the whole lines are compared."""
    wanted = {line.strip() for line in lines}
    if not wanted or not files:
        return set()
    feed = b"".join(b"100644 blob %s\t%d\0" % (oid.encode(), number) for number, oid in enumerate(files))
    tree = git.run("mktree", "-z", "--missing", stdin=feed).text
    place = git.cwd / "lines"
    place.write_bytes(b"".join(line + b"\n" for line in sorted(wanted)))
    answer = git.run("grep", "-z", "-l", "-a", "-F", "-f", str(place), tree, check=False)
    if answer.code > 1 or answer.err:
        return set(files)  # what could not be read may hold them
    numbers = [int(name.rpartition(b":")[2]) for name in answer.out.split(b"\0") if name]
    likely = [files[number] for number in numbers]
    contents: Mapping[Oid, bytes | None] = dict(zip(likely, blobs.read(git, likely), strict=True))
    return {
        oid for oid, text in contents.items() if text is None or wanted & {line.strip() for line in text.split(b"\n")}
    }


def significant_lines(lines: Iterable[bytes]) -> set[bytes]:
    """`lines` without the blanks at their ends; those without a letter or a digit say nothing and are left out."""
    return {line.strip() for line in lines if re.search(rb"\w", line)}


def line_counts(text: bytes) -> Counter[bytes]:
    """How often each significant line stands in `text`."""
    return Counter(line.strip() for line in text.split(b"\n") if re.search(rb"\w", line))


def likeness(text: bytes, other: bytes) -> float:
    """How much of the larger of two texts stands in both, by bytes of whole lines; 0 where either is empty."""
    shared = Counter(text.split(b"\n")) & Counter(other.split(b"\n"))
    size = sum((len(line) + 1) * count for line, count in shared.items())
    return size / (max(len(text), len(other)) + 1) if text.strip() and other.strip() else 0.0


def count_lines(git: Git, oids: Iterable[Oid]) -> dict[Oid, Counter[bytes]]:
    """How often each significant line stands in these blobs, each read once; nothing of one that is not here."""
    once = list(dict.fromkeys(oids))
    return {oid: line_counts(text or b"") for oid, text in zip(once, blobs.read(git, once), strict=True)}


def signed_lines(sides: Mapping[str, tuple[Oid, Oid]], counts: Mapping[Oid, Counter[bytes]]) -> set[tuple[str, bytes]]:
    """The significant lines that a change (path → blobs before and after) adds and those that it removes, each with its
    sign; `counts` are those of its blobs."""
    pairs = [(counts[old], counts[new]) for old, new in sides.values()]
    added = {("+", line) for old, new in pairs for line in new - old}
    return added | {("-", line) for old, new in pairs for line in old - new}


def replaced_lines(git: Git, base: Oid, tip: Oid) -> tuple[set[bytes], set[Oid]]:
    """The lines that base..tip removes or replaces, and where it only adds, the three lines around, each without the
    blanks at its ends; lines without a letter or a digit say nothing. And of what has no lines (a binary, a link to a
    submodule) the objects that it replaces."""
    out = git.run(
        "diff-tree", "-r", "-M", "-l1000", "-p", "-U3", "--full-index", "--no-ext-diff", "--no-textconv", "--no-color",
        base, tip,
    ).out  # fmt: skip
    lines: set[bytes] = set()
    for part in re.split(rb"^@@ [^\n]*\n", b"\n" + out, flags=re.MULTILINE)[1:]:
        hunk = part.split(b"\ndiff --git ")[0].split(b"\n")
        for start, end in _runs(hunk):
            removed = [line[1:] for line in hunk[start:end] if line[:1] == b"-"]
            around = [line[1:] for line in (*hunk[max(0, start - 3) : start], *hunk[end : end + 3]) if line[:1] == b" "]
            lines.update(line.strip() for line in removed or around)
    objects = {
        change.old_oid for change in diff.changes(git, base, tip).files if change.binary or change.old_mode == "160000"
    }
    return significant_lines(lines), {oid for oid in objects if oid.strip("0")}


def _runs(hunk: Sequence[bytes]) -> Iterator[tuple[int, int]]:
    """Where the removed and added lines of a hunk stand together: the first one, and behind the last one."""
    start = None
    for at, line in enumerate((*hunk, b" ")):
        changed = line[:1] in (b"-", b"+", b"\\")
        if changed and start is None:
            start = at
        elif not changed and start is not None:
            yield start, at
            start = None
