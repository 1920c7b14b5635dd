"""lockfile: a lock file changes with its manifest, and brings nothing that production does not have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from git_hotfix.dependencies import changes, compare
from git_hotfix.dependencies.changes import ManifestChange
from git_hotfix.dependencies.constraints import excludes, meaning
from git_hotfix.dependencies.registry import Dependency, Manifest
from git_hotfix.gates.registry import Gate
from git_hotfix.model.frozen import field, frozen
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.verdict import Finding, Judgement, Level
from git_hotfix.model.words import counted

_WAIVE = "or record why: git hotfix waive lockfile --reason …"
_NAMED = 5  # names a finding; the rest is counted
# Ecosystems with several package managers: what a lock file is made from. Any other is made from all their manifests.
_MADE_FROM = {
    "Pipfile.lock": ("Pipfile",),
    "poetry.lock": ("pyproject.toml",),
    "pdm.lock": ("pyproject.toml",),
    "uv.lock": ("pyproject.toml", "uv.toml"),
    "Podfile.lock": ("Podfile",),
    "Package.resolved": ("Package.swift",),
    "gradle.lockfile": (".gradle", ".gradle.kts", ".versions.toml"),
}


@frozen
class Options:
    """`[gates.lockfile]`. A lock file that alone brings new names was seen in genuine hotfixes, and so was a pin of a
    transitive package: both are worth a look, neither is a reason to refuse."""

    max: int = field(
        default=0,
        metadata={"doc": "new names in lock files; more are told of", "source": "3.0 % of 917 hotfixes add a name"},
    )


def check(facts: Facts, options: Options) -> Judgement:
    """Find the names that only the changed lock files know, and the lock files that do not fit their manifests."""
    locks = changes.changed_locks(facts.changes, facts.content, facts.policy.files)
    manifests = changes.changed_manifests(facts.changes, facts.content, facts.policy.files)
    new, unread = _new_names(facts, locks, manifests)
    told = (
        _new_name_findings(new, options),
        _lock_findings(facts, locks, manifests),
        _manifest_findings(facts, locks, manifests),
    )
    findings = [finding for each in told for finding in _most_severe(each)]
    unread += [pair.unread for pair in locks if pair.unread]
    names = sum(len(each) for _, each in new)
    return Judgement(counted(names, "new name"), counted(options.max, "new name"), tuple(findings), tuple(unread))


def _new_names(
    facts: Facts, locks: Collection[ManifestChange], manifests: Collection[ManifestChange]
) -> tuple[list[tuple[ManifestChange, list[Dependency]]], list[Finding]]:
    """The names in each lock file that no lock file of the base has, and that no changed manifest declares."""
    direct = compare.merge_after(manifests)
    locked = compare.merge_after(locks)
    # What a manifest declares is new-dependency's, and the repository's own packages are nobody's.
    mine = direct.names.keys() | direct.own | direct.local.keys() | locked.own | locked.local.keys()
    known = compare.merge_before(locks)
    unread: tuple[Finding, ...] = ()
    asked = {name[0] for name in locked.names.keys() - known.names.keys() - mine}
    if asked:
        sides = [(pair.reader, pair.before) for pair in locks]
        known = compare.merge_sides(sides, compare.read_base(facts.content, facts.policy.files, asked, lock=True))
        unread = known.unread
    old = {*known.names, *known.local, *mine}
    found = []
    for pair in locks:
        # The first lock file of all has nothing to be compared with, and one that was unreadable neither.
        if not pair.lost and any(ecosystem == pair.reader.ecosystem for ecosystem, _ in known.names):
            new = [each for each in pair.after.names.values() if compare.key_of(pair.reader, each) not in old]
            old |= {compare.key_of(pair.reader, each) for each in new}  # said of one lock file is said of all
            found += [(pair, new)] if new else []
    return found, list(unread)


def _most_severe(findings: Iterable[Finding]) -> list[Finding]:
    """The gravest few, and how many more there are."""
    all = sorted(findings, key=lambda finding: ("fail", "warn", "note").index(finding.level))
    more = len(all) - _NAMED
    return [*all[:_NAMED], *([Finding(f"and {more} more like these", level="note")] if more > 0 else [])]


def _new_name_findings(new: Collection[tuple[ManifestChange, list[Dependency]]], options: Options) -> Iterator[Finding]:
    count = sum(len(names) for _, names in new)
    for pair, names in new:
        said = _list_some(f"{each.name} {compare.shorten_text(each.version)}".strip() for each in names)
        message = f"brings {counted(len(names), 'name')} that production does not have: {said}"
        hint = f"look at what they are and what needs them, {_WAIVE}"
        level: Level = "warn" if all(each.development for each in names) else "fail"
        yield Finding(message, pair.path, names[0].line or None, hint, level if count > options.max else "note")


def _lock_findings(
    facts: Facts, locks: Collection[ManifestChange], manifests: Collection[ManifestChange]
) -> Iterator[Finding]:
    """The lock files that changed although no manifest beside them did, that come or go, or that cannot be compared."""
    for pair in locks:
        if pair.file.status == "D":
            if not _is_superseded(facts, pair, locks, manifests):
                message = "is gone: whatever is newest is installed from now on"
                yield Finding(message, pair.path, hint=f"keep it, {_WAIVE}")
        elif pair.unread:
            continue
        elif pair.file.status == "A":
            yield _first_lock_finding(facts, pair)
        elif pair.lost:
            message = f"cannot be compared: at the base it {pair.lost}"
            yield Finding(message, pair.path, hint="look at it yourself", level="warn")
        elif not any(_belong_together(pair, other) for other in manifests) and not _moves_only_own(pair):
            message = f"changed although no manifest beside it did: {_what_moved(pair.before.names, pair.after.names)}"
            yield Finding(message, pair.path, hint=f"make sure that the fix needs it, {_WAIVE}")


def _first_lock_finding(facts: Facts, new: ManifestChange) -> Finding:
    """What a new lock file means: much where it is the first, for until now whatever was newest was installed."""
    message = f"is new and fixes {counted(len(new.after.names), 'package')}"
    if compare.find_paths(facts.content, facts.policy.files, {new.reader.ecosystem}, lock=True):
        return Finding(message, new.path, level="note")
    return Finding(message, new.path, hint="make sure that these are what production runs", level="warn")


def _is_superseded(
    facts: Facts, gone: ManifestChange, locks: Collection[ManifestChange], manifests: Collection[ManifestChange]
) -> bool:
    """True where another lock file stands beside the one that is gone, or where all that it was made from is gone."""
    if any(_belong_together(gone, other) and other.file.status == "D" for other in manifests):
        return True
    standing = {pair.path for pair in locks if pair.file.status == "A"}
    if not any(_folder(path) == _folder(gone.path) for path in standing):
        left = compare.find_paths(facts.content, facts.policy.files, {gone.reader.ecosystem}, lock=True)
        standing |= set(left) - {pair.path for pair in locks if pair.file.status == "D"}
    return any(_folder(path) == _folder(gone.path) for path in standing)


def _moves_only_own(pair: ManifestChange) -> bool:
    """True where nothing moved but the repository's own packages, as a release does it."""
    return pair.before.names == pair.after.names and pair.before.local != pair.after.local


