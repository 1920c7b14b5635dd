"""Java, Kotlin and Scala: Maven, Gradle with its version catalogs and buildSrc, sbt and Mill."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import BUILD_FOLDERS, Manifest, ReachedFile, Reader

_SOURCES = (".kt", ".java", ".groovy", ".scala")


def _is_in_build(path: str) -> bool:
    return not BUILD_FOLDERS.isdisjoint(path.split("/")[:-1])


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


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file."""
    from git_hotfix.dependencies.ecosystems.jvm.catalog import read_lockfile

    return read_lockfile(path, content)


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """Scripts that are applied, catalogs of versions, modules and parents."""
    from git_hotfix.dependencies import build_includes

    if path.endswith("pom.xml"):
        return build_includes.maven_includes(path, content)
    return build_includes.gradle_includes(path, content) if path.endswith((".gradle", ".gradle.kts")) else ()


READER = Reader(
    "jvm",
    manifests=(
        globs("pom.xml", ".mvn/extensions.xml"),
        globs("*.gradle", "*.gradle.kts", "*.versions.toml"),
        # The sources in which a build keeps the names that it uses; sbt compiles what stands directly in project/.
        globs("*.kt", "*.java", "*.groovy", test=_is_in_build),
        globs("*.sbt", "project/*.scala", "*build.mill", "*build.sc"),
    ),
    read=read,
    locks=(
        globs("*gradle.lockfile"),
        globs("*.lockfile", test=lambda path: "/dependency-locks/" in path),
    ),
    read_lock=read_lock,
    reaches=reaches,
)
