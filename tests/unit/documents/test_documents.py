"""Each document as a whole: of a hotfix of which everything is known, and of one of which nothing is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from git_hotfix.documents.filled import contents_of
from git_hotfix.documents.paper import ChangedFile, Links, Paper
from git_hotfix.documents.rendering import Rendering
from git_hotfix.documents.templates import render_document
from git_hotfix.model import form
from git_hotfix.model.approvals import Approval, Waiver
from git_hotfix.model.boxes import BOXES, Box
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName, TagName
from git_hotfix.model.plan import Delivery, Target
from git_hotfix.model.policy import Approvals
from git_hotfix.model.recorded_evidence import read_evidence
from git_hotfix.model.verdict import GateResult, Verdict
from git_hotfix.record.boxes import Proofs, judge_boxes
from git_hotfix.record.follow_ups import follow_ups
from git_hotfix.record.statements import answer_entries, box_entry, event_entry, read_statements
from git_hotfix.record.timeline import Commits, read_timeline

FOLDER = Path(__file__).parents[2] / "fixtures" / "documents"
TEMPLATES = Path(__file__).parents[3] / "git_hotfix" / "documents" / "templates"
NAMES = ("pr-standard", "pr-extended", "postmortem", "report", "incident-log")
TREE = Oid("7" * 40)
BEGIN = 1_700_000_000  # 2023-11-14 22:13:20 UTC
MINUTE = 60
ADA, BO = "Ada <ada@example.com>", "Bo <bo@example.com>"


def _numbered(entries: Sequence[Entry]) -> Logbook:
    return Logbook(IssueId("4711"), tuple(replace(each, oid=Oid(f"{n:040x}")) for n, each in enumerate(entries, 1)))


def _hotfix(book: Logbook, *, title: str) -> Hotfix:
    return Hotfix(
        IssueId("4711"), BranchName("hotfix/4711"), BranchName("main"), TagName("v1.4.2"), Oid("1" * 40), Oid("2" * 40),
        TREE, Oid("3" * 40), title, "P0", logbook=book,
    )  # fmt: skip


def empty() -> Paper:
    """A branch made by hand: nobody recorded or said anything, and no commit is on it."""
    book = Logbook(IssueId("4711"))
    statements = read_statements(book)
    boxes = judge_boxes(Proofs(statements, TREE))
    actions = follow_ups(statements, untested=False, ended=None, finisher="")
    return Paper(
        _hotfix(book, title=""), BEGIN, read_timeline(book, now=BEGIN), statements, boxes, Verdict(), actions=actions
    )


def full() -> Paper:
    """A hotfix that is done: every question is answered, every box stands."""
    statements = read_statements(_numbered(_said()))
    book = _numbered([*_said(), *_observed()])
    approvals = (
        Approval("4711-A1", "Security", BO, BEGIN + 40 * MINUTE, TREE, oid=Oid("a" * 40)),
        Approval("4711-A2", "Technical Lead", "Cy <cy@example.com>", BEGIN + 41 * MINUTE, TREE, oid=Oid("b" * 40)),
    )
    waiver = Waiver("4711-W1", ("tests",), "no time at night", ADA, BEGIN + 30 * MINUTE, TREE)
    gates = tuple(GateResult(id, "block", "pass") for id in (
        "max-files", "max-lines", "new-module", "format-churn", "rollback", "secret", "dependency-source",
        "new-dependency",
    ))  # fmt: skip
    verdict = Verdict((*gates, GateResult("tests", "block", "waived")), waivers=(waiver,), approvals=approvals)
    timeline = read_timeline(
        book, now=BEGIN + 300 * MINUTE, approvals=approvals, rule=Approvals(required=2),
        commits=Commits(BEGIN + 20 * MINUTE, BEGIN + 25 * MINUTE), tree=TREE,
    )  # fmt: skip
    actions = follow_ups(statements, untested=True, ended=timeline.at("resolved"), finisher="Ada", written=True)
    proofs = Proofs(
        statements, TREE, {gate.id: gate.status for gate in verdict.gates}, read_evidence(book), approvals, actions,
        approved=True, clean=True, complete=True, asked=True, post_mortem=True, deployed=timeline.at("deployed"),
        without=frozenset({"migrations"}),
    )  # fmt: skip
    team = [Box("error-service", "Errors go to the error service", lapses=True)]
    states = judge_boxes(proofs, team)
    targets = [("develop", 2), ("release/1.5", 2), *((f"feature/{n}", 3) for n in range(7))]
    deliveries = [
        Delivery(Target(RefName(f"refs/heads/{name}"), Oid("4" * 40), tier), "merge", "already")  # type: ignore[arg-type]
        for name, tier in targets
    ]
    return Paper(
        _hotfix(book, title="Checkout times out"), BEGIN + 300 * MINUTE, timeline, statements, states, verdict,
        tag=TagName("v1.4.3"), finished=True, branch_gone=True,
        files=(ChangedFile("src/check_out.py", 2, 1), ChangedFile("logo|new.png", None, None)),
        subjects=("Wait ten seconds for the bank", "Say so in the log"), evidence=read_evidence(book),
        actions=actions, deliveries=tuple(deliveries),
        links=Links(
            "https://tickets.example/4711", "https://forge.example/pull/5", "https://forge.example/v1.4.3", "4711"
        ),
        team_boxes=("error-service",),
    )  # fmt: skip


def _said() -> list[Entry]:
    """What people said: every event, every answer, every box that a person may tick."""
    answers = {
        "summary": "The checkout timed out for everybody; it waits ten seconds for the bank now.",
        "actions": "Watch the bank | monitor | 24h | Bo | 2023-11-15 | OPS-1\n"
        "Tell it in the manual | docs | sprint | Cy | 2023-11-20\n"
        "A queue before the bank | prevent | quarter | Di | 2023-12-10 | | done\n"
        "Retire the old client | process | long | Ed | 2024-03-01",
        "scenarios": "pay with an empty cart | an error | an error\npay | paid | paid",
        "risk": "low: one number", "security": "none", "breaking": "none", "temporary": "yes: a queue is better",
        "deploy-strategy": "staged: one shop first", "watch-for": "30m",
        "rollback": "git hotfix rollback v1.4.3\ngit hotfix finish",
        "root-cause": "A limit of one second.\n\nThe bank **needs** three at night.",
    }  # fmt: skip
    lines = {"list": "first of {0}\nsecond of {0}", "table": ""}
    for field in form.FIELDS:
        answers.setdefault(field.id, lines.get(field.shape, "what was said of {0}").format(field.id))
    start = Entry(
        "start",
        "start",
        {"Detected": "2023-11-14T22:13:20Z", "Started": "2023-11-14T22:20:00Z"},
        ADA,
        BEGIN + 7 * MINUTE,
    )
    times = {"impact-started": -5, "acknowledged": 3, "investigating": 5, "root-cause": 15, "mitigated": 70,
             "staging": 35, "deployed": 60, "verified": 66, "resolved": 90}  # fmt: skip
    return [
        start,
        *(event_entry(id, BEGIN + at * MINUTE, "", ADA, BEGIN + at * MINUTE) for id, at in times.items()),
        *answer_entries(answers, ADA, BEGIN + 95 * MINUTE),
        *(box_entry(box.id, "done", "", TREE, ADA, BEGIN + 96 * MINUTE) for box in BOXES if box.confirm),
        box_entry("error-service", "na", "no error is new", TREE, ADA, BEGIN + 97 * MINUTE),
    ]


def _observed() -> list[Entry]:
    """What was seen: runs, looks at production, and the finish."""

    def run(name: str, at: int, *, key: str = "Run", state: str = "passed") -> Entry:
        return Entry("evidence", name, {key: name, "State": state, "Tree": TREE}, ADA, BEGIN + at * MINUTE)

    proof = {
        "Prove": "smoke", "State": "shown", "Tree": TREE, "Seen": "red green",
        "Before": "1 case fails without the fix: test_pay", "After": "the same case passes with it",
    }  # fmt: skip
    return [
        Entry("evidence", "prove smoke: shown", proof, ADA, BEGIN + 27 * MINUTE), run("smoke", 30),
        Entry("finish", "finish", {"Tag": "v1.4.3"}, ADA, BEGIN + 50 * MINUTE),
        run("deploy", 55), run("errors", 61, key="Monitor"), run("smoke", 62),
    ]  # fmt: skip


def rendered(name: str, paper: Paper) -> Rendering:
    return render_document((TEMPLATES / f"{name}.md.j2").read_bytes(), contents_of(paper), name)


def test_the_page_of_templates_names_all_that_a_template_can_ask_for() -> None:
    page = (FOLDER.parents[2] / "docs" / "templates.md").read_text("utf-8")
    known = contents_of(empty())
    facts = re.findall(r"`([^`]+)`", page.partition("\nFacts: ")[2].partition("\n\n")[0])
    assert facts == list(known.facts)
    rows = re.findall(r"^\| `([^`]+)` \| (.+) \|$", page.partition("| List |")[2], re.MULTILINE)
    assert {name: tuple(re.findall(r"`([^`]+)`", columns)) for name, columns in rows} == {
        name: lines.columns for name, lines in known.lists.items()
    }
    example = page.partition("```jinja\n")[2].partition("```")[0]
    text = render_document(example.encode(), contents_of(full()), "page").text
    assert text.startswith("# Checkout times out\n\nSeverity P0 (Critical), from v1.4.2.\n\nA limit of one second.\n")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("known", [full, empty])
def test_a_document_reads_so(name: str, known: object) -> None:
    """To write them anew, from the top of the checkout: python tests/unit/documents/test_documents.py"""
    paper = known()  # type: ignore[operator]
    expected = (FOLDER / f"{name}-{known.__name__}.md").read_text("utf-8")  # type: ignore[attr-defined]
    assert rendered(name, paper).text == expected


@pytest.mark.parametrize("name", NAMES)
def test_a_rendering_is_kept_as_bytes_and_comes_back(name: str) -> None:
    made = rendered(name, full())
    assert Rendering.from_bytes(made.to_bytes()) == made


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_a_gap_of_a_hotfix_of_which_everything_is_known(name: str) -> None:
    text = rendered(name, full()).text
    assert "not answered yet" not in text
    assert "not known yet" not in text


if __name__ == "__main__":
    for document in NAMES:
        for state in (full, empty):
            (FOLDER / f"{document}-{state.__name__}.md").write_text(rendered(document, state()).text, "utf-8")
