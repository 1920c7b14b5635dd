"""Carthage: Cartfile, Cartfile.private and Cartfile.resolved."""

from __future__ import annotations

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, Scope, Source, manifest_of

# https://github.com/Carthage/Carthage/blob/master/Documentation/Artifacts.md#cartfile: an origin, and a requirement or
# a branch, tag or commit in quotes. A resolved version stands in quotes too.
_LINE = r'\s*(github|git|binary)\s+"([^"]*)"\s*(?:"([^"]*)"|((?:==|>=|~>)\s*[^\s"#]+))?\s*(?:#.*)?'


def read(path: str, content: bytes) -> Manifest:
    """Read a Cartfile of any kind. A name is `owner/repository` in lower case on GitHub, else the address."""
    import re

    from git_hotfix.dependencies.syntax import address, plain

    scope: Scope = "development" if path.endswith(".private") else "runtime"
    declared: list[Dependency] = []
    for number, line in enumerate(plain.source_text(content, ends="foundation").split("\n"), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = re.fullmatch(_LINE, line)
        if match is None:
            raise plain.unreadable("it has no origin that Carthage knows", number)
        kind, place, revision, version = match.groups()
        short = kind == "github" and "://" not in place
        url = address.origin(f"https://github.com/{place}" if short else place)
        on_forge = url.lower().startswith("https://github.com/")
        source: Source = "url" if kind == "binary" else "git"
        if source == "git" and url.startswith((".", "/", "~", "file:")):
            source = "path"
        name = url.lower().removeprefix("https://github.com/") if on_forge and kind != "binary" else url
        declared.append(Dependency(name, revision or version or "", source, scope, number, url))
    return manifest_of(declared)


READER = Reader(
    "carthage",
    manifests=(globs("Cartfile", "Cartfile.private"),),
    read=read,
    locks=(globs("Cartfile.resolved"),),
    read_lock=read,
)
