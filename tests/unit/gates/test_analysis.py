"""analysis, and what becomes of a gate that could not read everything."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gate_facts import between, waived

from git_hotfix.errors import Failure
from git_hotfix.gates import analysis as analysis_gate
from git_hotfix.gates import judge, max_files, registry
from git_hotfix.gates.analysis import Options
from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy, Policy
from git_hotfix.model.verdict import Finding, GateResult, Judgement

BASE = {"package.json": b'{"dependencies": {"left-pad": "1"}}'}
BROKEN = {"package.json": b"{"}
ONLY = ["new-dependency", "analysis"]
HINT = "correct or split it, or look at it yourself and record that: git hotfix waive analysis --reason …"


def statuses(result: tuple[GateResult, ...]) -> dict[str, str]:
    return {gate.id: gate.status for gate in result}


def analysis(severity: str) -> Policy:
    return Policy(gates={"analysis": GatePolicy(severity, (), Options())})  # type: ignore[arg-type]


def test_everything_was_read() -> None:
    verdict = judge(between(BASE, {"package.json": BASE["package.json"] + b"\n"}), only=ONLY)
    assert verdict.gates[1] == GateResult("analysis", "block", "pass", "all read", "all read")


def test_what_was_not_read_is_a_finding_of_its_own_and_never_a_pass() -> None:
    gate, found = judge(between(BASE, BROKEN), only=ONLY).gates
    assert (gate.id, gate.status, gate.findings) == ("new-dependency", "unknown", ())
    assert (found.status, found.measured) == ("fail", "1 not read")
    assert [(each.path, each.hint) for each in found.findings] == [("package.json", HINT)]
    assert "cannot be read" in found.findings[0].message


def test_asked_alone_it_asks_the_others() -> None:
    verdict = judge(between(BASE, BROKEN), only=["analysis"])
    assert statuses(verdict.gates) == {"analysis": "fail"}
    assert not verdict.passed


def test_a_gate_that_is_asked_alone_does_not_pass() -> None:
    verdict = judge(between(BASE, BROKEN), only=["new-dependency"])
    assert statuses(verdict.gates) == {"new-dependency": "unknown"}
    assert not verdict.passed


def test_waived() -> None:
    verdict = judge(waived(between(BASE, BROKEN), "analysis"), only=ONLY)
    assert statuses(verdict.gates) == {"new-dependency": "waived", "analysis": "waived"}
    assert verdict.passed


@pytest.mark.parametrize(("severity", "status"), [("warn", "warn"), ("off", "off")])
def test_a_team_that_only_wants_to_be_told(severity: str, status: str) -> None:
    verdict = judge(between(BASE, BROKEN, policy=analysis(severity)), only=ONLY)
    assert statuses(verdict.gates) == {"new-dependency": "warn", "analysis": status}
    assert verdict.passed


def test_a_path_that_policy_allows_is_not_reported() -> None:
    policy = Policy(gates={"analysis": GatePolicy("block", ("package.json",), Options())})
    assert statuses(judge(between(BASE, BROKEN, policy=policy), only=ONLY).gates) == {
        "new-dependency": "warn",
        "analysis": "pass",
    }


def test_no_waiver_of_the_gate_itself_stands_for_one_of_what_was_not_read() -> None:
    verdict = judge(waived(between(BASE, BROKEN), "new-dependency"), only=ONLY)
    assert statuses(verdict.gates) == {"new-dependency": "waived", "analysis": "fail"}


def test_findings_of_a_gate_that_only_warns_are_warnings() -> None:
    policy = Policy(gates={"max-files": GatePolicy("warn", (), max_files.Options(max=0, warn=0))})
    (result,) = judge(between({}, {"a.py": b""}, policy=policy), only=["max-files"]).gates
    assert [(each.message, each.level) for each in result.findings] == [
        ("1 production file changed", "warn"),
        ("+0 -0", "note"),
    ]
    assert result.status == "warn"
    assert isinstance(result.findings[0], Finding)


def broken(error: Exception, *, waivable: bool) -> Gate:
    def check(facts: Facts, options: object) -> Judgement:
        raise error

    return Gate("broken", "a bug", check, NoOptions, waivable=waivable)


def test_a_bug_in_a_gate_blocks_and_can_be_waived(monkeypatch: pytest.MonkeyPatch) -> None:
    found = (broken(KeyError("x"), waivable=True), analysis_gate.GATE)
    monkeypatch.setattr(registry, "all_gates", lambda: found)
    first, second = judge(between({}, {})).gates
    assert (first.status, second.status) == ("unknown", "fail")
    assert second.findings[0].message.startswith("broken could not judge: a bug in git-hotfix (KeyError in ")
    assert judge(waived(between({}, {}), "analysis")).passed


def test_a_bug_where_nothing_is_waived_and_an_error_of_git_end_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    for error, waivable in ((KeyError("x"), False), (Failure("git failed"), True)):
        found = (broken(error, waivable=waivable),)
        monkeypatch.setattr(registry, "all_gates", lambda found=found: found)
        with pytest.raises(type(error)):
            judge(between({}, {}))


def test_what_a_gate_that_only_warns_could_not_read_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    gate = replace(broken(KeyError("x"), waivable=True), severity="warn")
    monkeypatch.setattr(registry, "all_gates", lambda: (gate, analysis_gate.GATE))
    verdict = judge(between({}, {}))
    assert statuses(verdict.gates) == {"broken": "warn", "analysis": "warn"}
    assert [each.level for each in verdict.gates[1].findings] == ["warn"]
