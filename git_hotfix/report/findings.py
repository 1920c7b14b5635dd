"""What every format shows of a verdict: the gates in the order of their gravity, the findings of each, and a
fingerprint that stays the same from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from git_hotfix.model.approvals import Waiver
from git_hotfix.model.verdict import Finding, GateResult, Level
from git_hotfix.report.approvals import name_of

_RANKS = {"fail": 0, "unknown": 0, "warn": 1, "waived": 2, "pass": 3, "off": 4}
_LEVELS: tuple[Level, ...] = ("fail", "warn", "note")
# What a gate that is not content has to have at least; one that only says so by its status gets a finding of its own.
_EXPECTED: dict[str, tuple[Level, ...]] = {
    "fail": ("fail",), "unknown": ("fail",), "warn": ("fail", "warn"), "waived": _LEVELS,
}  # fmt: skip
_NUMBERS = r"\b[0-9a-f]{7,64}\b|[0-9]+"  # ids of commits, and what counts something


def by_gravity(gates: Iterable[GateResult]) -> list[GateResult]:
    """Those that refuse first, then warnings, waived ones, and those that pass or are off."""
    return sorted(gates, key=lambda gate: _RANKS[gate.status])


def findings_of(gate: GateResult) -> list[Finding]:
    """The findings of a gate, the gravest first; one that refuses, warns or is waived has at least one."""
    found = sorted(gate.findings, key=lambda finding: _LEVELS.index(finding.level))
    expected = _EXPECTED.get(gate.status)
    if expected and not any(finding.level in expected for finding in found):
        level: Level = "warn" if gate.status == "warn" else "fail"
        found.insert(0, Finding(_status_finding(gate), level=level))
    return found


def level_of(gate: GateResult, finding: Finding) -> Level:
    """How grave a finding is under its gate's status: what only warns has no failure."""
    return "warn" if gate.status == "warn" and finding.level == "fail" else finding.level


def _status_finding(gate: GateResult) -> str:
    if gate.status == "fail":
        return f"measured {gate.measured or 'nothing'}, limit {gate.limit or 'none'}"
    return "not checked: something it needs could not be read (see analysis)"


def waiver_reasons(waivers: Iterable[Waiver], gate: GateResult) -> str:
    """Why a gate was waived: the reason, which waiver, whose, and who approved it; "" where nobody recorded one."""
    return "; ".join(_waiver_in_words(waiver) for waiver in waivers if waiver.id in gate.waived_by)


def _waiver_in_words(waiver: Waiver) -> str:
    approved = f", approved by {', '.join(map(name_of, waiver.approved))}" if waiver.approved else ""
    return f"{' '.join(waiver.reason.split())} ({waiver.id}, {name_of(waiver.who)}{approved})"


def fingerprints(rows: Sequence[tuple[GateResult, Finding]]) -> list[str]:
    """One for each finding, 32 hexadecimal digits, no two the same.

    Made of the gate, the path and the message, of which numbers and commit ids are left out: it stays the same when
    lines move and when a count or a version changes. Findings that are alike in all three are told apart by their
    place among each other.
    """
    import hashlib  # only formats for machines pay for it

    seen: dict[tuple[str, str, str], int] = {}
    made = []
    for gate, finding in rows:
        key = (gate.id, finding.path or "", re.sub(_NUMBERS, "#", finding.message))
        seen[key] = seen.get(key, 0) + 1
        text = "\0".join((*key, str(seen[key])))
        made.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32])
    return made
