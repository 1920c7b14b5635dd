"""What every target has of a fix already, by whatever way it came: merged, picked, solved by hand, squashed.

One walk tells it for all targets. Evidence is what a commit says of itself (its id, an `-x` line, the logbook's word,
its patch-id), and counts while the commit is reachable from the target's tip. Whether the change still stands there is
asked of the content: of the fix's files first, and where these have moved on, by reverting the change in memory.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace

from git_hotfix import picking
from git_hotfix.desk import Desk, Fix
from git_hotfix.errors import Failure
from git_hotfix.git import blobs, diff, history, merge, patches
from git_hotfix.model.evidence import Claim, Group, Standing, Step, Walked
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Target
from git_hotfix.planning import evidence
from git_hotfix.planning.evidence import Claims, Verdict

_MOST_PATHS = 300  # of a fix that are named to git; a fix of more is compared as a whole

Brings = dict[Oid, dict[Oid, Claim]]
"""Commit → what it brings: commit of the fix → the claim."""


@frozen
class Seen:
    """What the targets have of a fix, and which of them hold its base."""

    standings: Mapping[RefName, Standing]
    holding: frozenset[Oid] = frozenset()


@frozen
class _Subject:
    """The fix as evidence is looked for: its commits (parents first), its own line, other commits that are the very
    same change, the paths that it changes, and the walk over all targets."""

    fix: Fix
    own: Mapping[Oid, Walked]
    steps: tuple[Step, ...]
    alike: Mapping[Oid, frozenset[Oid]]
    unlike: Mapping[Oid, frozenset[Oid]]
    paths: tuple[str, ...]
    walk: Sequence[Walked]


def look(desk: Desk, fix: Fix, targets: Sequence[Target]) -> Seen:
    """What each of `targets` has of `fix`, in a fixed number of processes; a target without any of it has no standing.

    A fix that was made on the tag of another line is looked for by ancestry alone: who has it otherwise was asked of
    the hotfix itself.
    """
    tips = {target.tip for target in targets}
    if fix.base != fix.hotfix.base:
        having = history.containing(desk.git, fix.source, tips)
        by_ancestry = {each.ref: Standing(there=(fix.source,)) for each in targets if each.tip in having}
        return Seen(by_ancestry, frozenset(history.containing(desk.git, fix.base, tips)))
    young = history.young(desk.git, [fix.base], tips)
    walk = history.walk(desk.git, [*sorted(young), fix.hotfix.tip], [fix.base])
    holding = frozenset(tips & ({fix.base} | evidence.holders(walk, fix.base)))
    own = evidence.own_commits(walk, fix.hotfix.tip)
    if not own or not tips:
        return Seen({}, holding)
    alike, unlike = _sources(desk, own)
    subject = _Subject(fix, own, evidence.steps_of(own, fix.hotfix.tip), alike, unlike, _paths(desk, fix), walk)
    brings = _said(desk, subject)
    claims, same = evidence.claims_of(walk, brings), Brings()
    open_tips = [tip for tip in tips if tip in claims and not _is_whole(subject, claims[tip])]
    # An object that is not here is that target's own fault, which merging it tells.
    with contextlib.suppress(Failure):
        same = _same_changes(desk, subject, open_tips)
    if same:
        for oid, found in same.items():
            brings[oid] = {**found, **brings.get(oid, {})}
        claims = evidence.claims_of(walk, brings)
    standings = _standings(desk, subject, {tip: claims[tip] for tip in tips if claims.get(tip)})
    standings = _with_sources(subject, tips, standings)
    return Seen({each.ref: standings[each.tip] for each in targets if each.tip in standings}, holding)


def _is_whole(subject: _Subject, claims: Claims) -> bool:
    return bool(claims) and not evidence.groups_of(subject.steps, claims)[1]


def _paths(desk: Desk, fix: Fix) -> tuple[str, ...]:
    [found] = diff.differing(desk.git, [(_base_tree(fix), fix.hotfix.tip_tree)])
    return tuple(sorted(found)) if len(found) <= _MOST_PATHS else ()


def _base_tree(fix: Fix) -> Oid:
    assert fix.hotfix.base_tree  # there is one where there is a base
    return fix.hotfix.base_tree


def _sources(desk: Desk, own: Mapping[Oid, Walked]) -> tuple[dict[Oid, frozenset[Oid]], dict[Oid, frozenset[Oid]]]:
    """For each commit of the fix that was itself picked from elsewhere, the commits that it names: those that make the
    very same change, and those that do not."""
    named = {oid: [name for name in commit.picked if len(name) == len(oid)] for oid, commit in own.items()}
    wanted = [Oid(name) for names in named.values() for name in names]
    if not wanted:
        return {}, {}
    here = history.trees(desk.git, wanted)
    ids, _ = patches.of_commits(desk.git, [*here, *(oid for oid in own if named[oid])])
    alike, unlike = {}, {}
    for oid, names in named.items():
        known = [Oid(name) for name in names if Oid(name) in ids and oid in ids]
        alike[oid] = frozenset(name for name in known if ids[name] == ids[oid])
        unlike[oid] = frozenset(known) - alike[oid]
    return alike, unlike


def _said(desk: Desk, subject: _Subject) -> Brings:
    """What commits bring by their ids and messages, and by the logbook's word."""
    found: Brings = defaultdict(dict)
    named = {oid: (oid, *subject.alike.get(oid, ())) for oid in subject.own}
    known = {name: oid for oid, names in named.items() for name in names}
    since = min(commit.date for commit in subject.own.values())
    tagged = {subject.fix.source, subject.fix.tagged} - {subject.fix.hotfix.tip}
    for commit in subject.walk:
        if commit.oid in tagged:
            for oid, own in subject.own.items():
                found[commit.oid][oid] = replace(_claim("merged", own, named[oid]), since=commit.oid)
        elif commit.oid in known:
            oid = known[commit.oid]
            found[commit.oid][oid] = _claim("merged" if commit.oid == oid else "same", commit, named[oid])
        elif commit.parents and (commit.picked or commit.squashed or commit.issues):
            picked = [known[name] for each in commit.picked for name in known if name.startswith(each)]
            for oid in picked:
                found[commit.oid][oid] = _claim("picked", commit, named[oid])
            if len(commit.parents) == 1:
                ours = subject.fix.hotfix.issue in commit.issues and commit.date >= since and not picked
                squashed = [known[name] for each in commit.squashed for name in known if name == each]
                for oid in subject.own if ours else squashed:
                    found[commit.oid].setdefault(oid, _claim("squashed", commit, named[oid]))
    _by_logbook(desk, subject, found)
    return found


