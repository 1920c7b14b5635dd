"""`git hotfix completion`: a completion script for a shell, generated from the parsers."""

from __future__ import annotations

import argparse
import importlib

from git_hotfix import gates
from git_hotfix.commands import COMMANDS, parser_of
from git_hotfix.errors import ExitCode
from git_hotfix.report.completion.words import Words, read
from git_hotfix.report.streams import Streams

SHELLS = ("bash", "zsh", "fish")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `completion` understands."""
    parser.add_argument("shell", choices=SHELLS, help="the shell to complete in; its first lines say where to put it")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Print the script of one shell."""
    shell = importlib.import_module(f"git_hotfix.report.completion.{arguments.shell}")
    ids = [gate.id for gate in gates.all_gates()]
    streams.raw(shell.script(vocabulary(), ids).rstrip("\n"))
    return ExitCode.DONE


def vocabulary() -> list[Words]:
    """Every command that is not hidden, with the words of its parser."""
    return [read(each.name, each.summary, parser_of(each), group=each.group) for each in COMMANDS if each.group]
