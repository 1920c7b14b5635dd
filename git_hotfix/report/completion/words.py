"""What can be typed after `git hotfix`, read off the parsers: the words that every shell's script is made of."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from typing import Literal

from git_hotfix.model import boxes, events, form
from git_hotfix.model.frozen import frozen

Kind = Literal["", "issues", "tags", "branches", "gates", "hotfixes", "directories", "files"]
"""Where a value's words come from; "" for a value that nobody can guess. `hotfixes` are issues and tags."""

# What a parser calls a value says what it is.
_BY_METAVAR: dict[str, Kind] = {
    "TAG": "tags",
    "TARGET": "branches",
    "GLOB": "branches",
    "GATE": "gates",
    "ISSUE": "issues",
    "PATH": "directories",
    "FILE": "files",
}

# How a shell asks git for them: arguments of for-each-ref. git alone runs at a TAB, no Python.
QUERIES: dict[str, tuple[str, ...]] = {
    "issues": (
        "--format=%(refname:lstrip=3) refs/heads/hotfix",
        "--format=%(refname:lstrip=4) refs/remotes/*/hotfix/*",
    ),
    "tags": ("--format=%(refname:lstrip=2) refs/tags", "--format=%(refname:lstrip=3) refs/hotfix/remote-tags"),
    "branches": (
        "--format=%(refname:lstrip=2) refs/heads",
        # origin/HEAD is a name for another branch.
        "--format=%(if)%(symref)%(then)%(else)%(refname:lstrip=3)%(end) refs/remotes",
    ),
}


def quote(query: str) -> str:
    """A query as words of a shell."""
    form, _, pattern = query.rpartition(" ")
    return f"{shlex.quote(form)} {shlex.quote(pattern)}"


@frozen
class Value:
    """The value of an option or a positional argument: its name, its fixed `choices`, or the `kind` of its words."""

    name: str
    choices: tuple[str, ...] = ()
    kind: Kind = ""


@frozen
class Option:
    """An option: its spellings, what it does, its value (None: it takes none), and whether it may be left bare."""

    flags: tuple[str, ...]
    help: str
    value: Value | None
    optional: bool = False
    repeats: bool = False


@frozen
class Words:
    """A subcommand: name, summary, options, its positional argument with whether it `repeats`, and its group."""

    name: str
    summary: str
    options: tuple[Option, ...]
    argument: Value | None
    repeats: bool = False
    group: str = ""


def read(name: str, summary: str, parser: argparse.ArgumentParser, *, group: str = "") -> Words:
    """The words of one subcommand. What a parser hides stays hidden."""
    actions = [action for action in parser._actions if action.help != argparse.SUPPRESS]
    options = tuple(_option(action) for action in actions if action.option_strings)
    positional = next((action for action in actions if not action.option_strings), None)
    return Words(
        name,
        summary,
        options,
        _value(positional) if positional else None,
        repeats=positional is not None and positional.nargs in ("+", "*"),
        group=group,
    )


def _option(action: argparse.Action) -> Option:
    takes = action.nargs != 0
    return Option(
        tuple(action.option_strings),
        (action.help or _choices_in_words(action)).replace("%%", "%"),
        _value(action) if takes else None,
        optional=action.nargs == "?",
        repeats=isinstance(action, argparse._AppendAction),
    )


def _choices_in_words(action: argparse.Action) -> str:
    return ", ".join(map(str, action.choices or ()))


def _value(action: argparse.Action) -> Value:
    name = action.metavar if isinstance(action.metavar, str) else action.dest
    choices: Sequence[str] = tuple(map(str, action.choices or ()))
    if name.upper() == "FIELD":
        choices = tuple(form.BY_ID)
    kind = _BY_METAVAR.get(name.upper(), "")
    if not action.option_strings and action.dest == "hotfix":
        kind = "hotfixes"
    elif not action.option_strings and action.dest == "issue" and action.nargs is None:
        kind = ""  # a new one, which start makes
    elif not action.option_strings and action.dest == "mark":
        choices = (*events.BY_ID, *boxes.BY_ID)
    return Value(name, tuple(choices), kind)
