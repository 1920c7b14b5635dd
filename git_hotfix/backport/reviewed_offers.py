"""Pull requests into targets that somebody squashed there after a review had changed them: the target has the fix in
other words, and picked again it conflicts with itself."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.context import Context, Fix
from git_hotfix.git import diff, history, search
from git_hotfix.git.history import FullCommit
from git_hotfix.model.frozen import replace
from git_hotfix.model.messages import mentions
from git_hotfix.model.names import Oid
from git_hotfix.model.plan import Delivery

_MOST = 100  # commits of the targets that are looked at, the newest; a pull request is merged soon, or never

Moves = set[tuple[str, bytes]]
"""The lines that a change adds and removes, each with its sign."""


def name_reviewed(context: Context, fix: Fix, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Those of `deliveries` that conflict though the fix was offered there, with the commit of the target that is
    probably the fix as a review changed it: it came since, changes lines that the fix or the offer changes, and names
    the hotfix or brings one of these lines as it is. A fixed number of processes, none where nothing was offered."""
    offers = {delivery.ref: delivery for delivery in fix.hotfix.logbook.deliveries() if delivery.offered}
    asked = [
        delivery
        for delivery in deliveries
        if delivery.status == "conflict" and not delivery.reason and delivery.target.ref in offers
    ]
    tips = [delivery.target.tip for delivery in asked]
    lack = [fix.base, fix.hotfix.tip, *(offers[delivery.target.ref].old for delivery in asked)]
    paths = diff.changed_paths(context.git, fix.base, fix.hotfix.tip) if asked else []
    there = (
        history.read_commits(context.git, history.commits_touching(context.git, tips, lack, paths)[:_MOST])
        if paths
        else []
    )
    if not there:
        return []
    likely = _likely_commits(context, fix, there, [(offer.old, offer.new) for offer in offers.values()], paths)
    links = history.links(context.git, tips, lack)
    found = []
    for delivery in asked:
        beyond = set(history.reached_in_graph(links, delivery.target.tip))
        commit = next((commit for commit in likely if commit.oid in beyond), None)
        if commit:
            said = f"{commit.oid[:10]} ({commit.summary.subject}) is probably this fix as a review changed it"
            found.append(replace(delivery, reason=said, reviewed=commit.oid))
    return found


def _likely_commits(
    context: Context, fix: Fix, there: Sequence[FullCommit], offers: Sequence[tuple[Oid, Oid]], paths: Sequence[str]
) -> list[FullCommit]:
    """Those of `there` that may be the fix, in their order."""
    wanted = [(fix.base, fix.hotfix.tip), *offers]
    moves = _moves(context, [*wanted, *((commit.parents[0], commit.oid) for commit in there if commit.parents)], paths)
    ours = set[tuple[str, bytes]]().union(*(moves.get(end, set()) for _, end in wanted))
    subjects = (commit.summary.subject for commit in history.commits(context.git, fix.hotfix.tip, [fix.base]))
    texts = (fix.hotfix.title, *subjects)
    found = []
    for commit in there:
        shared = moves.get(commit.oid, set()) & ours
        says = mentions(commit.message, fix.hotfix.issue, texts)
        if any(sign == "+" for sign, _ in shared) or (shared and says):
            found.append(commit)
    return found


def _moves(context: Context, changes: Sequence[tuple[Oid, Oid]], paths: Sequence[str]) -> dict[Oid, Moves]:
    """The end of each change → the lines that it moves in `paths`; one that is not here is left out."""
    trees = history.trees(context.git, list(dict.fromkeys(oid for pair in changes for oid in pair)))
    known = [pair for pair in changes if {*pair} <= trees.keys() and trees[pair[0]] != trees[pair[1]]]
    sides = diff.sides(context.git, [(trees[start], trees[end]) for start, end in known], paths) if known else []
    counts = search.count_lines(context.git, [oid for each in sides for pair in each.values() for oid in pair])
    return {end: search.signed_lines(each, counts) for (_, end), each in zip(known, sides, strict=True)}
