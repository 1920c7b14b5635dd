"""Runs that are killed: at a word that a hook sees, or after a time; alone, or with every git that they started."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from building import Project
from sandbox import Repo

_WHEN = 'input=$(cat); case "$input" in *"{word}"*) ;; *) exit 0;; esac'
_KILL = 'while [ ! -s "{file}" ]; do sleep 0.01; done; read -r pid < "{file}"; kill -9 "$pid"'


def _started(repo: Repo, words: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """The command line as the head of a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", *words], cwd=repo.path, env={**os.environ, **repo.environment},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def apart(project: Project) -> None:
    """The server lives in a session of its own, as one on another machine does: no kill of the client reaches it."""
    project.clone.git("config", "remote.origin.receivepack", "setsid git-receive-pack")


def kill_at(
    project: Project, words: tuple[str, ...], hook: Path, word: str, *, state: str = "", all_of_it: bool
) -> None:
    """Run until `hook` reads `word` (in that state of a reference transaction); `all_of_it` kills its git, too."""
    file = project.root / "pid"
    file.unlink(missing_ok=True)
    when = f'[ "$1" = "{state}" ] || exit 0\n' if state else ""
    hook.write_text(f"#!/bin/sh\n{when}{_WHEN.format(word=word)}\n{_KILL.format(file=file)}\n")
    hook.chmod(0o755)
    process = _started(project.clone, words)
    file.write_text(f"{'-' if all_of_it else ''}{process.pid}\n")
    assert process.wait(timeout=60) == -signal.SIGKILL
    hook.unlink()


@contextlib.contextmanager
def running(repo: Repo, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Within, the command line runs; at the end it is killed with all that it started."""
    process = _started(repo, words)
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def kill_after(repo: Repo, words: tuple[str, ...], seconds: float, *, all_of_it: bool) -> bool:
    """Run and kill after `seconds`; False where it had ended by itself."""
    process = _started(repo, words)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        pass
    else:
        return False
    if all_of_it:
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
    return True


def locks(repo: Repo) -> list[str]:
    """Every lock file below the git directory."""
    top = repo.path / ".git"
    return sorted(str(file.relative_to(top)) for file in top.rglob("*.lock"))


def settled(repo: Repo, seconds: float = 10.0) -> None:
    """Wait until no git works in or for a repository any more: what a killed run had started ends by itself."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and _at_work(repo.path):
        time.sleep(0.02)


def _at_work(place: Path) -> bool:
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and str((process / "cwd").readlink()).startswith(str(place)):
                return True
        except OSError:
            continue
    return False
