"""Whether a fix is on production already, however it came there: merged, fast-forwarded, squashed or rebased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from git_hotfix.git import history, merge, patches
from git_hotfix.git.run import Git
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import Oid


@dataclass(frozen=True)
class Landed:
    """How the fix came to production; `exact` is the first commit there whose tree is base + fix, if there is one."""

    how: Literal["merged", "applied", "squashed"]
    exact: Oid | None


def find(git: Git, hotfix: Hotfix, production: Oid) -> Landed | None:
    """How `production` holds the fix; None when it does not.

    Ancestry decides, then a merge that changes nothing. Where production has moved on over the same lines, a commit
    with the patch-id of the fix counts as long as nothing has reverted it since.
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
    return None


def _exact(git: Git, hotfix: Hotfix, production: Oid) -> Oid | None:
    assert hotfix.base
    line = history.first_parents(git, [production], [hotfix.base])
    known = history.trees(git, line)
    return next((commit for commit in reversed(line) if known[commit] == hotfix.tip_tree), None)
