"""Whether a fix is on production already, however it came there: merged, fast-forwarded, squashed or rebased."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from typing import Literal

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history, merge, patches
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import trailers_of
from git_hotfix.model.names import Oid

# What `git revert` writes.
_REVERTS = re.compile(r"^This reverts commit ([0-9a-f]{40,64})", re.MULTILINE)


@frozen
class Landed:
    """How the fix came to production; `exact` is the first commit there whose tree is base + fix, if there is one."""

    how: Literal["merged", "applied", "squashed"]
    exact: Oid | None


def find(git: Git, hotfix: Hotfix, production: Oid) -> Landed | None:
    """How `production` holds the fix; None when it does not.

    Ancestry decides, then a merge that changes nothing. Where production has moved on over the same lines, a commit
    with the patch-id of the fix counts as long as nothing has reverted it since; so does a squash that `finish` made,
    whose conflict with production somebody solved: its patch-id is another one.
    """
    if hotfix.base is None or hotfix.base in (hotfix.tip, production):
        return None
    if history.containing(git, hotfix.tip, [production]):
        return Landed("merged", _exact(git, hotfix, production))
    [result] = merge.merge_all(git, [(production, hotfix.tip)])
    if result.clean and result.tree == history.trees(git, [production])[production]:
        return Landed("applied", _exact(git, hotfix, production))
    if patches.applied(git, hotfix.base, hotfix.tip, production):
        return Landed("squashed", _exact(git, hotfix, production))
    return Landed("squashed", None) if _squash(git, hotfix, production) else None


def _squash(git: Git, hotfix: Hotfix, production: Oid) -> Oid | None:
    """The squash of this very tip that `finish` made on production, by what its message says."""
    assert hotfix.base
    return next((
        commit.oid
        for commit in history.commits(git, production, [hotfix.base], first_parent=True)
        if hotfix.tip in commit.message and trailers_of(commit.message).get("Hotfix-Tip") == hotfix.tip
    ), None)  # fmt: skip


def _exact(git: Git, hotfix: Hotfix, production: Oid) -> Oid | None:
    assert hotfix.base
    line = history.first_parents(git, [production], [hotfix.base])
    known = history.trees(git, line)
    return next((commit for commit in reversed(line) if known[commit] == hotfix.tip_tree), None)


def doubt(git: Git, hotfix: Hotfix, production: Oid, landed: Landed) -> Failure | None:
    """Why what landed may not be this fix as it stands here; None where nothing speaks against it.

    A pull request can take commits that were never here, and its branch may be gone; a fix can be taken back before it
    was tagged.
    """
    assert hotfix.base
    line = history.first_parents(git, [production], [hotfix.base])
    known = {commit.oid: commit for commit in history.commits(git, production, [hotfix.base])}
    own = set(history.reachable(git, [hotfix.tip], [hotfix.base]))
    holding = history.containing(git, hotfix.tip, line)
    squash = _squash(git, hotfix, production)
    arrival = next((known[oid] for oid in reversed(line) if oid in holding or oid == squash), None)
    back = _taken_back(known, own, arrival.oid if arrival else None)
    if back or patches.taken_back(git, hotfix.base, hotfix.tip, production):
        what = f": {back.oid[:10]} {back.summary.subject}" if back else ""
        return Failure(
            f"{hotfix.production} has reverted this fix{what}",
            hint=f"abandon it and start again: git hotfix abandon {hotfix.issue}",
            code=ExitCode.REFUSED,
            unchanged="nothing was changed",
        )
    if arrival is None:
        return None
    beyond = [oid for oid in arrival.parents[1:] if oid != hotfix.tip]
    more = history.containing(git, hotfix.tip, beyond)
    return _more(hotfix, min(more)) if more and hotfix.tip not in arrival.parents else None


def _taken_back(
    known: Mapping[Oid, history.FullCommit], own: Set[Oid], arrival: Oid | None
) -> history.FullCommit | None:
    """The commit of production that reverts one of the fix's (or its arrival) and is not reverted itself."""
    named = own | {arrival} if arrival else own
    reverts = {oid: set(map(Oid, _REVERTS.findall(commit.message))) for oid, commit in known.items() if oid not in own}
    undone = {oid for names in reverts.values() for oid in names}
    return next((known[oid] for oid, names in reverts.items() if names & named and oid not in undone), None)


def _more(hotfix: Hotfix, merged: Oid) -> Failure:
    return Failure(
        f"what was merged into {hotfix.production} has commits that are not in {hotfix.branch}",
        hint=f"pull them: git switch {hotfix.branch} && git merge --ff-only {merged[:12]}",
        code=ExitCode.REFUSED,
        unchanged="nothing was changed",
    )
