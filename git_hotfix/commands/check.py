"""`git hotfix check`: run the gates and say what each saw."""

from __future__ import annotations

import argparse
import time

from git_hotfix import __version__, gates
from git_hotfix.context import Context
from git_hotfix.context.judge import judge_hotfix
from git_hotfix.context.open import (
    age_of_view,
    find_in_sight,
    given_or_only_issue,
    not_in_the_fix,
    open_context,
    saying_what_to_fetch,
    send_records,
)
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.git import history
from git_hotfix.git.fetching import time_of_fetch
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.hotfix.find import at_tip, find_hotfix
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import TagName
from git_hotfix.model.verdict import Verdict
from git_hotfix.report import formats
from git_hotfix.report.streams import Streams
from git_hotfix.snapshot import View

_FRESH = 60  # seconds for which a fetch is as good as a new one, for a check that is run again and again


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `check` understands."""
    parser.add_argument("issue", nargs="?", help="the hotfix; optional on its branch")
    parser.add_argument("--range", metavar="BASE..TIP", help="judge these commits instead of a hotfix branch")
    parser.add_argument("--format", choices=formats.names(), default="text")
    parser.add_argument("--output", metavar="FILE", help="write the format to this file, and text to the terminal")
    parser.add_argument("--only", action="append", default=[], metavar="GATE", help="run only this gate (repeatable)")
    parser.add_argument(
        "--policy-from", metavar="REV", help="judge by the policy of this revision; a mistake in it is an error"
    )
    parser.add_argument(
        "--fetch",
        action="store_true",
        help="fetch first, so that the newest tags are known; a shallow clone gets what a verdict needs",
    )


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 when every gate lets the hotfix pass, 1 when one refuses, 3 where this clone hides what they look at."""
    unknown = set(arguments.only) - {gate.id for gate in gates.all_gates()}
    if unknown:
        known = ", ".join(gate.id for gate in gates.all_gates())
        raise Failure(f"no such gate: {', '.join(sorted(unknown))}", hint=f"gates: {known}", code=ExitCode.USAGE)
    if arguments.output is not None:
        from git_hotfix.report import to_file

        to_file.require_place(arguments.output)
    repository = open_repository()
    view = _view(arguments, repository)
    again = command_line("check", *filter(None, [arguments.issue]), fetch=True)
    with (
        saying_what_to_fetch(again),
        open_context(streams, view=view, repository=repository, policy_from=arguments.policy_from) as context,
    ):
        context, subject = find_in_sight(context, lambda seen: _subject(seen, arguments), fetch=arguments.fetch)
        if not arguments.range:
            context = send_records(context, [subject.issue])
        notes = () if arguments.range else not_in_the_fix(context, subject)
        verdict = judge_hotfix(context, subject, only=tuple(arguments.only))
        advice = "" if arguments.range else _next_command(context, subject, verdict)
    if view == "glance" and (age := age_of_view(context, "check", subject.issue)):
        streams.say(age)
    code = ExitCode.DONE if verdict.passed else ExitCode.REFUSED
    report = formats.Report(subject, verdict, code, _rules(), __version__, advice, notes)
    _say(streams, report, arguments)
    return code


def _next_command(context: Context, subject: Hotfix, verdict: Verdict) -> str:
    """What a person would do next with a hotfix that passes."""
    if subject.tip == subject.base:
        return "commit the fix"
    held = None if context.snapshot.finish_tags(subject.issue) else verdict.held_back
    return held.before_finish if held else command_line("finish", subject.issue)


def _view(arguments: argparse.Namespace, repository: Repository) -> View:
    """How the remote is seen: not at all while what was fetched is fresh, because a check is run again and again."""
    if arguments.fetch:
        return "fetch"
    seen = time_of_fetch(repository.common_dir)
    return "known" if arguments.range or (seen is not None and time.time() - seen < _FRESH) else "glance"


def _say(streams: Streams, report: formats.Report, arguments: argparse.Namespace) -> None:
    """The format on stdout, and nothing beside it; or in a file, and then text on stdout."""
    file: str | None = arguments.output
    if file is None and arguments.format != "text":
        for note in report.notes if arguments.format != "json" else ():
            streams.say(note)
        streams.raw(formats.render(arguments.format, report))
        return
    try:
        if file is not None:
            from git_hotfix.report import to_file

            to_file.write(file, formats.render(arguments.format, report))
    finally:  # whoever waits at the terminal hears the verdict also where the file cannot be written
        from git_hotfix.report.formats.text import lines
        from git_hotfix.report.text import show_lines

        show_lines(streams, lines(report, width=streams.columns, verbose=streams.verbose))


def _rules() -> tuple[formats.Rule, ...]:
    return tuple(formats.Rule(gate.id, gate.summary, gate.severity) for gate in gates.all_gates())


def _subject(context: Context, arguments: argparse.Namespace) -> Hotfix:
    if arguments.range:
        return _range_as_hotfix(context, arguments.range)
    return find_hotfix(context.git, context.snapshot, given_or_only_issue(context, arguments.issue))


def _range_as_hotfix(context: Context, given: str) -> Hotfix:
    """The commits BASE..TIP as if they were a hotfix that starts at BASE on purpose."""
    start, dots, end = given.partition("..")
    base, tip = (history.commit_named(context.repository.git, name or "HEAD") for name in (start, end))
    if not dots or not (start or end) or base is None or tip is None:
        raise Failure(
            f"{given!r} is not a range of commits in this clone", hint="--range BASE..TIP", code=ExitCode.USAGE
        )
    issue = context.snapshot.prefixes.issue_named(end or "HEAD")
    found = at_tip(context.git, context.snapshot, issue, tip)
    if found.base == base:
        return found
    trees = history.trees(context.git, [base])
    return replace(found, base=base, base_tag=TagName(start), base_tree=trees[base], chosen=True)
