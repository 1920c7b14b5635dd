"""One run per repository: a lock file in the common git directory that knows whose it is."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from git_hotfix.errors import UNCHANGED, Failure
from git_hotfix.git.processes import MARK
from git_hotfix.model.frozen import frozen

_TRIES = 5


@frozen
class Dead:
    """A run whose process is gone: its name, and when it took the lock, in seconds since the epoch."""

    run: str
    began: float


@contextlib.contextmanager
def hold(common_dir: Path, what: str) -> Iterator[Dead | None]:
    """Hold the lock while a command acts, and name this run to what it starts. A lock whose process is gone is taken
    over; then the value is what is known of that run.

    Raises `Failure` (exit 3) at once when a living process holds it, and names it.
    """
    folder = common_dir / "hotfix"
    folder.mkdir(exist_ok=True)
    file = folder / "lock"
    started = start_of_process(os.getpid())
    mine = json.dumps({"pid": os.getpid(), "started": started, "what": what})
    # Written whole under a name of its own and linked into place: nobody ever reads half a lock.
    draft = folder / f"lock.{os.getpid()}"
    died = None
    try:
        draft.write_text(mine)
        for _ in range(_TRIES):
            try:
                os.link(draft, file)
                break
            except FileExistsError:
                died = _clear_if_dead(file) or died
        else:
            raise Failure("the lock changed hands again and again", hint="run the same command again")
    finally:
        draft.unlink(missing_ok=True)
    try:
        _sweep(common_dir)
        os.environ[MARK] = _run_name(os.getpid(), started)
        yield died
    finally:
        os.environ.pop(MARK, None)
        file.unlink(missing_ok=True)


def _sweep(common_dir: Path) -> None:
    """Remove the halves of files that killed runs left: only who holds the lock writes, and only living processes draw
    up locks."""
    for folder in ("hotfix", "hotfix-runs"):
        for draft in (common_dir / folder).glob("*.new"):
            draft.unlink(missing_ok=True)
    for draft in (common_dir / "hotfix").glob("lock.*"):
        pid = draft.name.rpartition(".")[2]
        if pid.isdigit() and not start_of_process(int(pid)):
            draft.unlink(missing_ok=True)


def _run_name(pid: int, started: str) -> str:
    """A pid comes again; with the time of its start it does not."""
    return f"{pid}-{started}"


def _clear_if_dead(file: Path) -> Dead | None:
    """The run that held the lock; None where the lock was gone before."""
    try:
        taken = file.stat().st_mtime
        text = file.read_text()
        holder = json.loads(text)
        pid, started, what = int(holder["pid"]), str(holder["started"]), str(holder["what"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise Failure(
            f"{file} is not a git-hotfix lock",
            hint=f"look at it, then remove it: rm {shlex.quote(str(file))}",
            unchanged=UNCHANGED,
        ) from error
    if start_of_process(pid) == started:
        raise Failure(
            f"git hotfix {what} is running here (process {pid})",
            hint="wait for it, or stop it; then run the same command again",
            unchanged=UNCHANGED,
        )
    # It could not take its scratch directories along.
    for private_git_dir in Path(tempfile.gettempdir()).glob(f"git-hotfix-{pid}-*"):
        shutil.rmtree(private_git_dir, ignore_errors=True)
    # Two takers must not remove each other's fresh lock: only the file that was read is removed.
    grave = file.with_name(f"lock.dead.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        file.rename(grave)
        if grave.read_text() != text:
            with contextlib.suppress(FileExistsError):
                os.link(grave, file)
    grave.unlink(missing_ok=True)
    return Dead(_run_name(pid, started), taken)


def start_of_process(pid: int) -> str:
    """When a process started, in the kernel's words, so that a reused pid is not taken for the old process; empty
    when there is no such process. One that is dead and waits for its parent to notice is none: in a container whose
    first process looks after nobody it waits for ever."""
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return "" if state in ("Z", "X") else fields[18]
    except (OSError, ValueError, IndexError):
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        return "alive"
    return "alive"
