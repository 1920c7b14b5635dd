"""What the checks look at: a repository, its remote and its references, each looked at once and only if asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from git_hotfix import __version__
from git_hotfix.errors import Failure
from git_hotfix.git import production_tags, refs, remote
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, Oid, RefName, branch_ref
from git_hotfix.model.policy import Policy, PolicyProblem
from git_hotfix.model.snapshot import Refs, Remote
from git_hotfix.policy.documents import read_documents
from git_hotfix.policy.parse import Registry, read_policy
from git_hotfix.snapshot import find_develop, find_production, find_remote


@frozen
class CheckResult:
    """What a check saw: "ok"; "warn" for what will surprise; "fail" for what a hotfix will stumble over. `hint` is the
    command that helps."""

    status: Literal["ok", "warn", "fail"]
    says: str
    hint: str = ""


def failure_result(failure: Failure) -> CheckResult:
    """An expected failure as a result."""
    return CheckResult("fail", failure.message, failure.hint)


@frozen
class CloneContext:
    """A clone under examination. `online` allows one `ls-remote`; nothing else reaches the network, and nothing is
    written. A question that has no answer gives the `Failure` that every command would end with."""

    repository: Repository
    gates: Registry
    online: bool = False
    unreadable: tuple[Path, ...] = ()  # what killed runs wrote down and nobody can read

    @cached_property
    def remote(self) -> Remote | Failure | None:
        """The remote; None where there is none."""
        try:
            return find_remote(self.repository)
        except Failure as failure:
            return failure

    @property
    def remote_name(self) -> str | None:
        """The remote's name, or None."""
        return self.remote.name if isinstance(self.remote, Remote) else None

    @cached_property
    def seen(self) -> Refs:
        """The references as they were last fetched."""
        return refs.read_refs(self.repository.git, self.remote_name)

    @cached_property
    def answer(self) -> Mapping[RefName, Oid] | Failure | None:
        """What the remote answers now; None when it was not asked."""
        if not self.online or self.remote_name is None:
            return None
        try:
            return remote.ask(self.repository.git, self.remote_name)
        except Failure as failure:
            return failure

    @cached_property
    def production(self) -> BranchName | Failure:
        """The production branch."""
        try:
            return find_production(self.repository, self.seen.branches)
        except Failure as failure:
            return failure

    @property
    def develop(self) -> BranchName | None:
        """The branch of daily work, or None."""
        return find_develop(self.repository, self.seen.branches)

    @cached_property
    def documents(self) -> Mapping[str, bytes]:
        """The policy files that stand on production's tip."""
        if isinstance(self.production, Failure):
            return {}
        return read_documents(self.repository.git, self.seen.branches[self.production])

    @cached_property
    def policy(self) -> tuple[Policy, tuple[PolicyProblem, ...], str | None]:
        """Production's policy, its mistakes, and its file."""
        return read_policy(self.documents, gates=self.gates, version=__version__)

    @cached_property
    def release_tags(self) -> tuple[str, ...]:
        """The patterns that hold: the policy's, or git config's until one stands on production."""
        policy, _, file = self.policy
        return policy.release_tags if file else self.repository.release_tags or policy.release_tags

    def production_tags(self, tags: list[Tag]) -> tuple[Tag, ...]:
        """Those of `tags` that are production tags, newest first."""
        if isinstance(self.production, Failure):
            return ()
        tip = self.seen.branches[self.production]
        with private_git_dir(self.repository, keep=False) as git:
            return production_tags.order_candidates(git, tip, branch_ref(self.production), tags)


def name_some(names: Sequence[str], most: int = 3) -> str:
    """The first `most` of `names`, and how many more there are."""
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")
