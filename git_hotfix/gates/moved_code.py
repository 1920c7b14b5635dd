"""moved-code: a hotfix mends code where it stands (playbook, 0.3: no refactoring)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.lines import readable
from git_hotfix.model.sources import is_source
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_WIDTH = 500  # characters of a line that are compared


@frozen
class Options:
    """`[gates.moved-code]`. Of small genuine fixes 2 % move code; refactoring can be caught about one time in five."""

    lines: int = field(
        default=6,
        metadata={"doc": "lines in a row that say something, moved together", "min": 2, "source": "2 % false alarms"},
    )


class _Line(NamedTuple):
    """A changed line that says something: the hunk it is of, its number, its text without indentation."""

    hunk: int
    path: str
    number: int
    text: str


def check(facts: Facts, options: Options) -> Judgement:
    """Find runs of removed lines that are added again elsewhere: in another place of the file, or in another file."""
    production = facts.production
    files, unread = readable([file for file in production if is_source(file.path)], facts.content)
    removed: list[list[_Line]] = []
    added: list[list[_Line]] = []
    number = 0
    for file, hunks in files:
        for hunk in hunks:
            number += 1
            removed.append(list(_lines_that_say_something(number, file.old_path, hunk.removed)))
            added.append(list(_lines_that_say_something(number, file.path, hunk.added)))
    moves = list(_moves(removed, added, options.lines))
    count = sum(size for _, _, size in moves)
    hint = "leave what is not the fix where it is: nobody can see a fix inside moved code"
    findings = tuple(
        Finding(f"{counted(size, 'line')} of {_place(source, target)} stand here now", target.path, target.number, hint)
        for source, target, size in moves
    )
    return Judgement(counted(count, "line"), f"fewer than {counted(options.lines, 'line')}", findings, unread)


def _lines_that_say_something(hunk: int, path: str, lines: Sequence[tuple[int, str]]) -> Iterator[_Line]:
    """The lines with at least two words: brackets and `else:` are everywhere alike."""
    for number, text in lines:
        dense = " ".join(text[:_WIDTH].split())
        if len(re.findall(r"\w+", dense)) > 1:
            yield _Line(hunk, path, number, dense)


def _moves(
    removed: Sequence[Sequence[_Line]], added: Sequence[Sequence[_Line]], least: int
) -> Iterator[tuple[_Line, _Line, int]]:
    """Each run of at least `least` lines that left one hunk and came in another: its first line there and here, and its
    length."""
    starts: dict[tuple[str, ...], tuple[int, int]] = {}
    for place, run in enumerate(removed):
        for at in range(len(run) - least + 1):
            starts.setdefault(tuple(line.text for line in run[at : at + least]), (place, at))
    for run in added:
        at = 0
        while at <= len(run) - least:
            known = starts.get(tuple(line.text for line in run[at : at + least]))
            if known is None or removed[known[0]][0].hunk == run[0].hunk:  # indented, or written anew in its place
                at += 1
                continue
            source = removed[known[0]][known[1] :]
            size = least
            while size < min(len(source), len(run) - at) and source[size].text == run[at + size].text:
                size += 1
            yield source[0], run[at], size
            at += size


def _place(source: _Line, target: _Line) -> str:
    return f"line {source.number}" if source.path == target.path else f"{source.path}:{source.number}"


GATE = Gate("moved-code", "no code was moved", check, Options, severity="warn", order=44)
