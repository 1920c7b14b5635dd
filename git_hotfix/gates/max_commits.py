"""max-commits: a hotfix is few commits."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted


@frozen
class Options:
    """`[gates.max-commits]`. Of 917 genuine hotfixes 75 % have at most 3 commits and 90 % at most 6."""

    max: int = field(default=5, metadata={"doc": "commits; more break the rule", "source": "p75 = 3, p90 = 6 commits"})


def check(facts: Facts, options: Options) -> Judgement:
    """Count the commits of the hotfix; merges are the business of `foreign-merge`."""
    count = sum(len(commit.parents) < 2 for commit in facts.commits)
    measured, limit = counted(count, "commit"), counted(options.max, "commit")
    if count <= options.max:
        return Judgement(measured, limit)
    base = (facts.hotfix.base or "")[:12]
    hint = (
        f"combine what is one fix: git rebase -i {base}\n"
        "or move what the fix does not need to its own branch, or record why: "
        "git hotfix waive max-commits --reason …"
    )
    return Judgement(measured, limit, (Finding(f"{count} commits", hint=hint),))


GATE = Gate("max-commits", "few commits", check, Options, severity="warn", order=22)
