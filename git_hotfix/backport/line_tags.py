"""The tags of other release lines. A line's tag sits on its own newest production tag plus the fix alone.

What the line holds beside that is not released by a hotfix: where it has moved past its tag, the fix is made on the
tag, and that commit is merged into the line.
"""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.backport.prepare import tag_head
from git_hotfix.context import Context, Fix, Prepare
from git_hotfix.git import commits, history
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import NOBODY
from git_hotfix.hotfix import tag_names
from git_hotfix.hotfix.find import line_tags
from git_hotfix.hotfix.next_tag import NextTag
from git_hotfix.hotfix.release_lines import own_tag
from git_hotfix.model import versions
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import message_of
from git_hotfix.model.names import TagName, why_no_tag
from git_hotfix.model.plan import Delivery, TagPlan, Target
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.words import one_line

_NEVER = "no tag: it has no production tag of its own"


def plan_line_tags(
    context: Context,
    fix: Fix,
    deliveries: Sequence[Delivery],
    prepare: Prepare,
    *,
    planned: TagName | None = None,
) -> tuple[Delivery, ...]:
    """`deliveries`, those to a line for which the policy wants a tag with the tag that is owed there. The name that is
    `planned` for the hotfix itself goes to no line.

    None is owed where the line was never released, where its newest tag holds the fix already, and (with the reason)
    where the fix does not go onto that tag without a human.
    """
    snapshot = context.snapshot
    taken = {*snapshot.refs.tags, *snapshot.refs.local_tags, *([planned] if planned else [])}
    found = []
    for delivery in deliveries:
        if delivery.target.tag != "none" and delivery.status in ("merged", "already"):
            base = _own_tag(context, delivery.target)
            if base:
                tag = _name_tag(context, fix, delivery, base, taken)
                delivery = _tag_delivery(context, fix, delivery, tag, prepare)
            elif delivery.status == "merged":
                delivery = replace(delivery, reason=_NEVER)
        taken |= {delivery.tag.name} if delivery.tag else set()
        found.append(delivery)
    return tuple(found)


@frozen
class _LineTag:
    """The tag that a line is owed: the line's newest one, below it; its name, and why it cannot have that."""

    base: Tag
    name: TagName
    why_not: str | None


def _name_tag(context: Context, fix: Fix, delivery: Delivery, base: Tag, taken: set[TagName]) -> _LineTag:
    """The tag of a delivery's line by the rules of its scheme, or why no rule gives it a name."""
    snapshot, line = context.snapshot, delivery.target
    mine = tag_names.UntaggedFix(fix.hotfix.issue, base, line.tip)
    found = tag_names.next_name(context.git, snapshot, mine, template=line.tag, taken=taken)
    if isinstance(found, NextTag):
        return _LineTag(base, found.name, _why_no_name(snapshot, found.name, taken))
    return _LineTag(base, base.name, f"{found.reason}; tag it by hand")


def _own_tag(context: Context, target: Target) -> Tag | None:
    """The newest production tag of a line, if it is the line's own."""
    snapshot = context.snapshot
    found = own_tag(line_tags(context.git, snapshot, target.branch), snapshot.production_tags)
    if found and snapshot.develop and found.commit in {tag.commit for tag in snapshot.production_tags}:
        # A release in preparation has production's tags from develop, and commits of develop behind them.
        fork = history.merge_base(context.git, snapshot.refs.branches[snapshot.develop], target.tip)
        if fork is None or not history.is_ancestor(context.git, fork, found.commit):
            return None
    return found


def _why_no_name(snapshot: Snapshot, name: TagName, taken: set[TagName]) -> str | None:
    """Why a line gets no tag of this name. One that is not production tag would be nobody's base: the next hotfix would
    be tagged on the tag before it, without this fix."""
    matches = snapshot.policy.is_release_tag(name) and not versions.is_prerelease(name)
    no_release = None if matches else "it would be no production tag, as release-tags are"
    return versions.why_unfilled(name) or why_no_tag(name) or no_release or ("it is taken" if name in taken else None)


def _tag_delivery(context: Context, fix: Fix, delivery: Delivery, tag: _LineTag, prepare: Prepare) -> Delivery:
    base = tag.base
    by_hand = delivery.status == "merged" and delivery.tree is None
    if by_hand and delivery.new and delivery.target.tip == base.commit:
        on = delivery
    else:
        [on] = prepare(fix, [replace(delivery.target, tip=base.commit)])
    if on.status == "already":
        return delivery
    if on.status == "failed":
        return replace(delivery, reason=f"no tag: git cannot merge into {base.name}: {on.reason}")
    if on.status != "merged":
        return replace(delivery, reason=f"no tag: the fix conflicts with {base.name}")
    if tag.why_not:
        return replace(delivery, reason=f"no tag: {tag.name}: {tag.why_not}")
    # A dry run writes no delivery, but this one is merged further.
    spot = on.new or commits.write(context.git, [Draft((base.commit,), on.tree, "planned\n")], NOBODY)[0]
    if delivery.status == "merged" and delivery.target.tip == base.commit:
        delivery = replace(on, target=delivery.target)
    elif delivery.status == "merged" and not by_hand:
        delivery = _merge_tag_into_line(fix, delivery, base, replace(on, new=spot), prepare)
    if delivery.status not in ("merged", "already"):
        return delivery
    return replace(delivery, tag=_write_tag(context, fix.hotfix, delivery.target, base, TagPlan(tag.name, spot)))


def _merge_tag_into_line(fix: Fix, delivery: Delivery, base: Tag, on: Delivery, prepare: Prepare) -> Delivery:
    """The delivery to a line that has moved past its tag: the tagged commit, merged, so that the line holds its tag.
    What was settled on the way to the tag is told with it."""
    assert on.new
    [made] = prepare(Fix(fix.hotfix, base.commit, on.new), [replace(delivery.target, strategy="merge")])
    settled = {conflict.path: conflict for conflict in (*on.conflicts, *made.conflicts)}
    by = made.resolved_by if made.settled or not made.tree else on.resolved_by
    reason = made.reason or f"it has moved past {base.name}: its tag is merged"
    return replace(made, target=delivery.target, conflicts=tuple(settled.values()), resolved_by=by, reason=reason)


def _write_tag(context: Context, hotfix: Hotfix, target: Target, base: Tag, tag: TagPlan) -> TagPlan:
    if context.dry:
        return tag
    text = message(hotfix, target, base, head=tag_head(context, hotfix, tag, target.branch))
    return replace(tag, oid=commits.write_tag(context.repository, tag.name, tag.target, text))


def message(hotfix: Hotfix, target: Target, base: Tag, *, head: str = "") -> str:
    """The message of a line's tag, with the team's own `head`. Its trailers make it a production tag of the line, and
    no finish of the hotfix."""
    title = f": {one_line(hotfix.title)}" if hotfix.title else ""
    title, _, rest = (head or f"Hotfix {hotfix.issue} on {target.branch}{title}").partition("\n")
    facts = {
        "Hotfix-Delivered": hotfix.issue,
        "Hotfix-Base-Tag": base.name,
        "Hotfix-Base": base.commit,
        "Hotfix-Production": target.ref,
    }
    return message_of(title, facts, [rest.strip("\n")])
