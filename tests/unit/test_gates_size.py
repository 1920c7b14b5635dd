"""max-files and max-lines: below, at and above each limit, waived, and what may not count."""

from __future__ import annotations

import pytest
from gate_facts import BASE_TREE, Trees, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.max_lines import Options, check
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement

HINT = "move what the fix does not need to a branch of its own, or record why: git hotfix waive max-lines --reason …"


@pytest.mark.parametrize(("lines", "level"), [(0, "pass"), (100, "pass"), (101, "warn"), (200, "warn"), (201, "fail")])
def test_max_lines_at_its_limits(lines: int, level: str) -> None:
    judgement = check(facts(change("src/a.py", added=lines - lines // 3, deleted=lines // 3)), Options())
    assert (judgement.level, judgement.measured, judgement.limit) == (level, f"{lines} lines", "200 lines")


def test_max_lines_names_the_heaviest_file_first_and_counts_production_only() -> None:
    given = facts(
        change("src/a.py", added=1, deleted=2),
        change("src/b.py", added=300),
        change("tests/test_a.py", added=999),
        change("docs/x.md", added=999),
        change("package-lock.json", added=999),
        change("src/moved.py", "R", old="src/old.py"),
        change("logo.png", binary=True),
    )
    assert check(given, Options()) == Judgement(
        "303 lines",
        "200 lines",
        (
            Finding("303 production lines changed", hint=HINT),
            Finding("+300 -0", path="src/b.py", level="note"),
            Finding("+1 -2", path="src/a.py", level="note"),
        ),
    )


def test_max_lines_counts_a_source_file_that_git_takes_for_binary() -> None:
    content = Trees({"src/a.py": b"one\ntwo\n"}, {"src/a.py": b"one\n\0\n" + b"x\n" * 150})
    given = facts(change("src/a.py", binary=True), content=content)
    assert check(given, Options()) == Judgement(
        "152 lines",
        "200 lines",
        (
            Finding("152 production lines changed", hint=HINT, level="warn"),
            Finding("+151 -1", path="src/a.py", level="note"),
        ),
    )


@pytest.mark.parametrize(("count", "status"), [(5, "pass"), (6, "warn"), (10, "warn"), (11, "fail")])
def test_max_files_at_its_limits(count: int, status: str) -> None:
    given = facts(*(change(f"src/{n}.py") for n in range(count)))
    (result,) = judge(given, only=["max-files"]).gates
    assert (result.status, result.measured, result.limit) == (status, f"{count} files", "10 files")


def test_a_waiver_holds_for_its_tree_only() -> None:
    given = facts(change("src/a.py", added=201))
    result = GateResult(
        "max-lines",
        "block",
        "waived",
        "201 lines",
        "200 lines",
        (Finding("201 production lines changed", hint=HINT), Finding("+201 -0", path="src/a.py", level="note")),
        waived_by=("4711-W1",),
    )
    assert judge(waived(given, "max-lines"), only=["max-lines"]).gates == (result,)
    assert judge(waived(given, "max-files max-lines"), only=["max-lines"]).passed
    assert not judge(waived(given, "max-files"), only=["max-lines"]).passed
    assert not judge(waived(given, "max-lines", tree=BASE_TREE), only=["max-lines"]).passed


def test_the_policy_moves_the_limit_and_leaves_paths_out() -> None:
    policy = Policy(gates={"max-lines": GatePolicy("block", ("gen/",), Options(max=10, warn=10))})
    given = facts(change("src/a.py", added=11), change("gen/b.py", added=500), policy=policy)
    (result,) = judge(given, only=["max-lines"]).gates
    assert (result.status, result.measured, result.limit) == ("fail", "11 lines", "10 lines")
