"""A verification for people, and for programs."""

from __future__ import annotations

from typing import Any

from git_hotfix.model.verification import Check, Verification
from git_hotfix.model.words import counted, one_line
from git_hotfix.report.streams import Streams

_WIDTH = 10  # columns of the words that begin a row of the story


def verification_object(subject: Verification) -> dict[str, Any]:
    """A verification in JSON."""
    checks = [{"id": each.id, "state": each.state, "expected": each.expected, "found": each.found}
              for each in subject.checks]  # fmt: skip
    return {"issue": subject.issue, "tag": subject.tag, "checks": checks}


def show_verification(streams: Streams, subject: Verification) -> None:
    """The story, then what nobody can tell, then what is wrong, and the answer in one line."""
    title = f": {one_line(subject.title)}" if subject.title else ""
    streams.out(f"{subject.tag} · hotfix {subject.issue}{title}")
    last = ""
    for word, said in subject.story:
        streams.out(f"  {'' if word == last else word:{_WIDTH}}{said}")
        last = word
    _show_checks(streams, "not proven", subject.unknown)
    _show_checks(streams, "wrong", subject.failed)
    if streams.verbose:
        _show_checks(streams, "as it should be", [each for each in subject.checks if each.state == "pass"])
    streams.out("")
    streams.out(_answer(subject))


def _show_checks(streams: Streams, head: str, checks: tuple[Check, ...] | list[Check]) -> None:
    if not checks:
        return
    streams.out("")
    streams.out(f"{head}:")
    for check in checks:
        streams.out(f"  {check.id}: expected {check.expected}")
        for line in check.found.split("\n"):
            streams.out(f"    {line}")


def _answer(subject: Verification) -> str:
    if subject.failed:
        failed = counted(len(subject.failed), "check")
        return f"{subject.tag} is not what its record says: {failed} of {len(subject.checks)} failed"
    passed = len(subject.checks) - len(subject.unknown)
    rest = f"; {len(subject.unknown)} cannot be proven" if subject.unknown else ""
    return f"{subject.tag} is what its record says: {passed} of {len(subject.checks)} checks passed{rest}"
