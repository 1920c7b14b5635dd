"""Texts that refer to values of the same file, as properties and variables of build files do."""

from __future__ import annotations

import re
from collections.abc import Callable

_STEPS = 20  # of one value through others; people use two or three
_LENGTH = 300  # characters of what is worked out


class References:
    """Texts with references to values, which `pattern` finds by its one group that matched and `find` looks up.

    A value is worked out once, whatever it leads to, so that values of values cost no more than their number.
    """

    def __init__(self, pattern: str, find: Callable[[str], str | None]) -> None:
        self._pattern = pattern
        self._find = find
        self._known: dict[str, str] = {}
        self._open: list[str] = []

    def expand(self, text: str) -> str:
        """`text` with what it refers to; what has no value, leads back to itself or is too long stays as it is."""
        if "$" not in text or len(text) > _LENGTH:
            return text
        found = re.sub(self._pattern, lambda match: self.value(match[match.lastindex or 0]) or match[0], text)
        return found if len(found) <= _LENGTH else text

    def value(self, name: str) -> str | None:
        """What `name` stands for, in the end."""
        if name not in self._known:
            value = self._find(name) if name not in self._open and len(self._open) < _STEPS else None
            if value is None or len(value) > _LENGTH:
                return None
            self._open.append(name)
            self._known[name] = self.expand(value)
            self._open.pop()
        return self._known[name]
