"""Find comments, strings and other literals in one linear pass, whatever the language.

A language is a tuple of rules. A rule is a pattern that opens a literal and a function that tells where it ends. Every
function moves forward only: a literal that nobody closes ends with its line or with the text, so the cost is linear in
the length of the text however broken it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache

# Strings within strings by interpolation; no code that people wrote goes deeper than three.
DEPTH = 40


class Rule:
    """One kind of literal: the pattern that opens it (without capturing groups), and the function that takes the scan,
    the start and the end of what opened it, and returns where it ends (-1 where it is not a literal after all)."""

    __slots__ = ("close", "comment", "opener")

    def __init__(self, opener: str, close: Callable[[Scan, int, int], int], *, comment: bool = False) -> None:
        self.opener = opener
        self.close = close
        self.comment = comment


Rules = tuple[Rule, ...]


@lru_cache(maxsize=64)
def _compiled(rules: Rules, brackets: str) -> re.Pattern[str]:
    """Every opener as a group of its own, then one group for `brackets`."""
    groups = [f"({rule.opener})" for rule in rules]
    return re.compile("|".join([*groups, f"([{re.escape(brackets)}])"] if brackets else groups), re.MULTILINE)


class Scan:
    """One pass over one text."""

    def __init__(self, text: str, rules: Rules) -> None:
        self.text = text
        self.rules = rules
        self.depth = 0
        self.hopeless = -1  # up to here no rule needs to look again for the end of what did not end on its line

    def literals(self) -> Iterator[tuple[int, int, bool]]:
        """Every literal as (start, end, is it a comment), in their order."""
        pattern, position = _compiled(self.rules, ""), 0
        # A search past the end starts at the end, where a rule that is content with nothing would match for ever.
        while position < len(self.text) and (match := pattern.search(self.text, position)):
            assert match.lastindex
            rule = self.rules[match.lastindex - 1]
            end = rule.close(self, match.start(), match.end())
            if end > match.start():
                yield match.start(), end, rule.comment
            position = max(end, match.end(), match.start() + 1)

    def past_hole(self, position: int, brackets: str) -> int:
        """Where the code ends that stands in a string after an opening bracket, literals in it passed over."""
        if self.depth >= DEPTH:
            return len(self.text)
        pattern, open_ = _compiled(self.rules, brackets), 1
        self.depth += 1
        while match := pattern.search(self.text, position):
            assert match.lastindex
            position = match.end()
            if match.lastindex > len(self.rules):
                open_ += 1 if match.group() == brackets[0] else -1
                if not open_:
                    break
            else:
                end = self.rules[match.lastindex - 1].close(self, match.start(), match.end())
                position = max(end, match.end(), match.start() + 1)
        else:
            position = len(self.text)
        self.depth -= 1
        return position

    @cached_property
    def _lines(self) -> dict[str, list[int]]:
        """What every line says without its margins → where such lines start."""
        lines: dict[str, list[int]] = {}
        position = 0
        for line in self.text.split("\n"):
            lines.setdefault(line.strip(), []).append(position)
            position += len(line) + 1
        return lines

    def line_that_says(self, words: str, position: int) -> int:
        """Where the first line at or after `position` starts that says nothing but `words`; -1 for none."""
        starts = self._lines.get(words, [])
        at = bisect_left(starts, position)
        return starts[at] if at < len(starts) else -1

    def end_of_line(self, position: int) -> int:
        """Where the line of `position` ends, its line feed left out."""
        end = self.text.find("\n", position)
        return len(self.text) if end < 0 else end


def line_comment(scan: Scan, start: int, end: int) -> int:
    """To the end of the line."""
    return scan.end_of_line(end)


def continued_comment(scan: Scan, start: int, end: int) -> int:
    """To the end of the line, and of the next one after a backslash, as in C."""
    while (end := scan.end_of_line(end)) < len(scan.text) and scan.text[end - 1] == "\\":
        end += 1
    return end


def until(closer: str) -> Callable[[Scan, int, int], int]:
    """To the first `closer`, across lines."""

    def close(scan: Scan, start: int, end: int) -> int:
        found = scan.text.find(closer, end)
        return len(scan.text) if found < 0 else found + len(closer)

    return close


def quoted(
    quote: str, *, escape: str = "\\", lines: bool = False, hole: str = "", brackets: str = "{}"
) -> Callable[[Scan, int, int], int]:
    """A string: `escape` takes the next character along ("" for none; the quote itself where a doubled one stands for
    one), `lines` says that it may cross lines, `hole` is what opens code in it, which `brackets` enclose."""
    alternatives = [re.escape(each) for each in (hole, quote, escape) if each]
    special = "|".join(alternatives if lines else [*alternatives, r"\n"])

    def close(scan: Scan, start: int, end: int) -> int:
        text, position = scan.text, end
        pattern = re.compile(special)  # re remembers it
        while match := pattern.search(text, position):
            found, position = match.group(), match.end()
            if hole and found == hole:
                if len(hole) == 1 and text.startswith(hole, position):
                    position += 1  # doubled, it stands for itself
                    continue
                position = scan.past_hole(position, brackets)
            elif found == quote:
                if escape != quote or not text.startswith(quote, position):
                    return position
                position += len(quote)
            elif found == escape:
                position += 1
            else:
                return match.start()
        return len(text)

    return close
