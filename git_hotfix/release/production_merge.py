"""Production and tag in memory, before anything is pushed."""

from __future__ import annotations

import shlex
from collections.abc import Collection

from git_hotfix.backport.prepare import merge_message, placeholders, resolved_ref, tag_head
from git_hotfix.context import Context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import commits, diff, history, merge
from git_hotfix.git.commits import Draft
from git_hotfix.git.run import Git
from git_hotfix.hotfix import arrival, tag_names
from git_hotfix.hotfix.arrival import Arrival
from git_hotfix.hotfix.find import lost_tag
from git_hotfix.hotfix.packages import is_same_package
from git_hotfix.model import versions
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.messages import fill_in, with_trailers
from git_hotfix.model.names import Oid, TagName, branch_ref
from git_hotfix.model.plan import Delivery, FirstTier, ProductionPlan, TagPlan, Target
from git_hotfix.model.policy import Landing as Strategy
from git_hotfix.model.snapshot import Logs, Snapshot
from git_hotfix.model.verdict import Verdict
from git_hotfix.model.words import counted, one_line
from git_hotfix.record import chain, logbook
from git_hotfix.release.tag import existing_tag, refuse_lower, tag_message, tag_name, unreleased_note


def plan_production(
    context: Context,
    hotfix: Hotfix,
    landed: Arrival | None,
    *,
    given: str | None,
    verdict: Verdict | None,
    strategy: Strategy,
) -> FirstTier:
    """Bring the fix to production in memory and decide where the tag sits: on a commit whose tree is base + fix.

    `verdict` is what let the fix come here; its waivers and approvals go into the tag's message. None where the tag is
    there already.

    Raises `Failure` when the tag is taken, when the team deploys a branch that holds unreleased work, or when
    production cannot be fast-forwarded and that is the `strategy`.
    """
    snapshot = context.snapshot
    ref = branch_ref(hotfix.production)
    old = snapshot.refs.branches[hotfix.production]
    target = Target(ref, old, 1)
    made = _merge_fix(context, hotfix, target, landed, strategy)
    if isinstance(made, Delivery):
        planned = TagPlan(choose_tag_name(context, hotfix, given), hotfix.tip)
        return FirstTier(ProductionPlan(ref, old, old), planned, conflict=made)
    new, tree = made
    spot = (landed.exact if landed else new if tree == hotfix.tip_tree else None) or hotfix.tip
    existing = existing_release(context, hotfix, landed, given=given, squashed=strategy == "squash")
    lost = None if existing else lost_tag(snapshot, hotfix.logbook)
    if existing:
        tag = TagPlan(existing.name, existing.commit, existing.oid, exists=True)
    elif lost and given in (None, lost):
        tag = _restore_tag(snapshot, lost, spot)
    else:
        tag = _new_tag(context, hotfix, spot, new, given)
    notes = _unreleased_notes(context, hotfix, old, moved=landed is None and tree != hotfix.tip_tree)
    if lost:
        notes = (*notes, f"{hotfix.issue} was finished as {lost}, but {_place_name(snapshot)} no longer has that tag")
    spots = {hotfix.tip, spot, *([old] if landed else [])}
    notes = (*notes, *_unpushed_tag_notes(snapshot, spots, None if existing or lost else tag))
    if landed and not existing:
        reworked = arrival.note(context.git, hotfix, old, landed)
        notes = (*(_note_beside(hotfix, tag, landed) or notes), *([reworked] if reworked else []))
    planned_production = ProductionPlan(ref, old, new, strategy)
    logs = snapshot.refs.logs_of(hotfix.issue)
    judged = verdict or Verdict()
    passed = tuple(gate.id for gate in judged.gates if gate.status == "pass")
    return FirstTier(planned_production, _write_tag(context, hotfix, tag, judged, logs), notes, passed=passed)


