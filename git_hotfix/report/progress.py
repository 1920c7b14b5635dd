"""Progress on a terminal, once something takes over a second: what is being done, how far it is, for how long."""

from __future__ import annotations

import threading
import time
from types import TracebackType

from git_hotfix.report.streams import Streams

_SILENT = 1.0  # seconds; nothing is shown for what is done by then
_EVERY = 0.2  # seconds between two looks at the clock


class Progress:
    """One line on stderr that is written over while a block runs; nothing at all where stderr is not a terminal."""

    def __init__(self, streams: Streams, doing: str) -> None:
        self._streams = streams
        self._doing = doing
        self._since = time.monotonic()
        self._end = threading.Event()
        self._clock: threading.Thread | None = None

    def __enter__(self) -> Progress:
        if self._streams.stderr.isatty():
            self._clock = threading.Thread(target=self._tick, daemon=True)
            self._clock.start()
        return self

    def show(self, done: int, total: int) -> None:
        """Say how many of how many are done."""
        self._doing = f"{self._doing.split(':')[0]}: {done} of {total}"

    def counts(self, done: int, conflicted: int, left: int) -> None:
        """Say how many are done, how many conflict, and how many are left."""
        conflicts = f"{conflicted} in conflict, " if conflicted else ""
        self._doing = f"{self._doing.split(':')[0]}: {done} done, {conflicts}{left} left"

    def _tick(self) -> None:
        shown = False
        while not self._end.wait(_EVERY):
            passed = time.monotonic() - self._since
            if passed >= _SILENT:
                line = f"\r{self._doing} ({passed:.0f} s)\033[K"
                print(line, end="", file=self._streams.stderr, flush=True)
                shown = True
        if shown:
            print("\r\033[K", end="", file=self._streams.stderr, flush=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end.set()
        if self._clock:
            self._clock.join()
