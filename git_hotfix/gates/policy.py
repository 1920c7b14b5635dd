"""policy: the limits that judge this hotfix are the ones that the team wrote."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.policy import PolicyProblem
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted


@frozen
class Options:
    """`[gates.policy]` has no options of its own."""


def check(facts: Facts, options: Options) -> Judgement:
    """Report the mistakes in the policy: a setting that could not be used fails, an unknown key warns."""
    problems = facts.problems
    measured, limit = counted(len(problems), "problem"), "0 problems"
    return Judgement(measured, limit, tuple(map(_finding, problems)))


def _finding(problem: PolicyProblem) -> Finding:
    path, line, hint = problem.file or None, problem.line or None, _hint(fatal=problem.fatal)
    return Finding(problem.message, path, line, hint, level="fail" if problem.fatal else "warn")


def _hint(*, fatal: bool) -> str:
    if not fatal:
        return "correct the policy on the production branch; git hotfix doctor checks it"
    return (
        "the default holds here; correct the policy on the production branch, "
        "or go on: git hotfix waive policy --reason …"
    )


GATE = Gate("policy", "a policy that can be read", check, Options, order=80)
