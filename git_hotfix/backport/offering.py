"""Prepare: deliveries that go by pull request, each on a branch of its own: `<offer-prefix><target>/<issue>`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from git_hotfix.context import Context, Fix, Prepare
from git_hotfix.git import history, merge
from git_hotfix.model.names import BranchName, Oid, branch_ref, offer_branch
from git_hotfix.model.plan import Delivery, Offer
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Refs

_THEIRS = "by pull request, whose branch stays as somebody else made it"


def offered(
    context: Context,
    fix: Fix,
    deliveries: Sequence[Delivery],
    prepare: Prepare,
    *,
    drafts: bool = False,
) -> tuple[Delivery, ...]:
    """`deliveries`, those that the policy wants by pull request waiting for it; with `drafts` a conflict, too, whose
    pull request then holds the fix as it is, for the forge to show what conflicts.

    Without a remote there is nobody to ask.
    """
    snapshot = context.snapshot
    if snapshot.remote is None:
        return tuple(deliveries)
    prefixes = snapshot.policy.backport.offer_prefixes
    wanted = [each for each in deliveries if each.target.deliver == "pull-request" and each.status == "merged"]
    waiting = {each.target.ref: each for each in by_offer(context, snapshot.refs, prefixes, fix, wanted, prepare)}
    if drafts:
        waiting |= {
            each.target.ref: _draft(snapshot.refs, prefixes, fix, each) for each in deliveries if _may_draft(each)
        }
    return tuple(waiting.get(each.target.ref, each) for each in deliveries)


def _branch(refs: Refs, prefixes: Sequence[str], fix: Fix, each: Delivery) -> BranchName:
    """The branch of a pull request: the one that stands there, whatever its prefix, else one with the first prefix."""
    names = [offer_branch(prefix, each.target.branch, fix.hotfix.issue) for prefix in prefixes]
    return next((name for name in names if name in refs.branches), names[0])


def by_offer(
    context: Context, refs: Refs, prefixes: Sequence[str], fix: Fix, deliveries: Sequence[Delivery], prepare: Prepare
) -> list[Delivery]:
    """`deliveries` as pull requests. What is offered already stays the very commit while it still brings the fix, and
    while it holds somebody's further work. `prefixes` are those of their branches, new ones with the first."""
    names = {each: _branch(refs, prefixes, fix, each) for each in deliveries}
    held = {each: refs.branches.get(name) for each, name in names.items()}
    again = [(each, tip) for each, tip in held.items() if tip]
    merged = merge.merge_all(context.git, [(each.target.tip, tip) for each, tip in again])
    fits = {each for (each, _), result in zip(again, merged, strict=True) if result.clean and result.tree == each.tree}
    theirs = {each for each, tip in again if each not in fits and _others(context, fix, each, tip, prepare)}
    return [
        replace(
            each,
            status="pending",
            new=tip if each in fits or each in theirs else each.new,
            offer=Offer(branch_ref(names[each]), tip),
            reason=_THEIRS if each in theirs else each.reason if each.refused else "by pull request",
        )
        for each, tip in held.items()
    ]


def _others(context: Context, fix: Fix, each: Delivery, tip: Oid, prepare: Prepare) -> bool:
    """True when an offered branch holds anything but what a delivery of ours makes on the commit where it begins:
    somebody works on it. What nobody can make again, as a conflict solved by hand, is taken for theirs, unless the
    logbook says that it was offered as it is."""
    if any(offer.offered and offer.new == tip for offer in fix.hotfix.logbook.deliveries()):
        return False
    beyond = history.commits(context.git, tip, [each.target.tip, fix.source])
    if not beyond:
        return False
    if not beyond[0].parents:
        return True
    [made] = prepare(fix, [replace(each.target, tip=beyond[0].parents[0])])
    return made.tree != history.trees(context.git, [tip])[tip]


def _may_draft(each: Delivery) -> bool:
    """A pick that conflicts has no commit of its own: the fix's own would bring more along."""
    return each.status == "conflict" and each.target.deliver == "pull-request" and each.strategy == "merge"


def _draft(refs: Refs, prefixes: Sequence[str], fix: Fix, each: Delivery) -> Delivery:
    branch = _branch(refs, prefixes, fix, each)
    held = refs.branches.get(branch)
    return replace(each, new=held or fix.source, offer=Offer(branch_ref(branch), held, draft=True))


def done_with(
    context: Context, refs: Refs, prefixes: Sequence[str], fix: Fix, deliveries: Sequence[Delivery], prepare: Prepare
) -> list[RefUpdate]:
    """The deletions of offered branches whose target needs them no more; one that holds somebody's further work, which
    the target has not, stays."""
    served = {}
    for each in deliveries:
        branch = _branch(refs, prefixes, fix, each)
        tip = refs.branches.get(branch)
        if tip and each.status in ("merged", "already", "skipped", "not-affected"):
            now = refs.branches.get(each.target.branch, each.target.tip)
            served[RefUpdate(branch_ref(branch), tip, None)] = (each, now, tip)
    merged = merge.merge_all(context.git, [(now, tip) for _, now, tip in served.values()])
    has = history.trees(context.git, [now for _, now, _ in served.values()])
    return [
        gone
        for (gone, (each, now, tip)), result in zip(served.items(), merged, strict=True)
        if (result.clean and result.tree == has[now]) or not _others(context, fix, each, tip, prepare)
    ]
