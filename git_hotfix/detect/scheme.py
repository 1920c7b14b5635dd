"""The scheme of a repository, read off what it shows: which branch releases come from, how its releases are tagged,
which kinds of branches are alive. Pure; `git hotfix init` looks and writes.

12 % of 4,253 measured hotfix merges carry a tag that is not a version, so patterns are learned, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence

from git_hotfix.hotfix.next_tag import KnownTags, NextTag, next_tag
from git_hotfix.model import patterns, versions
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.names import BranchName, IssueId, TagName
from git_hotfix.model.policy import DAY

WINDOW = 3 * 365 * DAY  # seconds before the newest tag on production: older schemes have been given up
LEAST = 10  # tags looked at, however old they are
MOST = 1000  # tags looked at, however many there are
FINISH_TAGS = "hotfix-*"  # what `finish` names a tag whose base is not a version

PRODUCTION = ("production", "prod", "live", "release", "stable", "main", "master", "trunk")
_SAYS_SO = PRODUCTION[:3]  # names that mean nothing else
_DEVELOP = ("develop", "development", "devel", "dev", "main", "master")
_RELEASES = ("release", "releases", "rel")
_FEATURES = ("feature", "features", "feat", "bugfix", "bugfixes")
_ONE_JOB = (*_FEATURES, "fix", "hotfix", "chore", "docs", "ci", "test", "task", "refactor", "dependabot", "renovate")
_LINE = re.compile(r"[._-]?x|[._-]stable|[._-]maint")  # what follows the number in the name of a line
# Words of tags that stand for a moment or for nothing; `untagged-…` is what a forge calls the tag of a draft.
_NO_RELEASE = frozenset("untagged backup backups archive archived before tmp temp wip latest old".split())


@frozen
class SeenTag:
    """A tag, its date in seconds, and whether it stands `on` production; `beside` says that another line that may be
    released from (support/1.2) holds it."""

    name: TagName
    date: int
    on: bool
    beside: bool = False


@frozen
class TagScheme:
    """Patterns for `release-tags`, how many `of` the recent tags on production they have `covered`, which of them
    they `missed`, and which tags on no line at all they cover (`stray`). `left` says that releases have left the
    production branch years ago, so that all recent tags were looked at."""

    patterns: tuple[str, ...]
    covered: int
    of: int
    missed: tuple[TagName, ...] = ()
    stray: tuple[TagName, ...] = ()
    left: bool = False


def recent_tags(tags: Sequence[SeenTag]) -> list[SeenTag]:
    """The tags on production that show the scheme in use, newest first: no pre-release, of the last years."""
    held = [tag for tag in tags if tag.on and not versions.is_prerelease(tag.name)]
    held.sort(key=lambda tag: (tag.date, tag.name), reverse=True)
    return [tag for place, tag in enumerate(held[:MOST]) if place < LEAST or held[0].date - tag.date <= WINDOW]


def learn_tags(tags: Sequence[SeenTag], known: tuple[str, ...]) -> TagScheme:
    """The fewest patterns that cover the recent tags on production, and where possible none that stands on no line.

    `known` patterns are kept as they are when they cover as much. A name that occurs once is an accident, not a
    scheme, unless it is all there is or the newest version of all.
    """
    shown = recent_tags(tags)
    everywhere = recent_tags([replace(tag, on=True) for tag in tags])
    left = bool(shown) and everywhere[0].date - shown[0].date > WINDOW
    if left:
        shown = everywhere  # releases have left this branch: their scheme is the living one
    names = [tag.name for tag in shown]
    loose = [tag for tag in tags if not tag.on and not tag.beside and not versions.is_prerelease(tag.name)]
    loose = [] if left else sorted(loose, key=lambda tag: tag.date, reverse=True)[:MOST]
    off = [tag.name for tag in loose]
    chosen = _fewest_patterns(names, off, known)
    covers, before = patterns.tags(chosen), patterns.tags(known)
    if all(before(name) for name in names if covers(name)):
        chosen, covers = known, before
    elif not all(covers(_next_name(name)) for name in names if covers(name)):
        chosen = (*chosen, FINISH_TAGS)
        covers = patterns.tags(chosen)
    missed = tuple(name for name in names if not covers(name))
    if _named_after_branches(names, missed):
        # Names of branches have nothing in common: every tag is a release.
        chosen = ("*", "*/*") if any("/" in name for name in names) else ("*",)
        covers = patterns.tags(chosen)
        missed = tuple(name for name in names if not covers(name))
    stray = tuple(name for name in off if covers(name))
    return TagScheme(chosen, len(names) - len(missed), len(names), missed, stray, left)


def _named_after_branches(names: Sequence[TagName], missed: Sequence[TagName]) -> bool:
    """Whether a team tags its releases with names of branches: most are no versions, and no pattern covers them all."""
    words = [name for name in names if versions.parse(name) is None]
    strange = [name for name in missed if name in words and not _NO_RELEASE & {*re.findall(r"[a-z]+", name.lower())}]
    return bool(strange) and 2 * len(words) > len(names)


def _next_name(base: TagName) -> TagName:
    """What `finish` would call the next hotfix after `base`: that name must be a production tag, too."""
    found = next_tag(base, IssueId("4711"), "auto", KnownTags())
    return found.name if isinstance(found, NextTag) else base


def _fewest_patterns(names: Sequence[TagName], off: Sequence[TagName], known: tuple[str, ...]) -> tuple[str, ...]:
    """A greedy cover of `names`: first by patterns that touch nothing in `off`, then by those that touch least."""
    rank: dict[str, int] = {}
    for name in names:
        for place, pattern in enumerate(_candidates(name)):
            place = -1 if pattern in known else place
            rank[pattern] = min(rank.get(pattern, place), place)
    covered = {pattern: set(filter(patterns.tags((pattern,)), names)) for pattern in rank}
    strays = {pattern: sum(map(patterns.tags((pattern,)), off)) for pattern in rank}
    open_names = {name for name in names if _candidates(name)}
    chosen: list[str] = []
    for clean in (True, False):
        pool = [pattern for pattern in rank if not clean or not strays[pattern]]
        while open_names and pool:
            best = max(pool, key=lambda each: (len(covered[each] & open_names), -strays[each], -rank[each], each))
            new = covered[best] & open_names
            if not _is_scheme(new, names):
                break
            chosen.append(best)
            open_names -= new
    return _without_idle(chosen, covered) or known


def _candidates(name: TagName) -> list[str]:
    """Patterns that could stand for the scheme of `name`, the most telling first; none for a name of no release."""
    if _NO_RELEASE & {word.lower() for word in re.findall(r"[A-Za-z]+", name)}:
        return []
    folder, slash, leaf = name.rpartition("/")
    digit = re.search(r"\d", leaf)
    stem = leaf[: digit.start()] if digit else leaf
    found = [stem + "*" if stem else "[0-9]*", stem + "[0-9]*"] if digit else []
    found += [stem[: cut.end()] + "*" for cut in reversed(list(re.finditer(r"[-_.@+]", stem)))]
    if "@" in stem:  # one component of many: lib-a@1.2.3
        found.append("*@[0-9]*")
    inside = [folder + slash + each for each in found]
    if slash:
        inside += [folder + "/*"]
        inside += ["*/" * (folder.count("/") + 1) + each for each in found]
    return list(dict.fromkeys(inside))


def _is_scheme(new: Collection[TagName], names: Sequence[TagName]) -> bool:
    """Whether the names that a pattern would newly cover are more than an accident."""
    if len(new) >= 2 or (new and len(names) < 4):
        return True
    version = versions.parse(names[0]) if names[0] in new else None
    return version is not None and len(version.numbers) > 1 and version.numbers[0] < 1900


def _without_idle(chosen: Sequence[str], covered: Mapping[str, set[TagName]]) -> tuple[str, ...]:
    """`chosen` without the patterns whose names others cover as well."""
    kept = list(chosen)
    for pattern in sorted(chosen, key=lambda each: len(covered[each])):
        others: set[TagName] = set().union(*(covered[each] for each in kept if each != pattern))
        if covered[pattern] <= others:
            kept.remove(pattern)
    return tuple(kept)


def learn_support(
    branches: Collection[BranchName], tags: Sequence[SeenTag], release_tags: tuple[str, ...], known: tuple[str, ...]
) -> tuple[str, ...]:
    """`known` patterns of lines that older releases come from, with those that the repository shows.

    A line is named after the versions that it brings: dspace-7_x has dspace-7.6.7, dev-v2.11 has ckan-2.11.5.
    """
    is_release, is_known = patterns.tags(release_tags), patterns.names(known)
    newest = max((tag.date for tag in tags), default=0)
    released = {
        version.numbers
        for tag in tags
        if not tag.on and newest - tag.date <= WINDOW and is_release(tag.name)
        if (version := versions.parse(tag.name)) is not None
    }
    found = list(known)
    for branch in sorted(branches):
        version = None if is_known(branch) else versions.parse(TagName(branch))
        if version is None or not re.fullmatch(r"\D*[A-Za-z]\D*", version.prefix):
            continue
        # chore/pictures-for-v1.226 and feature/lts-migrations-4.3 are named after the release that they are work for.
        folder, inside, rest = version.prefix.partition("/")
        if inside and (folder.lower() in _ONE_JOB or rest not in ("", "v", "V")):
            continue
        # A number alone is an issue or a phase as often as a version: `pytest-2` is not a line.
        if not (_LINE.fullmatch(version.suffix) if len(version.numbers) < 2 else version.suffix in ("", ".x")):
            continue
        if any(numbers[: len(version.numbers)] == version.numbers for numbers in released):
            found.append(f"{version.prefix}[0-9]*")
    return tuple(dict.fromkeys(found))


def propose_production(
    usual: BranchName | None, default: BranchName | None, held: Mapping[BranchName, frozenset[TagName]]
) -> BranchName | None:
    """The branch that releases come from.

    `usual` is what stands without any setting (main, master), `default` the remote's default branch, and `held` says
    which recent release tags each branch holds that could be production. Another branch is proposed over `usual` only
    where its name means nothing else and it holds as much, or where it holds what `usual` lacks.
    """
    if usual is None:
        named = [name for name in map(BranchName, PRODUCTION) if name in held]
        pool = [*named, *([default] if default in held and default not in named else [])]
        return max(pool, key=lambda name: (len(held[name]), -pool.index(name)), default=default)
    own = held.get(usual, frozenset())
    for name in map(BranchName, PRODUCTION):
        other = held.get(name, frozenset())
        if name != usual and other and other >= own and (name in _SAYS_SO or len(other) > 2 * len(own)):
            return name
    return usual


def propose_develop(
    production: BranchName, default: BranchName | None, ahead: Callable[[BranchName], bool], branches: Collection[str]
) -> BranchName | None:
    """The branch of daily work: the remote's default branch where that is not production, else one of the usual
    names; `ahead` says whether a branch is alive and has commits that production has not."""
    for name in (default, *map(BranchName, _DEVELOP)):
        if name and name != production and name in branches and ahead(name):
            return name
    return None


@frozen
class BranchScheme:
    """Patterns for `backport.targets` and `support` beyond the defaults, and how many live branches each kind has."""

    targets: tuple[str, ...]
    support: tuple[str, ...]
    alive: Mapping[str, int]


def learn_branches(live: Collection[BranchName], targets: tuple[str, ...], support: tuple[str, ...]) -> BranchScheme:
    """`targets` and `support` with what the names of `live` branches ask for besides.

    `releases/*` joins both: only a line of `support` is served before the features. Other old lines (maint/…,
    stable/…) are counted, never targets of their own accord, and every report says that they were left out.
    """
    alive: dict[str, int] = {}
    for name in live:
        head = name.partition("/")[0] + "/" if "/" in name else ""
        if head:
            alive[head] = alive.get(head, 0) + 1
    for kind in (*_RELEASES, *_FEATURES):
        pattern = f"{kind}/*"
        if f"{kind}/" not in alive:
            continue
        if pattern not in targets:
            targets = (*targets, pattern)
        if kind in _RELEASES and pattern not in support:
            support = (*support, pattern)
    return BranchScheme(targets, support, dict(sorted(alive.items())))
