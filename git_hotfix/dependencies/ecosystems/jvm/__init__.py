"""Java, Kotlin and Scala: Maven, Gradle with its version catalogs and buildSrc, sbt and Mill."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.dependencies.registry import Manifest, Reached, Reader

_ENDS = ("pom.xml", ".gradle", ".gradle.kts", ".versions.toml", ".sbt", ".mvn/extensions.xml", "build.mill", "build.sc")
_BUILDS = frozenset({"buildSrc", "build-logic", "buildLogic"})  # the first is Gradle's, the others are by custom
_SOURCES = (".kt", ".java", ".groovy", ".scala")


def reads(path: str) -> bool:
    """True for the build files of these languages, and for the sources in which builds keep the names they use."""
    if path.endswith(_ENDS):
        return not path.endswith("pom.xml") or path.rpartition("/")[2] == "pom.xml"
    return path.endswith(_SOURCES) and _is_of_build(path)


def _is_of_build(path: str) -> bool:
    folders = path.split("/")[:-1]
    # sbt compiles what stands directly in project/.
    return not _BUILDS.isdisjoint(folders) if not path.endswith(".scala") else folders[-1:] == ["project"]


def read(path: str, content: bytes) -> Manifest:
    """Read one build file; names are `group:artifact`, and a Gradle plugin's is its id."""
    # Only a hotfix that touches a manifest pays for the parsers.
    if path.endswith(".xml"):
        from git_hotfix.dependencies.ecosystems.jvm.maven import read_extensions, read_pom

        return read_pom(content) if path.endswith("pom.xml") else read_extensions(content)
    if path.endswith(".toml"):
        from git_hotfix.dependencies.ecosystems.jvm.catalog import read_catalog

        return read_catalog(content)
    if path.endswith((".sbt", ".scala", ".mill", ".sc")):
        from git_hotfix.dependencies.ecosystems.jvm.sbt import read_sbt

        return read_sbt(path, content)
    from git_hotfix.dependencies.ecosystems.jvm.gradle import read_gradle, read_source

    return read_source(path, content) if path.endswith(_SOURCES) else read_gradle(path, content)


def locks(path: str) -> bool:
    """True for the lock files of Gradle."""
    return path.endswith(".lockfile") and (path.endswith("gradle.lockfile") or "/dependency-locks/" in path)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file."""
    from git_hotfix.dependencies.ecosystems.jvm.catalog import read_lockfile

    return read_lockfile(path, content)


def reaches(path: str, content: bytes) -> Iterable[Reached]:
    """Scripts that are applied, catalogs of versions, modules and parents."""
    from git_hotfix.dependencies import build_includes

    if path.endswith("pom.xml"):
        return build_includes.of_maven(path, content)
    return build_includes.of_gradle(path, content) if path.endswith((".gradle", ".gradle.kts")) else ()


READER = Reader("jvm", reads, read, locks, read_lock, reaches=reaches)
