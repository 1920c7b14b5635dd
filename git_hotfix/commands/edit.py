"""`git hotfix edit`: what only people know, asked once, in the user's editor or in the words of the command line."""

from __future__ import annotations

import argparse
import contextlib
import shlex
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from git_hotfix.approvals import read
from git_hotfix.commands import edit_proposals
from git_hotfix.context import Context
from git_hotfix.context.open import given_or_last_issue, open_context
from git_hotfix.errors import ExitCode, Failure, not_recorded
from git_hotfix.form import editor
from git_hotfix.form.answers import read_answer
from git_hotfix.form.prefill import Proposal
from git_hotfix.form.required import say_open
from git_hotfix.form.text import FormUnreadable, Part, Question, nearest, parse_form, print_form
from git_hotfix.git import refs
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.hotfix.find import find_hotfix
from git_hotfix.model.command_line import Placeholder, command_line
from git_hotfix.model.form import BY_ID, FIELDS, Step, in_one_line, required_fields
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.words import one_line
from git_hotfix.record import log_refs, logbook
from git_hotfix.record.statements import FIELD, Statements, answer_entries, read_statements
from git_hotfix.release import finished_hotfix
from git_hotfix.report import as_json
from git_hotfix.report.approvals import name_of
from git_hotfix.report.layout import cut
from git_hotfix.report.streams import Streams
from git_hotfix.report.unsent import say_unsent

STEPS: tuple[Step, ...] = ("finish", "close")
_LONGEST = 72  # columns of a proposal or an answer in the list


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `edit` understands."""
    parser.add_argument("fields", nargs="*", metavar="field", help="the fields to ask; without one all of them")
    parser.add_argument(
        "-m", "--message", action="append", metavar="TEXT", help="the answer to the one field; empty takes it back"
    )
    parser.add_argument(
        "--set", action="append", default=[], metavar="FIELD=TEXT", help="the answer to this field (repeatable)"
    )
    parser.add_argument(
        "--file", metavar="FILE", help="the answer to the one field, else a form, from a file (- is stdin)"
    )
    parser.add_argument("--from-issue", action="store_true", help="propose the issue's title and text, by gh or glab")
    parser.add_argument("--issue", metavar="ISSUE", help="the hotfix, or its tag; optional on its branch")
    parser.add_argument("--format", choices=("text", "json"), default="text")


@frozen
class _EditedHotfix:
    """The hotfix, what people said of it, and whether it is finished."""

    hotfix: Hotfix
    said: Statements
    finished: bool


@frozen
class _Answers:
    """What people wrote, by field; the command that reads a file of it, the file that holds it (None: no file does),
    and whether it was typed as words of the command."""

    parts: Mapping[str, Part]
    again: str
    file: Path | None = None
    typed: bool = False


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Exit 0 with what changed recorded, and pushed where the remote knows the hotfix; 2 for what is no answer, 3 where
    the editor failed: nothing is recorded then, and what was written is in the file that is named."""
    _refuse_unknown(arguments.fields)
    repository = open_repository()
    given = _given(arguments, streams, repository)
    if given is not None:
        return _record(arguments, streams, repository, given, _read_answers(repository, given))
    if arguments.format == "json" or not streams.is_terminal:
        return _show(arguments, streams, repository)
    return _ask(arguments, streams, repository)


def _refuse_unknown(names: Collection[str]) -> None:
    for name in names:
        if name not in BY_ID:
            raise not_recorded(f"there is no field {name}{nearest(name)}", "all fields: git hotfix edit -v")


def _given(arguments: argparse.Namespace, streams: Streams, repository: Repository) -> _Answers | None:
    """What the command line says, None where nothing does. Raises `Failure` (exit 2) where it says two things."""
    names, said = arguments.fields, dict[str, Part]()
    for setting in arguments.set:
        name, equals, text = setting.partition("=")
        if not equals:
            raise not_recorded(f"--set {setting} does not say what the answer is", "--set field=text")
        _refuse_unknown([name])
        if name in said:
            raise not_recorded(f"{name} is answered twice", "--set field=text, once a field")
        said[name] = Part(text, 0)
    if arguments.message is not None:
        if len(names) != 1 or arguments.file is not None or names[0] in said:
            raise not_recorded("-m is the answer to one field", "git hotfix edit <field> -m <text>")
        between = "\n\n" if BY_ID[names[0]].shape == "text" else "\n"
        return _Answers({**said, names[0]: Part(between.join(arguments.message), 0)}, _again(arguments), typed=True)
    if arguments.file is not None:
        if len(names) > 1 or said:
            raise not_recorded(
                "--file is a form, or the answer to one field", "git hotfix edit [<field>] --file <file>"
            )
        return _read_file(arguments, streams, repository)
    if said and names:
        raise not_recorded(
            f"--set names its own field, so {', '.join(names)} was not asked", "git hotfix edit --set field=text"
        )
    return _Answers(said, _again(arguments), typed=True) if said else None


