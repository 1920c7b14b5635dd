"""A verdict in lines for people: what refuses comes first, what passes is counted, each finding says what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from git_hotfix.model.approvals import Waiver
from git_hotfix.model.verdict import Finding, GateResult, Verdict
from git_hotfix.model.words import counted
from git_hotfix.report.findings import by_gravity, findings_of, level_of, waiver_reasons
from git_hotfix.report.layout import Line, columns, cut, fold, table
from git_hotfix.report.streams import safe_line

_FEW = 3  # gates that pass are rows like the others up to here; more are one line
_CELL = 24  # columns of a limit or a measure; with the longest names of gates the table is 79 wide
_FINDINGS = 10  # of one gate; more are counted
_NOTES = 3
_MESSAGE = 500  # columns; more is what a gate quotes from a file
_MORE = "git hotfix check -v"


def gate_table(verdict: Verdict, *, width: int | None = None, verbose: bool = False) -> list[Line]:
    """Gate, limit, measured, verdict: a row for each gate that is worth a look, a line for all that pass, as long as
    the terminal is wide."""
    gates = by_gravity(verdict.gates)
    passing = [gate for gate in gates if gate.status == "pass"]
    off = [gate for gate in gates if gate.status == "off"]
    counts = not verbose and len(passing) > _FEW
    hidden = {"off"} if not verbose else set()
    rows = [gate for gate in gates if gate.status not in hidden | ({"pass"} if counts else set())]
    lines: list[Line] = []
    if rows:
        cells = [(gate.id, _cell(gate.limit), _cell(gate.measured), gate.status) for gate in rows]
        lines += table(("gate", "limit", "measured", "verdict"), cells)
    if counts:
        lines.append(((_gate_names(passing, "gate passes", "gates pass", width), ""),))
    if off and hidden:
        lines.append(((_gate_names(off, "gate is off", "gates are off", width), "dim"),))
    return lines


def _cell(text: str) -> str:
    return cut(safe_line(text), _CELL)


def _gate_names(gates: Sequence[GateResult], one: str, many: str, width: int | None) -> str:
    """How many gates, and the names of as many as there is room for in `width` columns; the others are counted."""
    names = [gate.id for gate in gates]
    start = f"{counted(len(gates), one, many)}: "
    for count in range(len(names), 0, -1):
        more = f" and {len(names) - count} more" if count < len(names) else ""
        text = start + ", ".join(names[:count]) + more
        if width is None or columns(text) <= width:
            return text
    return start.rstrip(": ")


def gate_blocks(
    gates: Iterable[GateResult], waivers: Sequence[Waiver] = (), *, width: int | None = None, verbose: bool = False
) -> list[list[Line]]:
    """What each gate found, for those that refuse, warn or are waived; with `verbose` for those that pass, too."""
    shown = [gate for gate in by_gravity(gates) if gate.status not in ("pass", "off") or (verbose and gate.findings)]
    return [_block(gate, waiver_reasons(waivers, gate), width, verbose=verbose) for gate in shown]


def _block(gate: GateResult, reason: str, width: int | None, *, verbose: bool) -> list[Line]:
    """The findings of one gate, and what to do about each; what to do is said once, and not where it is waived."""
    found = findings_of(gate)
    shown = found if verbose else _findings_to_show(gate, found)
    groups: dict[str, list[Finding]] = {}
    for finding in shown:
        hint = "" if gate.status == "waived" or (finding.level == "note" and not verbose) else finding.hint
        groups.setdefault(hint, []).append(finding)
    times = Counter(part for hint in groups for part in _parts(hint))
    lines: list[Line] = []
    for hint, members in groups.items():
        for finding in members:
            lines += _finding(gate, finding, width, first=not lines, verbose=verbose)
        for line in hint.split("\n"):
            own = ", ".join(part for part in _ways(line) if times[part] == 1)
            lines += _indent("→ ", own, width) if own else []
    for part in (part for part, count in times.items() if count > 1):
        lines += _indent("→ ", part, width)
    if reason:
        lines += _indent("because: ", reason if verbose else cut(reason, _MESSAGE), width)
    if len(shown) < len(found):
        lines.append(((f"  … {_count_the_rest(found, shown)}: {_MORE}", "dim"),))
    return lines


def _parts(hint: str) -> list[str]:
    return list(dict.fromkeys(part for line in hint.split("\n") for part in _ways(line)))


def _ways(line: str) -> list[str]:
    """What to do, and the other way out that many hints end in: `…, or record why: git hotfix waive …`."""
    own, comma, way = line.rpartition(", or ")
    return [own, f"or {way}"] if comma and ": git " in way else [line] if line else []


def _findings_to_show(gate: GateResult, findings: list[Finding]) -> list[Finding]:
    if gate.status == "waived":
        return findings[:1]
    grave = [finding for finding in findings if finding.level != "note"]
    return [*grave[:_FINDINGS], *[finding for finding in findings if finding.level == "note"][:_NOTES]]


def _count_the_rest(findings: Sequence[Finding], shown: Sequence[Finding]) -> str:
    notes = sum(each.level == "note" for each in findings) - sum(each.level == "note" for each in shown)
    grave = len(findings) - len(shown) - notes
    parts = [counted(grave, "more finding", "more findings") if grave else "", _notes(notes) if notes else ""]
    return ", ".join(part for part in parts if part)


def _notes(count: int) -> str:
    return counted(count, "more note", "more notes")


def _finding(gate: GateResult, finding: Finding, width: int | None, *, first: bool, verbose: bool) -> list[Line]:
    """`fail max-lines: …` for the first one of a gate, `  - …` for the others, which say when they are less grave.

    No line begins with a word of the repository: a runner of GitHub obeys a line that begins with `::`.
    """
    text = _where(finding) + (safe_line(finding.message) if verbose else cut(safe_line(finding.message), _MESSAGE))
    level = level_of(gate, finding)
    head: Line
    if first:
        lead = f"{gate.status} {gate.id}: "
        head = ((gate.status, gate.status), (f" {gate.id}: ", ""))
    else:
        less = level == "note" or (level == "warn" and gate.status in ("fail", "unknown"))
        lead = f"  - {level}: " if less else "  - "
        head = ((lead, ""),)
    rows = fold(text, width, lead=len(lead), indent=4)
    return [(*head, (rows[0], "")), *(((row, ""),) for row in rows[1:])]


def _where(finding: Finding) -> str:
    if finding.path is None:
        return ""
    path = safe_line(finding.path)
    return f"{path}:{finding.line}  " if finding.line else f"{path}  "


def _indent(lead: str, text: str, width: int | None) -> list[Line]:
    rows = fold(safe_line(text), width, lead=2 + len(lead), indent=4)
    return [((f"  {lead}{rows[0]}", ""),), *(((row, ""),) for row in rows[1:])]
