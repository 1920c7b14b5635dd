"""Telling the channels of one occasion. Where no channel is set this costs neither a process nor an import."""

from __future__ import annotations

from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.notify.channels import Occasion, read_channels


def tell(context: Context, hotfix: Hotfix, occasion: Occasion, text: str) -> None:
    """Tell every channel that wants to hear of `occasion` and was not told yet, say on stderr how that ended, and
    record it. A run that is done again tells nobody twice, and whatever happens here stops no fix."""
    if context.dry:
        return
    channels, problems = read_channels(context.repository)
    for problem in problems:
        context.streams.say(f"nobody is told by this channel: {problem}")
    interested = [each for each in channels if each.wants(occasion, hotfix.severity)]
    if not interested:
        return
    from git_hotfix.notify.deliver import deliver, read_book, with_known_log
    from git_hotfix.notify.told import read_told

    try:
        context = with_known_log(context, hotfix)
        told = {(each.channel, each.occasion) for each in read_told(read_book(context, hotfix))}
        wanted = [each for each in interested if (each.name, occasion) not in told]
        deliver(context, hotfix, [(channel, occasion, text) for channel in wanted])
    except Failure as failure:  # the hotfix itself is done
        context.streams.say(f"who was told is not recorded: {failure.message}")
    except OSError as error:
        context.streams.say(f"who was told is not recorded: {error.strerror or 'the operating system refused'}")