def _new_tag(context: Context, hotfix: Hotfix, spot: Oid, production: Oid, given: str | None) -> TagPlan:
    """The tag to be made at `spot`. Raises `Failure` (exit 2) where `production` does not hold that commit and the name
    is not higher than the base tag's."""
    name = choose_tag_name(context, hotfix, given)
    if context.snapshot.policy.tag == "auto" and not history.is_ancestor(context.git, spot, production):
        again = command_line("finish", hotfix.issue, tag=Placeholder("<a higher name>"))
        refuse_lower(name, hotfix.base_tag, hotfix.production, again)
    return TagPlan(name, spot)


def _note_beside(hotfix: Hotfix, tag: TagPlan, landed: Arrival) -> tuple[str, ...]:
    """What to say where production has the fix only under other ids: the tag stands beside it."""
    if landed.how == "merged" or landed.exact is not None:
        return ()
    return (
        f"{hotfix.production} has this fix under other ids, on top of work that {hotfix.base_tag} does not have: "
        f"{tag.name} stands beside it, on {hotfix.base_tag} and the fix alone",
    )


def _restore_tag(snapshot: Snapshot, name: TagName, spot: Oid) -> TagPlan:
    """The tag of an earlier finish once more: this clone's own object where it stands at the same commit."""
    here = snapshot.refs.local_tags.get(name)
    return TagPlan(name, spot, here.oid if here and here.commit == spot else None)


def _place_name(snapshot: Snapshot) -> str:
    return snapshot.remote.name if snapshot.remote else "this repository"


def choose_tag_name(context: Context, hotfix: Hotfix, given: str | None) -> TagName:
    """The name of the hotfix tag. Raises `Failure` where it can be none, and where nobody has said it yet."""
    assert hotfix.base
    base = Tag(hotfix.base_tag or TagName(""), hotfix.base, hotfix.base, 0, annotated=False)
    fix = tag_names.UntaggedFix(hotfix.issue, base, hotfix.tip)
    proposed = tag_names.next_name(context.git, context.snapshot, fix)
    return tag_name(context.snapshot, hotfix, given, proposed)


def _merge_fix(
    context: Context, hotfix: Hotfix, target: Target, landed: Arrival | None, strategy: Strategy
) -> tuple[Oid, Oid] | Delivery:
    """Production's new commit and its tree, or the conflict."""
    if landed:
        return target.tip, history.trees(context.git, [target.tip])[target.tip]
    if strategy == "fast-forward":
        _require_ancestor(context, hotfix, target)
        return hotfix.tip, hotfix.tip_tree
    by_hand = _merge_by_hand(context, hotfix, target)
    if by_hand:
        tree = history.trees(context.git, [by_hand])[by_hand]
        return (_squash(context, hotfix, target, tree), tree) if strategy == "squash" else (by_hand, tree)
    result = merge.merge_one(context.git, target.tip, hotfix.tip)
    if not result.clean:
        result = _merge_from_base(context, hotfix, target) or result
    if not result.clean:
        return Delivery(target, "merge", "conflict", conflicts=result.conflicts)
    if strategy == "squash":
        return _squash(context, hotfix, target, result.tree), result.tree
    draft = Draft((target.tip, hotfix.tip), result.tree, merge_message(hotfix, target, context.messages))
    return _write_commit(context, target, draft), result.tree


def _merge_from_base(context: Context, hotfix: Hotfix, target: Target) -> merge.MergeResult | None:
    """The clean merge of what the fix changes since its base, where production has the base under other ids: where the
    hotfix before this one was squashed, git merges from before both, and takes that one's lines for a conflict."""
    if hotfix.base is None or history.is_ancestor(context.git, hotfix.base, target.tip):
        return None
    [side] = merge.sides_of_picks(context.git, [(target.tip, hotfix.base)])
    result = merge.merge_one(context.git, side, hotfix.tip)
    return result if result.clean else None


def _write_commit(context: Context, target: Target, draft: Draft) -> Oid:
    if context.signs(target) and not context.dry:
        return commits.write_signed(context.repository, draft)
    return commits.write(context.git, [draft], context.who)[0]


