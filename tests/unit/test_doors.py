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
FOREIGN = {"git": {"git"}, "gitdb": {"git"}, "unidiff": {"git"}, "rich": {"report"}, "jinja2": {"documents"}}
BELOW = {"errors", "model"}
SEEING = {"policy", "policy_text", "situation"}
# What is composed of several rooms and serves several commands: it looks and prepares, it never acts or speaks.
COMPOSED = {
    "affected", "ballot", "checkup", "claimed_tags", "copies", "copies_on_production", "delivered", "delivery", "desk",
    "floating", "hotfix", "incomplete", "landing", "moved_lines",
    "newer_release", "offering", "packages", "permissions", "picking", "production", "proposal", "push",
    "remains", "remembering", "reverted", "review", "second_copy", "settling", "solution", "stale_fork",
    "starting_point", "tag_names", "tagging",
}  # fmt: skip
# Room → the rooms that it may import beside itself; a module of the top level is a room of its own.
DOORS: dict[str, set[str]] = {
    "errors": set(),
    "model": set(),
    "gates": {"errors", "model", "manifests", "languages"},
    "planning": {"errors", "model", "manifests"},
    "git": BELOW,
    "manifests": BELOW,
    "languages": BELOW,
    "report": BELOW,
    "documents": BELOW,
    "policy": {*BELOW, "manifests"},
    "policy_text": {*BELOW, "policy"},
    "situation": {*BELOW, "git", "policy", ""},
    "demo": {"errors", ""},  # knows the tool as a person does, from outside
    # Acting takes what was prepared; preparing never acts.
    "execution": {*BELOW, *COMPOSED, "git", "documents", "planning"},
    **{room: {*BELOW, *COMPOSED, *SEEING, "git", "manifests", "documents", "planning", ""} for room in COMPOSED},
}
FORBIDDEN_NAMES = {"utils", "helpers", "common", "manager", "service"}


def modules() -> list[Path]:
    return sorted(TOP.rglob("*.py"))


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(TOP.parent).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """`git_hotfix.git.refs` → `git`, `git_hotfix.policy` → `policy`, `git_hotfix` → "" (the version)."""
    return module.partition(".")[2].partition(".")[0]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def imports(file: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative imports hide the room"
            assert node.module
            if node.module == "git_hotfix":
                yield from (_submodule(alias.name) for alias in node.names)
            else:
                yield node.module


def _submodule(name: str) -> str:
    exists = (TOP / name).is_dir() or (TOP / f"{name}.py").exists()
    return f"git_hotfix.{name}" if exists else "git_hotfix"


def inside(file: Path) -> set[str]:
    """The other rooms that a file imports."""
    found = {room_of(name) for name in imports(file) if name.partition(".")[0] == "git_hotfix"}
    return found - {room_of(name_of(file))}


@pytest.mark.parametrize("room", sorted(DOORS))
def test_a_room_opens_only_its_doors(room: str) -> None:
    broken = {name_of(file): rooms for file in modules() if room_of(name_of(file)) == room
              and (rooms := inside(file) - DOORS[room])}  # fmt: skip
    assert broken == {}


def test_nobody_imports_commands_but_cli_and_commands() -> None:
    found = {name_of(file) for file in modules() if "commands" in inside(file)}
    assert found <= {"git_hotfix.cli"}


def test_nobody_imports_cli_but_main_and_completion() -> None:
    """Completion offers the very table of commands that cli keeps, and imports it only while it runs."""
    found = {name_of(file) for file in modules() if "cli" in inside(file)}
    assert found <= {"git_hotfix.__main__", "git_hotfix.commands.completion"}


def test_every_room_has_its_doors() -> None:
    rooms = {room_of(name_of(file)) for file in modules()}
    assert rooms - set(DOORS) <= {"", "__main__", "cli", "commands", "completion", "hooks"}


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
    """Processes of git are started in one room, by one runner; the demo starts shells, as a person does, and a forge's
    program is not git."""
    starting = {name_of(file) for file in modules() if {"subprocess", "git.cmd"} & set(imports(file))}
    git = {"git_hotfix.git.run", "git_hotfix.git.gitpython"}
    assert starting <= {*git, "git_hotfix.demo.stage", "git_hotfix.execution.forge"}


def test_a_file_is_one_idea_and_a_long_one_says_why() -> None:
    """A cap cuts ideas in two; over 600 lines the first line gives the reason in more than a title."""
    texts = {name_of(file): file.read_text("utf-8").splitlines() for file in modules()}
    long = {name: lines[0] for name, lines in texts.items() if len(lines) > 600}
    assert {name: first for name, first in long.items() if "because" not in first} == {}


def test_no_file_is_named_after_nothing() -> None:
    assert [file for file in modules() if file.stem in FORBIDDEN_NAMES] == []
