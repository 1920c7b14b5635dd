"""tests: source without a test is a reminder, and nothing else is."""

from __future__ import annotations

import pytest
from gate_facts import change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.registry import NoOptions
from git_hotfix.gates.tests import check
from git_hotfix.model.change import FileChange
from git_hotfix.model.policy import Files, GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "add the test that would have caught it, or write it on develop right after"
SOURCE = change("src/a.py")


@pytest.mark.parametrize(
    ("files", "measured"),
    [
        ((), "0 test files"),
        ((SOURCE, change("tests/test_a.py")), "1 test file"),
        ((SOURCE, change("tests/test_a.py", "A"), change("web/a.spec.ts", "A")), "2 test files"),
        ((SOURCE, change("src/a_test.go", "R", old="src/b_test.go")), "1 test file"),
        ((change("VERSION"), change("requirements.txt"), change("config/prod.yaml")), "0 test files"),
        ((change("docs/conf.py"), change("README.md"), change("vendor/x/a.go")), "0 test files"),
    ],
)
def test_nothing_to_remind_of(files: tuple[FileChange, ...], measured: str) -> None:
    assert check(facts(*files), NoOptions()) == Judgement(measured, "1 test file")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ((SOURCE,), "changed without a test"),
        ((SOURCE, change("tests/test_a.py", "D")), "changed without a test"),
        ((SOURCE, change("src/\udce9 b.js")), "2 source files changed without a test, this one first"),
    ],
)
def test_source_without_a_test(files: tuple[FileChange, ...], message: str) -> None:
    finding = Finding(message, path="src/a.py", hint=HINT)
    assert check(facts(*files), NoOptions()) == Judgement("0 test files", "1 test file", (finding,))


def test_it_warns_and_a_team_may_block() -> None:
    assert judge(facts(SOURCE), only=["tests"]).gates[0].status == "warn"
    blocking = facts(SOURCE, policy=Policy(gates={"tests": GatePolicy("block", (), NoOptions())}))
    assert judge(blocking, only=["tests"]).gates[0].status == "fail"
    assert judge(waived(blocking, "tests"), only=["tests"]).gates[0].status == "waived"


def test_the_policy_says_what_a_test_is() -> None:
    given = facts(SOURCE, change("qa/a.py"), policy=Policy(files=Files(tests=("qa/",))))
    assert check(given, NoOptions()).findings == ()
