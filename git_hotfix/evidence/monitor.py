"""A watch of production: looks taken side by side, each by its own clock, and both entries of every watch."""

from __future__ import annotations

import contextlib
import json
import math
import queue
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from git_hotfix.context import Context
from git_hotfix.evidence.code import Code, Place, variables
from git_hotfix.evidence.look import ask
from git_hotfix.evidence.monitor_settings import MonitorSetting
from git_hotfix.evidence.run import Record
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.recorded_evidence import FOR, LOOKS, MONITOR, STATE, WHY
from git_hotfix.model.watch import Answer, Look, Watch, add_look, interrupt_watch, judge_answer
from git_hotfix.report.watch import WatchDisplay, begin_line, looks_words

LOOKS_FILE = "looks.json"
"""What every measurement of a watch is attached as."""
_SHOW = 1.0  # seconds between two times that the line of a terminal is written
# Seconds that the end of a watch waits for a look that does not want to end: the way back is not kept from anybody. The
# guard of that look ends it when this process is gone.
_LAST = 1.0
BEFORE = "Before"
"""The trailer of a watch that says what its number was before the deployment."""


@frozen
class Watched:
    """A watch that has ended: what it saw, for how many seconds, and its entry."""

    watch: Watch
    elapsed: float
    entry: Oid


@frozen
class _Looker:
    """Who takes the looks of one watch, in a thread of its own; setting `stop` ends it."""

    setting: MonitorSetting
    thread: threading.Thread
    stop: threading.Event = field(default_factory=threading.Event)


@frozen
class _Seen:
    """What a thread has to say: an answer, when it was asked for (seconds since the epoch) and how long after the watch
    began it came; or what broke it."""

    name: str
    at: float = 0.0
    elapsed: float = 0.0
    answer: Answer | None = None
    broken: BaseException | None = None


def place_of(context: Context, code: Code) -> tuple[Path, Mapping[str, str]]:
    """Where looks are taken, and what their commands are told: at the top of this clone, whatever stands there, about
    the code that is in production."""
    top = context.repository.top or context.repository.common_dir
    return top, variables(code, Place(context.repository.git, code.commit, code.tree, 0))


def watch_production(
    context: Context,
    code: Code,
    settings: Sequence[MonitorSetting],
    baselines: Mapping[str, float],
    display: WatchDisplay,
) -> tuple[tuple[Watched, ...], str | None]:
    """Watch everything of `settings` side by side until each has ended; one that fails ends all. Recorded before it
    begins and when it has ended; the second value says why the remote does not have that.

    Raises `Failure` (exit 3) where nothing can be started.
    """
    where, told = place_of(context, code)
    record = Record(context, code.hotfix.issue, "monitor")
    watches = [Watch(each.name, each.seconds, baselines.get(each.name)) for each in settings]
    context.streams.say(begin_line(watches, display.way_back))
    with record.begun(*(_beginning(code, watch) for watch in watches)):
        ended = _follow(settings, watches, lambda each, stop: ask(each, where, told, stop), display)
    entries, unsent = record.end_each(
        [(_end(watch, elapsed), {LOOKS_FILE: looks_file(watch)}) for watch, elapsed in ended]
    )
    return tuple(Watched(*each, entry) for each, entry in zip(ended, entries, strict=True)), unsent


def _beginning(code: Code, watch: Watch) -> dict[str, str]:
    before = {BEFORE: f"{watch.baseline:g}"} if watch.baseline is not None else {}
    return {MONITOR: watch.name, "Commit": code.commit, "Tree": code.tree, FOR: f"{watch.seconds:g}", **before}


def _end(watch: Watch, elapsed: float) -> dict[str, str]:
    said = {WHY: watch.why} if watch.why else {}
    return {STATE: watch.state, "Seconds": f"{elapsed:.1f}", LOOKS: looks_words(watch.looks), **said}


def looks_file(watch: Watch) -> bytes:
    """Every measurement of a watch as JSON: `at` in seconds since the epoch."""
    return json.dumps([look_object(look) for look in watch.looks], indent=1).encode() + b"\n"


