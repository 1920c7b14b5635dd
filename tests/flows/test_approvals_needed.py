"""Approvals that a policy asks for: production waits for them, the hotfix branch does not; and waivers taken back."""

from __future__ import annotations

import pytest
from building import Project
from sandbox import Answer, Repo
from test_verify_push import push

WAIVERS = "[waivers]\nneed-approval = 1\n"
FIXES = "[approvals]\nrequired = 1\n"


def person(project: Project, name: str) -> Repo:
    """A colleague's clone."""
    clone = project.another_clone(name)
    clone.git("config", "user.name", name.capitalize())
    clone.git("config", "user.email", f"{name}@example.org")
    return clone


def gated(project: Project, text: str) -> Repo:
    """The clone with the hook, under a policy, with a fix that adds a module."""
    project.set_policy(text, fetched=True)
    clone = project.clone
    assert clone.hotfix("hooks", "install").code == 0
    clone.commit("move the checkout", {"new_part.py": "new = 1\n"})
    return clone


def approved(repo: Repo) -> Answer:
    answer = repo.hotfix("approve", "4711", "--yes")
    assert answer.code == 0, answer.err
    return answer


def test_a_waiver_without_its_approval_stops_production_and_not_the_branch(fixed: Project) -> None:
    """Nobody can approve what is not on the remote."""
    clone = gated(fixed, WAIVERS)
    assert push(clone, "hotfix/4711").code == 1
    assert clone.hotfix("waive", "new-module", "--reason", "vetted").code == 0
    answer = push(clone, "hotfix/4711")
    assert answer.code == 0, answer.err
    assert answer.err.splitlines()[-3:] == [
        "note: 4711-W1 (new-module): it needs 1 approval and has 0; the branch may be pushed, main waits for that",
        "  → send the logbook after this push: git hotfix status 4711",
        "  → then somebody else runs: git hotfix approve 4711",
    ]
    refused = clone.hotfix("finish", "--yes")
    assert (refused.code, refused.err.splitlines()[-1]) == (1, "refused: new-module (nothing was changed)")
    clone.git("tag", "v1.4.3")
    before = fixed.remote.refs()
    assert push(clone, "hotfix/4711:main", "v1.4.3").code == 1
    assert fixed.remote.refs() == before
    clone.git("tag", "-d", "v1.4.3")
    assert "with 4711-W1" in approved(person(fixed, "bob")).err
    assert clone.hotfix("finish", "--yes").code == 0


@pytest.mark.slow
def test_another_gate_still_refuses_the_branch(fixed: Project) -> None:
    clone = gated(fixed, WAIVERS)
    assert clone.hotfix("waive", "new-module", "--reason", "vetted").code == 0
    clone.commit("too much", {"app.py": "x = 1\n" * 300})
    assert clone.hotfix("waive", "new-module", "--reason", "vetted").code == 0
    answer = push(clone, "hotfix/4711")
    assert (answer.code, "fail max-lines: " in answer.err, "waits for that" in answer.err) == (1, True, False)


@pytest.mark.slow
def test_a_fix_that_needs_approval_itself(fixed: Project) -> None:
    clone = gated(fixed, FIXES)
    assert clone.hotfix("waive", "new-module", "--reason", "vetted").code == 0
    assert clone.hotfix("check", "--format", "json").statuses["approval"] == "warn"
    answer = push(clone, "hotfix/4711")
    assert (answer.code, "warn approval: main takes this fix with 1 approval, and it has 0" in answer.err) == (0, True)
    first = "somebody who has no hand in it runs: git hotfix approve 4711"
    assert clone.hotfix("check").out.splitlines()[-1] == f"next: {first}"
    shown = clone.hotfix("status").out
    assert (
        "\nfinish would refuse: main takes this fix with 1 approval, and it has 0\nafter that: v1.4.3 will be on main"
    ) in shown
    assert f"next:\n  {first}\n" in shown
    refused = clone.hotfix("finish", "--yes")
    assert refused.code == 1
    assert (
        "fail approval: main takes this fix with 1 approval, and it has 0\n"
        "  → somebody who has no hand in it runs: git hotfix approve 4711\n"
    ) in refused.out
    assert clone.hotfix("approve", "--yes").code == 2  # its author
    bob = person(fixed, "bob")
    assert bob.hotfix("status", "4711", "--fetch").code == 0
    approved(bob)
    assert clone.hotfix("finish", "--yes").code == 0
    assert "Approved by:\n  Bob <bob@example.org>" in clone.git("cat-file", "-p", "v1.4.3")


@pytest.mark.slow
def test_a_policy_by_which_nobody_waives_the_approval(fixed: Project) -> None:
    clone = gated(fixed, f"{FIXES}[gates.approval]\nwaivable = false\n")
    answer = clone.hotfix("waive", "approval", "--reason", "nobody is awake")
    assert (answer.code, "the policy does not allow a waiver of approval" in answer.err) == (2, True)


@pytest.mark.slow
def test_a_waiver_that_is_taken_back(fixed: Project) -> None:
    """It holds no more, what approved it counts for it no more, and a new one needs a new approval."""
    clone = gated(fixed, WAIVERS)
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    assert clone.hotfix("waive", "new-module", "--reason", "vetted").code == 0
    bob = person(fixed, "bob")
    assert bob.hotfix("status", "4711", "--fetch").code == 0
    approved(bob)
    assert clone.hotfix("check", "--fetch").code == 0

    before = clone.snapshot()
    answer = clone.hotfix("waive", "--withdraw", "4711-W1", "--reason", "it was not")
    assert (answer.code, answer.out) == (0, "4711-W1 is withdrawn: new-module must pass again\n")
    assert fixed.remote.log("4711")[-1] == "withdraw 4711-W1"
    after = clone.snapshot()
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {"refs/hotfix/log/4711"}
    assert clone.hotfix("check").code == 1
    said = clone.hotfix("status").out
    assert "waiver 4711-W1: new-module, by Ada: vetted; it does not hold: Ada withdrew it: it was not\n" in said
    assert "approved by Bob\n" in said
    found = clone.hotfix("status", "--format", "json").json
    assert [(each["holds"], each["withdrawn"]) for each in found["waivers"]] == [(False, True)]
    assert [each["waivers"] for each in found["approvals"]] == [[]]

    assert clone.hotfix("waive", "new-module", "--reason", "it was after all").out.startswith("4711-W2: ")
    assert clone.hotfix("check", "--format", "json").statuses["new-module"] == "fail"
    approved(bob)
    assert clone.hotfix("finish", "--yes").code == 0
    assert "4711-W1" not in clone.git("cat-file", "-p", "v1.4.3")


@pytest.mark.slow
def test_what_cannot_be_taken_back(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("waive", "tests", "--reason", "none yet").code == 0
    clone.git("switch", "-q", "develop")
    assert clone.hotfix("waive", "--withdraw", "4711-W1").code == 0  # the name says whose it is
    clone.git("switch", "-q", "hotfix/4711")
    before = clone.snapshot()
    for words, said in {
        ("--withdraw", "4711-W1"): "4711-W1 was withdrawn already by Ada",
        ("--withdraw", "4711-W9"): "there is no waiver 4711-W9 of hotfix 4711",
        ("tests", "--withdraw", "4711-W1"): "--withdraw names waivers, and tests is a gate",
        (): "which gate is to be passed?",
        ("tests",): "a waiver needs a reason",
    }.items():
        answer = clone.hotfix("waive", *words)
        assert (answer.code, said in answer.err, clone.snapshot()) == (2, True, before), answer.err
