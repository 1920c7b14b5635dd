"""The subcommands: one file each, which declares its arguments and composes the rooms, and the table of them."""

from __future__ import annotations

import argparse
import importlib
from typing import NoReturn

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.model.frozen import frozen


@frozen
class Command:
    """One subcommand: its name, what it does in a line, and the module that is imported only when it is called."""

    name: str
    summary: str
    module: str
    group: str


EMERGENCY, PEOPLE, EVIDENCE, PAPER, SETUP, HIDDEN = "the emergency", "people", "evidence", "paper", "set-up", ""
GROUPS = (EMERGENCY, PEOPLE, EVIDENCE, PAPER, SETUP)
"""What help shows, in this order; a group without a command is left out."""

COMMANDS = (
    Command("start", "branch hotfix/<issue> at the production tag", "start", EMERGENCY),
    Command("finish", "gates, production and tag, every target, one report", "finish", EMERGENCY),
    Command("backport", "bring a finished hotfix to the branches that still need it", "backport", EMERGENCY),
    Command("check", "run the gates on a hotfix", "check", EMERGENCY),
    Command("status", "where a hotfix stands and what to do next", "status", EMERGENCY),
    Command("list", "every open hotfix and what is left to do", "list_open", EMERGENCY),
    Command("update", "replay a hotfix on a newer production tag", "update", EMERGENCY),
    Command("rollback", "a new hotfix that reverts a bad one, ready to finish", "rollback", EMERGENCY),
    Command("undo", "undo the last finish or backport as far as that is safe", "undo", EMERGENCY),
    Command("abandon", "abandon a hotfix; its commits stay reachable", "abandon", EMERGENCY),
    Command("waive", "record a reasoned permission to pass a gate", "waive", PEOPLE),
    Command("approve", "agree to somebody else's hotfix and its waivers", "approve", PEOPLE),
    Command("bump", "bring every field with the version to the number of the hotfix's tag", "bump", EVIDENCE),
    Command("run", "run a command of yours on a hotfix, and record on which code", "run", EVIDENCE),
    Command("monitor", "watch production after a deployment, and say how to go back", "monitor", EVIDENCE),
    Command("verify", "whether a released hotfix is what its record says, offline", "verify", EVIDENCE),
    Command("mark", "when events of the incident were, and which boxes are done", "mark", PAPER),
    Command("edit", "answer what only people know, in your editor", "edit", PAPER),
    Command("log", "what was recorded of a hotfix, and to strike out what was mistyped", "log", PAPER),
    Command("pr", "the text of the pull request, printed, opened with, or brought up to date", "pr", PAPER),
    Command("postmortem", "write the post-mortem beside what people wrote in it", "postmortem", PAPER),
    Command("report", "what a hotfix changed and where it is; the incident log", "report", PAPER),
    Command("close", "whether a hotfix is done, and what is missing", "close", PAPER),
    Command("notify", "who was told of a hotfix, and to tell again whom a run could not", "notify", PAPER),
    Command("init", "find the repository's scheme and write a policy", "init", SETUP),
    Command("hooks", "put the gates in front of every push", "hooks", SETUP),
    Command("doctor", "say what is wrong with this clone", "doctor", SETUP),
    Command("demo", "play the whole flow in a throw-away repository", "demo", SETUP),
    Command("completion", "print completion for bash, zsh or fish", "completion", SETUP),
    Command("verify-push", "judge a push from its pre-push lines", "verify_push", HIDDEN),
    Command("pre-commit", "judge a push as a pre-commit entry", "pre_commit", HIDDEN),
)
"""The rows of one group stand together: help, the manual and completion keep this order."""


class _Parser(argparse.ArgumentParser):
    """argparse that speaks as the rest of the tool does: wrong usage is a Failure with a hint."""

    def error(self, message: str) -> NoReturn:
        raise Failure(message, hint=f"{self.prog.replace('git-hotfix', 'git hotfix')} -h", code=ExitCode.USAGE)


def parser_of(command: Command) -> argparse.ArgumentParser:
    """The parser of one subcommand; imports its module."""
    parser = _Parser(prog=f"git hotfix {command.name}", description=command.summary, allow_abbrev=False)
    importlib.import_module(f"git_hotfix.commands.{command.module}").add_arguments(parser)
    parser.add_argument(
        "--verbose", "-v", action="store_true", help="show every row, gate and finding, and what was left out"
    )
    parser.add_argument("--color", choices=WHEN, default="auto", help="colour the output: when (alone: always)")
    parser.add_argument("--no-color", dest="color", action="store_const", const="never", help="as --color=never")
    return parser


WHEN = ("auto", "always", "never")
