"""Where a name stands in a manifest: the line of its first mention among dependencies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from git_hotfix.dependencies.ecosystems.python.requirement import normalise

_HEADER = re.compile(r"\s*\[+([^\]\[=]+)\]")
_QUOTED = re.compile(r"[\"']([^\"']+)[\"']\s*$")
_KEY = re.compile(r"\s*[\"']?([A-Za-z_][\w.\"'-]*)[\"']?\s*[:=]")
_DEPENDENCIES = re.compile(r"depend|requir|packages|extras", re.IGNORECASE)
_TOKEN = re.compile(r"(?<![\w.-])[A-Za-z0-9][\w.-]*")


def lines_of_names(text: str) -> Mapping[str, int]:
    """Normalised name → 1-based line. A mention below a header or a key that speaks of dependencies wins over one
    elsewhere (in `keywords`, say). One pass, whatever the number of names."""
    within: dict[str, int] = {}
    elsewhere: dict[str, int] = {}
    section = key = False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("#"):
            continue
        header = _HEADER.match(line)
        if header:
            section, key = bool(_DEPENDENCIES.search(header.group(1))), False
            if section:  # [tool.poetry.dependencies.name] is a table of one dependency
                quoted = _QUOTED.search(header.group(1))
                last = quoted.group(1) if quoted else header.group(1).rpartition(".")[2]
                within.setdefault(normalise(last.strip()), number)
        elif named := _KEY.match(line):
            key = bool(_DEPENDENCIES.search(named.group(1)))
        known = within if section or key else elsewhere
        for token in _TOKEN.findall(line):
            known.setdefault(normalise(token), number)
    return elsewhere | within
