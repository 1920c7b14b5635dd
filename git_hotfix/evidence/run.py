"""One run of a command on a hotfix: recorded before it begins, and again when it has ended."""

from __future__ import annotations

import contextlib
import os
import shlex
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path

from git_hotfix.approvals import read
from git_hotfix.context import Context
from git_hotfix.context.open import locked
from git_hotfix.errors import Failure
from git_hotfix.evidence.code import Code, Place, check_out, find_directory, place_in, say_place, variables
from git_hotfix.evidence.directory import read_directory
from git_hotfix.evidence.junit import CaseResults, read_reports
from git_hotfix.evidence.kept_output import KEPT, read_end
from git_hotfix.evidence.process import NOT_STARTED, Ended, run_command
from git_hotfix.evidence.settings import Setting
from git_hotfix.git import refs
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.recorded_evidence import BASELINE, MONITOR, RUN, RUNNING, STARTED, STATE, TESTS, UNCOUNTED
from git_hotfix.model.snapshot import Logs
from git_hotfix.record import log_refs
from git_hotfix.report.unsent import unsent_lines
from git_hotfix.runs.transport import Transport, transport_of

OCCASION = "On"
"""The trailer of a run that another command began: `start`, `finish`, `rollback` or `close`."""
OUTPUT = "output.txt"
"""What the end of the output is attached as, where the user keeps it."""
_SOON = 5.0  # seconds that its beginning does: two may begin at once
_PATIENCE = 20.0  # seconds that the end of a run waits for another command that acts here


@frozen
class Ran:
    """A run that has ended: on what, how, what its tests said, why it counts for no gate ("" where it does), and its
    entry; `unsent` says why the remote does not have it."""

    name: str
    ended: Ended
    place: Place
    tests: CaseResults | None
    why_not: str
    kept: bool
    entry: Oid
    unsent: str | None = None


def run(
    context: Context,
    code: Code,
    setting: Setting,
    folder: Path,
    *,
    clean: bool = False,
    aside: bool = False,
    occasion: str = "",
) -> Ran:
    """Run the command that `setting` names on `code`: in the directory where that stands, or with `clean`, and where it
    stands nowhere, in a checkout of its own below `folder`. Its output goes to stderr with `aside`.

    Raises `Failure` (exit 3) where nothing can be started.
    """
    found = None if clean else find_directory(context, code, setting)
    if found:
        place = place_in(context, code, setting, *found)
    else:
        place = check_out(context, code.commit, setting, folder, "code")
    say_place(context, code, place, setting.name)
    told = variables(code, place)
    if place.separate and setting.prepare:
        prepare(context, setting, place, told, aside=aside)
    record = Record(context, code.hotfix.issue, f"run {setting.name}")
    facts = {RUN: setting.name, **({OCCASION: occasion} if occasion else {}), **_of_place(place)}
    with record.begun(facts):
        ended = run_command(setting.command, place.git.cwd, told, setting.timeout, context.streams, aside=aside)
    tests = read_reports(place.git.cwd, setting.junit, ended.began)
    uncounted = _uncounted(place, setting)
    entry, unsent = record.end(_facts(ended, tests, uncounted), _attachments(setting, ended))
    why_not = uncounted or _why_not(ended, place, code)
    return Ran(setting.name, ended, place, tests, why_not, setting.keep, entry, unsent)


def prepare(context: Context, setting: Setting, place: Place, told: Mapping[str, str], *, aside: bool) -> None:
    """Build what the command needs in a fresh checkout. Raises `Failure` (exit 3) where that fails."""
    ended = run_command(setting.prepare, place.git.cwd, told, setting.timeout, context.streams, aside=aside)
    if ended.state == "interrupted":
        raise KeyboardInterrupt
    if ended.state != "passed":
        raise Failure(
            f"hotfix.run.{setting.name}.prepare {ended.state.replace('-', ' ')} (exit {ended.exit})",
            hint=f"it runs in every fresh checkout: git config --get hotfix.run.{shlex.quote(setting.name)}.prepare",
            unchanged=f"{setting.name} was not run, and nothing was recorded",
        )


def _of_place(place: Place) -> dict[str, str]:
    facts: dict[str, str] = {"Commit": place.commit}
    if place.tree:
        facts["Tree"] = place.tree
    if place.uncommitted:
        facts[UNCOUNTED] = _not_committed(place)
    return facts


def _not_committed(place: Place) -> str:
    return f"{place.uncommitted} files were not committed" if place.uncommitted > 1 else "1 file was not committed"


def _uncounted(place: Place, setting: Setting) -> str:
    """Why the run counts for no gate, whatever its end: what it ran on is no tree that stands in a commit, or is not
    known because somebody worked there meanwhile."""
    if place.uncommitted:
        return _not_committed(place)
    try:
        after = read_directory(place.git, but=setting.junit)
    except Failure:  # it took its directory away, or what git knows of it; how it ended is recorded all the same
        return "what it ran on cannot be read any more"
    if after.head != place.commit:
        return "another commit was checked out while it ran"
    return "files changed while it ran" if after.changed else ""


def _why_not(ended: Ended, place: Place, code: Code) -> str:
    if ended.state != "passed":
        return {"failed": "it failed", "timed-out": "its time ran out"}.get(ended.state, "it was interrupted")
    same = place.tree in (code.hotfix.tip_tree, code.tree)
    return "" if same else f"it ran on other code than {code.hotfix.branch} has"


