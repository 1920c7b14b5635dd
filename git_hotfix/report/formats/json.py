"""`--format json`: one object for programs (DESIGN, "Output contract")."""

from __future__ import annotations

from git_hotfix.report import as_json
from git_hotfix.report.formats import Report


def render(report: Report) -> str:
    """The report as `check` has always printed it."""
    body = {"hotfix": as_json.hotfix(report.hotfix), **as_json.verdict(report.verdict), "notes": list(report.notes)}
    return as_json.document("check", report.code, body)
