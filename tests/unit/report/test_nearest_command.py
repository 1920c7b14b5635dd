"""What somebody meant who typed a word that is not a command: by its meaning first, then by its letters."""

from __future__ import annotations

import re

import pytest

from git_hotfix.commands import COMMANDS, parser_of
from git_hotfix.report.nearest_command import _MEANINGS, nearest_commands

NAMES = [command.name for command in COMMANDS if command.group]


@pytest.mark.parametrize(
    ("word", "first"),
    [
        ("abort", "close the open conflicts: git hotfix backport --abort"),
        ("Cancel", "close the open conflicts: git hotfix backport --abort"),
        ("revert", "a new hotfix that reverts a bad one: git hotfix rollback"),
        ("merge", "bring a finished hotfix to its branches: git hotfix backport"),
        ("release", "release the hotfix: git hotfix finish"),
        ("--continue", "after a conflict was solved: git hotfix backport --continue"),
        ("finsh", "git hotfix finish"),
        ("statu", "git hotfix status"),
        ("frobnicate", "git hotfix -h"),
        ("", "git hotfix -h"),
    ],
)
def test_the_nearest_command_is_that_of_the_same_meaning(word: str, first: str) -> None:
    assert nearest_commands(word, NAMES)[0] == first


def test_every_meaning_leads_to_a_command_that_is_there_with_options_that_it_takes() -> None:
    words = [word for row in _MEANINGS for word in row.split()]
    assert len(words) == len(set(words))
    assert not set(words) & set(NAMES)
    parsers = {command.name: parser_of(command) for command in COMMANDS if command.group}
    for line in (line for lines in _MEANINGS.values() for line in lines):
        name, options = re.search(r": git hotfix (\S+)(.*)$", line).groups()  # type: ignore[union-attr]
        taken = {flag for action in parsers[name]._actions for flag in action.option_strings}
        assert set(re.findall(r"--[a-z-]+", options)) <= taken, line
