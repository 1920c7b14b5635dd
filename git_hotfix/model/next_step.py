"""The command that goes on with a delivery that is left open."""

from __future__ import annotations

import shlex

from git_hotfix.model.names import IssueId, short
from git_hotfix.model.plan import Delivery


def next_command(issue: IssueId, delivery: Delivery) -> str | None:
    """The command that opens a conflict or repeats a delivery; None where nothing is left for this target alone."""
    command = f"git hotfix backport {shlex.quote(issue)}"
    if delivery.status == "conflict":
        return f"{command} --resolve{_value(delivery)}"
    if delivery.unmergeable:
        return f"{command} --skip{_value(delivery)} --reason 'git cannot merge it'"
    if delivery.status in ("failed", "pending", "reverted"):
        # A pull request is merged first; then one run takes all of them.
        return command if delivery.offer else f"{command} --to{_value(delivery)}"
    return None


def command_to_leave_out(issue: IssueId, delivery: Delivery) -> str | None:
    """The command that leaves out a target of which a human has to say whether it needs the fix; else None."""
    if not delivery.undecided and not delivery.reviewed and delivery.status != "reverted":
        return None
    reason = f"{delivery.reviewed[:10]} is the fix" if delivery.reviewed else "it needs no fix"
    return f"git hotfix backport {shlex.quote(issue)} --skip{_value(delivery)} --reason '{reason}'"


def _value(delivery: Delivery) -> str:
    """The target as an option's value: a branch may be called like an option."""
    name = short(delivery.target.ref)
    return f"={shlex.quote(name)}" if name.startswith("-") else f" {shlex.quote(name)}"
