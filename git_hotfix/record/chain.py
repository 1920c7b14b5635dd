"""A logbook as the chain of commits that it is: every object as it stands there, and what git reads of it.

`record.logbook` reads what entries say. Here is what tells whether they are still what they were: an id that is the
hash of its content, the trailers that git finds, and a fingerprint of each entry that does not depend on its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

from git_hotfix.git import blobs, history
from git_hotfix.git.history import FullCommit
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import frozen
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.logbook import Entry, Logbook, trailer_lines
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.record import logbook

_PARENT = late_pattern(rb"\nparent [0-9a-f]+")
_FINGERPRINT = 8  # hex digits; the id where the logbook ended is what binds, this only says which entry it was
MOST = 200  # fingerprints that a tag names: the newest ones, 1.8 KB
_A_ROW = 8  # of them, which a terminal of 80 columns shows
LOG_END, LOG_ENTRIES, ANCHORED_TAG = "Hotfix-Log", "Hotfix-Log-Entries", "Hotfix-Tag"
"""The trailers by which a tag, or the commit of a post-mortem, says where the logbook of a tag ended."""


@frozen
class RecordedCommit:
    """One commit of a logbook: what it says and records, the keys of the trailers that git reads in it, whether its
    content is what its id says, and its fingerprint, the same wherever in a logbook it stands."""

    commit: FullCommit
    entry: Entry
    keys: tuple[str, ...]
    intact: bool
    fingerprint: str

    @property
    def oid(self) -> Oid:
        """Its id."""
        return self.commit.oid

    @property
    def whole(self) -> bool:
        """True for an entry whose trailers git reads as this tool does."""
        said = tuple(key for key, _ in trailer_lines(self.commit.message))
        return said == self.keys and self.keys.count("Hotfix-Entry") == 1


@frozen
class Chain:
    """All commits of one logbook, each behind what it stands on, in the order in which its entries are read."""

    issue: IssueId
    commits: tuple[RecordedCommit, ...] = ()

    @property
    def parents(self) -> Mapping[Oid, tuple[Oid, ...]]:
        """commit → its parents."""
        return {each.oid: each.commit.parents for each in self.commits}

    @property
    def entries(self) -> tuple[RecordedCommit, ...]:
        """Those that are entries: a commit that only joins two lines is none."""
        return tuple(each for each in self.commits if each.entry.kind != logbook.JOIN)

    def reached(self, ends: Iterable[Oid]) -> frozenset[Oid]:
        """`ends` and all that they stand on, as far as it is here."""
        return frozenset(logbook.reached(self.parents, [*ends])) & frozenset(self.parents)

    def up_to(self, ends: Iterable[Oid]) -> Chain:
        """The part of it that `ends` stand on."""
        held = self.reached(ends)
        return Chain(self.issue, tuple(each for each in self.commits if each.oid in held))

    @property
    def book(self) -> Logbook:
        """What its entries say."""
        return logbook.book_of(self.issue, [each.commit for each in self.commits])


def read_chain(git: Git, issue: IssueId, ends: Sequence[Oid]) -> Chain:
    """The logbook that `ends` stand on: two processes, however long it is. Raises `Failure` (exit 3) where git cannot
    read one of its commits."""
    found = history.trailer_keys(git, ends) if ends else {}
    contents = blobs.read(git, [*found])
    pairs = zip(found.items(), contents, strict=True)
    commits = {oid: _read_commit(oid, content, keys) for (oid, keys), content in pairs if content is not None}
    order = logbook.order_of([each.commit for each in commits.values()])
    return Chain(issue, tuple(commits[oid] for oid in order))


def _read_commit(oid: Oid, content: bytes, keys: tuple[str, ...]) -> RecordedCommit:
    commit = history.parse_commit(oid, content)
    head, rest = content[: content.find(b"\n\n")], content[content.find(b"\n\n") :]
    own = hashlib.sha256(_PARENT.sub(b"", head) + rest).hexdigest()[:_FINGERPRINT]
    return RecordedCommit(commit, logbook.parse_entry(commit), keys, _id_of(content, oid) == oid, own)


def _id_of(content: bytes, like: Oid) -> str:
    """The id that git gives a commit of this content, in a repository whose ids are as long as `like`."""
    made = hashlib.sha1 if len(like) == 40 else hashlib.sha256
    return made(b"commit %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def anchor_facts(git: Git, issue: IssueId, ends: Sequence[Oid]) -> dict[str, str]:
    """The trailers by which a tag, or a commit that everybody has, names where a logbook ended (`ends`): the ids, which
    bind all that they stand on, and the fingerprints of the newest entries, oldest first, by which anybody who has only
    these can tell which entry is another one now."""
    prints = [each.fingerprint for each in read_chain(git, issue, ends).entries][-MOST:]
    rows = [" ".join(prints[start : start + _A_ROW]) for start in range(0, len(prints), _A_ROW)]
    return {LOG_END: " ".join(ends), LOG_ENTRIES: "\n".join(rows)} if prints else {}
