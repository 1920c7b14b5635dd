"""What is said where something was recorded in this clone and the remote did not take it."""

from __future__ import annotations

from git_hotfix.report.streams import Streams


def unsent_lines(reason: str | None, what: str = "this") -> list[str]:
    """The line for what stands only here, with the remote's `reason`; none where there is no reason: it was pushed."""
    return [f"{what} is recorded here, but was not pushed: {reason}"] if reason else []


def say_unsent(streams: Streams, reason: str | None, what: str = "this") -> None:
    """Say that line, where there is one: a record that stays here is no reason to stop a fix."""
    for line in unsent_lines(reason, what):
        streams.say(line)
