"""What every target has of a fix already, by whatever way it came: merged, picked, solved by hand, squashed.

One walk tells it for all targets. Evidence is what a commit says of itself (its id, an `-x` line, the logbook's word,
its patch-id), and counts while the commit is reachable from the target's tip. Whether the change still stands there is
asked of the content (`reverted_changes.py`).
"""

from __future__ import annotations

import contextlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from git_hotfix.backport import (
    history_claims,
    incomplete_commits,
    moved_lines,
    proof_by_files,
    recorded_deliveries,
    reverted_changes,
)
from git_hotfix.backport.history_claims import Claims, Subject, Verdict
from git_hotfix.backport.reverted_changes import Question, Sides
from git_hotfix.context import Context, Fix
from git_hotfix.errors import Failure
from git_hotfix.git import blobs, diff, history, patches
from git_hotfix.model.claims import Claim, Group, Standing, TargetCommit
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.logbook import RecordedDelivery
from git_hotfix.model.names import Oid, RefName
from git_hotfix.model.plan import Target

_AT_ONCE = 200  # commits whose files are in memory together
_MOST_PATHS = 300  # of a fix that are named to git; a fix of more is compared as a whole


@frozen
class FixPresence:
    """What the targets have of a fix, which tips hold its base, and its files that tips have other than the base: of a
    tip that is not in `contents` that is not known."""

    standings: Mapping[RefName, Standing]
    holding: frozenset[Oid] = frozenset()
    contents: Mapping[Oid, Sides] = field(default_factory=dict)


def inspect_targets(context: Context, fix: Fix, targets: Sequence[Target]) -> FixPresence:
    """What each of `targets` has of `fix`, in a fixed number of processes; a target without any of it has no standing.

    A fix that was made on the tag of another line is looked for by ancestry alone: who has it otherwise was asked of
    the hotfix itself.
    """
    tips = {target.tip for target in targets}
    if fix.base != fix.hotfix.base:
        having = history.tips_containing(context.git, fix.source, tips)
        by_ancestry = {target.ref: Standing(there=(fix.source,)) for target in targets if target.tip in having}
        return FixPresence(by_ancestry, frozenset(history.tips_containing(context.git, fix.base, tips)))
    young = history.young_tips(context.git, [fix.base], tips)
    walk = history.walk(context.git, [*sorted(young), fix.hotfix.tip], [fix.base])
    holding = frozenset(tips & ({fix.base} | history_claims.holders(walk, fix.base)))
    own = history_claims.own_commits(walk, fix.hotfix.tip)
    if not own or not tips:
        return FixPresence({}, holding)
    alike, unlike = _picked_sources(context, own)
    paths = _fix_paths(context, fix)
    records = _records(context, fix, own, paths)
    subject = Subject(fix, own, history_claims.steps_of(own, fix.hotfix.tip), unlike, paths, walk, records)
    tagged = {fix.source, *([fix.tagged] if fix.tagged else [])} - {fix.hotfix.tip}
    brings = history_claims.find_claims(walk, own, issue=fix.hotfix.issue, alike=alike, tagged=tagged)
    _add_logbook_claims(context, subject, brings)
    claims, same = history_claims.claims_of(walk, brings), history_claims.Brings()
    open_tips = [tip for tip in tips if tip in claims and not _is_whole(subject, claims[tip])]
    files = _Files((), {})
    # An object that is not here is that target's own fault, which merging it tells.
    with contextlib.suppress(Failure):
        files = _read_files(context, subject, [tip for tip in claims if tip in tips])
        grouped = _group_claims(subject, claims, open_tips)
        known = files.as_before | proof_by_files.tips_as_built(subject.steps, files.states, files.contents, grouped)
        same = _same_changes(context, subject, [tip for tip in open_tips if tip not in known])
    if same:
        others = history_claims.claims_of(walk, same)
        claims |= {tip: {**others[tip], **claims[tip]} for tip in open_tips if others[tip]}
    standings = _evident_standings(context, subject, files, {tip: claims[tip] for tip in tips if claims.get(tip)})
    rest = {tip: claims[tip] for tip in tips if claims.get(tip) and tip not in standings}
    standings |= _standings(context, subject, rest)
    standings |= _standings(context, subject, _claims_beside_merges(subject, brings, claims, standings))
    standings = _add_source_doubts(subject, tips, standings)
    return FixPresence(
        {target.ref: standings[target.tip] for target in targets if target.tip in standings}, holding, files.contents
    )


