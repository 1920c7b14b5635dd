""".NET: projects of MSBuild with central packages, packages.config, NuGet's configuration, and Paket."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, ReachedFile, Reader, may_say

_FILES = frozenset({"packages.config", "nuget.config", "dotnet-tools.json", "global.json", "paket.dependencies"})


def read(path: str, content: bytes) -> Manifest:
    """Read one manifest; NuGet compares names without case."""
    # Only a hotfix that touches a manifest pays for the parsers.
    name = path.lower().rpartition("/")[2]
    if name == "paket.dependencies":
        from git_hotfix.dependencies.ecosystems.dotnet.paket import read_dependencies

        return read_dependencies(content)
    if name in _FILES:
        from git_hotfix.dependencies.ecosystems.dotnet import nuget

        return {
            "packages.config": nuget.read_packages,
            "nuget.config": nuget.read_sources,
            "dotnet-tools.json": nuget.read_tools,
            "global.json": nuget.read_global,
        }[name](content)
    from git_hotfix.dependencies.ecosystems.dotnet.msbuild import read_project

    return read_project(path, content)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file."""
    if path.lower().endswith("paket.lock"):
        from git_hotfix.dependencies.ecosystems.dotnet import paket

        return paket.read_lock(content)
    from git_hotfix.dependencies.ecosystems.dotnet import nuget

    return nuget.read_lock(content)


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """What a project imports."""
    from git_hotfix.dependencies import build_includes

    return build_includes.msbuild_includes(path, content) if may_say(content, b"Import") else ()


READER = Reader(
    "dotnet",
    manifests=(
        globs("*.csproj", "*.fsproj", "*.vbproj", "*.vcxproj", "*.sqlproj", "*.wixproj", any_case=True),
        globs("*.proj", "*.projitems", "*.props", "*.targets", any_case=True),
        globs("packages.config", "nuget.config", "paket.dependencies", any_case=True),
        globs("dotnet-tools.json", "global.json", any_case=True),
    ),
    read=read,
    locks=(globs("packages.lock.json", "paket.lock", any_case=True),),
    read_lock=read_lock,
    reaches=reaches,
)
