"""Where a command speaks: results to stdout, everything else to stderr."""

from __future__ import annotations

import os
import sys
import unicodedata
from dataclasses import dataclass
from typing import TextIO


def safe(text: str) -> str:
    """`text` for a terminal, a log or a pull request: no control, bidi or invisible character gets through.

    Newlines stay; everything else in Unicode's categories Cc, Cf, Cs, Zl and Zp becomes a visible escape.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(letter if _harmless(letter) else _escaped(letter) for letter in text)


def _harmless(letter: str) -> bool:
    return letter == "\n" or unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _escaped(letter: str) -> str:
    code = ord(letter)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as a surrogate escape
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


@dataclass(frozen=True)
class Streams:
    """The three streams of a command."""

    stdin: TextIO
    stdout: TextIO
    stderr: TextIO

    @classmethod
    def standard(cls) -> Streams:
        """The process's own streams, told to write what they cannot encode as an escape."""
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
    def colour(self) -> bool:
        """True when stdout is a terminal and NO_COLOR is not set (no-color.org)."""
        return self.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
