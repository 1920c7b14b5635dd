"""A command of the user as a process: its output passed on as it comes, its time limited, all of it ended at the end.

It runs in a session of its own, so that all that it starts can be ended with it. A guard outside of this process ends
it where this process is killed; the command begins only when the guard knows it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import pty
import selectors
import signal
import struct
import subprocess
import termios
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO, Literal, TextIO

from git_hotfix.errors import Failure
from git_hotfix.evidence.kept_output import KEPT
from git_hotfix.model.frozen import frozen
from git_hotfix.report.streams import Streams

End = Literal["passed", "failed", "timed-out", "interrupted"]
GRACE = 10.0
"""Seconds that a command has to end after SIGTERM, before SIGKILL."""
NOT_STARTED = (126, 127)
"""What a shell says of a command that it cannot start (POSIX, 2.8.2)."""

_LOOK = 0.1  # seconds between two looks whether a command has ended that left its output open
_REST = 1.0  # seconds in which the rest of the output is read of a command that has ended
_PROCESSES = Path("/proc/self/stat")
_CHUNK = 64 * 1024
# It reads the group, then waits for the end of its input. A word means that the command has ended; no word that the
# process which would have ended it is gone.
_GUARD = """trap '' INT TERM HUP
read -r group || exit 0
read -r word && exit 0
kill -s TERM -- "-$group" 2>/dev/null || exit 0
for second in 1 2 3 4 5 6 7 8 9 10; do sleep 1; kill -s 0 -- "-$group" 2>/dev/null || exit 0; done
kill -s KILL -- "-$group" 2>/dev/null
"""


@frozen
class Ended:
    """How a command ended: `exit` is its exit code, negative for the signal that ended it; the output's digest, its
    size in bytes and its last bytes; when it began, in nanoseconds since the epoch, and how long it took in seconds."""

    state: End
    exit: int
    sha256: str
    size: int
    tail: bytes
    began: int
    seconds: float


class _Output:
    """Where output goes: on to whoever reads it, into a digest, and its end into memory."""

    def __init__(self) -> None:
        self.digest, self.size, self.tail = hashlib.sha256(), 0, bytearray()

    def take(self, piece: bytes, to: BinaryIO) -> None:
        self.digest.update(piece)
        self.size += len(piece)
        self.tail += piece
        del self.tail[:-KEPT]
        with contextlib.suppress(OSError, ValueError):  # nobody reads any more; the command goes on
            to.write(piece)
            to.flush()


def run_command(
    command: str,
    where: Path,
    environment: Mapping[str, str],
    seconds: float,
    streams: Streams,
    *,
    aside: bool = False,
    stop: threading.Event | None = None,
) -> Ended:
    """Run `command` by the shell in the folder `where`, for `seconds` at most, and pass its output on as it comes: all
    of it to stderr with `aside`. Setting `stop` interrupts it, from whatever thread.

    Raises `Failure` (exit 3) where nothing can be started. Ctrl-C and what ends this process in order end the command,
    and are told as its state.
    """
    if not hasattr(os, "fork"):
        raise Failure("this system cannot run commands in a group of their own", hint="use Linux or macOS")
    for stream in (streams.stdout, streams.stderr):
        stream.flush()
    out = streams.stderr if aside else streams.stdout
    with contextlib.ExitStack() as stack:
        ends = _open_ends(stack, out, streams.stderr)
        guard = stack.enter_context(_guard())
        began, clock = time.time_ns(), time.monotonic()
        child = _Child(command, where, environment, ends, guard, inputs=streams.stdin)
        output, state = _Output(), None
        try:
            state = _follow(child, ends, output, clock + seconds, stop or threading.Event())
        except KeyboardInterrupt:
            state = "interrupted"
        if state in ("timed-out", "interrupted"):
            _end(child, ends, output)
        assert guard.stdin and child.code is not None
        with contextlib.suppress(OSError):
            guard.stdin.write(b"ended\n")
            guard.stdin.flush()
    state = state or ("passed" if child.code == 0 else "failed")
    took = time.monotonic() - clock
    return Ended(state, child.code, output.digest.hexdigest(), output.size, bytes(output.tail), began, took)


@frozen
class _Ends:
    """The pipes of a command: the end that is read → the stream that its words go to; the ends that the command
    writes, for its stdout and its stderr."""

    read: Mapping[int, BinaryIO]
    write: tuple[int, int]


def _open_ends(stack: contextlib.ExitStack, out: TextIO, err: TextIO) -> _Ends:
    """A terminal for both where both go to one, so that programs write at once and in colour; else two pipes."""
    if out.isatty() and err.isatty():
        ours, theirs = pty.openpty()
        settings = termios.tcgetattr(theirs)
        settings[1] &= ~termios.OPOST  # the real terminal does what has to be done to line ends
        termios.tcsetattr(theirs, termios.TCSANOW, settings)
        with contextlib.suppress(OSError):
            size = fcntl.ioctl(out.fileno(), termios.TIOCGWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
            fcntl.ioctl(theirs, termios.TIOCSWINSZ, size)
        ends = _Ends({ours: out.buffer}, (theirs, theirs))
    else:
        (first, out_end), (second, err_end) = os.pipe(), os.pipe()
        ends = _Ends({first: out.buffer, second: err.buffer}, (out_end, err_end))
    for end in ends.read:
        stack.callback(os.close, end)
    return ends


@contextlib.contextmanager
def _guard() -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            ["sh", "-c", _GUARD], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, cwd="/",
        )  # fmt: skip
    except FileNotFoundError as error:
        raise Failure("there is no sh on PATH", hint="commands are run by sh -c") from error
    with process:
        yield process


class _Child:
    """The process of a command; `code` is its exit code, None while it runs. It is the head of its group."""

    def __init__(
        self,
        command: str,
        where: Path,
        environment: Mapping[str, str],
        ends: _Ends,
        guard: subprocess.Popen[bytes],
        *,
        inputs: TextIO,
    ) -> None:
        assert guard.stdin
        self.code: int | None = None
        wait, go = os.pipe()
        # A terminal cannot be shared with a session of its own; what asks a question reads an end instead of waiting.
        feed = os.open(os.devnull, os.O_RDONLY) if inputs.isatty() else os.dup(inputs.fileno())
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                os.close(go)
                os.close(guard.stdin.fileno())
                _become(command, where, environment, (feed, *ends.write), wait)
            finally:
                os._exit(127)
        for end in {wait, feed, *ends.write}:
            os.close(end)
        with contextlib.suppress(OSError):
            guard.stdin.write(b"%d\n" % self.pid)
            guard.stdin.flush()
        with contextlib.suppress(OSError):
            os.write(go, b"go")
        os.close(go)

    def has_ended(self, *, block: bool = False) -> bool:
        """True where the command itself has ended; what it left behind may go on."""
        if self.code is None:
            pid, status = os.waitpid(self.pid, 0 if block else os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def signal(self, number: int) -> bool:
        """Send a signal to the whole group; False where nothing of it is left."""
        try:
            os.killpg(self.pid, number)
        except ProcessLookupError:
            return False
        except PermissionError:  # macOS says so of a group of which only the dead are left
            return not self.has_ended()
        return True


def _become(command: str, where: Path, environment: Mapping[str, str], ends: tuple[int, int, int], wait: int) -> None:
    """In the new process: become the command, when the guard knows of it."""
    if not os.read(wait, 2):
        os._exit(127)
    for number, end in enumerate(ends):
        os.dup2(end, number)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # which Python ignores, and a command would inherit
    os.chdir(where)
    os.execvpe("sh", ["sh", "-c", command], {**os.environ, **environment})


def _follow(child: _Child, ends: _Ends, output: _Output, deadline: float, stop: threading.Event) -> End | None:
    """Pass on what the command says until it has ended, `timed-out` where it does not in time, `interrupted` where
    somebody stops it. What it left in its output is read to the end, but for no longer than `_REST`: something that it
    started may never be silent."""
    ended: float | None = None
    with selectors.DefaultSelector() as chooser:
        for end in ends.read:
            chooser.register(end, selectors.EVENT_READ)
        while chooser.get_map():
            left = deadline - time.monotonic()
            if stop.is_set() or left <= 0:
                return "interrupted" if stop.is_set() else "timed-out"
            ready = chooser.select(min(left, _LOOK))
            if child.has_ended():
                ended = ended or time.monotonic()
                if not ready or time.monotonic() - ended > _REST:
                    return None  # something that it started holds its output open
            for key, _ in ready:
                piece = _read(key.fd)
                if piece:
                    output.take(piece, ends.read[key.fd])
                else:
                    chooser.unregister(key.fd)
    while not child.has_ended():  # it closed its output, and works on
        if stop.is_set() or time.monotonic() >= deadline:
            return "interrupted" if stop.is_set() else "timed-out"
        time.sleep(0.01)
    return None


def _has_living(group: int) -> bool:
    """True while a process of a group lives. The dead stay in it until somebody notices, which in a container may be
    never; elsewhere than on Linux nobody tells, and they count."""
    if not _PROCESSES.exists():
        return True
    for file in _PROCESSES.parent.parent.glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            state, _, of, *_ = file.read_text("utf-8", "replace").rpartition(")")[2].split()
            if of == str(group) and state not in ("Z", "X"):
                return True
    return False


def _read(end: int) -> bytes:
    try:
        return os.read(end, _CHUNK)
    except OSError as error:
        if error.errno == errno.EIO:  # a terminal that nobody writes to any more
            return b""
        raise


def _end(child: _Child, ends: _Ends, output: _Output) -> None:
    """End the command with all that it started: SIGTERM, ten seconds, SIGKILL; at once where somebody insists."""
    try:
        child.signal(signal.SIGTERM)
        deadline = time.monotonic() + GRACE
        with selectors.DefaultSelector() as chooser:
            for end in ends.read:
                chooser.register(end, selectors.EVENT_READ)
            while time.monotonic() < deadline:
                if (child.has_ended() and not child.signal(0)) or not _has_living(child.pid):
                    return
                for key, _ in chooser.select(0.02):
                    piece = _read(key.fd)
                    if piece:
                        output.take(piece, ends.read[key.fd])
                    else:
                        chooser.unregister(key.fd)
                if not chooser.get_map():
                    time.sleep(0.02)
    except KeyboardInterrupt:
        pass
    finally:
        child.signal(signal.SIGKILL)
        child.has_ended(block=True)
