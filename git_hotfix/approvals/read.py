"""Waivers and approvals of a hotfix: what git knows of the people and the signatures behind them, judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.approvals import judge
from git_hotfix.approvals.judge import KnownPeople
from git_hotfix.git import blobs, history
from git_hotfix.git.history import FullCommit
from git_hotfix.git.repository import Identity
from git_hotfix.git.run import Git
from git_hotfix.model.approvals import Approval, Signature, Waiver, mail_of
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry, Kind, Logbook
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Policy
from git_hotfix.model.snapshot import Snapshot


def read_approvals(
    git: Git, snapshot: Snapshot, hotfix: Hotfix, own: Sequence[FullCommit]
) -> tuple[tuple[Waiver, ...], tuple[Approval, ...]]:
    """The waivers and approvals of `hotfix` for the code as it is; `own` are its commits, oldest first.

    A hotfix without an approval of its code costs no process: then nothing depends on who wrote what.
    """
    return judge.judge_approvals(
        hotfix.logbook, hotfix.tip_tree, read_people(git, snapshot, hotfix, own), snapshot.policy
    )


def read_people(
    git: Git, snapshot: Snapshot, hotfix: Hotfix, own: Sequence[FullCommit], *, ask: bool = False
) -> KnownPeople:
    """What git knows of the people behind a hotfix, its waivers and its approvals; who wrote it only where somebody
    approved this code, or where `ask` says that it is needed."""
    book = hotfix.logbook
    found = KnownPeople(history=tuple((commit.oid, commit.tree) for commit in own))
    given = [entry for entry in book.of_kind("approval") if entry.tree == hotfix.tip_tree and entry.oid]
    if hotfix.base is None or not (given or ask):
        return found
    from git_hotfix.git import people  # most hotfixes are judged before anybody approved them

    entries = [entry.oid for entry in (*given, *book.of_kind("waiver")) if entry.oid]
    mailmap = snapshot.refs.branches[snapshot.production]
    written = people.writers(git, [*(commit.oid for commit in own), *entries], mailmap)
    commits = {entry.oid: entry.who for entry in given if entry.oid}
    authors = {mail for commit in own if commit.oid in written for mail in written[commit.oid].all}
    return replace(
        found,
        authors=frozenset(authors),
        people={oid: written[oid].author for oid in entries if oid in written},
        signatures=check_signatures(git, snapshot, commits) if snapshot.policy.approvals.signed else {},
    )


def check_signatures(git: Git, snapshot: Snapshot, commits: Mapping[Oid, str]) -> dict[Oid, Signature]:
    """commit → whether a key of its writer (`Name <mail>`, the values of `commits`) signed it, by the file of keys that
    the policy names, on production."""
    from git_hotfix.git import signatures

    tip, place = snapshot.refs.branches[snapshot.production], snapshot.policy.approvals.signers
    return signatures.check(git, {commit: address(who) for commit, who in commits.items()}, tip, place)


def is_author(git: Git, snapshot: Snapshot, hotfix: Hotfix, identity: Identity) -> bool:
    """True where whoever writes had a hand in the fix, by the mailmap of production; False where nobody can tell."""
    from git_hotfix.git import people

    who = writer(identity)
    known = read_people(git, snapshot, hotfix, own_commits(git, hotfix), ask=True).authors or ()
    mapped = people.mapped_address(git, who, snapshot.refs.branches[snapshot.production])
    return bool({mail_of(who), mapped} & set(known))


def address(who: str) -> str:
    """The address of `Name <mail>` as it is written."""
    return who.rpartition("<")[2].removesuffix(">")


def writer(identity: Identity) -> str:
    """`Name <mail>` of whoever writes."""
    return identity.author.rsplit(" ", 2)[0]


def next_number(book: Logbook, kind: Kind) -> int:
    """The number of the next waiver or approval: above all that are there, whoever wrote them."""
    ends = (judge.name_of(entry).rpartition(kind[0].upper())[2] for entry in book.of_kind(kind))
    return max((int(end) for end in ends if end.isdecimal() and len(end) < 7), default=0) + 1


def waiver_alone(hotfix: Hotfix, entry: Entry, policy: Policy) -> Waiver:
    """The waiver that `entry` has just recorded: no approval can cover it yet."""
    book = replace(hotfix.logbook, entries=(*hotfix.logbook.entries, entry))
    waivers, _ = judge.judge_approvals(book, hotfix.tip_tree, KnownPeople(), policy)
    return waivers[-1]


def read_signers(git: Git, snapshot: Snapshot) -> bytes | None:
    """The file of keys that production's tip holds, None where it holds none."""
    path = snapshot.policy.approvals.signers
    if "\n" in path:
        return None
    return blobs.read(git, [f"{snapshot.refs.branches[snapshot.production]}:{path}"])[0]


def own_commits(git: Git, hotfix: Hotfix) -> list[FullCommit]:
    """The commits of a hotfix, oldest first."""
    return history.commits(git, hotfix.tip, [hotfix.base]) if hotfix.base else []
