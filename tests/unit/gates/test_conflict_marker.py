"""conflict-marker: merges that were not finished, and titles that only look so."""

from __future__ import annotations

import pytest
from gate_facts import Trees, between, change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.conflict_marker import check
from git_hotfix.gates.registry import NoOptions
from git_hotfix.model.lines import LINES
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, Judgement

HINT = "solve the conflict; if the text is about conflicts: git hotfix waive conflict-marker --reason …"
PASSED = Judgement("0 markers", "0 markers")
OURS, BASE, MIDDLE, THEIRS = (sign * 7 for sign in "<|=>")
CONFLICT = f"a\n{OURS} HEAD\nb\n{MIDDLE}\nc\n{THEIRS} fix\nd\n"


def one(message: str, path: str, line: int, count: int) -> Judgement:
    noun = "marker" if count == 1 else "markers"
    return Judgement(f"{count} {noun}", "0 markers", (Finding(message, path, line, HINT),))


@pytest.mark.parametrize(
    "text",
    [
        "x = 1\n",
        f"Title\n{MIDDLE}\n",
        f"{MIDDLE}\nTitle\n{MIDDLE}\n\n>>> 1 + 1\n>>> 2\n",
        f"{OURS}\n",
        f"{OURS}HEAD\n",
        f" {OURS} HEAD\n",
        f"x {THEIRS} fix\n",
        f"{OURS}< HEAD\n",
        "cat <<<<<< EOF\n",
        "",
    ],
)
@pytest.mark.parametrize("path", ["src/a.py", "docs/a.rst", "README.md"])
def test_no_marker(text: str, path: str) -> None:
    assert check(between({}, {path: text.encode()}), NoOptions()) == PASSED


@pytest.mark.parametrize("path", ["src/a.py", "tests/a.py", "docs/a.rst", "vendor/a.js", "caf\udce9\nx"])
def test_a_whole_conflict(path: str) -> None:
    for text in (CONFLICT, CONFLICT.replace("\n", "\r\n")):
        given = between({path: b"a\nd\n"}, {path: text.encode()})
        assert check(given, NoOptions()) == one("3 conflict markers, the first here", path, 2, 3)


@pytest.mark.parametrize("marker", [f"{OURS} HEAD", f"{BASE} merged common ancestors", f"{THEIRS} fix"])
def test_one_that_was_left(marker: str) -> None:
    given = between({"a.py": b"1\n2\n"}, {"a.py": f"1\n{marker}\n2\n".encode()})
    assert check(given, NoOptions()) == one("conflict marker", "a.py", 2, 1)


def test_what_stood_there_before_is_no_business_of_the_fix() -> None:
    assert check(between({"a": CONFLICT.encode()}, {"a": (CONFLICT + "x\n").encode()}), NoOptions()) == PASSED
    assert check(between({"a": CONFLICT.encode()}, {}), NoOptions()) == PASSED


def test_a_nul_byte_or_two_bytes_a_letter_hide_nothing() -> None:
    for content in (b"\0\n" + CONFLICT.encode(), CONFLICT.encode("utf-16-le")):
        assert check(between({}, {"a.ps1": content}), NoOptions()).level == "fail"


def test_what_is_too_large_is_not_read_and_said() -> None:
    big = change("big.csv", "A", added=LINES + 1)
    small = change("a.py", "A", added=7)
    given = facts(big, small, content=Trees({}, {"a.py": CONFLICT.encode(), "big.csv": CONFLICT.encode()}))
    unread = Finding("not read for its 200001 lines: the hotfix changes more than 200,000", "big.csv")
    expected = one("3 conflict markers, the first here", "a.py", 2, 3)
    assert check(given, NoOptions()) == Judgement(expected.measured, expected.limit, expected.findings, (unread,))
    exactly = facts(change("big.csv", "A", added=LINES), content=Trees({}, {"big.csv": b"x\n"}))
    assert check(exactly, NoOptions()) == PASSED


def test_pictures_are_not_read() -> None:
    large = b"\0" + CONFLICT.encode() + bytes(range(128, 256)) * 8_000
    assert check(between({}, {"a.png": large}), NoOptions()) == PASSED
    assert check(between({}, {"a.py": large}), NoOptions()).level == "fail"
    text = b"\0" + CONFLICT.encode() + b"x" * 1_000_000
    assert check(between({}, {"a.yml": text}), NoOptions()).level == "fail"


def test_waived_and_allowed() -> None:
    given = between({}, {"a.py": CONFLICT.encode()})
    assert judge(given, only=["conflict-marker"]).gates[0].status == "fail"
    assert judge(waived(given, "conflict-marker"), only=["conflict-marker"]).gates[0].status == "waived"
    policy = Policy(gates={"conflict-marker": GatePolicy("block", ("docs/",), NoOptions())})
    told = between({}, {"docs/merging.rst": CONFLICT.encode()}, policy=policy)
    assert judge(told, only=["conflict-marker"]).gates[0].status == "pass"
