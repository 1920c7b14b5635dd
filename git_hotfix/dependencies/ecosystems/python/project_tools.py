"""What poetry, PDM, hatch, uv and flit keep in pyproject.toml, each in a table of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from git_hotfix.dependencies.ecosystems.python.project_dependencies import (
    ProjectDependencies,
    Table,
    extra_scope,
    group_scope,
    parse_value,
    tables,
)
from git_hotfix.dependencies.ecosystems.python.requirement import is_local, normalise
from git_hotfix.dependencies.registry import Unreadable, table_at

_LISTS = ("dependencies", "extra-dependencies", "set-dependencies", "set-extra-dependencies")  # of hatch environments


def poetry(gathered: ProjectDependencies, settings: Table) -> None:
    """`[tool.poetry]`."""
    gathered.name_itself(settings.get("name"))
    for source in tables(settings, "source"):
        gathered.take_index(source.get("url"))
    dependencies = table_at(settings, "dependencies")
    # Beside `[project]`, which says what is required, poetry's table may only say where it is taken from.
    listed = table_at(gathered.document, "project").get("dependencies")
    extras = table_at(table_at(gathered.document, "project"), "optional-dependencies").values()
    said = {_name(text) for group in (listed, *extras) if isinstance(group, list) for text in group}
    _groups(gathered, {"main": {"dependencies": {k: v for k, v in dependencies.items() if normalise(k) not in said}}})
    for name, value in dependencies.items():
        if normalise(name) in said:
            places = [parse_value(name, each) for each in (value if isinstance(value, list) else [value])]
            gathered.move(name, [place for place in places if place.source != "registry" or place.origin])
    gathered.take_table(table_at(settings, "dev-dependencies"), "development")
    gathered.take_table(table_at(settings, "requires-plugins"), "build")
    _groups(gathered, table_at(settings, "group"))


def _name(text: object) -> str:
    """The normalised name that a PEP 508 string begins with."""
    match = re.match(r"\s*([\w.-]+)", text) if isinstance(text, str) else None
    return normalise(match.group(1)) if match else ""


def _groups(gathered: ProjectDependencies, groups: Table) -> None:
    for name, group in groups.items():
        if not isinstance(group, dict):
            raise Unreadable(f"group.{name} is not a table")
        gathered.take_table(table_at(group, "dependencies"), group_scope(name))


def pdm(gathered: ProjectDependencies, settings: Table) -> None:
    """`[tool.pdm]`."""
    for group, items in table_at(settings, "dev-dependencies").items():
        gathered.take_requirements(items, f"tool.pdm.dev-dependencies.{group}", "development")
    for source in tables(settings, "source"):
        gathered.take_index(source.get("url"))
    for name, value in table_at(table_at(settings, "resolution"), "overrides").items():
        if not isinstance(value, str):
            raise Unreadable(f"the override of {name} is not a string")
        address = "://" in value or is_local(value)
        version = value if value[:1] in ("<", ">", "=", "!", "~", "*") else f"=={value}"
        gathered.take_overrides([f"{name} @ {value}" if address else name + version.strip("*")], "tool.pdm.resolution")


def hatch(gathered: ProjectDependencies, settings: Table) -> None:
    """`[tool.hatch]`, or a hatch.toml."""
    for name, environment in table_at(settings, "envs").items():
        if not isinstance(environment, dict):
            raise Unreadable(f"envs.{name} is not a table")
        for where, items in _requirement_lists(environment):
            gathered.take_requirements(items, f"tool.hatch.envs.{name}.{where}", "development")
    build = table_at(settings, "build")
    hooked = [*table_at(build, "hooks").values()]
    for target in table_at(build, "targets").values():
        hooked += [target, *(table_at(target, "hooks").values() if isinstance(target, dict) else ())]
    for each in (build, *hooked):
        if isinstance(each, dict) and "dependencies" in each:
            gathered.take_requirements(each["dependencies"], "tool.hatch.build", "build")


def _requirement_lists(environment: Table) -> Iterator[tuple[str, object]]:
    """Lists of requirements, those that hold only for a platform, a variable or a part of a matrix included."""
    waiting: list[tuple[str, Any, bool]] = [("", environment, True)]
    while waiting:
        where, value, top = waiting.pop()
        for key, inner in value.items():
            if key in _LISTS:
                items = inner if isinstance(inner, list) else [inner]
                # An override is a string, or a table with a condition beside the value.
                yield f"{where}{key}", [each.get("value") if isinstance(each, dict) else each for each in items]
            elif isinstance(inner, dict) and (not top or key == "overrides"):
                waiting.append((f"{where}{key}.", inner, False))


def uv(gathered: ProjectDependencies, settings: Table) -> None:
    """`[tool.uv]`, or a uv.toml."""
    gathered.take_requirements(settings.get("dev-dependencies", []), "tool.uv.dev-dependencies", "development")
    for name, items in table_at(settings, "extra-build-dependencies").items():
        several = items if isinstance(items, list) else [items]
        texts = [each.get("requirement") if isinstance(each, dict) else each for each in several]
        gathered.take_requirements(texts, f"tool.uv.extra-build-dependencies.{name}", "build")
    for key in ("constraint-dependencies", "override-dependencies", "build-constraint-dependencies"):
        gathered.take_overrides(settings.get(key, []), f"tool.uv.{key}")
    for name, value in table_at(settings, "sources").items():
        gathered.move(name, [parse_value(name, each) for each in (value if isinstance(value, list) else [value])])
    for holder in (settings, table_at(settings, "pip")):
        for key in ("index-url", "extra-index-url", "find-links", "index"):
            value = holder.get(key)
            for each in value if isinstance(value, list) else [value]:
                gathered.take_index(each.get("url") if isinstance(each, dict) else each)


def flit(gathered: ProjectDependencies, settings: Table) -> None:
    """`[tool.flit]`, as it was before PEP 621."""
    metadata = table_at(settings, "metadata")
    gathered.name_itself(metadata.get("dist-name", metadata.get("module")))
    gathered.take_requirements(metadata.get("requires", []), "tool.flit.metadata.requires", "runtime")
    gathered.take_requirements(metadata.get("dev-requires", []), "tool.flit.metadata.dev-requires", "development")
    for extra, items in table_at(metadata, "requires-extra").items():
        gathered.take_requirements(items, f"tool.flit.metadata.requires-extra.{extra}", extra_scope(extra))


TOOLS: Mapping[str, Callable[[ProjectDependencies, Table], None]] = {
    "poetry": poetry,
    "pdm": pdm,
    "hatch": hatch,
    "uv": uv,
    "flit": flit,
}
