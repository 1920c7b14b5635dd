"""What a command of the user leaves behind: the facts of its entry, and its processes."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from sandbox import Repo


def facts(repo: Repo, commit: str = "refs/hotfix/log/4711") -> dict[str, str]:
    """The facts of an entry."""
    lines = repo.git("log", "-1", "--format=%(trailers:only,unfold)", commit).splitlines()
    return dict(line.split(": ", 1) for line in lines if line)


def until(happens: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """True while a process is at work."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in ("Z", "X")
    except OSError:
        return False
