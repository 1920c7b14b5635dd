"""Telling the channels of one occasion, and recording what became of it; whatever happens here stops no fix."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.git import refs
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.words import one_line
from git_hotfix.notify import comment
from git_hotfix.notify.channels import COMMENT, Channel, Occasion, read_channels
from git_hotfix.notify.send import SAYS, Ending, Message, send_messages
from git_hotfix.notify.told import State, ended, read_told, sending
from git_hotfix.record import log_refs, logbook
from git_hotfix.runs.transport import transport_of

_STATES: dict[Ending, State] = {"sent": "sent", "late": "unknown"}


@frozen
class Sent:
    """How telling one channel ended, and in words without an address."""

    channel: Channel
    occasion: str
    state: State
    says: str


def tell(context: Context, hotfix: Hotfix, occasion: Occasion, text: str) -> tuple[Sent, ...]:
    """Tell every channel that wants to hear of `occasion` and was not told yet, say on stderr how that ended, and
    record it. A run that is done again tells nobody twice."""
    if context.dry:
        return ()
    channels, problems = read_channels(context.repository)
    for problem in problems:
        context.streams.say(f"nobody is told by this channel: {problem}")
    interested = [each for each in channels if each.wants(occasion, hotfix.severity)]
    told = {(each.channel, each.occasion) for each in read_told(_book(context, hotfix))} if interested else set()
    wanted = [each for each in interested if (each.name, occasion) not in told]
    return deliver(context, hotfix, [(channel, occasion, text) for channel in wanted])


def deliver(context: Context, hotfix: Hotfix, wanted: Sequence[tuple[Channel, str, str]]) -> tuple[Sent, ...]:
    """Send each text to its channel: `sending` is recorded before, how it ended after."""
    if not wanted:
        return ()
    who, now = read.writer(context.repository.identity), context.snapshot.now
    try:
        _record(context, hotfix, [sending(channel.name, on, text, who, now) for channel, on, text in wanted])
        texts = dict.fromkeys(text for _, _, text in wanted)
        sent = tuple(one for text in texts for one in _send(context, hotfix, wanted, text))
        _record(context, hotfix, [ended(one.channel.name, one.occasion, one.state, who, now) for one in sent])
        _push_record(context, hotfix)
    except Failure as failure:  # the hotfix itself is done
        context.streams.say(f"who was told is not recorded: {failure.message}")
        return ()
    for one in sent:
        context.streams.say(one_line(f"{one.channel.shown}: {one.says}"))
    return sent


def _send(context: Context, hotfix: Hotfix, wanted: Sequence[tuple[Channel, str, str]], text: str) -> list[Sent]:
    """One text to the channels that get it; the comment goes out meanwhile."""
    here = [(channel, on) for channel, on, words in wanted if words == text]
    title = f"Hotfix {hotfix.issue} ({hotfix.severity})"
    with comment.posting(context, hotfix, text, any(channel.name == COMMENT for channel, _ in here)) as posted:
        ends = send_messages([channel for channel, _ in here if channel.name != COMMENT], Message(title, text))
    found = []
    for channel, on in here:
        if channel.name == COMMENT:
            state, says = posted.result
        else:
            end = ends[channel.name]
            state, says = _STATES.get(end, "failed"), SAYS[end]
        found.append(Sent(channel, on, state, says))
    return found


def _book(context: Context, hotfix: Hotfix) -> Logbook:
    return logbook.read(context.git, hotfix.issue, refs.read_logs(context.repository.git, hotfix.issue))


def _record(context: Context, hotfix: Hotfix, entries: Sequence[Entry]) -> None:
    log_refs.record_entries(context, hotfix.issue, entries)


def _push_record(context: Context, hotfix: Hotfix) -> None:
    transport = transport_of(context.repository, context.snapshot, verify=False)
    reason = log_refs.send_logbook(context, transport, hotfix.issue)
    if reason:
        context.streams.say(f"who was told is recorded here, but was not pushed: {reason}")
