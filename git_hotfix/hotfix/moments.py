"""The timeline of one hotfix, with what its commits and the approvals of its code say."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.approvals import read
from git_hotfix.git.run import Git
from git_hotfix.model.approvals import Approval
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.record.timeline import Commits, Timeline, read_timeline


def timeline_of(git: Git, snapshot: Snapshot, hotfix: Hotfix, approvals: Sequence[Approval]) -> Timeline:
    """When everything of `hotfix` was; `approvals` are those of its code as it is."""
    own = read.own_commits(git, hotfix) if hotfix.tip != hotfix.base else []
    return read_timeline(
        hotfix.logbook,
        now=snapshot.now,
        approvals=approvals,
        rule=snapshot.policy.approvals,
        commits=Commits(own[0].written, own[-1].written) if own else None,
        tree=hotfix.tip_tree,
    )
