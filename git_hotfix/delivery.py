"""Prepare: make the commits that bring a fix to its targets, without a checkout and without moving a reference."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from git_hotfix import affected, picking, settling
from git_hotfix.desk import Desk, Fix, write
from git_hotfix.git import history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.messages import filled, with_trailers
from git_hotfix.model.names import RESOLVED, BranchName, Oid, RefName, encode_component, short
from git_hotfix.model.plan import Delivery, TagPlan, Target
from git_hotfix.model.policy import Messages
from git_hotfix.model.words import one_line
from git_hotfix.settling import Settling


def resolved_ref(hotfix: Hotfix, target: RefName) -> RefName:
    """Where the merge that a human finished for `target` waits until it is pushed."""
    return RefName(f"{RESOLVED}{encode_component(hotfix.issue)}/{encode_component(short(target))}")


def merge_message(hotfix: Hotfix, target: Target, templates: Messages) -> str:
    """The message of a merge, in git's words or the team's, with the issue as a trailer."""
    title = f"\n\n{one_line(hotfix.title)}" if hotfix.title else ""
    text = f"Merge branch '{hotfix.branch}' into {target.branch}{title}"
    if templates.merge:
        text = filled(templates.merge, placeholders(hotfix, target.branch))
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


def tag_head(desk: Desk, hotfix: Hotfix, tag: TagPlan, target: BranchName) -> str:
    """What the team's template makes of the first lines of a tag's message; empty without one."""
    template = desk.messages.tag
    return filled(template, {**placeholders(hotfix, target), "tag": tag.name}) if template else ""


def prepare(
    desk: Desk,
    fix: Fix,
    targets: Sequence[Target],
    *,
    resolved: Mapping[RefName, Oid],
    how: Settling | None = None,
    held: Collection[RefName] = (),
    named: Collection[RefName] = (),
) -> tuple[Delivery, ...]:
    """The delivery of `fix` to every target, in the order of `targets`.

    One process answers who has the fix already, one who holds its base, one merges all, and one more tries all
    cherry-picks. A merge is used where its result is what the cherry-pick of the whole fix gives; elsewhere it would
    bring more along than the fix (promise 6). `how` says what may settle a conflict, but for the targets in `held`,
    which a human is at. A target that git cannot merge at all has failed, with git's reason; the others go on.
    One that stops and never had the code is not affected, but for those in `named`, for which a human said otherwise.
    """
    done = history.containing(desk.git, fix.source, [target.tip for target in targets])
    by_hand = _by_hand(desk, fix, targets, resolved)
    found: dict[RefName, Delivery] = {
        target.ref: Delivery(target, "merge", "already") for target in targets if target.tip in done
    }
    found.update({ref: each for ref, each in by_hand.items() if ref not in found})
    rest = [target for target in targets if target.ref not in found]
    merged, picked = _tried(desk, fix, rest)
    tip_trees = history.trees(desk.git, [target.tip for target in rest])
    steps, conflicts = [], []
    for target in rest:
        result, choice = merged[target], "merge"
        if target in picked:
            result, choice = picked[target], "cherry-pick"
        if result.failure:
            found[target.ref] = picking.stopped(target, choice, result)  # type: ignore[arg-type]
        elif result.clean and result.tree == tip_trees[target.tip]:
            found[target.ref] = Delivery(target, choice, "already", reason="the same change is there already")  # type: ignore[arg-type]
        elif result.clean and choice == "cherry-pick":
            steps.append(target)
        elif result.clean:
            found[target.ref] = Delivery(target, "merge", "merged", tree=result.tree, resolved_by="merge")
        else:
            found[target.ref] = Delivery(target, choice, "conflict", conflicts=result.conflicts)  # type: ignore[arg-type]
            conflicts.append(target)
    found.update(picking.cherry_pick(desk, fix, steps))
    stopped = [each for each in found.values() if each.status in ("conflict", "failed")]
    stopped = [each for each in stopped if each.target.ref not in held and each.target.ref not in named]
    found.update(affected.not_affected(desk, fix, stopped, [target.tip for target in targets]))
    conflicts = [target for target in conflicts if found[target.ref].status == "conflict"]
    if how:
        # A merge by hand for an older tip may hold more than answers to conflicts: whoever made it looks again.
        stale = {target.ref for target in conflicts if resolved_ref(fix.hotfix, target.ref) in resolved}
        free = [target for target in conflicts if target.ref not in held and target.ref not in stale]
        found.update(_settled(desk, fix, [found[target.ref] for target in free], merged, how))
    found.update(_write_merges(desk, fix, [each for each in found.values() if each.tree and not each.new]))
    return tuple(found[target.ref] for target in targets)


def _tried(
    desk: Desk, fix: Fix, targets: Sequence[Target]
) -> tuple[dict[Target, merge.Merged], dict[Target, merge.Merged]]:
    """Every target's merge, and the cherry-picks of those for which a pick is to be taken instead."""
    merged = dict(zip(targets, merge.merge_all(desk.git, [(each.tip, fix.source) for each in targets]), strict=True))
    picked = picking.at_once(desk, fix, _doubtful(desk, fix, targets))
    doubted = {target: pick for target, pick in picked.items() if target.strategy == "auto"}
    wanted = {target: pick for target, pick in picked.items() if target.strategy == "cherry-pick"}
    return merged, {**picking.needed(merged, doubted), **wanted}


