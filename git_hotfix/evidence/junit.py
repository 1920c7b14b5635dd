"""What a command says of its tests in JUnit XML: the cases, and how each ended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from git_hotfix.model.frozen import frozen
from git_hotfix.model.words import counted, one_line

Outcome = Literal["passed", "failed", "error", "skipped"]
_LARGEST = 64 * 1024 * 1024  # bytes of one report that are read


@frozen
class CaseResults:
    """How each case ended, by its name (`class.case`); a name that stands there more than once has its worst end."""

    cases: dict[str, Outcome]
    many: dict[Outcome, int]

    def named(self, outcome: Outcome) -> tuple[str, ...]:
        """The cases that ended so, in the order of the reports."""
        return tuple(name for name, each in self.cases.items() if each == outcome)

    @property
    def words(self) -> str:
        """`12 passed, 1 failed`."""
        many = self.many
        errors = counted(many["error"], "error")
        said = (f"{many['passed']} passed", f"{many['failed']} failed", errors, f"{many['skipped']} skipped")
        return ", ".join(each for each in said if not each.startswith("0 ")) or "no test"


_RANK: tuple[Outcome, ...] = ("skipped", "passed", "failed", "error")


def read_reports(top: Path, pattern: str, since: int) -> CaseResults | None:
    """The cases of all reports below `top` that match `pattern` and were written since (nanoseconds since the epoch);
    None where there is none that can be read."""
    files = [*_new_files(top, pattern, since)]
    if not files:
        return None
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import parse

    cases: dict[str, Outcome] = {}
    many: dict[Outcome, int] = dict.fromkeys(_RANK, 0)
    read = False
    for file in files:
        try:
            found = parse(str(file)).getroot()
            if found is None:
                continue
        except (OSError, ParseError, DefusedXmlException, ValueError, LookupError):  # an encoding that nobody knows
            continue
        read = True
        for case in found.iter("testcase"):
            outcome = _outcome({child.tag for child in case})
            name = one_line(".".join(filter(None, (case.get("classname"), case.get("name")))))
            many[outcome] += 1
            cases[name] = max(cases.get(name, outcome), outcome, key=_RANK.index)
    return CaseResults(cases, many) if read else None


def _outcome(tags: set[str]) -> Outcome:
    if "error" in tags:
        return "error"
    if "failure" in tags:
        return "failed"
    return "skipped" if "skipped" in tags else "passed"


def find_reports(top: Path, pattern: str) -> list[Path]:
    """What matches `pattern` below `top`, or is the absolute path that it is, in the order of names."""
    if not pattern:
        return []
    given = Path(pattern)
    return [given] if given.is_absolute() else sorted(top.glob(pattern))


def _new_files(top: Path, pattern: str, since: int) -> Iterable[Path]:
    """Clocks of file systems are coarser than the system's: what is as old as the start, within that, is not new."""
    for file in find_reports(top, pattern):
        try:
            about = file.stat()
        except OSError:
            continue
        if file.is_file() and about.st_mtime_ns >= since and about.st_size <= _LARGEST:
            yield file
