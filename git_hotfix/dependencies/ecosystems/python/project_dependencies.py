"""What has been found so far in one TOML document of a Python project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.python.requirement import (
    is_development,
    is_local,
    normalise,
    parse,
    requirement_at,
)
from git_hotfix.dependencies.ecosystems.python.requirements_file import index_of
from git_hotfix.dependencies.ecosystems.python.sections import lines_of_names
from git_hotfix.dependencies.registry import Dependency, Manifest, Scope, Unreadable, manifest_of
from git_hotfix.dependencies.syntax.toml import load
from git_hotfix.model.frozen import replace

# Groups that an application installs in production; any other group is for those who develop it.
_PRODUCTION_GROUPS = frozenset({"main", "default", "prod", "production", "runtime", "deploy"})
Table = Mapping[str, Any]


def tables(parent: Table, key: str) -> list[Table]:
    """The array of tables below `key`. Raises `Unreadable` for anything else."""
    value = parent.get(key, [])
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise Unreadable(f"{key} is not an array of tables")
    return value


def extra_scope(name: str) -> Scope:
    """The scope of what an extra brings."""
    return "development" if is_development(name) else "optional"


def group_scope(name: str) -> Scope:
    """The scope of what a dependency group brings."""
    return "runtime" if name.lower() in _PRODUCTION_GROUPS else "development"


class ProjectDependencies:
    """Dependencies, and where they are taken from, as the tables of one document say one after another."""

    def __init__(self, content: bytes) -> None:
        self.text, self.document = load(content)
        self.own: set[str] = set()
        self.dynamic: set[str] = set()
        self._lines = lines_of_names(self.text)
        self._declared: list[Dependency] = []
        self._indexes: dict[str, int] = {}
        self._moved: dict[str, list[Dependency]] = {}
        self._replaced: list[Dependency] = []
        self._pins: list[Dependency] = []

    def take_requirement(self, text: object, scope: Scope) -> None:
        """Take one PEP 508 string."""
        if not isinstance(text, str):
            raise Unreadable(f"{str(text)[:80]!r} is not a requirement")
        one = parse(text.strip().removeprefix("-e ").strip(), scope=scope)
        if one is not None:
            self.take(one)

    def take_requirements(self, value: object, where: str, scope: Scope) -> None:
        """Take a list of PEP 508 strings."""
        if not isinstance(value, list):
            raise Unreadable(f"{where} is not a list")
        for each in value:
            self.take_requirement(each, scope)

    def take(self, dependency: Dependency) -> None:
        """Take one dependency and say where it stands."""
        self._declared.append(self._with_line(dependency))

    def take_table(self, entries: Table, scope: Scope) -> None:
        """Take a table of name → version, or of name → {version, path, git, …}, or of name → several of these."""
        for name, value in entries.items():
            if name.lower() != "python":
                for each in value if isinstance(value, list) else [value]:
                    self.take(parse_value(name, each, scope))

    def name_itself(self, name: object) -> None:
        """Take the name of the package that the document describes."""
        if isinstance(name, str) and name:
            self.own.add(normalise(name))

    def take_index(self, url: object) -> None:
        """Take a registry beside the ecosystem's own."""
        if isinstance(url, str) and (index := index_of(url)):
            at = self.text.find(url)
            self._indexes.setdefault(index, self.text.count("\n", 0, at) + 1 if at >= 0 else 0)

    def move(self, name: str, places: Iterable[Dependency]) -> None:
        """`name` is taken from one of these places, wherever it is declared."""
        self._moved.setdefault(normalise(name), []).extend(map(self._with_line, places))

    def take_overrides(self, requirements: object, where: str) -> None:
        """Take a list of overrides or constraints: a version is a pin, which brings nothing, and a URL replaces."""
        if not isinstance(requirements, list) or not all(isinstance(each, str) for each in requirements):
            raise Unreadable(f"{where} is not a list of requirements")
        for one in filter(None, map(parse, requirements)):
            (self._pins if one.source == "registry" else self._replaced).append(self._with_line(one))

    def manifest(self) -> Manifest:
        """All of it, everything taken from where the document says that it is."""
        names = {one.name for one in self._declared}
        # A root of a workspace says it for packages that its members declare, and for those that others bring.
        elsewhere = [place for name, places in self._moved.items() if name not in names for place in places]
        return manifest_of(
            [*self._moved_dependencies(), *(place for place in elsewhere if place.source == "path")],
            own=self.own,
            dynamic=self.dynamic,
            indexes=self._indexes,
            replaced=[*self._replaced, *(place for place in elsewhere if place.source != "path")],
            pins=self._pins,
        )

    def _moved_dependencies(self) -> Iterator[Dependency]:
        for one in self._declared:
            places = self._moved.get(one.name, ())
            for place in places:
                yield replace(place, scope=one.scope, version=place.version or one.version, line=one.line)
            if not places:
                yield one

    def _with_line(self, dependency: Dependency) -> Dependency:
        return replace(dependency, line=self._lines.get(dependency.name, 0))


def parse_value(name: str, value: object, scope: Scope = "runtime") -> Dependency:
    """What one value in a table of packages says of `name`. Raises `Unreadable` for what is not such a value."""
    if isinstance(value, str):
        return Dependency(normalise(name), "" if value == "*" else value, "registry", scope)
    if not isinstance(value, dict):
        raise Unreadable(f"the version of {name} is neither a string nor a table")
    if value.get("workspace") is True:
        return Dependency(normalise(name), "", "path", scope, origin="workspace")
    for key in ("path", "file", "url", "git"):
        place = value.get(key)
        if isinstance(place, str):
            if key == "path" or (key == "file" and "://" not in place):
                return Dependency(normalise(name), "", "path", scope, origin=place)
            git = key == "git" and not is_local(place)
            revision = next((str(value[each]) for each in ("rev", "ref", "tag", "branch") if each in value), "")
            url = f"git+{place.removeprefix('git+')}" if git else place
            return requirement_at(name, url, scope=scope, revision=revision)
    version = str(value.get("version", "")).removeprefix("*")
    index = str(value.get("index", value.get("source", "")))
    # The ecosystem's own registry has a name in poetry, and by custom in pipenv.
    origin = "" if index.lower() == "pypi" else index
    return Dependency(normalise(name), version, "registry", scope, origin=origin)
