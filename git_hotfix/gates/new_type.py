"""new-type: a hotfix adds no abstraction (playbook, 4.1)."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model import patterns
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sides import sides
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.symbols.changes import changes_of, outermost
from git_hotfix.symbols.languages import language_of


@frozen
class Options:
    """`[gates.new-type]`. 3 % of small genuine fixes add a type; an exception of one's own is what a fix may need."""

    exempt: tuple[str, ...] = field(
        default=("*Error", "*Exception"),
        metadata={"doc": "patterns of names that may be new", "source": "3 % false alarms without errors"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Find the classes, interfaces, structs, enums, traits, … of production that the base has not."""
    production = facts.production
    read, unread = sides([file for file in production if language_of(file.path)], facts.content)
    exempt = patterns.names(options.exempt)
    changes = changes_of(read)
    new = [
        each
        for each in outermost([each for each in changes.new if each.definition.kind == "type"])
        if not exempt(each.definition.name.rpartition(".")[2])
    ]
    hint = "fix it with the types that are there, or record why: git hotfix waive new-type --reason …"
    findings = (Finding(f"new type {each.definition.name}", each.path, each.definition.line, hint) for each in new)
    return Judgement(f"{len(new)} new", "0 new", (*findings, *changes.notes), (*unread, *changes.unread))


GATE = Gate("new-type", "no new type", check, Options, severity="warn", order=40)
