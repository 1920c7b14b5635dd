"""environment.yml of conda, and conda-lock.yml."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.conda.match import channel, parse
from git_hotfix.dependencies.ecosystems.python.requirement import normalise, requirement_at
from git_hotfix.dependencies.ecosystems.python.requirements_file import read_file
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax import yaml_file
from git_hotfix.model.frozen import replace


def python_names(declared: Iterator[Dependency] | list[Dependency]) -> set[tuple[str, str]]:
    """What counts as known in Python because conda has it: conda's numpy is PyPI's."""
    return {("python", normalise(one.name)) for one in declared if not one.ecosystem}


def read_environment(content: bytes, *, scope: Scope, includes: Callable[[str], bool]) -> Manifest:
    """Read an environment.yml. `includes` says whether a file that its `pip:` list names is read by itself."""
    documents = yaml_file.load_all(content)
    document = documents[0] if len(documents) == 1 else None
    if documents and not isinstance(document, dict):
        raise Unreadable("it is not YAML mapping")
    document = document or {}
    indexes = {index: yaml_file.line_of(each) for each in _list(document, "channels") if (index := channel(each))}
    declared: list[Dependency] = []
    pip: list[str] = []
    for entry in _list(document, "dependencies", tables=True):
        if isinstance(entry, dict):
            pip += _list(entry, "pip")
        else:
            declared.append(parse(entry, scope=scope, line=yaml_file.line_of(entry)))
    known = python_names(declared)
    listed = _read_pip_list(pip, scope=scope, includes=includes)
    return manifest_of(
        [*declared, *listed.names.values(), *listed.local.values()],
        dynamic=listed.dynamic,
        indexes={**indexes, **listed.indexes},
        known=known,
    )


def _list(holder: Mapping[str, Any], key: str, *, tables: bool = False) -> list[Any]:
    value = holder.get(key)
    items = value if isinstance(value, list) else [] if value is None else [value]
    for each in items:
        if not isinstance(each, (str, dict) if tables else str):
            raise Unreadable(f"an entry of {key} is not text")
    return items


def _read_pip_list(items: list[str], *, scope: Scope, includes: Callable[[str], bool]) -> Manifest:
    """The `pip:` list: each entry is a line of a requirements file, and its names are Python's."""
    text = "\n".join(" ".join(each.split("\n")) for each in items)
    found = read_file(text.encode("utf-8", "surrogateescape"), scope=scope, includes=includes)

    def place_in_list(one: Dependency) -> Dependency:
        return replace(one, line=yaml_file.line_of(items[one.line - 1]), ecosystem="python")

    return Manifest(
        names={name: place_in_list(one) for name, one in found.names.items()},
        local={name: place_in_list(one) for name, one in found.local.items()},
        dynamic=found.dynamic,
        indexes={index: yaml_file.line_of(items[line - 1]) for index, line in found.indexes.items()},
    )


def read_conda_lock(content: bytes) -> Manifest:
    """Read a conda-lock.yml, where the packages of conda and of pip stand side by side, once for each platform."""
    packages = yaml_file.load(content).get("package")
    if not isinstance(packages, list):
        raise Unreadable("package is not a list")
    declared = list(map(_package, packages))
    return manifest_of(declared, known=python_names(declared))


def _package(package: object) -> Dependency:
    name = package.get("name") if isinstance(package, dict) else None
    if not isinstance(package, dict) or not isinstance(name, str):
        raise Unreadable("a package has no name")
    version, url = str(package.get("version") or ""), str(package.get("url") or "")
    scope: Scope = "development" if package.get("category") == "dev" else "runtime"
    line = yaml_file.line_of(name)
    if package.get("manager") != "pip":
        return Dependency(name.lower(), version, "registry", scope, line)
    if url.startswith("git+"):
        return replace(requirement_at(name, url, scope=scope, line=line), ecosystem="python")
    return Dependency(normalise(name), version, "registry", scope, line, ecosystem="python")
