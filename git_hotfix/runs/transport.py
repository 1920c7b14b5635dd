"""Where references are delivered: a remote, or in a repository without one the repository itself."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from git_hotfix.errors import UNCHANGED, Failure
from git_hotfix.git import refs, remote
from git_hotfix.git.remote import PushAnswer, PushResult
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.names import BranchName, RefName, branch_ref
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Remote, Snapshot
from git_hotfix.runs.history import Record

TIER_TWO_CHUNK = 3  # a forge sends no build events for a push that changes more references


class Transport(Protocol):
    """Delivers updates: all or none when atomic, else each for itself."""

    def push(self, updates: Sequence[RefUpdate], *, atomic: bool, tier: int) -> PushAnswer:
        """Deliver `updates`; every reference is answered for."""
        ...


@frozen
class ToRemote:
    """git push to one remote. `options` are the push options of each tier."""

    git: Git
    remote: Remote
    verify: bool = True
    options: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    record: Record | None = None

    def push(self, updates: Sequence[RefUpdate], *, atomic: bool, tier: int) -> PushAnswer:
        """Push with leases."""
        options = self.options.get(tier, ())
        git, name = self.git, self.remote.name
        return _push_recorded(self.record, updates, tier, lambda: remote.push(
            git, name, updates, atomic=atomic, verify=self.verify, options=options
        ))  # fmt: skip


@frozen
class ToRepository:
    """One transaction in the repository itself, never on a branch that is checked out somewhere."""

    git: Git
    worktrees: Mapping[BranchName, str]
    record: Record | None = None

    def push(self, updates: Sequence[RefUpdate], *, atomic: bool, tier: int) -> PushAnswer:
        """Move references here; a branch that is checked out is refused with the place where it is."""
        return _push_recorded(self.record, updates, tier, lambda: self._push(updates, atomic=atomic))

    def _push(self, updates: Sequence[RefUpdate], *, atomic: bool) -> PushAnswer:
        held = {branch_ref(branch): place for branch, place in self.worktrees.items()}
        results: dict[RefName, PushResult] = {}
        free = []
        for item in updates:
            if item.ref in held and item.new != item.old and item.new is not None:
                results[item.ref] = PushResult("refused", f"checked out in {held[item.ref]}")
            elif item.new != item.old:
                free.append(item)
        if atomic and results:
            return PushAnswer({**{item.ref: PushResult("bystander") for item in free}, **results})
        results.update(self._move(free, atomic=atomic))
        return PushAnswer({**{item.ref: PushResult("ok") for item in updates}, **results})

    def _move(self, updates: Sequence[RefUpdate], *, atomic: bool) -> dict[RefName, PushResult]:
        if not atomic:
            failed = refs.try_update(self.git, updates, reason="git hotfix")
            return {ref: PushResult("stale", reason) for ref, reason in failed.items()}
        try:
            refs.update(self.git, updates, reason="git hotfix")
        except Failure as failure:
            return {item.ref: PushResult("stale", failure.message) for item in updates}
        return {}


def _push_recorded(
    record: Record | None, updates: Sequence[RefUpdate], tier: int, push: Callable[[], PushAnswer]
) -> PushAnswer:
    """Push, with what is pushed written down before."""
    if record is None:
        return push()
    record.before(updates, tier)
    try:
        answer = push()
    except Failure:  # it was never sent
        record.after(updates, None)
        raise
    record.after(updates, answer)
    return answer


def with_record(transport: Transport, record: Record) -> Transport:
    """The same transport, which keeps a record of what it pushes."""
    assert isinstance(transport, (ToRemote, ToRepository))
    return replace(transport, record=record)


def transport_of(repository: Repository, snapshot: Snapshot, *, verify: bool) -> Transport:
    """The transport of a repository; the push options of a tier come from git config `hotfix.tier<n>PushOption`.

    Raises `Failure` (exit 3) for a remote with several push URLs: git would update one of them, be refused by
    another, and leave them apart.
    """
    place = snapshot.remote
    if place is None:
        return ToRepository(repository.git, snapshot.refs.worktrees)
    if len(place.push_urls) > 1:
        raise Failure(
            f"{place.name} has {len(place.push_urls)} push URLs: one could take the fix and another refuse it",
            hint=f"push to one place: git remote set-url --delete --push {shlex.quote(place.name)} <url>",
            unchanged=UNCHANGED,
        )
    options = {tier: repository.config.get(f"hotfix.tier{tier}pushoption", ()) for tier in (1, 2, 3)}
    return ToRemote(repository.git, place, verify, options)
