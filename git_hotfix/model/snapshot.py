"""The snapshot: what one look at the repository and its remote saw."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName
from git_hotfix.model.policy import Policy, PolicyProblem
from git_hotfix.model.prefixes import Prefixes
from git_hotfix.model.tags import Tags


@frozen
class Remote:
    """The one remote that hotfixes travel over. `push_urls` are where git would push to."""

    name: str
    url: str
    push_urls: tuple[str, ...]
    fetches_all: bool = True  # its fetch refspec covers every branch


@frozen
class Logs:
    """Where the logbook of an issue stands: here, and on the remote when it was last asked."""

    here: Oid | None = None
    there: Oid | None = None


@frozen
class Refs:
    """All references that matter, as one look saw them.

    `branches` and `tags` are the remote's (the repository's own where there is no remote); `local` and `local_tags`
    this clone's; `worktrees` says where a local branch is checked out.
    """

    branches: Mapping[BranchName, Oid] = field(default_factory=dict)
    tags: Tags = field(default_factory=Tags)
    local: Mapping[BranchName, Oid] = field(default_factory=dict)
    local_tags: Tags = field(default_factory=Tags)
    head: BranchName | None = None  # the branch that HEAD names; None when it is detached, or has no commit yet
    worktrees: Mapping[BranchName, str] = field(default_factory=dict)
    logs: Mapping[IssueId, Logs] = field(default_factory=dict)
    own: Mapping[RefName, Oid] = field(default_factory=dict)  # what else stands below refs/hotfix/: no tags
    tags_guessed: bool = False  # the remote's tags were never fetched: these are the clone's own

    def logs_of(self, issue: IssueId) -> Logs:
        """The ends of the logbook of `issue`, of which there may be none."""
        return self.logs.get(issue, Logs())


@frozen
class Checkout:
    """The commit that HEAD names where it names no branch: its parents' ids, which need not be here, its subject, the
    branch that a CI job says it runs for, and whether the commit is a merge that only tries a pull request."""

    commit: Oid
    parents: tuple[Oid, ...]
    subject: str
    branch: BranchName | None = None
    tried: bool = False


@frozen
class Snapshot:
    """What a command knows before it judges.

    `production_tags` are all production tags of the production branch, newest first; those after the first are
    ancestors of it or lower versions, and where tags are many they are looked for when somebody asks. `made_here`,
    `proven` and `in_history` are lazy readers: the commits that this clone's reflog saw being made on a branch, those
    of tags with finish trailers whose fix is where they say, and those of some commits that the history of another
    one holds.
    """

    remote: Remote | None
    production: BranchName
    develop: BranchName | None
    refs: Refs
    production_tags: Sequence[Tag]
    policy: Policy
    policy_commit: Oid | None = None
    policy_file: str | None = None
    policy_from: str | None = None  # the revision that was named instead of production
    problems: tuple[PolicyProblem, ...] = ()
    now: int = 0
    prefixes: Prefixes = field(default_factory=Prefixes)
    seen_at: int | None = None  # when the remote was last asked, `now` where this look did; None for never
    silent: bool = False  # this look asked the remote, and got no answer
    checkout: Checkout | None = None  # where HEAD names no branch
    hidden: frozenset[Oid] = frozenset()  # commits whose parents a shallow clone does not show
    partial: str = ""  # why what this clone knows of the remote is no ground for a verdict; "" where it is
    commits_made_here: Callable[[BranchName], Collection[Oid]] = field(default=lambda branch: (), compare=False)
    prove_tags: Callable[[Sequence[Tag]], Sequence[Tag]] = field(default=lambda tags: tags, compare=False)
    in_history: Callable[[Collection[Oid], Oid], Collection[Oid]] = field(default=lambda oids, tip: (), compare=False)

    def unsent_logbooks(self, issues: Collection[IssueId]) -> list[IssueId]:
        """Those of `issues` whose branch the remote has, and whose logbook it has not, or not as it stands here."""
        found = []
        for issue in issues:
            logs = self.refs.logs.get(issue, Logs())
            if logs.here and logs.here != logs.there and self.hotfix_branch(issue) in self.refs.branches:
                found.append(issue)
        return found

    def finish_tags(self, issue: IssueId) -> list[Tag]:
        """The tags on the remote that `finish` made for `issue`, newest first; production has the fix of each, and
        a tag that only says so is none."""
        return [*self.prove_tags(self.refs.tags.finish_tags(issue))]

    @property
    def head(self) -> BranchName | None:
        """The branch that HEAD names."""
        return self.refs.head

    def issue_of(self, branch: str) -> IssueId | None:
        """The issue that a hotfix branch is named after; None for any other branch."""
        # A team whose prefix is `main-` has still one production branch.
        return None if branch in (self.production, self.develop) else self.prefixes.issue_of(branch)

    def hotfix_branch(self, issue: IssueId) -> BranchName:
        """The branch of `issue`: the one that stands here, else the one on the remote, else the name for a new one."""
        names = self.prefixes.branches(issue)
        if self.prefixes.folds:
            written = [name for known in (self.refs.local, self.refs.branches) for name in known
                       if self.issue_of(name) == issue]  # fmt: skip
            names = (*sorted(written, key=lambda name: name not in names), *names)
        return next(
            (name for known in (self.refs.local, self.refs.branches) for name in names if name in known), names[0]
        )

    @property
    def newest_tag(self) -> Tag | None:
        """The newest production tag, or None."""
        return self.production_tags[0] if self.production_tags else None

    @property
    def trunk(self) -> BranchName:
        """develop, or production for a team without one."""
        return self.develop or self.production
