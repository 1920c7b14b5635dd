"""What finish and backport share: choosing targets, preparing deliveries and pushing them."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from git_hotfix.backport import copies, line_tags, pull_requests, push
from git_hotfix.backport.forge import forge_of
from git_hotfix.backport.prepare import Decisions, prepare_targets, resolved_commits
from git_hotfix.backport.targets import (
    BranchFacts,
    candidates,
    choose,
    is_active,
    may_be_finished,
    possible_aliases,
    target_of,
    without_aliases,
)
from git_hotfix.conflicts import resolve_worktrees
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.context import Context, DeliveryOptions, Fix, Prepare
from git_hotfix.context.open import look_again
from git_hotfix.git import history, listing, squashes
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import RESOLVED, BranchName, Oid, TagName, branch_ref
from git_hotfix.model.next_step import next_command
from git_hotfix.model.plan import Choice, Delivery, Target
from git_hotfix.model.words import counted
from git_hotfix.report.progress import Progress
from git_hotfix.runs import pins
from git_hotfix.runs.transport import Transport

_REVERT = re.compile(r"^This reverts commit ([0-9a-f]{7,64})", re.MULTILINE)  # what `git revert` writes


def add_delivery_options(parser: argparse.ArgumentParser) -> None:
    """What every command that delivers understands."""
    parser.add_argument("--dry-run", action="store_true", help="show the plan and change nothing")
    parser.add_argument("--yes", "-y", action="store_true", help="do not ask")
    parser.add_argument("--no-verify", action="store_true", help="skip the team's own pre-push hooks")
    parser.add_argument("--sign-features", action="store_true", help="sign the merges into features too")
    parser.add_argument("--no-rerere", action="store_true", help="do not reuse resolutions that were made before")
    parser.add_argument("--keep", action="store_true", help="keep the hotfix branch when nothing is owed any more")
    parser.add_argument("--draft", action="store_true", help="open a draft pull request for a conflict, too")
    parser.add_argument("--show", action="store_true", help="show every hunk that was settled without a human")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def delivery_options(arguments: argparse.Namespace) -> DeliveryOptions:
    """How to deliver, as the arguments of a command say."""
    return DeliveryOptions(
        sign_features=arguments.sign_features,
        remembered=not arguments.no_rerere,
        shown=arguments.show,
        drafts=arguments.draft,
    )


def targets_to_serve(context: Context, hotfix: Hotfix, only: Sequence[str] = ()) -> Choice:
    """The branches that this run delivers a hotfix to, and those that are left out: what `choose_targets` finds,
    without `only` also those whose conflict somebody solved, and no second name of a branch on the remote."""
    choice = choose_targets(context, hotfix.production, only)
    choice = choice if only else _with_solved_targets(context, hotfix, choice)
    return _without_other_names(context, hotfix.production, choice)


def choose_targets(context: Context, line: BranchName, only: Sequence[str] = ()) -> Choice:
    """The branches that must receive the fix now, and those that are left out. The policy names them, or `only`, the
    globs of `--to`; of what these name nothing is left out."""
    snapshot, git = context.snapshot, context.git
    found = candidates(snapshot, line, only)
    if only:
        return Choice(found)
    trunk = snapshot.refs.branches[snapshot.trunk]
    features = [target for target in found if target.tier == 3]
    forks = history.forks_of(git, trunk, [target.tip for target in found])
    merged = {target.tip for target in features if forks[target.tip] == {target.tip}}
    # At once with what is asked of the same commits later.
    asked = [trunk, *(target.tip for target in found), *sorted(frozenset[Oid]().union(*forks.values()))]
    facts = BranchFacts(merged, dates=history.commit_dates(git, asked))
    active = [target.tip for target in features if is_active(target, facts, snapshot)]
    finished = {target.tip for target in found if may_be_finished(snapshot, target)}
    if finished:
        beyond = history.reachable(git, finished, [snapshot.refs.branches[snapshot.production]])
        facts = replace(facts, in_production=finished - set(beyond))
    working = {tip: forks[tip] for tip in active if tip not in merged and forks[tip]}
    if working:
        facts = replace(facts, squashed=squashes.squashed_tips(git, trunk, working))
    return choose(snapshot, line, found, facts)


def _without_other_names(context: Context, line: BranchName, choice: Choice) -> Choice:
    """`choice` without what is only another name of a branch on the remote. A server takes no push to both, and no
    fetch tells; it is asked where two targets stand at one commit."""
    place = context.snapshot.remote
    names = possible_aliases(context.snapshot, line, choice.targets) if place else set()
    aliases = listing.symbolic_refs(context.repository.git, place.name, names) if place and names else {}
    return without_aliases(context.snapshot, line, choice, aliases) if aliases else choice


def _with_solved_targets(context: Context, hotfix: Hotfix, choice: Choice) -> Choice:
    """`choice`, and the branches whose conflict somebody solved for this hotfix: whoever did that wants the fix there,
    also where the branch would be left out."""
    snapshot, known = context.snapshot, {target.ref for target in choice.targets}
    branches = {branch_ref(branch): branch for branch in snapshot.refs.branches if branch != hotfix.production}
    solved = [
        target_of(snapshot, branches[ref], snapshot.refs.branches[branches[ref]])
        for ref in resolved_commits(hotfix, branches, snapshot.refs.own)
        if ref not in known
    ]
    mine = {target.ref for target in solved}
    left_out = tuple(each for each in choice.left_out if each.ref not in mine)
    return replace(choice, targets=(*choice.targets, *solved), left_out=left_out)


def prepare_deliveries(
    context: Context,
    fix: Fix,
    targets: Sequence[Target],
    *,
    named: Sequence[str] = (),
    planned: TagName | None = None,
) -> tuple[Delivery, ...]:
    """The delivery to every target; those that somebody decided to leave out are skipped with the reason.

    A revert goes to production only: merged into a feature it would delete that feature's work for good. Every other
    target is a decision that is owed, until it is decided by naming it: `named` are the words of `--to`. A whole name
    among them also says that the target has the code, and that one which took the fix out is to get it again; a pattern
    does not: it finds more than somebody had in mind.
    """
    skips = fix.hotfix.logbook.skips()
    wanted = [target for target in targets if target.ref not in skips]
    rules, held = resolution_rules(context, fix), resolve_worktrees.branches_in_work(context.repository)
    alone = preparer(context, fix)
    again = preparer(replace(context, dry=True), fix)

    with Progress(context.streams, f"merging into {counted(len(wanted), 'branch', 'branches')}"):
        exact = {target.ref for target in wanted if {target.branch, target.ref} & set(named)}
        own = context.snapshot.refs.own
        found = prepare_targets(context, fix, wanted, Decisions(own, held, exact), rules)
        found = pull_requests.plan_offers(context, fix, found, again)
        found = line_tags.plan_line_tags(context, fix, found, alone, planned=planned)
        found = copies.with_copies(context, fix, found, context.snapshot.refs.branches[context.snapshot.trunk])
    if not named and wanted and _reverts_others_code(context, fix):
        taken = _commits_by_hand(context)
        found = tuple(
            each if not each.owed or each.status == "reverted" or each.new in taken else _ask_to_decide(each)
            for each in found
        )
    made = {each.target.ref: each for each in found}
    return tuple(
        made.get(target.ref) or Delivery(target, "merge", "skipped", reason=skips[target.ref]) for target in targets
    )


def preparer(context: Context, fix: Fix) -> Prepare:
    """What prepares deliveries elsewhere than on the tip of a target, for which alone a merge by hand was made."""
    rules, held = resolution_rules(context, fix), resolve_worktrees.branches_in_work(context.repository)

    def prepare(fix: Fix, targets: Sequence[Target]) -> tuple[Delivery, ...]:
        return prepare_targets(context, fix, targets, Decisions(held=held), rules)

    return prepare


def resolution_rules(context: Context, fix: Fix) -> ResolutionRules:
    """What may settle the conflicts of a delivery."""
    found = context.snapshot.refs
    tips = tuple(dict.fromkeys([*found.local.values(), *found.branches.values()]))
    return ResolutionRules(
        context.repository,
        context.snapshot.policy.backport,
        fix.base,
        fix.source,
        tips,
        remembered=context.options.remembered,
        shown=context.options.shown,
        vendored=context.snapshot.policy.files.vendored,
    )


def _reverts_others_code(context: Context, fix: Fix) -> bool:
    """Whether the fix reverts a commit that is not its own. Of a commit that it reverts itself nothing is left."""
    own = history.commits(context.git, fix.hotfix.tip, [fix.base])
    undone: set[Oid] = set()
    for commit in reversed(own):
        for name in [] if commit.oid in undone else _REVERT.findall(commit.message):
            named = {each.oid for each in own if each.oid.startswith(name)}
            if not named:
                return True
            undone |= named
    return False


def _commits_by_hand(context: Context) -> set[Oid]:
    return {oid for ref, oid in context.snapshot.refs.own.items() if ref.startswith(RESOLVED)}


def _ask_to_decide(delivery: Delivery) -> Delivery:
    reason = "reverts code: decide whether this branch should get it"
    return Delivery(delivery.target, delivery.strategy, "pending", reason=reason)


def push_deliveries(
    context: Context, fix: Fix, transport: Transport, deliveries: Sequence[Delivery], *, command: str
) -> tuple[Delivery, ...]:
    """Push tiers 2 and 3; what moved meanwhile is fetched and prepared again, and what goes by pull request, by the
    policy or because the remote refuses its target, is offered."""

    def prepare_again(moved: Sequence[Delivery]) -> Sequence[Delivery]:
        fresh = look_again(context)
        tips = fresh.snapshot.refs.branches
        kept = [replace(each.target, tip=tips[each.target.branch]) for each in moved if each.target.branch in tips]
        gone = [
            replace(each, status="skipped", reason="the branch is gone")
            for each in moved
            if each.target.branch not in tips
        ]
        made = [*prepare_deliveries(fresh, fix, kept), *gone]
        pins.keep(fresh, fix.hotfix.issue, command, pins.updates_of(made))
        return made

    chunk = context.snapshot.policy.backport.chunk
    with Progress(context.streams, "pushing to the targets") as progress:
        found = push.deliver(transport, deliveries, chunk=chunk, again=prepare_again, progress=progress.counts)
    remote = context.snapshot.remote
    refused = [each for each in found if each.refused and each.new and remote]
    remade = preparer(replace(context, dry=True), fix)
    offers = pull_requests.turn_into_offers(context, fix, refused, remade)
    instead = {offer.target.ref: offer for offer in offers}
    found = tuple(instead.get(each.target.ref, each) for each in found)
    with Progress(context.streams, "offering pull requests") as progress:
        found = pull_requests.push_offers(transport, found, chunk=chunk)
        if remote is None:
            return found
        forge = forge_of(context.repository, remote)
        return pull_requests.open_requests(forge, remote, fix.hotfix, found, progress.show)


def next_commands(hotfix: Hotfix, deliveries: Sequence[Delivery]) -> tuple[str, ...]:
    """The command that opens or repeats each delivery that is left, each once; what waits for a merge comes last."""
    alone = [next_command(hotfix.issue, each) for each in deliveries if each.offer is None]
    after = [next_command(hotfix.issue, each) for each in deliveries if each.offer and each.status != "conflict"]
    drafts = [next_command(hotfix.issue, each) for each in deliveries if each.offer and each.status == "conflict"]
    return tuple(dict.fromkeys(command for command in (*alone, *drafts, *after) if command))
