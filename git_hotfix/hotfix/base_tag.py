"""Where a hotfix starts: the production tag, and the branch that is production for it."""

from __future__ import annotations

import re
import shlex

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history, production_tags
from git_hotfix.git.run import Git
from git_hotfix.hotfix import newer_release
from git_hotfix.hotfix.find import line_tags
from git_hotfix.hotfix.packages import is_same_package
from git_hotfix.hotfix.release_lines import lines_of
from git_hotfix.model import versions
from git_hotfix.model.command_line import Placeholder, command_line, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import BranchName, TagName, branch_ref
from git_hotfix.model.snapshot import Snapshot

_SEEN = 5  # tags shown to somebody whose patterns match none


@frozen
class StartingPoint:
    """Where the hotfix starts: the tag, the branch that is production for it, whether `--from` chose it, and which
    `others` could be production for it as well."""

    tag: Tag
    line: BranchName
    newest: TagName
    chosen: bool
    others: tuple[BranchName, ...] = ()


def choose(git: Git, snapshot: Snapshot, given: str | None) -> StartingPoint:
    """The newest production tag, or the tag that `--from` names.

    Raises `Failure` (exit 2) where there is none, with what could be meant.
    """
    newest = snapshot.newest_tag
    if given is None:
        if newest is None:
            raise _no_tag_failure(git, snapshot)
        return StartingPoint(newest, snapshot.production, newest.name, chosen=False)
    tag = snapshot.refs.tags.get(TagName(given))
    if tag is None:
        local = " (a local tag of that name cannot be a base)" if TagName(given) in snapshot.refs.local_tags else ""
        raise Failure(
            f"there is no tag {given} on the remote{local}",
            hint="git ls-remote --tags",
            code=ExitCode.USAGE,
        )
    _refuse_no_release(snapshot, tag)
    line, *others = _lines_for(git, snapshot, tag) or (None,)
    if line is None:
        raise Failure(
            f"{given} is on no branch of the remote that could be production for it",
            hint=f"make its line first: {_line_command(snapshot, tag)}",
            code=ExitCode.USAGE,
        )
    newest = _newest_of_package(git, snapshot, line, tag)
    return StartingPoint(tag, line, newest.name, chosen=True, others=tuple(filter(None, others)))


def line_command(git: Git, snapshot: Snapshot, name: TagName) -> str | None:
    """The command that makes a line for a tag which is on no branch that could be production for it; else None."""
    tag = snapshot.refs.tags[name]
    return None if _lines_for(git, snapshot, tag) else _line_command(snapshot, tag)


def _line_command(snapshot: Snapshot, tag: Tag) -> str:
    remote = snapshot.remote.name if snapshot.remote else "origin"
    return (
        f"git push {shlex.quote(remote)} {tag.commit[:12]}:{shlex.quote(branch_ref(BranchName(f'support/{tag.name}')))}"
    )


def _newest_of_package(git: Git, snapshot: Snapshot, line: BranchName, tag: Tag) -> Tag:
    """The newest tag of the line that is a release of the same package as `tag`."""
    tags = line_tags(git, snapshot, line)
    if not tags or is_same_package(tags[0].name, tag.name, snapshot.policy):
        return tags[0] if tags else tag
    same = [each for each in tags if is_same_package(each.name, tag.name, snapshot.policy)]
    return production_tags.sort_production_tags(git, same)[0]


def _refuse_no_release(snapshot: Snapshot, tag: Tag) -> None:
    """Raises `Failure` (exit 2) for a tag that is not a release: what is made of it would be none either."""
    policy, tags = snapshot.policy, snapshot.refs.tags
    if not policy.is_release_tag(tag.name):
        pattern = re.sub(r"\d.*$", "*", tag.name)
        words = " ".join(policy.release_tags)
        setting = git_command("config", "hotfix.releaseTags", f"{words} {pattern}")
        if snapshot.policy_file:
            setting = f'add "{pattern}" to release-tags in {snapshot.policy_file} on {snapshot.production}'
        what, hint = f"does not match release-tags, which are {words}", f"if it is a release: {setting}"
    elif versions.is_prerelease(tag.name):
        what, hint = "is a pre-release", "start at a release: git hotfix start <issue>"
    elif tag.name not in production_tags.release_names(tags, policy):
        same = (name for name in tags if tags.commits[name] == tag.commit and name != tag.name)
        full = next(filter(policy.is_release_tag, sorted(same, key=len, reverse=True)), Placeholder("<full version>"))
        start = command_line("start", Placeholder("<issue>"), from_=full)
        what, hint = "moves with every release", f"start at the release itself: {start}"
    else:
        return
    raise Failure(f"{tag.name} {what}", hint=hint, code=ExitCode.USAGE)


def _lines_for(git: Git, snapshot: Snapshot, tag: Tag) -> tuple[BranchName, ...]:
    """The branch that is production for `tag`, and those that could be it as well."""
    lines = {name: tip for name, tip in snapshot.refs.branches.items() if name != snapshot.develop}
    holding = history.tips_containing(git, tag.commit, lines.values())
    held = {name: tip for name, tip in lines.items() if tip in holding}
    ahead = {name: len(history.first_parents(git, [tip], [tag.commit])) for name, tip in held.items()}
    forked = set()
    for name, tip in held.items():
        fork = history.merge_base(git, snapshot.refs.branches[snapshot.production], tip)
        tags = production_tags.order_candidates(git, fork, branch_ref(name), snapshot.production_tags) if fork else ()
        if tags and tags[0].commit == tag.commit:
            forked.add(name)
    return lines_of(snapshot, tag, ahead, forked)


def _no_tag_failure(git: Git, snapshot: Snapshot) -> Failure:
    tip = snapshot.refs.branches[snapshot.production]
    tags = sorted(snapshot.refs.tags.all(), key=lambda tag: tag.date, reverse=True)
    beside = set(history.reachable(git, {tag.commit for tag in tags}, [tip])) if tags else set()
    seen = [tag.name for tag in tags if tag.commit not in beside]
    unmatched = [name for name in seen if not (versions.is_prerelease(name) or snapshot.policy.is_release_tag(name))]
    early = next(filter(versions.is_prerelease, seen), None)
    patterns = " ".join(snapshot.policy.release_tags)
    hint = f"tags seen on {snapshot.production}: {', '.join(seen[:_SEEN]) or 'none'}"
    if unmatched:
        stem = re.sub(r"\d.*$", "*", unmatched[0]) if re.search(r"\d", unmatched[0]) else unmatched[0]
        hint += f"\nif these are releases: {git_command('config', 'hotfix.releaseTags', stem)}, or git hotfix init"
    elif early:
        version = versions.parse(early)
        name = version.prefix + version.text if version and version.prefix in ("", "v", "V") else "v1.0.0"
        hint += "\nonly pre-releases are there, and a hotfix starts at a release; tag what runs in production: "
        hint += f"git tag -a {shlex.quote(name)} <commit> && git push origin {shlex.quote(name)}"
    else:
        hint += "\ntag what runs in production: git tag -a v1.0.0 <commit> && git push origin v1.0.0"
    trunks = newer_release.Trunks(snapshot.refs, snapshot.production, lambda: snapshot.develop)
    newer = newer_release.find(git, trunks, snapshot.policy, None, answered=None)
    if newer:
        hint += f"\n{newer.says}: {command_line('start', Placeholder('<issue>'), from_=newer.tag)}"
    return Failure(
        f"no production tag: none on {snapshot.production} matches {patterns}",
        hint=hint,
        code=ExitCode.USAGE,
    )
