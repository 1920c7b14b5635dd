"""What a number was before a deployment: measured then, recorded, and compared with what is seen after it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence

from git_hotfix.context import Context
from git_hotfix.evidence.code import Code
from git_hotfix.evidence.configured import refusal
from git_hotfix.evidence.look import ask
from git_hotfix.evidence.monitor import place_of
from git_hotfix.evidence.monitor_settings import MonitorSetting
from git_hotfix.evidence.run import Record
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Logbook
from git_hotfix.model.names import Oid
from git_hotfix.model.recorded_evidence import BASELINE, STATE, VALUE
from git_hotfix.model.watch import Limits, judge_answer, read_number
from git_hotfix.record.timeline import read_timeline
from git_hotfix.report.unsent import say_unsent

_LOOKS, _APART = 3, 1.0  # looks of which the middle one counts, and seconds between two of them at most
MEASURED = "measured"
"""The state of an entry that holds a baseline."""


@frozen
class Baseline:
    """A number before the deployment, and its entry; None where it could not be measured, and why (`cause`)."""

    name: str
    value: float | None
    cause: str = ""
    entry: Oid | None = None

    @property
    def words(self) -> str:
        """What the number is, for people."""
        if self.value is None:
            return f"{self.name} was not measured: {self.cause}"
        return f"{self.name} is {self.value:g} before the deployment; recorded"


def measure(context: Context, code: Code, settings: Sequence[MonitorSetting]) -> tuple[Baseline, ...]:
    """Measure and record what the numbers of `settings` are now: the middle one of three looks, a second apart at most.
    What does not answer each time is not recorded."""
    where, told = place_of(context, code)
    values: dict[str, list[float]] = {each.name: [] for each in settings}
    causes: dict[str, str] = {}
    for number in range(_LOOKS):
        if number:
            time.sleep(min(_APART, *(each.every for each in settings)))
        for each in settings:
            answer = ask(each, where, told) if each.name not in causes else None
            if answer is None:
                continue
            look = judge_answer(answer, Limits(lowest=float("-inf")), None, time.time())
            if look.value is None:
                causes[each.name] = look.cause
            else:
                values[each.name].append(look.value)
    middle = {name: statistics.median(found) for name, found in values.items() if name not in causes}
    entries = _record(context, code, middle)
    return tuple(
        Baseline(each.name, middle.get(each.name), causes.get(each.name, ""), entries.get(each.name))
        for each in settings
    )


def _record(context: Context, code: Code, measured: Mapping[str, float]) -> dict[str, Oid]:
    if not measured:
        return {}
    record = Record(context, code.hotfix.issue, "monitor")
    facts = [
        {BASELINE: name, VALUE: repr(value), STATE: MEASURED, "Commit": code.commit} for name, value in measured.items()
    ]
    entries, unsent = record.at_once(facts)
    say_unsent(context.streams, unsent)
    return dict(zip(measured, entries, strict=True))


def read_baselines(book: Logbook, now: int) -> dict[str, float]:
    """Name → what was measured last before the fix was deployed; where nobody knows when that was, what was measured
    last."""
    deployed = read_timeline(book, now=now).at("deployed")
    found: dict[str, float] = {}
    for entry in book.of_kind("evidence"):
        value = read_number(entry.facts.get(VALUE, ""))
        if BASELINE in entry.facts and value is not None and (deployed is None or entry.when <= deployed):
            found[entry.facts[BASELINE]] = value
    return found


def require_baselines(settings: Sequence[MonitorSetting], baselines: Mapping[str, float]) -> None:
    """Refuse to watch a rise over what nobody measured (exit 2)."""
    lacking = [each.name for each in settings if each.limits.rise and each.name not in baselines]
    if lacking:
        key = f"hotfix.monitor.{lacking[0]}"
        own = git_command("config", f"{key}.max", "NUMBER")
        raise refusal(
            f"{', '.join(lacking)} has a max-rise, and nothing was measured before the deployment",
            f"before a deployment: {command_line('monitor', lacking[0], baseline=True)}, or git hotfix run deploy\n"
            f"after it, a limit of its own: {own} && {git_command('config', '--unset', f'{key}.max-rise')}",
        )
