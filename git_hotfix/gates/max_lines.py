"""max-lines: a hotfix changes few production lines."""

from __future__ import annotations

from dataclasses import field

from git_hotfix.gates.counted_files import counted_files, not_counted
from git_hotfix.gates.registry import Gate
from git_hotfix.model.change import FileChange
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sources import is_source
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted


@frozen
class Options:
    """`[gates.max-lines]`. Of 917 genuine hotfixes 75 % change at most 50 production lines and 90 % at most 214.
    Deleted files, and files of which only the project's own version moved, do not count."""

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
    weighed = [(added, deleted, file) for file in files for added, deleted in [_lines(file, facts)]]
    count = sum(added + deleted for added, deleted, _ in weighed)
    measured, limit = counted(count, "line"), counted(options.max, "line")
    if count <= options.warn:
        return Judgement(measured, limit)
    hint = (
        "move what the fix does not need to a branch of its own, or record why: git hotfix waive max-lines --reason …"
    )
    first = Finding(
        f"{counted(count, 'production line')} changed", hint=hint, level="fail" if count > options.max else "warn"
    )
    # The file that weighs most comes first: it is the one to look at.
    heavy = sorted((each for each in weighed if each[0] + each[1]), key=lambda each: -(each[0] + each[1]))
    rest = (Finding(f"+{added} -{deleted}", path=file.path, level="note") for added, deleted, file in heavy)
    return Judgement(measured, limit, (first, *rest, *not_counted(facts)))


def _lines(file: FileChange, facts: Facts) -> tuple[int, int]:
    """Added and deleted lines. One NUL byte or a `-diff` attribute hides a source file from git's own count."""
    if not file.binary:
        return file.added, file.deleted
    if not (is_source(file.path) or is_source(file.old_path)):
        return 0, 0
    hunks = facts.content.hunks(file)
    return sum(len(hunk.added) for hunk in hunks), sum(len(hunk.removed) for hunk in hunks)


GATE = Gate("max-lines", "few production lines", check, Options, order=21)
