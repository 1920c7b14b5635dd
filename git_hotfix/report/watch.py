"""A watch of production for people: the line that is written over while it lasts, its looks, and how it ended."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Sequence

from git_hotfix.model.times import duration_words
from git_hotfix.model.watch import Look, Watch
from git_hotfix.model.words import counted
from git_hotfix.report.streams import Streams, safe_line

_BLOCKS, _DIGITS = "▁▂▃▄▅▆▇█", "12345678"
_SHOWN = 20  # looks of one watch that a line shows
_NARROW = 20  # columns below which nothing of use fits
_MINUTE = 60.0


class WatchDisplay:
    """What is shown while production is watched: on a terminal one line that is written over, elsewhere a line for the
    first look of each watch, for each that was not right, and one a minute. A terminal that is gone stops no watch."""

    def __init__(self, streams: Streams, way_back: str) -> None:
        self._streams, self.way_back = streams, way_back
        self.live = streams.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._plain = not (streams.stderr.encoding or "").lower().startswith("utf")
        self._last: dict[str, float] = {}

    def show(self, watches: Sequence[Watch], left: float) -> None:
        """Write the line of a terminal over; `left` is in seconds."""
        if self.live:
            width = max(_NARROW, shutil.get_terminal_size().columns - 1)
            line = live_line(watches, left, self.way_back, width, plain=self._plain)
            self._write(f"\r{line}\033[K")

    def tell(self, watch: Watch, left: float) -> None:
        """Say what the last look of a watch was, where a line is due."""
        look, last = watch.looks[-1], self._last.get(watch.name)
        quiet = last is not None and look.at - last < _MINUTE and look.state == "ok" and not self._streams.verbose
        if self.live or quiet:
            return
        self._last[watch.name] = look.at
        number = len(watch.looks)
        with contextlib.suppress(OSError):
            self._streams.say(f"{watch.name}, look {number}: {look_words(look)}; {time_words(left)} left")

    def clear(self) -> None:
        """Take the line of a terminal away."""
        if self.live:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError):
            print(text, end="", file=self._streams.stderr, flush=True)


def live_line(watches: Sequence[Watch], left: float, way_back: str, width: int, *, plain: bool = False) -> str:
    """One line: each watch with its looks and what the last one said, the time left in seconds, and the way back, which
    is never cut off as long as it fits at all."""
    whole = max(0, round(left))
    time_left = f"{whole} s" if whole < 120 else f"{whole // 60}:{whole % 60:02d}"
    tail = f"  {time_left} left" + (f"  back: {way_back}" if way_back else "")
    tail = safe_line(tail)[:width]
    parts = []
    for watch in watches:
        said = look_words(watch.looks[-1]) if watch.looks else "…" if not plain else "..."
        parts.append(f"{watch.name} {sparkline(watch.looks, plain=plain)} {said}".replace("  ", " "))
    head = safe_line(" | ".join(parts))
    room = width - len(tail)
    return f"{head if len(head) <= room else head[: max(0, room - 1)] + ('~' if room > 0 else '')}{tail}"


def sparkline(looks: Sequence[Look], *, plain: bool = False) -> str:
    """The last looks, a letter each: a number as high as it stands among the shown ones, `.` where all was right
    without one, `x` for a failure, `?` for no answer."""
    shown = looks[-_SHOWN:]
    values = [look.value for look in shown if look.value is not None]
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    steps = _DIGITS if plain else _BLOCKS
    return "".join(_letter(look, low, high, steps) for look in shown)


def _letter(look: Look, low: float, high: float, steps: str) -> str:
    if look.state == "no-answer":
        return "?"
    if look.value is None:
        return "." if look.state == "ok" else "x"
    share = (look.value - low) / (high - low) if high > low else 0.0
    return steps[min(len(steps) - 1, int(share * len(steps)))]


def look_words(look: Look) -> str:
    """What a look saw: its number or `ok`, else why it was not right."""
    if look.state == "ok":
        return "ok" if look.value is None else f"{look.value:g}"
    return f"no answer: {look.cause}" if look.state == "no-answer" else f"failed: {look.cause}"


def looks_words(looks: Sequence[Look]) -> str:
    """All looks in a line: `20 ok, 1 without an answer, numbers 0.1 to 0.4`."""
    names = {"ok": "ok", "failed": "failed", "no-answer": "without an answer"}
    many = {state: sum(look.state == state for look in looks) for state in names}
    said = ", ".join(f"{many[state]} {word}" for state, word in names.items() if many[state]) or "no look"
    values = [look.value for look in looks if look.value is not None]
    if not values:
        return said
    low, high = f"{min(values):g}", f"{max(values):g}"
    return f"{said}, number {low}" if low == high else f"{said}, numbers {low} to {high}"


def begin_line(watches: Sequence[Watch], way_back: str) -> str:
    """What is going to be watched, for how long, and the way back."""
    names = ", ".join(f"{watch.name} for {time_words(watch.seconds)}" for watch in watches)
    return f"watching {names}" + (f"; the way back: {way_back}" if way_back else "")


def end_line(watch: Watch, elapsed: float) -> str:
    """How a watch ended, after `elapsed` seconds."""
    name, after = watch.name, f"after {time_words(elapsed)}"
    if watch.state == "passed":
        return f"{name} passed {after}: {looks_words(watch.looks)}"
    if watch.state == "failed":
        return f"{name} failed {after}, at look {len(watch.looks)}: {watch.why}"
    words = {"inconclusive": "says nothing of production", "interrupted": "was interrupted"}
    return f"{name} {words[watch.state]} {after} and {counted(len(watch.looks), 'look')}: {watch.why}"


def time_words(seconds: float) -> str:
    """A time as people say it: with seconds below an hour, where they are not 0."""
    whole = max(0, round(seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 120:
        return f"{whole} s"
    return f"{minutes} min {rest:02d} s" if rest and minutes < 60 else duration_words(whole)
