"""`#if … #else … #endif` of C, C++ and C#: which of the branches are read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

# A directive may be continued behind a backslash.
_DIRECTIVE = r"^[ \t]*#[ \t]*([a-z]*)((?:[^\n\\]|\\.|\\\n)*)"
_NEVER = ("0", "false", "FALSE")
_WHOLE = ("", ";", "}")  # what the last sign of whole statements may be


@dataclass(eq=False)
class _Branch:
    """What one branch holds: where it stands, which braces and brackets it leaves open, its last sign."""

    start: int
    end: int = -1
    braces: int = 0
    brackets: int = 0
    tail: str = ""

    @property
    def whole(self) -> bool:
        return not self.braces and not self.brackets and self.tail in _WHOLE

    def add(self, text: str) -> None:
        self.braces += text.count("{") - text.count("}")
        self.brackets += text.count("(") - text.count(")")
        self.tail = text.rstrip()[-1:] or self.tail

    def take(self, other: _Branch) -> None:
        self.braces += other.braces
        self.brackets += other.brackets
        self.tail = other.tail or self.tail


@dataclass
class _Group:
    """One conditional that is still open. `never`: its first branch is switched off; `between`: it stands between two
    statements and not within one."""

    never: bool
    between: bool
    branches: list[_Branch] = field(default_factory=list)

    def read(self) -> list[_Branch]:
        branches = self.branches[1:] if self.never else self.branches
        return branches if self.between and all(branch.whole for branch in branches) else branches[:1]


def resolve_conditionals(clear: str) -> str:
    """A text without literals and comments, its directives blanked out, and of each conditional every branch where all
    of them are whole statements, else only the first one (the second after `#if 0`)."""
    blank: list[tuple[int, int]] = []
    groups: list[_Group] = []
    here = [_Branch(0)]  # the branch that is read, below it those around it
    position = 0
    for match in re.finditer(_DIRECTIVE, clear, re.MULTILINE):
        here[-1].add(clear[position : match.start()])
        position = match.end()
        blank.append(match.span())
        word = match[1]
        if word in ("if", "ifdef", "ifndef"):
            between = here[-1].tail in ("", ";", "}", "{", ":", "]")
            groups.append(_Group(word == "if" and match[2].strip() in _NEVER, between))
            here.append(_Branch(position))
        elif groups and word in ("elif", "else", "endif"):
            branch = here.pop()
            branch.end = match.start()
            groups[-1].branches.append(branch)
            if word != "endif":
                here.append(_Branch(position))
                continue
            group = groups.pop()
            read = group.read()
            for each in group.branches:
                if each in read:
                    here[-1].take(each)
                else:
                    blank.append((each.start, each.end))
    return _blanked(clear, blank)


def _blanked(clear: str, spans: list[tuple[int, int]]) -> str:
    out: list[str] = []
    last = 0
    for start, end in sorted(spans):
        if end > last:
            out += [clear[last : max(start, last)], re.sub(r"[^\n]", " ", clear[max(start, last) : end])]
            last = end
    return "".join([*out, clear[last:]])
