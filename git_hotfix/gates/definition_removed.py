"""definition-removed: what a hotfix takes away may be called from where nobody looked."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sides import sides
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.symbols.changes import changes_of, outermost
from git_hotfix.symbols.languages import language_of


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Find the types and functions of production that the base has and no changed file of their language has now.

    A rename is a removal too: whoever calls the old name breaks.
    """
    production = facts.production
    wanted = [file for file in production if language_of(file.path) or language_of(file.old_path)]
    read, unread = sides(wanted, facts.content)
    changes = changes_of(read)
    gone = outermost(changes.gone)
    hint = "make sure that nothing calls it, or keep it until the next release"
    findings = (Finding(_words(each.definition.kind, each.definition.name), each.path, hint=hint) for each in gone)
    return Judgement(f"{len(gone)} removed", "0 removed", tuple(findings), (*unread, *changes.unread))


def _words(kind: str, name: str) -> str:
    private = "private " if name.rpartition(".")[2].startswith("_") else ""
    return f"the {private}{kind} {name} was removed"


GATE = Gate("definition-removed", "nothing was removed", check, NoOptions, severity="warn", order=45)