def _what_moved(old: Mapping[str, Dependency], new: Mapping[str, Dependency]) -> str:
    both = [(old[name], each) for name, each in new.items() if name in old and old[name].version != each.version]
    if not both:
        return "no name and no version in it is another" if old.keys() == new.keys() else "names only"
    # What weighs most comes first.
    grave = {each.name: meaning(was.version, each.version) in ("major", "lowered", "revision") for was, each in both}
    both.sort(key=lambda pair: not grave[pair[1].name])
    return _list_some(
        f"{each.name} {compare.shorten_text(was.version)} → {compare.shorten_text(each.version)}" for was, each in both
    )


def _manifest_findings(
    facts: Facts, locks: Collection[ManifestChange], manifests: Iterable[ManifestChange]
) -> Iterator[Finding]:
    """What manifests ask for that the lock files beside them, which did not change, do not have."""
    moved = {path for pair in locks for path in (pair.path, pair.file.old_path)}
    for pair in manifests:
        asked = _new_requests(pair.before, pair.after)
        if not asked or pair.reader.read_lock is None:
            continue
        ecosystem = pair.reader.ecosystem
        found = compare.find_paths(facts.content, facts.policy.files, {ecosystem}, lock=True, above=pair.path)
        beside = _nearest_locks(pair.path, {*found, *moved})
        if not beside or not moved.isdisjoint(beside):
            continue
        base = compare.read_locks_above(facts.content, facts.policy.files, ecosystem, pair.path, beside)
        for path, (_, lock) in base.sides.items():
            missing = _missing_from_lock(pair, asked, path, lock)
            # A workspace's own packages are linked; what the lock file has of that name is an older release.
            own = (
                compare.merge_sides((), compare.read_base(facts.content, facts.policy.files, {ecosystem})).own
                if missing
                else ()
            )
            foreign = [each for each in missing if (ecosystem, each[0]) not in own]
            if foreign:
                message = f"asks for what {path} does not have: {_list_some(words for _, words, _ in foreign)}"
                hint = f"write the lock file anew with the package manager, {_WAIVE}"
                yield Finding(message, pair.path, foreign[0][2] or None, hint)


