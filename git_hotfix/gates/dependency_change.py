"""dependency-change: what production has already stays, at its major version."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from git_hotfix.gates.registry import Gate
from git_hotfix.manifests import comparison
from git_hotfix.manifests.comparison import Key, Known, Pair
from git_hotfix.manifests.constraints import Meaning, meaning
from git_hotfix.manifests.registry import Declared
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement, Level

_WAIVE = "or record why: git hotfix waive dependency-change --reason …"
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


@dataclass(frozen=True)
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
    pairs = comparison.manifests(facts.changes, facts.content, facts.policy.files)
    old, new = comparison.before(pairs), comparison.after(pairs)
    findings = [finding for pair in pairs for finding in _changed(pair, old, new, options)]
    findings += _shifted(facts, pairs, old, new, options)
    unread = tuple(pair.unread for pair in pairs if pair.unread)
    beyond = sum(finding.level != "note" for finding in findings)
    measured = (
        "not known" if unread and not beyond else f"{beyond} of {len(findings)} beyond" if findings else "0 changed"
    )
    return Judgement(measured, "minor bumps", tuple(findings), unread)


def _changed(pair: Pair, old: Known, new: Known, options: Options) -> Iterator[Finding]:
    """What the versions of one manifest changed to."""
    if pair.lost and not pair.unread:
        message = f"its versions cannot be compared: at the base it {pair.lost}"
        yield Finding(message, pair.path, hint="look at them yourself", level="warn")
    said = {**pair.before.pins, **pair.before.names}
    for name, each in {**pair.after.pins, **pair.after.names}.items():
        was = said.get(name) or _moved(comparison.key(pair.reader, each), pair, old)
        if was and each.name not in options.ignored and each.source == was.source:
            finding = _compared(pair, _pinned(pair, was, old), _pinned(pair, each, new))
            if finding:
                yield finding


def _moved(name: Key, pair: Pair, old: Known) -> Declared | None:
    """What another changed manifest said of a name that this one has taken over."""
    found = old.names.get(name, ())
    return found[0] if len(found) == 1 else None


def _pinned(pair: Pair, each: Declared, known: Known) -> Declared:
    """The same with the version that is set elsewhere, where it has none of its own."""
    pins = known.pins.get(comparison.key(pair.reader, each), ())
    return pins[0] if pins and not each.version else each


def _compared(pair: Pair, was: Declared, now: Declared) -> Finding | None:
    before, after = _version(was), _version(now)
    if "".join(before.split()) == "".join(after.split()):
        return None
    means = meaning(before, after, zero=pair.reader.ecosystem not in _STEADY)
    if means == "other" and now.source != "registry":
        means = "revision"
    words, level, hint = _SAID[means]
    if now.development:
        level, hint = "note", ""
    arrow = f"{comparison.shown(before) or 'any version'} → {comparison.shown(after) or 'any version'}"
    return Finding(f"{now.name} {arrow}{words}", pair.path, now.line or None, hint, level)


def _version(each: Declared) -> str:
    """Its version; of an archive the name of its file, which holds it."""
    if each.source == "url":
        return (each.origin or each.version).partition("?")[0].rpartition("/")[2]
    return each.version


def _shifted(facts: Facts, pairs: Collection[Pair], old: Known, new: Known, options: Options) -> Iterator[Finding]:
    """What production loses, and what only development had until now."""
    kept = _runtime(new) | new.local.keys() | new.own | new.besides
    lost = _runtime(old) - kept
    gained = _runtime(new) - _runtime(old)
    if not lost and not gained:
        return
    base = comparison.base(facts.content, facts.policy.files, {ecosystem for ecosystem, _ in lost | gained})
    before = comparison.known((), base)
    lost -= before.own  # the repository's own packages are its own affair
    changed = {pair.file.old_path for pair in pairs}
    rest = {path: side for path, side in base.sides.items() if path not in changed}
    lost -= _runtime(comparison.known((), base._replace(sides=rest)))
    gained &= before.names.keys() - _runtime(before)
    for pair in pairs:
        yield from _gone(pair, lost, options)
        for each in pair.after.names.values():
            if (
                comparison.key(pair.reader, each) in gained
                and not each.development
                and each.name not in options.ignored
            ):
                hint = f"fix it without {each.name}, {_WAIVE}"
                yield Finding(
                    f"production now needs {each.name}, which only development had", pair.path, each.line or None, hint
                )


def _gone(pair: Pair, lost: Collection[Key], options: Options) -> Iterator[Finding]:
    gone = sorted(
        each.name
        for each in pair.before.names.values()
        if comparison.key(pair.reader, each) in lost and each.name not in options.ignored and not each.development
    )
    if gone and not pair.unread:
        more = f" and {len(gone) - _NAMED} more" if len(gone) > _NAMED else ""
        hint = f"make sure that nothing in production needs what is gone, {_WAIVE}"
        yield Finding(f"production loses {', '.join(gone[:_NAMED])}{more}", pair.path, None, hint)


def _runtime(known: Known) -> frozenset[Key]:
    """The names that production runs with."""
    return frozenset(name for name, said in known.names.items() if not _is_development(name, said, known))


def _is_development(name: Key, said: tuple[Declared, ...], known: Known) -> bool:
    # Where the members of a workspace take a name from its manifest, they say what they need it for.
    taken = [each for each in known.local.get(name, ()) if not each.origin]
    return all(each.development for each in taken or said)


GATE = Gate("dependency-change", "no major bump, downgrade or removal", check, Options, severity="warn", order=33)
