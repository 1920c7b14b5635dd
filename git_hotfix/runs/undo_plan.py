"""Pure decisions of undo: which references go back, and what stays for a human."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.names import HEADS, OFFER_PREFIX, TAGS, BranchName, Oid, RefName, branch_ref, offered_to
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.run import Return, Run, Step

Holds = Callable[[Oid, Oid], bool]
"""True when the second commit holds the first."""
IsMerge = Callable[[Oid], bool]


@frozen
class RemoteNow:
    """Where the references of the remote are, and what git says of the commits there."""

    refs: Mapping[RefName, Oid]
    holds: Holds
    is_merge: IsMerge


def compose_runs(runs: Sequence[Run]) -> Run:
    """Several runs of one hotfix, oldest first, as one."""
    last = runs[-1]
    return replace(
        last,
        at=runs[0].at,
        steps=tuple(step for run in runs for step in run.steps),
        there=next((run.there for run in reversed(runs) if run.there), None),
        here=next((run.here for run in reversed(runs) if run.here), None),
        stood=next((run.stood for run in reversed(runs) if run.stood), ""),
        settings=next((run.settings for run in reversed(runs) if run.settings), ()),
    )


def steps_by_ref(run: Run) -> dict[RefName, list[Step]]:
    """The steps of each reference, oldest first."""
    found: dict[RefName, list[Step]] = {}
    for step in run.steps:
        found.setdefault(step.ref, []).append(step)
    return found


def did_something(run: Run, there: Mapping[RefName, Oid]) -> bool:
    """False for a run that never reached the remote: everything is where it was before, and nobody took it back."""
    return bool(run.undone or run.undoing) or any(there.get(step.ref) != step.old for step in run.steps)


def decide(
    run: Run,
    there: RemoteNow,
    *,
    production: bool,
    guarded: Collection[RefName],
    prefixes: Sequence[str] = (OFFER_PREFIX,),
) -> tuple[Return, ...]:
    """What becomes of every reference of `run`, given what is `there`, on the remote. `prefixes` are those of the
    branches of pull requests.

    What others may have deployed (`guarded`, tier 1, every tag) goes back only when `production` is said; production
    and its tag go back together or not at all.
    """
    found = []
    for ref, steps in steps_by_ref(run).items():
        safe = ref not in guarded and not ref.startswith(TAGS) and steps[0].tier > 1
        offered = offered_to(BranchName(ref.removeprefix(HEADS)), run.issue, prefixes)
        found.append(_plan_return(there, steps, offered, held_back=not safe and not production))
    known = steps_by_ref(run)
    merged = {offer.ref: offer for offer in _merged_offers(run, there, prefixes) if offer.ref not in known}
    found += merged.values()
    stuck = next((each for each in found if each.tier == 1 and each.status == "moved"), None)
    if stuck is None:
        return tuple(found)
    reason = f"{stuck.ref} cannot go back"
    return tuple(
        replace(each, status="kept", reason=reason) if each.tier == 1 and each.status == "back" else each
        for each in found
    )


def _plan_return(there: RemoteNow, steps: Sequence[Step], offered: BranchName | None, *, held_back: bool) -> Return:
    """What becomes of the reference of `steps`, the branch of a pull request to `offered` where that is one."""
    ref, tier = steps[0].ref, steps[0].tier
    now = there.refs.get(ref)
    ours = next((step for step in reversed(steps) if step.new == now), None)
    if ours is not None:
        to = _value_before(steps, ours)
        way = revert_of(ours, there.is_merge)
        if held_back:
            return Return(ref, tier, "kept", now, to, way, "others may have fetched or deployed it")
        return Return(ref, tier, "back", now, to, way)
    if any(step.old == now for step in steps):
        reason = f"if its pull request was merged, {offered} keeps the fix" if offered and not now else ""
        return Return(ref, tier, "already", now, now, reason=reason)
    if now is None:
        return Return(ref, tier, "gone", None, None, reason="it is gone")
    if ref.startswith(TAGS):
        return Return(ref, tier, "moved", now, now, reason="it names another object now")
    held = next((step for step in reversed(steps) if there.holds(step.new, now)), None)
    if held is None:
        return Return(ref, tier, "gone", now, now, reason="it holds nothing of this run any more")
    return Return(ref, tier, "moved", now, now, revert_of(held, there.is_merge), "it has moved since")


def _merged_offers(run: Run, there: RemoteNow, prefixes: Sequence[str]) -> Iterator[Return]:
    """The targets that took what the run offered: somebody merged the pull request. One that was squashed there leaves
    no trace of what was offered."""
    for step in run.steps:
        target = offered_to(BranchName(step.ref.removeprefix(HEADS)), run.issue, prefixes)
        now = there.refs.get(branch_ref(target)) if target else None
        if target and now and there.holds(step.new, now):
            # What was offered has the target as its first parent, as a merge that was pushed there has.
            way = f"git revert -m 1 {step.new}" if there.is_merge(step.new) else ""
            yield Return(branch_ref(target), step.tier, "moved", now, now, way, "its pull request is merged")


def _value_before(steps: Sequence[Step], last: Step) -> Oid | None:
    """Where a reference stood before the steps that led to `last`, each beginning where the one before it ended."""
    to = last.old
    for step in reversed(steps[: steps.index(last)]):
        if to is not None and step.new == to:
            to = step.old
    return to


def revert_of(step: Step, is_merge: IsMerge) -> str:
    """The command that takes out of a branch what a step brought; empty for a tag."""
    if not step.ref.startswith(HEADS) or step.old is None:
        return ""
    return f"git revert -m 1 {step.new}" if is_merge(step.new) else f"git revert {step.old}..{step.new}"


def local_moves(
    run: Run, returned: Sequence[Return], here: Mapping[RefName, Oid], checked_out: Mapping[RefName, str]
) -> tuple[tuple[RefUpdate, ...], dict[RefName, tuple[str, Oid]]]:
    """This clone's own references that go back with the remote's, and those that are checked out: ref → where, and
    the commit to go back to.

    One follows back when it stands where the run put the remote's; with commits of its own it stays.
    """
    steps = steps_by_ref(run)
    moves: list[RefUpdate] = []
    left: dict[RefName, tuple[str, Oid]] = {}
    for returning in returned:
        now = here.get(returning.ref)
        if returning.ref not in steps:
            continue
        ours = next((step for step in reversed(steps[returning.ref]) if step.new == now), None)
        if returning.status not in ("back", "already") or now is None or ours is None:
            continue
        first = next(step for step in steps[returning.ref] if step.new)
        to = returning.to if first.here is None or ours.ref.startswith(TAGS) else first.here
        if to == now:
            continue
        if returning.ref in checked_out and to is not None:
            left[returning.ref] = (checked_out[returning.ref], to)
        else:
            moves.append(RefUpdate(returning.ref, now, to))
    return tuple(moves), left
