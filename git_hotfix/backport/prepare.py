"""The commits that bring a fix to its targets, made without a checkout and without moving a reference."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from git_hotfix.backport import (
    cherry_pick,
    existing_deliveries,
    renamed_files,
    reviewed_offers,
    second_copy,
    unaffected_targets,
)
from git_hotfix.backport.reverted_changes import Sides
from git_hotfix.conflicts import resolve
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.context import Context, Fix, write
from git_hotfix.git import history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.model.claims import Standing
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.messages import fill_in, with_trailers
from git_hotfix.model.names import RESOLVED, BranchName, Oid, RefName, encode_component, short
from git_hotfix.model.plan import Delivery, DeliveryStrategy, TagPlan, Target
from git_hotfix.model.policy import Messages
from git_hotfix.model.words import counted, one_line

BY_HAND = "resolved by hand"
AGAIN = "it was taken out there, and is brought again"
SAME = "the same change is already there"
"""Why a target has the fix although no commit says so, or gets it although it had it."""
NOTHING_LEFT = {
    "rerere": "it was solved so before in",
    "keep-target": "the target's lines are kept in",
    "union": "the lines of both are kept in",
}


def resolved_ref(hotfix: Hotfix, target: RefName) -> RefName:
    """Where the merge that a human finished for `target` waits until it is pushed."""
    return RefName(f"{RESOLVED}{encode_component(hotfix.issue)}/{encode_component(short(target))}")


def resolved_commits(hotfix: Hotfix, targets: Iterable[RefName], own: Mapping[RefName, Oid]) -> dict[RefName, Oid]:
    """Target → the merge that a human finished for it, of those that are among the references `own`."""
    if not any(ref.startswith(RESOLVED) for ref in own):
        return {}  # as nearly always, and then no name of a thousand is encoded
    return {target: own[ref] for target in targets if (ref := resolved_ref(hotfix, target)) in own}


def merge_message(hotfix: Hotfix, target: Target, templates: Messages) -> str:
    """The message of a merge, in git's words or the team's, with the issue as a trailer."""
    title = f"\n\n{one_line(hotfix.title)}" if hotfix.title else ""
    text = f"Merge branch '{hotfix.branch}' into {target.branch}{title}"
    if templates.merge:
        text = fill_in(templates.merge, placeholders(hotfix, target.branch))
    return with_trailers(text, [("Hotfix-Issue", hotfix.issue)])


def placeholders(hotfix: Hotfix, target: BranchName) -> dict[str, str]:
    """What the templates of messages are filled with."""
    return {
        "issue": hotfix.issue,
        "title": hotfix.title or f"hotfix {hotfix.issue}",
        "branch": hotfix.branch,
        "target": target,
        "base": hotfix.base_tag or "",
        "severity": hotfix.severity,
    }


def tag_head(context: Context, hotfix: Hotfix, tag: TagPlan, target: BranchName) -> str:
    """What the team's template makes of the first lines of a tag's message; empty without one."""
    template = context.messages.tag
    return fill_in(template, {**placeholders(hotfix, target), "tag": tag.name}) if template else ""


@frozen
class Decisions:
    """What humans did and said: references of merges that they finished (`resolved`), the targets that they are at
    (`held`), and those that they named, which have the code and get the fix again."""

    resolved: Mapping[RefName, Oid] = field(default_factory=dict)
    held: Collection[RefName] = ()
    named: Collection[RefName] = ()


def prepare_targets(
    context: Context, fix: Fix, targets: Sequence[Target], decisions: Decisions, rules: ResolutionRules | None = None
) -> tuple[Delivery, ...]:
    """The delivery of `fix` to every target, in the order of `targets`.

    One walk answers who has which part of the fix already, one process merges all, and one more tries all cherry-picks.
    A merge is used where its result is what the cherry-pick of the whole fix gives; elsewhere it would bring more along
    than the fix (promise 6). A target that has a part gets the rest, and one that had the fix and took it out again
    gets nothing. `rules` says what may settle a conflict, but for the targets that a human is at. A target that git
    cannot merge at all has failed, with git's reason; the others go on. One that stops and never had the code is not
    affected.
    """
    held, named = decisions.held, decisions.named
    found = _fail_unreadable(context, targets)
    whole = [target for target in targets if target.ref not in found]
    seen = existing_deliveries.inspect_targets(context, fix, whole)
    waiting = resolved_commits(fix.hotfix, [target.ref for target in whole], decisions.resolved)
    by_hand = _deliveries_by_hand(context, fix, [target for target in whole if target.ref in waiting], waiting)
    tips = tuple(target.tip for target in whole)
    trees = history.trees(context.git, tips)
    terms = _Terms(seen.holding, tips, trees, frozenset({*held, *named}), rules, frozenset({*held, *waiting}))
    parts: list[tuple[Target, tuple[Oid, ...]]] = []
    rest = []
    for target in whole:
        standing = seen.standings.get(target.ref, Standing())
        decided = _decide_by_standing(target, standing, by_hand.get(target.ref), named=target.ref in named)
        lacking = (*standing.taken, *standing.missing)
        if decided:
            found[target.ref] = decided
        elif lacking and (standing.taken or standing.held or (standing.there and not standing.merged)):
            parts.append((target, lacking))
        else:
            rest.append(target)
    found.update(_deliver_whole(context, fix, rest, terms))
    found.update(_deliver_parts(context, fix, parts, terms))
    # Where no file of the fix has changed, none has its lines yet.
    changed = [each for each in found.values() if seen.contents.get(each.target.tip) != {}]
    found.update(_hold_doubled(context, fix, [each for each in changed if each.target.ref not in named], seen.contents))
    found.update(_hold_renamed(context, fix, [each for each in found.values() if each.target.ref not in named]))
    found.update({each.target.ref: each for each in reviewed_offers.name_reviewed(context, fix, [*found.values()])})
    found.update(_write_merges(context, fix, [each for each in found.values() if each.tree and not each.new]))
    doubts = {ref: standing.doubt for ref, standing in seen.standings.items() if standing.doubt and ref not in named}
    return tuple(_hold_doubted(found[target.ref], doubts.get(target.ref, "")) for target in targets)


def _decide_by_standing(
    target: Target, standing: Standing, by_hand: Delivery | None, *, named: bool
) -> Delivery | None:
    """The delivery to a target for which what it has of the fix decides, or what somebody finished by hand; None where
    the fix, or a part of it, has to be brought there."""
    lacking = (*standing.taken, *standing.missing)
    if standing.whole:
        strategy: DeliveryStrategy = "merge" if standing.merged and standing.there else "cherry-pick"
        return Delivery(target, strategy, "already", reason=standing.how)
    if by_hand:
        return by_hand
    if standing.taken and not named:
        return Delivery(target, "cherry-pick", "reverted", reason=standing.how, steps=lacking)
    if standing.there and not lacking and not named:
        return Delivery(target, "cherry-pick", "pending", reason=standing.doubt, undecided=True)
    return None


def _fail_unreadable(context: Context, targets: Sequence[Target]) -> dict[RefName, Delivery]:
    """The targets whose tip has lost its tree, as failed ones."""
    lost = history.lost_trees(context.git, [target.tip for target in targets])
    return {
        target.ref: cherry_pick.stopped_delivery(target, "merge", merge.lost_tree_result(lost[target.tip]))
        for target in targets
        if target.tip in lost
    }


@frozen
class _Terms:
    """What holds for all targets of a delivery: which tips hold the base, all tips, their trees, the targets that are
    taken to have the code, what may settle a conflict, and the targets whose conflicts are left to a human: one is at
    them, or made a merge for an older tip, which may hold more than answers to conflicts."""

    holding: Collection[Oid]
    tips: Sequence[Oid]
    trees: Mapping[Oid, Oid]
    having: Collection[RefName]
    rules: ResolutionRules | None
    left: Collection[RefName]


def _hold_doubled(
    context: Context, fix: Fix, deliveries: Sequence[Delivery], contents: Mapping[Oid, Sides]
) -> dict[RefName, Delivery]:
    """Those of `deliveries` that would make lines of the fix stand twice, as open ones: a human decides."""
    ready = [delivery for delivery in deliveries if delivery.status == "merged" and delivery.reason != BY_HAND]
    twice = second_copy.find_doubled(context, fix, ready, contents)
    return {
        delivery.target.ref: _leave_undecided(delivery, f"{path} already has the lines that the fix adds")
        for delivery in ready
        if (path := twice.get(delivery.target.ref))
    }


def _hold_renamed(context: Context, fix: Fix, deliveries: Sequence[Delivery]) -> dict[RefName, Delivery]:
    """Those of `deliveries` that leave a file there which the fix deletes, under another name, as open ones: whether it
    has to go, too, a human decides."""
    ready = [
        delivery
        for delivery in deliveries
        if (delivery.status == "merged" and delivery.reason != BY_HAND)
        or (delivery.status == "already" and delivery.reason == SAME)
    ]
    kept = renamed_files.find_renamed(context, fix, ready)
    return {
        delivery.target.ref: _leave_undecided(
            delivery, f"the fix deletes {files[0]}, which is probably {files[1]} there"
        )
        for delivery in ready
        if (files := kept.get(delivery.target.ref))
    }


def _hold_doubted(delivery: Delivery, doubt: str) -> Delivery:
    """A delivery to a target of which commits say another thing than its content does: a human decides."""
    if not doubt or delivery.status not in ("merged", "conflict") or delivery.reason == BY_HAND:
        return delivery
    return replace(delivery, reason=doubt) if delivery.status == "conflict" else _leave_undecided(delivery, doubt)


def _leave_undecided(delivery: Delivery, reason: str) -> Delivery:
    return Delivery(delivery.target, delivery.strategy, "pending", reason=reason, undecided=True)


def _deliver_whole(context: Context, fix: Fix, rest: Sequence[Target], terms: _Terms) -> dict[RefName, Delivery]:
    """The deliveries to targets that have nothing of the fix, or a part by a merge, which brings the rest."""
    found: dict[RefName, Delivery] = {}
    merged, picked = _try_merges_and_picks(context, fix, rest, terms.holding)
    steps, conflicts = [], []
    for target in rest:
        result = picked.get(target) or merged[target]
        choice: DeliveryStrategy = "cherry-pick" if target in picked else "merge"
        if result.failure:
            found[target.ref] = cherry_pick.stopped_delivery(target, choice, result)
        elif result.clean and result.tree == terms.trees[target.tip]:
            found[target.ref] = Delivery(target, choice, "already", reason=SAME)
        elif result.clean and choice == "cherry-pick":
            steps.append(target)
        elif result.clean:
            found[target.ref] = Delivery(target, "merge", "merged", tree=result.tree, resolved_by="merge")
        else:
            found[target.ref] = Delivery(target, choice, "conflict", conflicts=result.conflicts)
            conflicts.append(target)
    found.update(cherry_pick.pick_commits(context, fix, steps))
    stopped = [each for each in found.values() if each.status in ("conflict", "failed")]
    stopped = [each for each in stopped if each.target.ref not in terms.having]
    found.update(unaffected_targets.unaffected_deliveries(context, fix, stopped, terms.tips))
    conflicts = [target for target in conflicts if found[target.ref].status == "conflict"]
    if terms.rules:
        asked = [found[target.ref] for target in conflicts if target.ref not in terms.left]
        found.update(_settle_conflicts(context, fix, asked, merged, terms))
    return found


def _deliver_parts(
    context: Context, fix: Fix, parts: Sequence[tuple[Target, tuple[Oid, ...]]], terms: _Terms
) -> dict[RefName, Delivery]:
    """The deliveries to targets that have a part of the fix: the commits that they lack are picked, and no other."""
    steps = {target.ref: oids for target, oids in parts}
    made = cherry_pick.pick_commits(context, fix, [each for each, _ in parts if each.ref in terms.left], steps=steps)
    free = [each for each, _ in parts if each.ref not in terms.left]
    made |= cherry_pick.pick_commits(context, fix, free, rules=terms.rules, steps=steps)
    chain = history.commits(context.git, fix.hotfix.tip, [fix.base], first_parent=True) if parts else ()
    found = {}
    for target, oids in parts:
        pick = replace(made[target.ref], steps=oids)
        if pick.status == "merged":
            reason = f"{counted(len(oids), 'commit')} of the fix {'was' if len(oids) == 1 else 'were'} missing"
            reason = AGAIN if len(oids) == len(chain) else reason
            pick = replace(_already_where_empty(pick, terms.trees[target.tip]), steps=oids)
            pick = replace(pick, reason=reason) if pick.status == "merged" else pick
        found[target.ref] = pick
    return found


def _already_where_empty(pick: Delivery, before: Oid) -> Delivery:
    """A pick, or where it leaves the target as it was, why: the same change is there, or nothing of it was left."""
    if pick.tree != before:
        return pick
    ways: dict[str, list[str]] = {}
    for conflict in pick.settled:
        ways.setdefault(NOTHING_LEFT[conflict.resolved_by or ""], []).append(conflict.path)
    because = " and ".join(f"{words} {', '.join(paths)}" for words, paths in ways.items())
    reason = f"nothing was left of it, because {because}" if ways else SAME
    return Delivery(pick.target, "cherry-pick", "already", conflicts=pick.conflicts, reason=reason)


def _try_merges_and_picks(
    context: Context, fix: Fix, targets: Sequence[Target], holding: Collection[Oid]
) -> tuple[dict[Target, merge.MergeResult], dict[Target, merge.MergeResult]]:
    """Every target's merge, and the cherry-picks of those for which a pick is to be taken instead."""
    merged = dict(zip(targets, merge.merge_all(context.git, [(each.tip, fix.source) for each in targets]), strict=True))
    picked = cherry_pick.pick_whole(context, fix, _targets_to_pick(fix, targets, holding))
    doubted = {target: pick for target, pick in picked.items() if target.strategy == "auto"}
    wanted = {target: pick for target, pick in picked.items() if target.strategy == "cherry-pick"}
    return merged, {**cherry_pick.differing_picks(merged, doubted), **wanted}


