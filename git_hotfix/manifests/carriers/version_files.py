"""`VERSION`, `lib/version.rb`, `_version.py`: files that name a version, and may hold code beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable

# `VERSION = "1.4.2"`, `1.4.2`, `#define PATCHLEVEL 3`: a name that speaks of versions, or none, and a literal.
_NAMES = rb"(?i:version|major|minor|patch|micro|build|release)"
_VERSION_LINE = (
    rb"\s*(?:(?:(?:[\w.$]+ |/ ){0,4}[\w.$]*" + _NAMES + rb"\w*(?:: *str)?\s*:?[=:]|"
    rb"\#\s*define\s+\w*" + _NAMES + rb"\w*)\s*)?"
    rb"""["']?[vV]?\d[\w.+-]*["']?\s*[,;]?\s*"""
)
_LINE = 200  # characters


def is_version_file(path: str) -> bool:
    """True for a file that is called after its version."""
    stem = path.rpartition("/")[2].lower().lstrip(".").partition(".")[0]
    return stem.strip("_") == "version"


def names_versions(lines: Iterable[bytes]) -> bool:
    """True when every line names a version, or is empty."""
    return all(len(line) <= _LINE and (not line.strip() or re.fullmatch(_VERSION_LINE, line)) for line in lines)
