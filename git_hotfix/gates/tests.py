"""tests: what a hotfix mends is held by a test."""

from __future__ import annotations

from git_hotfix.gates.counted_files import counted_files
from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model import patterns
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.sources import is_source
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Ask for a touched test where production source changed; `files.tests` says what a test is.

    27 % of 917 genuine hotfixes touch a test: this can only ever be a reminder. What is not a source (a
    setting, a manifest), or moves a version alone, is held by no test.
    """
    is_test = patterns.paths(facts.policy.files.tests)
    touched = sum(file.status != "D" and is_test(file.path) for file in facts.changes.files)
    source = [file for file in counted_files(facts) if is_source(file.path)]
    measured, limit = counted(touched, "test file"), "1 test file"
    if touched or not source:
        return Judgement(measured, limit)
    hint = "add the test that would have caught it, or write it on develop right after"
    message = "changed without a test"
    if len(source) > 1:
        message = f"{len(source)} source files {message}, this one first"
    return Judgement(measured, limit, (Finding(message, path=source[0].path, hint=hint),))


GATE = Gate("tests", "a test beside the fix", check, NoOptions, severity="warn", order=50)
