"""Helm: Chart.yaml and requirements.yaml; Chart.lock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader, Scope, Unreadable, manifest_of


def read(path: str, content: bytes) -> Manifest:
    """Read the dependencies of a chart. Helm has no registry of its own: each has its repository as `origin`, an alias
    (`@bitnami`) as it is written. A chart without a repository stands in charts/."""
    from git_hotfix.dependencies.syntax import yaml_file

    if path.endswith("requirements.yaml"):
        documents = yaml_file.load_all(content, last=True)
        if not any(isinstance(each, dict) and "dependencies" in each for each in documents):
            return Manifest()  # Ansible's, say
    document = yaml_file.load(content, last=True)  # as Helm takes it
    name = document.get("name")
    return manifest_of(_dependencies(document), own=[name] if isinstance(name, str) else [])


def _dependencies(document: dict[str, Any]) -> Iterator[Dependency]:
    from git_hotfix.dependencies.syntax.address import origin
    from git_hotfix.dependencies.syntax.yaml_file import line_of

    dependencies = document.get("dependencies") or []
    if not isinstance(dependencies, list):
        raise Unreadable("dependencies is not a list")
    for dependency in dependencies:
        if not isinstance(dependency, dict) or not isinstance(dependency.get("name"), str):
            raise Unreadable("a dependency has no name")
        name, line = str(dependency["name"]), line_of(dependency["name"])
        version, repository = dependency.get("version") or "", dependency.get("repository") or ""
        if not isinstance(version, str) or not isinstance(repository, str):
            raise Unreadable(f"the version or the repository of {name[:80]!r} is not text")
        scope: Scope = "optional" if dependency.get("condition") or dependency.get("tags") else "runtime"
        if not repository or repository.startswith(("file:", ".")):
            yield Dependency(name, str(version), "path", scope, line, str(repository or f"charts/{name}"))
        else:
            yield Dependency(name, str(version), "registry", scope, line, origin(repository))


READER = Reader(
    "helm",
    manifests=(globs("Chart.yaml", "requirements.yaml"),),
    read=read,
    locks=(globs("Chart.lock"),),
    read_lock=read,
)
