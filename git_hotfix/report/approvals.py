"""Waivers and approvals as people read them, and as programs do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from git_hotfix.model.approvals import Approval, Waiver, mail_of
from git_hotfix.model.words import one_line
from git_hotfix.report.layout import cut

_LONGEST = 500  # columns of what people typed; JSON and the logbook have all of it


def waiver_line(waiver: Waiver) -> str:
    """One line on a waiver: of what, whose, why, and whether it holds."""
    what = " ".join(waiver.gates) or "nothing"
    head = cut(one_line(f"waiver {waiver.id}: {what}, by {name_of(waiver.who)}: {waiver.reason}"), _LONGEST)
    if not waiver.holds:
        return f"{head}; it does not hold: {one_line(waiver.why)}"
    agreed = f"; approved by {', '.join(map(name_of, waiver.approved))}" if waiver.approved else ""
    return head + cut(one_line(agreed), _LONGEST) + (f"; {one_line(waiver.why)}" if waiver.why else "")


def approval_line(approval: Approval) -> str:
    """One line on an approval: whose, as what, of what, and whether it counts."""
    role = f" ({approval.role})" if approval.role else ""
    covers = f", with {' '.join(approval.waivers)}" if approval.waivers else ""
    if approval.counted:
        return cut(one_line(f"approved by {name_of(approval.who)}{role}{covers}"), _LONGEST)
    head = cut(one_line(f"approval by {name_of(approval.who)}{role}{covers}"), _LONGEST)
    return f"{head} does not count: {cut(one_line(approval.why), _LONGEST)}"


def name_of(who: str) -> str:
    """`Ada` of `Ada <ada@example.org>`: an address is nobody's business where reports are shown."""
    return who.partition(" <")[0] or who


def worth_telling(approvals: Iterable[Approval]) -> list[Approval]:
    """The approvals that are worth a line: those that count, and of everybody else the last."""
    last: dict[str, Approval] = {}
    for approval in approvals:
        known = last.get(mail_of(approval.who))
        if known is None or approval.counted or not known.counted:
            last[mail_of(approval.who)] = approval
    return list(last.values())


def waiver(subject: Waiver) -> dict[str, Any]:
    """A waiver in JSON."""
    return {
        "id": subject.id,
        "type": "gate",
        "gates": list(subject.gates),
        "reason": subject.reason,
        "who": subject.who,
        "when": subject.when,
        "tree": subject.tree,
        "holds": subject.holds,
        "why": subject.why,
        "approved_by": list(subject.approved),
        "withdrawn": subject.withdrawn,
    }


def approval(subject: Approval) -> dict[str, Any]:
    """An approval in JSON."""
    return {
        "id": subject.id,
        "role": subject.role,
        "who": subject.who,
        "when": subject.when,
        "tree": subject.tree,
        "waivers": list(subject.waivers),
        "counted": subject.counted,
        "why": subject.why,
    }
