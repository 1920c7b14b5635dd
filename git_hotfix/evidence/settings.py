"""Which commands `run` knows: the user's git configuration, `hotfix.run.<name>` and `hotfix.run.<name>.*`."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

from git_hotfix.evidence.configured import find_command, read_commands, read_seconds, refusal
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen

_SETTINGS = ("command", "output", "prepare", "timeout", "carry", "junit")
TIMEOUT = 30 * 60
"""Seconds that a command has where nothing else is set."""


@frozen
class Setting:
    """One command of the user: its name, the line for the shell, the line that builds what it needs in a fresh
    checkout, seconds that each has, the untracked files that a fresh checkout gets (patterns), where it writes JUnit
    XML (pattern), and whether the end of its output is kept."""

    name: str
    command: str
    prepare: str = ""
    timeout: int = TIMEOUT
    carry: tuple[str, ...] = ()
    junit: str = ""
    keep: bool = False


def read_settings(repository: Repository) -> dict[str, Setting]:
    """The commands by name. Raises `Failure` (exit 2) for a value that cannot be read."""
    return {name: _read(name, told) for name, told in read_commands(repository, "run", _SETTINGS).items()}


def _read(name: str, told: dict[str, tuple[str, ...]]) -> Setting:
    last = {key: values[-1] for key, values in told.items()}
    output = last.get("output", "").lower()
    if output not in ("", "keep", "digest"):
        raise refusal(
            f"hotfix.run.{name}.output is {output!r}", f"git config hotfix.run.{shlex.quote(name)}.output keep"
        )
    carry = tuple(word for value in told.get("carry", ()) for word in value.split())
    return Setting(
        name, last["command"], last.get("prepare", ""), _seconds(name, last.get("timeout", "")), carry,
        _pattern(name, last.get("junit", "")), output == "keep",
    )  # fmt: skip


def _pattern(name: str, text: str) -> str:
    """A pattern of files that can be looked for. Raises `Failure` (exit 2) for another: a command may take an hour, and
    what it wrote is looked for after it."""
    if not text or Path(text).is_absolute():
        return text
    try:
        next(Path(os.devnull).glob(text), None)
    except (ValueError, IndexError, NotImplementedError) as error:
        key = f"hotfix.run.{name}.junit"
        raise refusal(f"{key} is {text!r}, no pattern of files", f"git config {key} 'reports/**/*.xml'") from error
    return text


def _seconds(name: str, text: str) -> int:
    """A time limit in whole seconds, at least one."""
    key = f"hotfix.run.{name}.timeout"
    return max(1, round(read_seconds(text, key, f"git config {shlex.quote(key)} 10m"))) if text else TIMEOUT


def find_setting(repository: Repository, name: str) -> Setting:
    """The command of that name; what is wrong with another one is of no concern. Raises `Failure` (exit 2), which lists
    those that there are."""
    known = read_commands(repository, "run", _SETTINGS)
    found = find_command(known, "run", name)
    return _read(found, known[found])
