"""git hotfix pre-commit: the gates as a pre-commit entry, which sees one ref of a push (hidden)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping

from git_hotfix.errors import ExitCode
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.hooks.install import gate_in_place
from git_hotfix.report.streams import Streams


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `git hotfix pre-commit`."""
    parser.add_argument("--only", action="append", default=[], metavar="GATE", help="run this gate alone (repeatable)")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Judge the ref that pre-commit shows. Outside a push there is nothing to judge, and that is done."""
    repository = open_repository()
    line = ref_line(os.environ, repository)
    if line is None:
        streams.say("git-hotfix: pre-commit shows no push, so there is nothing to judge")
        return ExitCode.DONE
    if not gate_in_place(repository):
        streams.say(
            "git-hotfix: pre-commit shows one ref of a push, and none for a deletion or a tag on a commit that the "
            "remote has; put the gate before all of them: git hotfix hooks install"
        )
    from git_hotfix.commands.verify_push import judge_push  # the gates and all they need; outside a push nobody pays

    return judge_push(
        [line],
        os.environ.get("PRE_COMMIT_REMOTE_NAME", ""),
        os.environ.get("PRE_COMMIT_REMOTE_URL", ""),
        tuple(arguments.only),
        streams,
    )


def ref_line(environment: Mapping[str, str], repository: Repository) -> str | None:
    """`<local ref> <local oid> <remote ref> <remote oid>` from pre-commit's variables, None where they tell no push.

    pre-commit sets neither of the two ids when a push brings a root commit; the local ref then says what goes out.
    """
    remote_ref = environment.get("PRE_COMMIT_REMOTE_BRANCH")
    local_ref = environment.get("PRE_COMMIT_LOCAL_BRANCH")
    if not remote_ref or not local_ref:
        return None
    tip = environment.get("PRE_COMMIT_TO_REF") or repository.git.text(
        "rev-parse", "--verify", "--end-of-options", local_ref
    )
    old = environment.get("PRE_COMMIT_FROM_REF") or "0" * len(tip)
    return f"{local_ref} {tip} {remote_ref} {old}"
