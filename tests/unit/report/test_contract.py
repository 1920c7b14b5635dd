"""The JSON contract: a schema that holds, told in the manual. Every test that runs a command holds its output to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest
from sandbox import contract_broken

from git_hotfix.commands import COMMANDS, parser_of
from git_hotfix.report.contract import manual, schema

PAGE = Path(__file__).parents[3] / "docs" / "man" / "git-hotfix.1"
DOCTOR: dict[str, Any] = {
    "schema": 1, "command": "doctor", "ok": True, "exit_code": 0,
    "checks": [{"id": "git", "status": "ok", "message": "git 2.39", "hint": ""}],
}  # fmt: skip


def test_the_contract_is_a_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.Draft202012Validator(schema()).validate(DOCTOR)


def _commands(shape: dict[str, Any]) -> list[str]:
    command = shape["properties"]["command"]
    return command.get("enum") or [command["const"]]


def test_every_command_that_prints_json_is_in_it() -> None:
    printing = {each.name for each in COMMANDS if "json" in parser_of(each).format_help()}
    told = {name for each in schema()["anyOf"] if each["title"] != "failures" for name in _commands(each)}
    assert told == printing
    [failures] = [each for each in schema()["anyOf"] if each["title"] == "failures"]
    assert set(_commands(failures)) == printing


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, ""),
        ({"more": 1}, "Additional properties are not allowed ('more' was unexpected)"),
        ({"schema": 2}, "1 was expected"),
        ({"checks": [{**DOCTOR["checks"][0], "status": "odd"}]}, "'odd' is not one of ['ok', 'warn', 'fail']"),
    ],
)
def test_what_is_not_in_it_is_seen(change: dict[str, Any], says: str) -> None:
    assert contract_broken({**DOCTOR, **change}).rpartition(": ")[2] == says


def test_the_manual_says_what_the_schema_says() -> None:
    page = PAGE.read_text("utf-8")
    assert page[page.index(".SH OUTPUT\n") : page.index(".SH EXIT STATUS")] == manual()
