"""Reading and appending `refs/hotfix/log/<issue>`: a chain of commits with an empty tree, one entry a commit."""

from __future__ import annotations

import re
from collections.abc import Sequence

from git_hotfix.git import commits, history
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import Identity
from git_hotfix.git.run import Git
from git_hotfix.model.logbook import Entry, Logbook, message_of, trailers_of
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.situation import Logs

_IDENT = re.compile(r"(?P<who>.*?> )(?P<when>\d+) [+-]\d{4}$")


def read(git: Git, issue: IssueId, logs: Logs) -> Logbook:
    """The logbook of `issue` from both sides: the remote's entries first, then those that only stand here."""
    entries: list[Entry] = []
    if logs.there:
        entries += map(_entry, history.commits(git, logs.there, []))
    if logs.here and logs.here != logs.there:
        entries += map(_entry, history.commits(git, logs.here, [logs.there] if logs.there else []))
    return Logbook(issue, tuple(entries))


def _entry(commit: history.FullCommit) -> Entry:
    facts = trailers_of(commit.message)
    kind = facts.pop("Hotfix-Entry", "event")
    ident = _IDENT.match(commit.author)
    who, when = (ident["who"].strip(), int(ident["when"])) if ident else (commit.author, 0)
    return Entry(kind, commit.summary.subject, facts, who, when, commit.oid)  # type: ignore[arg-type]


def append(git: Git, logs: Logs, entries: Sequence[Entry], who: Identity) -> Oid:
    """Write `entries` behind both sides of the logbook and return its new end; no reference is moved.

    Entries that only stand here go on top of the remote's: two people who wrote at once both keep what they wrote.
    """
    pending = list(entries)
    end = logs.here
    if logs.there and logs.there != logs.here:
        if logs.here is None:
            end = logs.there
        elif not history.is_ancestor(git, logs.there, logs.here):  # the usual case first: ours is ahead
            if not history.is_ancestor(git, logs.here, logs.there):
                return _chain(git, logs.there, _own(git, logs), pending, who)
            end = logs.there
    return _chain(git, end, [], pending, who)


def _own(git: Git, logs: Logs) -> list[Draft]:
    assert logs.here and logs.there
    own = history.commits(git, logs.here, [logs.there])
    return [Draft((), None, commit.message, commit.author) for commit in own]


def _chain(git: Git, end: Oid | None, replayed: Sequence[Draft], entries: Sequence[Entry], who: Identity) -> Oid:
    drafts = list(replayed)
    for entry in entries:
        facts = {"Hotfix-Entry": entry.kind, **entry.facts}
        drafts.append(Draft((), None, message_of(entry.title, facts)))
    for draft in drafts:
        parents = (end,) if end else ()
        end = commits.write(git, [Draft(parents, None, draft.message, draft.author)], who)[0]
    assert end is not None
    return end
