"""Which branches are hotfix branches: those whose names begin with a prefix of the team's or of this clone's."""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import HEADS, HOTFIX_PREFIX, OFFER_PREFIX, BranchName, IssueId, why_no_tag

_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


@frozen
class Prefixes:
    """The prefixes of hotfix branches, of which the first one names new branches; and those of the branches of offered
    pull requests, which are not hotfixes although `hotfix-to/develop/77` begins with `hotfix-`."""

    all: tuple[str, ...] = (HOTFIX_PREFIX,)
    offers: tuple[str, ...] = (OFFER_PREFIX,)
    folds: bool = False  # Hotfix/77 and hotfix/77 are one file here (core.ignoreCase), so both are hotfix branches

    def branch(self, issue: IssueId) -> BranchName:
        """The name of a new branch for `issue`."""
        return BranchName(self.all[0] + issue)

    def branches(self, issue: IssueId) -> tuple[BranchName, ...]:
        """Every name that the branch of `issue` could have, the one for a new branch first."""
        return tuple(BranchName(prefix + issue) for prefix in self.all)

    def issue_of(self, branch: str) -> IssueId | None:
        """The issue that a hotfix branch is named after, by the longest prefix that fits; None for any other branch."""
        name = self._fold(branch)
        fits = [each for each in self.all if name.startswith(self._fold(each)) and len(branch) > len(each)]
        best = max(fits, key=len, default="")
        if any(name.startswith(self._fold(offer)) and len(offer) > len(best) for offer in self.offers):
            return None
        return IssueId(branch[len(best) :]) if best else None

    def _fold(self, text: str) -> str:
        # Of ASCII alone, so that a prefix stays as long as it is.
        return text.translate(_LOWER) if self.folds else text

    def issue_named(self, text: str) -> IssueId:
        """The issue that somebody means by its name, by the name of its branch or by that branch's full reference."""
        name = text.removeprefix(HEADS)
        return self.issue_of(name) or IssueId(name)

    def in_subject(self, subject: str) -> IssueId | None:
        """The issue whose branch the subject of a merge names: `Merge branch 'hotfix/77' into main`."""
        for prefix in sorted(self.all, key=len, reverse=True):
            # Inside another word only "hotfix/" is plain enough: "Merge pull request #5 from fork/hotfix/77".
            before = "" if prefix.endswith("/") else r"(?<![\w.-])"
            found = re.search(rf"{before}({re.escape(prefix)}[^\s'\"]+)", subject)
            issue = self.issue_of(found.group(1)) if found else None
            if issue:
                return issue
        return None


def prefixes_of(
    policy: Iterable[str], clone: Iterable[str], git_flow: Iterable[str], offers: tuple[str, ...] = (OFFER_PREFIX,),
    *, folds: bool = False,
) -> Prefixes:  # fmt: skip
    """All prefixes that count. New branches get the clone's own, else the policy's, else git-flow's.

    A clone adds to the policy and takes nothing away, and `hotfix/` always counts: a branch that a gate has judged
    so far never stops to be a hotfix because somebody changed a setting.
    """
    team, own, flow = ([prefix for prefix in given if is_prefix(prefix)] for given in (policy, clone, git_flow))
    said = [*team, *flow] if team != [HOTFIX_PREFIX] else [*flow, *team]
    return Prefixes(tuple(dict.fromkeys([*reversed(own), *said, HOTFIX_PREFIX])), offers, folds)


def is_prefix(text: str) -> bool:
    """True for what a branch name can begin with. An empty one, which git-flow allows, would make every branch a
    hotfix."""
    return bool(text) and why_no_tag(f"{text}x") is None
