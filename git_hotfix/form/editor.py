"""The user's editor, opened on a file of the git directory as `git commit` opens it."""

from __future__ import annotations

import contextlib
import locale
import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from git_hotfix.errors import NOT_RECORDED, ExitCode, Failure
from git_hotfix.git.repository import Repository
from git_hotfix.model.frozen import frozen

FILE = "HOTFIX_EDITMSG"
_SHELL = re.compile(r"[|&;<>()$`\\\"' \t\n*?\[#~=%]")  # where git has a shell run an editor (run-command.c)
_MANY = 100  # forms that lie about before somebody has to tidy up


@frozen
class Edited:
    """What an editor left: the text, whether it was saved at all, and the file, which still holds it."""

    text: str
    saved: bool
    file: Path


def left_forms(repository: Repository) -> tuple[Path, ...]:
    """The files that earlier edits left, oldest name first: nobody's words are written over."""
    return tuple(sorted(repository.common_dir.glob(f"{FILE}*")))


def open_editor(repository: Repository, text: str, again: str) -> Edited:
    """Open the editor that git would use on `text`, and wait for it. `again` is the command that reads such a file.

    Raises `Failure` (exit 3) where there is no editor or it fails; what somebody had written then stays in the file
    that the failure names.
    """
    answer = repository.git.run("var", "GIT_EDITOR", check=False)
    if answer.code != 0:
        raise Failure(
            f"git knows no editor: {answer.last_words}",
            hint="git config core.editor <program>\nor without one: git hotfix edit <field> -m <text>",
            unchanged=NOT_RECORDED,
        )
    file = _new_file(repository)
    file.write_bytes(text.encode("utf-8"))
    os.utime(file, (0, 0))  # a save within the same tick of the clock is one, too
    before = _stamp(file)
    try:
        code = _run(answer.text, file, repository)
    except BaseException:
        _drop_untouched(file, text)
        raise
    saved = _stamp(file) != before
    if code != 0:
        kept = _drop_untouched(file, text)
        raise Failure(
            f"the editor failed ({answer.text}: {_ending(code)})",
            hint=f"your text is in {file}\nrecord it: {again} {shlex.quote(str(file))}"
            if kept
            else "git var GIT_EDITOR",
            unchanged=NOT_RECORDED,
        )
    if not file.exists():
        return Edited("", saved=False, file=file)  # it was deleted, which says nothing
    return Edited(read_text(file), saved, file)


def keep(repository: Repository, text: str) -> Path:
    """A file in the git directory with words that were not recorded."""
    file = _new_file(repository)
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    return file


def read_text(file: Path) -> str:
    """What stands in a file: UTF-8, else as the locale has it. Raises `Failure` (exit 2) where it is neither."""
    try:
        return decode(file.read_bytes())
    except ValueError as error:
        raise Failure(f"{file}: {error}", hint=f"save it as UTF-8: {file}", code=ExitCode.USAGE,
                      unchanged=NOT_RECORDED) from error  # fmt: skip
    except OSError as error:
        raise Failure(f"{file} cannot be read: {error.strerror or error}", hint="--file FILE, - is standard input",
                      code=ExitCode.USAGE, unchanged=NOT_RECORDED) from error  # fmt: skip


def decode(raw: bytes) -> str:
    """Bytes as text: UTF-8, else what the locale says, which may be another one. Raises `ValueError` for neither."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return raw.decode(locale.getpreferredencoding(False))
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8") from error


def drop(file: Path) -> None:
    """Remove a file whose words are recorded."""
    file.unlink(missing_ok=True)


def _new_file(repository: Repository) -> Path:
    """A file that no other edit uses or left. Raises `Failure` (exit 3) where there are too many.

    It lies in the git directory of all worktrees: that of one goes away with it, as when a hotfix is finished.
    """
    for number in range(1, _MANY):
        file = repository.common_dir / (FILE if number == 1 else f"{FILE}-{number}")
        with contextlib.suppress(FileExistsError):
            file.open("xb").close()
            return file
    raise Failure(f"{_MANY} forms lie in {repository.common_dir}", hint=f"delete those that you do not need: {FILE}*")


def _drop_untouched(file: Path, text: str) -> bool:
    """Remove a file that nobody changed; True where it holds somebody's words, and stays."""
    with contextlib.suppress(OSError):
        if file.read_bytes() == text.encode("utf-8"):
            file.unlink()
            return False
        return True
    return False


def _stamp(file: Path) -> tuple[int, int, int]:
    """What a save changes, whether it writes the file or puts another in its place."""
    try:
        found = file.stat()
    except FileNotFoundError:
        return 0, 0, 0
    return found.st_ino, found.st_mtime_ns, found.st_size


def _run(command: str, file: Path, repository: Repository) -> int:
    if command == ":":
        return 0  # git's own word for no editor at all
    shell = _SHELL.search(command) is not None
    words = ["sh", "-c", f'{command} "$@"', command, str(file)] if shell else [command, str(file)]
    # The result may go to a file or a pipe; the editor belongs to the terminal.
    output = None if os.isatty(1) else 2
    try:
        process = subprocess.Popen(words, cwd=repository.top or repository.git_dir, stdout=output)
    except OSError as error:
        raise Failure(
            f"the editor cannot be started ({command}: {error.strerror or error})",
            hint="git config core.editor <program>", unchanged=NOT_RECORDED,
        ) from error  # fmt: skip
    with process, _deaf_to_keys():
        return process.wait()


@contextlib.contextmanager
def _deaf_to_keys() -> Iterator[None]:
    """While an editor has the terminal, Ctrl-C and Ctrl-\\ are its own, as git does it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    taken = [number for name in ("SIGINT", "SIGQUIT") if (number := getattr(signal, name, None))]
    before = {number: signal.signal(number, signal.SIG_IGN) for number in taken}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ending(code: int) -> str:
    return f"killed by signal {-code}" if code < 0 else f"exit {code}"