def _read_file(arguments: argparse.Namespace, streams: Streams, repository: Repository) -> _Answers:
    file = None if arguments.file == "-" else Path(arguments.file)
    text = editor.read_text(file) if file else _read_standard_input(streams)
    again = _again(arguments, *arguments.fields)
    if arguments.fields:
        return _Answers({arguments.fields[0]: Part(text, 0)}, again if file else _again(arguments), file)
    try:
        parts = parse_form(text)
    except FormUnreadable as wrong:
        raise _refuse_form(wrong, again, file or editor.keep(repository, text)) from wrong
    if not parts:
        kept = _say_where(again, editor.keep(repository, text), "mend it, then") if not file and text.strip() else []
        hint = "\n".join([_again(arguments, Placeholder("<field>")) + " <file>", *kept])
        raise not_recorded(f'{arguments.file} has no line such as "== impact =="', hint)
    return _Answers(parts, again, file)


def _read_standard_input(streams: Streams) -> str:
    raw = getattr(streams.stdin, "buffer", None)
    try:
        return editor.decode(raw.read()) if raw else streams.stdin.read()
    except ValueError as error:
        raise not_recorded(f"standard input: {error}", "give it as UTF-8") from error


def _again(arguments: argparse.Namespace, *fields: str) -> str:
    """The command that reads a file of answers."""
    return command_line("edit", *fields, issue=arguments.issue or False, file=True)


def _refuse_form(wrong: FormUnreadable, again: str, file: Path) -> Failure:
    return not_recorded(wrong.lines[0], "\n".join([*wrong.lines[1:], *_say_where(again, file, "mend it, then")]))


def _say_where(again: str, file: Path, then: str) -> list[str]:
    return [f"your text is in {file}", f"{then}: {again} {shlex.quote(str(file))}"]


def _read_answers(repository: Repository, given: _Answers) -> dict[str, str]:
    """The answers in their one spelling. Raises `Failure` (exit 2) for one that is none; all stays in a file."""
    answers, wrong, first = dict[str, str](), list[str](), ""
    for id, part in given.parts.items():
        try:
            answers[id] = read_answer(BY_ID[id], part.value)
        except ValueError as error:
            first = first or id
            wrong.append(f"{id}{f' (line {part.line})' if part.line else ''}: {error}")
    if wrong:
        command = given.again.replace("git hotfix edit", command_line("edit", first), 1).removesuffix(" --file")
        kept = _where_kept(repository, given, "mend it, then") or [f"answer again: {command} -m TEXT"]
        raise not_recorded(wrong[0], "\n".join([*wrong[1:], *kept]))
    return answers


def _where_kept(repository: Repository, given: _Answers, then: str) -> list[str]:
    """The file that has somebody's words, which is made where they stand nowhere else, and the command that reads it.
    A line that was typed is in the history of the shell."""
    if given.typed and not any("\n" in part.value for part in given.parts.values()):
        return []
    if given.file:
        return _say_where(given.again, given.file, then)
    questions = [Question(BY_ID[id], part.value) for id, part in given.parts.items()]
    with contextlib.suppress(OSError):  # a full disk takes no file, either
        kept = editor.keep(repository, print_form("The form of a hotfix, as it was not recorded.", questions))
        return _say_where(given.again, kept, then)
    return []


def _find(context: Context, given: str | None) -> _EditedHotfix:
    """The hotfix, open or finished. Raises `Failure` (exit 2) where there is none."""
    given = given_or_last_issue(context, given)
    past = finished_hotfix.find_finished(context, given)
    hotfix = past.hotfix if past else find_hotfix(context.git, context.snapshot, given)
    finished = past is not None or bool(context.snapshot.finish_tags(hotfix.issue))
    return _EditedHotfix(hotfix, read_statements(hotfix.logbook), finished)


def _record(
    arguments: argparse.Namespace,
    streams: Streams,
    repository: Repository,
    given: _Answers,
    answers: Mapping[str, str],
    before: Mapping[str, str] | None = None,
) -> ExitCode:
    """Record those of `answers` that are new, all at once. `before` is what the editor showed. Raises `Failure` where
    another run holds the lock or the disk is full, which says where the words are."""
    try:
        return _record_new(arguments, streams, repository, given, answers, before)
    except Failure as failure:
        kept = _where_kept(repository, given, "record it")
        failure.hint = "\n".join(filter(None, [failure.hint, *kept]))
        raise


