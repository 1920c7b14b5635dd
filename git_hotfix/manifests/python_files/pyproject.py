"""pyproject.toml in the forms of PEP 621, PEP 735, poetry, PDM, hatch, uv, flit and setuptools; Pipfile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from git_hotfix.manifests.formats.toml import load
from git_hotfix.manifests.python_files.requirement import is_development, is_local, normalise, parse
from git_hotfix.manifests.python_files.sections import lines_of_names
from git_hotfix.manifests.registry import Declared, Manifest, Scope, Unreadable, strongest

# Groups that an application installs in production; any other group is for those who develop it.
_PRODUCTION_GROUPS = frozenset({"main", "default", "prod", "production", "runtime", "deploy"})
Table = Mapping[str, Any]


@dataclass
class Found:
    """What has been found so far in one document; `lines` says where a name stands."""

    lines: Mapping[str, int]
    declared: list[Declared] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    dynamic: set[str] = field(default_factory=set)
    local: set[str] = field(default_factory=set)

    def requirement(self, text: object, scope: Scope) -> None:
        """Take one PEP 508 string."""
        if not isinstance(text, str):
            raise Unreadable(f"{str(text)[:80]!r} is no requirement")
        editable = text.strip().removeprefix("-e ").strip()
        one = parse(editable, scope=scope)
        if one is not None:
            self.add(one)

    def requirements(self, value: object, where: str, scope: Scope) -> None:
        """Take a list of PEP 508 strings."""
        if not isinstance(value, list):
            raise Unreadable(f"{where} is no list")
        for each in value:
            self.requirement(each, scope)

    def add(self, one: Declared) -> None:
        """Take one dependency and say where it stands."""
        line = self.lines.get(one.name, 0)
        self.declared.append(Declared(one.name, one.version, one.source, one.scope, line))

    def manifest(self) -> Manifest:
        """All of it, without what is found at a local path."""
        names = strongest(each for each in self.declared if each.name not in self.local)
        return Manifest(names=names, own=frozenset(self.own), dynamic=frozenset(self.dynamic))


def read_pyproject(content: bytes, *, includes: Callable[[str], bool]) -> Manifest:
    """Read a pyproject.toml. `includes` says whether a file that setuptools takes dependencies from is read itself."""
    text, document = load(content)
    found = Found(lines_of_names(text))
    tool = _table(document, "tool")
    for name, table in _table(_table(tool, "uv"), "sources").items():
        if isinstance(table, dict) and (table.get("workspace") is True or "path" in table):
            found.local.add(normalise(name))
    _project(found, _table(document, "project"))
    for group, items in _table(document, "dependency-groups").items():
        _group(found, group, items)
    if "requires" in _table(document, "build-system"):
        found.requirements(_table(document, "build-system")["requires"], "build-system.requires", "build")
    for name, read in _TOOLS.items():
        read(found, _table(tool, name))
    _setuptools(found, _table(tool, "setuptools"), includes)
    return found.manifest()


def _table(parent: Table, key: str) -> Table:
    value = parent.get(key, {})
    if not isinstance(value, dict):
        raise Unreadable(f"{key} is no table")
    return value


def _own(found: Found, name: object) -> None:
    if isinstance(name, str) and name:
        found.own.add(normalise(name))


def _extra(name: str) -> Scope:
    return "development" if is_development(name) else "optional"


def _group_scope(name: str) -> Scope:
    return "runtime" if name.lower() in _PRODUCTION_GROUPS else "development"


def _project(found: Found, project: Table) -> None:
    _own(found, project.get("name"))
    found.requirements(project.get("dependencies", []), "project.dependencies", "runtime")
    for extra, items in _table(project, "optional-dependencies").items():
        found.requirements(items, f"project.optional-dependencies.{extra}", _extra(extra))


def _group(found: Found, group: str, items: object) -> None:
    if not isinstance(items, list):
        raise Unreadable(f"dependency-groups.{group} is no list")
    for item in items:
        # An included group is read under its own name.
        if not (isinstance(item, dict) and isinstance(item.get("include-group"), str)):
            found.requirement(item, _group_scope(group))


def _named(found: Found, table: Table, scope: Scope) -> None:
    """A table of name → version, or of name → {version, path, git, …}, or of name → several of these."""
    for name, value in table.items():
        if name.lower() == "python":
            continue
        for each in value if isinstance(value, list) else [value]:
            found_one = _named_one(name, each, scope)
            if found_one:
                found.add(found_one)


def _named_one(name: str, value: object, scope: Scope) -> Declared | None:
    if isinstance(value, str):
        return Declared(normalise(name), "" if value == "*" else value, "registry", scope)
    if not isinstance(value, dict):
        raise Unreadable(f"the version of {name} is no string and no table")
    for key in ("path", "file", "url", "git"):
        place = value.get(key)
        if isinstance(place, str):
            local = key == "path" or (key == "file" and "://" not in place) or (key != "git" and is_local(place))
            return None if local else Declared(normalise(name), place, "url", scope)
    return Declared(normalise(name), str(value.get("version", "")), "registry", scope)


def _poetry(found: Found, poetry: Table) -> None:
    _own(found, poetry.get("name"))
    _named(found, _table(poetry, "dependencies"), "runtime")
    _named(found, _table(poetry, "dev-dependencies"), "development")
    for name, group in _table(poetry, "group").items():
        if not isinstance(group, dict):
            raise Unreadable(f"group.{name} is no table")
        _named(found, _table(group, "dependencies"), _group_scope(name))


def _pdm(found: Found, pdm: Table) -> None:
    for group, items in _table(pdm, "dev-dependencies").items():
        found.requirements(items, f"tool.pdm.dev-dependencies.{group}", "development")


def _hatch(found: Found, hatch: Table) -> None:
    for name, environment in _table(hatch, "envs").items():
        for key in ("dependencies", "extra-dependencies"):
            if isinstance(environment, dict) and key in environment:
                found.requirements(environment[key], f"tool.hatch.envs.{name}.{key}", "development")
    build = _table(hatch, "build")
    hooked = [*_table(build, "hooks").values()]
    for target in _table(build, "targets").values():
        hooked += [target, *(_table(target, "hooks").values() if isinstance(target, dict) else ())]
    for table in (build, *hooked):
        if isinstance(table, dict) and "dependencies" in table:
            found.requirements(table["dependencies"], "tool.hatch.build", "build")


def _uv(found: Found, uv: Table) -> None:
    # constraint-dependencies and override-dependencies pin what something else brings.
    found.requirements(uv.get("dev-dependencies", []), "tool.uv.dev-dependencies", "development")


def _flit(found: Found, flit: Table) -> None:
    metadata = _table(flit, "metadata")
    _own(found, metadata.get("dist-name", metadata.get("module")))
    found.requirements(metadata.get("requires", []), "tool.flit.metadata.requires", "runtime")
    found.requirements(metadata.get("dev-requires", []), "tool.flit.metadata.dev-requires", "development")
    for extra, items in _table(metadata, "requires-extra").items():
        found.requirements(items, f"tool.flit.metadata.requires-extra.{extra}", _extra(extra))


_TOOLS: Mapping[str, Callable[[Found, Table], None]] = {
    "poetry": _poetry,
    "pdm": _pdm,
    "hatch": _hatch,
    "uv": _uv,
    "flit": _flit,
}


def _setuptools(found: Found, setuptools: Table, includes: Callable[[str], bool]) -> None:
    """Dependencies that setuptools takes from files; those of a file that is not read by itself are dynamic."""
    dynamic = _table(setuptools, "dynamic")
    for holder in (dynamic.get("dependencies"), *_table(dynamic, "optional-dependencies").values()):
        for file in _files(holder):
            if not includes(file):
                found.dynamic.add(f"file = {file}")


def _files(holder: object) -> Iterator[str]:
    value = holder.get("file") if isinstance(holder, dict) else None
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str):
            yield each


def read_pipfile(content: bytes) -> Manifest:
    """Read a Pipfile: `packages`, and every other table of packages, which pipenv calls a category."""
    text, document = load(content)
    found = Found(lines_of_names(text))
    _table(document, "packages")
    for category, table in document.items():
        if isinstance(table, dict) and category not in ("source", "requires", "scripts", "pipenv"):
            _named(found, table, "runtime" if category == "packages" else "development")
    return found.manifest()
