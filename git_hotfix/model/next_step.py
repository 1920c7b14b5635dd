"""The command that goes on with a delivery that is left open."""

from __future__ import annotations

from git_hotfix.model.command_line import command_line
from git_hotfix.model.names import IssueId, short
from git_hotfix.model.plan import Delivery


def next_command(issue: IssueId, delivery: Delivery) -> str | None:
    """The command that opens a conflict or repeats a delivery; None where nothing is left for this target alone."""
    target = short(delivery.target.ref)
    if delivery.status == "conflict":
        return command_line("backport", issue, resolve=target)
    if delivery.unmergeable:
        return command_line("backport", issue, skip=target, reason="git cannot merge it")
    if delivery.status in ("failed", "pending", "reverted"):
        # A pull request is merged first; then one run takes all of them.
        return command_line("backport", issue) if delivery.offer else command_line("backport", issue, to=target)
    return None


def command_to_leave_out(issue: IssueId, delivery: Delivery) -> str | None:
    """The command that leaves out a target of which a human has to say whether it needs the fix; else None."""
    if not delivery.undecided and not delivery.reviewed and delivery.status != "reverted":
        return None
    reason = f"{delivery.reviewed[:10]} is the fix" if delivery.reviewed else "it needs no fix"
    return command_line("backport", issue, skip=short(delivery.target.ref), reason=reason)
