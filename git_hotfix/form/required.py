"""Which answers are still open that a step needs, and what is said of them."""

from __future__ import annotations

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.model.command_line import command_line
from git_hotfix.model.form import Field, Step, required_fields
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.policy import Policy
from git_hotfix.record.statements import Statements, read_statements

_NAMED = 5  # fields that a line names


def open_fields(policy: Policy, hotfix: Hotfix, said: Statements, step: Step) -> tuple[Field, ...]:
    """The fields that `step` needs at the hotfix's severity, and that nobody answered."""
    return tuple(each for each in required_fields(policy, hotfix.severity, step) if not said.value(each.id))


def say_open(policy: Policy, hotfix: Hotfix, said: Statements, step: Step) -> str:
    """How many of the answers that `step` needs are open, and the command that answers them; "" for none."""
    missing = open_fields(policy, hotfix, said, step)
    if not missing:
        return ""
    needed = len(required_fields(policy, hotfix.severity, step))
    # Only what refuses without an answer needs it.
    wants = "needs" if step == "close" or policy.form.refuse else "asks for"
    return f"{len(missing)} of {needed} answers that {step} {wants} are open: {edit_command(hotfix)}"


def say_next_open(policy: Policy, hotfix: Hotfix) -> str:
    """`say_open` of the step that comes next to an open hotfix: close where all is said that finish needs."""
    said = read_statements(hotfix.logbook)
    return say_open(policy, hotfix, said, "finish") or say_open(policy, hotfix, said, "close")


def open_for_finish(policy: Policy, hotfix: Hotfix) -> str:
    """What `finish` tells of open answers and goes on: nothing where nobody answered anything, because most teams
    have no form, and where the policy has `finish` refuse."""
    said = read_statements(hotfix.logbook)
    return say_open(policy, hotfix, said, "finish") if said.answers and not policy.form.refuse else ""


def refusal(policy: Policy, hotfix: Hotfix, command: str) -> Failure | None:
    """Where the policy wants the form answered first (`form.refuse`): why `command` refuses (exit 1) while an answer
    that `finish` needs is open; else None."""
    missing = open_fields(policy, hotfix, read_statements(hotfix.logbook), "finish") if policy.form.refuse else ()
    if not missing:
        return None
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    names = ", ".join(each.id for each in missing[:_NAMED])
    return Failure(
        f"{command} needs answers that nobody gave yet: {names}{more}",
        hint=f"{edit_command(hotfix)}\nthis is set on the production branch: [form] refuse = true",
        code=ExitCode.REFUSED,
    )


def edit_command(hotfix: Hotfix) -> str:
    """The command that answers, wherever it is typed."""
    return command_line("edit", issue=hotfix.issue)
