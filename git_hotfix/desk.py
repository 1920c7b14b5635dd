"""Prepare: what it needs to know, and the commits that it writes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import field

from git_hotfix.git import commits
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import Identity, Repository
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import Oid
from git_hotfix.model.plan import Delivery, Target
from git_hotfix.model.policy import Messages


@frozen
class Desk:
    """What preparing needs: the repository, git in its scratch directory, who signs, and whether commits are made at
    all (a dry run and `status` only want to know)."""

    repository: Repository
    git: Git
    who: Identity
    dry: bool = False
    sign_features: bool = False
    remembered: bool = True  # conflicts that were solved before are solved alike (`--no-rerere` says no)
    shown: bool = False  # the report is told what became of every hunk (`--show`)
    drafts: bool = False  # a conflict goes into a draft pull request where its target takes these (`--draft`)
    messages: Messages = field(default_factory=Messages)  # the team's templates

    def signs(self, target: Target) -> bool:
        """True when the merge into `target` is signed: as `commit.gpgSign` says, for features only when asked."""
        return self.repository.flag("commit.gpgSign") and (target.tier < 3 or self.sign_features)


@frozen
class Fix:
    """What is delivered: the commits between `base` and `source` (the hotfix tip, or its tag's commit). `tagged` is the
    commit of its tag: who holds that has the fix, whatever way it went to production."""

    hotfix: Hotfix
    base: Oid
    source: Oid
    tagged: Oid | None = None


Prepare = Callable[[Fix, Sequence[Target]], tuple[Delivery, ...]]
"""Makes deliveries of a fix; the command knows with what."""


def write(desk: Desk, drafts: Sequence[tuple[Target, Draft]]) -> list[Oid]:
    """Write all drafts: the unsigned ones in one process, each signed one by itself (fast-import cannot sign)."""
    plain = [draft for target, draft in drafts if not desk.signs(target)]
    written = iter(commits.write(desk.git, plain, desk.who))
    return [
        commits.write_signed(desk.repository, draft) if desk.signs(target) else next(written)
        for target, draft in drafts
    ]
