"""undeclared-import: what a fix imports is installed where production runs, because a manifest says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from git_hotfix.dependencies import changes, compare
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sides import Sides, sides
from git_hotfix.model.verdict import Finding, Judgement, Level
from git_hotfix.model.words import counted

if TYPE_CHECKING:
    from git_hotfix.symbols.python.imports import Import

_ECOSYSTEM = "python"
_HINT = "fix it with what is installed, or record why: git hotfix waive undeclared-import --reason …"


@frozen
class Options:
    """`[gates.undeclared-import]`. Only 3.0 % of 917 genuine hotfixes add a dependency; one that nothing declares fails
    where the fix is deployed."""

    known: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "modules that are there without being declared", "source": "3.0 % add a dependency"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Find the Python modules that a changed file did not import before, and that neither Python, nor the repository,
    nor any manifest of it has."""
    production = facts.production
    read, unread = sides(
        [file for file in production if file.status != "D" and file.path.endswith(".py")], facts.content
    )
    notes: list[Finding] = []
    wanted: dict[tuple[str, str], Import] = {}
    for file_sides in read:
        new = _new_imports(file_sides)
        if isinstance(new, Finding):
            notes.append(new)
            continue
        for statement in new:
            wanted.setdefault((file_sides.file.path, statement.top), statement)
    wanted = {(path, top): statement for (path, top), statement in wanted.items() if top not in options.known}
    if wanted:
        own = _own_modules(facts)
        wanted = {(path, top): statement for (path, top), statement in wanted.items() if top not in own}
    findings = tuple(_judge_imports(facts, wanted)) if wanted else ()
    unread = (*unread, *(each for each in notes if each.level == "fail"))
    said = (*findings, *(each for each in notes if each.level == "note"))
    return Judgement(f"{len(findings)} undeclared", "0 undeclared", said, unread)


def _new_imports(file_sides: Sides) -> list[Import] | Finding:
    """The imports of the tip whose top-level module neither the base's side nor Python itself has; those that nothing
    guards first, because one of them counts before one that the code can do without."""
    from git_hotfix.symbols.python.imports import imports, standard_library
    from git_hotfix.symbols.python.tree import tree_of, unparsed

    after, before = tree_of(file_sides.after), tree_of(file_sides.before)
    if after is None:
        return unparsed(file_sides, "its imports were not looked at")
    had = {known.top for known in (imports(before) if before else ())} | standard_library()
    return sorted((found for found in imports(after) if found.top not in had), key=lambda found: found.guard != "")


def _own_modules(facts: Facts) -> set[str]:
    """Every name that a module or a package of the repository has, wherever it stands: it may be on the path."""
    names: set[str] = set()
    for path in (*facts.content.base_files(), *(file.path for file in facts.changes.files)):
        if path.endswith((".py", ".pyi", ".pyx", ".so", ".pyd", ".c", ".cpp", ".rs")):
            *above, name = path.split("/")
            names.update(above)
            names.add(name.partition(".")[0])
    return names


def _judge_imports(facts: Facts, wanted: Mapping[tuple[str, str], Import]) -> Iterator[Finding]:
    from git_hotfix.dependencies.ecosystems.python.import_names import provides

    files = facts.policy.files
    pairs = changes.changed_manifests(facts.changes, facts.content, files)
    base = compare.read_base(facts.content, files, {_ECOSYSTEM})
    known = compare.merge_sides([(pair.reader, pair.after) for pair in pairs], base)
    names = {
        name: all(each.development for each in declared)
        for (ecosystem, name), declared in known.names.items()
        if ecosystem == _ECOSYSTEM
    }
    local = {name for table in (known.local, known.replaced) for ecosystem, name in table if ecosystem == _ECOSYSTEM}
    own = {name for ecosystem, name in known.own if ecosystem == _ECOSYSTEM}
    for (path, _), statement in wanted.items():
        having = [name for name in (*names, *local, *own) if provides(name, statement.module)]
        if any(not names.get(name, False) for name in having):
            continue
        yield _finding(path, statement, _why_only_warned(base, known, names, having, guarded=statement.guard != ""))


def _finding(path: str, statement: Import, doubt: str) -> Finding:
    level: Level = "warn" if doubt else "fail"
    message = f"imports {statement.top}, which no manifest declares" + (f" ({doubt})" if doubt else "")
    return Finding(message, path, statement.line, _HINT, level)


def _why_only_warned(
    base: compare.Base, known: compare.Declarations, names: Collection[str], having: Collection[str], *, guarded: bool
) -> str:
    """Why an import that nothing declares is only warned of; "" where it is not."""
    if having:
        return f"{', '.join(sorted(having)[:2])} is declared for development only"
    if guarded:
        return "the code can go on without it"
    if known.dynamic:
        return "what is required is computed when it runs"
    if known.lost or base.unread:
        return f"{counted(len(known.lost) or 1, 'manifest')} could not be read"
    return "" if names else "there is no Python manifest here"


GATE = Gate("undeclared-import", "no undeclared import", check, Options, order=35)
