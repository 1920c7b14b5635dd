"""The name of the next hotfix tag in a repository: what git knows, held against the rules of `next_tag`."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, timezone

from git_hotfix.git import blobs, finish_tags, history, production_tags
from git_hotfix.git.run import Git
from git_hotfix.hotfix import packages
from git_hotfix.hotfix.next_tag import KnownTags, NextTag, TagQuestion, next_tag, planned_releases
from git_hotfix.hotfix.packages import package_of
from git_hotfix.hotfix.release_lines import RELEASES
from git_hotfix.model import patterns, versions
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import IssueId, Oid, TagName
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.model.versions import Version

_MOST = 300  # tags whose dates are read to see the order in which they were made
_TOLD = 5  # releases of which it is told what they fixed
# Branches that could be named after a planned release or a line: of 20,000 the others need no look.
_TELLING = re.compile(r"(?i)rel|stable|support|maint|\.x|[-_]x")
_SUBJECTS = 3  # commits named a release
# Files that name the version of what they stand beside, and how; a private package.json without one needs none.
_MANIFESTS = {
    "package.json": rb'"version"\s*:',
    "Cargo.toml": rb"(?m)^\s*version\s*=",
    "Chart.yaml": rb"(?m)^version\s*:",
    "pubspec.yaml": rb"(?m)^version\s*:",
    "mix.exs": rb"version:",
    "go.mod": rb"(?m)^module\s",
    "lerna.json": rb'"version"\s*:',
    "galaxy.yml": rb"(?m)^version\s*:",
    "elm.json": rb'"version"\s*:',
    "pyproject.toml": rb"",
    "setup.py": rb"",
    "setup.cfg": rb"",
}


@frozen
class UntaggedFix:
    """The fix of an issue before it has its tag: made on the release `base`, it ends at `tip`."""

    issue: IssueId
    base: Tag
    tip: Oid


def next_name(
    git: Git, snapshot: Snapshot, fix: UntaggedFix, *, template: str | None = None, taken: Collection[str] = ()
) -> NextTag | TagQuestion:
    """The name of the tag of `fix`.

    `template` is that of a release line's tag, which is never named after an issue like `1.0.2`; None the policy's.
    `taken` are names that go to something else in the same run.
    """
    base, issue = fix.base, fix.issue
    known = _known_tags(git, snapshot, fix, taken)
    wanted, by_issue = template or snapshot.policy.tag, template is None
    found = next_tag(base.name, issue, wanted, known, by_issue=by_issue)
    if isinstance(found, TagQuestion) or found.further:
        known = replace(known, manifests=_manifests(git, base.commit, _folders(snapshot, base.name)))
        found = next_tag(base.name, issue, wanted, known, by_issue=by_issue)
    if isinstance(found, TagQuestion):
        fits = [name for name in found.choices if snapshot.policy.is_release_tag(name)]
        return replace(found, choices=tuple(fits))
    return found


def fixes_of_releases(git: Git, snapshot: Snapshot, base: Oid, names: Sequence[TagName]) -> dict[TagName, str]:
    """What each of the releases `names`, lowest first, brought after the one before: the title of the hotfix that it
    is, else the subjects of its first commits."""
    found, before = {}, [base]
    for name, tag in snapshot.refs.tags.some(names[:_TOLD]).items():
        subjects = [each.summary.subject for each in history.commits(git, tag.commit, before) if len(each.parents) < 2]
        more = f" and {len(subjects) - _SUBJECTS} more" if len(subjects) > _SUBJECTS else ""
        found[name] = tag.trailer("Hotfix-Title") or ", ".join(subjects[-_SUBJECTS:][::-1]) + more
        before.append(tag.commit)
    return found


def _known_tags(git: Git, snapshot: Snapshot, fix: UntaggedFix, taken: Collection[str]) -> KnownTags:
    """What the name of the tag is held against, but for manifests, which are hardly ever asked for."""
    refs, version = snapshot.refs, versions.parse(fix.base.name)
    everything = {*refs.tags, *refs.local_tags, *taken}
    branches = [branch for branch in refs.branches if _TELLING.search(branch)]
    if version is None:
        return KnownTags((), everything, branches)
    hotfixes = [each for each in (*refs.branches, *refs.local) if each.startswith(snapshot.prefixes.all)]
    issues = {issue for each in hotfixes if (issue := snapshot.issue_of(each))}
    names = _names_near(snapshot, version, [rank for rank, _ in planned_releases(branches, version, ())])
    return KnownTags(
        names=_names_in_order(snapshot, version, names),
        taken=everything,
        branches=branches,
        lacking=_lacking_releases(git, snapshot, version, names, fix.tip),
        day=_day(git, version, fix.base.commit),
        issues={*refs.logs, *issues},
        open_issues=issues,
    )


def _names_near(snapshot: Snapshot, version: Version, plans: Sequence[versions.Rank]) -> list[TagName]:
    """The releases whose names hold a number that matters: the base's first, its neighbours', or a planned one's. Of
    20,000 names the others need not be taken apart."""
    first = version.numbers[0]
    around = range(first - 2, first + 3) if len(version.numbers) == 2 else (first - 1, first)
    wanted = {str(number) for number in (*around, *(rank[0][0] for rank in plans)) if number >= 0}
    pattern = re.compile(rf"(?<!\d)(?<!\d[._-])0*(?:{'|'.join(sorted(wanted))})(?!\d)", re.ASCII)
    names = production_tags.release_names(snapshot.refs.tags, snapshot.policy)
    return [name for name in names if pattern.search(name) and not versions.is_prerelease(name)]


def _names_in_order(snapshot: Snapshot, version: Version, names: list[TagName]) -> list[TagName]:
    """`names` by their versions; by their dates first, where versions of two numbers may be lines that live side by
    side."""
    ranks = {name: found.rank for name in names if (found := versions.parse(name))}
    ordered = sorted(ranks, key=lambda name: (ranks[name], name))
    own = [each for name in ordered if (each := versions.parse(name)) and each.prefix == version.prefix]
    lines = {each.numbers[0] for each in own}
    if len(version.numbers) != 2 or len(lines) < 2 or any(len(each.numbers) > 2 for each in own):
        return ordered
    dates = {name: tag.date for name, tag in snapshot.refs.tags.some(ordered[-_MOST:]).items()}
    return sorted(ordered, key=lambda name: (dates.get(name, 0), ranks[name], name))


def _lacking_releases(git: Git, snapshot: Snapshot, version: Version, names: list[TagName], tip: Oid) -> list[TagName]:
    """The releases above `version` that `tip` does not hold: on production or a line beside it, or made by `finish`."""
    above = [
        name
        for name in names
        if (found := versions.parse(name)) and versions.same_scheme(found, version) and found.rank > version.rank
    ]
    commits = {name: snapshot.refs.tags.commits[name] for name in above}
    if not commits:
        return []
    outside = set(history.reachable(git, commits.values(), [tip]))
    lacking = {name: commit for name, commit in commits.items() if commit in outside}
    out = _released_on_lines(git, snapshot, lacking)
    doubtful = [name for name in lacking if name not in out]
    made = _finished_on_branches(git, snapshot, doubtful)
    return [name for name in lacking if name in out or name in made]


def _finished_on_branches(git: Git, snapshot: Snapshot, names: Sequence[TagName]) -> set[TagName]:
    """Those of `names` that `finish` made for a branch which has their fix."""
    said = [tag for tag in snapshot.refs.tags.some(names).values() if tag.trailer("Hotfix-Production")]
    return {tag.name for tag in finish_tags.tags_of_lines(git, snapshot.refs.branches, snapshot.production, said)}


def _released_on_lines(git: Git, snapshot: Snapshot, commits: dict[TagName, Oid]) -> set[TagName]:
    """Those of `commits` that stand on production or on a line that is released from, and those on develop or on a
    release branch that do not say that `finish` made them: that has to be proven."""
    if not commits:
        return set()
    branches, tags, trunks = snapshot.refs.branches, {*commits.values()}, (snapshot.production, snapshot.trunk)
    is_line, is_release = patterns.names(snapshot.policy.support), patterns.names(RELEASES)
    lines = {name: oid for name, oid in branches.items() if is_line(name) or name in trunks}
    kept = [
        oid for name, oid in lines.items() if name == snapshot.production or not (is_release(name) or name in trunks)
    ]
    beside = {*history.reachable(git, tags, kept)}
    loose = {*history.reachable(git, beside, lines.values())} if beside else set()
    daily = [name for name, commit in commits.items() if commit in beside - loose]
    claimed = {name for name, tag in snapshot.refs.tags.some(daily).items() if tag.trailer("Hotfix-Production")}
    return {name for name, commit in commits.items() if commit not in loose} - claimed


def _day(git: Git, version: Version, commit: Oid) -> date | None:
    """When the tagged commit was made, where the numbers could be a date."""
    if len(version.numbers) < 3 or not (1 <= version.numbers[1] <= 12 and 1 <= version.numbers[2] <= 31):
        return None
    seconds = history.commit_dates(git, [commit]).get(commit)
    return None if seconds is None else datetime.fromtimestamp(seconds, timezone.utc).date()


def _folders(snapshot: Snapshot, base: TagName) -> list[str]:
    """Where the manifests of what `base` releases stand: in the folders of its package, else at the top."""
    package = packages.known_packages(snapshot).get(package_of(base, snapshot.policy) or "")
    folders = [path.strip("/") for path in package.paths if path.endswith("/") and "*" not in path] if package else []
    return [f"{folder}/" for folder in folders] or [""]


def _manifests(git: Git, commit: Oid, folders: Sequence[str]) -> list[str]:
    """The files of the base in `folders` that name a version."""
    names = {f"{folder}{name}": pattern for folder in folders for name, pattern in _MANIFESTS.items()}
    contents = blobs.read(git, [f"{commit}:{name}" for name in names])
    pairs = zip(names.items(), contents, strict=True)
    return [name for (name, pattern), content in pairs if content is not None and re.search(pattern, content)]