def _is_whole(subject: Subject, claims: Claims) -> bool:
    return bool(claims) and not history_claims.groups_of(subject.steps, claims)[1]


def _fix_paths(context: Context, fix: Fix) -> tuple[str, ...]:
    changed = diff.changes(context.git, fix.base, fix.hotfix.tip).files
    found = {path for file in changed for path in (file.path, file.old_path)}
    return tuple(sorted(found)) if len(found) <= _MOST_PATHS else ()


def _picked_sources(
    context: Context, own: Mapping[Oid, TargetCommit]
) -> tuple[dict[Oid, frozenset[Oid]], dict[Oid, frozenset[Oid]]]:
    """For each commit of the fix that was itself picked from elsewhere, the commits that it names: those that make the
    very same change, and those that do not."""
    named = {oid: [name for name in commit.picked if len(name) == len(oid)] for oid, commit in own.items()}
    wanted = [Oid(name) for names in named.values() for name in names]
    if not wanted:
        return {}, {}
    here = history.trees(context.git, wanted)
    ids, _ = patches.patch_ids(context.git, [*here, *(oid for oid in own if named[oid])])
    alike, unlike = {}, {}
    for oid, names in named.items():
        known = [Oid(name) for name in names if Oid(name) in ids and oid in ids]
        alike[oid] = frozenset(name for name in known if ids[name] == ids[oid])
        unlike[oid] = frozenset(known) - alike[oid]
    return alike, unlike


def _add_logbook_claims(context: Context, subject: Subject, brings: history_claims.Brings) -> None:
    """What the logbook says was delivered or offered, and what was squashed from an offered branch: its very tree."""
    records = subject.records
    every = {record: history_claims.own_commits([*subject.own.values()], record.tip) for record in records}
    for record in records:
        for oid in every[record]:
            names = frozenset({record.new, oid})
            brings[record.new].setdefault(oid, Claim("delivered", record.old, record.new, record.new, names))
    offers = {record.new: record for record in records if record.offered}
    trees = {tree: offers[oid] for oid, tree in history.trees(context.git, list(offers)).items()}
    for commit in subject.walk if trees else ():
        if commit.tree in trees and len(commit.parents) == 1 and commit.oid not in offers:
            for oid in every[trees[commit.tree]]:
                brings[commit.oid].setdefault(oid, history_claims.claim_by("squashed", commit, [oid]))


@frozen
class _Files:
    """What the fix makes of the base step by step, and what each tip has: where they differ from it, by path. Empty
    where the fix has too many files."""

    states: Sequence[Sides]
    contents: Mapping[Oid, Sides]

    @property
    def as_before(self) -> frozenset[Oid]:
        """The tips in which no file of the fix differs from the base."""
        return frozenset(tip for tip, sides in self.contents.items() if not sides)


def _read_files(context: Context, subject: Subject, tips: Sequence[Oid]) -> _Files:
    if not tips or not subject.paths:
        return _Files((), {})
    base, _ = subject.trees
    trees = subject.walked_trees
    behind = [trees[step.oid] for step in subject.steps]
    once = list(dict.fromkeys([*behind, *(trees[tip] for tip in tips)]))
    found = dict(zip(once, diff.sides_at(context.git, [(base, tree) for tree in once], subject.paths), strict=True))
    return _Files([found[tree] for tree in behind], {tip: found[trees[tip]] for tip in tips})