def look_object(look: Look) -> dict[str, object]:
    """A look as JSON has it."""
    return {"at": round(look.at, 3), "value": look.value, "state": look.state, "cause": look.cause or None}


def _follow(
    settings: Sequence[MonitorSetting],
    watches: Sequence[Watch],
    take: Callable[[MonitorSetting, threading.Event], Answer | None],
    display: WatchDisplay,
) -> list[tuple[Watch, float]]:
    """The watches when all have ended, each with the seconds that it took."""
    found: queue.SimpleQueue[_Seen] = queue.SimpleQueue()
    began = time.monotonic()
    lookers = {each.name: _looker(each, take, found, began) for each in settings}
    state, took = {watch.name: watch for watch in watches}, dict[str, float]()
    longest = max(watch.seconds for watch in watches)
    try:
        for each in lookers.values():
            each.thread.start()
        display.show(watches, longest)
        while any(watch.running for watch in state.values()):
            seen = _next(found, display)
            if seen is None or not state[seen.name].running:
                display.show(list(state.values()), longest - (time.monotonic() - began))
                continue
            setting, watch = lookers[seen.name].setting, state[seen.name]
            assert seen.answer
            look = judge_answer(seen.answer, setting.limits, watch.baseline, seen.at)
            state[seen.name] = add_look(watch, look, seen.elapsed)
            took[seen.name] = seen.elapsed
            display.show(list(state.values()), longest - seen.elapsed)
            display.tell(state[seen.name], watch.seconds - seen.elapsed)
            if state[seen.name].state == "failed":
                state = {name: interrupt_watch(each, f"{seen.name} failed") for name, each in state.items()}
            _stop(lookers, [name for name, each in state.items() if not each.running])
    except KeyboardInterrupt:
        state = {name: interrupt_watch(watch, "somebody ended it") for name, watch in state.items()}
    finally:
        _stop(lookers, list(lookers))
        display.clear()
    with contextlib.suppress(KeyboardInterrupt):  # whoever insists does not wait, and the end is recorded all the same
        for each in lookers.values():
            each.thread.join(_LAST)
    whole = time.monotonic() - began
    return [(state[each.name], whole if state[each.name].state == "interrupted" else took[each.name])
            for each in settings]  # fmt: skip


def _next(found: queue.SimpleQueue[_Seen], display: WatchDisplay) -> _Seen | None:
    """Wait for the next answer; on a terminal no longer than its line may be old. Raises what broke a thread."""
    try:
        seen = found.get(timeout=_SHOW if display.live else None)
    except queue.Empty:
        return None
    if seen.broken:
        raise seen.broken
    return seen


def _stop(lookers: Mapping[str, _Looker], names: Sequence[str]) -> None:
    for name in names:
        lookers[name].stop.set()


def _looker(
    setting: MonitorSetting,
    take: Callable[[MonitorSetting, threading.Event], Answer | None],
    found: queue.SimpleQueue[_Seen],
    began: float,
) -> _Looker:
    stop = threading.Event()

    def look_on() -> None:
        try:
            _take_looks(setting, lambda: take(setting, stop), found, began, stop)
        except BaseException as error:  # told to the one thread that can say it
            found.put(_Seen(setting.name, broken=error))

    return _Looker(setting, threading.Thread(target=look_on, daemon=True), stop)


def _take_looks(
    setting: MonitorSetting,
    take: Callable[[], Answer | None],
    found: queue.SimpleQueue[_Seen],
    began: float,
    stop: threading.Event,
) -> None:
    """Take a look at once, one after every `every` seconds, and one when the time is over."""
    due = 0.0
    while not stop.wait(max(0.0, began + due - time.monotonic())):
        at = time.time()
        answer = take()
        if answer is None:
            return
        elapsed = time.monotonic() - began
        found.put(_Seen(setting.name, at, elapsed, answer))
        if elapsed >= setting.seconds:
            return
        due = next_look(elapsed, setting.every, setting.seconds)


def next_look(elapsed: float, every: float, seconds: float) -> float:
    """When the next look is due, in seconds after the watch began: at the next multiple of `every`, the last one at
    its end."""
    return min(seconds, (math.floor(elapsed / every) + 1) * every)
