"""binary: large files that nobody can read."""

from __future__ import annotations

import pytest
from gate_facts import Trees, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.binary import Options, check
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "deliver it another way, or record what it is: git hotfix waive binary --reason …"
LIMIT = 64 * 1024


def one(size: int | None, path: str = "logo.png", status: str = "A", policy: Policy | None = None) -> Facts:
    content = Trees({path: b"\0"}, {path: None if size is None else b"\0" * size})
    return facts(change(path, status, binary=True), content=content, policy=policy)


@pytest.mark.parametrize(
    ("size", "measured"), [(0, "0 KiB"), (1, "1 KiB"), (1024, "1 KiB"), (1025, "2 KiB"), (LIMIT, "64 KiB")]
)
def test_small(size: int, measured: str) -> None:
    assert check(one(size), Options()) == Judgement(measured, "64 KiB")


@pytest.mark.parametrize("path", ["logo.png", "tests/data/x.bin", "docs/a.pdf", "we\udce9 ird\n.so"])
@pytest.mark.parametrize("status", ["A", "M", "R"])
def test_one_byte_too_many(path: str, status: str) -> None:
    finding = Finding("binary file of 65 KiB", path=path, hint=HINT)
    assert check(one(LIMIT + 1, path, status), Options()) == Judgement("65 KiB", "64 KiB", (finding,))


def test_what_does_not_count() -> None:
    large = b"\0" * (LIMIT + 1)
    moved = change("b.png", "R", old="a.png", binary=True, old_oid="tip:b.png", new_oid="tip:b.png")
    files = [change("a.png", "D", binary=True), moved, change("src/a.py", binary=True), change("big.txt", added=9999)]
    content = Trees({}, {"b.png": large, "src/a.py": large, "big.txt": large})
    assert check(facts(*files, content=content), Options()) == Judgement("no binary file", "64 KiB")


def test_a_size_that_is_not_known() -> None:
    unread = Finding("its content is not in this clone: how large it is is not known", path="logo.png")
    assert check(one(None), Options()) == Judgement("no binary file", "64 KiB", (), (unread,))


def test_waived_allowed_and_another_limit() -> None:
    assert judge(one(LIMIT + 1), only=["binary"]).gates[0].status == "fail"
    assert judge(waived(one(LIMIT + 1), "binary"), only=["binary"]).gates[0].status == "waived"
    for gate, status in ((GatePolicy("block", ("*.png",), Options()), "pass"),
                         (GatePolicy("block", (), Options(max=10)), "fail")):  # fmt: skip
        assert judge(one(11, policy=Policy(gates={"binary": gate})), only=["binary"]).gates[0].status == status
