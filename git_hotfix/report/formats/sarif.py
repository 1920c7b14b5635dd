"""`--format sarif`: SARIF 2.1.0 (OASIS Standard with errata 01), for code scanning."""

from __future__ import annotations

import json
from typing import Any

from git_hotfix.errors import ExitCode
from git_hotfix.model.verdict import Finding, GateResult
from git_hotfix.report.findings import by_gravity, findings_of, fingerprints, level_of, waiver_reasons
from git_hotfix.report.formats import Report, Rule
from git_hotfix.report.places import place_of, uri
from git_hotfix.report.streams import safe, safe_line

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "%SRCROOT%"  # the name that SARIF's appendix and its viewers use for the root of the repository
_LEVELS = {"fail": "error", "warn": "warning", "note": "note"}
_SEVERITIES = {"block": "error", "warn": "warning", "off": "warning"}


def render(report: Report) -> str:
    """One run: its rules are the gates, its results the findings; what is waived is a suppressed result."""
    found = [(gate, each) for gate in by_gravity(report.verdict.gates) for each in findings_of(gate)]
    prints = fingerprints(found)
    run = {
        "tool": {"driver": _driver(report)},
        "originalUriBaseIds": {_ROOT: {"description": {"text": "the root of the repository"}}},
        "invocations": [
            {
                # A refusal is an answer, not a failure of the tool.
                "executionSuccessful": report.code in (ExitCode.DONE, ExitCode.REFUSED),
                "exitCode": int(report.code),
            }
        ],
        "results": [_result(report, *row, mark) for row, mark in zip(found, prints, strict=True)],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=True)


def _driver(report: Report) -> dict[str, Any]:
    version = {"version": report.version} if report.version else {}
    return {"name": "git-hotfix", **version, "rules": [_rule(rule) for rule in report.rules]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": safe(rule.summary)},
        "help": {"text": f"limits and severity: [gates.{rule.id}] in .git-hotfix.toml on the production branch"},
        "defaultConfiguration": {"enabled": rule.severity != "off", "level": _SEVERITIES[rule.severity]},
    }


def _result(report: Report, gate: GateResult, finding: Finding, mark: str) -> dict[str, Any]:
    ids = [rule.id for rule in report.rules]
    path, line = place_of(report.verdict, finding)
    text = "\n→ ".join([finding.message, *(hint for hint in finding.hint.split("\n") if hint)])
    return {
        "ruleId": gate.id,
        **({"ruleIndex": ids.index(gate.id)} if gate.id in ids else {}),
        "level": _LEVELS[level_of(gate, finding)],
        "message": {"text": safe(text)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(path), "uriBaseId": _ROOT},
                    "region": {"startLine": line},
                }
            }
        ],
        "partialFingerprints": {"gitHotfix/v1": mark},
        # All results have the list or none has it (3.27.23); an empty one says that nothing is suppressed.
        "suppressions": [_suppression(report, gate)] if gate.status == "waived" else [],
    }


def _suppression(report: Report, gate: GateResult) -> dict[str, Any]:
    reason = waiver_reasons(report.verdict.waivers, gate) or "waived"
    return {"kind": "external", "status": "accepted", "justification": safe_line(reason)}
