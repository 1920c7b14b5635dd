"""One look at production: the command of a monitor, run by itself, and what it answers."""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from git_hotfix.evidence.kept_output import KEPT, hide_secrets
from git_hotfix.evidence.monitor_settings import MonitorSetting
from git_hotfix.evidence.process import run_command
from git_hotfix.git.run import decode
from git_hotfix.model.watch import Answer
from git_hotfix.report.streams import Streams


class _End(io.RawIOBase):
    """Keeps the end of what is written, and forgets the rest: a look may say whatever it wants."""

    def __init__(self) -> None:
        self.kept = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        data = bytes(piece)  # type: ignore[call-overload]
        self.kept += data
        del self.kept[:-KEPT]
        return len(data)


def ask(
    setting: MonitorSetting, where: Path, environment: Mapping[str, str], stop: threading.Event | None = None
) -> Answer | None:
    """What one look answers, taken in the folder `where`; None where `stop` was set meanwhile."""
    out = _End()
    with open(os.devnull) as nothing:  # noqa: PTH123 (a device, not a file)
        streams = Streams(
            nothing, io.TextIOWrapper(io.BufferedWriter(out)), io.TextIOWrapper(io.BufferedWriter(_End()))
        )
        ended = run_command(setting.command, where, environment, setting.timeout, streams, stop=stop)
    if ended.state == "interrupted":
        return None
    said = hide_secrets(decode(ended.tail), os.environ)
    output = hide_secrets(decode(bytes(out.kept)), os.environ)
    return Answer(None if ended.state == "timed-out" else ended.exit, output, said)
