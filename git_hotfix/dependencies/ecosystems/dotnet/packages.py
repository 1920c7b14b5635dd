"""What NuGet calls a package, and which places it takes packages from without being told."""

from __future__ import annotations

from git_hotfix.dependencies.syntax.address import origin, place

_OWN = ("api.nuget.org", "www.nuget.org", "nuget.org")


def normalise(name: str) -> str:
    """The one spelling of a package's name: NuGet compares without case."""
    return name.strip().lower()


def index(source: str) -> str | None:
    """A package source as manifests are compared; None for NuGet's own."""
    return None if place(source).partition("/")[0] in _OWN else origin(source.replace("\\", "/"))
