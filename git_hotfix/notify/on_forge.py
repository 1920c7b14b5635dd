"""Asking the forge while messages go out, by its own program, each thing in a thread of its own."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping

from git_hotfix.backport.forge import Forge, forge_of
from git_hotfix.context import Context
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.notify.send import PATIENCE
from git_hotfix.notify.told import State

_EACH = PATIENCE / 4  # seconds a question to the forge: who we are, what there is, one write, and room


@frozen
class ForgeAnswer:
    """How asking the forge ended, in words, and the id of the comment that was written."""

    state: State
    says: str
    comment: str = ""


Call = Callable[[], ForgeAnswer]


def forge_at_once(context: Context) -> Forge | None:
    """The forge of the remote, that answers soon or not at all; None where the user has no program for it."""
    remote = context.snapshot.remote
    forge = forge_of(context.repository, remote) if remote else None
    return replace(forge, patience=_EACH) if forge else None


def refused(why: str) -> Call:
    """A call that cannot be made."""
    return lambda: ForgeAnswer("failed", f"not written: {why}")


@contextlib.contextmanager
def calling(calls: Mapping[str, Call]) -> Iterator[dict[str, ForgeAnswer]]:
    """Make all `calls` while the body of the `with` runs; how each ended is there when it is left, at most ten seconds
    after it was entered and the body ended."""
    unknown = ForgeAnswer("unknown", "nobody knows whether it was written")
    answers = dict.fromkeys(calls, unknown)

    def make(name: str, call: Call) -> None:
        answers[name] = call()

    threads = [threading.Thread(target=make, args=each, daemon=True) for each in calls.items()]
    for thread in threads:
        thread.start()
    yield answers
    for thread in threads:
        thread.join(PATIENCE)


def ask_json(forge: Forge, words: tuple[str, ...]) -> object:
    """What the forge answers, read from JSON, the pages of a list as one; a text that says why it did not."""
    answer = forge.ask(*words)
    if answer.reason:
        return answer.reason
    pages, rest, decoder = [], answer.page.strip(), json.JSONDecoder()
    try:
        while rest:
            page, end = decoder.raw_decode(rest)
            pages.append(page)
            rest = rest[end:].lstrip()
    except (ValueError, RecursionError):
        return f"{forge.name} answered something else"
    if pages and all(isinstance(page, list) for page in pages):
        return [row for page in pages for row in page]
    return pages[0] if len(pages) == 1 else f"{forge.name} answered something else"
