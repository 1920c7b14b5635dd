"""Packages of one repository that are released by tags of their own: which live, and which one a tag is of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_hotfix.model import patterns
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import TagName
from git_hotfix.model.policy import DAY, Package, Policy
from git_hotfix.model.versions import Rank, package_word, parse

ALIVE = 365 * DAY  # seconds before the newest release; a package that was not released since is asked for by --package


@frozen
class Releases:
    """The releases of one package on production: the newest tag, and the dates (seconds) and versions between which all
    lie."""

    newest: TagName
    first: int
    last: int
    lowest: Rank
    highest: Rank


def package_of(tag: TagName, policy: Policy) -> str | None:
    """The package that `tag` is a release of: by the policy's `[packages]`, else by the word before its version, ""
    for the repository's own; None where it is not a version."""
    for name, package in policy.packages.items():
        if patterns.tags(package.tags)(tag):
            return name
    version = parse(tag)
    return package_word(version.prefix).strip("/") if version else None


def is_same(one: TagName | None, other: TagName | None, policy: Policy) -> bool:
    """Whether two tags are releases of one package; where one is not a version nobody can tell."""
    if not one or not other:
        return True
    first, second = package_of(one, policy), package_of(other, policy)
    return first is None or second is None or first == second


def known(policy: Policy, words: Sequence[str]) -> Mapping[str, Package]:
    """The packages and their paths: those of the policy, else one folder for each word that tags begin with."""
    if policy.packages or len(words) < 2:
        return policy.packages
    return {word: Package(paths=(f"{word}/",)) for word in words if word}


def alive(found: Mapping[str, Releases], policy: Policy) -> list[str]:
    """The packages that a hotfix may be meant for, by name.

    A package that was not released for a year is left alone, and so is a name that was given up: where tags of the
    repository's own go on counting where a word's tags ended, or the other way round, and the two never lived together.
    """
    newest = max((each.last for each in found.values()), default=0)
    living = {name: each for name, each in found.items() if name in policy.packages or newest - each.last <= ALIVE}
    own = living.get("")
    if own and "" not in policy.packages:
        for name, each in list(living.items()):
            before, after = sorted((own, each), key=lambda releases: releases.last)
            renamed = before.last < after.first and before.highest < after.lowest
            if name and name not in policy.packages and renamed:
                living.pop("" if before is own else name, None)
    return sorted(living)
