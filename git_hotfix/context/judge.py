"""The verdict on a hotfix, with the policy that it was read from."""

from __future__ import annotations

from git_hotfix import gates
from git_hotfix.context import Context
from git_hotfix.hotfix.facts import facts_of
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.verdict import Verdict


def judge_hotfix(
    context: Context, subject: Hotfix, *, only: tuple[str, ...] = (), at_production: bool = False
) -> Verdict:
    """The verdict on `subject`, with the policy that it was read from."""
    facts = facts_of(context.git, context.snapshot, subject, at_production=at_production)
    verdict = gates.judge(facts, only=only)
    snapshot = context.snapshot
    return replace(
        verdict,
        policy_commit=snapshot.policy_commit,
        policy_file=snapshot.policy_file,
        policy_from=snapshot.policy_from,
    )
