"""Proving a fix by its own tests: four runs of one command, each code in a checkout of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.evidence import proof
from git_hotfix.evidence.code import Code, Place, check_out, variables
from git_hotfix.evidence.junit import read_reports
from git_hotfix.evidence.process import run_command
from git_hotfix.evidence.proof import Proof, Trial, short
from git_hotfix.evidence.run import Record, prepare
from git_hotfix.evidence.settings import Setting
from git_hotfix.git import blobs, diff, separate_checkout
from git_hotfix.model import patterns
from git_hotfix.model.change import SUBMODULE_MODE, FileChange
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.names import Oid
from git_hotfix.model.recorded_evidence import PROVE, REASON, SEEN, STATE

_ROUNDS = 4
_KEPT = 50  # names of cases that the record holds
# A test beside what it tests, in one file: Rust's attribute, a doctest of Python and Elixir, Vitest's in-source tests.
_INSIDE = re.compile(rb"#\[(?:cfg\(test\)|(?:\w+::)?test\b)|^\s*(?:>>>|iex>) |import\.meta\.vitest", re.MULTILINE)


@frozen
class Proved:
    """A proof with the runs that it rests on, as far as they were made: the base, the base with the test files of the
    fix, the fix, and the second once more; `interrupted` where somebody ended it."""

    name: str
    proof: Proof
    files: tuple[str, ...]
    entry: Oid
    unsent: str | None
    base: Trial | None = None
    red: Trial | None = None
    green: Trial | None = None
    again: Trial | None = None
    interrupted: bool = False


@frozen
class _Trials:
    """The runs that were made, in order."""

    base: Trial | None = None
    red: Trial | None = None
    green: Trial | None = None
    again: Trial | None = None


def prove(context: Context, code: Code, setting: Setting, folder: Path, *, aside: bool = False) -> Proved:
    """Run `setting` four times, in checkouts below `folder`, and record what that shows.

    What cannot be checked out or prepared is not judged.
    """
    record = Record(context, code.hotfix.issue, f"prove {setting.name}")
    session = _Session(context, code, setting, folder, aside=aside)
    tests, inside = _test_files(context, code)
    interrupted = False
    with record.begun({PROVE: setting.name, "Commit": code.commit, "Tree": code.tree}):
        try:
            found = _judge(session, tests, inside)
        except KeyboardInterrupt:
            found, interrupted = Proof("not-judged", "it was interrupted"), True
        except Failure as failure:  # that it has begun is recorded, so its end is as well
            found = Proof("not-judged", failure.message)
            for line in failure.hint.splitlines():
                context.streams.say(f"  → {line}")
    trials = session.trials
    entry, unsent = record.end(_facts(found, trials, interrupted=interrupted), {})
    files = tuple(file.path for file in tests)
    return Proved(
        setting.name, found, files, entry, unsent, trials.base, trials.red, trials.green, trials.again, interrupted
    )


def _judge(session: _Session, tests: Sequence[FileChange], inside: Sequence[str]) -> Proof:
    """Make the runs, up to the one that decides."""
    code = session.code
    if code.hotfix.base is None:
        return Proof("not-judged", "nobody knows which release it starts from")
    if nothing := proof.judge_files([file.path for file in tests], inside):
        return nothing
    release = code.hotfix.base_tag or code.hotfix.base[:10]
    base = session.check_out(code.hotfix.base, "base")
    session.trials = replace(session.trials, base=session.run(base, f"{release}, without the fix"))
    assert session.trials.base
    if end := proof.judge_base(session.trials.base):
        return end
    laid = session.check_out(code.hotfix.base, "base-with-tests", tests)
    red = session.run(laid, f"{release} with the tests of the fix: they should fail")
    session.trials = replace(session.trials, red=red)
    if end := proof.judge_red(red):
        return end
    green = session.run(session.check_out(code.commit, "fix"), f"the fix, {code.shown}")
    session.trials = replace(session.trials, green=green)
    if end := proof.judge_green(green):
        return end
    again = session.run(laid, f"{release} with the tests of the fix, once more")
    session.trials = replace(session.trials, again=again)
    return proof.judge_again(red, green, again)


class _Session:
    """The runs of one proof: where their checkouts are, and those that were made."""

    def __init__(self, context: Context, code: Code, setting: Setting, folder: Path, *, aside: bool) -> None:
        self.code, self.trials = code, _Trials()
        self._context, self._setting, self._folder, self._aside = context, setting, folder, aside
        self._round = 0

    def check_out(self, commit: Oid, name: str, tests: Sequence[FileChange] = ()) -> Place:
        """A checkout of `commit`, with the test files of the fix laid over it, and prepared."""
        place = check_out(self._context, commit, self._setting, self._folder, name)
        if tests:
            tree = separate_checkout.lay_over(place.git, [_entry(file) for file in tests])
            place = replace(place, tree=tree)
        if self._setting.prepare:
            told = variables(self.code, place)
            prepare(self._context, self._setting, place, told, aside=self._aside)
        return place

    def run(self, place: Place, what: str) -> Trial:
        """Run the command there. Raises `KeyboardInterrupt` where somebody ends it."""
        self._round += 1
        self._context.streams.say(f"{self._setting.name}, run {self._round} of {_ROUNDS}: {what}")
        told, setting = variables(self.code, place), self._setting
        streams = self._context.streams
        ended = run_command(setting.command, place.git.cwd, told, setting.timeout, streams, aside=self._aside)
        if ended.state == "interrupted":
            raise KeyboardInterrupt
        assert place.tree
        return Trial(place.tree, ended, read_reports(place.git.cwd, setting.junit, ended.began))


def _entry(file: FileChange) -> tuple[str, Oid | None, str, str]:
    """What becomes of a test file: its mode and content (None: it goes), its path, and the path that it leaves."""
    gone = file.status == "D"
    left = file.old_path if file.status == "R" and file.old_path != file.path else ""
    return file.new_mode, None if gone else file.new_oid, file.path, left


def _test_files(context: Context, code: Code) -> tuple[list[FileChange], list[str]]:
    """The test files that the fix changes, and the production files of it that hold tests."""
    if code.hotfix.base is None:
        return [], []
    files = diff.changes(context.git, code.hotfix.base, code.commit).files
    is_test = patterns.paths(context.snapshot.policy.files.tests)
    tests = [
        # What comes from production code leaves that where it is: the base needs it.
        file if is_test(file.old_path) else replace(file, old_path=file.path)
        for file in files
        if is_test(file.path) and file.new_mode != SUBMODULE_MODE
    ]
    if any(file.status != "D" for file in tests):
        return tests, []
    is_production = context.snapshot.policy.files.is_production
    others = [
        each for each in files if each.status != "D" and each.new_mode.startswith("100") and is_production(each.path)
    ]
    contents = blobs.read(context.git, [file.new_oid for file in others])
    return [], [file.path for file, text in zip(others, contents, strict=True) if text and _INSIDE.search(text)]


def _facts(found: Proof, trials: _Trials, *, interrupted: bool) -> dict[str, str]:
    """What the record holds of a proof."""
    runs = {"Base": trials.base, "Without": trials.red, "With": trials.green, "Again": trials.again}
    ends = {
        name: f"{trial.tree} {trial.ended.state} {trial.ended.exit} sha256:{trial.ended.sha256}"
        for name, trial in runs.items()
        if trial
    }
    said = {"Before": found.before, "After": found.after, SEEN: " ".join(found.seen)}
    return {
        STATE: "interrupted" if interrupted else found.result,
        REASON: found.reason,
        **{key: value for key, value in said.items() if value},
        **ends,
        **({"Cases": "\n".join(map(short, found.cases[:_KEPT]))} if found.cases else {}),
    }
