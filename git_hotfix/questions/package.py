"""Where a hotfix of a repository of several packages starts: at the newest release of the one that has the bug."""

from __future__ import annotations

from git_hotfix.context import Context
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.hotfix import base_tag, packages
from git_hotfix.hotfix.base_tag import StartingPoint
from git_hotfix.hotfix.packages import package_of
from git_hotfix.model.command_line import command_line
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import IssueId
from git_hotfix.report import text

_SHOWN = 12  # packages named; of a hundred nobody reads more


def starting_point_of(context: Context, issue: IssueId, given: str | None, package: str | None) -> StartingPoint:
    """The starting point that `--from` (`given`) or `--package` says, else the newest production tag.

    Where several packages are released by tags of their own a person is asked which one the fix is for. Raises
    `Failure` (exit 2) where nobody is there, and for a package that has no release.
    """
    git, snapshot = context.git, context.snapshot
    if given:
        point = base_tag.choose(git, snapshot, given)
        if package and package_of(point.tag.name, snapshot.policy) != package:
            raise Failure(
                f"{given} is not a release of {package}", hint="--from or --package", code=ExitCode.USAGE,
            )  # fmt: skip
        return point
    if package:
        tag = packages.newest_tag(git, snapshot, package)
        if tag is None:
            names = ", ".join(packages.living_packages(git, snapshot)) or "none"
            raise Failure(
                f"there is no release of a package {package}", hint=f"packages with releases: {names}",
                code=ExitCode.USAGE,
            )  # fmt: skip
        return _at(context, tag)
    living = packages.living_packages(git, snapshot)
    if len(living) < 2:
        return base_tag.choose(git, snapshot, None)
    return _at(context, _ask_for_package(context, issue, living))


def _at(context: Context, tag: Tag) -> StartingPoint:
    """The newest release of a package, which is on production."""
    return StartingPoint(tag, context.snapshot.production, tag.name, chosen=True)


def _ask_for_package(context: Context, issue: IssueId, living: dict[str, Tag]) -> Tag:
    """The newest release of the package that a person chose. Raises `Failure` (exit 2) where nobody answers."""
    names = ", ".join(f"{name or 'the repository itself'} ({tag.name})" for name, tag in living.items())
    says = f"several packages have releases of their own: {names}"
    answers = [f"{name or 'the repository itself'}, at {tag.name}" for name, tag in living.items()]
    place = text.choose(context.streams, f"{says}.\nWhich of them has the bug that you fix?", answers)
    if place is not None:
        return list(living.values())[place]
    commands = [
        command_line("start", issue, package=name) if name else command_line("start", issue, from_=tag.name)
        for name, tag in list(living.items())[:_SHOWN]
    ]
    raise Failure(says, hint="\n".join(commands), code=ExitCode.USAGE)
