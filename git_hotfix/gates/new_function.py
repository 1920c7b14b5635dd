"""new-function: a hotfix mends functions, it writes few."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sides import sides
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted
from git_hotfix.symbols.changes import changes_of
from git_hotfix.symbols.languages import language_of


@frozen
class Options:
    """`[gates.new-function]`. 1 % of small genuine fixes add more than three functions."""

    max: int = field(
        default=3, metadata={"doc": "new functions and methods that pass", "source": "more than 3: 1 % false alarms"}
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Count the functions and methods of production that the base has not."""
    production = facts.production
    read, unread = sides([file for file in production if language_of(file.path)], facts.content)
    changes = changes_of(read)
    unread = (*unread, *changes.unread)
    new = [each for each in changes.new if each.definition.kind == "function"]
    measured, limit = f"{len(new)} new", f"{options.max} new"
    if len(new) <= options.max:
        return Judgement(measured, limit, unread=unread)
    hint = "move what the fix does not need to its own branch, or record why: git hotfix waive new-function --reason …"
    first = Finding(f"{counted(len(new), 'new function')}", hint=hint)
    rest = (Finding(f"new: {each.definition.name}", each.path, each.definition.line, level="note") for each in new)
    return Judgement(measured, limit, (first, *rest), unread)


GATE = Gate("new-function", "number of new functions", check, Options, severity="warn", order=41)