def _require_ancestor(context: Context, hotfix: Hotfix, target: Target) -> None:
    """Raises `Failure` (exit 1), with the choice, where production has commits that the hotfix has not."""
    ahead = history.commits(context.git, target.tip, [hotfix.tip], first_parent=True)
    if not ahead:
        return
    newest = ahead[-1]
    raise Failure(
        f"{hotfix.production} cannot be fast-forwarded to {hotfix.branch}: it has {counted(len(ahead), 'commit')} that "
        f"{hotfix.branch} does not have (newest: {newest.oid[:10]} {newest.summary.subject})",
        hint=f"one commit on top of them: {command_line('finish', hotfix.issue, strategy='squash')}\n"
        f"a merge commit: {command_line('finish', hotfix.issue, strategy='merge')}\n"
        f"or release {hotfix.production} first, then: {command_line('update', hotfix.issue)}",
        code=ExitCode.REFUSED,
    )


def _squash(context: Context, hotfix: Hotfix, target: Target, tree: Oid) -> Oid:
    """The whole fix as one commit on production, by whoever wrote its last commit; the others are named in it."""
    assert hotfix.base
    own = [commit for commit in history.commits(context.git, hotfix.tip, [hotfix.base]) if len(commit.parents) == 1]
    author = own[-1].author if own else context.who.author
    people = dict.fromkeys(commit.author.rpartition(">")[0] + ">" for commit in own)
    others = [person for person in people if not author.startswith(person)]
    if context.messages.squash:
        text = fill_in(context.messages.squash, placeholders(hotfix, target.branch))
    elif len(own) == 1:
        text = own[0].message.strip("\n")
    else:
        title = f": {one_line(hotfix.title)}" if hotfix.title else ""
        subjects = "\n".join(f"* {one_line(commit.summary.subject)}" for commit in own)
        text = f"Hotfix {hotfix.issue}{title}\n\n{subjects}".strip()
    trailers = [("Co-authored-by", each) for each in others]
    trailers += [("Hotfix-Issue", hotfix.issue), ("Hotfix-Tip", hotfix.tip)]
    return _write_commit(context, target, Draft((target.tip,), tree, with_trailers(text, trailers), author))


def _merge_by_hand(context: Context, hotfix: Hotfix, target: Target) -> Oid | None:
    """The merge that somebody finished by hand, while production is where it was then."""
    ref = resolved_ref(hotfix, target.ref)
    commit = history.resolve(context.repository.git, ref)
    if commit and all(history.is_ancestor(context.git, each, commit) for each in (target.tip, hotfix.tip)):
        return commit
    return None


def existing_release(
    context: Context,
    hotfix: Hotfix,
    landed: Arrival | None,
    *,
    given: str | None,
    squashed: bool = False,
) -> Tag | None:
    """The tag on the remote that finished this hotfix already: this tool's own, or one that somebody made by hand on
    base + fix, or once the fix has landed a release that holds it.

    None when there is none, or when `given` names another. `squashed` says that production is going to get the fix as
    another commit.
    """
    git, snapshot = context.git, context.snapshot
    said = snapshot.refs.tags.finish_tags(hotfix.issue)
    trees = history.trees(git, [tag.commit for tag in said])
    # One that came there before production did, because the push was cut off, is of this fix all the same.
    by_hand = [tag for tag in said if trees.get(tag.commit) == hotfix.tip_tree]
    if landed.how == "merged" if landed else not squashed:
        by_hand += _tags_on_tip(snapshot, hotfix)
    if landed:
        known = history.trees(git, [tag.commit for tag in snapshot.production_tags])
        same = [tag for tag in snapshot.production_tags if known.get(tag.commit) == hotfix.tip_tree]
        # A revert has the tree of what it goes back to: a tag that the base holds was there before this fix.
        tips = {tag.commit for tag in same}
        later = set(history.reachable(git, tips, [hotfix.base or hotfix.tip])) if tips else set()
        by_hand += [tag for tag in same if tag.commit in later]
        by_hand += _later_releases(context, hotfix)
    return existing_tag(snapshot, hotfix, given, by_hand)