def _group_claims(subject: Subject, claims: Mapping[Oid, Claims], tips: Iterable[Oid]) -> proof_by_files.Grouped:
    return {tip: history_claims.groups_of(subject.steps, claims[tip]) for tip in tips}


def _evident_standings(
    context: Context, subject: Subject, files: _Files, claims: Mapping[Oid, Claims]
) -> dict[Oid, Standing]:
    """What those tips have whose files show that all stands there which is said to be."""
    grouped = _group_claims(subject, claims, claims)
    there = proof_by_files.tips_as_built(subject.steps, files.states, files.contents, grouped)
    with contextlib.suppress(Failure):
        others = {tip: each for tip, each in grouped.items() if tip not in there}
        likely = proof_by_files.tips_with_lines(context, subject.steps, files.states, files.contents, others)
        there |= _tips_with_change(context, subject, {tip: grouped[tip][0] for tip in likely})
    found = {}
    for tip in there:
        groups, missing = grouped[tip]
        verdicts = [dict.fromkeys(group.steps, False) for group in groups]
        found[tip] = history_claims.judge_standing(subject.steps, groups, missing, history_claims.Content(verdicts))
    return found


def _tips_with_change(context: Context, subject: Subject, groups: Mapping[Oid, Sequence[Group]]) -> set[Oid]:
    """Those tips to which each of their groups brought a change of the fix's files."""
    trees = subject.walked_trees
    pairs = {
        tip: [(trees.get(group.start, subject.trees[0]), trees.get(group.end)) for group in mine]
        for tip, mine in groups.items()
    }
    known = {tip: [(old, new) for old, new in ends if new] for tip, ends in pairs.items()}
    once = list(dict.fromkeys(pair for ends in known.values() for pair in ends if pair[0] != pair[1]))
    sides = dict(zip(once, diff.sides_at(context.git, once, subject.paths), strict=True)) if once else {}
    return {tip for tip, ends in known.items() if len(ends) == len(pairs[tip]) and all(map(sides.get, ends))}


def _same_changes(context: Context, subject: Subject, tips: Sequence[Oid]) -> history_claims.Brings:
    """The commits of `tips` that make the change of a commit of the fix, or of the whole fix, under another message.

    Only branches are looked through that differ from the base in the fix's files, and of their commits only those that
    touch these.
    """
    found: history_claims.Brings = defaultdict(dict)
    if not tips or not subject.paths:
        return found
    base = subject.fix.base
    known = {commit.oid: commit for commit in subject.walk}
    every = diff.commits_touching(context.git, [*tips, subject.fix.hotfix.tip], [base], subject.paths)
    touching = {oid: made for oid, made in every.items() if oid in known and oid not in subject.own}
    if not touching:
        return found
    _keep_sides(context, subject, every)
    others = {}
    changes = _changes_of_fix(context, subject, every)
    for oid, made in touching.items():
        same = [change for change in changes if change.made == made]
        for change in same:
            found[oid] |= {own: history_claims.claim_by("same", known[oid], [own]) for own in change.brings}
        if not same:
            others[oid] = made
    # What a thousand branches picked onto the same files is one change.
    first = {made: oid for oid, made in reversed(others.items())}
    alike = _with_same_lines(context, changes, {oid: made for made, oid in first.items()})
    brought = _same_patches(context, changes, alike)
    for oid, brings in ((oid, brings) for oid, made in others.items() for brings in brought.get(first[made], ())):
        found[oid] |= {own: history_claims.claim_by("same", known[oid], [own]) for own in brings}
    return found


class _Change(NamedTuple):
    """A commit of the fix, or all of it (`whole`), as it was made or offered: from where to where, what that does, and
    the commits of the fix that it brings."""

    start: Oid
    end: Oid
    made: diff.Made
    brings: Sequence[Oid]
    whole: bool


