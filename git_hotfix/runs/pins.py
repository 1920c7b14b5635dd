"""What a run is about to do is kept before it does it: its objects alive, its plan on disk."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.git import commits, refs
from git_hotfix.git.repository import Repository
from git_hotfix.model.names import RUN, TAGS, IssueId, branch_ref, decode_component, encode_component, short, tag_ref
from git_hotfix.model.plan import Delivery
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.runs import history, journal
from git_hotfix.snapshot import Clone

_PARENTS = 1000  # commits that one pin keeps alive


def keep(clone: Clone, issue: IssueId, command: str, updates: Sequence[RefUpdate]) -> None:
    """Pin the objects of `updates` against a garbage collection and write the journal. Complete when this returns.

    A commit that has all new ones as parents keeps them alive by one reference, however many they are; tags have one
    each. What was kept before in the same run stays kept.
    """
    repository, snapshot = clone.repository, clone.snapshot
    new = list(dict.fromkeys(item.new for item in updates if item.new and not item.ref.startswith(TAGS)))
    bundles = [commits.write_bundle(clone.git, new[start : start + _PARENTS]) for start in range(0, len(new), _PARENTS)]
    pins = {f"commits-{oid[:16]}": oid for oid in bundles}
    for item in updates:
        if item.new and item.ref.startswith(TAGS):
            pins[f"tag-{encode_component(short(item.ref))}"] = item.new
    refs.pin(repository.git, pin_area(issue), pins, snapshot.refs.own)
    own = RefUpdate(branch_ref(snapshot.hotfix_branch(issue)), None, None)  # the end of the run deletes it
    journal.write(repository.common_dir, issue, command, [*updates, own])


def unfinished_issues(repository: Repository, snapshot: Snapshot) -> list[IssueId]:
    """The issues with a run that did not come to its end: known by its journal, or by what it pinned before that."""
    pins = (ref.removeprefix(RUN).split("/")[0] for ref in snapshot.refs.own if ref.startswith(RUN))
    return sorted({*journal.open_issues(repository.common_dir), *(IssueId(decode_component(name)) for name in pins)})


def updates_of(deliveries: Sequence[Delivery]) -> list[RefUpdate]:
    """What pushing `deliveries` writes: targets, the branches of pull requests, tags of lines."""
    found = []
    for delivery in deliveries:
        if delivery.new and delivery.offer:
            found.append(RefUpdate(delivery.offer.ref, delivery.offer.held, delivery.new))
        elif delivery.new and delivery.status == "merged":
            found.append(RefUpdate(delivery.target.ref, delivery.target.tip, delivery.new))
        if delivery.tag and delivery.tag.oid:
            found.append(RefUpdate(tag_ref(delivery.tag.name), None, delivery.tag.oid))
    return found


def pin_area(issue: IssueId) -> str:
    """Where the new commits of a run are kept alive."""
    return f"{RUN}{encode_component(issue)}/"


def end_run(repository: Repository, issue: IssueId, deliveries: Sequence[Delivery]) -> None:
    """The run came to its end; where nobody can say what became of a delivery, its journal stays open for the next."""
    if not any(each.unknown for each in deliveries):
        forget(repository, issue)


def forget(repository: Repository, issue: IssueId) -> None:
    """Pins and journal of a run go; what it did stays known."""
    refs.drop(repository.git, pin_area(issue))
    journal.close(repository.common_dir, issue)
    history.close_last_run(repository.common_dir, issue)
