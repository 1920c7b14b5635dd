"""pyproject.toml in the forms of PEP 518, PEP 621, PEP 735 and setuptools; what other tools keep there is beside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from git_hotfix.dependencies.ecosystems.python.project_dependencies import (
    ProjectDependencies,
    Table,
    extra_scope,
    group_scope,
    tables,
)
from git_hotfix.dependencies.ecosystems.python.project_tools import TOOLS, hatch, uv
from git_hotfix.dependencies.ecosystems.python.requirement import normalise
from git_hotfix.dependencies.registry import Manifest, Scope, Unreadable, table_at


def read_pyproject(content: bytes, *, includes: Callable[[str], bool]) -> Manifest:
    """Read a pyproject.toml. `includes` says whether a file that setuptools takes dependencies from is read itself."""
    found = ProjectDependencies(content)
    tool = table_at(found.document, "tool")
    _project(found, table_at(found.document, "project"))
    _groups(found, table_at(found.document, "dependency-groups"))
    build = table_at(found.document, "build-system")
    if "requires" in build:
        found.take_requirements(build["requires"], "build-system.requires", "build")
    for name, read in TOOLS.items():
        read(found, table_at(tool, name))
    found.dynamic |= {f"file = {file}" for file in _included_files(tool) if not includes(file)}
    return found.manifest()


def files_of(content: bytes) -> list[str]:
    """The files that the tools of a pyproject.toml take dependencies from."""
    return list(_included_files(table_at(ProjectDependencies(content).document, "tool")))


def _included_files(tool: Table) -> Iterator[str]:
    yield from _setuptools_files(table_at(tool, "setuptools"))
    yield from _hatch_files(table_at(tool, "hatch"))


def read_tool(name: str, content: bytes) -> Manifest:
    """Read hatch.toml or uv.toml: what stands below `[tool.hatch]` or `[tool.uv]`, in a file of its own."""
    found = ProjectDependencies(content)
    {"hatch.toml": hatch, "uv.toml": uv}[name](found, found.document)
    return found.manifest()


def _project(gathered: ProjectDependencies, project: Table) -> None:
    gathered.name_itself(project.get("name"))
    gathered.take_requirements(project.get("dependencies", []), "project.dependencies", "runtime")
    for extra, items in table_at(project, "optional-dependencies").items():
        gathered.take_requirements(items, f"project.optional-dependencies.{extra}", extra_scope(extra))


def _groups(gathered: ProjectDependencies, groups: Table) -> None:
    production = _in_production(groups)
    for group, items in groups.items():
        scope: Scope = "runtime" if group in production else "development"
        for item in items:
            # An included group is read under its own name.
            if not (isinstance(item, dict) and isinstance(item.get("include-group"), str)):
                gathered.take_requirement(item, scope)


def _in_production(groups: Table) -> set[str]:
    """The groups that production installs, and those that they include."""
    spelled = {normalise(group): group for group in groups}
    included = {group: list(_included_groups(group, items)) for group, items in groups.items()}
    waiting = [group for group in groups if group_scope(group) == "runtime"]
    seen: set[str] = set()
    while waiting:
        group = waiting.pop()
        if group not in seen:
            seen.add(group)
            waiting += [spelled[name] for name in included[group] if name in spelled]
    return seen


def _included_groups(group: str, items: object) -> Iterator[str]:
    if not isinstance(items, list):
        raise Unreadable(f"dependency-groups.{group} is not a list")
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("include-group"), str):
            yield normalise(item["include-group"])


def _setuptools_files(setuptools: Table) -> Iterator[str]:
    """Files that setuptools takes dependencies from; those of a file that is not read by itself are dynamic."""
    dynamic = table_at(setuptools, "dynamic")
    for holder in (dynamic.get("dependencies"), *table_at(dynamic, "optional-dependencies").values()):
        yield from _files(holder.get("file") if isinstance(holder, dict) else None)


def _hatch_files(settings: Table) -> Iterator[str]:
    """Files that the plugin hatch-requirements-txt takes dependencies from."""
    hooks = table_at(table_at(settings, "metadata"), "hooks")
    requirements = table_at(hooks, "requirements_txt")
    yield from _files(requirements.get("files", requirements.get("filename")))
    for files in table_at(requirements, "optional-dependencies").values():
        yield from _files(files)


def _files(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each


def read_pipfile(content: bytes) -> Manifest:
    """Read a Pipfile: `packages`, and every other table of packages, which pipenv calls a category."""
    found = ProjectDependencies(content)
    table_at(found.document, "packages")
    for source in tables(found.document, "source"):
        found.take_index(source.get("url"))
    for category, entries in found.document.items():
        if isinstance(entries, dict) and category not in ("requires", "scripts", "pipenv"):
            found.take_table(entries, "runtime" if category == "packages" else "development")
    return found.manifest()
