"""Whether a fix is on production already, however it came there: merged, fast-forwarded, squashed or rebased."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Mapping, Set
from typing import Literal

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history, merge, patches, remains
from git_hotfix.git.hunks import State
from git_hotfix.git.run import Git
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import trailers_of
from git_hotfix.model.names import Oid
from git_hotfix.model.snapshot import Snapshot

# What `git revert` writes.
_REVERTS = re.compile(r"^This reverts commit ([0-9a-f]{40,64})", re.MULTILINE)


@frozen
class Arrival:
    """How the fix came to production; `exact` is the first commit there whose tree is base + fix, if there is one;
    `commits` are those that make its change there under other ids, oldest first."""

    how: Literal["merged", "applied", "squashed"]
    exact: Oid | None
    commits: tuple[Oid, ...] = ()


def find(git: Git, hotfix: Hotfix, production: Oid) -> Arrival | None:
    """How `production` holds the fix; None when it does not.

    Ancestry decides, then a merge that changes nothing. Where production has moved on over the same lines, a commit
    with the patch-id of the fix counts, at the place where picking the fix changes its lines; so does a squash that
    `finish` made, whose conflict with production somebody solved: its patch-id is another one. Whether what came is
    still there, `doubt` says. What was taken out before the fix was committed here was an earlier attempt, and one that
    a human called another change (`--not-landed`) is none.
    """
    if hotfix.base is None or hotfix.base in (hotfix.tip, production):
        return None
    if history.tips_containing(git, hotfix.tip, [production]):
        return Arrival("merged", _exact_commit(git, hotfix, production))
    [result] = merge.merge_all(git, [(production, hotfix.tip)])
    if result.clean and result.tree == history.trees(git, [production])[production]:
        return Arrival("applied", _exact_commit(git, hotfix, production))
    own = patches.carriers(git, hotfix.base, hotfix.tip, production, hotfix.logbook.not_landed())
    if own:
        landed = Arrival("squashed", _exact_commit(git, hotfix, production), own)
        return None if _is_earlier(git, hotfix, production, landed) else landed
    squash = _find_squash(git, hotfix, production)
    return Arrival("squashed", None, (squash,)) if squash else None


def _is_earlier(git: Git, hotfix: Hotfix, production: Oid, landed: Arrival) -> bool:
    """True where production got the change before it was committed here, and has taken it out: whoever starts such a
    fix again wants it there."""
    own = history.reachable(git, [hotfix.tip], [hotfix.base] if hotfix.base else [])
    dates = history.commit_dates(git, [*own, *landed.commits])
    before = max(dates[oid] for oid in landed.commits) < min(dates[oid] for oid in own)
    left = what_remains(git, hotfix, production, landed) if before else None
    return left is not None and left.state == "taken"


def _find_squash(git: Git, hotfix: Hotfix, production: Oid) -> Oid | None:
    """The squash of this very tip that `finish` made on production, by what its message says."""
    assert hotfix.base
    return next((
        commit.oid
        for commit in history.commits(git, production, [hotfix.base], first_parent=True)
        if hotfix.tip in commit.message
        and trailers_of(commit.message).get("Hotfix-Tip") == hotfix.tip
        and commit.oid not in hotfix.logbook.not_landed()
    ), None)  # fmt: skip


def _exact_commit(git: Git, hotfix: Hotfix, production: Oid) -> Oid | None:
    assert hotfix.base
    line = history.first_parents(git, [production], [hotfix.base])
    known = history.trees(git, line)
    return next((commit for commit in reversed(line) if known[commit] == hotfix.tip_tree), None)


@frozen
class Remaining:
    """What production still has of a fix that came to it: the change from `before` to `after`, as it arrived there, the
    files in which it is not as it came, and how much of it is left."""

    state: State
    before: Oid
    after: Oid
    paths: tuple[str, ...] = ()


def what_remains(git: Git, hotfix: Hotfix, production: Oid, landed: Arrival) -> Remaining:
    """What `production` still has of the fix, by its content; messages and patch-ids say nothing here."""
    assert hotfix.base
    between = [oid for oid in history.reachable(git, [hotfix.tip], [hotfix.base]) if oid != hotfix.tip]
    found = None
    for before, after in _arrivals(git, hotfix, production, landed):
        left = remains.read_remains(git, before, after, production, between=between)
        if left is None:
            continue  # a merge that dropped the fix: what it should have brought is asked
        this = Remaining(left.state, before, after, left.paths)
        if found is None or left.state == "there":
            found = this
        if left.state == "there":
            break
    return found or Remaining("there", hotfix.base, hotfix.tip)


def _arrivals(git: Git, hotfix: Hotfix, production: Oid, landed: Arrival) -> list[tuple[Oid, Oid]]:
    """The changes, as two commits each, by which the fix may have come to production: as it stands there, for a human
    may have solved a conflict, and as it stands here."""
    assert hotfix.base
    here = (hotfix.base, hotfix.tip)
    if landed.how == "merged":
        line = history.first_parents(git, [production], [hotfix.base])
        holding = history.tips_containing(git, hotfix.tip, line)
        arrival = [oid for oid in reversed(line) if oid in holding][:1]
        found = history.commits(git, arrival[0], [f"{arrival[0]}^@"]) if arrival else []  # type: ignore[list-item]
        return [(each.parents[0], each.oid) for each in found if hotfix.tip in each.parents[1:]] + [here]
    parents = history.first_parent_of(git, landed.commits) if landed.commits else {}
    row = list(landed.commits)
    in_a_row = all(parents.get(after) == before for before, after in itertools.pairwise(row))
    return [(parents[row[0]], row[-1]), here] if row and in_a_row and row[0] in parents else [here]


def doubt(git: Git, hotfix: Hotfix, production: Oid, landed: Arrival) -> Failure | None:
    """Why what landed may not be this fix as it stands here; None where nothing speaks against it.

    A pull request can take commits that were never here, and its branch may be gone; a fix can be taken back before it
    was tagged, whole or in part, by a revert or by hand.
    """
    assert hotfix.base
    line = history.first_parents(git, [production], [hotfix.base])
    known = {commit.oid: commit for commit in history.commits(git, production, [hotfix.base])}
    own = set(history.reachable(git, [hotfix.tip], [hotfix.base]))
    holding = history.tips_containing(git, hotfix.tip, line)
    squash = _find_squash(git, hotfix, production)
    arrival = next((known[oid] for oid in reversed(line) if oid in holding or oid == squash), None)
    left = what_remains(git, hotfix, production, landed)
    if left.state == "part":
        return _partly_reverted_failure(git, hotfix, production, left)
    back = _find_revert(known, own, {*landed.commits, *([arrival.oid] if arrival else [])})
    if back or left.state == "taken" or patches.is_taken_back(git, hotfix.base, hotfix.tip, production):
        what = f": {back.oid[:10]} {back.summary.subject}" if back else ""
        return _reverted_failure(hotfix, what, left, landed)
    if arrival is None:
        return None
    beyond = [oid for oid in arrival.parents[1:] if oid != hotfix.tip]
    more = history.tips_containing(git, hotfix.tip, beyond)
    return _more_merged_failure(hotfix, min(more)) if more and hotfix.tip not in arrival.parents else None


def _reverted_failure(hotfix: Hotfix, what: str, left: Remaining, landed: Arrival) -> Failure:
    issue = hotfix.issue
    again = f"abandon it and start again: {command_line('abandon', issue)}"
    if landed.commits:  # under other ids: it can come once more as it is
        finish = command_line("finish", issue, not_landed=[oid[:12] for oid in landed.commits])
        again += f"\nor bring it to {hotfix.production} once more: {finish}"
    return Failure(
        f"{hotfix.production} has reverted this fix{what}",
        hint=again,
        code=ExitCode.REFUSED,
    )


def _partly_reverted_failure(git: Git, hotfix: Hotfix, production: Oid, left: Remaining) -> Failure:
    paths = " ".join(shlex.quote(path) for path in left.paths)
    since = history.commits_changing(git, production, [left.after], left.paths, since=0, most=2)
    take = f"git switch {shlex.quote(hotfix.branch)}, then bring it to the state of {hotfix.production}"
    if len(since) == 1:
        take = f"git switch {shlex.quote(hotfix.branch)} && git cherry-pick -x {since[0].oid[:12]}"
    return Failure(
        f"{hotfix.production} has taken out a part of this fix: {', '.join(left.paths)}",
        hint=f"see what differs: git diff {left.after[:12]} {production[:12]} -- {paths}\n"
        f"if {hotfix.production} is right, take its change into the fix: {take}\n"
        f"if the fix is right, abandon it and start again: {command_line('abandon', hotfix.issue)}",
        code=ExitCode.REFUSED,
    )


def note(git: Git, hotfix: Hotfix, production: Oid, landed: Arrival) -> str:
    """What to say where later commits reworked the lines of the fix, so that nobody can tell from here whether it
    holds; else nothing."""
    left = what_remains(git, hotfix, production, landed)
    if left.state != "reworked":
        return ""
    shown = f"git diff {left.after[:12]} {production[:12]} -- {' '.join(map(shlex.quote, left.paths))}"
    return f"{hotfix.production} has changed the lines of this fix since; check that the fix still holds: {shown}"


def _find_revert(
    known: Mapping[Oid, history.FullCommit], own: Set[Oid], arrivals: Set[Oid]
) -> history.FullCommit | None:
    """The commit of production that reverts one of the fix's (or of `arrivals`) and is not reverted itself."""
    named = own | arrivals
    reverts = {oid: set(map(Oid, _REVERTS.findall(commit.message))) for oid, commit in known.items() if oid not in own}
    undone = {oid for names in reverts.values() for oid in names}
    return next((known[oid] for oid, names in reverts.items() if names & named and oid not in undone), None)


