"""The allowed-signers file of ssh-keygen(1): which keys may speak for whom."""

from __future__ import annotations

import re
from collections.abc import Sequence

_CAP = 1_000_000  # bytes; a line of a key has about 100, so this is ten thousand people
_PLAIN = r"[^\s,\"!*?#<>\\]+"  # what no reader of the file takes for more than a name


def lines_for(content: bytes, mail: str) -> bytes | None:
    """The lines of an allowed-signers file whose principals include `mail`, rewritten to name `mail` alone.

    git asks ssh-keygen whether a key is anybody's; against these lines the question is whether it is this person's.
    Options and keys stay as they are. None where no line speaks for `mail`.
    """
    if not re.fullmatch(_PLAIN, mail) or len(content) > _CAP:
        return None
    found = []
    for line in content.decode("utf-8", "replace").split("\n"):  # as ssh-keygen does: no other character ends a line
        match = re.match(r'\s*(?:"([^"]*)"|([^\s"#][^\s"]*))\s+(\S.*)', line.rstrip("\r"))
        if match and _speaks((match.group(1) or match.group(2) or "").split(","), mail):
            found.append(f"{mail} {match.group(3)}\n")
    return "".join(found).encode("utf-8", "surrogateescape") or None


def keys(content: bytes) -> int:
    """How many lines of an allowed-signers file hold a key."""
    return sum(1 for line in content.split(b"\n") if len(line.split()) > 2 and not line.lstrip().startswith(b"#"))


def _speaks(patterns: Sequence[str], mail: str) -> bool:
    """PATTERNS of ssh_config(5): `*` and `?`, and a pattern after `!` that matches rules all others out. Addresses are
    compared without case, as everywhere here."""
    named = [pattern for pattern in patterns if pattern.strip("!")]
    if any(_matches(pattern[1:], mail) for pattern in named if pattern.startswith("!")):
        return False
    return any(_matches(pattern, mail) for pattern in named if not pattern.startswith("!"))


def _matches(pattern: str, mail: str) -> bool:
    wild = re.sub(r"\*+", "*", pattern.lower())
    form = "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in wild)
    return re.fullmatch(form, mail.lower()) is not None
