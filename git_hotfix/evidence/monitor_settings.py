"""What `monitor` watches: the user's git configuration, `hotfix.monitor.<name>` and `hotfix.monitor.<name>.*`."""

from __future__ import annotations

import shlex

from git_hotfix.errors import Failure
from git_hotfix.evidence.configured import find_command, read_commands, read_seconds, refusal
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen
from git_hotfix.model.watch import Limits, read_number, read_rise

_SETTINGS = ("command", "min", "max", "max-rise", "every", "for", "timeout")
FOR, EVERY, TIMEOUT = 300.0, 15.0, 10.0
"""Seconds that production is watched, between two looks, and that one look has, where nothing else is set (playbook,
6.3: five minutes)."""


@frozen
class MonitorSetting:
    """One thing that is watched: its name, the line for the shell that looks, what its number has to keep to, and the
    seconds between two looks, of the whole watch, and that one look has."""

    name: str
    command: str
    limits: Limits = Limits()
    every: float = EVERY
    seconds: float = FOR
    timeout: float = TIMEOUT

    @property
    def words(self) -> str:
        """What is watched, with its limits: `errors: at most 10`."""
        limits = self.limits
        said = [
            *([f"at least {limits.lowest:g}"] if limits.lowest is not None else []),
            *([f"at most {limits.highest:g}"] if limits.highest is not None else []),
            *([f"at most {limits.rise} over what it was before"] if limits.rise else []),
        ]
        return f"{self.name}: {', '.join(said) or 'every look succeeds'}"


def read_monitors(repository: Repository) -> tuple[dict[str, MonitorSetting], tuple[Failure, ...]]:
    """What can be watched, by name, and what is wrong with each that cannot be read: who does not ask for that one is
    not stopped by it."""
    known, wrong = {}, []
    for name, told in read_commands(repository, "monitor", _SETTINGS).items():
        try:
            known[name] = _read(name, told)
        except Failure as failure:
            wrong.append(failure)
    return known, tuple(wrong)


def find_monitors(repository: Repository, name: str | None) -> tuple[MonitorSetting, ...]:
    """What is configured as `name`, whatever is wrong with another one; all where none is named. Raises `Failure`
    (exit 2) where there is none."""
    told = read_commands(repository, "monitor", _SETTINGS)
    if name is not None:
        found = find_command(told, "monitor", name)
        return (_read(found, told[found]),)
    if not told:
        raise refusal(
            "git config names nothing to monitor",
            "set it: git config hotfix.monitor.health 'curl -fsS https://example.org/health'\n"
            "somebody watched it by eye: git hotfix mark monitoring",
        )
    return tuple(_read(each, told[each]) for each in told)


def _read(name: str, told: dict[str, tuple[str, ...]]) -> MonitorSetting:
    last = {key: values[-1] for key, values in told.items()}

    def time(key: str, otherwise: float, example: str) -> float:
        whole = f"hotfix.monitor.{name}.{key}"
        return (
            read_seconds(last[key], whole, f"git config {shlex.quote(whole)} {example}") if key in last else otherwise
        )

    return MonitorSetting(
        name, last["command"], _limits(name, last), time("every", EVERY, "15s"), time("for", FOR, "5m"),
        time("timeout", TIMEOUT, "10s"),
    )  # fmt: skip


def _limits(name: str, last: dict[str, str]) -> Limits:
    numbers = {key: read_number(last[key]) for key in ("min", "max") if key in last}
    rise = read_rise(last["max-rise"]) if "max-rise" in last else None
    missing = [key for key, value in numbers.items() if value is None]
    wrong = [*missing, *(["max-rise"] if "max-rise" in last and rise is None else [])]
    if wrong:
        key = f"hotfix.monitor.{name}.{wrong[0]}"
        example = "10%" if wrong[0] == "max-rise" else "10"
        raise refusal(f"{key} is {last[wrong[0]]!r}, not a number", f"git config {shlex.quote(key)} {example}")
    return Limits(numbers.get("min"), numbers.get("max"), rise)
