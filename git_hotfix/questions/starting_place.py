"""What `start` asks once, before anything is made: which remote is the team's, and which release runs."""

from __future__ import annotations

import shlex

from git_hotfix.context import Context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.refs import default_branch
from git_hotfix.git.repository import Repository
from git_hotfix.hotfix import base_tag, newer_release, stale_fork
from git_hotfix.hotfix.base_tag import StartingPoint
from git_hotfix.hotfix.newer_release import NewerRelease
from git_hotfix.hotfix.stale_fork import OtherRemote
from git_hotfix.model.command_line import command_line
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import IssueId, TagName
from git_hotfix.report import text


def find_other_remote(context: Context) -> OtherRemote | None:
    """Another remote that is ahead of the one that hotfixes travel over; None where nothing is to be asked."""
    snapshot = context.snapshot
    is_release = snapshot.policy.is_release_tag
    return stale_fork.find(context.repository, snapshot.remote, snapshot.refs, snapshot.production, is_release)


def find_newer_release(context: Context, newest: Tag | None) -> NewerRelease | None:
    """A release above `newest` that production lacks; None where nothing is to be asked."""
    repository, snapshot = context.repository, context.snapshot
    name = snapshot.remote.name if snapshot.remote else None
    trunks = newer_release.Trunks(
        snapshot.refs, snapshot.production, lambda: snapshot.develop or default_branch(repository.git, name)
    )
    answered = repository.setting(newer_release.SETTING)
    return newer_release.find(context.git, trunks, snapshot.policy, newest, answered=answered)


def is_other_remote(context: Context) -> bool:
    """True where a person says that hotfixes travel over another remote: it is remembered, and everything has to be
    looked at again. Raises `Failure` (exit 2) where that is a question and nobody answers it."""
    other = find_other_remote(context)
    if other is None:
        return False
    names = (other.name, other.origin)
    answer = text.choose(context.streams, f"{other.says}.\nWhich remote do hotfixes go to?", names)
    if answer is None:
        raise Failure(
            other.says,
            hint="\n".join(
                f"hotfixes go to {name}: {command}" for name, command in zip(names, other.commands, strict=True)
            ),
            code=ExitCode.USAGE,
        )
    remember(context.repository, stale_fork.SETTING, names[answer])
    return answer == 0


def released_base(context: Context, issue: IssueId, base: StartingPoint) -> StartingPoint:
    """`base`, or the newer release beside production that a person says is the one that runs.

    That production's own is the one is remembered until there is a newer release yet. Raises `Failure` (exit 2) where
    that is a question and nobody answers it.
    """
    snapshot = context.snapshot
    if base.chosen:
        return base
    newer = find_newer_release(context, base.tag)
    if newer is None:
        return base
    if newer.daily:
        raise _unclear_production(context, base, newer, issue)
    answers = (f"{newer.tag}, on {newer.line}", f"{newer.newest}, on {newer.production}")
    answer = text.choose(context.streams, f"{newer.says}.\nWhich of them has the bug that you fix?", answers)
    if answer is None:
        take, keep = newer.commands
        take = take.replace("<issue>", shlex.quote(issue))
        raise Failure(
            newer.says,
            hint=f"to fix {newer.tag}: {take}\n{_of_production(base.tag.name, issue, keep)}",
            code=ExitCode.USAGE,
        )
    if answer == 0:
        return base_tag.choose(context.git, snapshot, newer.tag)
    remember(context.repository, newer_release.SETTING, newer.tag)
    return base


def _unclear_production(context: Context, base: StartingPoint, newer: NewerRelease, issue: IssueId) -> Failure:
    """The refusal where releases stand on the branch of daily work: which one is production comes first."""
    take, keep = newer.commands
    makes = base_tag.line_command(context.git, context.snapshot, newer.tag)
    line = f"{makes} && " if makes else ""
    return Failure(
        newer.says,
        hint=f"if releases come from {newer.line}: {take} && {command_line('start', issue)}\n"
        f"to fix {newer.tag} on a line of its own: {line}{command_line('start', issue, from_=newer.tag)}\n"
        f"{_of_production(base.tag.name, issue, keep)}",
        code=ExitCode.USAGE,
    )


def _of_production(own: TagName, issue: IssueId, keep: str) -> str:
    """How production's own release is fixed, and what makes it the answer from now on."""
    again = command_line("start", issue, from_=own)
    return f"to fix {own}: {again}\nto be asked no more: {keep}"


def remember(repository: Repository, key: str, value: str) -> None:
    """Keep an answer in this clone's configuration, so that it is asked for once."""
    repository.git.run("config", "--local", "--replace-all", key, value)
