"""max-commits: few commits, merges not counted."""

from __future__ import annotations

import pytest
from gate_facts import facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.max_commits import Options, check
from git_hotfix.model.change import Commit
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = (
    "combine what is one fix: git rebase -i 111111111111\n"
    "or move what the fix does not need to its own branch, or record why: git hotfix waive max-commits --reason …"
)


def of(plain: int, merges: int = 0, policy: Policy | None = None) -> Facts:
    one, two = Oid("a" * 40), Oid("b" * 40)
    commits = [Commit(one, (two,), "fix")] * plain + [Commit(one, (two, two), "merge")] * merges
    return facts(commits=tuple(commits), policy=policy)


@pytest.mark.parametrize(("plain", "merges"), [(0, 0), (1, 0), (5, 0), (5, 9)])
def test_few_commits(plain: int, merges: int) -> None:
    assert check(of(plain, merges), Options()).findings == ()


def test_above_the_limit() -> None:
    assert check(of(6, 1), Options()) == Judgement("6 commits", "5 commits", (Finding("6 commits", hint=HINT),))


def test_it_warns_and_a_team_may_block() -> None:
    assert judge(of(6), only=["max-commits"]).gates[0].status == "warn"
    blocking = of(3, policy=Policy(gates={"max-commits": GatePolicy("block", (), Options(max=2))}))
    assert judge(blocking, only=["max-commits"]).gates[0].status == "fail"
    assert judge(waived(blocking, "max-commits"), only=["max-commits"]).gates[0].status == "waived"
