"""What four runs of one command prove: that its tests fail without the fix and pass with it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from git_hotfix.evidence.junit import CaseResults
from git_hotfix.evidence.process import NOT_STARTED, Ended
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.words import counted

Result = Literal["shown", "not-shown", "not-judged"]
_LONGEST = 200  # characters of a name that are shown
_NAMED = 3  # cases that are named in a sentence


@frozen
class Trial:
    """One of the four runs: the tree it ran on, how it ended, and what its tests said (None: no JUnit XML)."""

    tree: Oid
    ended: Ended
    cases: CaseResults | None = None

    @property
    def failing(self) -> tuple[str, ...]:
        """The cases that ran and failed: an error says that a case could not be run."""
        return self.cases.named("failed") if self.cases else ()


@frozen
class Proof:
    """What was shown, and why not where it was not; what is said of the code before the fix and with it; which of the
    two was seen with its cause known (`red`, `green`); the cases that show it."""

    result: Result
    reason: str
    before: str = ""
    after: str = ""
    seen: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


def _not_judged(reason: str) -> Proof:
    return Proof("not-judged", reason)


def judge_files(tests: Sequence[str], inside: Sequence[str]) -> Proof | None:
    """Nothing can be tried where the fix changes no test file; `inside` are production files that hold tests."""
    if tests:
        return None
    if inside:
        return _not_judged(f"its tests are inside {inside[0]}: they cannot be tried without the fix")
    return _not_judged("the fix changes no test file, so nothing can fail without it")


def judge_base(base: Trial) -> Proof | None:
    """What the base says by itself: a red one shows nothing of the fix."""
    if base.ended.state == "passed":
        return None
    if base.ended.exit in NOT_STARTED:
        return _not_judged(f"the command could not be started in a checkout of the base (exit {base.ended.exit})")
    return _not_judged(f"the base {_ended(base)} by itself, without any test of the fix")


def judge_red(red: Trial) -> Proof | None:
    """The base with the tests of the fix has to fail."""
    if red.ended.state == "passed":
        return Proof("not-shown", "the tests of the fix pass without the fix, too")
    if red.ended.state != "failed":
        return _not_judged(f"the base with the tests of the fix {_ended(red)}")
    if red.cases and not red.failing:
        errors = len(red.cases.named("error"))
        said = f"{counted(errors, 'error')} and no failure" if errors else "no case failed"
        return _not_judged(f"the tests of the fix could not be run without it: {said}")
    return None


def judge_green(green: Trial) -> Proof | None:
    """The fix has to pass."""
    if green.ended.state == "passed":
        return None
    return Proof("not-shown", f"the fix {_ended(green)}")


def judge_again(red: Trial, green: Trial, again: Trial) -> Proof:
    """What all four say: the same cases failed twice without the fix, and pass with it."""
    if again.ended.state != "failed":
        return _not_judged(f"without the fix its tests failed once, and then {_ended(again)}: they are not steady")
    if not (red.cases and again.cases and green.cases):
        return Proof(
            "not-judged",
            "red then green, cause not known: no JUnit XML says which tests failed",
            f"the tests of the fix fail without it (exit {red.ended.exit}); cause not known",
            "they pass with it",
        )
    steady = tuple(name for name in red.failing if name in again.failing)
    if not steady:
        return _not_judged("without the fix other tests failed each time: they are not steady")
    passing = set(green.cases.named("passed"))
    lacking = [name for name in steady if name not in passing]
    before = f"{counted(len(steady), 'case fails', 'cases fail')} without the fix: {_names(steady)}"
    if lacking:
        why = f"{_names(lacking)} fails without the fix, and is not passed with it"
        return Proof("not-shown", why, before, f"not passed: {_names(lacking)}", ("red",), steady)
    after = f"the same {counted(len(steady), 'case passes', 'cases pass')} with it"
    words = f"{counted(len(steady), 'case fails', 'cases fail')} without the fix and pass with it: {_names(steady)}"
    words = words.replace("and pass", "and passes") if len(steady) == 1 else words
    return Proof("shown", words, before, after, ("red", "green"), steady)


def _names(cases: Sequence[str]) -> str:
    more = f" and {len(cases) - _NAMED} more" if len(cases) > _NAMED else ""
    return ", ".join(map(short, cases[:_NAMED])) + more


def short(case: str) -> str:
    """The name of a case as it is shown and recorded: a parameter of it may be a whole document."""
    return case if len(case) <= _LONGEST else f"{case[:_LONGEST]}…"


def _ended(trial: Trial) -> str:
    tests = f": {trial.cases.words}" if trial.cases else ""
    words = {
        "passed": "passed",
        "failed": f"fails (exit {trial.ended.exit}{tests})",
        "timed-out": "does not end in time",
    }
    return words.get(trial.ended.state, "was interrupted")
