"""new-module: a hotfix mends what production has, it brings no new source file or package."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model import sources
from git_hotfix.model.change import SUBMODULE_MODE, FileChange
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement

_PACKAGE = ("__init__.py", "mod.rs", "package-info.java")


@frozen
class Options:
    """`[gates.new-module]`. 9 % of 917 genuine hotfixes add a production file; of small ones 1.6 to 4 %."""

    suffixes: tuple[str, ...] = field(
        default=sources.SUFFIXES,
        metadata={"doc": "endings of source files, without case", "source": "1.6 to 4 % false alarms on small fixes"},
    )
    names: tuple[str, ...] = field(
        default=sources.NAMES,
        metadata={"doc": "source files that have no ending", "source": "1.6 to 4 % false alarms on small fixes"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Find the production source files that the base has not."""
    new = [file for file in facts.changes.files if _is_new(file, facts) and _is_source(file, options)]
    measured, limit = f"{len(new)} new", "0 new"
    hint = "fix it in a file that production has, or record why: git hotfix waive new-module --reason …"
    findings = (
        Finding(f"new {'package' if file.path.endswith(_PACKAGE) else 'source file'}", path=file.path, hint=hint)
        for file in new
    )
    return Judgement(measured, limit, tuple(findings))


def _is_new(file: FileChange, facts: Facts) -> bool:
    production = facts.is_production
    if file.new_mode == SUBMODULE_MODE or not production(file.path):
        return False
    # A test that is moved to production is as new there as a written file; a rename within production is not.
    return file.status in ("A", "C") or (file.status == "R" and not production(file.old_path))


def _is_source(file: FileChange, options: Options) -> bool:
    if sources.is_source(file.path, suffixes=options.suffixes, names=options.names):
        return True
    # An executable file without an ending is a script.
    return file.new_mode == "100755" and "." not in file.path.rpartition("/")[2]


GATE = Gate("new-module", "no new source file", check, Options, order=30)
