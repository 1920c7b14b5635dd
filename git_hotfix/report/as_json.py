"""JSON for programs: one object a command, `{"schema": 1, …}` (DESIGN, "Output contract")."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from git_hotfix.errors import ExitCode
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import RefName, branch_ref
from git_hotfix.model.redact import without_secrets
from git_hotfix.model.verdict import Finding, GateResult, Verdict
from git_hotfix.report import approvals
from git_hotfix.report.places import path_bytes

if TYPE_CHECKING:  # check shows no outcome and need not pay for its values
    from git_hotfix.model.plan import Conflict, Delivery, FloatingTag, Offer, Outcome, TagPlan

SCHEMA = 1


def document(command: str, code: ExitCode, body: dict[str, Any]) -> str:
    """The one object that a command prints; `ok` is True for exit 0."""
    head = {"schema": SCHEMA, "command": command, "ok": code == ExitCode.DONE, "exit_code": int(code)}
    # ASCII only: no control, bidi or surrogate character reaches a terminal, and every parser reads it.
    return json.dumps({**head, **_redact(body)}, ensure_ascii=True)


def _redact(value: Any, key: str = "") -> Any:
    """`value` without secrets in its strings; paths and references stay what they are."""
    if isinstance(value, dict):
        return {name: _redact(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_redact(each, key) for each in value]
    return without_secrets(value) if isinstance(value, str) and key not in ("path", "ref") else value


def path(text: str | None, key: str = "path") -> dict[str, Any]:
    """A path; one that is not UTF-8 keeps its surrogate escapes and gets a second key with its bytes in base64."""
    if text is None:
        return {key: None}
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return {key: text, f"{key}_bytes": base64.b64encode(path_bytes(text)).decode("ascii")}
    return {key: text}


def hotfix(subject: Hotfix) -> dict[str, Any]:
    """The hotfix as `check`, `start` and `status` show it."""
    return {
        "branch": subject.branch,
        "issue": subject.issue,
        "title": subject.title,
        "severity": subject.severity,
        "production": branch_ref(subject.production),
        "base_tag": subject.base_tag,
        "tag": subject.tag,
        "base": subject.base,
        "tip": subject.tip,
    }


def verdict(subject: Verdict) -> dict[str, Any]:
    """The verdict with every gate."""
    return {
        "verdict": "pass" if subject.passed else "fail",
        "policy": {"commit": subject.policy_commit, "file": subject.policy_file, "from": subject.policy_from},
        "gates": [_gate(gate) for gate in subject.gates],
        "waivers": [approvals.waiver(waiver) for waiver in subject.waivers],
        "approvals": [approvals.approval(approval) for approval in subject.approvals],
    }


def _gate(result: GateResult) -> dict[str, Any]:
    return {
        "id": result.id,
        "severity": result.severity,
        "status": result.status,
        "waived_by": list(result.waived_by),
        "measured": result.measured,
        "limit": result.limit,
        "findings": [_finding(finding) for finding in result.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "message": finding.message,
        **path(finding.path),
        "line": finding.line,
        "hint": finding.hint,
        "level": finding.level,
    }


def outcome(subject: Outcome) -> dict[str, Any]:
    """What a finish or backport did, or would do."""
    body: dict[str, Any] = {"pushed": subject.pushed}
    if subject.tag:
        body["tag"] = _tag(subject.tag)
    if subject.production:
        landing = subject.production
        body["production"] = {"ref": landing.ref, "old": landing.old, "new": landing.new,
                              "strategy": landing.strategy}  # fmt: skip
    body["targets"] = [_delivery(each) for each in subject.deliveries]
    if subject.floating:
        body["floating"] = [_floating_tag(each) for each in subject.floating]
    body["left_out"] = [{"ref": each.ref, "why": each.why} for each in subject.left_out]
    body["pull_request"] = subject.pull_request
    body["left"] = dict(subject.left)
    body["place"] = subject.place or None
    refused = [f"finish would refuse: {subject.refused}"] if subject.refused else []
    body["notes"] = [*refused, *subject.notes]
    body["next"] = list(subject.next)
    if subject.said:
        body["server"] = _server_lines(subject.said)
    if subject.advice:
        body["advice"] = list(subject.advice)
    return body


def _delivery(delivery: Delivery) -> dict[str, Any]:
    """A target; its pull request and its tag are told only of one that has them."""
    body: dict[str, Any] = {
        "ref": delivery.target.ref,
        "tier": delivery.target.tier,
        "strategy": delivery.strategy,
        "status": delivery.status,
        "old": delivery.target.tip,
        "new": delivery.new,
        "conflicts": [_conflict(conflict) for conflict in delivery.conflicts],
        "resolved_by": delivery.resolved_by,
        "reason": delivery.reason,
    }
    if delivery.status == "not-affected":
        body["paths"] = list(delivery.paths)
        if any("path_bytes" in path(each) for each in delivery.paths):
            body["paths_bytes"] = [base64.b64encode(path_bytes(each)).decode("ascii") for each in delivery.paths]
    if delivery.copies:
        body["copies"] = [{**path(copy), "of": original} for copy, original in delivery.copies]
    if delivery.offer:
        body["pull_request"] = _offer(delivery.offer)
    if delivery.tag:
        body["tag"] = _tag(delivery.tag)
    if delivery.said:
        body["server"] = _server_lines(delivery.said)
    return body


def _server_lines(said: Sequence[tuple[RefName, str]]) -> list[dict[str, str]]:
    """The server's own lines, each with the reference that it refused."""
    return [{"ref": ref, "line": line} for ref, line in said]


def _floating_tag(tag: FloatingTag) -> dict[str, Any]:
    body: dict[str, Any] = {"name": tag.name, "old": tag.old, "new": tag.new, "tag": tag.tag}
    body |= {"status": tag.status, "reason": tag.reason}
    return body | ({"server": _server_lines(tag.said)} if tag.said else {})


def _offer(offer: Offer) -> dict[str, Any]:
    """The pull request that a delivery waits for; `opened` is False where a human opens it at `url`."""
    return {"branch": offer.ref, "url": offer.page or None, "opened": offer.opened, "draft": offer.draft}


def _tag(tag: TagPlan) -> dict[str, Any]:
    return {"name": tag.name, "target": tag.target, "oid": tag.oid}


def _conflict(conflict: Conflict) -> dict[str, Any]:
    """A path in conflict. What settled it, which of the fix's lines that left out, and with `--show` its hunks, are
    told only of one that was settled."""
    body = {**path(conflict.path), "kind": conflict.kind}
    if conflict.resolved_by:
        body["resolved_by"] = conflict.resolved_by
    if conflict.left_out:
        body["left_out"] = list(conflict.left_out)
    if conflict.shown:
        body["hunks"] = conflict.shown
    return body


def failure(command: str, code: ExitCode, message: str, unchanged: str, hint: str) -> str:
    """An expected failure as a document."""
    return document(command, code, {"error": {"message": message, "unchanged": unchanged, "hint": hint}})
