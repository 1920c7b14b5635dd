"""What a server refuses a push for, told by its own words, and what answers that."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

from git_hotfix.model.command_line import command_line
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName, short
from git_hotfix.model.plan import Delivery

Rule = Literal["message", "linear", "name", "tag", "protected", "unknown"]
"""A pattern of commit messages, no merge commits, a pattern of branch names, a protected tag, no direct push to a
branch; unknown: none of these words."""

# The words of GitHub (GH006, GH013), GitLab, Bitbucket, Azure (TF402455), Gerrit and Gitea. What the push brings is
# asked first: GitHub says "Protected branch update failed" of these rules, too.
_RULES: Mapping[Rule, str] = {
    "linear": r"must not contain merge commits|linear history|merge commits? (?:is|are) not allowed",
    "message": r"commit message|message of (?:the )?commit|commit subject",
    "name": r"branch name|creations being restricted|name of the branch|create this branch",
    "tag": r"protected tag|create this tag|\btag\b.*\bprotected|tag name",
    "protected": r"pull request|merge request|protected|not allowed to push|no direct push|TF402455|"
    r"prohibited by Gerrit|not permitted|not authorized to push|approving review|status check",
}
# What receive-pack and the hook machinery add, which says nothing that the reason does not.
_NOISE = re.compile(r"^error: hook declined to update ")


def rule_of(lines: Sequence[str]) -> Rule:
    """The rule that `lines` of a server speak of."""
    text = "\n".join(lines)
    return next((rule for rule, words in _RULES.items() if re.search(words, text, re.IGNORECASE)), "unknown")


def lines_about(words: str, ref: RefName, others: Collection[RefName]) -> tuple[str, ...]:
    """The lines of `words`, which a server said of one push, that may be about `ref`: those that name another reference
    of the same push, and not this one, are that one's."""
    lines = [line for line in words.splitlines() if not _NOISE.match(line)]
    elsewhere = [name for name in others if name != ref]
    return tuple(line for line in lines if _names(line, [ref]) or not _names(line, elsewhere))


def _names(line: str, refs: Collection[RefName]) -> bool:
    found = set(re.split(r"[\s'\"`:,()<>]+", line))
    found |= {word.rstrip(".") for word in found}
    return any(ref in found or short(ref) in found for ref in refs)


def named_commits(lines: Sequence[str], commits: Sequence[Oid]) -> list[Oid]:
    """Those of `commits` that the server names, in full or by the seven digits at least that people write."""
    words = {word for line in lines for word in re.findall(r"[0-9a-f]{7,64}", line)}
    return [commit for commit in commits if any(commit.startswith(word) for word in words)]


def production_answers(
    rule: Rule, production: BranchName, issue: IssueId, *, own: Sequence[Oid] = (), base: str = ""
) -> tuple[str, ...]:
    """What answers the refusal of production, but for the pull request. `own` are commits of the fix itself that the
    server names, above the tag `base`."""
    if rule == "message" and own:
        names = ", ".join(commit[:10] for commit in own)
        return (f"it means the fix's own {names}; give it another message: git rebase -i {shlex.quote(base)}",)
    if rule == "message":
        return (f"if it means the message of the merge: messages.merge in the policy on {production}",)
    if rule == "linear":
        return (
            f"without a merge commit: {command_line('finish', issue, strategy='fast-forward')}, or squash",
            f"for every hotfix: production.strategy in the policy on {production}",
        )
    return ()


def target_answers(delivery: Delivery, production: BranchName, remote: str) -> tuple[str, ...]:
    """What answers the refusal of a target, and of the branch of its pull request."""
    branch, found = delivery.target.branch, list[str]()
    rule = rule_of([line for ref, line in delivery.said if ref == delivery.target.ref])
    if rule == "message" and delivery.strategy == "merge":
        found.append(f"if it means the message of the merge: messages.merge in the policy on {production}")
    if rule == "linear" and delivery.strategy == "merge":
        table = f'[backport.branches."{branch}"]'
        found.append(f'without a merge commit: {table} strategy = "cherry-pick", in the policy on {production}')
    offered = [line for ref, line in delivery.said if ref != delivery.target.ref]
    if delivery.status == "failed" and delivery.refused:  # the branch of its pull request, too
        if rule_of(offered) == "name":
            found.append(f"a name that the server takes: backport.offer-prefix in the policy on {production}")
        if delivery.new:
            push = f"git push {shlex.quote(remote)} {delivery.new[:12]}:refs/heads/<name>"
            found.append(f"or by hand, with a name that the server takes, and a pull request into {branch}: {push}")
    return tuple(found)
