"""Whether a commit in a resolve worktree is the merge or the pick that was opened there, before anything is made of
it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from git_hotfix.conflicts import human_merge, resolve
from git_hotfix.context import Context
from git_hotfix.git import blobs, diff, history, merge
from git_hotfix.git.history import FullCommit
from git_hotfix.model.conflict_text import Hunk, Piece
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.words import counted


@frozen
class Task:
    """What was opened: the target's tip, the commit that is merged, and the commits that are picked (none: a merge)."""

    tip: Oid
    source: Oid
    steps: tuple[Oid, ...] = ()


def objection(context: Context, task: Task, head: Oid, during: Collection[Oid]) -> str:
    """Why `head` is not what was opened, "" where it is. `during` are the commits that git made while a pick was under
    way: whatever they hold is what somebody made of it.

    A pick is known by the line that `cherry-pick -x` writes. A commit without it (`git commit -m`) has to show that
    it answers each hunk in conflict and brings each file that merges by itself.
    """
    made = history.commits(context.git, head, [task.tip], first_parent=True)
    if not made or made[0].parents[:1] != (task.tip,):
        return f"{head[:10]} does not stand on {task.tip[:10]}, where the conflict was opened"
    if not task.steps and made[0].parents[1:] != (task.source,):
        return f"{head[:10]} is not the merge of {task.source[:10]} that was opened there"
    if len(made) > max(1, len(task.steps)):
        return _explain_extra_commits(made, last=made[max(1, len(task.steps)) - 1])
    if not task.steps:
        return ""
    foreign = next((each for each in made if len(each.parents) > 1), None)
    if foreign:
        return f"{foreign.oid[:10]} is a merge, and a cherry-pick was opened there"
    missing = _missing_steps(task, made, during)
    lacking = [step for step in missing if not _answers_step(context, task, step, head)]
    if lacking:
        return f"{head[:10]} holds nothing of {', '.join(step[:10] for step in lacking)}, whose pick was opened there"
    return ""


def _explain_extra_commits(made: Sequence[FullCommit], last: FullCommit) -> str:
    """Why commits on top of a solution are not taken: the target would get them, and they are not the fix."""
    more = counted(len(made) - 1 - made.index(last), "commit")
    command = f"git reset --soft {last.oid[:12]} && git commit --amend --no-edit"
    return f"{more} on top of {last.oid[:10]}, where the solution ends; if the solution needs that, there: {command}"


def _missing_steps(task: Task, made: Sequence[FullCommit], during: Collection[Oid]) -> list[Oid]:
    """The steps that no commit names; a commit that was made during a pick stands for the first of them."""
    named = {oid for commit in made for oid in human_merge.origins(commit)}
    left = [step for step in task.steps if step not in named]
    unnamed = [each for each in made if each.oid in during and not human_merge.origins(each)]
    return left[len(unnamed) :]


def _answers_step(context: Context, task: Task, step: Oid, head: Oid) -> bool:
    """True where `head` has the change of `step`, or an answer to each hunk of it in conflict with the target."""
    parent = history.first_parent_of(context.git, [step]).get(step)
    if parent is None:
        return False
    sides = merge.sides_of_picks(context.git, [(head, parent), (task.tip, parent)])
    there, opened = merge.merge_all(context.git, [(side, step) for side in sides])
    trees = history.trees(context.git, [head, task.tip])
    if there.clean and there.tree == trees[head]:
        return True  # nothing of it is left to pick
    moved, brought = diff.new_versions(context.git, [(trees[task.tip], trees[head]), (trees[task.tip], opened.tree)])
    if not brought.keys() <= moved.keys():
        return False
    files = list(resolve.files_in_conflict(context.git, [(sides[1], step)], [opened], [0]))
    contents = blobs.read(context.git, [moved[file.path][1] for file in files])
    return all(_changes_every_hunk(file.pieces, content or b"") for file, content in zip(files, contents, strict=True))


def _changes_every_hunk(pieces: Sequence[Piece], result: bytes) -> bool:
    """True where `result` has other lines than the target at each hunk."""
    target: list[bytes] = []
    places = []
    for piece in pieces:
        lines = (piece.ours if isinstance(piece, Hunk) else piece).splitlines(keepends=True)
        if isinstance(piece, Hunk):
            places.append((len(target), len(target) + len(lines)))
        target += lines
    matcher = difflib.SequenceMatcher(None, target, result.splitlines(keepends=True), autojunk=False)
    changed = [(one, end) for tag, one, end, _, _ in matcher.get_opcodes() if tag != "equal"]
    return all(any(one <= stop and start <= end for one, end in changed) for start, stop in places)