def _settle_conflicts(
    context: Context,
    fix: Fix,
    conflicts: Sequence[Delivery],
    merged: Mapping[Target, merge.MergeResult],
    terms: _Terms,
) -> dict[RefName, Delivery]:
    """The deliveries of `conflicts` after what needs no human; those of which something is left tell what."""
    assert terms.rules
    found = {}
    merges = [each.target for each in conflicts if each.strategy == "merge"]
    pairs = [(target.tip, fix.source) for target in merges]
    results = resolve.settle(context.git, pairs, [merged[target] for target in merges], terms.rules)
    for target, result in zip(merges, results, strict=True):
        made = Delivery(target, "merge", "conflict", conflicts=result.conflicts)
        if result.clean:
            made = replace(made, status="merged", tree=result.tree, resolved_by=resolve.resolved_by(result.conflicts))
        found[target.ref] = made
    picks = [each for each in conflicts if each.strategy == "cherry-pick"]
    found |= {each.target.ref: each for each in _pick_by_commits(context, fix, picks, terms.rules, terms.trees)}
    return found


def _pick_by_commits(
    context: Context, fix: Fix, conflicts: Sequence[Delivery], rules: ResolutionRules, trees: Mapping[Oid, Oid]
) -> list[Delivery]:
    """Cherry-picks that conflict as a whole, tried commit by commit; those that still do tell of the whole."""
    made = cherry_pick.pick_commits(context, fix, [delivery.target for delivery in conflicts], rules=rules)
    stopped = [delivery.target for delivery in conflicts if made[delivery.target.ref].status in ("conflict", "failed")]
    told = {
        target: result.conflicts
        for target, result in cherry_pick.pick_whole_settled(context, fix, stopped, rules).items()
    }
    found = []
    for delivery in conflicts:
        pick = made[delivery.target.ref]
        if delivery.target in told:
            # Where the whole needs nobody, what a commit on the way to it needs is left.
            found.append(replace(delivery, conflicts=told[delivery.target] or pick.conflicts))
        else:
            found.append(_already_where_empty(pick, trees[delivery.target.tip]))
    return found


