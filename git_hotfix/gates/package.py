"""package: a hotfix changes something of the package whose tag it gets."""

from __future__ import annotations

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model import patterns
from git_hotfix.model.command_line import command_line
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import TagName
from git_hotfix.model.policy import Package
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.versions import package_word, parse


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Hold the changed paths against those of the package that the base tag is a release of.

    Where the policy has no `[packages]`, the words that tags begin with and the folders of the same names are a guess:
    then only a fix that is all in another package's folder warns.
    """
    own = own_package(facts)
    package = facts.packages.get(own) if own is not None else None
    if own is None or package is None or not facts.changes.files:
        return Judgement("", "no packages" if not facts.packages else "")
    touched = sum(_holds(package, file.path, file.old_path) for file in facts.changes.files)
    others = sorted(name for name, each in facts.packages.items() if name != own and _touches(facts, each))
    is_guess = not facts.policy.packages
    if touched or (is_guess and not others):
        return Judgement(f"{touched} of {len(facts.changes.files)} files in {own}", "1 file")
    where = f"all it changes is in {', '.join(others)}" if others else "all it changes is elsewhere"
    name = others[0] if others else "<name>"
    issue = facts.hotfix.issue
    hint = f"start another one at that package's release: {command_line('start', f'{issue}-2', package=name)}"
    finding = Finding(
        f"changes nothing of {own}, whose tag it gets after {facts.hotfix.base_tag}: {where}",
        hint=hint,
        level="warn" if is_guess else "fail",
    )
    return Judgement(f"0 files in {own}", "1 file", (finding,))


def own_package(facts: Facts) -> str | None:
    """The package that the base tag is a release of."""
    base = facts.hotfix.base_tag or TagName("")
    named = (name for name, each in facts.policy.packages.items() if patterns.tags(each.tags)(base))
    version = parse(base)
    return next(named, package_word(version.prefix).strip("/") if version else None)


def _touches(facts: Facts, package: Package) -> bool:
    return any(_holds(package, file.path, file.old_path) for file in facts.changes.files)


def _holds(package: Package, *paths: str) -> bool:
    return any(map(patterns.paths(package.paths), paths))


GATE = Gate("package", "a change in the package whose tag it gets", check, NoOptions, order=15)
