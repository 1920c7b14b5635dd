"""`--format junit`: JUnit XML, a test case a gate, for every CI server that shows tests."""

from __future__ import annotations

import html
from collections import Counter

from git_hotfix.model.command_line import command_line
from git_hotfix.model.verdict import Finding, GateResult
from git_hotfix.report.findings import findings_of, level_of, waiver_reasons
from git_hotfix.report.formats import Report
from git_hotfix.report.streams import safe, safe_line

_COUNTS = {"fail": "failures", "unknown": "errors", "waived": "skipped", "off": "skipped"}


def render(report: Report) -> str:
    """One suite, the hotfix. What refuses is a failure, what could not be judged an error, what is waived or off was
    skipped; a warning passes and says so on the test's standard output."""
    gates = report.verdict.gates
    tally = Counter(_COUNTS.get(gate.status, "") for gate in gates)
    counts = "".join(f' {name}="{tally[name]}"' for name in ("failures", "errors", "skipped"))
    head = f' tests="{len(gates)}"{counts} time="0"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="git-hotfix"{head}>',
        f'<testsuite name="{_quote(command_line("check", report.hotfix.branch))}"{head}>',
        *(line for gate in gates for line in _case(gate, waiver_reasons(report.verdict.waivers, gate))),
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines)


def _case(gate: GateResult, reason: str) -> list[str]:
    found = findings_of(gate) if gate.status not in ("pass", "off") else []
    text = "\n".join(line for finding in found for line in _finding_lines(gate, finding))
    inside = []
    if gate.status in ("fail", "unknown"):
        word = "failure" if gate.status == "fail" else "error"
        more = sum(finding.level == "fail" for finding in found) - 1
        message = _place(found[0]) + found[0].message + (f" (and {more} more)" if more else "")
        inside.append(f'<{word} message="{_quote(message)}" type="{gate.severity}">{_text(text)}</{word}>')
    elif gate.status in ("waived", "off"):
        message = f"waived: {reason}" if reason else gate.status
        inside.append(f'<skipped message="{_quote(message)}"/>')
    if text and gate.status in ("warn", "waived"):
        inside.append(f"<system-out>{_text(text)}</system-out>")
    return [f'<testcase classname="git-hotfix" name="{_quote(gate.id)}" time="0">', *inside, "</testcase>"]


def _finding_lines(gate: GateResult, finding: Finding) -> list[str]:
    hints = [] if gate.status == "waived" else [f"  → {line}" for line in finding.hint.split("\n") if line]
    return [f"{level_of(gate, finding)}: {_place(finding)}{finding.message}", *hints]


def _place(finding: Finding) -> str:
    if finding.path is None:
        return ""
    return f"{safe_line(finding.path)}:{finding.line}: " if finding.line else f"{safe_line(finding.path)}: "


def _text(text: str) -> str:
    """`text` between two tags: only characters of XML 1.0 (2.2), all of them in ASCII."""
    return (
        "".join(map(_allow_in_xml, html.escape(safe(text), quote=False))).encode("ascii", "xmlcharrefreplace").decode()
    )


def _quote(text: str) -> str:
    """`text` inside double quotes, where a newline that is not escaped becomes a blank."""
    return _text(text).replace('"', "&quot;").replace("\n", "&#10;")


def _allow_in_xml(letter: str) -> str:
    # What `safe` leaves of Unicode is allowed but for these two; that there are no others is tested.
    return f"\\u{ord(letter):04x}" if letter in "\ufffe\uffff" else letter
