"""Projects in XML: pom.xml of Maven, projects and shared properties of MSBuild, packages of NuGet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from git_hotfix.dependencies.carriers.own_versions import OwnVersions, Place

# What `dotnet pack` and the assembly take a version from; the names are those of MSBuild's own documentation.
_MSBUILD = frozenset(
    "Version VersionPrefix VersionSuffix PackageVersion AssemblyVersion FileVersion AssemblyFileVersion "
    "InformationalVersion AssemblyInformationalVersion ApplicationVersion ApplicationDisplayVersion ReleaseVersion "
    "ProductVersion".split()
)


def pom(content: bytes) -> OwnVersions | None:
    """A pom.xml: its version, else the one that it takes over from its parent; the properties that this version is
    made of; what the release plug-in writes beside it (`scm/tag`, `project.build.outputTimestamp`).

    A parent with an empty `relativePath`, or of another group, is somebody else's package, and so is one whose version
    differs from the project's own.
    """
    from git_hotfix.dependencies.syntax.xml_file import load

    root = load(content)
    if root.name != "project" or len(list(root.all("version"))) > 1:
        return None
    version, parent = root.value("version"), root.child("parent")
    own = {("version",), ("properties", "project.build.outputTimestamp"), ("scm", "tag")}
    own |= {("properties", name) for name in _references(version)}
    if parent is not None:
        path = parent.child("relativePath")
        group = root.value("groupId") in ("", parent.value("groupId"))
        if group and version in ("", parent.value("version")) and (path is None or path.text):
            own.add(("parent", "version"))
            own |= {("properties", name) for name in _references(parent.value("version"))}
    return _take_out_own(root, lambda place: place in own)


def _references(version: str) -> list[str]:
    """The properties in `${revision}${changelist}`."""
    return [part.partition("}")[0] for part in version.split("${")[1:]]


def msbuild(content: bytes) -> OwnVersions | None:
    """A project of .NET, or what its projects share: the versions among its properties, never those of its items."""
    from git_hotfix.dependencies.syntax.xml_file import load

    root = load(content)
    if root.name != "Project":
        return None
    return _take_out_own(root, lambda place: len(place) == 2 and place[0] == "PropertyGroup" and place[1] in _MSBUILD)


def nuspec(content: bytes) -> OwnVersions | None:
    """A package of NuGet."""
    from git_hotfix.dependencies.syntax.xml_file import load

    root = load(content)
    return _take_out_own(root, lambda place: place == ("metadata", "version")) if root.name == "package" else None


def _take_out_own(root: Any, is_own: Callable[[Place], bool]) -> OwnVersions:
    """Every element in its order, with the texts at own places taken out."""
    versions: dict[Place, str] = {}
    rest: list[object] = []
    waiting: list[tuple[Any, Place, Place]] = [(root, (), ())]
    while waiting:
        element, place, numbered = waiting.pop()
        text: str | None = element.text
        if is_own(place) and not element.children:
            versions[numbered], text = element.text, None
        rest.append((numbered, sorted(element.attributes.items()), text))
        for number, child in enumerate(element.children):
            waiting.append((child, (*place, child.name), (*numbered, f"{child.name} {number}")))
    return OwnVersions(versions, rest)
