"""Diffs without anybody's configuration: paths and counts from `-z` plumbing, hunks through unidiff."""

from __future__ import annotations

import io
from collections.abc import Collection, Iterable, Mapping, Sequence

from git_hotfix.git.run import Git, decode
from git_hotfix.model.change import SUBMODULE_MODE, ChangeSet, FileChange, Hunk, Version
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import Oid

Made = frozenset[tuple[str, Oid, Oid, str]]
"""What a change does: each path with the objects before and after (zeros for none) and the mode after."""

_PAIR = late_pattern(rb"[0-9a-f]{40,64} [0-9a-f]{40,64}\n")


def changes(git: Git, base: Oid, tip: Oid) -> ChangeSet:
    """What differs between two commits or trees; renames found at 50 % likeness, at most 1,000 candidates.

    `git` is a scratch directory's, so no attribute hides a file and no configuration bends the answer.
    """
    return git.once(("changes", base, tip), lambda: _changes(git, base, tip))


def _changes(git: Git, base: Oid, tip: Oid) -> ChangeSet:
    out = git.run(
        "diff-tree", "-r", "-M", "-l1000", "--raw", "--numstat", "-z", "--full-index", "--no-ext-diff",
        "--no-textconv", "--ignore-submodules=none", base, tip,
    ).out  # fmt: skip
    tokens = out.split(b"\0")
    files: list[tuple[list[str], str, str]] = []
    at = 0
    while at < len(tokens) and tokens[at].startswith(b":"):
        meta = decode(tokens[at][1:]).split(" ")
        paths = 2 if meta[4][0] in "RC" else 1
        old = decode(tokens[at + 1])
        files.append((meta, old, decode(tokens[at + paths])))
        at += 1 + paths
    counts: list[tuple[bytes, bytes]] = []
    while at < len(tokens) and tokens[at]:
        added, deleted, path = tokens[at].split(b"\t", 2)
        counts.append((added, deleted))
        at += 1 if path else 3  # a rename has an empty path here and both paths behind it
    return ChangeSet(tuple(_change(*file, *count) for file, count in zip(files, counts, strict=True)))


def changed_paths(git: Git, base: Oid, tip: Oid) -> list[str]:
    """The paths that a change has files at, at its end."""
    return [file.path for file in changes(git, base, tip).files]


def _feed(pairs: Sequence[tuple[Oid, Oid]]) -> bytes:
    return "".join(f"{one} {other}\n" for one, other in pairs).encode()


def differing_paths(git: Git, pairs: Sequence[tuple[Oid, Oid]], paths: Sequence[str] = ()) -> list[set[str]]:
    """The paths (of `paths`, where there are any) that differ between the two trees of every pair, in one process."""
    feed = _feed(pairs)
    places = ["--", *(f":(top,literal){path}" for path in paths)] if paths else []
    tokens = git.run("diff-tree", "--stdin", "-r", "-z", "--name-only", "--no-renames", *places, stdin=feed).out.split(
        b"\0"
    )
    found: list[set[str]] = []
    for token in tokens:
        # Each pair begins with a line of its own, glued to the first path; a pair without a difference has only that.
        while match := _PAIR.match(token):
            found.append(set())
            token = token[match.end() :]
        if token:
            found[-1].add(decode(token))
    return found


def versions(git: Git, commits: Sequence[Oid]) -> list[Version]:
    """Every regular file or link that `commits` wrote, in one process; of a merge only what differs from all its
    parents."""
    feed = "".join(f"{commit}\n" for commit in commits).encode()
    tokens = git.run(
        "diff-tree", "--stdin", "-r", "-c", "--root", "-z", "--raw", "--no-abbrev", "--no-renames", stdin=feed
    ).out.split(b"\0")
    found: list[Version] = []
    commit, at = Oid(""), 0
    while at < len(tokens):
        token = decode(tokens[at])
        if not token.startswith(":"):
            commit = Oid(token) if token else commit
            at += 1
            continue
        sides = len(token) - len(token.lstrip(":"))  # one colon a parent
        words = token[sides:].split(" ")
        if words[sides].startswith("1") and words[sides] != SUBMODULE_MODE:
            oids = [Oid(word) for word in words[sides + 1 : 2 * sides + 2]]
            found.append(Version(commit, decode(tokens[at + 1]), oids[-1], tuple(oids[:-1])))
        at += 2
    return found