def _by_logbook(desk: Desk, subject: _Subject, found: Brings) -> None:
    """What the logbook says was delivered or offered, and what was squashed from an offered branch: its very tree."""
    records = [each for each in subject.fix.hotfix.logbook.deliveries() if each.tip in subject.own]
    every = {each: evidence.own_commits([*subject.own.values()], each.tip) for each in records}
    for each in records:
        for oid in every[each]:
            names = frozenset({each.new, oid})
            found[each.new].setdefault(oid, Claim("delivered", each.old, each.new, each.new, names))
    offers = {each.new: each for each in records if each.offered}
    trees = {tree: offers[oid] for oid, tree in history.trees(desk.git, list(offers)).items()}
    for commit in subject.walk if trees else ():
        if commit.tree in trees and len(commit.parents) == 1 and commit.oid not in offers:
            for oid in every[trees[commit.tree]]:
                found[commit.oid].setdefault(oid, _claim("squashed", commit, [oid]))


def _claim(how: str, commit: Walked, names: Iterable[Oid]) -> Claim:
    before = commit.parents[0] if commit.parents else commit.oid
    return Claim(how, before, commit.oid, commit.oid, frozenset({commit.oid, *names}))  # type: ignore[arg-type]


def _same_changes(desk: Desk, subject: _Subject, tips: Sequence[Oid]) -> Brings:
    """The commits of `tips` that make the change of a commit of the fix, or of the whole fix, under another message.

    Only branches are looked through that differ from the base in the fix's files, and of their commits only those that
    touch these.
    """
    found: Brings = defaultdict(dict)
    if not tips or not subject.paths:
        return found
    base = subject.fix.base
    known = {commit.oid: commit for commit in subject.walk}
    before = _base_tree(subject.fix)
    moved = diff.differing(desk.git, [(before, known[tip].tree) for tip in tips], subject.paths)
    suspects = [tip for tip, paths in zip(tips, moved, strict=True) if paths]
    touching = history.touching(desk.git, suspects, [base, subject.fix.hotfix.tip], subject.paths) if suspects else []
    if not touching:
        return found
    single = [oid for oid, commit in subject.own.items() if len(commit.parents) == 1]
    ids, whole = patches.of_commits(
        desk.git, [*single, *touching], [(before, subject.fix.hotfix.tip_tree), *_offered(desk, subject)]
    )
    for commit in (known[oid] for oid in touching if oid in ids and oid in known):
        of = list(subject.own) if ids[commit.oid] in whole else []
        for oid in of or [each for each in single if ids.get(each) == ids[commit.oid]]:
            found[commit.oid][oid] = _claim("same", commit, [oid])
    return found


