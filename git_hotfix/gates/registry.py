"""What a gate is, how the gates are found, and how their judgements become a verdict."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from git_hotfix.errors import Failure
from git_hotfix.gates.imported_files import imported_files
from git_hotfix.model import patterns
from git_hotfix.model.approvals import Waiver
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.package_files import module_names
from git_hotfix.model.policy import GatePolicy
from git_hotfix.model.verdict import Finding, GateResult, Judgement, Severity, Status, Verdict
from git_hotfix.policy.parse import Registry

_WAIVE = "git hotfix waive analysis --reason …"


@frozen
class Gate:
    """One check of a hotfix.

    `options` is a `frozen` class whose fields, defaults and `metadata["doc"]` are the gate's settings in
    `[gates.<id>]`; `check` is pure. `order` sorts the table that people read. One that `sums_up` is judged after the
    others, and told what these could not read.
    """

    id: str
    summary: str
    check: Callable[[Facts, Any], Judgement]
    options: type
    severity: Severity = "block"
    waivable: bool = True
    order: int = 50
    sums_up: bool = False


@frozen
class NoOptions:
    """`[gates.<id>]` has no options of its own."""  # one class for all such gates: making one costs 0.3 ms


@lru_cache(maxsize=1)
def all_gates() -> tuple[Gate, ...]:
    """Every gate, found by its file being in this package; in reading order."""
    import git_hotfix.gates as package

    modules = (
        importlib.import_module(f"{package.__name__}.{name}") for name in module_names(package.__path__, packages=True)
    )
    gates = [module.GATE for module in modules if hasattr(module, "GATE")]
    return tuple(sorted(gates, key=lambda gate: (gate.order, gate.id)))


class _Schema(Mapping[str, tuple[type, Severity]]):
    """The settings of all gates, which are imported when a policy speaks of one: that takes 25 ms."""

    def __getitem__(self, id: str) -> tuple[type, Severity]:
        return _settings()[id]

    def __iter__(self) -> Iterator[str]:
        return iter(_settings())

    def __len__(self) -> int:
        return len(_settings())


@lru_cache(maxsize=1)
def _settings() -> Registry:
    return {gate.id: (gate.options, gate.severity) for gate in all_gates()}


def gate_schema() -> Registry:
    """The settings that a policy may hold for each gate."""
    return _Schema()


def judge(facts: Facts, *, only: Collection[str] = ()) -> Verdict:
    """The verdict of all gates (of those in `only`, where given) under the policy and the waivers of `facts`.

    What a gate could not read is judged by the gate that sums up: waived or only warned of there, it refuses nowhere.
    """
    chosen = [gate for gate in all_gates() if not only or gate.id in only]
    facts = replace(facts, imported=imported_files(facts))
    results: dict[str, GateResult] = {}
    unread: dict[tuple[str | None, str], Finding] = {}
    for gate in all_gates() if any(gate.sums_up for gate in chosen) else chosen:
        if not gate.sums_up:
            results[gate.id], missed = _judge_one(gate, facts)
            for finding in missed:  # several gates read the same file; the one that blocks counts
                if finding.level == "fail" or (finding.path, finding.message) not in unread:
                    unread[finding.path, finding.message] = finding
    told = replace(facts, unread=tuple(unread.values()))
    sums = [gate for gate in all_gates() if gate.sums_up]
    for gate in sums:
        results[gate.id], _ = _judge_one(gate, told)
    summed = [results[gate.id] for gate in sums]
    return Verdict(
        gates=tuple(_follow_sums(results[gate.id], summed) for gate in chosen),
        waivers=tuple(_without_locked_gates(waiver, facts) for waiver in facts.waivers),
        approvals=facts.approvals,
    )


def _follow_sums(result: GateResult, sums: Sequence[GateResult]) -> GateResult:
    """A gate that could not read everything follows the one that reports what was not read."""
    if result.status != "unknown" or any(each.status == "fail" for each in sums):
        return result
    waived = [each for each in sums if each.status == "waived"]
    if not waived:
        return replace(result, status="warn")
    return replace(result, status="waived", waived_by=tuple(id for each in waived for id in each.waived_by))


def _judge_one(gate: Gate, facts: Facts) -> tuple[GateResult, tuple[Finding, ...]]:
    policy = facts.policy.gates.get(gate.id) or default_policy(gate)
    # A gate that may never be waived may not be switched off either: both are the same hole.
    severity = policy.severity if gate.waivable else gate.severity
    if severity == "off":
        return GateResult(gate.id, "warn", "off"), ()
    judgement = _check(gate, _without_allowed_files(facts, policy), policy.options)
    status: Status = judgement.level
    findings, unread = judgement.findings, judgement.unread
    if severity == "warn":
        status = "warn" if status in ("fail", "unknown") else status
        findings, unread = (
            tuple(
                replace(each, level="warn" if each.level == "fail" else each.level, before_finish="") for each in some
            )
            for some in (findings, unread)
        )
    waived_by: tuple[str, ...] = ()
    if any(each.before_finish for each in findings) and _is_waived(gate, facts):
        findings = tuple(replace(each, before_finish="") for each in findings)
    if status in ("fail", "unknown"):
        waivers = [waiver for waiver in facts.waivers if gate.id in waiver.gates]
        may = _is_waivable(gate, facts)
        waived_by = tuple(waiver.id for waiver in waivers if waiver.holds and may)
        status = "waived" if waived_by else status
        findings += () if waived_by else tuple(_why_no_effect(gate, waiver, may=may) for waiver in waivers[-1:])
    result = GateResult(gate.id, severity, status, judgement.measured, judgement.limit, findings, waived_by)
    return result, unread


def _is_waived(gate: Gate, facts: Facts) -> bool:
    return _is_waivable(gate, facts) and any(waiver.holds and gate.id in waiver.gates for waiver in facts.waivers)


def _is_waivable(gate: Gate, facts: Facts) -> bool:
    return gate.waivable and (facts.policy.gates.get(gate.id) or default_policy(gate)).waivable


def _why_no_effect(gate: Gate, waiver: Waiver, *, may: bool) -> Finding:
    """Why a waiver does not let a gate pass that refuses: who recorded it has to know."""
    if not may:
        return Finding(f"{waiver.id} has no effect: the policy does not allow a waiver of {gate.id}", level="warn")
    return Finding(f"{waiver.id} waives this, but {waiver.why}", hint=waiver.hint, level="warn")


def _without_locked_gates(waiver: Waiver, facts: Facts) -> Waiver:
    """A waiver without the gates that nobody may waive; one that is left with none does not hold."""
    locked = [gate.id for gate in all_gates() if gate.id in waiver.gates and not _is_waivable(gate, facts)]
    if not locked:
        return waiver
    gates = tuple(id for id in waiver.gates if id not in locked)
    why = f"nobody may waive {' '.join(locked)}"
    if gates:
        return replace(waiver, gates=gates, why=f"{waiver.why}; {why}" if waiver.why else why)
    return replace(waiver, holds=False, why=why, hint="")


def _check(gate: Gate, facts: Facts, options: object) -> Judgement:
    """The gate's judgement. A bug in it is something that was not read: it blocks, and can be waived at three in the
    morning, which a traceback cannot. Git's own errors, and a bug in a gate that is never waived, end the run."""
    try:
        return gate.check(facts, options)
    except Failure:
        raise
    except Exception as error:
        if not gate.waivable:
            raise
        import traceback

        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{type(error).__name__} in {frame.filename.rpartition('git_hotfix/')[2]}:{frame.lineno}"
        message = f"{gate.id} could not judge: a bug in git-hotfix ({where})"
        return Judgement("not known", unread=(Finding(message, hint=f"report it, or go on: {_WAIVE}"),))


def _without_allowed_files(facts: Facts, policy: GatePolicy) -> Facts:
    """The facts without the files that the policy's `allow` patterns of this gate let pass."""
    if not policy.allow:
        return facts
    allowed = patterns.paths(policy.allow)
    # Both names have to be allowed: moving a file must not take it out of sight.
    files = tuple(file for file in facts.changes.files if not (allowed(file.path) and allowed(file.old_path)))
    unread = tuple(each for each in facts.unread if not (each.path and allowed(each.path)))
    return replace(facts, changes=replace(facts.changes, files=files), unread=unread)


def default_policy(gate: Gate) -> GatePolicy:
    """The policy of a gate of which no policy speaks."""
    return GatePolicy(severity=gate.severity, allow=(), options=gate.options())
