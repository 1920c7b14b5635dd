"""What `finish` would do now with a hotfix, computed in the scratch directory."""

from __future__ import annotations

from git_hotfix.backport.run import choose_targets, next_commands, prepare_deliveries
from git_hotfix.context import Context, Fix
from git_hotfix.errors import Failure
from git_hotfix.form import required
from git_hotfix.hotfix import arrival, review
from git_hotfix.hotfix.find import newer_tag
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.plan import Outcome
from git_hotfix.model.verdict import Verdict
from git_hotfix.release import production_merge
from git_hotfix.release.finished_hotfix import HIDDEN


def preview_finish(context: Context, hotfix: Hotfix, verdict: Verdict, *, targets: bool = True) -> Outcome:
    """What finish would do now, computed in the scratch directory; without `targets` on production only. A hotfix
    without a base has no preview."""
    if hotfix.base is None or hotfix.tip == hotfix.base:
        return Outcome("status", next=("commit the fix",))
    if context.snapshot.hidden:
        return Outcome("status", notes=(HIDDEN, "git fetch --unshallow"))
    context = replace(context, dry=True)
    tip = context.snapshot.refs.branches[hotfix.production]
    if more := arrival.why_beyond_finish(context.git, context.snapshot, hotfix):
        return _refusal_outcome(more)
    landed = arrival.find(context.git, hotfix, tip)
    held = None if landed or context.snapshot.finish_tags(hotfix.issue) else verdict.held_back
    if held and newer_tag(context.git, context.snapshot, hotfix):
        # On the newer release the name and every target may be another.
        return Outcome("status", refused=held.message, next=(held.before_finish,))
    released = landed and production_merge.existing_release(context, hotfix, landed, given=None)
    if landed and not released and (doubt := arrival.doubt(context.git, hotfix, tip, landed)):
        return _refusal_outcome(doubt)
    if reviewed := review.find(context, hotfix, landed, ask=False):
        return _refusal_outcome(review.refusal(hotfix, reviewed))
    try:
        planned = production_merge.plan_production(context, hotfix, landed, given=None, verdict=verdict,
                                  strategy=context.snapshot.policy.production.strategy)  # fmt: skip
    except Failure as refusal:  # finish refuses with it; status only tells
        return _refusal_outcome(refusal)
    if planned.conflict:
        steps = next_commands(hotfix, [planned.conflict])
        return Outcome("status", planned.production, planned.tag, (planned.conflict,), next=steps)
    if not targets:
        return Outcome("status", planned.production, planned.tag)
    fix = Fix(hotfix, hotfix.base, hotfix.tip)
    choice = choose_targets(context, hotfix.production)
    deliveries = prepare_deliveries(context, fix, choice.targets, planned=planned.tag.name)
    outcome = Outcome("status", planned.production, planned.tag, deliveries, notes=planned.notes)
    outcome = replace(outcome, left_out=choice.left_out)
    if held:
        return replace(outcome, refused=held.message, next=(held.before_finish,))
    if verdict.passed and not landed and (silent := required.refusal(context.snapshot.policy, hotfix, "finish")):
        return replace(outcome, refused=silent.message, next=(required.edit_command(hotfix),))
    return replace(outcome, next=_next_commands(context, hotfix, verdict, outcome))


def _refusal_outcome(refusal: Failure) -> Outcome:
    return Outcome("status", notes=(f"finish would refuse: {refusal.message}", *refusal.hint.splitlines()))


def _next_commands(context: Context, hotfix: Hotfix, verdict: Verdict, outcome: Outcome) -> tuple[str, ...]:
    if not context.snapshot.finish_tags(hotfix.issue):
        return ("git hotfix finish",) if verdict.passed else ("git hotfix check",)
    owed = [each for each in outcome.deliveries if each.owed]
    return (command_line("backport", hotfix.issue),) if owed else (command_line("finish", hotfix.issue),)
