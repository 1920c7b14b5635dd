"""Which commands `run` knows: the user's git configuration, `hotfix.run.<name>` and `hotfix.run.<name>.*`.

No file of the repository names one: what is pulled must not decide what runs here.
"""

from __future__ import annotations

import difflib
import re
import shlex

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen

_KEY = "hotfix.run."
_SETTINGS = ("command", "output", "prepare", "timeout", "carry", "junit")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TIME = re.compile(r"(\d+)\s*([smh]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
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
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, values in repository.config.items():
        if not key.startswith(_KEY):
            continue
        name, dot, setting = key.removeprefix(_KEY).rpartition(".")
        if not dot:
            name, setting = setting, "command"  # hotfix.run.smoke = pytest
        if setting in _SETTINGS and _NAME.fullmatch(name):
            found.setdefault(name, {})[setting] = values
    return {name: _read(name, told) for name, told in sorted(found.items()) if told.get("command", ("",))[-1].strip()}


def _read(name: str, told: dict[str, tuple[str, ...]]) -> Setting:
    last = {key: values[-1] for key, values in told.items()}
    output = last.get("output", "").lower()
    if output not in ("", "keep", "digest"):
        raise _refusal(f"hotfix.run.{name}.output is {output!r}", f"git config hotfix.run.{name}.output keep")
    carry = tuple(word for value in told.get("carry", ()) for word in value.split())
    return Setting(
        name, last["command"], last.get("prepare", ""), _seconds(name, last.get("timeout", "")), carry,
        last.get("junit", ""), output == "keep",
    )  # fmt: skip


def _seconds(name: str, text: str) -> int:
    if not text:
        return TIMEOUT
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) == 0:
        key = f"hotfix.run.{name}.timeout"
        raise _refusal(f"{key} is {text!r}, not a time", f"git config {key} 10m")
    return int(found[1]) * _UNITS[found[2]]


def find_setting(repository: Repository, name: str) -> Setting:
    """The command of that name. Raises `Failure` (exit 2), which lists those that there are."""
    known = read_settings(repository)
    found = known.get(name) or known.get(name.lower())  # git has the short form's name in lower case
    if found:
        return found
    near = difflib.get_close_matches(name, known, n=1)
    what = f"; did you mean {near[0]}?" if near else ""
    listed = f"commands: {', '.join(known)}\n" if known else ""
    key = f"hotfix.run.{name}" if _NAME.fullmatch(name) else "hotfix.run.NAME"
    raise _refusal(
        f"git config names no command {shlex.quote(name)} to run{what}", f"{listed}set it: git config {key} 'COMMAND'"
    )


def _refusal(message: str, hint: str) -> Failure:
    return Failure(message, hint=hint, code=ExitCode.USAGE, unchanged="nothing was run or recorded")
