"""logging: off by default; asked for, a fix has to log."""

from __future__ import annotations

import pytest
from gate_facts import between, waived

from git_hotfix.gates import judge
from git_hotfix.gates.logging import GATE, Options
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding

HINT = "log the problem where the fix handles it, so that tomorrow you can count how often it was needed"


def fix(path: str, line: str, policy: Policy | None = None) -> Facts:
    return between({path: b"one\n"}, {path: b"one\n" + line.encode() + b"\n"}, policy=policy)


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.py", 'logger.warning("no user %s", id)'), ("a.py", "logging.error(x)"), ("a.py", "self._log.info(x)"),
        ("a.js", "console.error(e)"), ("a.go", 'log.Printf("x")'), ("a.rs", 'tracing::warn!("x")'),
        ("a.php", "error_log($x);"), ("a.sh", 'logger "fell over"'), ("A.java", 'LOG.warn("x");'),
        ("a.swift", 'NSLog("x")'), ("a.kt", 'Timber.e("x")'), ("a.py", "audit_log.info(x)"),
    ],
)  # fmt: skip
def test_a_line_that_logs(path: str, line: str) -> None:
    judgement = GATE.check(fix(path, line), Options())
    assert (judgement.level, judgement.measured, judgement.limit) == ("pass", "1 line", "1 line")


@pytest.mark.parametrize("line", ["x = 1", "catalog.find(x)", "login(user)", "# log it", "logs = []", "dialog.show()"])
def test_a_line_that_does_not(line: str) -> None:
    judgement = GATE.check(fix("a.py", line), Options())
    assert judgement.findings == (Finding("the fix logs nothing", "a.py", hint=HINT),)


def test_a_fix_without_source_and_one_that_removes_a_line() -> None:
    assert GATE.check(fix("config.yaml", "x: 1"), Options()).level == "pass"
    assert GATE.check(between({"a.py": b"log.info(1)\nx\n"}, {"a.py": b"x\n"}), Options()).level == "fail"


def test_off_then_warned_of_then_refused_then_waived() -> None:
    def status(policy: Policy | None) -> str:
        return judge(fix("a.py", "x = 1", policy), only=["logging"]).gates[0].status

    assert status(None) == "off"
    assert status(Policy(gates={"logging": GatePolicy("warn", (), Options())})) == "warn"
    blocking = Policy(gates={"logging": GatePolicy("block", (), Options())})
    assert status(blocking) == "fail"
    assert judge(waived(fix("a.py", "x = 1", blocking), "logging"), only=["logging"]).gates[0].status == "waived"