def _changes_of_fix(context: Context, subject: Subject, known: Mapping[Oid, diff.Made]) -> list[_Change]:
    """What may be made under another message; `known` is what each commit of the fix does that is no merge and touches
    the fix's files."""
    own = subject.own
    single = [_Change(own[oid].parents[0], oid, known[oid], [oid], whole=False) for oid in own if oid in known]
    first = [(subject.fix.base, subject.fix.hotfix.tip)] if len(own) > 1 else []
    ends = [*first, *_offered_changes(context, subject)]
    trees = history.trees(context.git, [oid for pair in ends for oid in pair])
    made = diff.changes_of_trees(context.git, [(trees[start], trees[end]) for start, end in ends])
    every = [_Change(*pair, change, [*own], whole=True) for pair, change in zip(ends, made, strict=True)]
    return [change for change in (*single, *every) if change.made]


def _keep_sides(context: Context, subject: Subject, made: Mapping[Oid, diff.Made]) -> None:
    """Spare git the question what these commits change in the fix's files."""
    trees = subject.walked_trees
    known, paths = diff.sides_known_at(context.git, subject.paths), set(subject.paths)
    for commit in subject.walk:
        if commit.oid in made and len(commit.parents) == 1 and commit.parents[0] in trees:
            files = {path: (old, new) for path, old, new, _ in made[commit.oid] if path in paths}
            known[trees[commit.parents[0]], commit.tree] = files


def _with_same_lines(context: Context, changes: Sequence[_Change], made: Mapping[Oid, diff.Made]) -> list[Oid]:
    """The commits of `made` that change just the files of one of `changes`, and add and remove there the same lines as
    often: any other has another patch-id."""
    texts = iter(
        blobs.read_and_keep(
            context.git, [oid for change in changes for _, *pair, _ in sorted(change.made) for oid in pair]
        )
    )
    wanted = [
        [(path, _line_balance(next(texts), next(texts))) for path, *_ in sorted(change.made)] for change in changes
    ]
    paths = [[path for path, _ in files] for files in wanted]
    alike = {oid: sorted(files) for oid, files in made.items() if sorted(path for path, *_ in files) in paths}
    found = []
    for start in range(0, len(alike), _AT_ONCE):
        part = [*alike.items()][start : start + _AT_ONCE]
        names = list(dict.fromkeys(oid for _, files in part for _, old, new, _ in files for oid in (old, new)))
        known = dict(zip(names, blobs.read(context.git, names), strict=True))
        nets = {
            oid: [(path, _line_balance(known[old], known[new])) for path, old, new, _ in files] for oid, files in part
        }
        found += [oid for oid, net in nets.items() if net in wanted]
    return found


def _line_balance(before: bytes | None, after: bytes | None) -> dict[bytes, int]:
    """How much oftener each line stands in a file after a change; below zero for those that it removes."""
    counts = Counter((after or b"").split(b"\n"))
    counts.subtract(Counter((before or b"").split(b"\n")))
    return {line: count for line, count in counts.items() if count}


def _same_patches(
    context: Context, changes: Sequence[_Change], likely: Sequence[Oid]
) -> dict[Oid, list[Sequence[Oid]]]:
    """Each of the commits `likely` that makes some of `changes` on other files → what each of these brings."""
    if not likely:
        return {}
    single = [change.end for change in changes if not change.whole]
    trees = history.trees(context.git, [oid for change in changes for oid in (change.start, change.end)])
    pairs = [(trees[change.start], trees[change.end]) for change in changes if change.whole]
    ids, whole_ids = patches.patch_ids(context.git, [*single, *likely], pairs)
    asked = [
        (change, oid)
        for oid in likely
        for change in changes
        if oid in ids and (ids[oid] in whole_ids if change.whole else ids[oid] == ids.get(change.end))
    ]
    # An equal id does not say at which place the lines stand: two functions may have the same body.
    there = patches.picks_give(context.git, [(change.start, change.end, oid) for change, oid in asked])
    found: dict[Oid, list[Sequence[Oid]]] = defaultdict(list)
    for (change, oid), done in zip(asked, there, strict=True):
        if done:
            found[oid].append(change.brings)
    return found