def _new_requests(before: Manifest, after: Manifest) -> list[Dependency]:
    """What a manifest asks for that it did not ask for before."""
    return [
        each
        for name, each in after.names.items()
        if not each.ecosystem and (name not in before.names or before.names[name].version != each.version)
    ]


def _missing_from_lock(
    pair: ManifestChange, asked: Iterable[Dependency], path: str, lock: Manifest
) -> list[tuple[str, str, int]]:
    """What a lock file lacks: its name, that with its version, and the line where a manifest asks for it."""
    has = {**lock.local, **lock.names}
    old = pair.before.names
    if _folder(path) != _folder(pair.path) and not (old and old.keys() <= has.keys()):
        return []  # a lock file further up is another project's, unless it has all that this one asked for before
    missing = []
    for declared in asked:
        words = f"{declared.name} {compare.shorten_text(declared.version)}".strip()
        if declared.name not in has:
            missing.append((declared.name, words, declared.line))
        elif declared.source == "registry" and excludes(declared.version, has[declared.name].version):
            missing.append(
                (declared.name, f"{words} (it has {compare.shorten_text(has[declared.name].version)})", declared.line)
            )
    return missing


def _nearest_locks(manifest: str, locks: Iterable[str]) -> set[str]:
    """The lock files in the folder of a manifest, or in the nearest one above that has any."""
    fitting = [lock for lock in locks if _is_above(lock, manifest) and _is_made_from(lock, manifest)]
    depth = max((len(_folder(lock)) for lock in fitting), default=0)
    return {lock for lock in fitting if len(_folder(lock)) == depth}


def _belong_together(lock: ManifestChange, manifest: ManifestChange) -> bool:
    """True for a manifest in the folder of a lock file, below it (a member of a workspace) or above it (its root), and
    for one whose package the lock file takes from a path."""
    beside = _is_above(lock.path, manifest.path) or _is_above(manifest.path, lock.path)
    beside = beside or not manifest.after.own.isdisjoint(lock.after.local)
    return beside and lock.reader.ecosystem == manifest.reader.ecosystem and _is_made_from(lock.path, manifest.path)


def _is_above(upper: str, lower: str) -> bool:
    return _folder(lower).startswith(_folder(upper))


def _is_made_from(lock: str, manifest: str) -> bool:
    endings = _MADE_FROM.get(lock.rpartition("/")[2])
    return endings is None or manifest.endswith(endings)


def _folder(path: str) -> str:
    """The folder of a path with its final slash, "" at the top."""
    return path[: path.rfind("/") + 1]


def _list_some(words: Iterable[str]) -> str:
    all = list(words)
    return ", ".join(all[:_NAMED]) + (f" and {len(all) - _NAMED} more" if len(all) > _NAMED else "")


GATE = Gate(
    "lockfile", "lock files fit their manifests, and bring no new name", check, Options, severity="warn", order=34
)
