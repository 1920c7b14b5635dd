"""foreign-merge: a hotfix takes no other branch in."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import Commit
from git_hotfix.model.command_line import command_line
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import Oid, RefName, short
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_NAMED = 5  # merges named; the rest is counted


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Look at every merge commit of the hotfix, and at what it brought in beside the line that it stands on.

    32 % of 917 genuine hotfixes contain merge commits: a merge only warns. One that brings in commits that develop, a
    release, a feature or production made breaks the rule, and `base` says the same of the commits themselves. A topic
    branch cut where the hotfix starts is the fix's own (6 of 20 real hotfixes are made so); what it had before the
    hotfix started is said here alone, because a waiver may call it the fix.
    """
    own = {commit.oid: commit for commit in facts.commits}
    made_by = {foreign.commit: foreign.ref for foreign in facts.foreign}
    merges = sum(len(commit.parents) > 1 for commit in facts.commits)
    measured, limit = counted(merges, "merge"), "0 foreign"
    doubts = {foreign.commit: foreign.doubt for foreign in facts.foreign if foreign.doubt}
    found = _doubts_without_merge(facts, own)
    plain: list[Oid] = []
    seen: set[Oid] = set()
    for commit in _first_parent_line(own, facts.hotfix.tip):
        brought = _reachable(own, commit.parents[1:], seen)
        seen |= {commit.oid, *brought}
        refs = list(dict.fromkeys(made_by[oid] for oid in brought if oid in made_by))
        if commit.oid in made_by or len(commit.parents) < 2:
            continue
        theirs = [oid for oid in brought if oid in made_by]
        if refs and all(oid in doubts for oid in theirs):
            mixed = any(doubts[oid] == "mixed" for oid in theirs)
            found.append(_doubt_finding(facts, f"merge {commit.oid[:10]} brings in", refs, len(theirs), mixed=mixed))
        elif refs:
            found.append(_foreign_finding(facts, commit, refs, len(theirs)))
        else:
            plain += [commit.oid, *(oid for oid in brought if len(own[oid].parents) > 1)]
    if plain:
        named = " ".join(oid[:10] for oid in plain[:_NAMED])
        more = f" and {len(plain) - _NAMED} more" if len(plain) > _NAMED else ""
        hint = f"see what came with it: git log {plain[0][:10]}^1..{plain[0][:10]}"
        found.append(Finding(f"{counted(len(plain), 'merge commit')} inside: {named}{more}", hint=hint, level="warn"))
    return Judgement(measured, limit, tuple(found))


def _first_parent_line(own: dict[Oid, Commit], tip: Oid) -> list[Commit]:
    """The commits of `own` along first parents, oldest first."""
    line = []
    at: Oid | None = tip
    while at in own:
        line.append(own[at])
        at = own[at].parents[0] if own[at].parents else None
    return line[::-1]


def _reachable(own: dict[Oid, Commit], heads: Iterable[Oid], seen: set[Oid]) -> list[Oid]:
    """The commits of `own` that `heads` reach, without `seen`; each commit is walked once in all calls together."""
    found: dict[Oid, None] = {}
    left = list(heads)
    while left:
        oid = left.pop()
        if oid in own and oid not in seen and oid not in found:
            found[oid] = None
            left += own[oid].parents
    return list(found)


def _doubts_without_merge(facts: Facts, own: dict[Oid, Commit]) -> list[Finding]:
    """The commits in doubt that stand in the hotfix's own line, without a merge."""
    refs: dict[tuple[RefName, bool], int] = {}
    line = {commit.oid for commit in _first_parent_line(own, facts.hotfix.tip)}
    for foreign in facts.foreign:
        if foreign.doubt and foreign.commit in line:
            key = foreign.ref, foreign.doubt == "mixed"
            refs[key] = refs.get(key, 0) + 1
    return [_doubt_finding(facts, "holds", [ref], count, mixed=mixed) for (ref, mixed), count in refs.items()]


def _doubt_finding(facts: Facts, what: str, refs: list[RefName], count: int, *, mixed: bool) -> Finding:
    names, commits = ", ".join(short(ref) for ref in refs), counted(count, "commit")
    hint = "if the hotfix is made of it, record that: git hotfix waive foreign-merge --reason …"
    if mixed:
        return Finding(f"{what} {commits} of {names}, which holds work of other branches now", hint=hint)
    if facts.hotfix.logbook.start is None:  # a clone that was never asked to has no logbook of a colleague's hotfix
        ask = f"ask the remote for the record: {command_line('check', facts.hotfix.issue, fetch=True)}"
        message = f"{what} {commits} of {names}, and no record here says when this hotfix started"
        return Finding(message, hint=f"{ask}\n{hint}")
    return Finding(f"{what} {commits} of {names} from before this hotfix started", hint=hint)


def _foreign_finding(facts: Facts, merge: Commit, refs: list[RefName], count: int) -> Finding:
    names = ", ".join(short(ref) for ref in refs)
    hotfix = facts.hotfix
    if refs == [f"refs/heads/{hotfix.production}"]:
        hint = "take production in by a replay: git hotfix update"
    else:
        hint = f"replay the fix without it: git rebase --onto {(hotfix.base or '')[:12]} {merge.parents[1][:12]} "
        hint += hotfix.branch
    return Finding(f"merge {merge.oid[:10]} brings in {counted(count, 'commit')} of {names}", hint=hint)


GATE = Gate("foreign-merge", "no merge of other branches", check, NoOptions, order=11)
