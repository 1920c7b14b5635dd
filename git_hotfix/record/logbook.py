"""Reading and appending `refs/hotfix/log/<issue>`: one entry a commit, whose tree holds its attachments, if any.

No entry is ever written anew: its id stands for it (an approval names the waivers that it covers) and its signature
covers its parents. Two lines of a logbook that were written at once are joined by a commit with both as parents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from heapq import heapify, heappop, heappush

from git_hotfix.git import blobs, commits, history
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import Identity
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import replace
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.logbook import SKEW, Entry, Logbook, message_of, trailers_of
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.snapshot import Logs

_IDENT = late_pattern(r"(?P<who>.*?> )(?P<when>\d+) [+-]\d{4}$")
JOIN = "join"
"""The kind of a commit that is not an entry: it joins two lines that were written at once."""

Sign = Callable[[Draft], Oid]
"""Writes a commit with a signature."""


def read(git: Git, issue: IssueId, logs: Logs) -> Logbook:
    """The logbook of `issue` from both sides, in one process. What was written at once stands in the order of its
    times, so that every clone reads the same last word, whether the sides are joined yet or not."""
    return git.once(("logbook", issue, logs.there, logs.here), lambda: _read(git, issue, logs))


def read_all(git: Git, every: Mapping[IssueId, Logs]) -> dict[IssueId, Logbook]:
    """All of these logbooks, in one process."""
    found = history.all_commits(git, [*dict.fromkeys(end for logs in every.values() for end in _ends(logs))])
    commits = {commit.oid: commit for commit in found}
    parents = {commit.oid: commit.parents for commit in found}

    def book(issue: IssueId, logs: Logs) -> Logbook:
        held = reached(parents, _ends(logs))
        return book_of(issue, [commits[oid] for oid in held if oid in commits])

    return {
        issue: git.once(("logbook", issue, logs.there, logs.here), partial(book, issue, logs))
        for issue, logs in every.items()
    }


def _ends(logs: Logs) -> list[Oid]:
    return [*dict.fromkeys(end for end in (logs.there, logs.here) if end)]


def _read(git: Git, issue: IssueId, logs: Logs) -> Logbook:
    return book_of(issue, history.all_commits(git, _ends(logs)))


def book_of(issue: IssueId, commits: Sequence[history.FullCommit]) -> Logbook:
    """What the commits of a logbook say, in the order in which it is read."""
    parents = {commit.oid: commit.parents for commit in commits}
    entries = {commit.oid: parse_entry(commit) for commit in commits}
    told = [_with_skew(entry, entries, parents) for entry in _in_order(entries, parents) if entry.kind != JOIN]
    return Logbook(issue, tuple(_since_starts(told, parents)))


def order_of(commits: Sequence[history.FullCommit]) -> list[Oid]:
    """The ids of the commits of a logbook, each behind all that it stands on, and those that were written at once in
    the order of their times."""
    parents = {commit.oid: commit.parents for commit in commits}
    return [entry.oid for entry in _in_order({each.oid: parse_entry(each) for each in commits}, parents) if entry.oid]


def reached(parents: Mapping[Oid, Sequence[Oid]], ends: Sequence[Oid]) -> set[Oid]:
    """`ends` and all that they stand on."""
    todo, found = [*ends], set[Oid]()
    while todo:
        oid = todo.pop()
        if oid not in found:
            found.add(oid)
            todo += parents.get(oid, ())
    return found


def _in_order(entries: Mapping[Oid, Entry], parents: Mapping[Oid, Sequence[Oid]]) -> Iterator[Entry]:
    """`entries` each behind all that it stands on, and of those that may come next the oldest first."""
    children: dict[Oid, list[Oid]] = {oid: [] for oid in entries}
    missing = {oid: [parent for parent in parents[oid] if parent in entries] for oid in entries}
    for oid, before in missing.items():
        for parent in before:
            children[parent].append(oid)
    left = {oid: len(before) for oid, before in missing.items()}
    ready = [(entries[oid].when, oid) for oid, count in left.items() if count == 0]
    heapify(ready)
    while ready:
        _, oid = heappop(ready)
        yield entries[oid]
        for child in children[oid]:
            left[child] -= 1
            if left[child] == 0:
                heappush(ready, (entries[child].when, child))


def _with_skew(entry: Entry, entries: Mapping[Oid, Entry], parents: Mapping[Oid, Sequence[Oid]]) -> Entry:
    """`entry` with by how much it is older than one that it stands on, where that is a clock that is wrong."""
    assert entry.oid
    before = max((entries[oid].when for oid in parents[entry.oid] if oid in entries), default=entry.when)
    return replace(entry, skew=before - entry.when) if before - entry.when > SKEW else entry


def _since_starts(entries: Sequence[Entry], parents: Mapping[Oid, Sequence[Oid]]) -> list[Entry]:
    """`entries` with those that a later start has behind it first: what somebody recorded beside a start, in a clone
    that did not have it yet, belongs to what was started."""
    starts = [entry.oid for entry in entries if entry.kind == "start" and entry.oid]
    behind = reached(parents, [parent for oid in starts for parent in parents[oid]])
    ranks = {entry.oid: 0 if entry.oid in behind else 1 if entry.kind == "start" else 2 for entry in entries}
    return sorted(entries, key=lambda entry: ranks[entry.oid])


def parse_entry(commit: history.FullCommit) -> Entry:
    """What a commit of a logbook records."""
    facts = trailers_of(commit.message)
    kind = facts.pop("Hotfix-Entry", "event")
    ident = _IDENT.match(commit.author)
    who, when = (ident["who"].strip(), int(ident["when"])) if ident else (commit.author, 0)
    title, attached = commit.message.partition("\n")[0], None if commits.is_empty_tree(commit.tree) else commit.tree
    return Entry(kind, title, facts, who, when, commit.oid, attached=attached)  # type: ignore[arg-type]


def attachment(git: Git, entry: Entry, name: str) -> bytes | None:
    """What is attached to an entry as `name`; None where nothing is, or where it is not here."""
    return blobs.read(git, [f"{entry.oid}:{name}"])[0] if entry.attached and "\n" not in name else None


def append(git: Git, logs: Logs, entries: Sequence[Entry], who: Identity, *, sign: Sign | None = None) -> Oid:
    """Write `entries` with what is attached to them behind both sides of the logbook, through `sign` where it is given,
    and return its new end; no reference is moved."""
    if sign and any(entry.attachments for entry in entries):
        raise ValueError("nothing is attached to an entry that is signed")
    last = independent_ends(git, logs.there, logs.here)
    drafts = [
        Draft(
            last, None, message_of(each.title, {"Hotfix-Entry": each.kind, **each.facts}), files=dict(each.attachments)
        )
        for each in entries
    ]
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
    draft = Draft(last, None, message_of("join entries that were recorded at the same time", {"Hotfix-Entry": JOIN}))
    return commits.write(git, [draft], who)[0]


def independent_ends(git: Git, first: Oid | None, second: Oid | None) -> tuple[Oid, ...]:
    """Those of two ends that the other one does not hold."""
    if first is None or second is None or first == second:
        return tuple(end for end in (first or second,) if end)
    if history.is_ancestor(git, first, second):  # the usual case first: ours is ahead
        return (second,)
    return (first,) if history.is_ancestor(git, second, first) else (first, second)
