"""What a gate is, how the gates are found, and how their judgements become a verdict."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

from git_hotfix.model import patterns
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import GatePolicy
from git_hotfix.model.verdict import GateResult, Judgement, Verdict


@dataclass(frozen=True)
class Gate:
    """One check of a hotfix.

    `options` is a frozen dataclass whose fields, defaults and `metadata["doc"]` are the gate's settings in
    `[gates.<id>]`; `check` is pure. `order` sorts the table that people read.
    """

    id: str
    summary: str
    check: Callable[[Facts, Any], Judgement]
    options: type
    severity: Literal["block", "warn", "off"] = "block"
    waivable: bool = True
    order: int = 50


@lru_cache(maxsize=1)
def all_gates() -> tuple[Gate, ...]:
    """Every gate, found by its file being in this package; in reading order."""
    import git_hotfix.gates as package

    modules = (
        importlib.import_module(f"{package.__name__}.{info.name}") for info in pkgutil.iter_modules(package.__path__)
    )
    gates = [module.GATE for module in modules if hasattr(module, "GATE")]
    return tuple(sorted(gates, key=lambda gate: (gate.order, gate.id)))


def judge(facts: Facts, *, only: Collection[str] = ()) -> Verdict:
    """The verdict of all gates (of those in `only`, where given) under the policy and the waivers of `facts`.

    The findings on paths that the policy's `allow` patterns of a gate match are left to the gate, which skips them.
    """
    waived = {
        gate
        for entry in facts.hotfix.logbook.waivers(facts.hotfix.tip_tree)
        for gate in entry.facts.get("Gates", "").split()
    }
    results = tuple(
        _result(gate, facts, waived=gate.id in waived) for gate in all_gates() if not only or gate.id in only
    )
    return Verdict(gates=results)


def _result(gate: Gate, facts: Facts, *, waived: bool) -> GateResult:
    policy = facts.policy.gates.get(gate.id) or default_policy(gate)
    # A gate that may never be waived may not be switched off either: both are the same hole.
    severity = policy.severity if gate.waivable else gate.severity
    if severity == "off":
        return GateResult(gate.id, "warn", "off")
    allowed = patterns.paths(policy.allow)
    if policy.allow:
        # Both names have to be allowed: moving a file must not take it out of sight.
        files = tuple(file for file in facts.changes.files if not (allowed(file.path) and allowed(file.old_path)))
        facts = replace(facts, changes=replace(facts.changes, files=files))
    judgement = gate.check(facts, policy.options)
    status = judgement.level
    if status in ("fail", "unknown") and severity == "warn":
        status = "warn"
    if status in ("fail", "unknown") and waived and gate.waivable:
        return _as_result(gate, severity, "waived", judgement)
    return _as_result(gate, severity, status, judgement)


def _as_result(gate: Gate, severity: Any, status: Any, judgement: Judgement) -> GateResult:
    return GateResult(gate.id, severity, status, judgement.measured, judgement.limit, judgement.findings)


def default_policy(gate: Gate) -> GatePolicy:
    """The policy of a gate of which no policy speaks."""
    return GatePolicy(severity=gate.severity, allow=(), options=gate.options())
