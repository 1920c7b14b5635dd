"""JavaScript: package.json as npm, pnpm, yarn and bun read it, their settings and their lock files."""

from __future__ import annotations

from collections.abc import Iterable

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Manifest, ReachedFile, Reader, may_say


def read(path: str, content: bytes) -> Manifest:
    """Read one manifest. Names keep their case: JSONStream and jsonstream are two packages."""
    from git_hotfix.dependencies.ecosystems.javascript import package_json, settings

    name = path.rpartition("/")[2]
    if name == "package.json":
        return package_json.read_package_json(content)
    if name == "pnpm-workspace.yaml":
        return settings.read_pnpm_workspace(content)
    if name == ".yarnrc.yml":
        return settings.read_yarnrc(content)
    return settings.read_bunfig(content) if name == "bunfig.toml" else settings.read_npmrc(content)


def read_lock(path: str, content: bytes) -> Manifest:
    """Read one lock file."""
    from git_hotfix.dependencies.ecosystems.javascript import bun_lock, npm_lock, pnpm_lock, yarn_lock

    name = path.rpartition("/")[2]
    if name == "yarn.lock":
        return yarn_lock.read_yarn_lock(content)
    if name == "pnpm-lock.yaml":
        return pnpm_lock.read_pnpm_lock(content)
    return bun_lock.read_bun_lock(content) if name.startswith("bun.") else npm_lock.read_npm_lock(content)


def reaches(path: str, content: bytes) -> Iterable[ReachedFile]:
    """The packages of the workspaces."""
    from git_hotfix.dependencies import build_includes

    return (
        build_includes.package_json_includes(path, content)
        if path.endswith("package.json") and may_say(content, b"workspaces")
        else ()
    )


READER = Reader(
    "javascript",
    manifests=(globs("package.json", "pnpm-workspace.yaml", ".npmrc", ".yarnrc", ".yarnrc.yml", "bunfig.toml"),),
    read=read,
    locks=(globs("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb"),),
    read_lock=read_lock,
    reaches=reaches,
)
