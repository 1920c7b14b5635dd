"""`git hotfix verify`: whether a released hotfix is what its record says, offline, in any clone."""

from __future__ import annotations

import argparse

from git_hotfix.context.open import open_context
from git_hotfix.errors import ExitCode
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams
from git_hotfix.report.verification import show_verification, verification_object
from git_hotfix.verification.subject import find_subject
from git_hotfix.verification.verify import verify


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `verify` understands."""
    parser.add_argument("tag", help="the tag of a hotfix, or its issue")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 where nothing is wrong, 1 with what is, 2 for a tag that is not here, 3 where its logbook is not."""
    with open_context(streams, view="known") as context:
        found = verify(find_subject(context, arguments.tag))
    code = ExitCode.REFUSED if found.failed else ExitCode.DONE
    if arguments.format == "json":
        streams.raw(as_json.document("verify", code, verification_object(found)))
    else:
        show_verification(streams, found)
    return code
