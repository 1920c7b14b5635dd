"""`git hotfix demo`: play the whole flow in a throw-away repository."""

from __future__ import annotations

import argparse
import textwrap

from git_hotfix.demo.stage import Stage, build_stage
from git_hotfix.demo.story import STORY, Step
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.report.streams import Streams

_WIDTH = 100


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `demo` understands."""
    parser.add_argument("--keep", action="store_true", help="keep the repository and say where it is")


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when every command answered as the story says, so that the demo is a test of an installation too.

    Raises `Failure` (exit 3) at the first command that did not.
    """
    with build_stage(keep=arguments.keep) as stage:
        if arguments.keep:
            streams.say(f"the repository stays in {stage.place}")
        for step in STORY:
            _play(stage, step, streams)
        streams.out()
        if arguments.keep:
            streams.out(f"It is yours to play with: cd {stage.clone} (remove {stage.place} when you are done)")
        else:
            streams.out("All of it happened in a temporary directory, which is gone; --keep leaves it for play.")
    return ExitCode.DONE


def _play(stage: Stage, step: Step, streams: Streams) -> None:
    if step.before:
        streams.out()
        streams.out(textwrap.fill(step.before, _WIDTH))
        streams.out()
    streams.out(f"$ {step.command}")
    code, words = stage.run_line(step.command)
    if words:
        streams.out(words)
    if code != 0:
        streams.out(f"(exit {code})")
    missing = [each for each in step.says if each not in words]
    if code == step.code and not missing:
        return
    wrong = f"should have exited with {step.code}" if code != step.code else f"should have said {missing[0]!r}"
    raise Failure(
        f"the demo did not go as it should: `{step.command}` {wrong}",
        hint="git hotfix demo --keep leaves the repository to look at",
        code=ExitCode.FAILED,
    )
