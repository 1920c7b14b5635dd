"""submodule: every way in which a pointer can change."""

from __future__ import annotations

from typing import Any

import pytest
from gate_facts import change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.registry import NoOptions
from git_hotfix.gates.submodule import check
from git_hotfix.model.change import FileChange
from git_hotfix.model.names import Oid
from git_hotfix.model.policy import Files, GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "release the submodule's fix by itself, or record what moves: git hotfix waive submodule --reason …"
OLD, NEW = Oid("a" * 40), Oid("b" * 40)
LINK = "160000"


def pointer(status: str, path: str = "lib", **other: Any) -> FileChange:
    facts = {"old_mode": LINK, "new_mode": LINK, "old_oid": OLD, "new_oid": NEW, **other}
    return change(path, status, **facts)


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (pointer("A", old_mode="000000"), "submodule added at bbbbbbbbbb"),
        (pointer("M"), "submodule moved from aaaaaaaaaa to bbbbbbbbbb"),
        (pointer("M", "tests/l\udce9\nib"), "submodule moved from aaaaaaaaaa to bbbbbbbbbb"),
        (pointer("D", new_mode="000000"), "submodule removed, it was at aaaaaaaaaa"),
        (pointer("R", old="ext", new_oid=OLD), "submodule moved here from ext"),
        (pointer("T", old_mode="100644"), "submodule takes the place of a file, added at bbbbbbbbbb"),
        (pointer("T", new_mode="100644"), "submodule removed, it was at aaaaaaaaaa; a file takes its place"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.status,
)
def test_a_pointer_changed(file: FileChange, message: str) -> None:
    finding = Finding(message, path=file.path, hint=HINT)
    assert check(facts(file), NoOptions()) == Judgement("1 changed", "0 changed", (finding,))


@pytest.mark.parametrize(
    ("path", "level"), [("docs", "warn"), ("doc/theme", "warn"), ("lib", "fail"), ("tests", "fail")]
)
def test_documents_in_a_submodule_only_warn(path: str, level: str) -> None:
    [finding] = check(facts(pointer("M", path)), NoOptions()).findings
    assert finding.level == level
    counted = [file.path for file in facts(pointer("M", path)).changes.production(Files().is_production)]
    assert counted == ([path] if path == "lib" else [])


@pytest.mark.parametrize("file", [change("lib"), change("a", "T", new_mode="120000"), change(".gitmodules")])
def test_other_files(file: FileChange) -> None:
    assert check(facts(file), NoOptions()) == Judgement("0 changed", "0 changed")


def test_waived_and_allowed() -> None:
    assert judge(facts(pointer("M")), only=["submodule"]).gates[0].status == "fail"
    assert judge(waived(facts(pointer("M")), "submodule"), only=["submodule"]).gates[0].status == "waived"
    policy = Policy(gates={"submodule": GatePolicy("block", ("/lib",), NoOptions())})
    assert judge(facts(pointer("M"), policy=policy), only=["submodule"]).gates[0].status == "pass"