def _offered_changes(context: Context, subject: Subject) -> list[tuple[Oid, Oid]]:
    """What was offered as pull requests, as far as it is here: the commits before and after."""
    tip = subject.fix.hotfix.tip
    records = [record for record in subject.records if record.offered and record.tip == tip]
    trees = history.trees(context.git, [oid for record in records for oid in (record.old, record.new)])
    return [(record.old, record.new) for record in records if {record.old, record.new} <= set(trees)]


def _records(
    context: Context, fix: Fix, own: Mapping[Oid, TargetCommit], paths: Sequence[str]
) -> tuple[RecordedDelivery, ...]:
    """What the logbook says was delivered, and what it says was offered and brings something of the fix."""
    every = [record for record in fix.hotfix.logbook.deliveries() if record.tip in own]
    offers = recorded_deliveries.proven_offers(
        context, fix.base, own, [record for record in every if record.offered], paths
    )
    return tuple(record for record in every if not record.offered or record in offers)


def _claims_beside_merges(
    subject: Subject, brings: history_claims.Brings, claims: Mapping[Oid, Claims], standings: Mapping[Oid, Standing]
) -> dict[Oid, Claims]:
    """The claims of those tips that merged the fix and kept nothing of it, with what else brought its commits there."""
    held = [tip for tip, standing in standings.items() if standing.held]
    if not held:
        return {}
    others = {oid: {own: claim for own, claim in mine.items() if claim.how != "merged"} for oid, mine in brings.items()}
    beside = history_claims.claims_of(subject.walk, {oid: mine for oid, mine in others.items() if mine})
    return {tip: {**claims[tip], **beside[tip]} for tip in held if beside[tip]}


def _standings(context: Context, subject: Subject, claims: Mapping[Oid, Claims]) -> dict[Oid, Standing]:
    """Tip → what it has of the fix, by its claims and by its content."""
    trees = subject.walked_trees
    solved = recorded_deliveries.solved_commits(subject.walk, subject.own, subject.records)
    words = incomplete_commits.said_changes(context, subject, claims, trees, solved)
    empty = incomplete_commits.lacking_commits(context, subject.own, words)
    unproven = recorded_deliveries.unproven_changes(context, subject, claims.values(), solved)
    wanting = {tip: history_claims.claims_without_change(mine, empty, unproven) for tip, mine in claims.items()}
    claims = {tip: {oid: mine[oid] for oid in mine if oid not in wanting[tip]} for tip, mine in claims.items()}
    grouped = {tip: history_claims.groups_of(subject.steps, mine) for tip, mine in claims.items()}
    asked = {
        tip: [Question(tip, group.start, group.end, group.since) for group in groups]
        for tip, (groups, _) in grouped.items()
    }
    came = {group: _arrival_question(group) for groups, _ in grouped.values() for group in groups}
    arrivals = [question for group, question in came.items() if group.since != group.end and group.since not in solved]
    answers = reverted_changes.answer_questions(context, subject, _distinct([*asked.values(), arrivals]), trees)
    parts = _step_questions(grouped, asked, claims, answers)
    for said in (False, True):  # a part that was undone within a file is looked for where a message says so
        questions = [each for undone, each in parts.values() if undone == said]
        answers |= reverted_changes.answer_questions(context, subject, _distinct(questions), trees, probe=said)
    out = [each for each, answer in answers.items() if answer == "taken"]
    answers |= dict.fromkeys(moved_lines.find_standing(context, out, subject.paths, trees), "there")
    dropped = _dropped_groups(context, subject, grouped, {each for each in arrivals if answers[each] == "taken"})
    shortened = incomplete_commits.left_out_files(context, subject, claims, words)
    found = {}
    for tip, (groups, missing) in grouped.items():
        verdicts: list[Verdict] = []
        partly = [group for group, question in zip(groups, asked[tip], strict=True) if answers[question] == "part"]
        for group, question in zip(groups, asked[tip], strict=True):
            _, steps = parts.get(question, (False, [question] * len(group.steps)))
            taken = {step: answers[asks] == "taken" for step, asks in zip(group.steps, steps, strict=True)}
            verdicts.append({} if answers[question] == "void" else taken)
        if groups or wanting[tip]:
            known = history_claims.Content(verdicts, partly, shortened.get(tip, ()), wanting[tip], dropped.get(tip, ()))
            found[tip] = history_claims.judge_standing(subject.steps, groups, missing, known)
    return found


