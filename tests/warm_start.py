"""The command line in a process of its own that skips the start-up: nine tenths of what the suite waited for.

`python -m git_hotfix` imports for 200 ms before its first line of work, and the suite calls it a thousand times. One
process imports everything once and runs nothing; each call forks it. What a test sees stays true: a process with a pid
of its own, real files as stdin, stdout and stderr, real git, the exact environment and folder, every cache empty, no
trace of pytest (it is not the test runner that forks, so its threads, capture and signal handlers are not there).
What reads its environment while Python or GitPython starts is started for real; see `STARTING`.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import pkgutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TextIO

# A difference in one of these would be seen by a start only: Python's own settings, the locale, and where git is.
STARTING = ("PYTHON", "LC_", "LANG", "PATH", "LD_", "GIT_PYTHON", "COVERAGE")
_PATIENCE = 120.0  # seconds a call may take


class Nursery:
    """The warm process, and the calls to it, one at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._channel, theirs = socket.socketpair()
        self._channel.settimeout(_PATIENCE)
        self._heard = b""
        self._started = _starting(os.environ)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
        )
        theirs.close()
        atexit.register(self._channel.close)

    def serves(self, environment: Mapping[str, str]) -> bool:
        """True when a start in `environment` would go as the start of the warm process went."""
        return _starting(environment) == self._started

    def run(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str], stdin: bytes
    ) -> tuple[int, bytes, bytes]:
        """`git-hotfix <arguments>`: exit code (negative: killed by that signal), stdout, stderr.

        Files take the output, not pipes: nobody has to read while the program writes.
        """
        with self._lock, tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            (place / "0").write_bytes(stdin)
            call = {"arguments": list(arguments), "cwd": str(cwd), "environment": dict(environment), "files": folder}
            self._channel.sendall(json.dumps(call).encode() + b"\n")
            pid = self._answer()
            try:
                code = self._answer()
            except TimeoutError:
                os.kill(pid, 9)
                self._answer()
                raise
            return code, (place / "1").read_bytes(), (place / "2").read_bytes()

    def _answer(self) -> int:
        while b"\n" not in self._heard:
            piece = self._channel.recv(64)
            assert piece, "the warm process is gone"
            self._heard += piece
        row, _, self._heard = self._heard.partition(b"\n")
        return int(row)


def _starting(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith(STARTING)}


def _import_all() -> None:
    import git_hotfix

    for module in pkgutil.walk_packages(git_hotfix.__path__, "git_hotfix."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    from git_hotfix.git.gitpython import runner

    runner()
    for name in ("unidiff", "packaging.requirements"):
        importlib.import_module(name)


def _serve(channel: socket.socket) -> None:
    """Answer each call with the pid of its process, then with how that ended; until the other end is gone."""
    for row in channel.makefile("rb"):
        call = json.loads(row)
        pid = os.fork()
        if pid == 0:
            channel.close()
            _be(call)
        channel.sendall(b"%d\n" % pid)
        _, status = os.waitpid(pid, 0)
        channel.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))


def _be(call: dict[str, object]) -> None:
    """Become the program as if it had been started; does not return."""
    code = 70
    try:
        files, flags = Path(str(call["files"])), os.O_CREAT | os.O_WRONLY
        for number in range(3):
            opened = os.open(files / str(number), flags if number else os.O_RDONLY)
            os.dup2(opened, number)
            os.close(opened)
        os.environ.clear()
        os.environ.update(call["environment"])  # type: ignore[call-overload]
        time.tzset()
        os.chdir(str(call["cwd"]))
        sys.argv = ["git-hotfix", *call["arguments"]]  # type: ignore[misc]
        # The modes, encodings and buffers that Python gives these three where they are not a terminal.
        sys.stdin = _stream(0, "r", "surrogateescape", -1)
        sys.stdout = _stream(1, "w", "surrogateescape", -1)
        sys.stderr = _stream(2, "w", "backslashreplace", 1)
        from git_hotfix.cli import main

        code = main()
        sys.stdout.flush()
        sys.stderr.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
        sys.stderr.flush()
    finally:
        os._exit(code)


def _stream(number: int, mode: str, errors: str, buffering: int) -> TextIO:
    return open(number, mode, encoding="utf-8", errors=errors, buffering=buffering, closefd=False)  # type: ignore[return-value]


if __name__ == "__main__":
    _import_all()
    _serve(socket.socket(fileno=int(sys.argv[1])))
