"""Appending to a logbook, here and on the remote, by compare-and-swap."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.errors import Failure
from git_hotfix.execution.transport import ToRemote, Transport
from git_hotfix.git import logbook, refs, remote
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import IssueId, Oid, log_ref
from git_hotfix.model.plan import RefUpdate
from git_hotfix.model.situation import Logs, Situation

_TRIES = 3


def record(repository: Repository, git: Git, situation: Situation, issue: IssueId, entries: Sequence[Entry]) -> Oid:
    """Append `entries` here and return the logbook's new end. `git` must keep what it writes.

    Somebody in this clone who appended at the same moment is fetched and appended to. Raises `Failure` (exit 3) when
    that happens again and again.
    """
    who = repository.identity
    logs = situation.refs.logs.get(issue, Logs())
    for attempt in range(_TRIES):
        end = logbook.append(git, logs, entries, who)
        try:
            refs.update(repository.git, [RefUpdate(log_ref(issue), logs.here, end)], reason="git hotfix logbook")
            return end
        except Failure:
            if attempt == _TRIES - 1:
                raise
            logs = refs.read_logs(repository.git, issue)
    raise AssertionError("unreachable")


def send(repository: Repository, git: Git, transport: Transport, issue: IssueId) -> str | None:
    """Push the logbook. Entries that somebody else pushed meanwhile are fetched and ours go on top of them.

    Returns None when the remote has it, else why not: a record that stays here is no reason to stop a fix.
    """
    if not isinstance(transport, ToRemote):
        return None
    who = repository.identity
    reason = ""
    for _ in range(_TRIES):
        logs = refs.read_logs(repository.git, issue)
        if logs.here is None:
            return None
        end = logbook.append(git, logs, [], who)
        if end != logs.here:
            refs.update(repository.git, [RefUpdate(log_ref(issue), logs.here, end)], reason="git hotfix logbook")
        if logs.there == end:
            return None
        answer = transport.push([RefUpdate(log_ref(issue), logs.there, end)], atomic=False, tier=1)
        result = answer.results[log_ref(issue)]
        if result.status == "ok":
            seen = RefUpdate(log_ref(issue, remote=True), logs.there, end)
            refs.try_update(repository.git, [seen], reason="git hotfix logbook")
            return None
        reason = result.reason
        if result.status != "stale":
            break
        remote.fetch(repository.git, transport.remote.name)
    return reason