def _record_new(
    arguments: argparse.Namespace,
    streams: Streams,
    repository: Repository,
    given: _Answers,
    answers: Mapping[str, str],
    before: Mapping[str, str] | None,
) -> ExitCode:
    with open_context(streams, view="glance", lock_for="edit", repository=repository) as context:
        snapshot = context.snapshot
        found = _find(context, arguments.issue)
        changed = {id: value for id, value in answers.items() if value != found.said.value(id)}
        who = read.writer(context.repository.identity)
        entries = answer_entries(changed, who, snapshot.now)
        reason = log_refs.record_and_send(context, found.hotfix.issue, entries)
        say_unsent(streams, reason)
        for id in changed if before is not None else ():
            theirs = found.said.answers.get(id)
            if theirs and theirs.value != (before or {}).get(id):
                streams.say(
                    f"{name_of(theirs.entry.who)} answered {id} while your editor was open; yours is the last word"
                )
        book = logbook.read(context.git, found.hotfix.issue, refs.read_logs(context.repository.git, found.hotfix.issue))
        found = _EditedHotfix(replace(found.hotfix, logbook=book), read_statements(book), found.finished)
    if given.file and given.file.absolute() in editor.left_forms(context.repository):
        editor.drop(given.file)
    _tell(arguments, context, found, list(changed), sent=reason is None)
    return ExitCode.DONE


def _tell(
    arguments: argparse.Namespace, context: Context, found: _EditedHotfix, changed: Sequence[str], *, sent: bool
) -> None:
    streams = context.streams
    if arguments.format == "json":
        body = _body(context, found, {}, changed) | {"sent": sent}
        streams.raw(as_json.document("edit", ExitCode.DONE, body))
        return
    given = [id for id in changed if found.said.value(id)]
    back = [id for id in changed if not found.said.value(id)]
    if given:
        streams.out(f"recorded for hotfix {found.hotfix.issue}: {', '.join(given)}")
    if back:
        streams.out(f"taken back for hotfix {found.hotfix.issue}: {', '.join(back)}")
    if not changed:
        streams.out("nothing changed, and nothing was recorded")
    for line in _open_lines(context, found):
        streams.out(line)


def _open_lines(context: Context, found: _EditedHotfix) -> list[str]:
    """How many answers each step that is to come still needs; one line where none needs any."""
    steps, policy = _steps(finished=found.finished), context.snapshot.policy
    lines = [line for step in steps if (line := say_open(policy, found.hotfix, found.said, step))]
    return lines or [f"no answer that {' or '.join(steps)} needs is open"]


def _steps(*, finished: bool) -> Sequence[Step]:
    """The steps that are to come."""
    return STEPS[1:] if finished else STEPS


def _show(arguments: argparse.Namespace, streams: Streams, repository: Repository) -> ExitCode:
    """What is open, and the command that answers it: nobody is at a terminal."""
    with open_context(streams, view="glance", repository=repository) as context:
        found = _find(context, arguments.issue)
        proposals = _proposals(context, found, arguments)
    if arguments.format == "json":
        body = _body(context, found, proposals, [], arguments.fields)
        streams.raw(as_json.document("edit", ExitCode.DONE, body))
        return ExitCode.DONE
    for line in _list_lines(arguments, context, found, proposals):
        streams.out(line)
    return ExitCode.DONE


def _list_lines(
    arguments: argparse.Namespace, context: Context, found: _EditedHotfix, proposals: Mapping[str, Proposal]
) -> list[str]:
    """The fields that are open and needed next (by name or with --verbose every field), then those that are open for
    later and those that are answered."""
    questions = _questions(context, found, proposals, arguments.fields)
    unanswered = [each for each in questions if not found.said.value(each.field.id)]
    every = bool(arguments.fields or arguments.verbose)
    step: Step = "finish" if any("finish" in each.required for each in unanswered) and not found.finished else "close"
    shown = [each for each in unanswered if every or step in each.required]
    lines = _open_lines(context, found)
    for question in shown:
        needed = f" (for {' and '.join(question.required)})" if question.required else ""
        lines += [
            "",
            f"{question.field.question}{needed}",
            f"  {command_line('edit', question.field.id, issue=arguments.issue or False)} -m TEXT",
        ]
        if question.proposed:
            lines.append(
                f"  proposed from {question.proposed}: {cut(in_one_line(question.field.id, question.value), _LONGEST)}"
            )
    if hint := _say_issue(context, found, arguments):
        lines += ["", hint]
    later = [each.field.id for each in unanswered if each.required and each not in shown]
    answered = [id for each in questions if found.said.value(id := each.field.id)]
    lines += ["", f"later: {', '.join(later)}"] if later else []
    if every:
        lines += ["", *(f"{id}: {_cut(id, found.said.value(id))}" for id in answered)] if answered else []
    elif answered:
        lines += ["", f"answered: {', '.join(answered)}"]
    newer = dict.fromkeys(entry.facts.get(FIELD, "?") for entry in found.said.unknown if entry.kind == "answer")
    return [*lines, "", f"answered in another version of this tool: {', '.join(newer)}"] if newer else lines


