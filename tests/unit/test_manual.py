"""The manual says what the parsers, the policy and the exit codes say: no less, and nothing that is gone."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from git_hotfix import gates
from git_hotfix.cli import overview
from git_hotfix.commands import COMMANDS, GROUPS, Command, parser_of
from git_hotfix.errors import ExitCode
from git_hotfix.model.policy import Policy

PAGE = Path(__file__).parents[2] / "docs" / "man" / "git-hotfix.1"
SHOWN = [command for command in COMMANDS if command.group]
RENDERERS = {
    "groff": ["groff", "-man", "-Tutf8", "-ww", "-rF0", str(PAGE)],
    "mandoc": ["mandoc", "-T", "lint", "-W", "warning", str(PAGE)],
    "man": ["man", "--warnings", "-l", str(PAGE)],
}

COMMON = frozenset({"--verbose", "-v", "--color", "--no-color"})  # what every command takes


def page() -> str:
    """The source, with the escapes of hyphens and quotes undone and the fonts left out."""
    text = PAGE.read_text("utf-8")
    text = re.sub(r"\\f[A-Z]", "", text)
    return text.replace(r"\-", "-").replace(r"\(dq", '"')


def section(title: str) -> str:
    found = re.search(rf"^\.SH {title}\n(.*?)(?=^\.SH |\Z)", page(), re.MULTILINE | re.DOTALL)
    assert found, f"the manual has no section {title}"
    return found.group(1)


def about(command: Command) -> str:
    """What the manual says of one command."""
    parts = re.split(r"^\.SS ", section("COMMANDS"), flags=re.MULTILINE)
    found = [part for part in parts if re.match(rf'"git hotfix {command.name}[ "]', part)]
    assert len(found) == 1, f"the manual explains {command.name} {len(found)} times"
    return found[0]


def flags(command: Command) -> set[str]:
    """Every option that the parser shows, but for those of all commands."""
    actions = [each for each in parser_of(command)._actions if each.help != argparse.SUPPRESS]
    return {flag for each in actions for flag in each.option_strings} - {"-h", "--help"} - COMMON


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
def test_every_command_and_every_option_is_explained(command: Command) -> None:
    text = about(command)
    entries = [line for line in text.splitlines() if re.match(r"\.(B|BI|BR) ", line)]
    explained = {flag for line in entries for flag in re.findall(r"(?<![\w-])--?[a-z][a-z-]*", line)}
    assert flags(command) <= explained
    named = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", text))
    elsewhere = {flag for other in SHOWN for flag in flags(other)} | COMMON | {"--ff-only"}
    assert named <= elsewhere


@pytest.mark.parametrize("command", SHOWN, ids=lambda command: command.name)
def test_fixed_words_of_arguments_are_named(command: Command) -> None:
    text = about(command)
    for action in parser_of(command)._actions:
        if COMMON & set(action.option_strings):
            continue
        missing = [word for word in action.choices or () if not re.search(rf"\b{word}\b", text)]
        assert missing == [], action.dest


def test_what_every_command_takes_is_explained_once() -> None:
    start = section("COMMANDS").partition(".SS ")[0]
    explained = set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", start))
    assert explained >= COMMON


def test_hidden_commands_stay_hidden() -> None:
    hidden = [command.name for command in COMMANDS if not command.group]
    assert hidden
    assert [name for name in hidden if f"git hotfix {name}" in page() or name in overview()] == []


def rows_by_group() -> dict[str, list[str]]:
    """Every group that has commands, with their names."""
    found = {group: [command.name for command in SHOWN if command.group == group] for group in GROUPS}
    return {group: names for group, names in found.items() if names}


def test_the_overview_lists_every_command_in_its_group_and_the_emergency_first() -> None:
    shown: dict[str, list[str]] = {}
    for line in overview().splitlines()[1:-1]:
        if line.startswith("  git hotfix "):
            shown[list(shown)[-1]].append(line.split()[2])
        elif line:
            shown[line.removesuffix(":")] = []
    assert shown == rows_by_group()
    assert [name for names in shown.values() for name in names][:3] == ["start", "finish", "backport"]


def test_the_manual_has_the_groups_and_the_order_of_the_overview() -> None:
    text = section("COMMANDS")
    listed = re.findall(r"^\.TP\n\.B ([a-z -]+)\n([a-z, -]+)\.$", text.partition(".SS ")[0], re.MULTILINE)
    assert {group: names.split(", ") for group, names in listed} == rows_by_group()
    explained = re.findall(r'^\.SS "git hotfix ([a-z-]+)', text, re.MULTILINE)
    assert explained == [command.name for command in SHOWN]


def keys(value: Any, prefix: str = "") -> list[str]:
    found = []
    for field in fields(value):
        inner = getattr(value, field.name)
        name = prefix + field.name.replace("_", "-")
        if is_dataclass(inner):
            found += keys(inner, f"{name}.")
        elif name != "gates":
            found.append(name)
    for gate in gates.all_gates() if not prefix else ():
        found += [f"gates.{gate.id}.{field.name.replace('_', '-')}" for field in fields(gate.options)]
    return found


def test_every_key_of_the_policy_is_named() -> None:
    text = section("CONFIGURATION")
    assert [key for key in keys(Policy()) if not re.search(rf"(?<![\w.-]){re.escape(key)}(?![\w-])", text)] == []


def test_every_gate_is_explained() -> None:
    entries = re.findall(r"^\.TP\n\.B (\S+)$", section("GATES"), re.MULTILINE)
    assert sorted(entries) == sorted(gate.id for gate in gates.all_gates())


def test_every_exit_code_is_explained() -> None:
    entries = re.findall(r"^\.TP\n\.B (\d+)$", section("EXIT STATUS"), re.MULTILINE)
    assert entries == [str(int(code)) for code in ExitCode]


@pytest.mark.parametrize("program", RENDERERS)
def test_it_renders_without_a_warning(program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    done = subprocess.run(RENDERERS[program], capture_output=True, text=True)
    if program == "man" and ("invalid option" in done.stderr or "illegal option" in done.stderr):
        pytest.skip("this man has no --warnings")
    assert (done.returncode, done.stderr) == (0, "")
    if program == "mandoc":
        assert done.stdout == ""
