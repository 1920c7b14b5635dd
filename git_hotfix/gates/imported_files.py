"""Changed files that look like tests or documents, and that changed production code imports or links to."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from typing import NamedTuple

from git_hotfix.model import patterns
from git_hotfix.model.change import SUBMODULE_MODE, SYMLINK_MODE, FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.sides import FILES, SIZE
from git_hotfix.model.sources import is_source

# A statement that takes another file in, in any of the languages that gates read: a line that begins with such a word,
# or one that holds such a call. Python's and ECMAScript's may go over lines, in a pair of
# brackets; one that is 2,000 letters wide is none.
_STATEMENT = late_pattern(
    rb"^[ \t]*(?:from\b[^\n(]*\bimport[ \t]*\([^)]{0,2000}\)"
    rb"|(?:im|ex)port\b[^\n{;]*\{[^}]{0,2000}\}[^\n]*"
    rb"|(?:\#[ \t]*include|\#\[path|@?import|export|from|(?:pub(?:\([^)\n]*\))?[ \t]+)?(?:use|mod)|using|part"
    rb"|require(?:_relative|_once)?|include(?:_once)?|load|autoload|source|\.)(?![\w-])[^\n]*)"
    rb"|(?:\brequire|\bimport|\bimport_module|__import__|\binclude)[ \t]*\([^\n]*",
    re.MULTILINE,
)
_WORDS = late_pattern(rb"[\w-]+")
_FOR_TESTS = late_pattern(rb"cfg\((?:test|all\([^\n]*\btest)[^\n]*\n[ \t]*\Z")  # Rust: compiled for tests alone
# A file for those who test is named so, however it counts: what it imports runs in no production.
_OF_TESTS = late_pattern(
    r"(?:^|[^a-z])(?:tests?|testing|spec|specs|e2e|conftest|fixtures?|jest|vitest|karma|cypress|playwright|nox|noxfile)"
    r"(?:$|[^a-z])"
)
_WHOLE_FOLDER = ("__init__", "index", "mod", "main")  # a module of that name is imported by its folder's


class _Module(NamedTuple):
    """What a file is imported as: the folders that it stands in, and the words of its name."""

    path: str
    folders: tuple[str, ...]
    name: tuple[str, ...]


def imported_files(facts: Facts) -> frozenset[str]:
    """The paths of the changed files that are tests or documents by their place or name, and that a changed production
    file imports, where they are source, or that a changed link of production leads to.

    Looked for only in files that the same fix changes: a new file can be imported by nothing else. Generated code is
    there to be imported, and vendored code has a finding of its own (`new-dependency`).
    """
    files = facts.policy.files
    others = patterns.paths(files.vendored + files.generated)
    aside = [
        file.path
        for file in facts.changes.files
        if file.status != "D" and not others(file.path) and not any(map(files.is_production, file.places))
    ]
    if not aside:
        return frozenset()
    production = [file for file in facts.changes.production(files.is_production) if file.status != "D"]
    linked = _find_linked(facts, [file for file in production if file.new_mode == SYMLINK_MODE], aside)
    return linked | _find_imported(
        facts, production, [path for path in aside if is_source(path) and path not in linked]
    )


def _find_linked(facts: Facts, links: Collection[FileChange], aside: Collection[str]) -> frozenset[str]:
    """Those of `aside` that one of `links` leads to: the file itself, or source in the folder."""
    targets = facts.content.blobs(link.new_oid for link in links) if links else {}
    found = set()
    for link in links:
        target = (targets[link.new_oid] or b"").decode("utf-8", "surrogateescape")
        place = posixpath.normpath(posixpath.join(posixpath.dirname(link.path), target))
        found |= {path for path in aside if path == place or (is_source(path) and path.startswith(f"{place}/"))}
    return frozenset(found)


def _find_imported(facts: Facts, production: Collection[FileChange], sources: Collection[str]) -> frozenset[str]:
    """Those of `sources` that a changed file of production imports."""
    importers = [
        file
        for file in production
        if is_source(file.path) and file.new_mode not in (SUBMODULE_MODE, SYMLINK_MODE)
        and not _OF_TESTS.search(file.path.lower())
    ][:FILES]  # fmt: skip
    if not sources or not importers:
        return frozenset()
    modules = [_module(path) for path in sources]
    found: set[str] = set()
    for file, text in _texts(facts, importers):
        folders = tuple(file.path.lower().split("/")[:-1])
        wanted = [each for each in modules if each.path not in found]
        for words in _statements(text) if any(_has_name(each, text) for each in wanted) else ():
            found.update(each.path for each in wanted if _is_imported_by(each, words, folders))
    return frozenset(found)


def _texts(facts: Facts, files: Collection[FileChange]) -> Iterator[tuple[FileChange, bytes]]:
    sizes = facts.content.sizes(file.new_oid for file in files)
    small = [file for file in files if (sizes[file.new_oid] or SIZE + 1) <= SIZE]
    blobs = facts.content.blobs(file.new_oid for file in small)
    for file in small:
        yield file, blobs[file.new_oid] or b""


def _statements(text: bytes) -> Iterator[tuple[str, ...]]:
    """The words of each import in a source file."""
    for match in _STATEMENT.finditer(text):
        if not _FOR_TESTS.search(text, max(0, match.start() - 200), match.start()):
            yield tuple(word.decode("utf-8", "replace").lower() for word in _WORDS.findall(match[0]))


def _module(path: str) -> _Module:
    folder, _, name = path.lower().rpartition("/")
    stem = name.rpartition(".")[0] or name
    # Go imports a folder, and so does whoever imports the file that stands for one.
    if (stem in _WHOLE_FOLDER or name.endswith(".go")) and folder:
        folder, _, stem = folder.rpartition("/")
    words = tuple(word.decode() for word in _WORDS.findall(stem.encode("utf-8", "replace")))
    return _Module(path, tuple(folder.split("/")) if folder else (), words)


def _has_name(module: _Module, text: bytes) -> bool:
    return bool(module.name) and module.name[-1].encode() in text.lower()


def _is_imported_by(module: _Module, words: tuple[str, ...], folders: tuple[str, ...]) -> bool:
    """True for an import, in a file that stands in `folders`, that has the module's name, and those of the last two
    folders that lead from the one to the other: reports.daily is not tests/reports/daily."""
    if module.path.endswith("_test.go"):  # never part of a program
        return False
    length = len(module.name)
    runs = (words[at : at + length] == module.name for at in range(len(words) - length + 1))
    pairs = zip(module.folders, folders, strict=False)
    shared = next((at for at, (one, other) in enumerate(pairs) if one != other), min(len(module.folders), len(folders)))
    return length > 0 and set(module.folders[shared:][-2:]) <= set(words) and any(runs)