def _cut(id: str, value: str) -> str:
    return cut(in_one_line(id, value), _LONGEST)


def _proposals(context: Context, found: _EditedHotfix, arguments: argparse.Namespace) -> Mapping[str, Proposal]:
    every = edit_proposals.find_proposals(
        context, found.hotfix, finished=found.finished, from_issue=arguments.from_issue
    )
    return {id: proposal for id, proposal in every.items() if not found.said.value(id)}


def _questions(
    context: Context, found: _EditedHotfix, proposals: Mapping[str, Proposal], names: Collection[str]
) -> list[Question]:
    """The fields that are asked, with what stands there or is proposed."""
    policy, severity = context.snapshot.policy, found.hotfix.severity
    needed = {step: {each.id for each in required_fields(policy, severity, step)} for step in STEPS}
    questions = []
    for field in FIELDS:
        if names and field.id not in names:
            continue
        proposal = proposals.get(field.id)
        required = tuple(step for step in STEPS if field.id in needed[step])
        value = proposal.value if proposal else _as_utf_8(found.said.value(field.id))
        questions.append(Question(field, value, proposal.source if proposal else "", required))
    return questions


def _sort_by_need(questions: Sequence[Question], *, finished: bool) -> list[Question]:
    """What the next step needs first, what none needs last; each part in the order of the form."""
    steps = _steps(finished=finished)
    return sorted(questions, key=lambda each: next((n for n, s in enumerate(steps) if s in each.required), len(steps)))


def _say_issue(context: Context, found: _EditedHotfix, arguments: argparse.Namespace) -> str:
    """That the issue's own words can be had, where nobody asked for them and nothing else says what happened."""
    said = found.said.value("summary") or found.said.value("problem") or arguments.from_issue or arguments.fields
    command = command_line("edit", from_issue=True, issue=arguments.issue or False)
    offered = not said and edit_proposals.offers_issue(context, found.hotfix)
    return f"What the issue says is proposed by: {command}" if offered else ""


def _as_utf_8(text: str) -> str:
    """`text` with bytes that are not UTF-8 as visible escapes: an entry may come from another program."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _ask(arguments: argparse.Namespace, streams: Streams, repository: Repository) -> ExitCode:
    """Open the editor, without the lock: somebody may write for an hour. Then record what changed."""
    with open_context(streams, view="glance", repository=repository) as context:
        found = _find(context, arguments.issue)
        questions = _questions(context, found, _proposals(context, found, arguments), arguments.fields)
        questions = _sort_by_need(questions, finished=found.finished)
        hint = _say_issue(context, found, arguments)
        arguments.issue = arguments.issue or found.hotfix.issue  # whatever is checked out when the editor ends
    for file in editor.left_forms(repository):
        streams.say(f"{file} is of an edit that has not ended: {_again(arguments)} {shlex.quote(str(file))}")
    title = f"The form of hotfix {one_line(found.hotfix.issue)} ({found.hotfix.severity}), what is needed next first."
    again = _again(arguments)
    edited = editor.open_editor(repository, print_form(title, questions, hint=hint), again)
    try:
        parts = parse_form(edited.text, [each.field.id for each in questions]) if edited.saved else {}
    except FormUnreadable as wrong:
        raise _refuse_form(wrong, again, edited.file) from wrong
    shown = {each.field.id: each for each in questions}
    touched = {id: part for id, part in parts.items() if shown[id].proposed or part.value != shown[id].value}
    if not touched:
        editor.drop(edited.file)
        streams.out("nothing changed, and nothing was recorded")
        return ExitCode.DONE
    given = _Answers(touched, again, edited.file)
    before = {id: found.said.value(id) for id in touched}
    return _record(arguments, streams, repository, given, _read_answers(repository, given), before)


def _body(
    context: Context,
    found: _EditedHotfix,
    proposals: Mapping[str, Proposal],
    changed: Sequence[str],
    names: Collection[str] = (),
) -> dict[str, Any]:
    fields = []
    for question in _questions(context, found, proposals, names):
        id = question.field.id
        answer = found.said.answers.get(id)
        fields.append({
            "id": id,
            "question": question.field.question,
            "value": answer.value if answer else None,
            "entry": answer.entry.oid if answer else None,
            "required": list(question.required),
            "filled": answer is not None,
            "proposed": question.value if question.proposed else None,
        })  # fmt: skip
    return {"issue": found.hotfix.issue, "hotfix": as_json.hotfix(found.hotfix), "fields": fields,
            "changed": list(changed)}  # fmt: skip
