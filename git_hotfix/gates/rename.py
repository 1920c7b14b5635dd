"""rename: a hotfix mends files where they stand."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import SUBMODULE_MODE, FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import Oid
from git_hotfix.model.verdict import Finding, Judgement

_LINES = 10  # added lines of a copy; shorter files (an `__init__.py`, a stub) are alike without being copied


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Find the production files that were renamed or copied. 2 % of 917 genuine hotfixes rename one; among small
    fixes that is a false alarm in 0.2 %.

    A rename is what git finds at 50 % likeness. git is not asked for copies, because it would have to read every file
    of the base: a copy is a new file with exactly the content of one that production has.
    """
    production = facts.is_production
    files = [file for file in facts.changes.files if SUBMODULE_MODE not in (file.old_mode, file.new_mode)]
    found = [
        _finding("copied" if file.status == "C" else "renamed", file.old_path, file)
        for file in files
        if file.status in ("R", "C") and production(file.old_path)
    ]
    added = {
        file.new_oid: file
        for file in reversed(files)
        if file.status == "A" and file.added >= _LINES and production(file.path)
    }
    found += [_finding("copied", source, added[oid]) for oid, source in _sources(facts, added).items()]
    return Judgement(f"{len(found)} moved", "0 moved", tuple(found))


def _sources(facts: Facts, wanted: dict[Oid, FileChange]) -> dict[Oid, str]:
    """Blob → the production file of the base with that content."""
    if not wanted:
        return {}
    production = facts.is_production
    found: dict[Oid, str] = {}
    for path, oid in facts.content.base_files().items():
        if oid in wanted and production(path):
            found.setdefault(oid, path)
    return found


def _finding(how: str, source: str, file: FileChange) -> Finding:
    hint = "fix it where it is and move it in another branch, or record why: git hotfix waive rename --reason …"
    return Finding(f"{how} from {source}", path=file.path, hint=hint)


GATE = Gate("rename", "no production file renamed or copied", check, NoOptions, order=42)
