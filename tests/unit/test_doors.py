"""The doors of the house: which room may import which (DESIGN, "The rooms"), and who may print."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import git_hotfix

TOP = Path(git_hotfix.__file__).parent
FOREIGN = {"git": {"git"}, "gitdb": {"git"}, "unidiff": {"git"}, "rich": {"report"}, "jinja2": {"documents"},
           "tree_sitter": {"symbols"}}  # fmt: skip
# Lowest first: a room imports only rooms below its layer, and none beside it.
LAYERS = (
    "model errors",
    "git symbols report demo",
    "dependencies",
    "policy",
    "gates",
    "snapshot",
    "runs",
    "record",
    "approvals form",
    "hotfix",
    "context",
    "conflicts detect documents hooks",
    "backport doctor verification",
    "release",
    "evidence questions notify",
    "paper",
    "commands",
    "cli",
    "__main__",
)
RANK = {room: rank for rank, layer in enumerate(LAYERS) for room in layer.split()}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service"}


def modules() -> list[Path]:
    return sorted(TOP.rglob("*.py"))


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(TOP.parent).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """`git_hotfix.git.refs` → `git`, `git_hotfix` → "" (the version)."""
    return module.partition(".")[2].partition(".")[0]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


@cache
def imports(file: Path) -> tuple[str, ...]:
    """Every module that a file imports, wherever in it."""
    return tuple(_imports(file))


def _imports(file: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide the room"
            assert node.module
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if is_module(name) else node.module for name in names)


@cache
def is_module(name: str) -> bool:
    place = TOP.parent / Path(*name.split("."))
    return place.is_dir() or place.with_suffix(".py").exists()


def test_a_room_imports_only_rooms_below_it() -> None:
    upward = {
        f"{name_of(file)} imports {imported}"
        for file in modules()
        for imported in imports(file)
        if imported.startswith("git_hotfix.")
        and room_of(imported) != room_of(name_of(file))
        and RANK[room_of(imported)] >= RANK[room_of(name_of(file))]
    }
    assert upward == set()


def test_every_room_is_in_the_list_of_layers() -> None:
    rooms = {room_of(name_of(file)) for file in modules()} - {""}
    assert rooms == set(RANK)


@pytest.mark.parametrize("package", sorted(FOREIGN))
def test_a_dependency_has_one_room(package: str) -> None:
    rooms = {room_of(name_of(file)) for file in modules() if package in {n.partition(".")[0] for n in imports(file)}}
    assert rooms <= FOREIGN[package]


def test_model_is_the_standard_library_only() -> None:
    """But for one name that `model.frozen` asks for while types are checked, and never when it runs."""
    foreign = {
        name_of(file): names
        for file in modules()
        if room_of(name_of(file)) in ("model", "errors")
        and (names := {n.partition(".")[0] for n in imports(file)} - set(sys.stdlib_module_names) - {"git_hotfix"})
    }
    assert foreign == {"git_hotfix.model.frozen": {"typing_extensions"}}


def test_only_report_and_cli_print() -> None:
    printing = {
        room_of(name_of(file))
        for file in modules()
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "input")
    }
    assert printing <= {"report", "cli"}


def test_only_git_starts_git() -> None:
    """Processes of git are started in one room, by one runner; the demo starts shells, as a person does; a forge's
    program, a person's editor and commands, and what sends messages are not git."""
    starting = {name_of(file) for file in modules() if {"subprocess"} & set(imports(file))}
    assert starting <= {
        "git_hotfix.git.run",
        "git_hotfix.git.gitpython",
        "git_hotfix.demo.stage",
        "git_hotfix.notify.send",
        "git_hotfix.backport.forge",
        "git_hotfix.form.editor",
        "git_hotfix.evidence.process",
    }


def test_a_file_is_one_idea_and_a_long_one_says_why() -> None:
    """A cap cuts ideas in two; over 600 lines the first line gives the reason in more than a title."""
    texts = {name_of(file): file.read_text("utf-8").splitlines() for file in modules()}
    long = {name: lines[0] for name, lines in texts.items() if len(lines) > 600}
    assert {name: first for name, first in long.items() if "because" not in first} == {}


def test_no_file_is_named_after_nothing() -> None:
    assert [file for file in modules() if file.stem in FORBIDDEN_NAMES] == []


def test_no_two_files_of_tests_have_one_name() -> None:
    """pytest imports them by their names alone: of two, one is not collected, and a whole run stops."""
    files = sorted(Path(__file__).parents[1].rglob("*.py"))
    names = [file.name for file in files if "fixtures" not in file.parts]
    assert [name for name in sorted({*names}) if names.count(name) > 1] == []
