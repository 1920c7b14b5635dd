"""The follow-ups of a hotfix: those that people stated, and those that it brings with it, whoever forgot to write them
down. One that somebody stated takes the place of the one of its kind."""

from __future__ import annotations

from git_hotfix.model.actions import Action, read_actions
from git_hotfix.model.times import utc_day
from git_hotfix.record.statements import Statements

POST_MORTEM_WITHIN = 24 * 3600
"""Seconds from the end of an incident to its post-mortem: playbook, 10."""


def follow_ups(
    statements: Statements, *, untested: bool, ended: int | None, finisher: str, written: bool = False
) -> tuple[Action, ...]:
    """All follow-ups, the stated ones first.

    `untested` says that the gate `tests` refused or was waived, `ended` when the incident was over (seconds since the
    epoch), `finisher` who finished the hotfix, `written` that its post-mortem stands on develop or production.
    """
    stated = read_actions(statements.value("actions"))
    due = "" if ended is None else utc_day(ended + POST_MORTEM_WITHIN)
    state = "done" if written else ""
    brought = [Action("Write the post-mortem", "review", "24h", finisher, due, state=state)]
    if statements.value("temporary").partition(":")[0].strip().lower() == "yes":
        brought.append(Action("Replace the temporary fix", "mitigate", "sprint"))
    if untested:
        brought.append(Action("Add a test of the fix", "test", "24h"))
    kinds = {action.kind for action in stated}
    return (*stated, *(action for action in brought if action.kind not in kinds))
