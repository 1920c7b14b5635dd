"""The pull request to production as `finish` opens it: its text, and the record of what was written there."""

from __future__ import annotations

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.paper import documents
from git_hotfix.paper.documents import Filled
from git_hotfix.paper.gather import gather, look
from git_hotfix.record import log_refs
from git_hotfix.record.statements import PULL_REQUEST

LONGEST = 65_536  # characters of the text of a pull request; GitHub refuses a longer one
_CUT = "\n\n*The rest did not fit: `git hotfix pr` prints all of it.*\n"


def fitting(text: str) -> str:
    """`text` as long as a forge takes it."""
    return text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)].rpartition("\n")[0] + _CUT


def record_page(context: Context, hotfix: Hotfix, filled: Filled, page: str) -> str | None:
    """Record where the pull request is and what was written there; why the remote did not take that, else None."""
    entry = documents.written_entry(filled, page, read.writer(context.repository.identity), context.snapshot.now)
    entry = replace(entry, facts={**entry.facts, PULL_REQUEST: page})
    return log_refs.record_and_send(context, hotfix.issue, [entry])


class PullRequestText:
    """The text that `finish` opens a pull request with. It is filled in only where one is opened."""

    def __init__(self, context: Context, hotfix: Hotfix) -> None:
        self._context, self._hotfix = context, hotfix
        self._filled: Filled | None = None

    def text(self) -> str:
        """The text, as Markdown; empty where the team's own template cannot be used, which is said."""
        context = self._context
        try:
            paper = gather(context, look(context, self._hotfix.issue, targets=False))
            self._filled = documents.fill(context, paper, "pr")
        except Failure as failure:
            context.streams.say(f"the pull request has no text: {failure.message}")
            return ""
        return fitting(self._filled.rendering.text)

    def opened(self, page: str) -> None:
        """The pull request is open on that page: what it says is the base of the next writing."""
        known = any(entry.facts.get(PULL_REQUEST) == page for entry in self._hotfix.logbook.current)
        if self._filled and not known:
            record_page(self._context, self._hotfix, self._filled, page)
