"""What start and rollback share: an issue that can name a hotfix and is free, and the entry that opens its logbook."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.hotfix import tags_of
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import IssueId, hotfix_branch, why_no_issue
from git_hotfix.model.situation import Situation
from git_hotfix.starting_point import StartingPoint

UNCHANGED = "nothing was changed"


def issue_of(text: str) -> IssueId:
    """`text` as an issue. Raises `Failure` (exit 2) with the reason why it can be none."""
    why = why_no_issue(text)
    if why:
        raise Failure(
            f"{text!r} cannot name a hotfix: {why}",
            hint="git hotfix start 4711, or git hotfix start API-500",
            code=ExitCode.USAGE,
            unchanged=UNCHANGED,
        )
    return IssueId(text)


def refuse_taken(situation: Situation, issue: IssueId) -> None:
    """Raises `Failure` (exit 2) where a hotfix of that name stands here or on the remote, or is finished."""
    branch = hotfix_branch(issue)
    here, there = branch in situation.refs.local, branch in situation.refs.branches
    if here or there:
        where = "here" if here else f"on {situation.remote.name}" if situation.remote else "here"
        raise Failure(
            f"{branch} exists {where}",
            hint=f"join it: git switch {branch}",
            code=ExitCode.USAGE,
            unchanged=UNCHANGED,
        )
    made = tags_of(situation, issue)
    if made:
        raise Failure(
            f"{issue} is finished: it is {made[0].name}",
            hint=f"start a new one: git hotfix start {issue}-2",
            code=ExitCode.USAGE,
            unchanged=UNCHANGED,
        )


def entry(
    issue: IssueId,
    base: StartingPoint,
    *,
    title: str,
    severity: str,
    detected: int,
    ticket: str = "",
    reverts: str = "",
) -> Entry:
    """The entry that opens the logbook; `detected` in seconds, `reverts` the tag that a rollback takes back."""
    facts = {
        "Issue": issue,
        "Title": title,
        "Severity": severity,
        "Base-Tag": base.tag.name,
        "Base": base.tag.commit,
        "Production": base.line,
        "Newest-Tag": base.newest,
        "From": base.tag.name if base.chosen else "",
        "Reverts": reverts,
        "Detected": _utc(detected),
        "Started": _utc(int(time.time())),
        "Ticket": ticket,
    }
    headline = f"start hotfix {issue}" + (f": {title}" if title else "")
    return Entry("start", headline, {key: value for key, value in facts.items() if value})


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
