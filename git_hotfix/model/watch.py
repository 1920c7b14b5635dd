"""A watch of production after a deployment: looks at it, and what they add up to.

Pure: who takes the looks, and by which clock, is somebody else's business.
"""

from __future__ import annotations

import math
import re
from typing import Literal

from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.words import one_line

LookState = Literal["ok", "failed", "no-answer"]
WatchState = Literal["running", "passed", "failed", "inconclusive", "interrupted"]

SILENT_LOOKS = 4
"""So many looks in a row without an answer end a watch: nobody can say how production is."""
NOT_STARTED = (126, 127)
"""What a shell says of a command that it cannot start (POSIX, 2.8.2)."""
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*%?")
_LONGEST = 60  # letters of somebody's output that a cause repeats


@frozen
class Rise:
    """How much higher than the baseline a number may be: so much of the baseline (`share`, 0.1 for 10 %), or so much
    more."""

    amount: float
    share: bool

    def highest(self, baseline: float) -> float:
        """The highest number that is still right."""
        return baseline + (abs(baseline) * self.amount if self.share else self.amount)

    def __str__(self) -> str:
        return f"{self.amount * 100:g}%" if self.share else f"{self.amount:g}"


@frozen
class Limits:
    """What a number has to keep to; None where it does not matter. Without any, the exit code of a look decides."""

    lowest: float | None = None
    highest: float | None = None
    rise: Rise | None = None

    @property
    def need_number(self) -> bool:
        """True where a look has to bring a number."""
        return (self.lowest, self.highest, self.rise) != (None, None, None)


@frozen
class Answer:
    """What the command of a look said: its exit code (negative for the signal that ended it; None where it did not end
    in time), its output, where a number is looked for, and all that it said, errors too."""

    exit: int | None
    output: str = ""
    said: str = ""


@frozen
class Look:
    """One look: when, in seconds since the epoch; the number that it brought, where it brought one; whether production
    was as it should be, was not, or did not answer; and why, in words."""

    at: float
    value: float | None
    state: LookState
    cause: str = ""


@frozen
class Watch:
    """A watch of `seconds`, and what it has seen. A watch that has ended takes no look any more.

    It passes only when its time is over, at least one look was right, and the last one was. One look that failed ends
    it at once; looks without an answer say nothing, and `SILENT_LOOKS` of them in a row end it.
    """

    name: str
    seconds: float
    baseline: float | None = None
    looks: tuple[Look, ...] = ()
    state: WatchState = "running"
    why: str = ""

    @property
    def running(self) -> bool:
        """True while it takes looks."""
        return self.state == "running"

    @property
    def decided_by(self) -> Look | None:
        """The look that ended it; None where it was interrupted, or is running."""
        return self.looks[-1] if self.looks and self.state in ("passed", "failed", "inconclusive") else None


def add_look(watch: Watch, look: Look, elapsed: float) -> Watch:
    """The watch after one more look, which ended `elapsed` seconds after the watch began (by a clock that nobody
    sets)."""
    if not watch.running:
        return watch
    watch = replace(watch, looks=(*watch.looks, look))
    if look.state == "failed":
        return replace(watch, state="failed", why=look.cause)
    silent = watch.looks[-SILENT_LOOKS:]
    if len(silent) == SILENT_LOOKS and all(each.state == "no-answer" for each in silent):
        why = f"{SILENT_LOOKS} looks in a row without an answer: {look.cause}"
        return replace(watch, state="inconclusive", why=why)
    if elapsed < watch.seconds:
        return watch
    if look.state == "ok":
        return replace(watch, state="passed", why=f"right until its time was over, {len(watch.looks)} looks")
    return replace(watch, state="inconclusive", why=f"no answer at its end: {look.cause}")


def interrupt_watch(watch: Watch, why: str) -> Watch:
    """The watch, ended by somebody before its time; one that has ended stays as it ended."""
    return replace(watch, state="interrupted", why=why) if watch.running else watch


def judge_answer(answer: Answer, limits: Limits, baseline: float | None, at: float) -> Look:
    """What one answer says of production. What cannot be told is no answer, never a success."""
    if answer.exit is None:
        return Look(at, None, "no-answer", "it did not end in time")
    if answer.exit in NOT_STARTED:
        return Look(at, None, "no-answer", f"it could not be started (exit {answer.exit})")
    if answer.exit < 0:
        return Look(at, None, "no-answer", f"signal {-answer.exit} ended it")
    if not limits.need_number:
        last = _last_line(answer.said or answer.output)
        said = f": {last}" if last else ""
        return Look(at, None, "failed", f"exit {answer.exit}{said}") if answer.exit else Look(at, None, "ok")
    if answer.exit:
        return Look(at, None, "no-answer", f"exit {answer.exit}, and no number counts")
    value = read_number(_last_line(answer.output))
    if value is None:
        return Look(at, None, "no-answer", f"its last line is no number: {_last_line(answer.output) or 'nothing'}")
    return _judge_number(value, limits, baseline, at)


def _judge_number(value: float, limits: Limits, baseline: float | None, at: float) -> Look:
    if limits.highest is not None and value > limits.highest:
        return Look(at, value, "failed", f"{value:g} is over the limit of {limits.highest:g}")
    if limits.lowest is not None and value < limits.lowest:
        return Look(at, value, "failed", f"{value:g} is below the limit of {limits.lowest:g}")
    if limits.rise is not None:
        if baseline is None:
            return Look(at, value, "no-answer", "nothing was measured before the deployment")
        if value > limits.rise.highest(baseline):
            return Look(at, value, "failed", f"{value:g} is more than {limits.rise} over {baseline:g}")
    return Look(at, value, "ok")


def read_number(text: str) -> float | None:
    """The number that a line is, with or without a percent sign; None for other words, and for what is not finite."""
    found = _NUMBER.fullmatch(text.strip())
    value = float(found[1]) if found else math.nan
    return value if math.isfinite(value) else None


def read_rise(text: str) -> Rise | None:
    """A rise as somebody wrote it, `10%` of the baseline or `5` more than it; None for what is none, or negative."""
    value = read_number(text)
    if value is None or value < 0:
        return None
    share = text.strip().endswith("%")
    return Rise(value / 100 if share else value, share)


def _last_line(output: str) -> str:
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    return one_line(lines[-1])[:_LONGEST] if lines else ""
