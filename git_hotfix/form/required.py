"""Which answers are still open that a step needs."""

from __future__ import annotations

from git_hotfix.model.form import Field, Step, required_fields
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.policy import Policy
from git_hotfix.record.statements import Statements


def open_fields(policy: Policy, hotfix: Hotfix, said: Statements, step: Step) -> tuple[Field, ...]:
    """The fields that `step` needs at the hotfix's severity, and that nobody answered."""
    return tuple(each for each in required_fields(policy, hotfix.severity, step) if not said.value(each.id))
