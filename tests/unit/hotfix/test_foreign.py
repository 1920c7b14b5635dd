"""Whose commits a hotfix holds: a topic branch's are the fix's own, a line's and a feature's are foreign."""

from __future__ import annotations

import pytest

from git_hotfix.hotfix.foreign_commits import Chains, find_foreign
from git_hotfix.model.hotfix import Foreign, Link
from git_hotfix.model.names import Oid, RefName

START = 100
LINES = ("main", "develop", "support/1")


def found(graph: str, own: str, started: int | None = START, **tips: str) -> set[tuple[str, str, str]]:
    """The foreign commits of a hotfix on `base` that holds `own`, tip last.

    `t@99:base` is a commit with its date (100 where none is given) and its parents. What stands below `base` is `old`.
    """
    links: dict[Oid, Link] = {}
    for row in graph.split():
        name, _, parents = row.partition(":")
        oid, _, date = name.partition("@")
        links[Oid(oid)] = Link(tuple(map(Oid, parents.split(","))), int(date or START))
    named = {RefName(ref.replace("_", "/")): Oid(tip) for ref, tip in tips.items()}
    branches = dict(sorted(named.items(), key=lambda each: each[0] not in LINES))
    spine: dict[Oid, Link] = {}
    for oid in branches.values():
        while oid in links:
            spine[oid] = links[oid]
            oid = links[oid].first
    hotfix = dict.fromkeys(map(Oid, own.split()))
    straight, at = set(), Oid(own.split()[-1])
    while at in hotfix:
        straight.add(at)
        at = links[at].first
    chains = Chains(branches, [ref for ref in branches if ref in LINES], spine, Oid("base"), hotfix)
    elsewhere = chains.branches_begun_elsewhere()
    others = [tip for ref, tip in branches.items() if ref not in elsewhere]
    whole = {oid: link for oid, link in links.items() if any(holds(links, tip, oid) for tip in others)}
    answer = find_foreign(chains, elsewhere, whole, started=started, straight=straight)
    return {(each.commit, each.ref, each.doubt) for each in answer}


def holds(links: dict[Oid, Link], tip: Oid, oid: Oid) -> bool:
    return tip == oid or any(holds(links, parent, oid) for parent in links.get(tip, Link(())).parents)


@pytest.mark.parametrize(
    ("graph", "own", "tips"),
    [
        ("t:base m:base,t", "t m", {"topic": "t"}),
        ("t:base", "t", {"topic": "t"}),  # fast-forwarded
        ("t:base u:t m:base,t", "t m", {"topic": "u"}),  # it goes on
        ("a:base t:a m:a,t", "a t m", {"topic": "t"}),  # cut from the hotfix
        ("s:base t:s m:base,t", "s t m", {"topic": "t", "other": "s"}),  # a topic of a topic
        ("s:base t:base n:t,s m:base,n", "s t n m", {"topic": "n", "other": "s"}),  # one that took another in
        ("d:base t:base m:base,t", "t m", {"topic": "t", "develop": "d"}),
        # delivered meanwhile: develop has it by a second parent
        ("t:base d:base m:base,t n:d,m", "t m", {"topic": "t", "develop": "n"}),
    ],
)
def test_a_topic_branch_is_the_fixs_own(graph: str, own: str, tips: dict[str, str]) -> None:
    assert found(graph, own, **tips) == set()


@pytest.mark.parametrize(
    ("graph", "own", "tips", "foreign"),
    [
        ("d:base a:d", "d a", {"develop": "d"}, "d=develop"),
        ("d:base t:d m:base,t", "d t m", {"topic": "t", "develop": "d"}, "d=develop t=topic"),
        # it took develop in, before the hotfix took it in or after
        ("d:base t:base n:t,d m:base,n", "t d n m", {"topic": "n", "develop": "d"}, "t=topic=mixed d=develop n=topic"),
        ("d:base t:base n:t,d m:base,t", "t m", {"topic": "n", "develop": "d"}, "t=topic=mixed"),
        # begun at an older release, at newer work of production, or on a feature that was
        ("o:old m:base,o", "o m", {"topic": "o"}, "o=topic"),
        ("p:base t:p m:base,t", "p t m", {"topic": "t", "main": "p"}, "p=main t=topic"),
        ("o:old t:o m:base,t", "o t m", {"topic": "t", "feature_a": "o"}, "o=topic t=topic"),
        # it took in a feature that was begun elsewhere
        (
            "o:old t:base n:t,o m:base,n",
            "t o n m",
            {"topic": "n", "feature_a": "o"},
            "t=topic=mixed o=feature/a n=topic",
        ),
        ("s:base m:base,s", "s m", {"support_1": "s"}, "s=support/1"),  # a release is never a topic
    ],
)
def test_what_others_made_is_foreign(graph: str, own: str, tips: dict[str, str], foreign: str) -> None:
    rows = [(*each.split("="), "")[:3] for each in foreign.split()]
    assert found(graph, own, **tips) == set(rows)
    assert found(graph, own, None, **tips) == set(rows)


def test_what_is_older_than_the_hotfix_is_told_apart() -> None:
    graph = "t@99:base u@100:t m:base,u"
    assert found(graph, "t u m", topic="u") == {("t", "topic", "early")}
    assert found("t@99:base a:t", "t a", topic="t") == {("t", "topic", "early")}


def test_without_a_start_only_a_merge_tells_a_topic_from_a_feature() -> None:
    assert found("t:base m:base,t", "t m", None, topic="t") == {("t", "topic", "early")}
    assert found("t:base a:t", "t a", None, topic="t") == {("t", "topic", "")}


def test_a_feature_that_was_cut_from_the_topic_and_went_on_elsewhere_takes_nothing_from_it() -> None:
    graph = "d:base t:base f:t n:f,d m:base,t"
    assert found(graph, "t m", topic="t", feature_a="n", develop="d") == set()


def test_ten_thousand_branches_of_a_long_develop_take_linear_time() -> None:
    links = {Oid(f"d{n}"): Link((Oid(f"d{n - 1}") if n else Oid("base"),)) for n in range(20_000)}
    links |= {Oid(f"f{n}"): Link((Oid("d19999"),)) for n in range(10_000)}
    branches = {RefName("develop"): Oid("d19999"), **{RefName(f"feature/{n}"): Oid(f"f{n}") for n in range(10_000)}}
    chains = Chains(branches, ("develop",), links, Oid("base"), {Oid("d0"): None})
    elsewhere = chains.branches_begun_elsewhere()
    assert len(elsewhere) == 10_001
    assert find_foreign(chains, elsewhere, {}, started=START, straight=()) == (Foreign(Oid("d0"), RefName("develop")),)
