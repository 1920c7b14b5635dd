"""Tiers 2 and 3: deliver to many branches, in chunks, again where one moved, and never undo anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence, Set

from git_hotfix.git.remote import PushAnswer
from git_hotfix.model.frozen import replace
from git_hotfix.model.names import RefName, tag_ref
from git_hotfix.model.plan import Delivery
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.report.server_words import lines_about
from git_hotfix.runs.transport import TIER_TWO_CHUNK, Transport

RETRIES = 3

Again = Callable[[Sequence[Delivery]], Sequence[Delivery]]
"""Looks at the remote again and prepares the given deliveries anew."""
Progress = Callable[[int, int, int], None]
"""Told how many targets are done, how many conflict, and how many are left."""


def deliver(
    transport: Transport, deliveries: Sequence[Delivery], *, chunk: int, again: Again, progress: Progress
) -> tuple[Delivery, ...]:
    """Push every delivery that has a new commit and return all deliveries with what became of them.

    `chunk` is the number of feature branches a push. A branch that moved meanwhile is prepared again, three times;
    one that keeps moving is pending. A refusal leaves that target open.
    """
    done: dict[str, Delivery] = {each.target.ref: each for each in deliveries}
    left = {each.target.ref for each in deliveries if _is_to_push(each)}
    for tier, size in ((2, TIER_TWO_CHUNK), (3, chunk)):
        waiting = [each for each in deliveries if each.target.tier == tier and _is_to_push(each)]
        for attempt in range(RETRIES + 1):
            moved: list[Delivery] = []
            for part in _push_chunks(waiting, size):
                for result in _push(transport, part, tier):
                    done[result.target.ref] = result
                    left.discard(result.target.ref)
                    if result.status == "pending":
                        moved.append(result)
                progress(*_counts(done.values(), left))
            if not moved or attempt == RETRIES:
                break
            fresh = again(moved)
            done.update({each.target.ref: each for each in fresh})
            waiting = [each for each in fresh if _is_to_push(each)]
            left |= {each.target.ref for each in waiting}
    return tuple(done[each.target.ref] for each in deliveries)


def _counts(deliveries: Iterable[Delivery], left: Set[str]) -> tuple[int, int, int]:
    found = [each for each in deliveries if each.target.ref not in left]
    conflicted = sum(1 for each in found if each.status == "conflict")
    return len(found) - conflicted, conflicted, len(left)


def _push_chunks(waiting: Sequence[Delivery], size: int) -> Iterator[Sequence[Delivery]]:
    """The pushes: a line and its tag go as one, by themselves; the others `size` at a time."""
    yield from ([each] for each in waiting if each.tag)
    plain = [each for each in waiting if not each.tag]
    for start in range(0, len(plain), size):
        yield plain[start : start + size]


def _is_to_push(delivery: Delivery) -> bool:
    merged = delivery.status == "merged" and delivery.new is not None
    return merged or (delivery.tag is not None and delivery.tag.oid is not None)


def _push(transport: Transport, part: Sequence[Delivery], tier: int) -> list[Delivery]:
    updates = [RefUpdate(each.target.ref, each.target.tip, each.new) for each in part if each.status == "merged"]
    tags = [RefUpdate(tag_ref(each.tag.name), None, each.tag.oid) for each in part if each.tag]
    answer = transport.push([*updates, *tags], atomic=bool(tags), tier=tier)
    refs = [item.ref for item in (*updates, *tags)]
    return [_delivery_outcome(each, answer, refs) for each in part]


def _delivery_outcome(delivery: Delivery, answer: PushAnswer, refs: Sequence[RefName]) -> Delivery:
    tag = answer.results[tag_ref(delivery.tag.name)] if delivery.tag else None
    result = answer.results[delivery.target.ref] if delivery.status == "merged" or not tag else tag
    if tag and result.status == "bystander":
        result = tag
    if result.status == "ok":
        return replace(delivery, tag=replace(delivery.tag, exists=True)) if delivery.tag else delivery
    delivery = replace(delivery, tag=None)
    if result.status == "stale":
        return replace(
            delivery, status="pending", new=None, reason=f"it moved meanwhile, or is locked there ({result.reason})"
        )
    lines = lines_about(answer.words, delivery.target.ref, refs)
    failed = replace(delivery, status="failed", reason=": ".join([result.reason, *lines[:1]]).splitlines()[0][:200],
                     said=tuple((delivery.target.ref, line) for line in lines))  # fmt: skip
    # What the remote refuses may still go there by a pull request; what did not reach it has to be pushed again.
    if result.status == "unknown":
        return replace(failed, new=None, unknown=True)
    if result.status == "refused" and result is not tag:
        return replace(failed, refused=True)
    return replace(failed, new=None)
