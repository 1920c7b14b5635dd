"""Progress on a terminal, once something takes over a second."""

from __future__ import annotations

import time
from types import TracebackType

from git_hotfix.report.streams import Streams

_SILENT = 1.0  # seconds; nothing is shown for what is done by then


class Progress:
    """One line on stderr that is written over: done, all, seconds."""

    def __init__(self, streams: Streams, noun: str) -> None:
        self._streams = streams
        self._noun = noun
        self._since = time.monotonic()
        self._shown = False

    def __enter__(self) -> Progress:
        return self

    def show(self, done: int, total: int) -> None:
        """Say how far it is; only on a terminal and only after a second."""
        passed = time.monotonic() - self._since
        if self._streams.stderr.isatty() and passed >= _SILENT:
            print(f"\r{done} of {total} {self._noun}, {passed:.0f} s", end="", file=self._streams.stderr, flush=True)
            self._shown = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            print("\r\033[K", end="", file=self._streams.stderr, flush=True)
