"""dependency-source: what production has already goes on coming from where it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_hotfix.dependencies import changes, compare
from git_hotfix.dependencies.changes import ManifestChange
from git_hotfix.dependencies.compare import Declarations, Key
from git_hotfix.dependencies.registry import Dependency, Manifest
from git_hotfix.dependencies.syntax import address
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement, Level

Place = tuple[str, str]  # (source, where), for comparing only
_REGISTRY: Place = ("registry", "")
_HINT = (
    "take it from where production takes it, or make sure whose code that is and record why: "
    "git hotfix waive dependency-source --reason …"
)
_WORDS = {"registry": "the index", "git": "git", "url": "", "path": "the path"}


@frozen
class Options:
    """`[gates.dependency-source]`. 20 % of 917 genuine hotfixes touch a manifest; what then comes from elsewhere is
    other people's code under a known name."""

    trusted: tuple[str, ...] = field(
        default=(),
        metadata={
            "doc": "places that anything may come from, as host or host/owner",
            "source": "the one change of source seen in genuine hotfixes is a git URL turned registry name",
        },
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the places of names, the registries and the replacements of each changed manifest with the base's; and
    the places of names in each changed lock file, which is where installers look first.

    A new name is no matter of this gate, whatever it comes from: new-dependency names its place. Back from git, a URL
    or an index to the ecosystem's own registry is a note, as is a path for a package that the repository holds itself.
    For what production runs without, it only warns.
    """
    findings: list[tuple[Key, Finding]] = []
    unread: list[Finding] = []
    own: frozenset[Key] = frozenset()
    for lock in (False, True):
        read = changes.changed_locks if lock else changes.changed_manifests
        pairs = read(facts.changes, facts.content, facts.policy.files)
        known = compare.merge_before(pairs)
        asked = {ecosystem for pair in pairs for ecosystem in _ecosystems_in_doubt(pair, known)}
        if asked:
            # Another manifest of the base may take it from there already.
            sides = [(pair.reader, pair.before) for pair in pairs]
            known = compare.merge_sides(sides, compare.read_base(facts.content, facts.policy.files, asked, lock=lock))
            unread += known.unread
            # Only a manifest says what a package that lies here is called.
            own |= (
                compare.merge_sides((), compare.read_base(facts.content, facts.policy.files, asked)).own
                if lock
                else known.own
            )
        own |= compare.merge_after(pairs).own
        # What a manifest says of a name is not said again of its lock file.
        said = {name for name, _ in findings}
        findings += [each for pair in pairs for each in _findings(pair, known, own, options) if each[0] not in said]
        unread += [pair.unread for pair in pairs if pair.unread]
    moved = sum(finding.level != "note" for _, finding in findings)
    measured = "not known" if unread and not moved else f"{moved} moved"
    return Judgement(measured, "0 moved", tuple(finding for _, finding in findings), tuple(unread))


def _ecosystems_in_doubt(pair: ManifestChange, known: Declarations) -> Iterator[str]:
    """The ecosystems of which the changed manifests alone do not tell whether something moved."""
    for declared in _with_place(pair.after):
        name = compare.key_of(pair.reader, declared)
        if _place(declared) not in _places(name, known) and (name in known.names or _place(declared) != _REGISTRY):
            yield name[0]
    for declared in pair.after.replaced.values():
        if _place(declared) not in _replacements(compare.key_of(pair.reader, declared), known):
            yield pair.reader.ecosystem
    if any((pair.reader.ecosystem, index) not in known.indexes for index in pair.after.indexes):
        yield pair.reader.ecosystem


def _findings(
    pair: ManifestChange, known: Declarations, own: frozenset[Key], options: Options
) -> Iterator[tuple[Key, Finding]]:
    """What of one manifest comes from elsewhere, by its name, or by its address where that is all there is."""
    replaced = {compare.key_of(pair.reader, declared) for declared in pair.after.replaced.values()}
    for declared in _with_place(pair.after):
        name = compare.key_of(pair.reader, declared)
        # What is replaced is told below.
        if name in known.names and name not in replaced and _place(declared) not in _places(name, known):
            here = name in own or declared.origin.rstrip("/") == "."
            yield name, _moved_finding(pair, declared, known.names[name], own=here, options=options)
    for declared in pair.after.replaced.values():
        name = compare.key_of(pair.reader, declared)
        if _place(declared) not in (*_replacements(name, known), _REGISTRY) and not _is_trusted(
            declared.origin, options
        ):
            level: Level = "note" if declared.source == "path" and name in own else "fail"
            message, hint = (
                f"{declared.name} is replaced by {_place_in_words(declared)}",
                "" if level == "note" else _HINT,
            )
            yield name, Finding(message, pair.path, declared.line or None, hint, level)
    for index, line in pair.after.indexes.items():
        if (pair.reader.ecosystem, index) not in known.indexes and not _is_trusted(index, options):
            message = f"packages may now come from {compare.shorten_text(index)}"
            yield (pair.reader.ecosystem, index), Finding(message, pair.path, line or None, _HINT)


def _with_place(manifest: Manifest) -> Iterator[Dependency]:
    """What says of itself where it comes from; a path that is not named is whatever the workspace's manifest says."""
    yield from manifest.names.values()
    yield from (each for each in manifest.local.values() if each.origin)


def _moved_finding(
    pair: ManifestChange, declared: Dependency, old: Sequence[Dependency], *, own: bool, options: Options
) -> Finding:
    source, _ = _place(declared)
    level: Level = "warn" if declared.development else "fail"
    # What the repository holds itself may be taken from itself, and the ecosystem's own registry is where names belong.
    if _place(declared) == _REGISTRY or (source == "path" and own) or _is_trusted(declared.origin, options):
        level = "note"
    message = f"{declared.name} comes from {_place_in_words(declared)}, at the base from {_place_in_words(old[0])}"
    return Finding(message, pair.path, declared.line or None, "" if level == "note" else _HINT, level)


def _place_in_words(declared: Dependency) -> str:
    if _place(declared) == _REGISTRY:
        return "the registry"
    where = f"{_WORDS[declared.source]} {compare.shorten_text(declared.origin or declared.version)}".strip()
    return (
        f"{where} {compare.shorten_text(declared.version)}"
        if declared.source == "git" and declared.origin and declared.version
        else where
    )


def _places(name: Key, known: Declarations) -> set[Place]:
    return {_place(each) for each in (*known.names.get(name, ()), *known.local.get(name, ()))}


def _replacements(name: Key, known: Declarations) -> set[Place]:
    return {_place(each) for each in known.replaced.get(name, ())}


def _place(declared: Dependency) -> Place:
    """Where it comes from: a repository by host and path, whatever the protocol; a URL without what a version is."""
    if declared.source == "registry":
        return "registry", declared.origin
    if declared.source == "path":
        return "path", ""
    where = address.place(declared.origin or declared.version)
    forge = re.match(r"((?:[\w-]+\.)*(?:github|gitlab|bitbucket|codeberg|gitea)[\w.-]*/[^/]+/[^/@?#]+)", where)
    if forge:  # the archive of a repository is that repository
        return "git", forge.group(1).removesuffix(".git").lower()
    if declared.source == "git":
        return "git", where
    folder, _, file = where.partition("?")[0].rpartition("/")
    return "url", "/".join("*" if re.search(r"\d", part) else part for part in (*folder.split("/"), file))


def _is_trusted(origin: str, options: Options) -> bool:
    where = address.place(origin).partition("://")[2] or address.place(origin)
    return any(f"{where}/".lower().startswith(f"{place.strip('/')}/".lower()) for place in options.trusted)


GATE = Gate("dependency-source", "dependencies come from where they came from", check, Options, order=32)
