"""Merging without a working tree, many at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from git_hotfix.errors import Failure
from git_hotfix.git import attributes, commits, diff, history
from git_hotfix.git.attributes import Places
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git, decode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.plan import Conflict

_TEXT = frozenset({"content", "add/add"})  # kinds of conflict that stand in one file, between markers


@frozen
class Stage:
    """One side of a path in conflict: its number (1 base, 2 ours, 3 theirs), mode and blob."""

    path: str
    number: int
    mode: str
    oid: Oid


@frozen
class Merged:
    """The result of one merge: the tree (with conflict markers in it where there are conflicts) and the conflicts.

    `textual` is False where git tells of any conflict that does not stand between markers in one file.
    """

    tree: Oid
    conflicts: tuple[Conflict, ...] = ()
    stages: tuple[Stage, ...] = ()
    textual: bool = True

    @property
    def clean(self) -> bool:
        """True when the tree is a result and not a draft."""
        return not self.open

    @property
    def open(self) -> tuple[Conflict, ...]:
        """The conflicts that nothing has settled."""
        return tuple(conflict for conflict in self.conflicts if conflict.resolved_by is None)

    def is_textual(self, path: str) -> bool:
        """True when the conflict of `path` is one between lines of two regular files of one mode."""
        kinds = {conflict.kind for conflict in self.conflicts if conflict.path == path}
        sides = {stage.number: stage.mode for stage in self.stages if stage.path == path}
        modes = set(sides.values())
        same = len(modes) == 1 or (1 in sides and len(sides) == 3)
        return kinds <= _TEXT and {2, 3} <= set(sides) and same and modes <= {"100644", "100755"}


def merge_all(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[Merged]:
    """Merge every (ours, theirs) as `git merge` would with the attributes of ours, in one process for all that share
    these attributes. Those of a folder are looked for where files of it had to be merged, and nowhere else.

    Raises `Failure` (exit 3) when git cannot merge at all: unrelated histories, or an object that is missing.
    """
    ours = [tip for tip, _ in pairs]
    roots = attributes.of_roots(git, ours)
    done = _by_attributes(git, pairs, dict(enumerate(roots)))
    folders = [attributes.above(paths) for _, paths in (done[number] for number in range(len(pairs)))]
    deeper = attributes.of_folders(git, ours, roots, folders)
    done.update(_by_attributes(git, pairs, deeper))
    return [done[number][0] for number in range(len(pairs))]


def _by_attributes(
    git: Git, pairs: Sequence[tuple[Oid, Oid]], places: Mapping[int, Places]
) -> dict[int, tuple[Merged, list[str]]]:
    """The merges of the pairs whose numbers `places` has, with these attributes, and the paths that were merged."""
    groups: dict[Places, list[int]] = defaultdict(list)
    for number, each in places.items():
        groups[each].append(number)
    found: dict[int, tuple[Merged, list[str]]] = {}
    for each, numbers in groups.items():
        chosen = git
        if each:
            file = git.cwd / "attributes"
            file.write_bytes(attributes.read(git, each))
            chosen = replace(git, pins=(*git.pins, f"core.attributesFile={file}"))
        found.update(zip(numbers, _batch(chosen, [pairs[number] for number in numbers]), strict=True))
    return found


def not_reverted(git: Git, base: Oid, tip: Oid, production: Oid) -> tuple[str, ...]:
    """The paths in conflict if base..tip were reverted on `production` after it was merged there."""
    # Of a pair of commits diff-tree would take the second for a parent.
    trees = history.trees(git, [base, production, tip])
    [moved, touched] = diff.differing(git, [(trees[base], trees[production]), (trees[base], trees[tip])])
    if not moved & touched:
        return ()
    [landed] = merge_all(git, [(production, tip)])
    if not landed.clean:
        return ()  # it does not even land; that is told elsewhere
    # Both sides stand on the tip, so that the merge takes back what base..tip did (GIT-FACTS, a cherry-pick in 2.39).
    drafts = [Draft((tip,), landed.tree, "landed"), Draft((tip,), trees[base], "before")]
    [reverted] = merge_all(git, [tuple(commits.write(git, drafts, NOBODY))])  # type: ignore[list-item]
    return tuple(conflict.path for conflict in reverted.conflicts)


def _batch(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[tuple[Merged, list[str]]]:
    feed = "".join(f"{ours} {theirs}\n" for ours, theirs in pairs).encode()
    answer = git.run("merge-tree", "--write-tree", "--messages", "-z", "--stdin", stdin=feed, check=False)
    found = _parse(answer.out)
    if len(found) != len(pairs):
        # git ends the batch at the first pair that it cannot merge; the answers so far say which one that was.
        ours, theirs = pairs[len(found)]
        helps = ("in a partial clone: git fetch --refetch --no-filter",
                 "unrelated histories: name that branch in backport.exclude")  # fmt: skip
        raise Failure(
            f"git cannot merge {theirs[:10]} into {ours[:10]}: {answer.last_words or 'no reason given'}",
            hint="mend that, then run the same command again" if answer.system_says_no else "\n".join(helps),
        )
    return found


def _parse(out: bytes) -> list[tuple[Merged, list[str]]]:
    """`<1|0> NUL <tree> NUL [<mode> <oid> <stage> TAB <path> NUL]* NUL messages NUL` a merge; 1 is a clean one."""
    tokens = out.split(b"\0")
    found = []
    at = 0
    while at + 1 < len(tokens):
        clean, tree = tokens[at] == b"1", Oid(tokens[at + 1].decode())
        at += 2
        stages = []
        while tokens[at]:
            head, _, path = tokens[at].partition(b"\t")
            mode, oid, number = decode(head).split(" ")
            stages.append(Stage(decode(path), int(number), mode, Oid(oid)))
            at += 1
        at += 1
        kinds: dict[str, str] = {}
        told: set[str] = set()
        merged: list[str] = []
        at = _messages(tokens, at, kinds, told, merged)
        paths = dict.fromkeys(stage.path for stage in stages)
        conflicts = tuple(Conflict(path, kinds.get(path, "content")) for path in paths)
        if not conflicts and not clean:
            # A file in the way of a folder's rename leaves nothing unmerged; git names it, and stops all the same.
            conflicts = tuple(Conflict(*each) for each in kinds.items()) or (Conflict("", "unknown"),)
        found.append((Merged(tree, conflicts, tuple(stages), told <= _TEXT), merged))
    return found


def _messages(tokens: list[bytes], at: int, kinds: dict[str, str], told: set[str], merged: list[str]) -> int:
    """Read `<n> NUL <path>*n NUL <kind> NUL <text> NUL`* up to the empty token; fill in the kind of each path, all
    kinds that are told of, and the paths whose contents were merged."""
    while tokens[at]:
        count = int(tokens[at])
        paths = [decode(token) for token in tokens[at + 1 : at + 1 + count]]
        if tokens[at + 1 + count] == b"Auto-merging":
            merged += paths
        kind = re.fullmatch(r"CONFLICT \((.+)\)", decode(tokens[at + 1 + count]))
        if kind:
            name = kind.group(1).replace("contents", "content")
            told.add(name)
            for path in paths:
                kinds[path] = name
        at += count + 3
    return at + 1
