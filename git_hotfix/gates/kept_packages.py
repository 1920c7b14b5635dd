"""Packages of others that a fix puts into the repository: vendored folders, and files such as wheels and jars."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator

from git_hotfix.dependencies.changes import ManifestChange
from git_hotfix.dependencies.registry import Dependency
from git_hotfix.model import patterns
from git_hotfix.model.change import FileChange
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sides import SIZE
from git_hotfix.model.verdict import Finding, Level
from git_hotfix.model.words import counted

# What an installer or a build takes for a package, whatever it holds.
PACKAGES = (".whl", ".egg", ".jar", ".aar", ".war", ".ear", ".nupkg", ".gem", ".crate", ".phar")
_ARCHIVES = (*PACKAGES, ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip")
_WRAPPERS = ("gradle-wrapper.jar", "maven-wrapper.jar")  # rise with the build tool
# A vendored folder with one of these is what a package manager made of a lock file, which is judged by itself.
_MANAGED = ("modules.txt", "composer/installed.json", ".package-lock.json", ".yarn-state.yml", ".modules.yaml")
_WAIVE = "or record why: git hotfix waive new-dependency --reason …"


def kept_packages(facts: Facts) -> tuple[Finding, ...]:
    """Every new vendored folder, which refuses where a changed production file names it, and every new or changed
    package file outside of tests and documents."""
    return (*_vendored_findings(facts), *_package_findings(facts))


def local_archives(
    pairs: Collection[ManifestChange], known: Collection[str]
) -> Iterator[tuple[ManifestChange, Dependency]]:
    """What changed manifests take from an archive in the repository that none of the `known` origins is."""
    for pair in pairs:
        for each in pair.after.local.values():
            place = (each.origin or each.name).partition("#")[0]
            if place.lower().endswith(_ARCHIVES) and place not in known:
                yield pair, each


def origins(pairs: Collection[ManifestChange]) -> frozenset[str]:
    """Where the changed manifests took packages from at the base, in the repository."""
    local = (each for pair in pairs for each in pair.before.local.values())
    return frozenset((each.origin or each.name).partition("#")[0] for each in local)


def _vendored_findings(facts: Facts) -> Iterator[Finding]:
    files = facts.policy.files
    names = {each.strip("/").lower() for each in files.vendored if each.endswith("/")}
    vendored, tests = patterns.paths(files.vendored), patterns.paths(files.tests)
    added: dict[str, list[FileChange]] = {}
    for file in facts.changes.files:
        # A move within vendored code brings nothing.
        new = file.status in ("A", "C") or (file.status == "R" and not vendored(file.old_path))
        if new and vendored(file.path) and not tests(file.path) and not files.is_production(file.path):
            added.setdefault(_package_folder(file.path, names), []).append(file)
    if not added:
        return
    base = facts.content.base_files()
    for folder, found in sorted(added.items()):
        if any(path == folder or path.startswith(f"{folder}/") for path in base):
            continue
        holder = posixpath.dirname(folder)
        managed = any(f"{holder}/{name}" in base for name in _MANAGED) or any(
            f"{posixpath.dirname(holder)}/{name}" in base for name in _MANAGED
        )
        by = _file_that_names(facts, posixpath.basename(folder))
        lines = sum(file.added for file in found)
        message = f"new vendored code of {counted(len(found), 'file')} and {counted(lines, 'line')}"
        level: Level = "fail" if by and not managed else "warn"
        hint = f"fix it without {posixpath.basename(folder)}, {_WAIVE}" if level == "fail" else "look at what it is"
        yield Finding(f"{message}, which {by} names" if by else message, path=folder, hint=hint, level=level)


def _package_folder(path: str, names: Collection[str]) -> str:
    """The folder of one package in a vendored folder: below a scope (@acme) or a host (github.com) it lies deeper."""
    parts = path.split("/")
    at = next((place for place, part in enumerate(parts) if part.lower() in names), 0)
    depth = at + 2
    if depth < len(parts) and parts[at + 1].startswith("@"):
        depth += 1
    elif re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", parts[at + 1] if at + 1 < len(parts) else "") and depth < len(parts) - 1:
        depth += 2 if parts[at + 1] in ("github.com", "gitlab.com", "bitbucket.org") else 1
    return "/".join(parts[: min(depth, len(parts))])


def _file_that_names(facts: Facts, name: str) -> str:
    """The first changed production file that has the name of a folder as a word in it; "" for none."""
    production = [file for file in facts.production if file.status != "D"]
    sizes = facts.content.sizes(file.new_oid for file in production)
    small = [file for file in production if (sizes[file.new_oid] or SIZE + 1) <= SIZE]
    blobs = facts.content.blobs(file.new_oid for file in small)
    stem = name.partition(".")[0].encode("utf-8", "surrogateescape")
    spelled = re.escape(stem).replace(rb"\-", b"[-_]")
    word = re.compile(b"(?<![A-Za-z0-9])" + spelled + b"(?![A-Za-z0-9])", re.IGNORECASE)
    return next((file.path for file in small if word.search(blobs[file.new_oid] or b"")), "")


def _package_findings(facts: Facts) -> Iterator[Finding]:
    files = facts.policy.files
    aside = patterns.paths(files.tests + files.docs)
    for file in facts.changes.files:
        if file.status == "D" or not file.path.lower().endswith(PACKAGES) or aside(file.path):
            continue
        if file.old_oid == file.new_oid:
            continue
        new = file.status in ("A", "C")
        level: Level = "warn" if not new and file.path.endswith(_WRAPPERS) else "fail"
        message = "new package in a file" if new else "a package in a file changed"
        yield Finding(message, path=file.path, hint=f"take it from where packages come from, {_WAIVE}", level=level)
