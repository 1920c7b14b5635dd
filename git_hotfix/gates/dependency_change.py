"""dependency-change: what production has already stays, at its major version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from git_hotfix.dependencies import changes, compare
from git_hotfix.dependencies.changes import ManifestChange
from git_hotfix.dependencies.compare import Base, Declarations, Key
from git_hotfix.dependencies.constraints import Meaning, meaning
from git_hotfix.dependencies.registry import Dependency
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement, Level

_WAIVE = "or record why: git hotfix waive dependency-change --reason …"
_LOOK = "look at them yourself"
_NAMED = 5  # removed names of one manifest; the rest is counted
# Go keeps what may break apart by the module's path, from v2 on: a higher v0 is an upgrade like any other
# (go.dev/ref/mod, "Major version suffixes"), and golang.org/x, where its security fixes come from, never left v0.
_STEADY = frozenset({"go"})
# What each meaning is called, how grave it is, and what to do about it.
_SAID: Mapping[Meaning, tuple[str, Level, str]] = {
    "major": (": a new major version", "fail", f"take the lowest version that has the fix, {_WAIVE}"),
    "lowered": (": an older version", "fail", f"make sure that no fix since then is lost, {_WAIVE}"),
    "unstable": (": a pre-release", "fail", f"take a release that has the fix, {_WAIVE}"),
    "revision": (": other commits", "fail", f"read what lies between the two, {_WAIVE}"),
    "loosened": (": no longer says as exactly which version", "warn", "name the version that was tested"),
    "raised": ("", "note", ""),
    "other": ("", "note", ""),
}


@frozen
class Options:
    """`[gates.dependency-change]`. Of 917 genuine hotfixes 20 % touch a manifest and 5.7 % change a version."""

    ignored: tuple[str, ...] = field(
        default=(),
        metadata={"doc": "names that may change in any way", "source": "only 5.7 % of hotfixes change a version"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Compare the versions in each changed manifest with the same manifest's at the base, and find what is gone.

    A higher version within the major one is a note: it is how a hole is closed. Whatever production runs without is a
    note too. A name that moves to another manifest, or that another one goes on declaring, is not gone.
    """
    pairs = changes.changed_manifests(facts.changes, facts.content, facts.policy.files)
    old, new = compare.merge_before(pairs), compare.merge_after(pairs)
    changed = [(pair, *each) for pair in pairs for each in _compare_versions(pair, old, new, options)]
    grave = {name for _, name, finding in changed if finding.level != "note"}
    # The repository's own packages rise together, and are their own affair.
    own = (old.own | new.own | compare.merge_sides((), _base(facts, grave)).own) if grave else frozenset()
    findings = [
        Finding(f"its versions cannot be compared: at the base it {pair.lost}", pair.path, None, _LOOK, "warn")
        for pair in pairs
        if pair.lost and not pair.unread
    ]
    findings += [finding for _, name, finding in changed if name not in own]
    findings += _compare_names(facts, pairs, old, new, options)
    unread = tuple(pair.unread for pair in pairs if pair.unread)
    beyond = sum(finding.level != "note" for finding in findings)
    measured = (
        "not known" if unread and not beyond else f"{beyond} of {len(findings)} beyond" if findings else "0 changed"
    )
    return Judgement(measured, "minor bumps", tuple(findings), unread)


def _base(facts: Facts, names: Collection[Key]) -> Base:
    ecosystems = {ecosystem for ecosystem, _ in names}
    return compare.read_base(facts.content, facts.policy.files, ecosystems, first=names)


def _compare_versions(
    pair: ManifestChange, old: Declarations, new: Declarations, options: Options
) -> Iterator[tuple[Key, Finding]]:
    """What the versions of one manifest changed to."""
    said = {**pair.before.pins, **pair.before.names}
    for word, declared in {**pair.after.pins, **pair.after.names}.items():
        name = compare.key_of(pair.reader, declared)
        was = said.get(word) or _declared_elsewhere(name, old)
        if was is None or declared.name in options.ignored or declared.source != was.source:
            continue
        before, after = _version(was), _version(declared)
        if before or after:  # one that is set elsewhere on both sides is compared there
            finding = _version_finding(pair, declared, before or _pin(name, old), after or _pin(name, new))
            if finding:
                yield name, finding


