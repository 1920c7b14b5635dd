"""A command of ours as a person pastes it into a shell: an issue, a tag or a branch may hold what a shell acts on."""

from __future__ import annotations

import shlex
from collections.abc import Sequence


class Placeholder(str):
    """A word that a person replaces before the command is run, shown as it is: `<name>`, `…`."""


def command_line(name: str, *operands: str, **options: str | bool | Sequence[str]) -> str:
    """`git hotfix <name>` with its operands and options, each word quoted for a POSIX shell where it needs that.

    An option is named as Python allows (`dry_run`, `from_`, `continue_`): True stands alone, False is left out, and a
    sequence gives the option once for each value. What begins with a dash is passed so that it is no option: a value
    behind `=`, operands behind `--` at the end (argparse takes both, as git does).
    """
    given = [word for key, value in options.items() for word in _give(key.rstrip("_").replace("_", "-"), value)]
    quoted = [_quote(each) for each in operands]
    if any(each.startswith("-") for each in operands):
        return " ".join(["git hotfix", name, *given, "--", *quoted])
    return " ".join(["git hotfix", name, *quoted, *given])


def git_command(*words: str) -> str:
    """A command of git's own with each word quoted in the same way."""
    return " ".join(["git", *map(_quote, words)])


def _give(name: str, value: str | bool | Sequence[str]) -> list[str]:
    if isinstance(value, bool):
        return [f"--{name}"] if value else []
    values = [value] if isinstance(value, str) else value
    return [f"--{name}{'=' if each.startswith('-') else ' '}{_quote(each)}" for each in values]


def _quote(word: str) -> str:
    return word if isinstance(word, Placeholder) else shlex.quote(word)
