"""Literal reports for the tests of formats: one verdict that has everything, and small ones."""

from __future__ import annotations

from dataclasses import replace

from gate_facts import HOTFIX as CHECKED

from git_hotfix.errors import ExitCode
from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import Oid
from git_hotfix.model.verdict import Finding, GateResult, Verdict
from git_hotfix.report.formats import Report, Rule

TREE = Oid("7" * 40)
WAIVER = Waiver("4711-W1", ("max-lines",), "three copies of one bug", "Ada <ada@example.org>", 1_700_000_000, TREE)
HOTFIX = replace(CHECKED, title="Checkout fails", severity="P0")
WAIVE = "or record why: git hotfix waive new-dependency --reason …"
DEPENDENCIES = GateResult(
    "new-dependency",
    "block",
    "fail",
    "2 new",
    "0 new",
    (
        Finding("new dependency left-pad 1.3", "package.json", 7, f"fix it without left-pad, {WAIVE}"),
        Finding("new dependency requests", "src/ä b:c/requirements.txt", None, f"fix it without requests, {WAIVE}"),
        Finding("new development dependency mocha", "package.json", 9, level="warn"),
    ),
)
FILES = GateResult(
    "max-files",
    "block",
    "warn",
    "6 files",
    "10 files",
    (
        Finding("6 production files changed", hint="move what the fix does not need to its own branch", level="warn"),
        *(Finding(f"+{number} -0", f"src/{number}.py", level="note") for number in range(1, 7)),
    ),
)
LINES = GateResult(
    "max-lines",
    "block",
    "waived",
    "320 lines",
    "200 lines",
    (Finding("320 production lines changed"),),
    (WAIVER.id,),
)
UNKNOWN = GateResult("type-hints", "block", "unknown", "not known", "0 dropped")
OFF = GateResult("logging", "warn", "off")
BASE = GateResult("base", "block", "pass", "v1.4.2", "v1.4.2")
GATES = (BASE, FILES, LINES, DEPENDENCIES, UNKNOWN, OFF)
RULES = tuple(Rule(gate.id, f"about {gate.id}", gate.severity) for gate in GATES)


def report(
    *gates: GateResult, hotfix: Hotfix = HOTFIX, waiver: Waiver = WAIVER, approvals: tuple[Approval, ...] = ()
) -> Report:
    """A report on these gates, under a policy that stands on production."""
    verdict = Verdict(gates, Oid("a" * 40), ".git-hotfix.toml", waivers=(waiver,), approvals=approvals)
    code = ExitCode.DONE if verdict.passed else ExitCode.REFUSED
    return Report(hotfix, verdict, code, RULES, "1.2.3", "git hotfix finish 4711")


def passing(*names: str) -> tuple[GateResult, ...]:
    """Gates that pass."""
    return tuple(replace(BASE, id=name) for name in names)


def failing(finding: Finding, *more: Finding) -> GateResult:
    """A gate that refuses."""
    return GateResult("secret", "block", "fail", "1 secret", "0 secrets", (finding, *more))