def _arrival_question(group: Group) -> Question:
    """Whether the commit with which a change came to a branch has it."""
    return Question(group.since, group.start, group.end, group.end)


def _dropped_groups(
    context: Context, subject: Subject, grouped: proof_by_files.Grouped, missed: Collection[Question]
) -> dict[Oid, list[Group]]:
    """Tip → the changes that came there by a merge which kept nothing of them (`missed`, as `merge -s ours` does), and
    that do not stand there now as they were made."""
    found: dict[Oid, list[Group]] = {}
    groups = [(tip, group) for tip, (all_of_it, _) in grouped.items() for group in all_of_it]
    suspected = {(tip, group): _arrival_question(group) for tip, group in groups if _arrival_question(group) in missed}
    now = {pair: question._replace(tip=pair[0]) for pair, question in suspected.items()}
    trees = subject.walked_trees
    answers = reverted_changes.answer_questions(context, subject, _distinct([now.values()]), trees, probe=False)
    for (tip, group), question in now.items():
        if answers[question] != "there":
            found.setdefault(tip, []).append(group)
    return found


def _step_questions(
    grouped: proof_by_files.Grouped,
    asked: Mapping[Oid, Sequence[Question]],
    claims: Mapping[Oid, Claims],
    answers: Mapping[Question, reverted_changes.Answer],
) -> dict[Question, tuple[bool, list[Question]]]:
    """A change of several steps that does not stand there as it came → whether a message says that it was reverted,
    and the questions about its steps one by one."""
    return {
        question: (bool(group.undone), [Question(tip, *ends, group.since) for ends in _step_ends(group, claims[tip])])
        for tip, (groups, _) in grouped.items()
        for group, question in zip(groups, asked[tip], strict=True)
        if len(group.steps) > 1 and answers[question] in ("moved", "part")
    }


def _distinct(questions: Iterable[Iterable[Question]]) -> list[Question]:
    return list(dict.fromkeys(question for group in questions for question in group))


def _step_ends(group: Group, claims: Claims) -> list[tuple[Oid, Oid]]:
    """Where the change of each step of a group begins and ends."""
    found = (claims.get(step) for step in group.steps)
    return [(claim.start, claim.end) if claim else (group.start, group.end) for claim in found]


def _add_source_doubts(subject: Subject, tips: Iterable[Oid], standings: Mapping[Oid, Standing]) -> dict[Oid, Standing]:
    """`standings`, and a doubt about each tip that has a commit which the fix was picked from with changes."""
    found = dict(standings)
    every = tuple(step.oid for step in subject.steps)
    for oid, names in subject.unlike.items():
        for name in names:
            having = history_claims.holders(subject.walk, name)
            for tip in tips:
                standing = found.get(tip, Standing(missing=every))
                if tip in having and oid not in standing.there:
                    shown = f"git range-diff {name[:10]}^! {oid[:10]}^!"
                    words = f"it has {name[:10]}, and the fix is a changed copy of that: {shown}"
                    found[tip] = replace(standing, doubt="; ".join(filter(None, (standing.doubt, words))))
    return found
