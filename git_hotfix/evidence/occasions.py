"""Runs that another command begins when it has succeeded: `hotfix.on.start`, `.finish`, `.rollback` and `.close`."""

from __future__ import annotations

from typing import Literal

from git_hotfix.errors import Failure
from git_hotfix.git.repository import Repository
from git_hotfix.model.command_line import command_line
from git_hotfix.model.logbook import Logbook
from git_hotfix.model.names import Oid
from git_hotfix.model.recorded_evidence import read_evidence
from git_hotfix.report.streams import Streams
from git_hotfix.runs import scratch

Occasion = Literal["start", "finish", "rollback", "close"]


def run_on(repository: Repository, streams: Streams, occasion: Occasion, issue: str) -> None:
    """Run the commands that the user wants on `occasion`, in the order of git config. What fails is said, and changes
    nothing of the hotfix; one that passed on this code on the same occasion is not run again."""
    names = [name for value in repository.config.get(f"hotfix.on.{occasion}", ()) for name in value.split()]
    if names:
        _run_each(repository, streams, occasion, issue, tuple(dict.fromkeys(names)))


def _run_each(repository: Repository, streams: Streams, occasion: Occasion, issue: str, names: tuple[str, ...]) -> None:
    from git_hotfix.context.open import open_context
    from git_hotfix.evidence.code import find_code  # whoever wants no run need not wait for what runs one
    from git_hotfix.evidence.run import OCCASION, end_lines, run
    from git_hotfix.evidence.settings import find_setting

    for name in names:
        again = command_line("run", name, issue=issue)
        try:
            setting = find_setting(repository, name)
            with (
                scratch.registered(repository.common_dir) as folder,
                open_context(streams, view="known", repository=repository, writes=True) as context,
            ):
                code = find_code(context, issue)
                if _has_passed(code.hotfix.logbook, name, (OCCASION, occasion), code.tree):
                    continue
                ran = run(context, code, setting, folder, aside=True, occasion=occasion)
        except Failure as failure:
            streams.say(f"{name} was not run on {occasion}: {failure.message}")
            streams.say(f"  → {failure.hint.splitlines()[-1] if failure.hint else again}")
            continue
        for line in end_lines(ran):
            streams.say(line)
        if ran.ended.state == "interrupted":
            raise KeyboardInterrupt
        if ran.ended.state != "passed":
            streams.say(f"this changes nothing of the {occasion}, which is done")
            streams.say(f"  → {again}")


def _has_passed(book: Logbook, name: str, on: tuple[str, str], tree: Oid) -> bool:
    runs = [one for one in read_evidence(book) if one.kind == "run" and one.name == name and one.tree == tree]
    return any(one.passed and on in one.entry.facts.items() for one in runs)
