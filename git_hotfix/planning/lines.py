"""Which branch is production for a hotfix that starts at a chosen tag."""

from __future__ import annotations

from collections.abc import Mapping

from git_hotfix.model import patterns
from git_hotfix.model.names import BranchName, issue_of
from git_hotfix.model.situation import Situation


def line_of(situation: Situation, ahead: Mapping[BranchName, int]) -> BranchName | None:
    """The branch that a tag belongs to, of those that hold it: a support branch of the policy before the production
    branch, the nearest one of several. `ahead` counts the first-parent commits of each branch since the tag.

    None when only features and the like hold it.
    """
    support = patterns.names(situation.policy.support)
    own = [name for name in ahead if support(name) and issue_of(name) is None and name != situation.production]
    if own:
        return min(own, key=lambda name: (ahead[name], name))
    return situation.production if situation.production in ahead else None
