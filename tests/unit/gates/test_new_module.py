"""new-module: what is new on production, and what only looks so."""

from __future__ import annotations

import pytest
from gate_facts import change, facts, waived

from git_hotfix.gates import judge
from git_hotfix.gates.new_module import Options, check
from git_hotfix.model.change import FileChange
from git_hotfix.model.verdict import Finding, GateResult, Judgement

HINT = "fix it in a file that production has, or record why: git hotfix waive new-module --reason …"
PASSED = Judgement("0 new", "0 new")


@pytest.mark.parametrize(
    "file",
    [
        change("src/a.py"),
        change("src/a.py", "D"),
        change("src/b.py", "R", old="src/a.py"),
        change("tests/test_a.py", "A"),
        change("docs/conf.py", "A"),
        change("vendor/x/a.go", "A"),
        change("static/a.min.js", "A"),
        change("data/a.json", "A"),
        change("migrations/1.sql", "A"),
        change("libs/thing.py", "A", new_mode="160000"),
    ],
    ids=lambda file: f"{file.status} {file.path}",
)
def test_no_new_module(file: FileChange) -> None:
    assert check(facts(file), Options()) == PASSED


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        (change("src/a.py", "A"), "source file"),
        (change("src/A.PY", "A"), "source file"),
        (change("src/new/__init__.py", "A"), "package"),
        (change("src/b.ts", "C", old="src/a.ts"), "source file"),
        (change("src/helper.py", "R", old="tests/helper.py"), "source file"),
        (change("Dockerfile", "A"), "source file"),
        (change("bin/deploy", "A", new_mode="100755"), "source file"),
        (change("src/link.py", "A", new_mode="120000"), "source file"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.path,
)
def test_new_module(file: FileChange, kind: str) -> None:
    finding = Finding(f"new {kind}", path=file.path, hint=HINT)
    assert check(facts(file), Options()) == Judgement("1 new", "0 new", (finding,))


def test_new_module_waived() -> None:
    result = GateResult(
        "new-module", "block", "waived", "1 new", "0 new", (Finding("new source file", path="a.py", hint=HINT),),
        waived_by=("4711-W1",),
    )  # fmt: skip
    assert judge(waived(facts(change("a.py", "A")), "new-module"), only=["new-module"]).gates == (result,)


def test_the_endings_are_an_option() -> None:
    assert check(facts(change("a.py", "A")), Options(suffixes=(".sql",))) == PASSED
    assert check(facts(change("a.sql", "A")), Options(suffixes=(".sql",))).level == "fail"
