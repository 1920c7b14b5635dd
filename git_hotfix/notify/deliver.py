"""Delivering texts to channels, all at once, and recording what became of it: that one goes out before it does, and how
it ended after."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.git import refs
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.words import one_line
from git_hotfix.notify.channels import COMMENT, DEPLOYMENT, Channel
from git_hotfix.notify.comment import post_comment
from git_hotfix.notify.deployment import ask_deployment
from git_hotfix.notify.on_forge import Call, calling
from git_hotfix.notify.send import SAYS, Ending, Message, send_messages
from git_hotfix.notify.told import State, ended, read_told, sending
from git_hotfix.record import log_refs, logbook
from git_hotfix.report.unsent import say_unsent
from git_hotfix.runs.transport import transport_of

_STATES: dict[Ending, State] = {"sent": "sent", "late": "unknown"}
_CALLS = late_pattern(r"@(?=\w)|<(?=[!@#]|https?:|mailto:)")
Wanted = tuple[Channel, str, str]
"""A channel, the occasion and the text."""


@frozen
class Sent:
    """How telling one channel ended, and in words without an address."""

    channel: Channel
    occasion: str
    state: State
    says: str
    comment: str = ""  # the forge's id of the comment that was written


def deliver(context: Context, hotfix: Hotfix, wanted: Sequence[Wanted]) -> tuple[Sent, ...]:
    """Send each text to its channel, within ten seconds for all.

    Raises `Failure` where the logbook cannot be written.
    """
    if not wanted:
        return ()
    who, now = read.writer(context.repository.identity), context.snapshot.now
    context = with_known_log(context, hotfix)
    _record(context, hotfix, [sending(channel.name, on, text, who, now) for channel, on, text in wanted])
    context = with_known_log(context, hotfix)
    sent = _send(context, hotfix, wanted)
    ends = [ended(one.channel.name, one.occasion, one.state, who, now, comment=one.comment) for one in sent]
    _record(context, hotfix, ends)
    for one in sent:
        context.streams.say(one_line(f"{one.channel.shown}: {one.says}"))
    _push_record(context, hotfix)
    return tuple(sent)


def _send(context: Context, hotfix: Hotfix, wanted: Sequence[Wanted]) -> list[Sent]:
    """The forge is asked while the messages go out."""
    title = harmless(f"Hotfix {hotfix.issue} ({hotfix.severity})")
    messages = [(channel, Message(title, harmless(text))) for channel, _, text in wanted if not channel.on_forge]
    with calling(_forge_calls(context, hotfix, wanted)) as answers:
        ends = iter(send_messages(messages))
    found = []
    for channel, on, _ in wanted:
        if channel.on_forge:
            answer = answers[channel.name]
            found.append(Sent(channel, on, answer.state, answer.says, answer.comment))
        else:
            end = next(ends)
            found.append(Sent(channel, on, _STATES.get(end, "failed"), SAYS[end]))
    return found


def harmless(text: str) -> str:
    """A text of people for a chat, a mail or a pager: on one line, and it calls nobody (`@everyone`, `<!channel>`) and
    makes no link. A letter of no width stands where that would begin."""
    return _CALLS.sub("\\g<0>\u200b", one_line(text))


def _forge_calls(context: Context, hotfix: Hotfix, wanted: Sequence[Wanted]) -> dict[str, Call]:
    """What the forge is asked, each once however many occasions are told."""
    names = {channel.name: channel for channel, _, _ in wanted}
    book = read_book(context, hotfix) if {COMMENT, DEPLOYMENT} & set(names) else Logbook(hotfix.issue, ())
    calls: dict[str, Call] = {}
    if COMMENT in names:
        calls[COMMENT] = post_comment(context, hotfix, read_told(book))
    if DEPLOYMENT in names:
        calls[DEPLOYMENT] = ask_deployment(context, hotfix, book, names[DEPLOYMENT].environment)
    return calls


def with_known_log(context: Context, hotfix: Hotfix) -> Context:
    """The context with the logbook of `hotfix` as it stands now: the command has written to it since it looked."""
    snapshot, issue = context.snapshot, hotfix.issue
    logs = {**snapshot.refs.logs, issue: refs.read_logs(context.repository.git, issue)}
    return replace(context, snapshot=replace(snapshot, refs=replace(snapshot.refs, logs=logs)))


def read_book(context: Context, hotfix: Hotfix) -> Logbook:
    """The logbook of a hotfix as the context knows it."""
    return logbook.read(context.git, hotfix.issue, context.snapshot.refs.logs_of(hotfix.issue))


def _record(context: Context, hotfix: Hotfix, entries: Sequence[Entry]) -> None:
    log_refs.record_entries(context, hotfix.issue, entries)


def _push_record(context: Context, hotfix: Hotfix) -> None:
    transport = transport_of(context.repository, context.snapshot, verify=False)
    reason = log_refs.send_logbook(context, transport, hotfix.issue)
    say_unsent(context.streams, reason, "who was told")
