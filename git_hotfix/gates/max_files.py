"""max-files: a hotfix touches number of production files."""

from __future__ import annotations

from git_hotfix.gates.counted_files import counted_files, note_of_uncounted
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted


@frozen
class Options:
    """`[gates.max-files]`. Of 917 genuine hotfixes 75 % touch at most 4 production files and 90 % at most 10. Files of
    which only the project's own version moved, and deleted files that are not source code, do not count."""

    max: int = field(default=10, metadata={"doc": "production files; more are refused", "source": "p90 = 10 files"})
    warn: int = field(default=5, metadata={"doc": "production files; more are warned of", "source": "p75 = 4 files"})


def check(facts: Facts, options: Options) -> Judgement:
    """Count the production files that differ between base and tip in more than the version."""
    files = counted_files(facts)
    count = len(files)
    measured, limit = counted(count, "file"), counted(options.max, "file")
    if count <= options.warn:
        return Judgement(measured, limit)
    message = f"{counted(count, 'production file')} changed"
    hint = "move what the fix does not need to its own branch, or record why: git hotfix waive max-files --reason …"
    touched = (Finding(f"+{file.added} -{file.deleted}", path=file.path, level="note") for file in files)
    first = Finding(message, hint=hint, level="fail" if count > options.max else "warn")
    return Judgement(measured, limit, (first, *touched, *note_of_uncounted(facts)))


GATE = Gate("max-files", "number of production files", check, Options, order=20)
