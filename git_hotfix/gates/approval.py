"""approval: where the policy wants it, somebody who has no hand in the fix has agreed to it."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import Approvals
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted


@frozen
class Options:
    """`[gates.approval]` has no options of its own: `[approvals]` says how many a fix needs, and which count."""


def check(facts: Facts, options: Options) -> Judgement:
    """Count the people who approved the code as it is. Production waits for them; before that it is only said."""
    rule, issue = facts.policy.approvals, facts.hotfix.issue
    given = sum(approval.counted and not approval.again for approval in facts.approvals)
    measured, limit = counted(given, "approval"), counted(rule.required, "approval")
    if given >= rule.required:
        return Judgement(measured, limit)
    message = f"{facts.hotfix.production} takes this fix with {limit}, and it has {given}"
    hint = f"{_who(rule)} runs: git hotfix approve {issue}"
    if facts.at_production:
        return Judgement(measured, limit, (Finding(message, hint=hint),))
    return Judgement(measured, limit, (Finding(message, hint=hint, level="warn", before_finish=hint),))


def _who(rule: Approvals) -> str:
    if rule.signed:
        return f"somebody who has no hand in it, and whose key {rule.signers} on production lists,"
    return "somebody who has no hand in it"


GATE = Gate("approval", "approved by others, where the policy wants it", check, Options, order=88)
