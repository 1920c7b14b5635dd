"""Where a command speaks: results to stdout, everything else to stderr."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable
from typing import Literal, TextIO

from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.redact import without_secrets

# CI runners obey these wherever in a line of a log they stand: GitHub's `##[…]`, Azure's `##vso[…]`, `##teamcity[…]`.
_RUNNER_COMMAND = r"##(?=[A-Za-z]{0,20}\[)"


def safe(text: str) -> str:
    """`text` for a terminal, a log or a pull request: no control, bidi or invisible character gets through, and no
    command of a CI runner that is obeyed in the middle of a line.

    Newlines stay; everything else in Unicode's categories Cc, Cf, Cs, Zl and Zp becomes a visible escape.
    """
    text = without_secrets(text)
    if "##" in text:
        text = re.sub(_RUNNER_COMMAND, r"#\\x23", text)
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if _is_harmless(letter) else _escape(letter) for letter in text)


def safe_line(text: str) -> str:
    """`text` for one line: safe, and a newline is a visible escape, so that no name makes up a line of its own."""
    return safe(text).replace("\n", "\\n")


def _is_harmless(letter: str) -> bool:
    return letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escape(letter: str) -> str:
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is not UTF-8, as a surrogate escape
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _open_closed() -> None:
    """Open what whoever started this process closed (`>&-`), as git itself does (`sanitize_stdfds`): the next file that
    is opened would be taken for it, and nothing that is said may fail for want of a listener."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            end = os.open(os.devnull, os.O_RDWR)
            if end != number:
                os.dup2(end, number)
                os.close(end)
            setattr(sys, name, open(number, "w" if number else "r", encoding="utf-8"))  # noqa: PTH123, SIM115 (ends)


@frozen
class Streams:
    """The three streams of a command, and how it speaks: `colouring` is what `--color` says, `colour_setting` what
    git's configuration does (None: nobody asked it)."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO
    colouring: Literal["auto", "always", "never"] = "auto"
    verbose: bool = False
    colour_setting: Callable[[bool], bool] | None = field(default=None, compare=False)

    @classmethod
    def standard(cls) -> Streams:
        """The process's own streams, told to write what they cannot encode as an escape."""
        _open_closed()
        for stream in (sys.stdout, sys.stderr):
            reconfigure = getattr(stream, "reconfigure", None)
            if reconfigure:
                reconfigure(errors="backslashreplace")
        return cls(sys.stdin, sys.stdout, sys.stderr)

    def out(self, text: str = "") -> None:
        """A line of the result."""
        print(safe(text), file=self.stdout)

    def raw(self, text: str) -> None:
        """Text of the result that is already safe (JSON, rich's own colours)."""
        print(text, file=self.stdout)

    def say(self, text: str = "") -> None:
        """A line for people, beside the result."""
        print(safe(text), file=self.stderr, flush=True)

    @property
    def is_terminal(self) -> bool:
        """True when a person can be asked: stdin and stderr decide, so that stdout may be piped."""
        return self.stdin.isatty() and self.stderr.isatty()

    @property
    def columns(self) -> int | None:
        """How wide the terminal is that stdout goes to, None where it is none: nobody folds lines for a log."""
        return shutil.get_terminal_size().columns if self.stdout.isatty() else None

    @property
    def colour(self) -> bool:
        """True when stdout is to be coloured: as `--color` says, else never where NO_COLOR is set (no-color.org), else
        as git's configuration says, which is on a terminal unless somebody set color.ui."""
        if self.colouring != "auto":
            return self.colouring == "always"
        if os.environ.get("NO_COLOR"):
            return False
        if self.colour_setting:
            return self.colour_setting(self.stdout.isatty())
        return self.stdout.isatty() and os.environ.get("TERM") != "dumb"