def new_versions(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[dict[str, tuple[str, Oid]]]:
    """For every pair of trees, the mode and the blob that the second one has at each path where it differs from the
    first, in one process. What the second lacks has the mode 000000."""
    return [{path: (mode, new) for path, (mode, _, new) in each.items()} for each in _raw(git, pairs)]


def added_files(git: Git, base: Oid, trees: Mapping[Oid, Oid]) -> list[dict[str, Oid]]:
    """For every tree of `trees` (tree → one that is like it, or `base` itself), path → blob of the files that it has
    where the tree `base` has nothing, in one process.

    What a thousand branches share is compared once for each tree that they are like, and not once for each of them.
    """
    hubs = [hub for hub in dict.fromkeys(trees.values()) if hub != base]
    found = iter(_raw_and_keep(git, [*((base, hub) for hub in hubs), *((hub, tree) for tree, hub in trees.items())]))
    shared: dict[Oid, dict[str, tuple[str, Oid, Oid]]] = {base: {}, **{hub: next(found) for hub in hubs}}
    new = {
        hub: {path: oid for path, (mode, old, oid) in raw.items() if mode.startswith("100") and not old.strip("0")}
        for hub, raw in shared.items()
    }
    made = []
    for hub, own in zip(trees.values(), found, strict=True):
        known, mine = shared[hub], dict(new[hub])
        for path, (mode, old, oid) in own.items():
            before = known[path][1] if path in known else old
            mine.pop(path, None)
            if mode.startswith("100") and not before.strip("0"):
                mine[path] = oid
        made.append(mine)
    return made


def sides(git: Git, pairs: Sequence[tuple[Oid, Oid]], paths: Sequence[str] = ()) -> list[dict[str, tuple[Oid, Oid]]]:
    """For every pair of trees, what the first and what the second one has at each path (of `paths`, where there are
    any) where they differ, in one process; zeros for what one lacks."""
    places = ["--", *(f":(top,literal){path}" for path in paths)] if paths else []
    return [{path: (old, new) for path, (_, old, new) in each.items()} for each in _raw(git, pairs, *places)]


def renames(git: Git, pairs: Sequence[tuple[Oid, Oid]], like: int) -> list[dict[str, str]]:
    """For every pair of trees, old → new name of the files that are called otherwise in the second one and of which at
    least `like` per cent are the same, at most 1,000 candidates; in one process."""
    feed = _feed(pairs)
    words = ("--stdin", "-r", "-z", f"-M{like}%", "-l1000", "--diff-filter=R", "--name-status")
    tokens = git.run("diff-tree", *words, stdin=feed).out.split(b"\0")
    found: list[dict[str, str]] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        while match := _PAIR.match(token):
            found.append({})
            token = token[match.end() :]
        if not token:
            break
        found[-1][decode(tokens[at + 1])] = decode(tokens[at + 2])
        at += 3
    return found


Known = dict[tuple[Oid, Oid], dict[str, tuple[Oid, Oid]]]
"""A pair of trees → its `sides`."""


def sides_at(git: Git, pairs: Sequence[tuple[Oid, Oid]], paths: Sequence[str]) -> list[dict[str, tuple[Oid, Oid]]]:
    """`sides` at the paths of a fix, kept for who asks again; at all paths, where there are none, nothing is kept."""
    if not paths:
        return sides(git, pairs)
    known = sides_known_at(git, paths)
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    known |= zip(new, sides(git, new, paths), strict=True) if new else ()
    return [known[pair] for pair in pairs]


def sides_known_at(git: Git, paths: Sequence[str]) -> Known:
    """What `sides_at` was asked at `paths`, for who knows more of it."""
    return git.once(("sides", tuple(paths)), dict)


def sides_and_keep(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[dict[str, tuple[Oid, Oid]]]:
    """`sides` for branches and what they stand on, which are compared again (`added_files`)."""
    return [{path: (old, new) for path, (_, old, new) in each.items()} for each in _raw_and_keep(git, pairs)]


def _raw_and_keep(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[dict[str, tuple[str, Oid, Oid]]]:
    known: dict[tuple[Oid, Oid], dict[str, tuple[str, Oid, Oid]]] = git.once("pairs", dict)
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    known |= zip(new, _raw(git, new), strict=True) if new else ()
    return [known[pair] for pair in pairs]


def changes_of_trees(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[Made]:
    """What lies between the two trees of every pair, in one process."""
    if not pairs:
        return []
    return [frozenset((path, old, new, mode) for path, (mode, old, new) in each.items()) for each in _raw(git, pairs)]


def commits_touching(git: Git, have: Iterable[Oid], lack: Iterable[Oid], paths: Sequence[str]) -> dict[Oid, Made]:
    """The commits that `have` reach and `lack` do not, merges left out, that change one of `paths`, each with all that
    it changes; in one process."""
    options = ("--no-merges", "--full-history", "--ignore-missing", "--format=%H", "--stdin", "--root", "--full-diff")
    feed = "\n".join([*have, *(f"^{each}" for each in lack), ""]).encode()
    words = ("-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-ext-diff", "--ignore-submodules=none")
    places = (f":(top,literal){path}" for path in paths)
    tokens = iter(decode(git.run("log", *options, *words, "--", *places, stdin=feed).out).split("\0"))
    found: dict[Oid, list[tuple[str, Oid, Oid, str]]] = {}
    mine: list[tuple[str, Oid, Oid, str]] = []
    for token in tokens:
        head = token.removeprefix("\n")
        if head.startswith(":"):
            _, mode, old, new, _ = head.split(" ")
            mine.append((next(tokens), Oid(old), Oid(new), mode))
        elif head:
            mine = found.setdefault(Oid(head), [])
    return {oid: frozenset(each) for oid, each in found.items()}


def _raw(git: Git, pairs: Sequence[tuple[Oid, Oid]], *options: str) -> list[dict[str, tuple[str, Oid, Oid]]]:
    """For every pair of trees, path → the second one's mode, and the objects of both."""
    feed = _feed(pairs)
    words = ("--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", *options)
    tokens = decode(git.run("diff-tree", *words, stdin=feed).out).split("\0")
    found: list[dict[str, tuple[str, Oid, Oid]]] = []
    for at in range(0, len(tokens), 2):
        token = tokens[at]
        if not token.startswith(":"):
            # Each pair begins with a line of its own, glued to what its first file says.
            *begun, token = token.split("\n")
            found += [{} for _ in begun]
            if not token:
                break
        _, mode, old, new, _ = token.split(" ")
        found[-1][tokens[at + 1]] = (mode, Oid(old), Oid(new))
    return found


def _change(meta: list[str], old: str, new: str, added: bytes, deleted: bytes) -> FileChange:
    binary = added == b"-"
    return FileChange(
        path=new,
        old_path=old,
        status=meta[4][0],
        old_mode=meta[0],
        new_mode=meta[1],
        old_oid=Oid(meta[2]),
        new_oid=Oid(meta[3]),
        added=0 if binary else int(added),
        deleted=0 if binary else int(deleted),
        binary=binary,
    )


def patches(
    git: Git, base: Oid, tip: Oid, changes: ChangeSet, *, without: Collection[FileChange] = (), part: bool = False
) -> dict[FileChange, bytes]:
    """The patch of every file of `changes` (that of base..tip, or in its order a `part`) from its first hunk on, in one
    process. Those `without` get an empty one: a video of 100 MB would be held three times over."""
    places = [f":(top,exclude,literal){path}" for file in without for path in {file.path, file.old_path}]
    if part:
        places = [f":(top,literal){path}" for file in changes.files for path in {file.path, file.old_path}]
    out = git.run(
        "diff-tree", "-r", "-M", "-l1000", "-p", "-U0", "--text", "--full-index", "--no-ext-diff", "--no-textconv",
        "--no-color", "--src-prefix=a/", "--dst-prefix=b/", "--ignore-submodules=none", base, tip,
        "--", *places,
    ).out  # fmt: skip
    # A line of a hunk begins with a sign, and a newline in a path is quoted: only a header looks like this.
    sections = iter((b"\n" + out).split(b"\ndiff --git ")[1:])
    found: dict[FileChange, bytes] = {}
    for file in changes.files:
        # A change of type (a file that becomes a link) is a deletion and an addition.
        parts = [] if file in without else [next(sections) for _ in range(2 if file.status == "T" else 1)]
        found[file] = b"\n".join(part[part.find(b"\n@@ ") + 1 :] for part in parts if b"\n@@ " in part)
    return found


def hunks(patch: bytes) -> list[Hunk]:
    """The hunks of one file, without context lines; `patch` begins with its first hunk."""
    from unidiff.patch import PatchSet  # 3 ms; only a gate that looks at lines pays for it

    # No path stands in what unidiff reads: one that begins with a space breaks its parsing (GIT-FACTS).
    text = "--- a\n+++ b\n" + decode(patch) + "\n"
    found = []
    for file in PatchSet(io.StringIO(text, newline="\n")) if patch else ():
        for hunk in file:
            added = tuple((line.target_line_no or 0, line.value) for line in hunk if line.is_added)
            removed = tuple((line.source_line_no or 0, line.value) for line in hunk if line.is_removed)
            found.append(Hunk(hunk.source_start, hunk.target_start, added, removed))
    return found
