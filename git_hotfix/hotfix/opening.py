"""What start and rollback share: an issue that can name a hotfix and is free, and the entry that opens its logbook."""

from __future__ import annotations

import shlex
import time
from pathlib import Path

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.run import Git
from git_hotfix.hotfix.base_tag import StartingPoint
from git_hotfix.hotfix.find import finishing_tag
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import BranchName, IssueId, branch_ref, why_no_issue
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.times import typed_time, utc_time


def issue_of(snapshot: Snapshot, text: str) -> IssueId:
    """The issue that `text` names, by itself or as a hotfix branch. Raises `Failure` (exit 2) with the reason why it
    can be none."""
    issue = snapshot.prefixes.issue_named(text)
    why = why_no_issue(issue)
    if why:
        raise Failure(
            f"{text!r} cannot name a hotfix: {why}",
            hint="git hotfix start 4711, or git hotfix start API-500",
            code=ExitCode.USAGE,
        )
    return issue


def refuse_existing(git: Git, snapshot: Snapshot, issue: IssueId) -> None:
    """Raises `Failure` (exit 2) where a hotfix of that name stands here or on the remote, or is finished."""
    branch = snapshot.hotfix_branch(issue)
    here, there = branch in snapshot.refs.local, branch in snapshot.refs.branches
    if here or there:
        where = "here" if here else f"on {snapshot.remote.name}" if snapshot.remote else "here"
        raise Failure(
            f"{branch} exists {where}",
            hint=_command_to_join(snapshot, branch),
            code=ExitCode.USAGE,
        )
    _refuse_in_the_way(snapshot, branch)
    made = finishing_tag(git, snapshot, issue)
    if made:
        raise Failure(
            f"{issue} is finished: it is {made}",
            hint=f"start a new one: {command_line('start', f'{issue}-2')}",
            code=ExitCode.USAGE,
        )


def _command_to_join(snapshot: Snapshot, branch: BranchName) -> str:
    """How to get to a hotfix branch that exists: git switches to none that another worktree has, or had."""
    place = snapshot.refs.worktrees.get(branch)
    if place is None:
        return f"join it: {git_command('switch', branch)}"
    if snapshot.head == branch:
        return "you are on it"
    if not (Path(place) / ".git").exists():
        join = f"git worktree prune && {git_command('switch', branch)}"
        return f"its worktree {place} is gone; forget it and join it here: {join}"
    return f"join it: cd {shlex.quote(place)}"


def _refuse_in_the_way(snapshot: Snapshot, branch: BranchName) -> None:
    """git keeps a branch in a file below folders of its name: `hotfix` and `hotfix/77` cannot both stand, nor can
    `hotfix/77` and `hotfix/77/again`."""

    def in_the_way(name: str) -> bool:
        return branch.startswith(f"{name}/") or name.startswith(f"{branch}/")

    here = next(filter(in_the_way, snapshot.refs.local), None)
    there = next(filter(in_the_way, snapshot.refs.branches), None) if snapshot.remote else None
    name = here or there
    if name is None:
        return
    new = f"old-{name.replace('/', '-')}"
    ways = []
    if here:
        ways.append(git_command("branch", "-m", here, new))
    if there and snapshot.remote:
        remote = snapshot.remote.name
        ways.append(git_command("push", remote, f"{remote}/{there}:refs/heads/{new}", f":{branch_ref(there)}"))
    where = "here" if here else f"on {snapshot.remote.name}" if snapshot.remote else "here"
    raise Failure(
        f"there is a branch {name} {where}, and git cannot have {branch} beside it",
        hint=f"rename it: {' && '.join(ways)}\nor use another prefix: git config hotfix.prefix hotfix-",
        code=ExitCode.USAGE,
    )


def time_said(text: str | None, option: str) -> int | None:
    """The time that an option says, in seconds since the epoch; None where it is not given. Raises `Failure` (exit 2)
    for what is not a time."""
    try:
        return None if text is None else typed_time(text, int(time.time()))
    except ValueError as error:
        raise Failure(
            f"{option} {text!r} is not a time",
            hint=f"{option} 20m, {option} 21:05, or {option} 2026-11-21T03:12Z",
            code=ExitCode.USAGE,
        ) from error


@frozen
class Opening:
    """What is said of a hotfix when it begins: when it was `detected`, in seconds (None: nobody said when, and it
    counts as when it began), the tag that a rollback `reverts`, the name that a person gave its `tag`."""

    title: str
    severity: str
    detected: int | None = None
    ticket: str = ""
    reverts: str = ""
    tag: str = ""


def start_entry(issue: IssueId, base: StartingPoint, said: Opening) -> Entry:
    """The entry that opens the logbook."""
    now = int(time.time())
    facts = {
        "Issue": issue,
        "Title": said.title,
        "Severity": said.severity,
        "Base-Tag": base.tag.name,
        "Base": base.tag.commit,
        "Production": base.line,
        "Newest-Tag": base.newest,
        "From": base.tag.name if base.chosen else "",
        "Tag": said.tag,
        "Reverts": said.reverts,
        "Detected": utc_time(now if said.detected is None else said.detected),
        "Started": utc_time(now),
        "Ticket": said.ticket,
    }
    headline = f"start hotfix {issue}" + (f": {said.title}" if said.title else "")
    return Entry("start", headline, {key: value for key, value in facts.items() if value})