def _deliveries_by_hand(
    context: Context, fix: Fix, targets: Sequence[Target], waiting: Mapping[RefName, Oid]
) -> dict[RefName, Delivery]:
    """The deliveries that somebody finished by hand, as long as their target has not moved."""
    found = {}
    for target in targets:
        commit = waiting[target.ref]
        if commit != target.tip and history.is_ancestor(context.git, target.tip, commit):
            held = history.is_ancestor(context.git, fix.source, commit)
            strategy: DeliveryStrategy = "merge" if held else "cherry-pick"
            found[target.ref] = Delivery(target, strategy, "merged", new=commit, reason=BY_HAND)
    return found


def _targets_to_pick(fix: Fix, rest: Sequence[Target], holding: Collection[Oid]) -> list[Target]:
    """The targets for which a cherry-pick has to be tried: those that want one, and those whose merge could bring more
    than the fix."""
    # A target that holds the base gets by a merge only what came after it, and that is the fix.
    safe = holding if fix.source == fix.hotfix.tip else ()
    return [
        target
        for target in rest
        if target.strategy == "cherry-pick" or (target.strategy == "auto" and target.tip not in safe)
    ]


def _write_merges(context: Context, fix: Fix, merged: Sequence[Delivery]) -> dict[RefName, Delivery]:
    # A cherry-pick has its tree and, in a dry run, no commit either.
    merged = [delivery for delivery in merged if delivery.strategy == "merge"]
    if context.dry:
        return {}
    drafts = []
    for delivery in merged:
        message = merge_message(fix.hotfix, delivery.target, context.messages)
        drafts.append((delivery.target, Draft((delivery.target.tip, fix.source), delivery.tree, message)))
    written = write(context, drafts)
    return {delivery.target.ref: replace(delivery, new=oid) for delivery, oid in zip(merged, written, strict=True)}
