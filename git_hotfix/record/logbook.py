"""Reading and appending `refs/hotfix/log/<issue>`: commits with an empty tree, one entry a commit.

No entry is ever written anew: its id stands for it (an approval names the waivers that it covers) and its signature
covers its parents. Two lines of a logbook that were written at once are joined by a commit with both as parents.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from git_hotfix.git import commits, history
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import Identity
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import replace
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.logbook import Entry, Logbook, message_of, trailers_of
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.snapshot import Logs

_IDENT = late_pattern(r"(?P<who>.*?> )(?P<when>\d+) [+-]\d{4}$")
_JOIN = "join"  # the kind of a commit that is not an entry

Sign = Callable[[Draft], Oid]
"""Writes a commit with a signature."""


def read(git: Git, issue: IssueId, logs: Logs) -> Logbook:
    """The logbook of `issue` from both sides: the remote's entries first, then those that only stand here."""
    found: list[history.FullCommit] = []
    if logs.there:
        found += history.commits(git, logs.there, [])
    if logs.here and logs.here != logs.there:
        found += history.commits(git, logs.here, [logs.there] if logs.there else [])
    parents = {commit.oid: commit.parents for commit in found}
    entries = [entry for entry in map(_parse_entry, found) if entry.kind != _JOIN]
    return Logbook(issue, tuple(_since_starts(entries, parents)))


def _since_starts(entries: Sequence[Entry], parents: Mapping[Oid, Sequence[Oid]]) -> list[Entry]:
    """`entries` with those that a later start has behind it first: what somebody recorded beside a start, in a clone
    that did not have it yet, belongs to what was started."""
    behind: set[Oid] = set()
    for entry in entries:
        if entry.kind == "start" and entry.oid:
            todo = list(parents[entry.oid])
            while todo:
                oid = todo.pop()
                if oid not in behind:
                    behind.add(oid)
                    todo += parents.get(oid, ())
    ranks = {entry.oid: 0 if entry.oid in behind else 1 if entry.kind == "start" else 2 for entry in entries}
    return sorted(entries, key=lambda entry: ranks[entry.oid])


def _parse_entry(commit: history.FullCommit) -> Entry:
    facts = trailers_of(commit.message)
    kind = facts.pop("Hotfix-Entry", "event")
    ident = _IDENT.match(commit.author)
    who, when = (ident["who"].strip(), int(ident["when"])) if ident else (commit.author, 0)
    return Entry(kind, commit.summary.subject, facts, who, when, commit.oid)  # type: ignore[arg-type]


def append(git: Git, logs: Logs, entries: Sequence[Entry], who: Identity, *, sign: Sign | None = None) -> Oid:
    """Write `entries` behind both sides of the logbook, through `sign` where it is given, and return its new end; no
    reference is moved."""
    last = independent_ends(git, logs.there, logs.here)
    drafts = [Draft(last, None, message_of(each.title, {"Hotfix-Entry": each.kind, **each.facts})) for each in entries]
    if sign is None:
        return (*last[:1], *commits.write_line(git, drafts, who))[-1]
    for draft in drafts:
        last = (sign(replace(draft, parents=last)),)
    return last[0]


def join_ends(git: Git, first: Oid | None, second: Oid, who: Identity) -> Oid:
    """An end of the logbook that holds both `first` and `second`: one of them where it does, else a commit on both."""
    last = independent_ends(git, first, second)
    if len(last) == 1:
        return last[0]
    draft = Draft(last, None, message_of("join entries that were recorded at the same time", {"Hotfix-Entry": _JOIN}))
    return commits.write(git, [draft], who)[0]


def independent_ends(git: Git, first: Oid | None, second: Oid | None) -> tuple[Oid, ...]:
    """Those of two ends that the other one does not hold."""
    if first is None or second is None or first == second:
        return tuple(end for end in (first or second,) if end)
    if history.is_ancestor(git, first, second):  # the usual case first: ours is ahead
        return (second,)
    return (first,) if history.is_ancestor(git, second, first) else (first, second)