def _settled(
    desk: Desk, fix: Fix, conflicts: Sequence[Delivery], merged: Mapping[Target, merge.Merged], how: Settling
) -> dict[RefName, Delivery]:
    """The deliveries of `conflicts` after what needs no human; those of which something is left tell what."""
    found = {}
    merges = [each.target for each in conflicts if each.strategy == "merge"]
    pairs = [(target.tip, fix.source) for target in merges]
    results = settling.settle(desk.git, pairs, [merged[target] for target in merges], how)
    for target, result in zip(merges, results, strict=True):
        made = Delivery(target, "merge", "conflict", conflicts=result.conflicts)
        if result.clean:
            made = replace(made, status="merged", tree=result.tree, resolved_by=settling.by(result.conflicts))
        found[target.ref] = made
    for each in _repicked(desk, fix, [each for each in conflicts if each.strategy == "cherry-pick"], how):
        found[each.target.ref] = each
    return found


def _repicked(desk: Desk, fix: Fix, conflicts: Sequence[Delivery], how: Settling) -> list[Delivery]:
    """Cherry-picks that conflict as a whole, tried commit by commit; those that still do tell of the whole."""
    made = picking.cherry_pick(desk, fix, [each.target for each in conflicts], how=how)
    found = []
    for each in conflicts:
        pick = made[each.target.ref]
        if pick.status in ("conflict", "failed"):
            texts = {conflict.path: conflict.text for conflict in pick.conflicts}
            told = (replace(conflict, text=texts.get(conflict.path, "")) for conflict in each.conflicts)
            pick = replace(each, conflicts=tuple(told))
        elif pick.new == each.target.tip:
            pick = Delivery(each.target, "cherry-pick", "already", reason="the same change is there already")
        found.append(pick)
    return found


def _by_hand(
    desk: Desk, fix: Fix, targets: Sequence[Target], resolved: Mapping[RefName, Oid]
) -> dict[RefName, Delivery]:
    """The deliveries that somebody finished by hand, as long as their target has not moved."""
    waiting = {target: resolved[ref] for target in targets if (ref := resolved_ref(fix.hotfix, target.ref)) in resolved}
    found = {}
    for target, commit in waiting.items():
        if commit != target.tip and history.is_ancestor(desk.git, target.tip, commit):
            held = history.is_ancestor(desk.git, fix.source, commit)
            strategy = "merge" if held else "cherry-pick"
            found[target.ref] = Delivery(target, strategy, "merged", new=commit, reason="resolved by hand")  # type: ignore[arg-type]
    return found


def _doubtful(desk: Desk, fix: Fix, rest: Sequence[Target]) -> list[Target]:
    """The targets for which a cherry-pick has to be tried: those that want one, and those whose merge could bring more
    than the fix."""
    # A target that holds the base gets by a merge only what came after it, and that is the fix.
    asked = [target.tip for target in rest if target.strategy == "auto"] if fix.source == fix.hotfix.tip else []
    holding = history.containing(desk.git, fix.base, asked)
    safe = {target for target in rest if target.strategy == "auto" and target.tip in holding}
    return [target for target in rest if target.strategy != "merge" and target not in safe]


def _write_merges(desk: Desk, fix: Fix, merged: Sequence[Delivery]) -> dict[RefName, Delivery]:
    # A cherry-pick has its tree and, in a dry run, no commit either.
    merged = [each for each in merged if each.strategy == "merge"]
    if desk.dry:
        return {}
    drafts = []
    for each in merged:
        parents = (each.target.tip, fix.source)
        drafts.append((each.target, Draft(parents, each.tree, merge_message(fix.hotfix, each.target, desk.messages))))
    written = write(desk, drafts)
    return {each.target.ref: replace(each, new=oid) for each, oid in zip(merged, written, strict=True)}
