"""What a branch has of a fix, read from the commits that it holds. Evidence counts for one commit of the fix, and only
while it is reachable from the branch's tip."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from git_hotfix.context import Fix
from git_hotfix.model.claims import Claim, Group, How, Standing, Step, TargetCommit
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.logbook import RecordedDelivery
from git_hotfix.model.names import Oid
from git_hotfix.model.words import counted

Claims = Mapping[Oid, Claim]
"""Commit of the fix → what says that it is there."""
Brings = dict[Oid, dict[Oid, Claim]]
"""Commit → what it brings: commit of the fix → the claim."""
_NOTHING: Claims = {}
_NAMED = 3  # commits that a reason names
_CHANGES_NOTHING = "does not change what the fix changes"


@frozen
class Subject:
    """The fix as its claims are looked for: its commits (parents first), its own line, the sources that its picks name
    and that make another change, the paths that it changes, the walk over all targets, and what the logbook records."""

    fix: Fix
    own: Mapping[Oid, TargetCommit]
    steps: tuple[Step, ...]
    unlike: Mapping[Oid, frozenset[Oid]]
    paths: tuple[str, ...]
    walk: Sequence[TargetCommit]
    records: Sequence[RecordedDelivery]

    @property
    def trees(self) -> tuple[Oid, Oid]:
        """The trees before and after the fix."""
        assert self.fix.hotfix.base_tree  # there is one where there is a base
        return self.fix.hotfix.base_tree, self.fix.hotfix.tip_tree

    @property
    def walked_trees(self) -> dict[Oid, Oid]:
        """The tree of every commit of the walk."""
        return {commit.oid: commit.tree for commit in self.walk}


def own_commits(walk: Sequence[TargetCommit], tip: Oid) -> dict[Oid, TargetCommit]:
    """The commits of `walk` that `tip` reaches, parents first."""
    known = {commit.oid: commit for commit in walk}
    inside, todo = set[Oid](), [tip]
    while todo:
        oid = todo.pop()
        if oid in known and oid not in inside:
            inside.add(oid)
            todo += known[oid].parents
    return {oid: commit for oid, commit in known.items() if oid in inside}


def steps_of(own: Mapping[Oid, TargetCommit], tip: Oid) -> tuple[Step, ...]:
    """The first-parent line of the fix, oldest first."""
    found: list[Step] = []
    oid = tip
    while oid in own:
        commit = own[oid]
        parts: tuple[Oid, ...] = ()
        if len(commit.parents) > 1:
            below = own_commits([*own.values()], commit.parents[0])
            brought = own_commits([*own.values()], oid)
            parts = tuple(each for each in brought if each not in below and len(own[each].parents) == 1)
        found.append(Step(oid, commit.parents[0] if commit.parents else oid, parts))
        oid = commit.parents[0] if commit.parents else Oid("")
    return tuple(reversed(found))


def holders(walk: Sequence[TargetCommit], wanted: Oid) -> set[Oid]:
    """The commits of `walk` that hold `wanted`, which may itself lie below all of them."""
    found: set[Oid] = set()
    for commit in walk:
        if commit.oid == wanted or any(parent == wanted or parent in found for parent in commit.parents):
            found.add(commit.oid)
    return found


def find_claims(
    walk: Sequence[TargetCommit],
    own: Mapping[Oid, TargetCommit],
    *,
    issue: str,
    alike: Mapping[Oid, Collection[Oid]],
    tagged: Collection[Oid] = (),
) -> Brings:
    """What the commits of `walk` say that they bring of the fix, whose commits are `own`: by their ids, by the commits
    that they were picked from, and a squash by the commits that it names or by the trailer of the issue.

    `alike` are commits elsewhere that make the very same change as one of the fix; `tagged` those that hold all of it.
    """
    found: Brings = defaultdict(dict)
    named = {oid: (oid, *alike.get(oid, ())) for oid in own}
    known = {name: oid for oid, names in named.items() for name in names}
    since = min(commit.date for commit in own.values())
    for commit in walk:
        if commit.oid in tagged:
            for oid, each in own.items():
                found[commit.oid][oid] = replace(claim_by("merged", each, named[oid]), since=commit.oid)
        elif commit.oid in known:
            oid = known[commit.oid]
            found[commit.oid][oid] = claim_by("merged" if commit.oid == oid else "same", commit, named[oid])
        elif commit.picked or commit.squashed or commit.issues:
            picked = [known[name] for each in commit.picked for name in known if name.startswith(each)]
            for oid in picked:
                found[commit.oid][oid] = claim_by("picked", commit, named[oid])
            if len(commit.parents) == 1:
                # An issue that was started again is another fix: what was squashed before it is not of it.
                ours = issue in commit.issues and commit.date >= since and not picked
                squashed = [known[Oid(name)] for name in commit.squashed if name in known]
                for oid in own if ours else squashed:
                    found[commit.oid].setdefault(oid, claim_by("squashed", commit, named[oid]))
    return found


def claim_by(how: How, commit: TargetCommit, names: Iterable[Oid]) -> Claim:
    """The claim that `commit` brings a change that goes by `names`, too."""
    before = commit.parents[0] if commit.parents else commit.oid
    return Claim(how, before, commit.oid, commit.oid, frozenset({commit.oid, *names}))


def claims_of(walk: Sequence[TargetCommit], brings: Mapping[Oid, Mapping[Oid, Claim]]) -> dict[Oid, Claims]:
    """For every commit of `walk` (parents first), the claims that hold there; `brings` are those that a commit makes.

    A commit that is evidence itself takes nothing back, whatever it says: a fix may revert a commit of its own.
    """
    found: dict[Oid, Claims] = {}
    trees = {commit.oid: commit.tree for commit in walk}
    for commit in walk:
        parents = commit.parents
        state = found.get(parents[0], _NOTHING) if len(parents) == 1 else _join_claims(commit.oid, parents, found)
        if commit.oid in brings:
            empty = len(commit.parents) == 1 and commit.tree == trees.get(commit.parents[0])
            new = {
                oid: claim for oid, claim in brings[commit.oid].items() if not _outweighs(state.get(oid), claim, empty)
            }
            state = {**state, **new}
        elif state and commit.reverted:
            state = {oid: _claim_after(claim, commit) for oid, claim in state.items()}
        found[commit.oid] = state
    return found


def _outweighs(before: Claim | None, claim: Claim, empty: bool) -> bool:
    """True where what was known before says more than a new claim: ancestry more than anything, anything more than an
    empty commit, and the commits of a pick more than a word about all of it."""
    if before is None or before.undone:
        return False
    return empty or before.how == "merged" or claim.how in ("delivered", "squashed")


def _join_claims(merge: Oid, parents: Sequence[Oid], known: Mapping[Oid, Claims]) -> Claims:
    """What holds after a merge. What the first parent lacks came with the merge; of one change that a side has taken
    out again, a merge takes the removal."""
    states = [known.get(parent, _NOTHING) for parent in parents]
    filled = [state for state in states if state]
    if not filled:
        return _NOTHING
    first = states[0]
    if all(state is first for state in filled):
        return first
    found = dict(first)
    for state in states[1:]:
        for oid, claim in state.items():
            mine = found.get(oid)
            if mine is None or (mine.undone and not claim.undone and mine.end != claim.end):
                names = claim.names | {merge}
                found[oid] = Claim(claim.how, claim.start, claim.end, merge, names, claim.undone)
            elif claim.undone and not mine.undone and mine.end == claim.end:
                found[oid] = replace(mine, undone=claim.undone)
    return found


def _claim_after(claim: Claim, commit: TargetCommit) -> Claim:
    """A claim behind a commit that says that it reverts others."""
    if claim.undone and _is_named(commit.reverted, claim.undone):
        return replace(claim, undone=None)
    if not claim.undone and any(_is_named(commit.reverted, name) for name in claim.names):
        return replace(claim, undone=commit.oid)
    return claim


def _is_named(said: Sequence[str], oid: Oid) -> bool:
    return any(oid.startswith(each) for each in said)


def groups_of(steps: Sequence[Step], claims: Claims) -> tuple[tuple[Group, ...], tuple[Oid, ...]]:
    """The steps that a branch has by its claims, as unbroken changes in order, and the steps that it lacks. A merge is
    there when it is, or when all that it brought in is."""
    found: list[Group] = []
    missing: list[Oid] = []
    for step in steps:
        mine = [claims[step.oid]] if step.oid in claims else [claims[oid] for oid in step.parts if oid in claims]
        if not mine or (step.oid not in claims and len(mine) < len(step.parts)):
            missing.append(step.oid)
            continue
        for claim in mine:
            _append(found, step.oid, claim)
    return tuple(found), tuple(missing)


def _append(groups: list[Group], step: Oid, claim: Claim) -> None:
    last = groups[-1] if groups else None
    if last and claim.how == last.how and claim.start in (last.end, last.start):
        within = claim.start == last.start
        if not within or claim.end == last.end:
            steps = last.steps if last.steps[-1] == step else (*last.steps, step)
            undone = last.undone or claim.undone
            groups[-1] = Group(steps, claim.how, last.start, claim.end, claim.since, undone)
            return
    groups.append(Group((step,), claim.how, claim.start, claim.end, claim.since, claim.undone))


Verdict = Mapping[Oid, bool]
"""Step of a group → whether it was taken out of the branch again; a step that never was in the change is left out."""


@frozen
class Content:
    """What looking at a branch said of its groups: a verdict for each, those of which a part is undone, the commits
    that leave a file of the fix alone, commit of the fix → the claim of a commit that has nothing of it, and the groups
    that came by a merge which kept nothing of them."""

    verdicts: Sequence[Verdict]
    partly: Collection[Group] = ()
    shortened: Sequence[tuple[Oid, str]] = ()
    wanting: Claims = field(default_factory=dict)
    dropped: Collection[Group] = ()


def claims_without_change(
    claims: Claims, empty: Mapping[Oid, Collection[Oid]], unproven: Collection[tuple[Oid, Oid]] = ()
) -> Claims:
    """The claims of commits that bring nothing of what they say: `empty` is such a commit → commits of the fix,
    `unproven` are start and end of deliveries that the logbook tells of."""
    return {
        oid: claim
        for oid, claim in claims.items()
        if oid in empty.get(claim.end, ()) or (claim.how == "delivered" and (claim.start, claim.end) in unproven)
    }


def judge_standing(
    steps: Sequence[Step], groups: Sequence[Group], missing: Sequence[Oid], content: Content
) -> Standing:
    """What a branch has of a fix, from its groups and from what looking at its content said.

    A message that says "reverted" where the content says "there" is a doubt, and so is a claim of a commit that does
    not make the change (an amended or empty pick keeps its message).
    """
    verdicts = content.verdicts
    there, taken, void, said = list[Oid](), list[Oid](), list[Group](), list[Group]()
    for group, verdict in zip(groups, verdicts, strict=True):
        if group in content.dropped:
            continue
        if not verdict:
            void.append(group)
        elif group.undone and not any(verdict.values()):
            said.append(group)
        there += [step for step in group.steps if verdict.get(step) is False]
        taken += [step for step in group.steps if verdict.get(step)]
    lacking = {*missing, *(step for group in (*void, *content.dropped) for step in group.steps)} - {*there, *taken}
    doubts = [f"{_short(group.undone)} says that it reverts the fix, but the change is there" for group in said]
    doubts += [f"{group.since[:10]} merged the fix, but has nothing of it" for group in content.dropped]
    doubts += [f"{_claim_words(group.how, group.end)} {_CHANGES_NOTHING}" for group in void] + _empty_claim_doubts(
        content.wanting, groups
    )
    empty = {group.end for group in void}
    doubts += [
        f"{end[:10]} says that it brings the fix, but leaves {path} as it was"
        for end, path in content.shortened
        if end not in empty
    ]
    if not taken:
        doubts += [f"{group.end[:10]} brought the fix, and a part of it was taken out" for group in content.partly]
    outs = [group.undone for group, verdict in zip(groups, verdicts, strict=True) if any(verdict.values())]
    how = _removal_words(outs) if taken else _arrival_words(groups)
    return Standing(
        tuple(step.oid for step in steps if step.oid in there and step.oid not in taken),
        tuple(step.oid for step in steps if step.oid in taken),
        tuple(step.oid for step in steps if step.oid in lacking),
        how,
        "; ".join(dict.fromkeys(doubts)),
        all(group.how == "merged" for group in groups),
        bool(content.dropped),
    )


def _claim_words(how: How, end: Oid) -> str:
    if how == "delivered":
        return f"the logbook says that {end[:10]} brings the fix, but it"
    return f"{end[:10]} says that it brings the fix, but"


def _empty_claim_doubts(wanting: Claims, groups: Sequence[Group]) -> list[str]:
    """What is said of each commit that has nothing of commits which it names; `groups` are changes that are there."""
    ends: dict[tuple[How, Oid], list[str]] = {}
    for oid, claim in wanting.items():
        ends.setdefault((claim.how, claim.end), []).append(oid[:10])
    there = {group.end for group in groups}
    return [
        " ".join((_claim_words(how, end), f"has nothing of {', '.join(named)}" if end in there else _CHANGES_NOTHING))
        for (how, end), named in ends.items()
    ]


def _short(oid: Oid | None) -> str:
    return (oid or "")[:10]


def _removal_words(by: Sequence[Oid | None]) -> str:
    named = [_short(oid) for oid in dict.fromkeys(by) if oid]
    return f"it had the fix, and {', '.join(named)} took it out" if named else "it had the fix, and it was taken out"


_WORDS: Mapping[How, str] = {
    "picked": "cherry-picked as",
    "delivered": "delivered as",
    "same": "the same change as",
    "squashed": "squashed as",
}


def _arrival_words(groups: Sequence[Group]) -> str:
    """How the fix came to a branch; nothing where it was merged, which everybody sees."""
    ends: dict[How, list[str]] = {}
    for group in groups:
        if group.how != "merged":
            ends.setdefault(group.how, []).append(group.end[:10])
    parts = []
    for how, oids in ends.items():
        different = list(dict.fromkeys(oids))
        more = len(different) - _NAMED
        named = ", ".join(different[:_NAMED]) + (f" and {counted(more, 'commit')} more" if more > 0 else "")
        parts.append(f"{_WORDS[how]} {named}")
    return "; ".join(parts)
