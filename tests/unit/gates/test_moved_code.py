"""moved-code: lines that left one place and stand in another."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from gate_facts import between, waived

from git_hotfix.gates import judge
from git_hotfix.gates.moved_code import GATE, Options
from git_hotfix.model.policy import GatePolicy, Policy

HINT = "leave what is not the fix where it is: nobody can see a fix inside moved code"


def block(count: int, name: str = "value") -> str:
    return "".join(f"    {name}_{number} = compute({number})\n" for number in range(count))


def found(base: Mapping[str, str], tip: Mapping[str, str]) -> list[tuple[str | None, str]]:
    facts = between({p: t.encode() for p, t in base.items()}, {p: t.encode() for p, t in tip.items()})
    return [(each.path, each.message) for each in GATE.check(facts, Options()).findings]


REST = "".join(f"line_{number} = {number}\n" for number in range(20))


@pytest.mark.parametrize(("count", "moved"), [(5, False), (6, True), (9, True)])
def test_within_a_file_at_the_limit(count: int, moved: bool) -> None:
    said = found({"a.py": block(count) + REST}, {"a.py": REST + block(count)})
    assert said == ([("a.py", f"{count} lines of line 1 stand here now")] if moved else [])


def test_to_another_file_and_indented_anew() -> None:
    base = {"a.py": REST + block(7), "b.py": "import os\n"}
    tip = {"a.py": REST, "b.py": "import os\n" + block(7).replace("    ", "\t\t")}
    assert found(base, tip) == [("b.py", "7 lines of a.py:21 stand here now")]


def test_what_is_indented_in_its_place_has_not_moved() -> None:
    assert found({"a.py": REST + block(8)}, {"a.py": REST + "if x:\n" + block(8).replace("    ", "        ")}) == []


def test_brackets_and_blanks_are_no_code() -> None:
    noise = "}\n\n{\n)\n];\nend\n" * 2
    assert found({"a.js": noise + REST}, {"a.js": REST + noise}) == []


def test_what_is_added_only_or_removed_only_has_not_moved() -> None:
    assert found({"a.py": REST}, {"a.py": REST + block(9)}) == []
    assert found({"a.py": REST + block(9)}, {"a.py": REST}) == []


def test_it_warns_blocks_when_asked_and_is_waived() -> None:
    base, tip = {"a.py": (block(6) + REST).encode()}, {"a.py": (REST + block(6)).encode()}
    (result,) = judge(between(base, tip), only=["moved-code"]).gates
    assert (result.status, result.measured, result.limit) == ("warn", "6 lines", "fewer than 6 lines")
    assert [each.hint for each in result.findings] == [HINT]
    policy = Policy(gates={"moved-code": GatePolicy("block", (), Options())})
    blocked = between(base, tip, policy=policy)
    assert judge(blocked, only=["moved-code"]).gates[0].status == "fail"
    assert judge(waived(blocked, "moved-code"), only=["moved-code"]).gates[0].status == "waived"
    higher = Policy(gates={"moved-code": GatePolicy("block", (), Options(lines=7))})
    assert judge(between(base, tip, policy=higher), only=["moved-code"]).gates[0].status == "pass"