def _more_merged_failure(hotfix: Hotfix, merged: Oid) -> Failure:
    return Failure(
        f"what was merged into {hotfix.production} has commits that are not in {hotfix.branch}",
        hint=f"pull them: git switch {shlex.quote(hotfix.branch)} && git merge --ff-only {merged[:12]}",
        code=ExitCode.REFUSED,
    )


def why_beyond_finish(git: Git, snapshot: Snapshot, hotfix: Hotfix) -> Failure | None:
    """Why a hotfix that was finished cannot be finished from where its branch stands. Code that was added since is
    another hotfix; but what was finished may be a replay of this very branch (`finish --update`, then `undo`)."""
    lack = [hotfix.base] if hotfix.base else []
    for tag in snapshot.finish_tags(hotfix.issue):
        tip = Oid(tag.trailer("Hotfix-Tip") or "")
        if not tip or tip == hotfix.tip or history.is_ancestor(git, hotfix.tip, tip):
            continue
        own = history.reachable(git, [hotfix.tip], [tip, *lack])
        more = patches.lost_commits(git, own, history.reachable(git, [tip], [hotfix.tip, *lack]))
        if more:
            straight = len(more) == len(own) and history.is_ancestor(git, tip, hotfix.tip)
            picked = f"{tip[:10]}..{hotfix.tip[:10]}" if straight else " ".join(oid[:10] for oid in reversed(more))
            what = f"{hotfix.branch} has commits that came after it"
            hint = f"{command_line('start', f'{hotfix.issue}-2')}, then git cherry-pick {picked}"
        else:
            what = f"that tag has every change of {hotfix.branch}, replayed"
            finish = command_line("finish", hotfix.issue)
            hint = f"take the replayed commits: {git_command('switch', '-C', hotfix.branch, tip[:12])} && {finish}"
        return Failure(
            f"{hotfix.issue} is finished as {tag.name}; {what}",
            hint=hint,
            code=ExitCode.REFUSED,
        )
    return None
