"""foreign-merge: merges that bring other branches in, and merges that bring nothing foreign."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from gate_facts import HOTFIX, facts, waived

from git_hotfix.gates import base, judge
from git_hotfix.gates.foreign_merge import check
from git_hotfix.gates.registry import NoOptions
from git_hotfix.model.change import Commit
from git_hotfix.model.hotfix import Facts, Foreign
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid, RefName
from git_hotfix.model.verdict import Finding, Judgement

BASE = "base"


def oid(name: str) -> Oid:
    return Oid(name.ljust(40, "."))


def history(graph: str, **foreign: str) -> Facts:
    """`a:base b:base m:a,b` is a commit each with its parents; `b="develop"` says which branch made a commit."""
    rows = [row.partition(":") for row in graph.split()]
    commits = tuple(Commit(oid(name), tuple(oid(p) for p in parents.split(",")), name) for name, _, parents in rows)
    made = tuple(Foreign(oid(name), RefName(f"refs/heads/{ref}")) for name, ref in foreign.items())
    return facts(commits=commits, foreign=made, hotfix=replace(HOTFIX, tip=commits[-1].oid if commits else HOTFIX.tip))


def judged(graph: str, **foreign: str) -> Judgement:
    return check(history(graph, **foreign), NoOptions())


def fails(merge: str, brought: str, side: str) -> Finding:
    hint = f"replay the fix without it: git rebase --onto 111111111111 {oid(side)[:12]} hotfix/4711"
    return Finding(f"merge {oid(merge)[:10]} brings in {brought}", hint=hint)


def warns(count: str, *merges: str) -> Finding:
    first = oid(merges[0])[:10]
    named = " ".join(oid(merge)[:10] for merge in merges)
    hint = f"see what came with it: git log {first}^1..{first}"
    return Finding(f"{count} inside: {named}", hint=hint, level="warn")


def test_no_merge() -> None:
    assert judged("a:base b:a") == judged("") == Judgement("0 merges", "0 foreign")


def test_a_merge_of_a_colleagues_line_warns() -> None:
    assert judged("a:base b:base m:a,b") == Judgement("1 merge", "0 foreign", (warns("1 merge commit", "m"),))


def test_merges_within_a_merged_line_are_named_with_it() -> None:
    found = judged("a:base b:base c:b d:b n:c,d m:a,n").findings
    assert found == (warns("2 merge commits", "m", "n"),)


def test_many_merges_are_counted() -> None:
    rows = " ".join(f"s{n}:base m{n}:{f'm{n - 1}' if n else 'base'},s{n}" for n in range(7))
    [finding] = judged(rows).findings
    assert finding.message.endswith("m4........ and 2 more")


def test_a_merge_of_develop_fails() -> None:
    found = judged("a:base d:base e:d m:a,e b:m", d="develop", e="develop")
    assert found == Judgement("1 merge", "0 foreign", (fails("m", "2 commits of develop", "e"),))


def test_only_the_merge_that_brought_them_is_blamed() -> None:
    found = judged("a:base d:base m:a,d x:base n:m,x", d="feature/x")
    assert found.findings == (fails("m", "1 commit of feature/x", "d"), warns("1 merge commit", "n"))


def test_merges_that_the_other_branch_made_are_not_the_hotfixs() -> None:
    found = judged("a:base d:base f:base g:d,f m:a,g", d="develop", g="develop")
    assert found.findings == (fails("m", "2 commits of develop", "g"),)


def test_production_is_taken_in_by_a_replay() -> None:
    [finding] = judged("a:base p:base m:a,p", p="main").findings
    assert finding == Finding(
        f"merge {oid('m')[:10]} brings in 1 commit of main", hint="take production in by a replay: git hotfix update"
    )


def test_an_octopus_brings_several() -> None:
    [finding] = judged("a:base d:base f:base m:a,d,f", d="develop", f="feature/x").findings
    assert finding.message.endswith("2 commits of feature/x, develop")


def test_a_tip_that_was_cut_from_develop_has_no_foreign_merge() -> None:
    """`base` says it; the merge that develop made is not looked at."""
    assert judged("d:base e:base m:d,e a:m", d="develop", m="develop").findings == ()


def test_long_histories_take_linear_time() -> None:
    """30,000 merges, each of a line that reaches far back."""
    rows: list[Any] = [("m0", "base")]
    for n in range(1, 30_000):
        rows += [(f"s{n}", f"m{n // 2}"), (f"m{n}", f"m{n - 1},s{n}")]
    found = judged(" ".join(f"{name}:{parents}" for name, parents in rows))
    assert found.measured == "29999 merges"


def test_what_a_topic_branch_had_before_the_hotfix_started() -> None:
    hint = "if the hotfix is made of it, record that: git hotfix waive foreign-merge --reason …"
    given = history("t:base u:t m:base,u", t="feature/x", u="feature/x")
    early = replace(given, foreign=tuple(replace(each, doubt="early") for each in given.foreign))
    unknown = "2 commits of feature/x, and no record here says when this hotfix started"
    ask = f"ask the remote for the record: git hotfix check 4711 --fetch\n{hint}"
    assert check(early, NoOptions()).findings == (Finding(f"merge {oid('m')[:10]} brings in {unknown}", hint=ask),)
    started = replace(HOTFIX, tip=oid("u"), logbook=Logbook(IssueId("4711"), (Entry("start", "start"),)))
    straight = replace(early, hotfix=started, commits=early.commits[:2])
    assert check(straight, NoOptions()).findings == (
        Finding("holds 2 commits of feature/x from before this hotfix started", hint=hint),
    )
    assert base.check(early, base.Options()).findings == ()


def test_a_topic_branch_that_took_others_work_in_later() -> None:
    hint = "if the hotfix is made of it, record that: git hotfix waive foreign-merge --reason …"
    given = history("t:base m:base,t", t="feature/x")
    mixed = replace(given, foreign=tuple(replace(each, doubt="mixed") for each in given.foreign))
    [finding] = check(mixed, NoOptions()).findings
    what = f"merge {oid('m')[:10]} brings in 1 commit of feature/x"
    assert finding == Finding(f"{what}, which holds work of other branches now", hint=hint)


def test_a_merge_of_early_and_of_foreign_commits_is_foreign() -> None:
    given = history("t:base d:t m:base,d", t="feature/x", d="develop")
    first, second = given.foreign
    [finding] = check(replace(given, foreign=(replace(first, doubt="early"), second)), NoOptions()).findings
    assert finding == fails("m", "2 commits of develop, feature/x", "d")


def test_statuses() -> None:
    bad = history("a:base d:base m:a,d", d="develop")
    assert judge(bad, only=["foreign-merge"]).gates[0].status == "fail"
    assert judge(waived(bad, "foreign-merge"), only=["foreign-merge"]).gates[0].status == "waived"
    assert judge(history("a:base b:base m:a,b"), only=["foreign-merge"]).gates[0].status == "warn"
