"""message: what names the issue, what says what it mends, and what says nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gate_facts import HOTFIX, facts, waived
from hypothesis import given as generated
from hypothesis import settings
from hypothesis import strategies as st

from git_hotfix.gates import judge
from git_hotfix.gates.message import check
from git_hotfix.gates.registry import NoOptions
from git_hotfix.model.change import Commit
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

PARENT = Oid("f" * 40)


def of(*messages: str, issue: str = "shop-4711", policy: Policy | None = None) -> Facts:
    rows = [message.partition("\n\n") for message in messages]
    commits = tuple(Commit(Oid(f"{n}" * 40), (PARENT,), subject, body) for n, (subject, _, body) in enumerate(rows, 3))
    tip = commits[-1].oid if commits else HOTFIX.tip
    return facts(commits=commits, hotfix=replace(HOTFIX, issue=IssueId(issue), tip=tip), policy=policy)


@pytest.mark.parametrize(
    "message",
    [
        "fix the checkout",
        "Fix checkout",
        "Fix typo",
        "fix: null basket",
        "fix(checkout): oops",
        "Handle None from the repository",
        "AttributeError in Basket.total",
        "Revert \"Use the new cache\"",
        "Use another cache",
        "Do not crash on an empty basket",
        "wip shop-4711",
        "wip SHOP-4711: still",
        "fixes #12",
        "wip (#12)",
        "PROJ-7",
        "stuff for CVE-2024-1234",
        "bugfix\n\nCloses https://shop.io/team/shop/issues/12",
        "hotfix\n\nThe basket was empty when the session ended early.",
        "Bump version to 1.4.3",
        "Release 1.4.3",
        "v1.4.3",
        "update changelog",
        "fixup! Fix checkout",
        "Исправлена ошибка оплаты",
        "修复登录崩溃",
        "결제 오류 수정",
        "Corregir el pago",
        "fix UTF-8",
    ],
)  # fmt: skip
def test_a_message_that_says_something(message: str) -> None:
    assert check(of(message), NoOptions()) == Judgement("0 of 1 commit", "0 commits")


@pytest.mark.parametrize(
    "message",
    [
        "fix", "Fix.", "hotfix", "bugfix!", "wip", "fix bug", "Fixed the bug", "some fixes", "small fix", "more fixes",
        "quick fix", "try again", "oops", "temp", "final fix for real", "update app.py", "address review comments",
        "minor changes", "fix: fix", "chore: update", "fixup! fix", "fix it 2", "", "...", "🎉", "fix\n\nmore",
        "fix\n\nSigned-off-by: Ada Lovelace <ada@example.org>\nReviewed-by: Bob the Builder of Example Town",
        "x", "\u202e\x1b[31m", "修复",
    ],
)  # fmt: skip
def test_a_message_that_says_nothing(message: str) -> None:
    subject = message.partition("\n\n")[0]
    finding = Finding(
        f"3333333333 names neither shop-4711 nor what it fixes: {subject!r}", hint="say it: git commit --amend"
    )
    assert check(of(message), NoOptions()) == Judgement("1 of 1 commit", "0 commits", (finding,))


@pytest.mark.parametrize(
    ("issue", "message", "names"),
    [
        ("4711", "wip 4711", True), ("4711", "wip 47112", False), ("4711", "4711: wip", True),
        ("001-api-500", "wip 001", True), ("001-api-500", "wip on 001-api-500", True), ("001-api-500", "api", False),
        ("PROJ-12-checkout", "proj-12 wip", True), ("PROJ-12-checkout", "proj-121 wip", False),
        ("7", "wip 7", True), ("7", "wip #7", True), ("a.b", "axb", False), ("x", "x", True),
        ("77", "Fix 77", True), ("77", "77: more", True), ("77", "More of 77", True), ("77", "fix 770", False),
        ("77", "fix\n\n77 more", False),
        ("größe-1", "wip größe-1", True), ("cafe\udce9", "fix cafe\udce9", True),
    ],
)  # fmt: skip
def test_the_issue_as_a_word(issue: str, message: str, names: bool) -> None:
    assert (check(of(message, issue=issue), NoOptions()).findings == ()) is names


def test_only_the_tip_is_amended_and_merges_are_left_alone() -> None:
    given = of("wip", "Fix checkout", "wip")
    merge = Commit(Oid("9" * 40), (PARENT, PARENT), "Merge branch 'x'")
    given = replace(given, commits=(*given.commits, merge))
    text = "{0} names neither shop-4711 nor what it fixes: 'wip'"
    assert check(given, NoOptions()) == Judgement(
        "2 of 3 commits",
        "0 commits",
        (
            Finding(text.format("3" * 10), hint="say it: git rebase -i 3333333333^, and reword"),
            Finding(text.format("5" * 10), hint="say it: git commit --amend"),
        ),
    )


def test_a_long_subject_is_cut_and_many_are_counted() -> None:
    findings = check(of(*["fix " * 100] * 12), NoOptions()).findings
    assert len(findings) == 11
    assert findings[0].message.endswith(f"{('fix ' * 15)!r}")
    assert findings[-1] == Finding("and 2 commits more")


def test_it_warns_and_a_team_may_block() -> None:
    assert judge(of("wip"), only=["message"]).gates[0].status == "warn"
    blocking = of("wip", policy=Policy(gates={"message": GatePolicy("block", (), NoOptions())}))
    assert judge(blocking, only=["message"]).gates[0].status == "fail"
    assert judge(waived(blocking, "message"), only=["message"]).gates[0].status == "waived"


@settings(max_examples=60, deadline=None)
@generated(noise=st.text(max_size=40))
def test_any_text_is_read_and_the_issue_found_in_it(noise: str) -> None:
    check(of(noise), NoOptions())
    assert check(of(f"{noise} shop-4711 {noise}"), NoOptions()).findings == ()
