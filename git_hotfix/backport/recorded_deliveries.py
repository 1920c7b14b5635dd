"""Deliveries that the logbook tells of, held against the commits that they name: whoever may push can write any line.

A delivery OLD..NEW is borne out where that change has a line of the fix's, or is what picking the fix onto OLD gives.
Where OLD equals NEW the branch had the fix: NEW has a line that the fix brings, or a pick onto it changes nothing. An
offer is borne out, too, where NEW says that it picked the fix, or merged it: then it is held against its content as any
commit that says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from git_hotfix.backport import history_claims
from git_hotfix.backport.history_claims import Subject
from git_hotfix.backport.reverted_changes import Sides
from git_hotfix.context import Context
from git_hotfix.git import diff, history, merge, search
from git_hotfix.model.claims import Claim, TargetCommit
from git_hotfix.model.logbook import RecordedDelivery
from git_hotfix.model.names import Oid

Change = tuple[Oid, Oid]
"""A commit before and one after."""


def proven_offers(
    context: Context, base: Oid, own: Collection[Oid], offers: Sequence[RecordedDelivery], paths: Sequence[str]
) -> list[RecordedDelivery]:
    """Those of `offers` that bring something of the fix: the commits `own` above `base`, which change `paths`."""
    if not offers:
        return []
    said = {offer.oid: offer for offer in history.read_mentions(context.git, [offer.new for offer in offers])}
    saying = [offer for offer in offers if offer.new in said and _names_fix(said[offer.new], own)]
    rest = [offer for offer in offers if offer not in saying]
    made = _makes_fix(context, base, [(offer.tip, (offer.old, offer.new)) for offer in rest], paths)
    kept = {*saying, *(offer for offer, done in zip(rest, made, strict=True) if done)}
    return [offer for offer in offers if offer in kept]


def _names_fix(commit: TargetCommit, own: Collection[Oid]) -> bool:
    picked = any(oid.startswith(name) for name in commit.picked for oid in own)
    return picked or any(parent in own for parent in commit.parents[1:])


def solved_commits(walk: Sequence[TargetCommit], own: Collection[Oid], records: Sequence[RecordedDelivery]) -> set[Oid]:
    """The commits of those deliveries that hold a merge or a commit which says that it picked one of `own`: somebody
    answered their conflicts, and whatever came of that was decided there."""
    known = {commit.oid: commit for commit in walk}
    found: set[Oid] = set()
    for record in records:
        line, oid = [], record.new
        while oid != record.old and oid in known:
            line.append(known[oid])
            oid = known[oid].parents[0] if known[oid].parents else record.old
        if oid == record.old and any(len(commit.parents) > 1 or _names_fix(commit, own) for commit in line):
            found |= {commit.oid for commit in line}
    return found


def unproven_changes(
    context: Context, subject: Subject, claims: Iterable[Mapping[Oid, Claim]], solved: Collection[Oid]
) -> set[Change]:
    """The deliveries among `claims` that bring nothing of the fix, or that end with a commit which stood before they
    began. The logbook's word is needed, and held against the content, only where no commit says what came, and none of
    them was `solved`."""
    said = [each for mine in claims for each in mine.values() if each.how == "delivered"]
    needed = {(each.start, each.end) for each in said if each.end not in solved}
    asked = [(each.tip, (each.old, each.new)) for each in subject.records if (each.old, each.new) in needed]
    answers = _makes_fix(context, subject.fix.base, asked, subject.paths)
    made = {change for (_, change), done in zip(asked, answers, strict=True) if done}
    backward = {(old, new) for old, new in made if old != new and new in history_claims.own_commits(subject.walk, old)}
    return needed - made | backward


def _makes_fix(context: Context, base: Oid, asked: Sequence[tuple[Oid, Change]], paths: Sequence[str]) -> list[bool]:
    """For each (tip of the fix, change): whether the change is the fix's, in a line or as a whole."""
    if not asked:
        return []
    trees = history.trees(
        context.git, list(dict.fromkeys([base, *(oid for tip, ends in asked for oid in (tip, *ends))]))
    )
    known = [(tip, change) for tip, change in asked if {tip, *change} <= trees.keys()]
    # Of a branch that had the fix the file is compared with what it was before the fix.
    pairs = [(trees[base], trees[tip]) for tip, _ in known]
    pairs += [(trees[base if old == new else old], trees[new]) for _, (old, new) in known]
    apart = [pair for pair in dict.fromkeys(pairs) if pair[0] != pair[1]]
    sides: dict[tuple[Oid, Oid], Sides] = dict(zip(apart, diff.sides(context.git, apart, paths), strict=True))
    counts = search.count_lines(context.git, [oid for each in sides.values() for pair in each.values() for oid in pair])
    shown = {
        each
        for each, fix, change in zip(known, pairs[: len(known)], pairs[len(known) :], strict=True)
        if _shows(search.signed_lines(sides.get(fix, {}), counts), search.signed_lines(sides.get(change, {}), counts))
    }
    rest = [each for each in dict.fromkeys(known) if each not in shown]
    picked = merge.merge_all(
        context.git,
        list(zip(
            merge.sides_of_picks(context.git, [(old, base) for _, (old, _) in rest]),
            (tip for tip, _ in rest), strict=True
        )),
    )  # fmt: skip
    shown |= {
        (tip, (old, new))
        for (tip, (old, new)), result in zip(rest, picked, strict=True)
        if result.clean and result.tree == trees[new] and (old == new or trees[old] != trees[new])
    }
    return [each in shown for each in asked]


def _shows(fix: Collection[tuple[str, bytes]], change: Collection[tuple[str, bytes]]) -> bool:
    """Whether `change` adds a line that the fix adds, or where that adds none, removes one of its lines: a line that is
    gone may have made way for anything."""
    brings = {line for line in fix if line[0] == "+"} or fix
    return any(line in change for line in brings)
