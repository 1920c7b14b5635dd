"""Tiers 2 and 3: deliver to many branches, in chunks, again where one moved, and never undo anything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from git_hotfix.execution.transport import Transport
from git_hotfix.git.remote import Pushed
from git_hotfix.model.plan import Delivery
from git_hotfix.model.ref_update import RefUpdate

RETRIES = 3
TIER_TWO_CHUNK = 3  # a forge sends no build events for a push that changes more references

Again = Callable[[Sequence[Delivery]], Sequence[Delivery]]
"""Looks at the remote again and prepares the given deliveries anew."""
Progress = Callable[[int, int], None]


def deliver(
    transport: Transport, deliveries: Sequence[Delivery], *, chunk: int, again: Again, progress: Progress
) -> tuple[Delivery, ...]:
    """Push every delivery that has a new commit and return all deliveries with what became of them.

    `chunk` is the number of feature branches a push. A branch that moved meanwhile is prepared again, three times;
    one that keeps moving is pending. A refusal leaves that target open.
    """
    done: dict[str, Delivery] = {each.target.ref: each for each in deliveries}
    total = sum(1 for each in deliveries if _to_push(each))
    for tier, size in ((2, TIER_TWO_CHUNK), (3, chunk)):
        waiting = [each for each in deliveries if each.target.tier == tier and _to_push(each)]
        for attempt in range(RETRIES + 1):
            moved: list[Delivery] = []
            for start in range(0, len(waiting), size):
                part = waiting[start : start + size]
                for result in _push(transport, part, tier):
                    done[result.target.ref] = result
                    if result.status == "pending":
                        moved.append(result)
                progress(sum(1 for each in done.values() if each.status != "pending"), total)
            if not moved or attempt == RETRIES:
                break
            fresh = again(moved)
            done.update({each.target.ref: each for each in fresh})
            waiting = [each for each in fresh if _to_push(each)]
    return tuple(done[each.target.ref] for each in deliveries)


def _to_push(delivery: Delivery) -> bool:
    return delivery.status == "merged" and delivery.new is not None


def _push(transport: Transport, part: Sequence[Delivery], tier: int) -> list[Delivery]:
    updates = [RefUpdate(each.target.ref, each.target.tip, each.new) for each in part]
    answer = transport.push(updates, atomic=False, tier=tier)
    return [_outcome(each, answer) for each in part]


def _outcome(delivery: Delivery, answer: Pushed) -> Delivery:
    result = answer.results[delivery.target.ref]
    if result.status == "ok":
        return delivery
    if result.status == "stale":
        return replace(delivery, status="pending", new=None, reason=f"it moved meanwhile ({result.reason})")
    words = f"{result.reason}: {answer.words}" if answer.words else result.reason
    return replace(delivery, status="failed", new=None, reason=words.splitlines()[0][:200])
