"""`--format github`: workflow commands, which GitHub shows as annotations beside the lines of a pull request."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from git_hotfix.model.verdict import Finding, GateResult
from git_hotfix.model.words import counted
from git_hotfix.report.findings import by_gravity, findings_of, level_of, waiver_reasons
from git_hotfix.report.formats import Report
from git_hotfix.report.streams import safe, safe_line

Kind = Literal["error", "warning", "notice"]
Row = tuple[GateResult, Finding]
_KINDS: dict[str, Kind] = {"fail": "error", "warn": "warning", "note": "notice"}
_SHOWN = 10  # annotations of one kind that GitHub shows of one step (docs.github.com, "Limits for annotations")


def render(report: Report) -> str:
    """Errors, warnings, notices, and a summary in plain words. What is waived is a notice."""
    found: dict[Kind, list[Row]] = {"error": [], "warning": [], "notice": []}
    for gate in by_gravity(report.verdict.gates):
        for finding in findings_of(gate):
            kind = "notice" if gate.status == "waived" else _KINDS[level_of(gate, finding)]
            found[kind].append((gate, finding))
    lines = []
    for kind, rows in found.items():
        shown, rest = (rows, []) if len(rows) <= _SHOWN else _spread(rows, _SHOWN - 1)
        lines += [
            _annotation(kind, gate, finding, waiver_reasons(report.verdict.waivers, gate)) for gate, finding in shown
        ]
        if rest:
            lines.append(_rest_annotation(kind, rest))
    return "\n".join([*lines, _summary(report, found)])


def _spread(rows: list[Row], count: int) -> tuple[list[Row], list[Row]]:
    """`count` of the rows, and the rest: the first of every gate before the second of any, so that no gate hides
    behind one that found much."""
    seen: Counter[str] = Counter()
    turns = []
    for number, (gate, _) in enumerate(rows):
        turns.append((seen[gate.id], number))
        seen[gate.id] += 1
    chosen = {number for _, number in sorted(turns)[:count]}
    return (
        [row for number, row in enumerate(rows) if number in chosen],
        [row for number, row in enumerate(rows) if number not in chosen],
    )


def _annotation(kind: Kind, gate: GateResult, finding: Finding, reason: str) -> str:
    place = f"file={_property(safe_line(finding.path))}," if finding.path is not None else ""
    if finding.path is not None and finding.line:
        place += f"line={finding.line},"
    title = f"git hotfix: {gate.id}{' (waived)' if gate.status == 'waived' else ''}"
    advice = [f"because: {reason}"] if reason else [] if gate.status == "waived" else finding.hint.split("\n")
    text = "\n→ ".join([finding.message, *(line for line in advice if line)])
    return f"::{kind} {place}title={_property(title)}::{_data(safe(text))}"


def _rest_annotation(kind: Kind, rows: list[Row]) -> str:
    tally = Counter(gate.id for gate, _ in rows)
    gates = ", ".join(f"{gate} {count}" for gate, count in tally.items())
    title = counted(len(rows), f"more {kind}")
    return f"::{kind} title={_property(f'git hotfix: {title}')}::{_data(f'{title}: {gates}; git hotfix check -v')}"


def _summary(report: Report, rows_of: dict[Kind, list[Row]]) -> str:
    tally = ", ".join(counted(len(rows), kind) for kind, rows in rows_of.items() if rows)
    verdict = report.verdict
    word = "passes" if verdict.passed else f"is refused by {', '.join(gate.id for gate in verdict.refusals)}"
    # The line begins with a word of ours: a runner would obey one that begins with `::`.
    return safe_line(f"git hotfix: {report.hotfix.branch} {word}{f' ({tally})' if tally else ''}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
