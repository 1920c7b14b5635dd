"""new-dependency: a hotfix brings no package that production does not have yet."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal

from git_hotfix.dependencies import changes, compare
from git_hotfix.dependencies.changes import ManifestChange
from git_hotfix.dependencies.compare import Base, Declarations, Key
from git_hotfix.dependencies.registry import Dependency, Manifest
from git_hotfix.gates.kept_packages import kept_packages, local_archives, origins
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement, Level

_WAIVE = "or record why: git hotfix waive new-dependency --reason …"
_COMPUTED = "what it requires is computed when it runs, and that part changed"
_New = tuple[ManifestChange, Dependency]


@frozen
class Options:
    """`[gates.new-dependency]`. 20 % of 917 genuine hotfixes touch a manifest, only 3.0 % add a dependency name."""

    development: Literal["fail", "warn", "pass"] = field(
        default="warn",
        metadata={"doc": "level of a new name that production runs without", "source": "it does not reach production"},
    )
    known: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "names that are never new, as the findings spell them", "source": "3.0 % add a name"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the names in each changed manifest with those of all manifests of the base.

    A name that only a lock file of the base knows warns: production runs that code already, brought by something else,
    and to pin it is how a hole in it is closed. So does one in a requirements.txt whose requirements.in does not ask
    for it: compiled from that, it is a lock file in all but name. A name that was taken from a path until now is new:
    whatever a registry has of that name is other code. New vendored code that production names, a package
    in a file (a wheel, a jar), and what a manifest takes from an archive of the repository are new as well.
    """
    content, files = facts.content, facts.policy.files
    pairs = changes.changed_manifests(facts.changes, content, files)
    # Most manifests that a fix touches bring nothing: their own old sides tell, and no other is read.
    known, base = compare.merge_before(pairs), Base({}, {})
    news, computed = _new_names(pairs, known, options), _newly_computed(pairs, known)
    if news or computed:
        first = {compare.key_of(pair.reader, each) for pair, each in news}
        asked = {ecosystem for ecosystem, _ in first} | {pair.reader.ecosystem for pair in computed}
        base = compare.read_base(content, files, asked, first=first)
        known = compare.merge_sides([(pair.reader, pair.before) for pair in pairs], base)
        news, computed = _new_names(pairs, known, options), _newly_computed(pairs, known)
    locked = _locked_names(facts, news)
    asks = _requirements_in(pairs, base)
    found = [_finding(pair, each, known, _why_no_choice(pair, each, locked, asks), options) for pair, each in news]
    found += [_archive_finding(*each) for each in local_archives(pairs, origins(pairs))]
    found += kept_packages(facts)
    unread = [pair.unread for pair in pairs if pair.unread]
    unread += [Finding(_COMPUTED, path=pair.path) for pair in computed]
    unread += known.unread if found else ()
    measured = "not known" if unread and not found else f"{len(found)} new"
    return Judgement(measured, "0 new", tuple(found), tuple(unread))


def _new_names(pairs: Collection[ManifestChange], known: Declarations, options: Options) -> list[_New]:
    old = known.names.keys() | known.besides | known.own | compare.merge_after(pairs).own
    return [
        (pair, each)
        for pair in pairs
        for each in _names_that_count(pair, options)
        if compare.key_of(pair.reader, each) not in old
    ]


def _names_that_count(pair: ManifestChange, options: Options) -> Iterator[Dependency]:
    for declared in pair.after.names.values():
        if declared.name not in options.known and not (declared.development and options.development == "pass"):
            yield declared


def _newly_computed(pairs: Iterable[ManifestChange], known: Declarations) -> list[ManifestChange]:
    """The manifests whose computed part is nowhere in the base."""
    return [
        pair for pair in pairs if any((pair.reader.ecosystem, text) not in known.dynamic for text in pair.after.dynamic)
    ]


def _locked_names(facts: Facts, news: Iterable[_New]) -> frozenset[Key]:
    """The names that production's lock files hold, of the ecosystems that something is new in."""
    asked = {compare.key_of(pair.reader, each)[0] for pair, each in news}
    if not asked:
        return frozenset()
    return frozenset(
        compare.merge_sides((), compare.read_base(facts.content, facts.policy.files, asked, lock=True)).names
    )


def _requirements_in(pairs: Iterable[ManifestChange], base: Base) -> dict[str, Manifest]:
    """What each requirements.in of the tip says, under the path of the requirements.txt that is compiled from it."""
    said = {path: manifest for path, (_, manifest) in base.sides.items()}
    for pair in pairs:
        said.pop(pair.file.old_path, None)
        if pair.file.status != "D" and not pair.unread:
            said[pair.path] = pair.after
    return {f"{path[:-3]}.txt": manifest for path, manifest in said.items() if path.endswith(".in")}


def _why_no_choice(pair: ManifestChange, new: Dependency, locked: frozenset[Key], asks: Mapping[str, Manifest]) -> str:
    """In words why a new name is not a choice of this fix, "" where it is one."""
    if compare.key_of(pair.reader, new) in locked:
        return "production has it already, through the lock file: look which version that is"
    if pair.path in asks and new.name not in asks[pair.path].names:
        return f"{pair.path[:-4]}.in does not ask for it, something else brings it: look at what it is"
    return ""


def _archive_finding(pair: ManifestChange, declared: Dependency) -> Finding:
    place = compare.shorten_text(declared.origin or declared.name)
    level: Level = "warn" if declared.development else "fail"
    hint = f"take it from where packages come from, {_WAIVE}"
    return Finding(f"new dependency in the file {place}", pair.path, declared.line or None, hint, level)


def _finding(pair: ManifestChange, new: Dependency, known: Declarations, brought: str, options: Options) -> Finding:
    kind = "new development dependency" if new.development else "new dependency"
    of = f" ({new.ecosystem})" if new.ecosystem else ""
    version = f" {compare.shorten_text(new.version)}" if new.version else ""
    # An image is named after the host that it comes from, a module after its repository.
    told = new.name.startswith(new.origin) or new.origin.partition("://")[2] == new.name
    place = "" if told else f" from {compare.shorten_text(new.origin)}"
    level: Level = "warn" if brought or (new.development and options.development == "warn") else "fail"
    hint = brought or f"fix it without {new.name}, {_WAIVE}"
    if compare.key_of(pair.reader, new) in known.local and not brought:
        hint = f"until now it was taken from a path: make sure that it is the same code, {_WAIVE}"
    if known.lost and level == "fail":
        names = ", ".join(sorted(known.lost)[:3])
        hint = f"{hint}\nat the base these could not be read, it may be declared there: {names}"
    return Finding(f"{kind} {new.name}{version}{place}{of}", pair.path, new.line or None, hint, level)


GATE = Gate("new-dependency", "no new dependency", check, Options, order=31)
