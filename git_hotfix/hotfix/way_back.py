"""The way back from a hotfix that turns out bad: which release production should run instead, and the command."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from git_hotfix.git.run import Git
from git_hotfix.hotfix.find import line_tags
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, TagName
from git_hotfix.model.recorded_evidence import read_evidence
from git_hotfix.model.snapshot import Logs, Snapshot
from git_hotfix.model.times import finish_of
from git_hotfix.record import logbook
from git_hotfix.record.timeline import read_timeline

_EXAMINED = 20  # releases whose records are read, a process each: as many bad ones in a row would be another problem


@frozen
class Release:
    """A release of production: its tag; when production ran it, in seconds since the epoch (deployed, else released,
    else tagged); whether somebody saw there that it works; whether it failed there; whether it was taken back."""

    tag: TagName
    ran: int
    verified: bool = False
    failed: bool = False
    undone: bool = False

    @property
    def good(self) -> bool:
        """True where nothing speaks against running it again."""
        return not (self.failed or self.undone)


@frozen
class WayBack:
    """What to do when a hotfix is bad: the release that production should run (None where none is known), and the
    command that makes a hotfix which takes the bad one out ("" where no command does)."""

    tag: TagName | None
    command: str


def choose_way_back(base: TagName | None, releases: Sequence[Release]) -> TagName | None:
    """The release to go back to: the one that the hotfix is based on. One that was verified in production comes before
    it where production ran it later than that; where the base itself failed or was taken back, the last good one before
    it does. None where there is none."""
    known = {release.tag: release for release in releases}
    start = known.get(base) if base else None
    if start is None:
        return base
    later = [one for one in releases if one.good and one.verified and one.ran > start.ran]
    if later:
        return max(later, key=lambda one: one.ran).tag
    if start.good:
        return start.tag
    before = [one for one in releases if one.good and one.ran <= start.ran]
    return max(before, key=lambda one: one.ran).tag if before else None


def find_way_back(git: Git, snapshot: Snapshot, hotfix: Hotfix, tag: Tag | None) -> WayBack:
    """The way back from `hotfix`, which `tag` brought to production (None: nothing did yet)."""
    releases = list(_releases(git, snapshot, hotfix, tag))
    return WayBack(choose_way_back(hotfix.base_tag, releases), rollback_command(snapshot, tag))


def rollback_command(snapshot: Snapshot, tag: Tag | None) -> str:
    """The command that takes `tag` back; where its reverting hotfix was begun, the one that goes on with that. "" for
    a tag that `finish` did not make, which records nowhere where its change begins."""
    if tag is None or not tag.trailer("Hotfix-Issue"):
        return ""
    issue = IssueId(f"revert-{tag.name.replace('/', '-')}")
    branch = snapshot.hotfix_branch(issue)
    if branch in {*snapshot.refs.local, *snapshot.refs.branches}:
        return command_line("finish", issue)
    return command_line("rollback", tag.name)


def _releases(git: Git, snapshot: Snapshot, hotfix: Hotfix, own: Tag | None) -> Iterator[Release]:
    """The releases of the hotfix's line that are older than the hotfix, newest first, down to the first good one that
    is not newer than its base."""
    behind_base = False
    seen = {snapshot.production, *snapshot.refs.branches}
    tags = line_tags(git, snapshot, hotfix.production) if hotfix.production in seen else ()
    reverted = {_reverts(hotfix.logbook)}
    for tag in _before(tags, own)[:_EXAMINED]:
        issue = IssueId(tag.trailer("Hotfix-Issue") or "")
        book = logbook.read(git, issue, snapshot.refs.logs.get(issue, Logs())) if issue else None
        if book:
            reverted.add(_reverts(book))
        release = _release(tag, book, reverted, snapshot.now)
        yield release
        behind_base = behind_base or tag.name == hotfix.base_tag
        if behind_base and release.good:
            return


def _before(tags: Sequence[Tag], own: Tag | None) -> Sequence[Tag]:
    if own is None:
        return tags
    return [tag for tag in tags if tag.name != own.name and tag.date <= own.date]


def _reverts(book: Logbook) -> str | None:
    return book.start.facts.get("Reverts") if book.start else None


def _release(tag: Tag, book: Logbook | None, reverted: Collection[str | None], now: int) -> Release:
    undone = tag.name in reverted
    if book is None:
        return Release(tag.name, tag.date, undone=undone)
    timeline = read_timeline(book, now=now)
    at = timeline.at("deployed") or timeline.at("released") or tag.date
    finish: Entry | None = finish_of(book)
    taken = any(entry.kind == "undo" for entry in book.current) and finish is None
    rolled_back = bool(book.of_kind("rollback"))
    return Release(tag.name, at, "verified" in timeline.moments, _failed(book), undone or taken or rolled_back)


def _failed(book: Logbook) -> bool:
    """True where the last watch of a name saw it fail, and nobody has said since that it works."""
    last = {one.name: one for one in read_evidence(book) if one.monitor and one.state in ("passed", "failed")}
    return any(one.state == "failed" for one in last.values())
