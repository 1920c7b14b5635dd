"""Commits that say which commit of the fix they bring, and have nothing of it, or leave a file as it was that this
changes: an amended pick keeps its message, and a squash names all that somebody meant it to hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from git_hotfix.backport import reverted_changes, undone_lines
from git_hotfix.backport.history_claims import Subject
from git_hotfix.backport.reverted_changes import Sides
from git_hotfix.context import Context
from git_hotfix.git import blobs, diff, history, search
from git_hotfix.model.claims import Claim, TargetCommit
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid

_AT_ONCE = 200  # blobs that are in memory together

AllClaims = Mapping[Oid, Mapping[Oid, Claim]]
"""Tip → commit of the fix → what says that it is there."""


@frozen
class SaidChange:
    """A commit of the fix and the commit that is said to bring it, with what each changes."""

    parent: Oid
    oid: Oid
    end: Oid
    wanted: Sides
    given: Sides


def said_changes(
    context: Context, subject: Subject, claims: AllClaims, known: Mapping[Oid, Oid], solved: Collection[Oid]
) -> list[SaidChange]:
    """For each commit of the fix and each commit that is said to bring it, what both change at its paths; one of
    which something is not here is left out. So is one of `solved`: it holds what somebody decided who solved a
    conflict. `known` are trees of commits."""
    asked = {
        (oid, claim.end): (subject.own[oid].parents[0], claim.start)
        for mine in claims.values()
        for oid, claim in mine.items()
        if claim.how not in ("merged", "same") and claim.start != claim.end and claim.end not in solved
        if oid in subject.own and subject.own[oid].parents
    }
    ends = [pair for (oid, end), (parent, start) in asked.items() for pair in ((parent, oid), (start, end))]
    outside = sorted({oid for pair in ends for oid in pair} - known.keys())
    trees = {**known, **history.trees(context.git, outside)}
    pairs = {pair: (trees[pair[0]], trees[pair[1]]) for pair in ends if pair[0] in trees and pair[1] in trees}
    apart = [pair for pair in dict.fromkeys(pairs.values()) if pair[0] != pair[1]]
    sides = dict(zip(apart, diff.sides_at(context.git, apart, subject.paths), strict=True)) if apart else {}
    return [
        SaidChange(parent, oid, end, sides.get(pairs[parent, oid], {}), sides.get(pairs[start, end], {}))
        for (oid, end), (parent, start) in asked.items()
        if (parent, oid) in pairs and (start, end) in pairs
    ]


def lacking_commits(
    context: Context, own: Mapping[Oid, TargetCommit], every: Sequence[SaidChange]
) -> dict[Oid, tuple[Oid, ...]]:
    """A commit that is said to bring commits of the fix, `own`, and changes files of theirs → those of which it has
    nothing: to revert one there would change nothing.

    One that a later commit of the fix replaced is not missed. Only where no line shows the change, or where one commit
    names several, something is reverted in memory.
    """
    named = Counter(change.end for change in every)
    said = [
        change
        for change in every
        if change.wanted and change.given and not change.wanted.items() <= change.given.items()
    ]
    unseen = [change for change in said if named[change.end] > 1]
    unseen += _without_lines(context, [change for change in said if named[change.end] == 1])
    if not unseen:
        return {}
    [tip] = own.keys() - {parent for commit in own.values() for parent in commit.parents}
    empty = set(_revertible(context, unseen, tip))
    found: dict[Oid, tuple[Oid, ...]] = {}
    for change in said:
        if (change.oid, change.end) in empty:
            found[change.end] = (*found.get(change.end, ()), change.oid)
    return found


def _revertible(context: Context, asked: Sequence[SaidChange], tip: Oid) -> list[tuple[Oid, Oid]]:
    """Those of `asked` whose commit of the fix can be reverted where it is said to be without a change, and not at the
    fix's own `tip`."""
    wanted = list(dict.fromkeys((change.parent, change.oid) for change in asked))
    questions = [(change.end, (change.parent, change.oid)) for change in asked] + [(tip, pair) for pair in wanted]
    answers = reverted_changes.reverts_nothing(context, questions)
    replaced = {oid for (_, oid), done in zip(wanted, answers[len(asked) :], strict=True) if done}
    return [
        (change.oid, change.end)
        for change, done in zip(asked, answers[: len(asked)], strict=True)
        if done and change.oid not in replaced
    ]


def _without_lines(context: Context, asked: Sequence[SaidChange]) -> list[SaidChange]:
    """Those of `asked` that no line shows: what is said to bring the change adds and removes none of its lines."""
    found = []
    for start in range(0, len(asked), _AT_ONCE):
        part = asked[start : start + _AT_ONCE]
        pairs = [pair for change in part for sides in (change.wanted, change.given) for pair in sides.values()]
        counts = search.count_lines(context.git, [oid for pair in pairs for oid in pair])
        found += [
            change
            for change in part
            if not search.signed_lines(change.wanted, counts) & search.signed_lines(change.given, counts)
        ]
    return found


def left_out_files(
    context: Context, subject: Subject, claims: AllClaims, every: Sequence[SaidChange]
) -> dict[Oid, tuple[tuple[Oid, str], ...]]:
    """Tip → the commits that are said to bring a step of the fix, each with a file that they leave alone and that has
    there all lines of a hunk that the step removes, and none that it adds.

    A file that the branch never had, or a version that differs there, is left out of a pick with reason.
    """
    whole = {step.oid for step in subject.steps}
    said = {(change.oid, change.end): change for change in every if change.oid in whole}
    places = [
        (tip, claim.end, path, change.wanted[path])
        for tip, mine in claims.items()
        for oid, claim in mine.items()
        if (change := said.get((oid, claim.end)))
        for path in change.wanted
        if path not in change.given and "\n" not in path
    ]
    if not places:
        return {}
    ended, _ = reverted_changes.fixed_lines(context, subject)
    texts = blobs.read(context.git, [name for tip, _, path, pair in places for name in (*pair, f"{tip}:{path}")])
    found: dict[Oid, tuple[tuple[Oid, str], ...]] = {}
    for (tip, end, path, _), before, after, now in zip(places, texts[::3], texts[1::3], texts[2::3], strict=True):
        if before and now and undone_lines.undone_extent(before, after or b"", now, ended=ended):
            found[tip] = (*found.get(tip, ()), (end, path))
    return found