def _offered(desk: Desk, subject: _Subject) -> list[tuple[Oid, Oid]]:
    """What was offered as pull requests, as far as it is here: the trees before and after."""
    tip = subject.fix.hotfix.tip
    records = [each for each in subject.fix.hotfix.logbook.deliveries() if each.offered and each.tip == tip]
    trees = history.trees(desk.git, [oid for each in records for oid in (each.old, each.new)])
    return [(trees[each.old], trees[each.new]) for each in records if {each.old, each.new} <= set(trees)]


@frozen
class _Question:
    """Whether `tip` still has the change `start` → `end` that came to it with `since`."""

    tip: Oid
    start: Oid
    end: Oid
    since: Oid


def _standings(desk: Desk, subject: _Subject, claims: Mapping[Oid, Claims]) -> dict[Oid, Standing]:
    """Tip → what it has of the fix, by its claims and by its content."""
    grouped = {tip: evidence.groups_of(subject.steps, mine) for tip, mine in claims.items()}
    asked = [
        _Question(tip, each.start, each.end, each.since) for tip, (groups, _) in grouped.items() for each in groups
    ]
    answers = _answers(desk, subject, list(dict.fromkeys(asked)))
    parts = {
        (tip, group): [_Question(tip, claim.start, claim.end, group.since) for claim in _claims_in(group, claims[tip])]
        for tip, (groups, _) in grouped.items()
        for group in groups
        if len(group.steps) > 1 and answers[_Question(tip, group.start, group.end, group.since)] == "moved"
    }
    single = _answers(desk, subject, list(dict.fromkeys(each for asked in parts.values() for each in asked)))
    found = {}
    for tip, (groups, missing) in grouped.items():
        verdicts = []
        for group in groups:
            whole = answers[_Question(tip, group.start, group.end, group.since)]
            verdict: Verdict = {} if whole == "void" else dict.fromkeys(group.steps, whole == "taken")
            if (tip, group) in parts:
                pairs = zip(group.steps, parts[tip, group], strict=True)
                verdict = {step: single[question] == "taken" for step, question in pairs}
            verdicts.append(verdict)
        if groups:
            found[tip] = evidence.standing(subject.steps, groups, missing, verdicts)
    return found


def _claims_in(group: Group, claims: Claims) -> list[Claim]:
    return [
        claims[step] if step in claims else Claim(group.how, group.start, group.end, group.since)
        for step in group.steps
    ]


