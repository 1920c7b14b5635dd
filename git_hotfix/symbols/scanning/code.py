"""The code of a source file: its tokens, where they stand, and which brackets belong together."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from git_hotfix.symbols.model import TooCostly
from git_hotfix.symbols.scanning.literals import Rules, Scan

LITERAL = "\x02"  # the token that stands for a string, a character or a regular expression
WORD = r"[^\W\d]\w*"
# Compound signs that a parser looks at as one; everything else is a sign by itself.
SIGNS = r"=>|->|::|==|!=|<=|>=|\?\.|&&|\|\||\.\.\."
# Steps a token that are looked ahead altogether; of 23,000 files of 18 public repositories none needs 4.
_STEPS = 20
_AHEAD = 64  # empty tokens at the end: looking so far ahead needs no question whether there is an ahead
_CLOSES = {")": "(", "]": "[", "}": "{"}


def hollow(text: str, rules: Rules, *, kept: str = r"\n") -> tuple[str, dict[int, int]]:
    """`text` with every literal blanked out, lengths and lines kept: a comment becomes blanks, any other literal
    `LITERAL` and blanks. And the literals that are not comments: start → end. `kept` is what is never blanked out."""
    pieces: list[str] = []
    ends: dict[int, int] = {}
    last = 0
    for start, end, comment in Scan(text, rules).literals():
        pieces.append(text[last:start])
        blank = re.sub(rf"(?!{kept})[^\n]", " ", text[start:end])
        if not comment:
            ends[start] = end
            blank = LITERAL + blank[1:]
        pieces.append(blank)
        last = end
    pieces.append(text[last:])
    return "".join(pieces), ends


class Code:
    """The tokens of a text. `words[i]` is a token, `starts[i]` its position, `partner[i]` the index of the bracket that
    belongs to it (-1 for none). A token past either end is ""."""

    def __init__(
        self, text: str, clear: str, literals: dict[int, int], *, word: str = WORD, signs: str = SIGNS
    ) -> None:
        self.text = text
        self.clear = clear
        self._literals = literals
        self.words: list[str] = []
        self.starts: list[int] = []
        for match in re.finditer(rf"{word}|\d\w*|{signs}|[^\s\w]", clear):
            self.words.append(match.group())
            self.starts.append(match.start())
        self.count = len(self.words)
        self._steps = _STEPS * self.count + 10_000
        self.words += [""] * _AHEAD
        self.starts += [len(clear)] * _AHEAD
        self.partner = _partners(self.words)

    def literal(self, index: int) -> str:
        """What stands in the literal at `index`, its first and last character left out."""
        start = self.starts[index]
        return self.text[start + 1 : self._literals.get(start, start + 2) - 1]

    def is_word(self, index: int) -> bool:
        """True for a name or a keyword."""
        word = self.words[index]
        return word[:1].isalpha() or word[:1] == "_" or (len(word) > 1 and word[0] in "$`@")

    def on_new_line(self, index: int) -> bool:
        """True when a line ends between the token before and this one."""
        return index == 0 or "\n" in self.clear[self.starts[index - 1] : self.starts[index]]

    def past(self, index: int) -> int:
        """The index after the bracket that closes the one at `index`; after the last token when none does."""
        partner = self.partner[index]
        return partner + 1 if partner >= 0 else self.count

    def steps(self, most: int) -> Iterator[int]:
        """Count up to `most` while one looks ahead; raises `TooCostly` where all looking ahead costs too much."""
        for step in range(most):
            self._steps -= 1
            if self._steps < 0:
                raise TooCostly
            yield step

    def past_angles(self, index: int, *, most: int = 400, logic: bool = False) -> int:
        """The index after the `>` that closes the `<` at `index`, or `index` where that is not a list of types. `logic`
        says that `&&` and `||` may stand in it."""
        depth, at, words = 0, index, self.words
        for _ in self.steps(most):
            word = words[at]
            if word == "<":
                depth += words[at - 1] != ")"  # sizeof(A) < sizeof(B)
            elif word == ">":
                depth -= 1
                if not depth:
                    return at + 1
            elif word in "([{":
                if not word or self.partner[at] < 0:
                    return index
                at = self.partner[at]
            elif word in (";", ")", "]", "}") or (word in ("&&", "||") and not logic):
                return index
            at += 1
        return index

    @cached_property
    def _feeds(self) -> list[int]:
        return [match.start() for match in re.finditer("\n", self.text)]

    def line(self, index: int) -> int:
        """The 1-based line of a token."""
        return bisect_right(self._feeds, self.starts[index] - 1) + 1


def _partners(words: list[str]) -> list[int]:
    partner = [-1] * len(words)
    stack: list[int] = []
    curly = 0  # how many of the open ones are curly
    for index, word in enumerate(words):
        if word in ("(", "[", "{"):
            stack.append(index)
            curly += word == "{"
        elif word in _CLOSES and stack:
            # A brace closes whatever is still open within it; any other bracket never reaches over a brace.
            if word == "}" and curly:
                while words[stack[-1]] != "{":
                    stack.pop()
                curly -= 1
            elif words[stack[-1]] != _CLOSES[word]:
                continue
            other = stack.pop()
            partner[other], partner[index] = index, other
    return partner
