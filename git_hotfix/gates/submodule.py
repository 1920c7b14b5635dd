"""submodule: a hotfix moves no submodule, because what it would bring is in none of its lines."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import SUBMODULE_MODE, FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Find the entries that are or were a submodule's pointer, in all files: tests run what they point at too. One that
    stands where documents do only warns."""
    files = [file for file in facts.changes.files if SUBMODULE_MODE in (file.old_mode, file.new_mode)]
    hint = "release the submodule's fix by itself, or record what moves: git hotfix waive submodule --reason …"
    is_document = facts.policy.files.is_document
    found = tuple(
        Finding(_what(file), file.path, None, hint, "warn" if all(map(is_document, file.places)) else "fail")
        for file in files
    )
    return Judgement(f"{len(found)} changed", "0 changed", found)


def _what(file: FileChange) -> str:
    if file.old_mode != SUBMODULE_MODE:
        was = "added" if file.status in ("A", "C") else "takes the place of a file, added"
        return f"submodule {was} at {file.new_oid[:10]}"
    if file.new_mode != SUBMODULE_MODE:
        return f"submodule removed, it was at {file.old_oid[:10]}" + (
            "" if file.status == "D" else "; a file takes its place"
        )
    if file.old_oid == file.new_oid:
        return f"submodule moved here from {file.old_path}"
    return f"submodule moved from {file.old_oid[:10]} to {file.new_oid[:10]}"


GATE = Gate("submodule", "submodules are unchanged", check, NoOptions, order=60)