def _declared_elsewhere(name: Key, old: Declarations) -> Dependency | None:
    """What another changed manifest said of a name that this one has taken over."""
    found = old.names.get(name, ())
    return found[0] if len(found) == 1 else None


def _pin(name: Key, known: Declarations) -> str:
    """The version that is set elsewhere, "" for none."""
    return next((each.version for each in known.pins.get(name, ())), "")


def _version_finding(pair: ManifestChange, now: Dependency, before: str, after: str) -> Finding | None:
    if "".join(before.split()) == "".join(after.split()):
        return None
    means = meaning(before, after, zero=pair.reader.ecosystem not in _STEADY)
    # A branch is not a version: it is called dev or main without promising anything.
    if now.source != "registry" and means in ("other", "unstable", "loosened"):
        means = "revision"
    words, level, hint = _SAID[means]
    if now.development:
        level, hint = "note", ""
    arrow = f"{compare.shorten_text(before) or 'any version'} → {compare.shorten_text(after) or 'any version'}"
    return Finding(f"{now.name} {arrow}{words}", pair.path, now.line or None, hint, level)


def _version(declared: Dependency) -> str:
    """Its version; of an archive the name of its file, which holds it."""
    if declared.source == "url":
        return (declared.origin or declared.version).partition("?")[0].rpartition("/")[2]
    return declared.version


def _compare_names(
    facts: Facts, pairs: Collection[ManifestChange], old: Declarations, new: Declarations, options: Options
) -> Iterator[Finding]:
    """What production loses, and what only development had until now."""
    # What conda had may be what Python has now.
    others = {pair.reader.ecosystem: pair.reader.others for pair in pairs}
    kept = _runtime(new) | new.local.keys() | new.own | new.besides
    lost = {
        name
        for name in _runtime(old)
        if kept.isdisjoint((each, name[1]) for each in (name[0], *others.get(name[0], ())))
    }
    gained = _runtime(new) - _runtime(old)
    if not lost and not gained:
        return
    base = _base(facts, lost | gained)
    before = compare.merge_sides((), base)
    changed = {pair.file.old_path for pair in pairs}
    rest = {path: side for path, side in base.sides.items() if path not in changed}
    lost -= before.own | _runtime(compare.merge_sides((), base._replace(sides=rest)))
    gained &= before.names.keys() - _runtime(before)
    for pair in pairs:
        yield from _lost_findings(pair, lost, options)
        yield from _promoted_findings(pair, gained, options)


def _lost_findings(pair: ManifestChange, lost: Collection[Key], options: Options) -> Iterator[Finding]:
    gone = sorted(
        each.name
        for each in pair.before.names.values()
        if compare.key_of(pair.reader, each) in lost and each.name not in options.ignored and not each.development
    )
    if gone and not pair.unread:
        more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
        hint = f"make sure that nothing in production needs what is gone, {_WAIVE}"
        yield Finding(f"production loses {', '.join(gone[:_NAMED])}{more}", pair.path, None, hint)


def _promoted_findings(pair: ManifestChange, gained: Collection[Key], options: Options) -> Iterator[Finding]:
    for declared in pair.after.names.values():
        if (
            compare.key_of(pair.reader, declared) in gained
            and not declared.development
            and declared.name not in options.ignored
        ):
            message = f"production now needs {declared.name}, which only development had"
            yield Finding(message, pair.path, declared.line or None, f"fix it without {declared.name}, {_WAIVE}")


def _runtime(known: Declarations) -> frozenset[Key]:
    """The names that production runs with."""
    return frozenset(name for name, said in known.names.items() if not _is_development(name, said, known))


def _is_development(name: Key, said: Sequence[Dependency], known: Declarations) -> bool:
    # Where the members of a workspace take a name from its manifest, they say what they need it for.
    taken = [each for each in known.local.get(name, ()) if not each.origin]
    return all(each.development for each in taken or said)


GATE = Gate("dependency-change", "no major bump, downgrade or removal", check, Options, severity="warn", order=33)
