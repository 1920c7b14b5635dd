"""Branches whose work another one has under other commit ids, as after a squash merge: many in a few processes."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping

from git_hotfix.git import blobs, commits, diff, history, merge, patches
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git, decode
from git_hotfix.model.names import Oid

_PLAIN = ("--no-ext-diff", "--no-textconv", "--full-index", "--text", "-p")
_MOST = 2000  # commits of the trunk that are looked through; a branch is squashed long before that
_NARROW = 500  # paths that fit into an argument list


def squashed_tips(git: Git, trunk: Oid, stands_on: Mapping[Oid, Collection[Oid]]) -> set[Oid]:
    """Those tips of `stands_on` (tip → the commits of `trunk` that its own stand on) whose work `trunk` has.

    It has it where merging the tip changes nothing in its tree, or where one of its commits makes the whole change of
    the branch and was not taken out again. Only a branch whose every file changed on the trunk, too, can be one of them
    and costs a merge. One that changed nothing yet is none; one of which nothing is left since it
    took the trunk in is. In a broken repository, one that has lost its tree is none.
    """
    forks = _newest_forks(git, stands_on)
    lost = history.lost_trees(git, [trunk, *forks, *forks.values()])
    forks = {tip: fork for tip, fork in forks.items() if not lost.keys() & {trunk, tip, fork}}
    if not forks:
        return set()
    likely = {tip: paths for tip, paths in _likely_tips(git, trunk, forks).items() if paths or len(stands_on[tip]) > 1}
    pairs = [(trunk, tip) for tip in likely]
    [tree] = history.trees(git, [trunk]).values()
    merged = zip(likely, merge.merge_all(git, pairs), strict=True)
    found = {tip for tip, result in merged if result.clean and result.tree == tree}
    return found | _picked_tips(git, trunk, {tip: paths for tip, paths in likely.items() if tip not in found}, forks)


def _newest_forks(git: Git, stands_on: Mapping[Oid, Collection[Oid]]) -> dict[Oid, Oid]:
    """tip → the newest of the commits that it stands on: what it took in last."""
    several = {commit for each in stands_on.values() if len(each) > 1 for commit in each}
    dates = history.commit_dates(git, sorted(several))
    return {tip: max(each, key=lambda commit: (dates.get(commit, 0), commit)) for tip, each in stands_on.items()}


def _likely_tips(git: Git, trunk: Oid, forks: Mapping[Oid, Oid]) -> dict[Oid, Mapping[str, tuple[Oid, Oid]]]:
    """The tips of which every changed path is on the trunk other than where the branch began, with these paths."""
    trees = history.trees(git, [trunk, *forks, *forks.values()])
    changes = dict(
        zip(forks, diff.sides_and_keep(git, [(trees[fork], trees[tip]) for tip, fork in forks.items()]), strict=True)
    )
    # One path tells it of nearly every branch: the trunk has it as it was, or has it not. Then the others of the rest.
    some = {path for each in changes.values() for path in itertools.islice(each, 1)}
    left = _keep_moved(git, trees[trunk], changes, some)
    return _keep_moved(git, trees[trunk], left, {path for each in left.values() for path in each} - some)


def _keep_moved(
    git: Git, trunk: Oid, changes: Mapping[Oid, Mapping[str, tuple[Oid, Oid]]], asked: Collection[str]
) -> dict[Oid, Mapping[str, tuple[Oid, Oid]]]:
    """Those of `changes` (tip → path → what was there before, and after) of which no path in `asked` is in the tree
    `trunk` as it was before."""
    paths = [path for path in asked if "\n" not in path]
    there = dict(zip(paths, blobs.ids(git, [f"{trunk}:{path}" for path in paths]), strict=True))
    return {
        tip: changed
        for tip, changed in changes.items()
        if all(path not in there or (there[path] or "") != before.strip("0") for path, (before, _) in changed.items())
    }


def _picked_tips(git: Git, trunk: Oid, likely: Mapping[Oid, Collection[str]], forks: Mapping[Oid, Oid]) -> set[Oid]:
    """The tips whose whole change one commit of the trunk makes, and that still is there."""
    if not likely:
        return set()
    feed = "".join(f"{tip} {forks[tip]}\n" for tip in likely).encode()
    whole = _patch_ids(git, git.run("diff-tree", *_PLAIN, "--stdin", stdin=feed).out)
    since = git.run("merge-base", "--octopus", trunk, *{forks[tip] for tip in likely}, check=False)
    paths = sorted(set().union(*likely.values()))
    places = ["--", *(f":(top,literal){path}" for path in paths)] if len(paths) <= _NARROW else []
    log = git.run(
        "log", "--no-merges", f"--max-count={_MOST}", "--format=commit %H", *_PLAIN, trunk,
        *([f"^{since.text}"] if since.code == 0 else []), *places,
    ).out  # fmt: skip
    there: dict[str, list[Oid]] = {}
    for commit, patch in _patch_ids(git, log).items():
        there.setdefault(patch, []).append(commit)
    asked = [(forks[tip], tip, oid) for tip, patch in whole.items() if tip in likely for oid in there.get(patch, ())]
    # An equal patch-id may stand for the same lines at another place.
    confirmed = zip(asked, patches.picks_give(git, asked), strict=True)
    made = {tip: commit for (_, tip, commit), done in confirmed if done}
    gone = _find_taken_out(git, trunk, set(made.values()))
    return {tip for tip, commit in made.items() if commit not in gone}


def _patch_ids(git: Git, text: bytes) -> dict[Oid, str]:
    """Commit → the patch-id of what it changes, of patches behind a line that names their commit."""
    rows = decode(git.run("patch-id", "--verbatim", stdin=text).out).splitlines() if text else []
    return {Oid(commit): patch for patch, _, commit in (row.partition(" ") for row in rows)}


def _find_taken_out(git: Git, trunk: Oid, made: Collection[Oid]) -> set[Oid]:
    """Those commits of the trunk of which nothing is left there: to revert them changes nothing."""
    parents = history.first_parent_of(git, list(made))
    trees = history.trees(git, [trunk, *parents.values()])
    drafts = [
        Draft((commit,), trees[tip], "a side of a revert\n") for commit in parents for tip in (trunk, parents[commit])
    ]
    sides = commits.write(git, drafts, NOBODY)
    reverted = merge.merge_all(git, list(zip(sides[::2], sides[1::2], strict=True)))
    return {
        commit for commit, result in zip(parents, reverted, strict=True) if result.clean and result.tree == trees[trunk]
    }
