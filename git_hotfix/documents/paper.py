"""All that is known of one hotfix, as the five documents need it: one frozen value, whatever it was gathered from."""

from __future__ import annotations

from collections.abc import Mapping

from git_hotfix.model.actions import Action
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import TagName
from git_hotfix.model.plan import Delivery
from git_hotfix.model.recorded_evidence import Evidence
from git_hotfix.model.verdict import Verdict
from git_hotfix.record.boxes import BoxState
from git_hotfix.record.statements import Statements
from git_hotfix.record.timeline import Timeline


@frozen
class ChangedFile:
    """A file of the fix with the lines that it adds and removes; None for a binary one."""

    path: str
    added: int | None
    removed: int | None


@frozen
class Links:
    """Pages about a hotfix, each empty where nobody knows it: the ticket, the pull request, the release; `closes` is
    the issue as the forge would close it (`#4711`)."""

    ticket: str = ""
    pull_request: str = ""
    release: str = ""
    closes: str = ""


@frozen
class Missing:
    """One thing that a hotfix lacks before it is done: its id, what it is in words, the command that helps, and when it
    is due (seconds since the epoch)."""

    id: str
    what: str
    command: str
    due: int | None = None


@frozen
class Paper:
    """One hotfix for its documents. `tag` is the tag that it has or will have, `finished` whether the remote has that;
    `branch_gone` whether its branch was deleted there. `subjects` are those of its commits, `missing` what `close`
    still needs; `team_boxes` are the ids of those that the policy adds."""

    hotfix: Hotfix
    now: int
    timeline: Timeline
    statements: Statements
    boxes: Mapping[str, BoxState]
    verdict: Verdict
    tag: TagName | None = None
    finished: bool = False
    branch_gone: bool = False
    files: tuple[ChangedFile, ...] = ()
    subjects: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    actions: tuple[Action, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    links: Links = field(default_factory=Links)
    missing: tuple[Missing, ...] = ()
    team_boxes: tuple[str, ...] = ()
