"""conflict-marker: a merge was finished before it was committed."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import FileChange, Hunk
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.lines import readable
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

# git-merge(1): seven of a kind, and the name of a side behind them.
_SIDES = ("<<<<<<< ", "||||||| ", ">>>>>>> ")
_MIDDLE = "======="  # alone it underlines a title


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Look for conflict markers at the start of the added lines of all files, tests and documents too."""
    files, unread = readable(facts.changes.files, facts.content)
    found = [finding for file, hunks in files if (finding := _finding(file, hunks))]
    count = sum(number for number, _ in found)
    return Judgement(counted(count, "marker"), "0 markers", tuple(finding for _, finding in found), unread)


def _finding(file: FileChange, hunks: Sequence[Hunk]) -> tuple[int, Finding] | None:
    lines: list[int] = []
    middles: list[int] = []
    for hunk in hunks:
        for number, line in hunk.added:
            text = line.replace("\0", "") if file.binary else line  # two bytes a letter: UTF-16
            if text.startswith(_SIDES):
                lines.append(number)
            elif text.startswith(_MIDDLE) and text.rstrip("\r\n") == _MIDDLE:
                middles.append(number)
    if not lines:
        return None
    numbers = sorted(lines + middles)
    hint = "solve the conflict; if the text is about conflicts: git hotfix waive conflict-marker --reason …"
    message = "conflict marker" if len(numbers) == 1 else f"{len(numbers)} conflict markers, the first here"
    return len(numbers), Finding(message, file.path, numbers[0], hint)


GATE = Gate("conflict-marker", "no conflict marker", check, NoOptions, order=70)
