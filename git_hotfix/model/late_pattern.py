"""Regular expressions that are compiled for their first use: most commands use a few of those that they import."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def late_pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` answers, in effect; a mistake in `text` shows at the first use (a test compiles them all)."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


class _Late:
    """Stands for a compiled expression and takes over its methods as they are asked for."""

    def __init__(self, text: Any, flags: int) -> None:
        self._how = text, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._how), name)  # `re` remembers what it compiled
        setattr(self, name, found)
        return found
