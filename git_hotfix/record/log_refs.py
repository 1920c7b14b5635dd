"""Appending to a logbook, here and on the remote, by compare-and-swap."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence

from git_hotfix.errors import Failure
from git_hotfix.git import history, refs, remote
from git_hotfix.model.frozen import replace
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import IssueId, Oid, log_ref
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Logs, Snapshot
from git_hotfix.record import logbook
from git_hotfix.record.logbook import Sign
from git_hotfix.runs.transport import ToRemote, Transport, transport_of
from git_hotfix.snapshot import Clone

_TRIES = 3
_BESIDE = 5.0  # seconds that a logbook may keep somebody waiting who asked for something else


def record_entries(
    clone: Clone, issue: IssueId, entries: Sequence[Entry], *, sign: Sign | None = None, once: bool = False
) -> Oid:
    """Append `entries` here, through `sign` where they are signed, and return the logbook's new end. The private
    directory of `clone` must keep what is written.

    With `once` an entry that stands already is not written again: a killed run had come that far. Where somebody in
    this clone appended meanwhile, or this run did, `entries` are written behind that. Raises `Failure` (exit 3) when
    that happens again and again.
    """
    repository, git, who = clone.repository, clone.git, clone.repository.identity_now()
    logs = clone.snapshot.refs.logs_of(issue)
    if once:
        book = logbook.read(git, issue, logs)
        entries = [entry for entry in entries if not book.ends_with(entry)]
        if not entries and (known := logs.here or logs.there):
            return known
    end = logbook.append(git, logs, entries, who, sign=sign)
    for attempt in range(_TRIES):
        try:
            refs.update(repository.git, [RefUpdate(log_ref(issue), logs.here, end)], reason="git hotfix logbook")
            return end
        except Failure:
            if attempt == _TRIES - 1:
                raise
            logs = refs.read_logs(repository.git, issue)
            end = logbook.append(git, logs, entries, who, sign=sign)
    raise AssertionError("unreachable")


def record_and_send(
    clone: Clone, issue: IssueId, entries: Sequence[Entry], *,
    sign: Sign | None = None, once: bool = False, always: bool = False,
) -> str | None:  # fmt: skip
    """Append `entries` (none: only send what stands here; `sign` and `once` as in `record_entries`) and, where the
    remote has the hotfix branch or its logbook, there too; with `always` also where it has neither.

    Returns why the remote did not take them, else None: a record that stays here is no reason to stop a fix.
    """
    snapshot = clone.snapshot
    transport = transport_of(clone.repository, snapshot, verify=False)  # what can refuse comes before what is recorded
    if entries:
        record_entries(clone, issue, entries, sign=sign, once=once)
    there = snapshot.refs.logs_of(issue).there
    if not always and snapshot.hotfix_branch(issue) not in snapshot.refs.branches and there is None:
        return None
    return send_logbook(clone, transport, issue)


def send_logbook(clone: Clone, transport: Transport, issue: IssueId) -> str | None:
    """Push the logbook. Entries that somebody else pushed meanwhile are fetched and joined with ours.

    Returns None when the remote has it, else why not: a record that stays here is no reason to stop a fix.
    """
    if not isinstance(transport, ToRemote):
        return None
    repository, git, who = clone.repository, clone.git, clone.repository.identity_now()
    reason = ""
    for _ in range(_TRIES):
        logs = refs.read_logs(repository.git, issue)
        if logs.here is None:
            return None
        end = logbook.join_ends(git, logs.there, logs.here, who)
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
        try:
            remote.fetch(repository.git, transport.remote.name)
        except Failure as failure:  # ours is recorded already
            return failure.message
    return reason


def send_beside(clone: Clone, issues: Collection[IssueId]) -> tuple[Snapshot, dict[IssueId, str]]:
    """Send the logbooks of `issues` beside what was asked for: one push each, 5 s at most for all, and nobody is asked
    for a password. What others wrote meanwhile is left to the next command that records something.

    Returns what is known now, and why the remote has one of them not, by issue.
    """
    repository, snapshot = clone.repository, clone.snapshot
    place, failed, logs = snapshot.remote, dict[IssueId, str](), dict(snapshot.refs.logs)
    if place is None or len(place.push_urls) > 1:
        return snapshot, failed
    end = time.monotonic() + _BESIDE
    for issue in snapshot.unsent_logbooks(issues):
        here, there = logs[issue].here, logs[issue].there
        assert here
        if there and not history.is_ancestor(clone.git, there, here):
            continue  # nothing that is only here, or two lines to be joined
        left = end - time.monotonic()
        reason = remote.send(repository.git, place.name, log_ref(issue), here, left) if left > 0 else "no time left"
        if reason:
            failed[issue] = reason
            continue
        known = refs.read_logs(repository.git, issue).there  # what `there` is may have been asked, and never written
        seen = RefUpdate(log_ref(issue, remote=True), known, here)
        refs.try_update(repository.git, [seen], reason="git hotfix logbook")
        logs[issue] = Logs(here, here)
    return replace(snapshot, refs=replace(snapshot.refs, logs=logs)), failed
