"""A revert without a working tree: the commit that takes a hotfix back out of what runs in production."""

from __future__ import annotations

from git_hotfix.context import Context
from git_hotfix.git import commits, history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.names import Oid
from git_hotfix.model.plan import Conflict
from git_hotfix.model.words import one_line


@frozen
class Revert:
    """What taking a hotfix back gives: the tree, or the conflicts; `nothing` where the start does not hold the fix any
    more. `reverted` are the commits that it takes back, newest first, as a revert of them names them."""

    tree: Oid
    reverted: tuple[history.FullCommit, ...]
    conflicts: tuple[Conflict, ...] = ()
    nothing: bool = False


def plan_revert(git: Git, bad: Hotfix, start: Oid) -> Revert:
    """`start` without what `bad` changed. Nothing is written but loose objects of `git`."""
    assert bad.base
    own = tuple(reversed(history.commits(git, bad.tip, [bad.base])))
    trees = history.trees(git, [start, bad.base])
    # Both sides stand on the tip, so that the merge takes back what base..tip did (a revert without a checkout).
    drafts = [Draft((bad.tip,), trees[start], "runs"), Draft((bad.tip,), trees[bad.base], "before")]
    runs, before = commits.write(git, drafts, NOBODY)
    result = merge.merge_one(git, runs, before)
    return Revert(result.tree, own, result.conflicts, nothing=result.clean and result.tree == trees[start])


def write(context: Context, tag: Tag, revert: Revert, start: Oid, title: str) -> Oid:
    """The commit that reverts, on `start`, signed where `commit.gpgSign` says so."""
    draft = Draft((start,), revert.tree, message(tag, revert, title))
    if context.repository.flag("commit.gpgSign"):
        return commits.write_signed(context.repository, draft)
    return commits.write(context.git, [draft], context.repository.identity)[0]


def message(tag: Tag, revert: Revert, title: str) -> str:
    """The message in the words of `git revert`, one sentence a commit, by which any tool knows it again."""
    lines = [_sentence(commit) for commit in revert.reverted]
    return f"{one_line(title)}\n\n" + "\n".join(lines) + f"\n\nHotfix-Reverts: {tag.name}\n"


def _sentence(commit: history.FullCommit) -> str:
    if len(commit.parents) > 1:
        return f"This reverts commit {commit.oid}, reversing\nchanges made to {commit.parents[0]}."
    return f"This reverts commit {commit.oid}."


def revert_command(git: Git, bad: Hotfix, tag: Tag) -> str:
    """The command that a human starts the same revert with."""
    [at] = history.commits(git, tag.commit, [f"{tag.commit}^@"])  # type: ignore[list-item]
    if len(at.parents) == 2 and at.parents[1] == bad.tip:
        return f"git revert -m 1 {tag.commit}"
    return f"git revert {bad.base}..{bad.tip}"
