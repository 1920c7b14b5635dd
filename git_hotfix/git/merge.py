"""Merging without a working tree, many at once."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from git_hotfix.errors import Failure
from git_hotfix.git import attributes, commits, diff, history
from git_hotfix.git.attributes import Places
from git_hotfix.git.commits import Draft
from git_hotfix.git.private_dir import RENORMALIZE
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git, GitResult, decode
from git_hotfix.model.frozen import frozen, replace
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
class MergeResult:
    """The result of one merge: the tree (with conflict markers in it where there are conflicts) and the conflicts.

    `textual` is False where git tells of any conflict that does not stand between markers in one file. `failure` says
    why git could not merge at all; then there is no tree and no conflict.
    """

    tree: Oid
    conflicts: tuple[Conflict, ...] = ()
    stages: tuple[Stage, ...] = ()
    textual: bool = True
    failure: str = ""

    @property
    def clean(self) -> bool:
        """True when the tree is a result and not a draft."""
        return not self.open and not self.failure

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


def merge_all(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[MergeResult]:
    """Merge every (ours, theirs) as `git merge` would with the attributes of ours, in one process for all that share
    these attributes. Those of a folder are looked for where files of it had to be merged, and nowhere else.

    What git cannot merge at all (unrelated histories, an object that is missing, a git that crashes) is a result with
    that `failure`, and the others are merged. Raises `Failure` (exit 3) where it is the disk that refuses.
    """
    lost = history.lost_trees(git, [tip for pair in pairs for tip in pair])
    if lost:
        whole = iter(merge_all(git, [pair for pair in pairs if not lost.keys() & {*pair}]))
        broken = {tip: lost_tree_result(tree) for tip, tree in lost.items()}
        return [broken.get(ours) or broken.get(theirs) or next(whole) for ours, theirs in pairs]
    ours = [tip for tip, _ in pairs]
    roots = attributes.root_attributes(git, ours)
    done = _by_attributes(git, pairs, dict(enumerate(roots)))
    folders = [attributes.parent_folders(paths) for _, paths in (done[number] for number in range(len(pairs)))]
    deeper = attributes.folder_attributes(git, ours, roots, folders)
    done.update(_by_attributes(git, pairs, deeper))
    return [done[number][0] for number in range(len(pairs))]


def lost_tree_result(tree: Oid) -> MergeResult:
    """The result of a merge of a commit that has lost its `tree`."""
    return MergeResult(Oid(""), failure=f"unable to read tree {tree}")


def merge_one(git: Git, ours: Oid, theirs: Oid) -> MergeResult:
    """The merge of one pair, as `merge_all` makes it. Raises `Failure` (exit 3) when git cannot merge it at all."""
    [merged] = merge_all(git, [(ours, theirs)])
    if merged.failure:
        helps = fetch_of_missing(merged.failure) or "git fsck --connectivity-only"
        raise Failure(f"git cannot merge {theirs[:10]} into {ours[:10]}: {merged.failure}", hint=helps)
    return merged


def sides_of_picks(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[Oid]:
    """For every (commit or tree, parent) a commit with that tree and that parent: merged with a child of the parent it
    gives what a cherry-pick of the child gives. git 2.39 has no `merge-tree --merge-base`."""
    trees = history.trees(git, [commit for commit, _ in pairs])
    drafts = [Draft((parent,), trees.get(commit, commit), "a side of a cherry-pick\n") for commit, parent in pairs]
    return commits.write(git, drafts, NOBODY)


def fetch_of_missing(failure: str) -> str | None:
    """The command that gets what a partial clone lacks, where that is why git could not merge."""
    return "git fetch --refetch --no-filter" if re.search("unable to read|could not read|missing", failure) else None


def _by_attributes(
    git: Git, pairs: Sequence[tuple[Oid, Oid]], places: Mapping[int, Places]
) -> dict[int, tuple[MergeResult, list[str]]]:
    """The merges of the pairs whose numbers `places` has, with these attributes, and the paths that were merged."""
    groups: dict[Places, list[int]] = defaultdict(list)
    for number, each in places.items():
        groups[each].append(number)
    found: dict[int, tuple[MergeResult, list[str]]] = {}
    for attribute_files, numbers in groups.items():
        chosen = git
        if attribute_files:
            file = git.cwd / "attributes"
            file.write_bytes(attributes.read(git, attribute_files))
            chosen = replace(git, pins=(*git.pins, f"core.attributesFile={file}"))
        found.update(zip(numbers, _batch(chosen, [pairs[number] for number in numbers]), strict=True))
    return found


def revert_conflicts(git: Git, base: Oid, tip: Oid, production: Oid) -> tuple[str, ...]:
    """The paths in conflict if base..tip were reverted on `production` after it was merged there."""
    # Of a pair of commits diff-tree would take the second for a parent.
    trees = history.trees(git, [base, production, tip])
    [moved, touched] = diff.differing_paths(git, [(trees[base], trees[production]), (trees[base], trees[tip])])
    if not moved & touched:
        return ()
    landed = merge_one(git, production, tip)
    if not landed.clean:
        return ()  # it does not even land; that is told elsewhere
    # Both sides stand on the tip, so that the merge takes back what base..tip did (GIT-FACTS, a cherry-pick in 2.39).
    drafts = [Draft((tip,), landed.tree, "landed"), Draft((tip,), trees[base], "before")]
    reverted = merge_one(git, *commits.write(git, drafts, NOBODY))
    return tuple(conflict.path for conflict in reverted.conflicts)


def _batch(git: Git, pairs: Sequence[tuple[Oid, Oid]]) -> list[tuple[MergeResult, list[str]]]:
    """The merges of `pairs`, and the paths that were merged. One process where all goes well; where git ends at a pair
    another one goes on behind it, and of a git that crashed, which loses what it had not printed yet, each half is
    tried again."""
    found: list[tuple[MergeResult, list[str]]] = []
    if RENORMALIZE in git.pins:  # git looks for attributes in a working tree then, and one without dies of a BUG
        place = git.cwd / "no-files"
        place.mkdir(exist_ok=True)
        git = replace(git, environment={**git.environment, "GIT_WORK_TREE": str(place)})
    parts = [list(pairs)]
    while parts:
        part = parts.pop()
        feed = "".join(f"{ours} {theirs}\n" for ours, theirs in part).encode()
        answer = git.run("merge-tree", "--write-tree", "--messages", "-z", "--stdin", stdin=feed, check=False)
        done = _parse(answer.out, len(part))
        found += done
        rest = part[len(done) :]
        if rest and answer.system_says_no:
            raise Failure(f"git cannot merge: {answer.last_words}", hint="fix that, then run the same command again")
        if answer.code < 0 and len(rest) > 1:
            half = len(rest) // 2
            parts += [rest[half:], rest[:half]]
        elif rest and done and answer.code in (0, 1):
            parts.append(rest)  # what was printed too much of the last one read stands before the next
        elif rest:
            failed = [_why(answer), *_unrelated_reasons(git, rest[1:], answer)]
            found += [(MergeResult(Oid(""), failure=why), []) for why in failed]
            parts += [rest[len(failed) :]] if rest[len(failed) :] else []
    return found


def _why(answer: GitResult) -> str:
    """Why git ended before it had merged a pair: its own words, of which "failure to merge" only closes others."""
    if answer.code < 0:
        return f"git crashed (signal {-answer.code}): {answer.last_words or 'it gave no reason'}"
    if answer.code in (0, 1):
        return "git's answer about this merge could not be read"
    lines = [line for line in answer.err.splitlines() if "failure to merge" not in line]
    return replace(answer, err="\n".join(lines)).last_words or answer.last_words or f"git ended with {answer.code}"


def _unrelated_reasons(git: Git, rest: Sequence[tuple[Oid, Oid]], answer: GitResult) -> list[str]:
    """Why those at the beginning of `rest` cannot be merged either, where unrelated histories ended the batch: a team
    with a hundred such branches pays one walk for them, not a hundred processes."""
    why = _why(answer)
    if "unrelated histories" not in why or not rest:
        return []
    theirs = rest[0][1]
    same = list(itertools.takewhile(lambda pair: pair[1] == theirs, rest))
    related = history.related_tips(git, theirs, [ours for ours, _ in same])
    return [why for _ in itertools.takewhile(lambda pair: pair[0] not in related, same)]


class _Unreadable(Exception):
    """What git printed is no answer of the form that is documented."""


def _parse(out: bytes, many: int) -> list[tuple[MergeResult, list[str]]]:
    """The first of `many` merges that `out` tells of wholly and readably."""
    tokens = _Tokens(out.split(b"\0")[:-1])  # what no NUL ends was cut off
    found: list[tuple[MergeResult, list[str]]] = []
    with contextlib.suppress(_Unreadable):
        while len(found) < many:
            found.append(_record(tokens))
    return found


class _Tokens:
    """What git printed, piece by piece."""

    def __init__(self, tokens: Sequence[bytes]) -> None:
        self._tokens, self._at = tokens, 0

    def next(self) -> bytes:
        """The next piece. Raises `_Unreadable` at the end."""
        if self._at == len(self._tokens):
            raise _Unreadable
        self._at += 1
        return self._tokens[self._at - 1]

    def matching(self, pattern: bytes) -> re.Match[bytes]:
        """The next piece, which has to be of this form. Raises `_Unreadable` where it is not."""
        match = re.fullmatch(pattern, self.next(), re.DOTALL)
        if match is None:
            raise _Unreadable
        return match


def _record(tokens: _Tokens) -> tuple[MergeResult, list[str]]:
    """`<1|0> NUL <tree> NUL [<mode> <oid> <stage> TAB <path> NUL]* NUL messages NUL` a merge; 1 is a clean one."""
    clean = tokens.matching(rb"[01]")[0] == b"1"
    tree = Oid(tokens.matching(rb"[0-9a-f]{40,64}")[0].decode())
    stages = []
    while stage := tokens.matching(rb"(?:([0-7]{6}) ([0-9a-f]{40,64}) ([123])\t(.+))?"):
        if not stage[0]:
            break
        stages.append(Stage(decode(stage[4]), int(stage[3]), decode(stage[1]), Oid(decode(stage[2]))))
    kinds: dict[str, str] = {}
    told: set[str] = set()
    merged: list[str] = []
    for paths, kind in _messages(tokens):
        if kind == "Auto-merging":
            merged += paths
        # git writes two of them without the blank; an ERROR stands for a file that it could not merge or write.
        if conflict := re.fullmatch(r"(?:CONFLICT|ERROR) ?\((.+)\)", kind):
            name = conflict[1].replace("contents", "content")
            told.add(name)
            kinds.update({path: name for path in paths if name != "content" or path not in kinds})
    conflicts = tuple(
        Conflict(path, kinds.get(path, "content")) for path in dict.fromkeys(each.path for each in stages)
    )
    if not conflicts and not clean:
        # A file in the way of a folder's rename leaves nothing unmerged; git names it, and stops all the same.
        conflicts = tuple(Conflict(*each) for each in kinds.items()) or (Conflict("", "unknown"),)
    return MergeResult(tree, conflicts, tuple(stages), told <= _TEXT), merged


def _messages(tokens: _Tokens) -> Iterator[tuple[list[str], str]]:
    """The paths and the kind of every `<n> NUL <path>*n NUL <kind> NUL <text> NUL`, up to the empty piece that ends
    them. In its place git puts advice about submodules, which begins with no number."""
    while count := tokens.matching(rb"([1-9][0-9]*)|.*")[1]:
        paths = [decode(tokens.next()) for _ in range(int(count))]
        kind = decode(tokens.next())
        tokens.next()
        yield paths, kind
