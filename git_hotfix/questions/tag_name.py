"""What start and finish share where no rule names the hotfix tag: the ways on, asked or told as commands."""

from __future__ import annotations

from git_hotfix.context import Context
from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.hotfix import base_tag, tag_names
from git_hotfix.hotfix.base_tag import StartingPoint
from git_hotfix.hotfix.next_tag import TagQuestion
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import BranchName, IssueId, TagName
from git_hotfix.model.versions import is_not_higher
from git_hotfix.release.tag import TagUnclear, refuse_name
from git_hotfix.report import text


@frozen
class Way:
    """One way on: what it does, the tag to start at, the name of the hotfix tag (None: by rule)."""

    words: str
    base: TagName
    tag: TagName | None = None


@frozen
class Start:
    """Where a hotfix starts and what its tag will be called; `told` where a person said that name."""

    base: StartingPoint
    tag: TagName
    told: bool


def choose_name(context: Context, issue: IssueId, base: StartingPoint, tag: str | None) -> Start:
    """What the tag of a hotfix of `base` will be called; `tag` is the name of `--tag`.

    Where no rule names it a person at a terminal is asked, who may choose another base. Raises `Failure` (exit 2) where
    nobody is there, with the commands that say it, and for a name that cannot be the tag's.
    """
    snapshot = context.snapshot
    if tag is not None:
        name = TagName(tag)
    else:
        found = tag_names.next_name(context.git, snapshot, tag_names.UntaggedFix(issue, base.tag, base.tag.commit))
        if isinstance(found, TagQuestion):
            way = _choose_way(context, issue, base, found)
            if way.base != base.tag.name:
                base = base_tag.choose(context.git, snapshot, way.base)
            return choose_name(context, issue, base, way.tag)
        name = found.name
    other = _command(issue, base.tag.name if base.chosen else None, Placeholder("<another name>"))
    if BranchName(name) == snapshot.hotfix_branch(issue):
        raise Failure(
            f"tag {name} would have the name of its own branch: git could not tell one from the other",
            hint=other,
            code=ExitCode.USAGE,
        )
    try:
        refuse_name(snapshot, name, base.tag.name, other)
        if tag is not None and is_not_higher(name, base.tag.name):
            raise Failure(f"{name} is not higher than {base.tag.name}", hint=other, unchanged=UNCHANGED)
    except Failure as failure:
        failure.code = ExitCode.USAGE
        raise
    return Start(base, name, told=tag is not None)


def _command(issue: IssueId, base: str | None, tag: str | None) -> str:
    return command_line("start", issue, from_=base or False, tag=tag or False)


def _choose_way(context: Context, issue: IssueId, base: StartingPoint, question: TagQuestion) -> Way:
    """The way that a person chose. Raises `Failure` (exit 2) with the command of each where nobody answers."""
    here = base.tag.name
    ways = [Way(f"start at {here}, and tag it {name}", here, name) for name in question.choices]
    if question.lacking:
        newest = question.lacking[-1]
        ways.insert(0, Way(f"start at {newest}, the newest of its line", newest))
    message = question.reason + _say_fixes(context, base, question)
    place = text.choose(context.streams, message, [way.words for way in ways]) if ways else None
    if place is not None:
        return ways[place]
    commands = [_command(issue, way.base, way.tag) for way in ways]
    if not ways:
        commands = [_command(issue, here, Placeholder("<name>"))]
    raise Failure(message, hint="\n".join(commands), code=ExitCode.USAGE)


def _say_fixes(context: Context, base: StartingPoint, question: TagQuestion) -> str:
    """What the releases fixed that the hotfix would lack, a line each."""
    told = tag_names.fixes_of_releases(context.git, context.snapshot, base.tag.commit, question.lacking)
    more = len(question.lacking) - len(told)
    lines = [f"{name}: {words}" for name, words in told.items()] + [f"… and {more} more"] * bool(more)
    return "".join(f"\n  {line}" for line in lines)


def ask_name(context: Context, unclear: TagUnclear) -> TagName:
    """The name that a person at a terminal gives the tag; raises `unclear` where nobody answers."""
    names = unclear.question.choices
    ways = [f"tag it {name}" for name in names]
    place = text.choose(context.streams, unclear.message, ways) if ways else None
    if place is None:
        raise unclear
    return names[place]
