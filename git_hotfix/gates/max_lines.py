"""max-lines: a hotfix changes number of production lines, as many as a person has to read."""

from __future__ import annotations

import re

from git_hotfix.gates.counted_files import counted_files, note_of_uncounted, texts_that_git_takes_for_binary
from git_hotfix.gates.registry import Gate
from git_hotfix.model.change import FileChange
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.reading_size import lines_to_read
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

# What makes a browser run something in an SVG: an element, the address of a link, or an attribute of an event.
_SCRIPT = late_pattern(r"<script|javascript:|\bon\w+\s*=", re.IGNORECASE)


@frozen
class Options:
    """`[gates.max-lines]`. Of 917 genuine hotfixes 75 % change at most 50 production lines and 90 % at most 214.
    Deleted files, and files of which only the project's own version moved, do not count. A line of more than 400
    characters counts as one for every 100, but in an SVG without a script."""

    max: int = field(
        default=200,
        metadata={"doc": "added + deleted production lines; more are refused", "source": "p90 = 214 lines"},
    )
    warn: int = field(
        default=100,
        metadata={"doc": "added + deleted production lines; more are warned of", "source": "twice p75 = 50 lines"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Count the added and deleted lines of the production files that differ between base and tip."""
    files = [file for file in counted_files(facts) if file.status != "D"]
    texts = texts_that_git_takes_for_binary(files, facts.content)
    # Where git counts too many already, nobody has to parse them.
    parsed = sum(file.lines for file in files) <= options.max
    weighed = [
        (*(_lines(file, facts) if parsed or file in texts else (file.added, file.deleted)), file)
        for file in files
        if not file.binary or file in texts
    ]
    count = sum(added + deleted for added, deleted, _ in weighed)
    measured, limit = counted(count, "line"), counted(options.max, "line")
    if count <= options.warn:
        return Judgement(measured, limit)
    hint = "move what the fix does not need to its own branch, or record why: git hotfix waive max-lines --reason …"
    first = Finding(
        f"{counted(count, 'production line')} changed", hint=hint, level="fail" if count > options.max else "warn"
    )
    # The file that weighs most comes first: it is the one to look at.
    heavy = sorted((each for each in weighed if each[0] + each[1]), key=lambda each: -(each[0] + each[1]))
    rest = (Finding(f"+{added} -{deleted}", path=file.path, level="note") for added, deleted, file in heavy)
    return Judgement(measured, limit, (first, *rest, *note_of_uncounted(facts)))


def _lines(file: FileChange, facts: Facts) -> tuple[int, int]:
    """Added and deleted lines as somebody has to read them. A drawing is looked at: its lines are lists of numbers,
    and count as git counts them unless they hold a script."""
    hunks = facts.content.hunks(file)
    if file.path.lower().endswith(".svg") and not any(_SCRIPT.search(text) for hunk in hunks for _, text in hunk.added):
        return file.added, file.deleted
    added, deleted = lines_to_read(hunks)
    return max(added, file.added), max(deleted, file.deleted)


GATE = Gate("max-lines", "number of production lines", check, Options, order=21)
