"""The files that manifests take dependencies from, whatever these are called, followed from manifest to manifest."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from typing import NamedTuple

from git_hotfix.dependencies.registry import (
    ReachedFile,
    Reader,
    find_reached,
    lock_reader_of,
    path_inside,
    reader_of,
    sibling,
)
from git_hotfix.model import patterns, sources
from git_hotfix.model.change import ChangeSet, Content, FileChange
from git_hotfix.model.names import Oid

DEPTH = 6  # manifests that include one another
COUNT = 2_000  # manifests that are looked at on one side, and files that they include
BYTES = 20_000_000  # of these together
LINK = 1_000  # bytes; a path that is longer is in no repository
# What no manifest takes dependencies from, so that an ordinary fix asks for nothing. Groovy is what a build applies.
_NEVER = tuple(each for each in sources.SUFFIXES if each != ".groovy") + tuple(
    ".md .rst .adoc .html .htm .xhtml .css .scss .sass .less .svg .png .jpg .jpeg .gif .ico .webp .avif .pdf .po .pot "
    ".mo .woff .woff2 .ttf .eot .otf .sql .csv .tsv .snap .map .properties .twig .hbs .phtml .xaml .resx .xlf .strings "
    ".mp3 .mp4 .wav .zip .gz .jar .whl .ipynb".split()
)


# How manifests that include others end, but for those of containers and Bundler.
_ENDS = tuple(
    ".txt .in .toml .cfg setup.py Pipfile .gradle .kts .xml proj .props .targets .projitems .cmake .json .gemspec "
    ".gemfile gems.rb .yml .yaml .config .versions.toml .sbt".split()
)
_PARTS = ("erfile", "Gemfile")


class Side(NamedTuple):
    """What is reached on one side: by path, how it is read and its content, None where that cannot be had. `lost`: what
    the repository does not hold, and the manifest that names it. `beyond`: there is more than is followed."""

    found: Mapping[str, tuple[ReachedFile, bytes | None]]
    lost: Mapping[str, str]
    beyond: bool = False


class Sides(NamedTuple):
    """Both sides."""

    base: Side
    tip: Side


class Production(NamedTuple):
    """What tells the reader of a manifest of production, and a file that only development uses, by path."""

    reader: Callable[[str], Reader | None]
    aside: Callable[[str], bool]


class _Tree(NamedTuple):
    """One side of the repository: the blobs of paths, the paths that a pattern is held against, and their contents."""

    at: Callable[[Collection[str]], Mapping[str, Oid]]
    here: Mapping[str, Oid]
    content: Content
    aside: Callable[[str], bool]


_NOTHING = Side({}, {})


def find_sides(
    changes: ChangeSet, content: Content, production: Production, *, changed: Collection[FileChange]
) -> Sides:
    """What the manifests of production reach at the base and at the tip; `changed` are those of the fix.

    The other manifests of the base are looked at only where the fix changes a file that one of them could name: their
    number grows with the repository. That takes four git processes, and one for each further level of includes.
    """
    reader = production.reader
    asked = any(
        not (reader(path) or lock_reader_of(path)) or _may_be_for_development(path)
        for file in changes.files
        for path in {file.path, file.old_path}
        if not path.lower().endswith(_NEVER)
    )
    if not asked and not any(_reaches(reader(path)) for file in changed for path in (file.path, file.old_path)):
        return Sides(_NOTHING, _NOTHING)
    before = {file.old_path: file.old_oid for file in changes.files if file.status not in ("A", "C")}
    after = {file.path: file.new_oid for file in changes.files if file.status != "D"}
    others = _including_manifests(content, reader) if asked else {}
    old = others | {file.old_path: before[file.old_path] for file in changed if file.old_path in before}
    new = {path: oid for path, oid in others.items() if path not in before}
    new |= {file.path: after[file.path] for file in changed if file.path in after}

    def at_base(paths: Collection[str]) -> dict[str, Oid]:
        known = {path: before[path] for path in paths if path in before}
        return known | dict(content.base_files_at([path for path in paths if path not in known]))

    def at_tip(paths: Collection[str]) -> dict[str, Oid]:
        known = {path: after[path] for path in paths if path in after}
        return known | dict(content.base_files_at([path for path in paths if path not in known and path not in before]))

    roots = [{path: oid for path, oid in side.items() if reader(path)} for side in (old, new)]
    trees = _Tree(at_base, before, content, production.aside), _Tree(at_tip, after, content, production.aside)
    return Sides(*map(_follow, roots, trees))


def find_at_base(content: Content, production: Production) -> Side:
    """What all manifests of the base reach."""
    tree = content.base_files()

    def at(paths: Collection[str]) -> dict[str, Oid]:
        return {path: tree[path] for path in paths if path in tree}

    return _follow(_including_manifests(content, production.reader), _Tree(at, tree, content, production.aside))


def _reaches(reader: Reader | None) -> bool:
    return reader is not None and reader.reaches is not None


def _may_be_for_development(path: str) -> bool:
    """True for a manifest whose name says that production runs without it, which what includes it may know better."""
    return "dev" in path or "test" in path


def _including_manifests(content: Content, reader: Callable[[str], Reader | None]) -> dict[str, Oid]:
    """The manifests of the base that could include a file, nearest to the top first."""
    # Asking every reader of each of 50,000 paths takes seconds.
    tree = content.base_files_named(_ENDS, _PARTS)
    paths = sorted(filter(_can_include, tree), key=lambda path: (path.count("/"), path))
    return {path: tree[path] for path in [path for path in paths if reader(path)][:COUNT]}


@lru_cache(maxsize=65_536)
def _can_include(path: str) -> bool:
    return _reaches(reader_of(path))


def _follow(roots: Mapping[str, Oid], tree: _Tree) -> Side:
    """What `roots` reach, level by level."""
    found: dict[str, tuple[ReachedFile, bytes | None]] = {}
    lost: dict[str, str] = {}
    front = {path: (ReachedFile(path, path, tree.aside(path)), oid) for path, oid in roots.items()}
    for _ in range(DEPTH):
        texts = tree.content.blobs(oid for _, oid in front.values())
        named = [(one, path) for path, (each, oid) in front.items() for one in _reached_by(each, texts[oid])]
        news = _find_new(named, found, tree, lost)
        if not news:
            return Side(found, lost)
        if len(found) + len(news) > COUNT or not _fits_room(news, tree.content):
            break
        texts = tree.content.blobs(oid for _, oid in news.values())
        found |= {path: (each, texts[oid]) for path, (each, oid) in news.items()}
        front = news
    return Side(found, lost, beyond=True)


def _find_new(
    named: Collection[tuple[ReachedFile, str]],
    found: Mapping[str, tuple[ReachedFile, bytes | None]],
    tree: _Tree,
    lost: dict[str, str],
) -> dict[str, tuple[ReachedFile, Oid]]:
    """What is reached for the first time, or by production for the first time; `lost` takes what is not there."""
    plain = {each.path for each, _ in named if not each.pattern}
    oids = dict(tree.at(plain)) if plain else {}
    lost |= {each.path: by for each, by in named if not each.optional and each.path not in oids}
    wanted = [each for each, _ in named if not each.pattern]
    for pattern in {each for each, _ in named if each.pattern}:
        matches = patterns.paths((f"/{pattern.path}",))
        matched = {path: oid for path, oid in tree.here.items() if matches(path)}
        oids |= matched
        name = pattern.like.rpartition("/")[2]
        wanted += [pattern._replace(path=path, like=sibling(path, name)) for path in matched]
    news: dict[str, tuple[ReachedFile, Oid]] = {}
    for target in wanted:
        aside = target.optional and tree.aside(target.path)
        scoped = target._replace(development=target.development or aside)
        known = news.get(target.path) or found.get(target.path)
        # What production runs wins over what only development does.
        if target.path in oids and (known is None or known[0].development > scoped.development):
            news[target.path] = scoped, oids[target.path]
    return news


def _fits_room(news: Mapping[str, tuple[ReachedFile, Oid]], content: Content) -> bool:
    sizes = content.sizes(oid for _, oid in news.values())
    return sum(size or 0 for size in sizes.values()) <= BYTES


def _reached_by(manifest: ReachedFile, text: bytes | None) -> list[ReachedFile]:
    reader = reader_of(manifest.like)
    if reader is None or text is None:
        return []
    return [
        one._replace(development=one.development or manifest.development)
        for one in _reached_from_text(reader, manifest.like, text)
    ]


@lru_cache(maxsize=4_096)
def _reached_from_text(reader: Reader, like: str, text: bytes) -> tuple[ReachedFile, ...]:
    """What one manifest reaches; the content of a symbolic link is the path of what it stands for."""
    found = find_reached(reader, like, text)
    if len(text) < LINK and b"\n" not in text:
        target = path_inside(like, text.decode(errors="surrogateescape"))
        found |= {ReachedFile(target, like, optional=True)} if target else set()
    return tuple(sorted(found))
