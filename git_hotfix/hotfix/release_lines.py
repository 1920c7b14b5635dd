"""Which branch is production for a hotfix that starts at a chosen tag."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from git_hotfix.model import patterns, versions
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, TagName
from git_hotfix.model.snapshot import Snapshot

RELEASES = ("release/*", "releases/*")
_NO_NAMES = frozenset(("v", "r", "rel", "release", "releases", "version"))


def lines_of(
    snapshot: Snapshot, tag: Tag, ahead: Mapping[BranchName, int], forked: Collection[BranchName]
) -> tuple[BranchName, ...]:
    """The branch that is production for `tag`, of those that hold it, and behind it those that could be it as well;
    none when only features and the like hold it.

    `ahead` counts the first-parent commits of each branch that holds the tag since then; `forked` are those that left
    the production branch right behind it, so that no other production tag lies between. Production's newest tag is
    production's. An older one belongs to the support branch that was made of it; a release branch that merely comes
    after it is nobody's line, unless production does not hold the tag at all. A branch that is named after another
    version than the tag's, as release-1.5 for v1.4.2, is its line only where nothing else holds the tag.
    """
    newest = snapshot.newest_tag
    if snapshot.production in ahead and newest and newest.commit == tag.commit:
        return (snapshot.production,)
    support = patterns.names(snapshot.policy.support)
    lines = [
        name for name in ahead if support(name) and snapshot.issue_of(name) is None and name != snapshot.production
    ]
    kept = [name for name in lines if not patterns.names(RELEASES)(name)]
    named = [name for name in kept if may_hold(name, tag.name)]
    if snapshot.production in ahead:
        own = [name for name in named if name in forked]
        return _nearest_branches(own, ahead) or (snapshot.production,)
    return _nearest_branches(named or kept or lines, ahead)


def may_hold(branch: BranchName, tag: TagName) -> bool:
    """False where the branch is named after a version that the tag's does not begin with. What is called a release
    branch may hold any: it is where the next release is prepared."""
    line, version = versions.parse(TagName(branch)), versions.parse(tag)
    is_line = patterns.is_version_line(branch) and not patterns.names(RELEASES)(branch)
    if not is_line or line is None or version is None:
        return True
    return version.numbers[: len(line.numbers)] == line.numbers


def _nearest_branches(names: Sequence[BranchName], ahead: Mapping[BranchName, int]) -> tuple[BranchName, ...]:
    least = min((ahead[name] for name in names), default=0)
    return tuple(sorted(name for name in names if ahead[name] == least))


def own_tag(tags: Sequence[Tag], on_production: Sequence[Tag]) -> Tag | None:
    """The newest production tag that is a release line's own, of the line's `tags`, newest first; None for a line that
    was never released, which has its newest tag from production.

    One that production does not hold is the line's. One that it holds is the line's where the line was made of it: it
    is the highest of its series (`v1.3.2` of all `v1.3.*`) there, and production has gone on to another series.
    """
    newest = next(iter(tags), None)
    if newest is None or newest.commit not in {tag.commit for tag in on_production}:
        return newest
    series = _series(newest)
    current = next(iter(on_production))
    higher = (tag for tag in on_production if _series(tag) == series and tag.name != newest.name)
    if series is None or _series(current) == series or any(_last_number(tag) > _last_number(newest) for tag in higher):
        return None
    return newest


def is_released(branch: BranchName, tags: Iterable[TagName], newest: TagName | None) -> bool:
    """True when the release that a branch is named after is among `tags`: v1.4, v1.4.0 or 1.4.2 for `release/1.4`.

    Never for a name above the `newest` production tag, for one that stands for many releases (`1.x`, and `1` where
    there are v1.0 and v1.1), or where the words differ: `app-v1.4.0` is not a release of `release/1.4`. A name that is
    not a version is a tag's own name.
    """
    own = versions.parse(branch)
    if own is None:
        word = branch.rpartition("/")[2]
        return any(re.split(r"[/_-]|(?<=^v)", name)[-1] == word for name in tags)
    text = re.sub(r"([._-]0+)+$", "", own.text)  # only few of 20,000 names have to be taken apart
    known = [version for name in tags if text in name and (version := versions.parse(name))]
    same = [version for version in known if _words(version.prefix) == _words(own.prefix)]
    highest = versions.parse(newest) if newest else None
    above = highest is not None and own.rank[0] > highest.rank[0]
    begun = [version for version in same if version.numbers[: len(own.numbers)] == own.numbers]
    started = bool(begun) or any(version.rank == own.rank for version in same)
    if len(own.numbers) == 1:  # `release/2` of v2.0 and v2.1 lives on as `release/2.x` does, that of v2 does not
        started = bool(begun) and not any(len(version.numbers) > 2 for version in begun)
        started = started and any(len(version.numbers) == 1 for version in begun)
    return started and not above and not own.suffix


def _words(prefix: str) -> set[str]:
    """The words before a version that say what it is a version of."""
    return set(re.findall(r"[a-z]+", prefix.lower())) - _NO_NAMES


def _series(tag: Tag) -> tuple[str, tuple[int, ...], str] | None:
    """What tags have in common that differ by their last number only."""
    version = versions.parse(tag.name)
    return (version.prefix, version.numbers[:-1], version.suffix) if version else None


def _last_number(tag: Tag) -> int:
    version = versions.parse(tag.name)
    return version.numbers[-1] if version else -1