def _facts(ended: Ended, tests: CaseResults | None, uncounted: str) -> dict[str, str]:
    return {
        STATE: ended.state,
        "Exit": str(ended.exit),
        "Seconds": f"{ended.seconds:.1f}",
        **({TESTS: tests.words} if tests else {}),
        "Output": f"sha256:{ended.sha256} {ended.size}",
        **({UNCOUNTED: uncounted} if uncounted else {}),
    }


def _attachments(setting: Setting, ended: Ended) -> dict[str, bytes]:
    """The end of the output, where the user keeps it."""
    if not setting.keep:
        return {}
    return {OUTPUT: read_end(ended.tail, os.environ, whole=ended.size <= KEPT)}


def end_lines(ran: Ran) -> list[str]:
    """How it ended, for people."""
    ended = ran.ended
    tests = f", {ran.tests.words}" if ran.tests else ""
    says = {"passed": "passed", "timed-out": "did not end in time, and was ended", "interrupted": "was interrupted"}
    words = says.get(ended.state, f"failed (exit {ended.exit})")
    if ended.exit in NOT_STARTED:
        words = f"could not be started (exit {ended.exit})"
    lines = [f"{ran.name} {words} after {ended.seconds:.1f} s{tests}, on {ran.place.commit[:10]}; recorded"]
    if ended.state == "passed" and ran.why_not:
        lines.append(f"it does not count at the gate: {ran.why_not}")
    if ended.exit in NOT_STARTED:
        lines.append(f"  → git config --get hotfix.run.{shlex.quote(ran.name)}")
    return [*lines, *unsent_lines(ran.unsent)]


class Record:
    """The two entries of what takes a while, or of several such things that go on side by side: that it has begun, and
    how it ended. Others may work here meanwhile: the lock is held while something is written, and no longer.

    `title` begins the title of each entry; of several, the name of each follows.
    """

    def __init__(self, context: Context, issue: IssueId, title: str) -> None:
        self._context, self._issue, self._title = context, issue, title
        self._command = title.partition(" ")[0]
        self._transport: Transport = transport_of(context.repository, context.snapshot, verify=False)
        self._who = read.writer(context.repository.identity)
        self._begun: list[dict[str, str]] = []

    @contextlib.contextmanager
    def begun(self, *facts: Mapping[str, str]) -> Iterator[None]:
        """Record that it begins, and within let it run, while the remote is told."""
        started = datetime.fromtimestamp(time.time(), timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        self._begun = [{**each, STARTED: started} for each in facts]
        with self._locked(_SOON, needed=True):
            for each in self._begun:
                made = self._append({**each, STATE: RUNNING}, {}, "has begun")
                self._see(replace(self._context.snapshot.refs.logs_of(self._issue), here=made))
        telling = threading.Thread(target=self._tell, daemon=True)
        telling.start()
        try:
            yield
        finally:
            telling.join()

    def end(self, facts: Mapping[str, str], attachments: Mapping[str, bytes]) -> tuple[Oid, str | None]:
        """Record how it ended, here and on the remote; its entry, and why the remote does not have it."""
        (entry,), unsent = self.end_each([(facts, attachments)])
        return entry, unsent

    def at_once(self, facts: Sequence[Mapping[str, str]]) -> tuple[list[Oid], str | None]:
        """Record what takes no while, as `end_each` does."""
        self._begun = [{} for _ in facts]
        return self.end_each([(each, {}) for each in facts])

    def end_each(self, ends: Sequence[tuple[Mapping[str, str], Mapping[str, bytes]]]) -> tuple[list[Oid], str | None]:
        """Record how each ended, in the order in which they began; their entries, and why the remote does not have
        them."""
        with self._locked(_PATIENCE, needed=False):
            entries = []
            for begun, (facts, attachments) in zip(self._begun, ends, strict=True):
                self._see(
                    refs.read_logs(self._context.repository.git, self._issue)
                )  # others may have written meanwhile
                entries.append(self._append({**begun, **facts}, attachments, facts[STATE]))
            there = self._context.snapshot.refs.logs_of(self._issue).there
            branch = self._context.snapshot.hotfix_branch(self._issue)
            if branch not in self._context.snapshot.refs.branches and there is None:
                return entries, None
            return entries, log_refs.send_logbook(self._context, self._transport, self._issue)

    @contextlib.contextmanager
    def _locked(self, patience: float, *, needed: bool) -> Iterator[None]:
        """Hold the lock, when whoever has it lets it go, or after `patience` seconds not. Where it is not `needed` that
        is no reason to lose what ended: what is appended is compared with what stands there in any case."""
        with contextlib.ExitStack() as stack:
            deadline = time.monotonic() + patience
            while True:
                try:
                    stack.enter_context(locked(self._context, self._command))
                    break
                except Failure:
                    if time.monotonic() >= deadline:
                        if needed:
                            raise
                        break
                    time.sleep(0.1)
            yield

    def _append(self, facts: Mapping[str, str], attachments: Mapping[str, bytes], state: str) -> Oid:
        name = facts.get(MONITOR) or facts.get(BASELINE)
        title = f"{self._title} {name}" if name else self._title
        entry = Entry("evidence", f"{title}: {state}", facts, self._who, attachments=attachments)
        return log_refs.record_entries(self._context, self._issue, [entry])

    def _see(self, logs: Logs) -> None:
        """Go on from the logbook as it is now."""
        snapshot = self._context.snapshot
        seen = replace(snapshot, refs=replace(snapshot.refs, logs={**snapshot.refs.logs, self._issue: logs}))
        self._context = replace(self._context, snapshot=seen)

    def _tell(self) -> None:
        with contextlib.suppress(Failure, OSError):  # the end is sent in any case, and says when it is not
            log_refs.send_beside(self._context, [self._issue])
