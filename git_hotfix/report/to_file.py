"""A report in a file that its reader finds whole or not at all."""

from __future__ import annotations

import os
import time
from pathlib import Path

from git_hotfix.errors import ExitCode, Failure


def require_place(name: str) -> None:
    """Refuse a name that cannot become a file, before any work is done. Raises `Failure` (exit 2)."""
    place = Path(name)
    if not name or place.is_dir():
        _refuse(f"{name!r} is a directory" if name else "--output names no file", "--output FILE")
    if not place.parent.is_dir():
        _refuse(f"{name!r} cannot be made: {str(place.parent)!r} is not a directory", "--output FILE")
    if place.exists() and not place.is_file():
        # A device or a pipe would be replaced by a file.
        _refuse(f"{name!r} is not a regular file", "leave --output out: the format then goes to standard output")


def _refuse(message: str, hint: str) -> None:
    raise Failure(message, hint=hint, code=ExitCode.USAGE)


def write(name: str, text: str) -> None:
    """Write `text` and a newline to the file `name`, which is complete when it appears under that name.

    A symbolic link is replaced, not followed: one that a branch brings leads nowhere. Raises `Failure` (exit 3), and
    leaves what was there as it was.
    """
    place = Path(name)
    draft = place.parent / f".git-hotfix-{os.getpid()}-{time.monotonic_ns():x}"
    try:
        # Never over anything that is there, and with the mode that the user's umask gives to a new file.
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                stream.write(text + "\n")
            draft.replace(place)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Failure(
            f"{name!r} cannot be written: {error.strerror or error}",
            hint="name another file with --output, or leave it out: the format then goes to standard output",
            unchanged="the file was left as it was",
        ) from error
