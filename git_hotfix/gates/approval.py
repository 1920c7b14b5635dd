"""approval: where the policy wants it, somebody who has no hand in the fix has agreed to it."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.approvals import add_up
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import Approvals
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted, one_line


@frozen
class Options:
    """`[gates.approval]` has no options of its own: `[approvals]` says how many a fix needs, as what, and which do."""


def check(facts: Facts, options: Options) -> Judgement:
    """Count the people who approved the code as it is. Production waits for them; before that it is only said."""
    rule, issue = facts.policy.approvals, facts.hotfix.issue
    given = add_up(facts.approvals, rule.required, rule.roles)
    few = counted(rule.required, "approval")
    measured, limit = counted(given.people, "approval"), few if rule.required or not rule.roles else "1 approval"
    limit += f", as {', '.join(rule.roles)}" if rule.roles else ""
    findings = []
    if given.people < rule.required:
        message = f"{facts.hotfix.production} takes this fix with {few}, and it has {given.people}"
        findings.append(_finding(facts, message, f"{_who(rule)} runs: {command_line('approve', issue)}"))
    for role in given.lacking:
        message = f"{facts.hotfix.production} takes this fix with an approval as {one_line(role)}, and it has none"
        command = command_line("approve", issue, role=one_line(role))
        findings.append(_finding(facts, message, f"{_who(rule)} runs: {command}"))
    return Judgement(measured, limit, tuple(findings))


def _finding(facts: Facts, message: str, hint: str) -> Finding:
    if facts.at_production:
        return Finding(message, hint=hint)
    return Finding(message, hint=hint, level="warn", before_finish=hint)


def _who(rule: Approvals) -> str:
    if rule.signed:
        return f"somebody who has no hand in it, and whose key {rule.signers} on production lists,"
    return "somebody who has no hand in it"


GATE = Gate("approval", "approved by others, where the policy wants it", check, Options, order=88)