def _later_releases(context: Context, hotfix: Hotfix) -> list[Tag]:
    """The release that was made after the fix had landed: the first that holds the hotfix's tip, else the newest where
    that has the fix under other ids."""
    git, snapshot = context.git, context.snapshot
    apart = hotfix.chosen or snapshot.policy.packages
    tags = [
        tag
        for tag in snapshot.production_tags
        if not apart or is_same_package(tag.name, hotfix.base_tag, snapshot.policy)
    ]
    commits = {tag.commit for tag in tags}
    with_tip = history.tips_containing(git, hotfix.tip, commits) if hotfix.tip != hotfix.base else ()
    first = [tag for tag in reversed(tags) if tag.commit in with_tip][:1]
    newest = [tag for tag in tags if tag == snapshot.newest_tag and tag.commit != hotfix.base]
    return next(([tag] for tag in [*first, *newest] if _holds(git, hotfix, tag.commit)), [])


def _holds(git: Git, hotfix: Hotfix, release: Oid) -> bool:
    """True where the fix is in `release`: it came there, and was not taken out before."""
    found = arrival.find(git, hotfix, release)
    return found is not None and arrival.what_remains(git, hotfix, release, found).state in ("there", "reworked")


def _tags_on_tip(snapshot: Snapshot, hotfix: Hotfix) -> list[Tag]:
    """The release tags that stand on the hotfix's tip, which production is going to hold: after a squash it does not,
    and the next hotfix would not find such a tag."""
    if hotfix.tip == hotfix.base:
        return []
    names = [name for name, commit in snapshot.refs.tags.commits.items() if commit == hotfix.tip]
    return [
        snapshot.refs.tags[name]
        for name in names
        if snapshot.policy.is_release_tag(name) and not versions.is_prerelease(name)
    ]


def _unreleased_notes(context: Context, hotfix: Hotfix, old: Oid, *, moved: bool) -> tuple[str, ...]:
    snapshot = context.snapshot
    assert hotfix.base
    if not moved:
        return ()
    ahead = history.commits(context.git, old, [hotfix.base], first_parent=True)
    shown = [f"{commit.oid[:10]} {commit.summary.subject}" for commit in reversed(ahead)]
    note = unreleased_note(snapshot, hotfix, shown)
    return (note,) if note else ()


def _unpushed_tag_notes(snapshot: Snapshot, spots: Collection[Oid], made: TagPlan | None) -> tuple[str, ...]:
    """A release tag of this clone that stands on the fix (`spots`: its tip, or where production has it) is somebody's
    wish, but it is not on the remote."""
    if made is None or snapshot.remote is None:
        return ()
    here, there, is_release = snapshot.refs.local_tags, snapshot.refs.tags, snapshot.policy.is_release_tag
    names = [name for name, commit in here.commits.items() if commit in spots and name not in there]
    return tuple(
        f"{name} stands on this fix here, but not on {snapshot.remote.name}, so {made.name} is made; "
        f"to use it instead: git push {shlex.quote(snapshot.remote.name)} {shlex.quote(name)}"
        for name in names
        if is_release(name)
    )


def _write_tag(context: Context, hotfix: Hotfix, tag: TagPlan, verdict: Verdict, logs: Logs) -> TagPlan:
    if tag.exists or tag.oid or context.dry:
        return tag
    assert hotfix.base
    changes = diff.changes(context.git, hotfix.base, hotfix.tip)
    ends = logbook.independent_ends(context.git, logs.there, logs.here)
    record = chain.anchor_facts(context.git, hotfix.issue, ends)
    head = tag_head(context, hotfix, tag, hotfix.production)
    message = tag_message(hotfix, changes, verdict, record, head=head)
    return replace(tag, oid=commits.write_tag(context.repository, tag.name, tag.target, message))
