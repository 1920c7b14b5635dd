"""new-type, new-function, definition-removed: what a fix defines that the base did not, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from gate_facts import between, waived

from git_hotfix.gates import definition_removed, judge, new_function, new_type
from git_hotfix.gates.registry import NoOptions
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding

Tree = Mapping[str, bytes | None]


def functions(count: int) -> bytes:
    return b"".join(b"def f%d():\n    pass\n\n\n" % number for number in range(count))


def types(base: Tree, tip: Tree) -> list[tuple[str | None, int | None, str]]:
    found = new_type.GATE.check(between(base, tip), new_type.Options()).findings
    return [(each.path, each.line, each.message) for each in found]


def removed(base: Tree, tip: Tree) -> list[tuple[str | None, str]]:
    found = definition_removed.GATE.check(between(base, tip), NoOptions()).findings
    return [(each.path, each.message) for each in found]


@pytest.mark.parametrize(
    ("path", "code", "name"),
    [
        ("a.py", "class New:\n    def f(self): ...\n", "New"), ("a.js", "class New { f() {} }\n", "New"),
        ("a.ts", "export interface New { a: string }\n", "New"), ("A.java", "class New { void f() {} }\n", "New"),
        ("a.go", "package a\n\ntype New struct{}\n", "New"), ("a.rs", "pub enum New { A }\n", "New"),
        ("a.rb", "class New\n  def f\n  end\nend\n", "New"), ("a.php", "<?php\nclass Newer {}\n", "Newer"),
        ("a.kt", "data class New(val a: Int)\n", "New"), ("a.cs", "class New { }\n", "New"),
        ("a.swift", "struct New { }\n", "New"), ("a.scala", "trait New\n", "New"), ("a.cpp", "class New { };\n", "New"),
    ],
)  # fmt: skip
def test_a_new_type_in_any_language(path: str, code: str, name: str) -> None:
    [(where, line, message)] = types({path: b"\n"}, {path: b"\n" + code.encode()})
    assert (where, message) == (path, f"new type {name}")
    assert line is not None and name in (b"\n" + code.encode()).decode().split("\n")[line - 1]


def test_an_error_may_be_new_and_a_type_in_a_type_counts_once() -> None:
    tip = b"class FetchError(Exception): ...\nclass TimeoutException: ...\nclass Cache:\n    class Entry: ...\n"
    assert types({"a.py": b""}, {"a.py": tip}) == [("a.py", 3, "new type Cache")]


def test_what_moved_to_another_file_is_neither_new_nor_gone() -> None:
    base: Tree = {"a.py": b"class A:\n    def f(self): ...\n", "b.py": b""}
    tip: Tree = {"a.py": b"\n", "b.py": b"class A:\n    def f(self): ...\n"}
    assert types(base, tip) == [] and removed(base, tip) == []


def test_tests_and_documents_are_not_looked_at() -> None:
    assert types({}, {"tests/test_a.py": b"class New: ...\n", "docs/a.py": b"class New: ...\n"}) == []


def test_a_new_type_warns_blocks_when_asked_and_is_waived() -> None:
    def fresh(policy: Policy | None = None) -> Facts:
        return between({"a.py": b""}, {"a.py": b"class New: ...\n"}, policy=policy)

    hint = "fix it with the types that are there, or record why: git hotfix waive new-type --reason …"
    (result,) = judge(fresh(), only=["new-type"]).gates
    assert (result.status, result.measured, result.limit) == ("warn", "1 new", "0 new")
    assert result.findings == (Finding("new type New", "a.py", 1, hint, "warn"),)
    blocking = Policy(gates={"new-type": GatePolicy("block", (), new_type.Options())})
    assert judge(fresh(blocking), only=["new-type"]).gates[0].status == "fail"
    assert judge(waived(fresh(blocking), "new-type"), only=["new-type"]).gates[0].status == "waived"
    exempt = Policy(gates={"new-type": GatePolicy("block", (), new_type.Options(exempt=("New",)))})
    assert judge(fresh(exempt), only=["new-type"]).gates[0].status == "pass"


@pytest.mark.parametrize(("count", "status"), [(0, "pass"), (3, "pass"), (4, "warn")])
def test_new_functions_at_the_limit(count: int, status: str) -> None:
    (result,) = judge(
        between({"a.py": b"x = 1\n"}, {"a.py": b"x = 1\n" + functions(count)}), only=["new-function"]
    ).gates
    assert (result.status, result.measured, result.limit) == (status, f"{count} new", "3 new")


def test_new_functions_are_counted_and_named() -> None:
    facts = between({"a.py": b"", "b.js": b""}, {"a.py": functions(3), "b.js": b"function g() {}\n"})
    judgement = new_function.GATE.check(facts, new_function.Options())
    assert [(each.message, each.path, each.line, each.level) for each in judgement.findings] == [
        ("4 new functions", None, None, "fail"),
        ("new: f0", "a.py", 1, "note"),
        ("new: f1", "a.py", 5, "note"),
        ("new: f2", "a.py", 9, "note"),
        ("new: g", "b.js", 1, "note"),
    ]
    policy = Policy(gates={"new-function": GatePolicy("block", (), new_function.Options(max=0))})
    blocked = between({"a.py": b""}, {"a.py": functions(1)}, policy=policy)
    assert judge(blocked, only=["new-function"]).gates[0].status == "fail"
    assert judge(waived(blocked, "new-function"), only=["new-function"]).gates[0].status == "waived"


def test_what_is_gone() -> None:
    base = b"class A:\n    def f(self): ...\n    def g(self): ...\n\ndef _old(): ...\n\ndef stays(): ...\n"
    tip = b"class A:\n    def f(self): ...\n\ndef stays(): ...\n"
    assert removed({"a.py": base}, {"a.py": tip}) == [
        ("a.py", "the function A.g was removed"),
        ("a.py", "the private function _old was removed"),
    ]
    assert removed({"a.py": base}, {}) == [
        ("a.py", "the type A was removed"),
        ("a.py", "the private function _old was removed"),
        ("a.py", "the function stays was removed"),
    ]


def test_a_removal_warns_blocks_when_asked_and_is_waived() -> None:
    policy = Policy(gates={"definition-removed": GatePolicy("block", (), NoOptions())})
    for given, status in ((None, "warn"), (policy, "fail")):
        facts = between({"a.py": functions(2)}, {"a.py": functions(1)}, policy=given)
        assert judge(facts, only=["definition-removed"]).gates[0].status == status
    assert judge(waived(facts, "definition-removed"), only=["definition-removed"]).gates[0].status == "waived"
    same = between({"a.py": functions(2)}, {"a.py": functions(2) + b"# done\n"})
    assert judge(same, only=["definition-removed"]).gates[0].status == "pass"


def test_newer_syntax_is_read_by_a_grammar_and_said() -> None:
    judgement = new_type.GATE.check(between({"a.py": b""}, {"a.py": b"class A: ...\nmatch x y\n"}), new_type.Options())
    assert [(each.level, each.message) for each in judgement.findings] == [
        ("fail", "new type A"),
        ("note", "this Python cannot parse it, its definitions were read by a grammar"),
    ]


def test_what_was_not_read_is_said_and_nothing_is_gone_for_it() -> None:
    facts = between({"a.js": b"class A {}\n"}, {"a.js": b"class A {}\n\0"})
    for gate, options in ((new_type.GATE, new_type.Options()), (definition_removed.GATE, NoOptions())):
        judgement = gate.check(facts, options)
        assert (judgement.level, judgement.findings) == ("unknown", ())
        assert [each.path for each in judgement.unread] == ["a.js"]


CLEAN, BROKEN, WORSE = b"class A {\n  f() {}\n}\n", b"class A {\n  f( {}\n}\n", b"class A {\n  f( {}\n}\nclass B {}\n"


def compared(before: bytes, after: bytes) -> tuple[list[Finding], list[Finding]]:
    judgement = new_type.GATE.check(between({"a.js": before}, {"a.js": after}), new_type.Options())
    return list(judgement.findings), list(judgement.unread)


def test_a_fix_that_does_not_parse_is_said_where_its_base_did() -> None:
    unread = [Finding("does not parse here, its definitions were not compared", "a.js", 2)]
    assert compared(CLEAN, WORSE) == ([], unread)
    assert compared(b"", WORSE) == ([], unread)


def test_what_did_not_parse_before_the_fix_is_compared_and_said() -> None:
    note = Finding(
        "did not parse before the fix, its definitions were compared as far as they could be read", "a.js", level="note"
    )
    hint = "fix it with the types that are there, or record why: git hotfix waive new-type --reason …"
    assert compared(BROKEN, WORSE) == ([Finding("new type B", "a.js", 4, hint), note], [])
    assert compared(BROKEN, CLEAN) == ([note], [])
    assert compared(CLEAN, CLEAN) == ([], [])


def test_a_base_that_was_not_read_makes_nothing_new() -> None:
    reason = "before the fix, it holds NUL bytes, its definitions were not read"
    assert compared(CLEAN + b"\0", CLEAN) == ([], [Finding(reason, "a.js")])
