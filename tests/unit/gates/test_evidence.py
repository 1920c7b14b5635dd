"""evidence: a required run has to have passed on just this code; its last word there counts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gate_facts import TREE, between

from git_hotfix.gates.evidence import GATE, Options
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.model.verdict import Finding

OTHER = Oid("9" * 40)
SMOKE = Options(("smoke",))


def run(state: str, tree: str | None = TREE, *, name: str = "smoke", **more: str) -> Entry:
    where = {"Tree": tree} if tree else {}
    return Entry("evidence", "x", {"Run": name, "State": state, **where, **more}, "Ada <a@x>")


def fix(*entries: Entry, at_production: bool = True) -> Facts:
    facts = between({"a.py": b"one\n"}, {"a.py": b"two\n"})
    book = Logbook(IssueId("4711"), tuple(replace(each, oid=Oid(f"{n:040x}")) for n, each in enumerate(entries)))
    return replace(facts, hotfix=replace(facts.hotfix, logbook=book), at_production=at_production)


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ((), "was never run"),
        ((run("passed"),), ""),
        ((run("passed", OTHER),), "was run on older code only"),
        ((run("passed", None),), "was run on older code only"),
        ((run("passed", name="unit"),), "was never run"),
        ((run("passed"), run("failed")), "failed on this code"),
        ((run("failed"), run("passed")), ""),
        ((run("passed"), run("timed-out")), "did not end in time on this code"),
        ((run("passed"), run("interrupted")), "was interrupted on this code"),
        ((run("passed"), run("failed", OTHER)), ""),
        ((run("passed"), run("failed", Uncounted="1 file was not committed")), ""),
        ((run("passed", Uncounted="1 file was not committed"),), "was run, but 1 file was not committed"),
        # A run that was killed is a gap, and no success before it fills that; one that ended fills its own.
        ((run("passed"), run("running", Started="2026-11-28T04:00:00.5Z")),
         "has begun on this code, and its end is not recorded"),
        ((run("running", Started="2026-11-28T04:00:00.5Z"), run("passed", Started="2026-11-28T04:00:00.5Z")), ""),
        ((run("running", Started="2026-11-28T04:00:00.5Z"), run("passed", Started="2026-11-28T04:00:00.6Z")), ""),
        ((Entry("evidence", "x", {"Monitor": "smoke", "State": "passed", "Tree": TREE}),), "was never run"),
        ((Entry("evidence", "x", {"Prove": "smoke", "State": "passed", "Tree": TREE}),), "was never run"),
    ],
)  # fmt: skip
def test_the_last_run_on_this_very_code_counts(entries: tuple[Entry, ...], says: str) -> None:
    judged = GATE.check(fix(*entries), SMOKE)
    wanted = (Finding(f"smoke {says}", hint="git hotfix run smoke"),) if says else ()
    assert (judged.findings, judged.limit) == (wanted, "1 required run")
    assert judged.level == ("fail" if says else "pass")


def test_before_production_it_is_only_said() -> None:
    judged = GATE.check(fix(at_production=False), Options(("smoke", "unit", "smoke")))
    assert (judged.level, judged.measured, judged.limit) == ("warn", "0 passed", "2 required runs")
    assert [each.before_finish for each in judged.findings] == ["git hotfix run smoke", "git hotfix run unit"]


def test_nothing_is_required_where_no_policy_says_so() -> None:
    judged = GATE.check(fix(), Options())
    assert (judged.level, judged.measured) == ("pass", "nothing required")
