"""`--format gitlab`: GitLab's code quality report, which it shows in the merge request."""

from __future__ import annotations

import json
from typing import Any

from git_hotfix.model.verdict import Finding, GateResult
from git_hotfix.report.findings import by_gravity, findings_of, fingerprints, level_of, waiver_reasons
from git_hotfix.report.formats import Report
from git_hotfix.report.places import place_of, printable_path
from git_hotfix.report.streams import safe

_SEVERITIES = {"fail": "blocker", "warn": "minor", "note": "info"}


def render(report: Report) -> str:
    """One issue for each finding. What is waived is an info that gives the reason."""
    found = [(gate, each) for gate in by_gravity(report.verdict.gates) for each in findings_of(gate)]
    prints = fingerprints(found)
    issues = [_issue(report, *row, mark) for row, mark in zip(found, prints, strict=True)]
    return json.dumps(issues, ensure_ascii=True)


def _issue(report: Report, gate: GateResult, finding: Finding, mark: str) -> dict[str, Any]:
    path, line = place_of(report.verdict, finding)
    waived = gate.status == "waived"
    reason = waiver_reasons(report.verdict.waivers, gate)
    advice = (f"waived because: {reason}" if reason else "waived") if waived else finding.hint
    return {
        "description": safe(finding.message) + (" (waived)" if waived else ""),
        "check_name": gate.id,
        **({"content": {"body": safe(advice)}} if advice else {}),
        "fingerprint": mark,
        "severity": "info" if waived else _SEVERITIES[level_of(gate, finding)],
        "location": {"path": printable_path(path), "lines": {"begin": line}},
    }
