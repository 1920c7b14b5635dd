"""A release that is newer than production's newest: tagged on a release line or on the branch of daily work, and never
merged to production."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

from git_hotfix.git import history
from git_hotfix.git.run import Git
from git_hotfix.hotfix.release_lines import may_hold
from git_hotfix.model import patterns, versions
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, Oid, TagName, branch_ref
from git_hotfix.model.policy import Policy
from git_hotfix.model.snapshot import Refs
from git_hotfix.model.tags import Tags

SETTING = "hotfix.newerRelease"
IGNORE = "ignore"
_CANDIDATE = re.compile(r"(?:[._-]\d+)*[._-]?(?:rc|alpha|beta)[._-]?\d*", re.IGNORECASE | re.ASCII)
_LINES = ("release/*", "releases/*")


@frozen
class NewerRelease:
    """The newest release beside production, the branch that holds it, and production's newest tag; `daily` where that
    branch is develop or the remote's default branch: it may be what releases come from."""

    tag: TagName
    line: BranchName
    newest: TagName | None
    production: BranchName
    daily: bool = False

    @property
    def commands(self) -> tuple[str, str]:
        """What a person answers with: this release is the one to fix (or its branch is production), or production's
        own is."""
        take = f"git config hotfix.production {shlex.quote(self.line)}"
        start = command_line("start", Placeholder("<issue>"), from_=self.tag)
        return take if self.daily else start, f"git config {SETTING} {shlex.quote(self.tag)}"

    @property
    def says(self) -> str:
        """One sentence for people."""
        higher = f"{self.tag} is newer than {self.newest}: it is" if self.newest else f"{self.tag} is"
        return f"{higher} on {self.line} and was never merged to {self.production}"


@frozen
class Trunks:
    """The branches that releases come from, among `refs`: production, and the branch of daily work (develop, else the
    remote's default), which is asked for where it is needed."""

    refs: Refs
    production: BranchName
    daily: Callable[[], BranchName | None]


def find(git: Git, trunks: Trunks, policy: Policy, newest: Tag | None, *, answered: str | None) -> NewerRelease | None:
    """The newest release of `newest`'s scheme that production lacks and a release line or the branch of daily work has;
    None where production's is the newest.

    `answered` is what git config `hotfix.newerRelease` says: "ignore", or the tag up to which somebody said that
    production's own is the one that runs. Where the highest version is on production, as nearly always, no git runs;
    else five processes.
    """
    if IGNORE in (answered, policy.newer_release):
        return None
    refs, production = trunks.refs, trunks.production
    found = [name for name in later_tags(refs.tags, newest) if policy.is_release_tag(name)]
    seen = TagName(answered or "")
    if seen in found:  # what is older was answered with it, and so are the hotfixes of that release
        found = [name for name in found[: found.index(seen)] if not _of_one_release(name, seen)]
    if not found:
        return None
    tip = refs.branches[production]
    is_line = patterns.names((*_LINES, *policy.support))
    lines = {name: oid for name, oid in refs.branches.items() if is_line(name) and name != production}
    trunk = trunks.daily()
    daily = refs.branches.get(trunk) if trunk and trunk != production else None
    commits = {name: refs.tags.commits[name] for name in found}
    beside = set(history.reachable(git, commits.values(), [tip]))
    held = [*lines.values(), *([daily] if daily else [])]
    nowhere = set(history.reachable(git, commits.values(), [tip, *held]))
    # A release branch begins with develop's own commits, and a tag on one of those is none of the line's.
    work = set(history.first_parents(git, [daily], [tip])) if daily else set()
    ours = branch_ref(production)
    for name in found:
        if commits[name] not in beside - nowhere or refs.tags[name].trailer("Hotfix-Production") == ours:
            continue
        line = None if commits[name] in work else _line(git, lines, name, commits[name])
        if line := line or (trunk if daily else None):
            return NewerRelease(name, line, newest.name if newest else None, production, daily=line == trunk)
    return None


def later_tags(tags: Tags, newest: Tag | None) -> list[TagName]:
    """The tags that are higher versions of the same scheme, or later where they are not versions; newest first, without
    pre-releases. Where production has no release at all, all versions."""
    return tags.choose_once(("later", newest and (newest.name, newest.date)), lambda: _find_later(tags, newest))


def _find_later(tags: Tags, newest: Tag | None) -> list[TagName]:
    base = versions.parse(newest.name) if newest else None
    if newest and base is None:
        names = [name for name in tags if versions.parse(name) is None and not versions.is_prerelease(name)]
        later = [tag for tag in tags.some(names).values() if tag.date > newest.date]
        return [tag.name for tag in sorted(later, key=lambda tag: (tag.date, tag.name), reverse=True)]
    # The first numbers decide of nearly all names, and the usual spelling of pre-releases of most others; the rest are
    # taken apart: 48,000 tags in 0.02 s.
    first = re.compile(rf"{re.escape(base.prefix)}(\d+)[._-]?(\d*)" if base else r"()()")
    least = (base.numbers[:2]) if base else ()
    ranks = {}
    for name in tags:
        found = first.match(name)
        if found is None or (base and tuple(map(int, filter(None, found.groups()))) < least):
            continue
        if _CANDIDATE.fullmatch(name, found.end()):
            continue
        version = versions.parse(name)
        if version and _same_scheme(version, base) and not versions.is_prerelease(name):
            ranks[name] = version.rank
    higher = [name for name in ranks if base is None or ranks[name] > base.rank]
    return sorted(higher, key=lambda name: ranks[name], reverse=True)


def _same_scheme(version: versions.Version, base: versions.Version | None) -> bool:
    """One number beside several, as v2 beside v1.4.2, floats: it is another scheme."""
    if base is None:
        return True
    return version.prefix == base.prefix and (len(version.numbers) > 1) == (len(base.numbers) > 1)


def _of_one_release(first_tag: TagName, second_tag: TagName) -> bool:
    """True for v1.2.1 and v1.2.4."""
    first, second = versions.parse(first_tag), versions.parse(second_tag)
    if first is None or second is None or len(first.numbers) < 3:
        return False
    return (first.prefix, first.numbers[:-1]) == (second.prefix, second.numbers[:-1])


def _line(git: Git, lines: dict[BranchName, Oid], tag: TagName, commit: Oid) -> BranchName | None:
    """The line that holds `commit`: one that ends there, else one that is named after the tag's version, else the first
    by name, as release/1.2 before release/1.3, which was made of it."""
    holding = history.tips_containing(git, commit, lines.values())
    held = [name for name, tip in lines.items() if tip in holding]
    return min(held, key=lambda name: (lines[name] != commit, not may_hold(name, tag), name), default=None)
