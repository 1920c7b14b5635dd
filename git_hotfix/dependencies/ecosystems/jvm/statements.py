"""The statements of a Groovy or Kotlin build script, each with the blocks that it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_hotfix.dependencies.ecosystems.jvm.script import Word

_GOES_ON = frozenset({",", "+", "=", ".", ":", "?:", "&&", "||", "+=", "?."})
_CONTINUES = frozenset({".", "?.", "?:", "&&", "||"})
HEAD = 30  # words of a block's head that are looked at


class Block(NamedTuple):
    """A block: what is called with it (`dependencies`), and every name and text of its head (`commonTest` in
    `val commonTest by getting {`)."""

    name: str
    words: tuple[str, ...]


class Statement(NamedTuple):
    """The words of one statement without those of its blocks, and the blocks that it stands in, the outermost first."""

    words: list[Word]
    blocks: tuple[Block, ...]

    def is_within(self, *names: str) -> bool:
        """True when it stands in a block of one of these names, at any depth."""
        return any(block.name in names for block in self.blocks)


def statements(words: Sequence[Word]) -> Iterator[Statement]:
    """Every statement, those of a block before the one that opens it. Brackets must match."""
    outer: list[tuple[list[Word], int]] = []  # statements whose block is being read, and the brackets open in them
    blocks: tuple[Block, ...] = ()
    current: list[Word] = []
    depth = 0
    for place, word in enumerate(words):
        value = word.value if word.kind == "sign" else ""
        if word.kind == "end":
            if depth or not current or (word.value == "\n" and _goes_on(current, words, place)):
                continue
            yield Statement(current, blocks)
            current = []
        elif value == "{":
            blocks = (*blocks, _block(current))
            outer.append((current, depth))
            current, depth = [], 0
        elif value == "}":
            if current:
                yield Statement(current, blocks)
            current, depth = outer.pop()
            blocks = blocks[:-1]
        else:
            depth += (value in ("(", "[")) - (value in (")", "]"))
            current.append(word)
    if current:
        yield Statement(current, blocks)


def _goes_on(current: Sequence[Word], words: Sequence[Word], place: int) -> bool:
    last = current[-1]
    if last.kind == "sign" and last.value in _GOES_ON:
        return True
    while place < len(words) and words[place].kind == "end":
        place += 1
    return place < len(words) and words[place].kind == "sign" and words[place].value in _CONTINUES


def _block(head: Sequence[Word]) -> Block:
    """What a block's head calls: the last name outside of brackets that stands before something."""
    name, depth = "", 0
    for word in head[-HEAD:]:
        if word.kind == "sign":
            depth += (word.value in ("(", "[")) - (word.value in (")", "]"))
        elif depth <= 0 and word.kind == "name":
            name = word.value
    return Block(name, tuple(word.value for word in head[-HEAD:] if word.kind in ("name", "text")))
