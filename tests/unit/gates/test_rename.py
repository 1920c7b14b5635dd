"""rename: production files that move or double, and what only looks so."""

from __future__ import annotations

import pytest
from gate_facts import Trees, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.registry import NoOptions
from git_hotfix.gates.rename import check
from git_hotfix.model.change import FileChange
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "fix it where it is and move it in another branch, or record why: git hotfix waive rename --reason …"
PASSED = Judgement("0 moved", "0 moved")
BASE = Trees({"src/a.py": b"", "src/b.py": b"", "tests/c.py": b""})


def added(path: str, like: str, lines: int = 10) -> FileChange:
    """A new file with the content that the base has at `like`."""
    return change(path, "A", new_oid=Oid(f"base:{like}"), added=lines)


def moved(message: str, path: str) -> Judgement:
    return Judgement("1 moved", "0 moved", (Finding(message, path=path, hint=HINT),))


@pytest.mark.parametrize(
    "file",
    [
        change("src/a.py"),
        change("src/n.py", "A", added=99),
        change("src/a.py", "D"),
        change("src/c.py", "R", old="tests/c.py"),
        change("tests/d.py", "R", old="tests/c.py"),
        change("docs/new.md", "R", old="docs/old.md"),
        change("lib", "R", old="ext", old_mode="160000", new_mode="160000"),
        added("src/n.py", "src/a.py", lines=9),
        added("src/n.py", "tests/c.py"),
        added("tests/n.py", "src/a.py"),
    ],
    ids=lambda file: f"{file.status} {file.path}",
)
def test_what_is_no_move_of_production(file: FileChange) -> None:
    assert check(facts(file, content=BASE), NoOptions()) == PASSED


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (change("src/n.py", "R", old="src/a.py"), "renamed from src/a.py"),
        (change("src/A.py", "R", old="src/a.py"), "renamed from src/a.py"),
        (change("tests/n.py", "R", old="src/a.py"), "renamed from src/a.py"),
        (change("src/n.py", "C", old="src/a.py"), "copied from src/a.py"),
        (change("src/\udce9\n.py", "R", old="src/ '\udcff"), "renamed from src/ '\udcff"),
        (added("src/n.py", "src/b.py"), "copied from src/b.py"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.path.encode("ascii", "replace").decode(),
)
def test_renamed_and_copied(file: FileChange, message: str) -> None:
    assert check(facts(file, content=BASE), NoOptions()) == moved(message, file.path)


def test_a_fix_without_new_files_reads_no_tree() -> None:
    class Blind(Trees):
        def base_files(self) -> dict[str, Oid]:
            raise AssertionError

    assert check(facts(change("src/a.py"), content=Blind()), NoOptions()) == PASSED


def test_waived_and_allowed() -> None:
    given = facts(change("src/n.py", "R", old="src/a.py"))
    assert judge(given, only=["rename"]).gates[0].status == "fail"
    assert judge(waived(given, "rename"), only=["rename"]).gates[0].status == "waived"
    half = Policy(gates={"rename": GatePolicy("block", ("src/n.py",), NoOptions())})
    both = Policy(gates={"rename": GatePolicy("block", ("src/",), NoOptions())})
    for policy, status in ((half, "fail"), (both, "pass")):
        moved = facts(change("src/n.py", "R", old="src/a.py"), policy=policy)
        assert judge(moved, only=["rename"]).gates[0].status == status
