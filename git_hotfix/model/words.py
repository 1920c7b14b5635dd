"""Words for people: numbers with their nouns, and what somebody typed on a line of its own."""

from __future__ import annotations

import unicodedata

_BLANK_LETTERS = "\u115f\u1160\u3164\uffa0"  # Hangul fillers: letters to Unicode, nothing to the eye


def counted(number: int, noun: str, many: str | None = None) -> str:
    """`1 file`, `2 files`; `many` where the plural is not a plain `s`."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"


def one_line(text: str) -> str:
    """`text` on one line, with every control, bidi, invisible or unpaired character as a visible escape: in a message
    of git it can neither begin a line of its own nor hide what stands there."""
    line = " ".join(text.split())
    if line.isascii() and line.isprintable():
        return line
    return "".join(letter if _visible(letter) else f"\\u{ord(letter):04x}" for letter in line)


def says_something(text: str) -> bool:
    """True when `text` holds a letter or a digit of any script: no blanks, dots or invisible characters say a thing."""
    return any(unicodedata.category(letter)[0] in "LN" and letter not in _BLANK_LETTERS for letter in text)


def _visible(letter: str) -> bool:
    return unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
