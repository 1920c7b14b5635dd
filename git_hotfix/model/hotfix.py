"""One hotfix: where it starts, where it stands, and what the gates are told of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.change import ChangeSet, Commit, Content, FileChange
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.logbook import Logbook
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName, TagName
from git_hotfix.model.policy import Package, Policy, PolicyProblem
from git_hotfix.model.verdict import Finding

Urgency = Literal["P0", "P1", "P2"]


@frozen
class Tag:
    """A tag: its name, the object it names, the commit below it, its date (tagger's, else committer's; seconds), the
    finish trailers of its message when this tool made it, and the tagger's name where it is an object of its own."""

    name: TagName
    oid: Oid
    commit: Oid
    date: int
    annotated: bool
    trailers: tuple[tuple[str, str], ...] = ()
    who: str = ""

    def trailer(self, key: str) -> str | None:
        """The value of a finish trailer, or None."""
        return dict(self.trailers).get(key)


@frozen
class Link:
    """A commit as the graph has it: its parents, first one first, and its committer date in seconds."""

    parents: tuple[Oid, ...]
    date: int = 0

    @property
    def first(self) -> Oid:
        """The first parent; "" for a commit that has none."""
        return self.parents[0] if self.parents else Oid("")


@frozen
class Foreign:
    """A commit inside the hotfix that another branch made: its id and that branch.

    `doubt` is set where that is a topic branch, cut where the hotfix starts, and a human may say that the commit is the
    fix: it is "early", older than the hotfix or of a hotfix of which nothing says when it started, or the branch is
    "mixed", because it took others' work in behind the commit.
    """

    commit: Oid
    ref: RefName
    doubt: Literal["", "early", "mixed"] = ""


@frozen
class Hotfix:
    """One hotfix, derived from its branch and its logbook.

    `base` is None when the branch does not contain the commit of a production tag. `tip_tree` is the tree that waivers
    hold for. `chosen` says that `start --from` recorded the base. `production` is the branch that this hotfix goes to:
    the production branch, or a line of its own (support/1.2). `tag` is the name that `start` recorded for its tag.
    """

    issue: IssueId
    branch: BranchName
    production: BranchName
    base_tag: TagName | None
    base: Oid | None
    tip: Oid
    tip_tree: Oid
    base_tree: Oid | None = None
    title: str = ""
    severity: Urgency = "P1"
    chosen: bool = False
    tag: TagName | None = None
    logbook: Logbook = field(default_factory=lambda: Logbook(IssueId("")))


@frozen
class Landing:
    """A push to production that brings hotfix commits: which, and which production tags hold them after it."""

    ref: RefName
    issue: str
    tip: Oid
    tags: tuple[TagName, ...] = ()


@frozen
class EarlierHotfix:
    """The newest release up to the base tag that was itself a hotfix of a release, and some of its files."""

    tag: TagName
    files: Mapping[str, bytes | None]


def _not_known() -> TagName | None:
    return None


def _no_hotfix(paths: Sequence[str]) -> EarlierHotfix | None:
    return None


@frozen
class Facts:
    """Everything that a gate may ask of a hotfix. Pure but for what is read when it is asked for: `content`, `next_tag`
    and `earlier_hotfix`.

    `newest_tag` is the newest production tag of the hotfix's line; `at_production` says that the hotfix is about to
    land (finish, or a push of production), where a newer tag no longer warns but blocks.
    """

    hotfix: Hotfix
    changes: ChangeSet
    commits: tuple[Commit, ...]
    policy: Policy
    content: Content
    newest_tag: TagName | None = None
    newest_by: str = ""  # who made it, where it is newer than the base
    foreign: tuple[Foreign, ...] = ()
    at_production: bool = False
    landing: Landing | None = None
    problems: tuple[PolicyProblem, ...] = ()
    unseen_tags: tuple[TagName, ...] = ()  # here, but not seen on the remote when it was last asked
    packages: Mapping[str, Package] = field(default_factory=dict)  # by the policy, else guessed from names of tags
    waivers: tuple[Waiver, ...] = ()
    approvals: tuple[Approval, ...] = ()
    unread: tuple[Finding, ...] = ()  # what the other gates could not read; only a gate that sums up is told
    # The tag that the hotfix has or will have; None where no rule says it. Asking costs a look at all tags.
    next_tag: Callable[[], TagName | None] = field(default=_not_known, compare=False)
    earlier_hotfix: Callable[[Sequence[str]], EarlierHotfix | None] = field(default=_no_hotfix, compare=False)
    imported: frozenset[str] = frozenset()  # changed files that are production's because production code imports them

    def is_production(self, path: str) -> bool:
        """True for a production file: by its place and name, or because production code imports it."""
        return path in self.imported or self.policy.files.is_production(path)

    @property
    def production(self) -> tuple[FileChange, ...]:
        """The changed files of which the old or the new path is production's."""
        return self.changes.production(self.is_production)
