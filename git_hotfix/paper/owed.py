"""What finished hotfixes still owe, as their logbooks tell it: no code is looked at, because they are many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from git_hotfix.context import Context
from git_hotfix.git import blobs
from git_hotfix.model.actions import Action, read_actions
from git_hotfix.model.command_line import command_line
from git_hotfix.model.form import required_fields
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Urgency
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId
from git_hotfix.model.policy import Policy
from git_hotfix.model.times import duration_words, finish_of, utc_day
from git_hotfix.model.words import counted
from git_hotfix.paper import written
from git_hotfix.record import logbook
from git_hotfix.record.follow_ups import POST_MORTEM_WITHIN
from git_hotfix.record.statements import read_statements

_LONG_AGO = 30 * 86_400
"""Seconds since the last entry of a hotfix after which it is counted and not looked at: teams have hundreds that were
closed before anybody said of one that it is done."""


@frozen
class Owing:
    """A finished hotfix of which nobody said that it is done: what is missing in words, and when the first of it is due
    (seconds since the epoch)."""

    issue: IssueId
    tag: str
    title: str
    severity: str
    owes: tuple[str, ...]
    due: int | None = None

    @property
    def command(self) -> str:
        """What lists all of it, and ends it."""
        return command_line("close", self.issue)


@frozen
class Finished:
    """What the logbooks tell of hotfixes: those that owe something, the issues of those that nobody has touched for a
    month, the last one at the end, and the issues of those that were started and are neither finished nor abandoned."""

    owing: tuple[Owing, ...] = ()
    old: tuple[IssueId, ...] = ()
    unfinished: tuple[IssueId, ...] = ()


def read_finished(context: Context) -> Finished:
    """What all logbooks that are known here tell; git is asked once for all of them."""
    snapshot = context.snapshot
    books = logbook.read_all(context.git, snapshot.refs.logs)
    owing, old, unfinished = dict[IssueId, tuple[Logbook, Entry]](), list[IssueId](), list[IssueId]()
    for issue, book in sorted(books.items()):
        end = finish_of(book)
        if not book.current or book.of_kind("done") or book.of_kind("abandon"):
            continue
        if end is None and not book.closed:
            unfinished.append(issue)
        elif snapshot.now - book.current[-1].when > _LONG_AGO:
            old.append(issue)
        else:
            owing[issue] = book, end or book.of_kind("close")[-1]
    there = _written(context, owing)
    rows = (_owing(snapshot.policy, book, end, now=snapshot.now, written=there[issue])
            for issue, (book, end) in owing.items())  # fmt: skip
    old.sort(key=lambda issue: books[issue].current[-1].when)
    return Finished(tuple(rows), tuple(old), tuple(unfinished))


def _written(context: Context, owing: Mapping[IssueId, tuple[Logbook, Entry]]) -> dict[IssueId, bool]:
    """Whether the post-mortem of each stands on develop or production; git is asked once."""
    names = {
        issue: [f"{tip}:{path}" for tip in written.tips_of_documents(context, _facts(book).get("Production", ""))]
        for issue, (book, end) in owing.items()
        for path in [written.post_mortem_path(context, issue, end.facts.get("Tag", ""))]
    }
    asked = [name for each in names.values() for name in each]
    found = {name for name, text in zip(asked, blobs.read(context.git, asked), strict=True) if text}
    return {issue: not found.isdisjoint(each) for issue, each in names.items()}


def _facts(book: Logbook) -> dict[str, str]:
    """The last word of the record on each fact."""
    return {key: value for entry in book.current for key, value in entry.facts.items()}


def _owing(policy: Policy, book: Logbook, end: Entry, *, now: int, written: bool) -> Owing:
    facts = _facts(book)
    severity: Urgency = facts["Severity"] if facts.get("Severity") in ("P0", "P1", "P2") else "P1"  # type: ignore[assignment]
    statements = read_statements(book)
    resolved = statements.events.get("resolved")
    due = resolved.at + POST_MORTEM_WITHIN if resolved and not written else None
    words = [
        *([] if book.closed else ["targets lack the fix"]),
        *(f"not {event}" for event in ("verified", "resolved") if event not in statements.events),
        *_answers(sum(not statements.value(each.id) for each in required_fields(policy, severity, "close"))),
        *([] if written else [_post_mortem(due, now)]),
        *_actions(read_actions(statements.value("actions")), now),
    ]
    return Owing(book.issue, end.facts.get("Tag", ""), facts.get("Title", ""), severity, tuple(words), due)


def _answers(open: int) -> list[str]:
    return [f"{counted(open, 'answer', 'answers')} missing"] if open else []


def _post_mortem(due: int | None, now: int) -> str:
    if due is None:
        return "no post-mortem"
    late = f"overdue since {duration_words(now - due)}"
    return f"post-mortem {late if due < now else f'due in {duration_words(due - now)}'}"


def _actions(actions: tuple[Action, ...], now: int) -> Iterator[str]:
    """Follow-ups whose day is over, and those without an owner or a day."""
    today = utc_day(now)
    todo = [action for action in actions if not action.done]
    late = sum(1 for action in todo if action.due and action.due < today)
    unowned = sum(1 for action in todo if not action.owned)
    if late:
        yield f"{counted(late, 'action', 'actions')} overdue"
    if unowned:
        yield f"{counted(unowned, 'action', 'actions')} without owner or date"


def owing_object(owing: Owing) -> dict[str, Any]:
    """A hotfix that owes something, in JSON."""
    return {
        "issue": owing.issue,
        "tag": owing.tag or None,
        "title": owing.title,
        "severity": owing.severity,
        "owes": [*owing.owes],
        "due": owing.due,
        "command": owing.command,
    }
