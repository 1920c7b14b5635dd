"""Commands by name in the user's git configuration, `hotfix.run.<name>.*` and `hotfix.monitor.<name>.*`: one way to
read them.

No file of the repository names one: what is pulled must not decide what runs here.
"""

from __future__ import annotations

import difflib
import re
import shlex
from collections.abc import Collection

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git.repository import Repository

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_TIME = re.compile(r"(\d+(?:\.\d+)?)\s*([smh]?)")
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


def read_commands(
    repository: Repository, kind: str, settings: Collection[str]
) -> dict[str, dict[str, tuple[str, ...]]]:
    """Name → setting → its values, of those of a `kind` (`run`, `monitor`) that have a command; `settings` are those
    that count. `hotfix.run.smoke = pytest` is short for `hotfix.run.smoke.command`."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for key, values in repository.config.items():
        if not key.startswith(f"hotfix.{kind}."):
            continue
        name, dot, setting = key.removeprefix(f"hotfix.{kind}.").rpartition(".")
        if not dot:
            name, setting = setting, "command"
        if setting in settings and _NAME.fullmatch(name):
            found.setdefault(name, {})[setting] = values
    return {name: told for name, told in sorted(found.items()) if told.get("command", ("",))[-1].strip()}


def read_seconds(text: str, key: str, example: str) -> float:
    """A time in seconds: `90s`, `10m`, `1h`; above 0. Raises `Failure` (exit 2) for another word; `key` is where it
    stands, and `example` what might stand there."""
    found = _TIME.fullmatch(text.strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not seconds:
        raise refusal(f"{key} is {text!r}, not a time", example)
    return seconds


def find_command(known: Collection[str], kind: str, name: str) -> str:
    """The name in `known` that is meant by `name`. Raises `Failure` (exit 2), which lists the names that there are."""
    for each in (name, name.lower()):  # git has the short form's name in lower case
        if each in known:
            return each
    near = difflib.get_close_matches(name, known, n=1)
    what = f"; did you mean {near[0]}?" if near else ""
    listed = f"commands: {', '.join(known)}\n" if known else ""
    key = f"hotfix.{kind}.{name}" if _NAME.fullmatch(name) else f"hotfix.{kind}.NAME"
    raise refusal(
        f"git config names no command {shlex.quote(name)} to {kind}{what}",
        f"{listed}set it: git config {shlex.quote(key)} 'COMMAND'",
    )


def refusal(message: str, hint: str) -> Failure:
    """What cannot be run as it is configured (exit 2)."""
    return Failure(message, hint=hint, code=ExitCode.USAGE, unchanged="nothing was run or recorded")
