"""type-hints: what a fix may not take away, and where it may leave none out."""

from __future__ import annotations

from typing import Any

import pytest
from gate_facts import between, waived

from git_hotfix.gates import judge
from git_hotfix.gates.type_hints import GATE, Options
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding

HINT = "write the hints, or record why not: git hotfix waive type-hints --reason …"
HINTED = "".join(f"def f{n}(a: int) -> int:\n    return a + {n}\n\n\n" for n in range(4))
BARE = "def old(a):\n    return a\n"


def found(base: str, tip: str, **options: Any) -> list[tuple[str, str]]:
    facts = between({"src/a.py": base.encode()}, {"src/a.py": tip.encode()})
    return [(each.level, each.message) for each in GATE.check(facts, Options(**options)).findings]


def test_a_change_that_has_its_hints() -> None:
    judgement = GATE.check(
        between({"a.py": HINTED.encode()}, {"a.py": HINTED.replace("+ 1", "+ 10").encode()}), Options()
    )
    assert (judgement.level, judgement.measured, judgement.limit, judgement.findings) == (
        "pass",
        "0 missing",
        "0 missing",
        (),
    )


def test_a_hint_that_is_dropped_is_refused_whatever_the_file_is_like() -> None:
    base = "def f(a: int, b: str) -> int:\n    return a\n" + BARE * 5
    tip = base.replace("(a: int, b: str) -> int", "(a, b: str)")
    assert found(base, tip) == [("fail", "f lost its hint for a, return")]


def test_a_parameter_that_is_gone_takes_its_hint_along() -> None:
    assert found("def f(a: int, b: int) -> int: ...\n", "def f(a: int) -> int: ...\n") == []


@pytest.mark.parametrize(("hinted", "level"), [(4, "fail"), (3, None)])
def test_a_changed_function_at_the_limit_of_80_percent(hinted: int, level: str | None) -> None:
    base = "".join(f"def f{n}(a: int) -> int: ...\n" for n in range(hinted)) + "".join(
        f"def g{n}(a): ...\n" for n in range(5 - hinted)
    )
    tip = base.replace("def g0(a): ...", "def g0(a): pass")
    assert found(base, tip) == ([(level, "g0 has no hint for a, return")] if level else [])


def test_a_new_function_is_refused_in_an_annotated_file_and_warned_of_elsewhere() -> None:
    new = "\n\ndef new(self, x):\n    return x\n"
    assert found(HINTED, HINTED + new) == [("fail", "new has no hint for return, self, x")]
    assert found(BARE, BARE + new) == [("warn", "new has no hint for return, self, x")]
    assert found("", new) == [("warn", "new has no hint for return, self, x")]


@pytest.mark.parametrize(
    ("mode", "findings"),
    [
        ("ratchet", [("warn", "new has no hint for return")]),
        ("new", [("fail", "new has no hint for return")]),
        ("strict", [("fail", "old has no hint for a, return"), ("fail", "new has no hint for return")]),
    ],
)
def test_the_modes(mode: str, findings: list[tuple[str, str]]) -> None:
    assert found(BARE, BARE.replace("return a", "return a + 1") + "def new(): ...\n", mode=mode) == findings


def test_blanks_comments_and_lines_that_moved_are_no_change() -> None:
    base = HINTED + BARE
    assert found(base, "import os\n\n\n" + base.replace("def old(a):\n", "def old(a):  # as ever\n\n")) == []


def test_methods_overloads_and_names_of_every_kind() -> None:
    text = (
        "class A:\n    def __init__(self, a: int): ...\n    @staticmethod\n    def s(a: int) -> int: ...\n"
        "    @property\n    def p(self) -> int: ...\n    @p.setter\n    def p(self, v: int) -> None: ...\n"
        "    async def k(self, *a: int, b: int = 1, **c: int) -> int: ...\n"
    )
    assert found("", text) == []
    assert found(text, text.replace("v: int", "v")) == [("fail", "A.p lost its hint for v")]
    assert found(text, text.replace("**c: int", "**c")) == [("fail", "A.k lost its hint for **c")]


def test_many_names_are_counted() -> None:
    assert found("", "def f(a, b, c, d, e): ...\n") == [("warn", "f has no hint for a, b, c and 3 others")]


def test_what_is_not_looked_at() -> None:
    facts = between({}, {"tests/test_a.py": BARE.encode(), "a.js": b"function f(a) {}", "docs/a.py": BARE.encode()})
    assert GATE.check(facts, Options()).findings == ()


def test_newer_syntax_than_this_python_has_is_said() -> None:
    judgement = GATE.check(between({"a.py": b""}, {"a.py": b"def f(:\n"}), Options())
    assert (judgement.level, judgement.unread) == (
        "unknown",
        (Finding("this Python cannot parse it; its hints were not looked at", "a.py"),),
    )


def test_python_2_is_a_note_because_the_fix_did_not_hide_anything_by_it() -> None:
    judgement = GATE.check(between({"a.py": b"print 1\n"}, {"a.py": b"print 2\n"}), Options())
    said = "this Python could not parse it before the fix either; its hints were not looked at"
    assert (judgement.level, judgement.unread) == ("pass", ())
    assert judgement.findings == (Finding(said, "a.py", level="note"),)


def test_a_base_that_does_not_parse_does_not_stop_the_fix_that_mends_it() -> None:
    assert found("def f(:\n", "def f(a: int) -> int: ...\n") == []


def dropped() -> Facts:
    return between({"a.py": b"def f(a: int) -> int: ...\n"}, {"a.py": b"def f(a) -> int: ...\n"})


def test_waived_and_allowed() -> None:
    (result,) = judge(dropped(), only=["type-hints"]).gates
    assert (result.severity, result.status) == ("block", "fail")
    assert result.findings == (Finding("f lost its hint for a", "a.py", 1, HINT),)
    assert judge(waived(dropped(), "type-hints"), only=["type-hints"]).gates[0].status == "waived"
    policy = Policy(gates={"type-hints": GatePolicy("block", ("a.py",), Options())})
    allowed = between({"a.py": b"def f(a: int): ...\n"}, {"a.py": b"def f(a): ...\n"}, policy=policy)
    assert judge(allowed, only=["type-hints"]).gates[0].status == "pass"