def _answers(desk: Desk, subject: _Subject, asked: Sequence[_Question]) -> dict[_Question, str]:
    """For each question: "there" (the fix's files are as they were when the change came), "moved" (they are not, and
    the change is not undone), "taken" (it is undone), "void" (the commit does not make the change)."""
    known = {commit.oid: commit.tree for commit in subject.walk}
    outside = {oid for each in asked for oid in (each.start, each.end, each.since, each.tip)} - set(known)
    known |= history.trees(desk.git, list(outside))
    kept = [each for each in asked if {each.start, each.end, each.since} <= set(known)]
    pairs = [pair for each in kept for pair in ((each.start, each.end), (each.since, each.tip), (each.start, each.tip))]
    ids = list(dict.fromkeys((known[one], known[other]) for one, other in pairs))
    apart = [pair for pair in ids if pair[0] != pair[1]]
    differs = {pair: pair[0] != pair[1] for pair in ids}  # all have to be probed where a tree cannot be read
    with contextlib.suppress(Failure):
        found_paths = diff.differing(desk.git, apart, subject.paths)
        differs |= {pair: bool(paths) for pair, paths in zip(apart, found_paths, strict=True)}

    def changed(one: Oid, other: Oid) -> bool:
        return differs[known[one], known[other]]

    found = dict.fromkeys(asked, "there")
    doubtful = []
    unlike = [each for each in kept if each.start != each.end and not changed(each.start, each.end)]
    elsewhere = _elsewhere(desk, subject, {each.end for each in unlike if known[each.start] != known[each.end]})
    for each in kept:
        if each.start == each.end:
            continue  # the logbook says that the branch had the change as it was
        if not changed(each.start, each.end):
            found[each] = "there" if each.end in elsewhere else "void"
            doubtful += [each] if known[each.start] != known[each.end] else []
        elif changed(each.since, each.tip):
            found[each] = "taken" if not changed(each.start, each.tip) else "moved"
            doubtful += [each] if found[each] == "moved" else []
    taken = _taken_out(desk, [(each.tip, each) for each in doubtful])
    before = _taken_out(desk, [(each.since, each) for each, out in zip(doubtful, taken, strict=True) if out])
    baseline = iter(before)
    for each, out in zip(doubtful, taken, strict=True):
        # What was undone as soon as it came was decided by whoever merged it.
        if out and not next(baseline):
            found[each] = "taken"
    return found


def _elsewhere(desk: Desk, subject: _Subject, commits: Set[Oid]) -> set[Oid]:
    """Those of `commits` that have none of the fix's files: renamed there, they are changed under other names."""
    places = [(oid, path) for oid in commits for path in subject.paths if "\n" not in path]
    ids = blobs.ids(desk.git, [f"{oid}:{path}" for oid, path in places])
    return set(commits) - {oid for (oid, _), blob in zip(places, ids, strict=True) if blob}


def _taken_out(desk: Desk, asked: Sequence[tuple[Oid, _Question]]) -> list[bool]:
    """Whether reverting the change of each question on a commit changes nothing there: then it is out already."""
    if not asked:
        return []
    sides = picking.with_parent(desk, [pair for at, each in asked for pair in ((at, each.end), (each.start, each.end))])
    results = merge.merge_all(desk.git, list(zip(sides[::2], sides[1::2], strict=True)))
    trees = history.trees(desk.git, [at for at, _ in asked])
    return [result.clean and result.tree == trees[at] for result, (at, _) in zip(results, asked, strict=True)]


def _with_sources(subject: _Subject, tips: Iterable[Oid], found: Mapping[Oid, Standing]) -> dict[Oid, Standing]:
    """`found`, and a doubt about each tip that has a commit which the fix was picked from with changes."""
    made = dict(found)
    every = tuple(step.oid for step in subject.steps)
    for oid, names in subject.unlike.items():
        for name in names:
            having = evidence.holders(subject.walk, name)
            for tip in tips:
                standing = made.get(tip, Standing(missing=every))
                if tip in having and oid not in standing.there:
                    shown = f"git range-diff {name[:10]}^! {oid[:10]}^!"
                    words = f"it has {name[:10]}, and the fix is a changed copy of that: {shown}"
                    made[tip] = replace(standing, doubt="; ".join(filter(None, (standing.doubt, words))))
    return made
