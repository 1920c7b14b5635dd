"""Numbers with their nouns, as people say them."""

from __future__ import annotations


def counted(number: int, noun: str, many: str | None = None) -> str:
    """`1 file`, `2 files`; `many` where the plural is no plain `s`."""
    return f"{number} {noun if number == 1 else many or noun + 's'}"
