"""A hotfix that is on production: found by tag, issue or branch, and where its fix is now."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.approvals import read
from git_hotfix.backport.run import choose_targets, prepare_deliveries
from git_hotfix.context import Context, Fix
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history
from git_hotfix.hotfix import arrival
from git_hotfix.hotfix.find import chosen_issue, find_hotfix, from_branch, from_tag, is_finished, known_hotfix
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import deliveries_of
from git_hotfix.model.names import IssueId, Oid, TagName, branch_ref
from git_hotfix.model.plan import Delivery, Outcome, ProductionPlan, TagPlan
from git_hotfix.model.times import local_moment
from git_hotfix.model.verdict import Verdict
from git_hotfix.release import production_merge
from git_hotfix.report.approvals import name_of

HIDDEN = "this clone is shallow, so nobody can tell from here what every branch has"


@frozen
class FoundHotfix:
    """A hotfix, the tag that names it, whether any production tag holds it (without one it is not finished, and the
    next hotfix would start without the fix), and whether it is on production."""

    hotfix: Hotfix
    tag: Tag | None
    tagged: bool = True
    landed: bool = True


def find(context: Context, given: str | None, *, landed: bool = True) -> FoundHotfix:
    """The hotfix that a tag, an issue or the current branch names.

    Raises `Failure` (exit 2) when there is none, or when `landed` is asked for and it is not on production.
    """
    snapshot = context.snapshot
    tag = snapshot.refs.tags.get(TagName(given.removeprefix("refs/tags/"))) if given else None
    if tag is not None and from_branch(context.git, snapshot, IssueId(given or "")) is None:
        return FoundHotfix(from_tag(context.git, snapshot, tag), tag)
    issue = chosen_issue(snapshot, given)
    made = snapshot.finish_tags(issue)
    hotfix = known_hotfix(context.git, snapshot, issue)
    if hotfix and made:
        return FoundHotfix(hotfix, made[0])
    if hotfix is None:
        raise Failure(
            f"there is no hotfix, no tag and no logbook called {issue}", hint="git hotfix list", code=ExitCode.USAGE
        )
    arrived = arrival.find(context.git, hotfix, snapshot.refs.branches[hotfix.production])
    if landed and arrived is None:
        raise Failure(
            f"{issue} is not on {hotfix.production} yet",
            hint=command_line("finish", issue),
            code=ExitCode.USAGE,
        )
    by_hand = production_merge.existing_release(context, hotfix, arrived, given=None)
    return FoundHotfix(hotfix, None, tagged=by_hand is not None, landed=arrived is not None)


def find_finished(context: Context, given: str | None) -> FoundHotfix | None:
    """The finished hotfix that an issue or a tag names, where no branch stands for it any more, or it was kept; else
    None."""
    snapshot = context.snapshot
    tagged = bool(given) and snapshot.refs.tags.get(TagName((given or "").removeprefix("refs/tags/"))) is not None
    issue = IssueId(given or "") if tagged else chosen_issue(snapshot, given)
    standing = from_branch(context.git, snapshot, issue)
    if (standing and not is_finished(snapshot, standing)) or not (tagged or snapshot.finish_tags(issue)):
        return None
    return find(context, given)


def finished_verdict(context: Context, hotfix: Hotfix) -> Verdict:
    """Who waived and who approved what; no gate is asked again about code that is in production."""
    own = read.own_commits(context.git, hotfix)
    waivers, approvals = read.read_approvals(context.git, context.snapshot, hotfix, own)
    snapshot = context.snapshot
    return Verdict(
        policy_commit=snapshot.policy_commit,
        policy_file=snapshot.policy_file,
        waivers=waivers,
        approvals=approvals,
    )


def outcome_of(context: Context, finished: FoundHotfix) -> Outcome:
    """Where the fix is now, and what is owed, computed in the scratch directory."""
    snapshot, hotfix, tag = context.snapshot, finished.hotfix, finished.tag
    tip = snapshot.refs.branches[hotfix.production]
    outcome = Outcome("status", ProductionPlan(branch_ref(hotfix.production), tip, tip))
    if tag:
        outcome = replace(outcome, tag=TagPlan(tag.name, tag.commit, tag.oid, exists=True))
        outcome = replace(outcome, notes=_say_torn(context, hotfix, tag))
    if snapshot.hidden:
        return replace(outcome, notes=(*outcome.notes, HIDDEN, "git fetch --unshallow"))
    if hotfix.base is None:
        return outcome
    context = replace(context, dry=True)
    source = tag.commit if tag and snapshot.policy.backport.source == "tag" else hotfix.tip
    choice = choose_targets(context, hotfix.production)
    deliveries = prepare_deliveries(context, Fix(hotfix, hotfix.base, source), choice.targets)
    deliveries = tuple(_with_record(hotfix, each) for each in deliveries)
    owed = (command_line("backport", hotfix.issue),) if any(each.owed for each in deliveries) else ()
    return replace(outcome, deliveries=deliveries, next=owed, left_out=choice.left_out)


def _with_record(hotfix: Hotfix, delivery: Delivery) -> Delivery:
    """A target that has the fix, with the commit that brought it, by whom and when, where the logbook knows."""
    if delivery.status != "already":
        return delivery
    for entry in reversed(hotfix.logbook.current):
        for each in deliveries_of(entry):
            if each.ref == delivery.target.ref and not each.offered and each.new != each.old:
                by = f"by {each.new[:10]}, {name_of(entry.who)}, {local_moment(entry.when)}"
                return replace(delivery, new=each.new, reason=by)
    return delivery


def _say_torn(context: Context, hotfix: Hotfix, tag: Tag) -> tuple[str, ...]:
    """What to say where the logbook does not hold what the tag says that it held when the hotfix was finished."""
    named = [Oid(each) for each in (tag.trailer("Hotfix-Log") or "").split()]
    logs = context.snapshot.refs.logs_of(hotfix.issue)
    ends = [end for end in (logs.here, logs.there) if end]
    lost = [each for each in named if not _is_held(context, each, ends)]
    if not lost:
        return ()
    if not ends:
        return (f"the logbook is not here; {tag.name} says that it was at {lost[0][:10]}",)
    return (f"the logbook does not hold {lost[0][:10]}, which {tag.name} names: entries were taken out of it",)


def _is_held(context: Context, entry: Oid, ends: Sequence[Oid]) -> bool:
    return any(history.is_ancestor(context.git, entry, end) for end in ends)


def find_subject(context: Context, given: str | None) -> Hotfix:
    """The hotfix that an issue, a tag or the current branch names, open or finished.

    Raises `Failure` (exit 2) where there is none.
    """
    finished = find_finished(context, given)
    return finished.hotfix if finished else find_hotfix(context.git, context.snapshot, given)
