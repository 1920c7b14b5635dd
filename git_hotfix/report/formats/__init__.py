"""The formats that a verdict is shown in: one file each. A file in this package is a format, its name the word for
`--format`, and its `render(report)` the text; nothing else has to be edited."""

from __future__ import annotations

import importlib

from git_hotfix.errors import ExitCode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.package_files import module_names
from git_hotfix.model.verdict import Severity, Verdict


@frozen
class Rule:
    """A gate as a format may list it beside its findings: what it asks for in a few words, and how grave it is where no
    policy speaks."""

    id: str
    summary: str
    severity: Severity


@frozen
class Report:
    """What a format shows: a hotfix, the verdict on it, and the exit code of the run.

    `rules` are all gates there are, `version` is that of this tool, `next` the command that a person would give now.
    `notes` are what the gates did not look at, said before what they saw.
    """

    hotfix: Hotfix
    verdict: Verdict
    code: ExitCode
    rules: tuple[Rule, ...] = ()
    version: str = ""
    next: str = ""
    notes: tuple[str, ...] = ()


def names() -> tuple[str, ...]:
    """The words for `--format`, taken from the files: only the format that is asked for is imported."""
    return tuple(module_names(__path__, packages=False))


def render(name: str, report: Report) -> str:
    """The report in one of the formats of `names`, without a newline at its end."""
    text = importlib.import_module(f"{__name__}.{name}").render(report)
    assert isinstance(text, str)
    return text
