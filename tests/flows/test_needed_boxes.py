"""What a team wants done before a hotfix goes on: boxes, a review that an answer asks for, approvals by role."""

from __future__ import annotations

import pytest
from building import Project
from test_approvals_needed import approved, person
from test_verify_push import push

NEEDS = """\
[needs]
finish = ["smoke", "reviewed", "error-service", "old-service"]
[boxes.error-service]
text = "Errors go to the error service"
when = ["app.py"]
[boxes.old-service]
when = ["legacy/"]
"""


def test_finish_refuses_while_a_box_is_open_that_the_policy_needs(fixed: Project) -> None:
    clone = fixed.clone
    fixed.set_policy(NEEDS, fetched=True)
    before = fixed.remote.refs()
    said = [
        "git hotfix: finish needs 3 boxes that are open: smoke, reviewed, error-service",
        "  (nothing was changed)",
        "  → Smoke tests passed before finish: git hotfix mark smoke --issue 4711",
        "  → Somebody else read the code and agreed: git hotfix approve 4711",
        "  → Errors go to the error service: git hotfix mark error-service --issue 4711",
    ]
    for words in (("finish", "--yes"), ("finish", "--dry-run")):
        answer = clone.hotfix(*words)
        assert (answer.code, answer.err.splitlines()) == (1, said), answer.err
    assert fixed.remote.refs("refs/heads/", "refs/tags/") == {
        ref: oid for ref, oid in before.items() if ref.startswith(("refs/heads/", "refs/tags/"))
    }
    status = clone.hotfix("status", "--format", "json").json
    assert status["next"][0] == "git hotfix mark smoke --issue 4711"
    assert push(clone, "hotfix/4711").code == 0
    assert clone.hotfix("mark", "smoke").code == 0
    assert clone.hotfix("mark", "error-service", "--na", "-m", "it logs nothing").code == 0
    refused = clone.hotfix("finish", "--yes", "--format", "json")
    assert (refused.code, refused.json["error"]["message"]) == (1, "finish needs 1 box that is open: reviewed")
    bob = person(fixed, "bob")
    assert bob.hotfix("status", "4711", "--fetch").code == 0
    approved(bob)
    assert clone.hotfix("finish", "--yes").code == 0


@pytest.mark.slow
def test_what_was_said_of_older_code_has_to_be_said_again(fixed: Project) -> None:
    clone = fixed.clone
    fixed.set_policy('[needs]\nfinish = ["manual"]\n', fetched=True)
    assert clone.hotfix("mark", "manual").code == 0
    assert clone.hotfix("finish", "--dry-run").code == 0
    clone.commit("more", {"app.py": "y = 2\n"})
    assert clone.hotfix("finish", "--dry-run").code == 1


def test_an_answer_that_asks_for_a_review_of_security_makes_it_needed(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("edit", "security", "-m", "review-needed: it reads cookies").code == 0
    answer = clone.hotfix("finish", "--dry-run")
    assert answer.code == 1
    assert "Security was reviewed: git hotfix approve 4711 --role Security\n" in answer.err
    rows = clone.hotfix("mark", "--format", "json").json["boxes"]
    needed = {row["id"]: row["required_for"] for row in rows if row["required_for"]}
    assert needed == {"review-security": ["finish", "close"], "post-mortem": ["close"]}
    assert clone.hotfix("mark", "review-security", "--na", "-m", "the team is away").code == 0
    assert clone.hotfix("finish", "--dry-run").code == 0


def test_a_role_that_the_policy_needs_is_named_until_somebody_approves_with_it(fixed: Project) -> None:
    clone = fixed.clone
    fixed.set_policy('[approvals]\nroles = ["Security"]\n', fetched=True)
    assert push(clone, "hotfix/4711").code == 0
    refused = clone.hotfix("finish", "--yes")
    assert refused.code == 1
    assert (
        "fail approval: main takes this fix with an approval as Security, and it has none\n"
        "  → somebody who has no hand in it runs: git hotfix approve 4711 --role Security\n"
    ) in refused.out
    bob = person(fixed, "bob")
    assert bob.hotfix("status", "4711", "--fetch").code == 0
    approved(bob)  # without a role
    assert clone.hotfix("check", "--fetch", "--format", "json").statuses["approval"] == "warn"
    facts = clone.hotfix("status", "--format", "json").json["clock"]
    assert "approved" not in str(facts["moments"])
    assert bob.hotfix("approve", "4711", "--yes", "--role", "security").code == 0
    assert clone.hotfix("check", "--fetch", "--format", "json").statuses["approval"] == "pass"
    assert clone.hotfix("finish", "--yes").code == 0


@pytest.mark.slow
def test_close_wants_what_was_deployed_to_be_watched_and_takes_a_reason_instead(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--yes").code == 0

    def missing() -> dict[str, str]:
        rows = clone.hotfix("close", "4711", "--format", "json").json["missing"]
        return {row["id"]: row["command"] for row in rows if row["id"].startswith(("monitoring", "box:"))}

    assert missing() == {}
    assert clone.hotfix("mark", "deployed", "--issue", "4711").code == 0
    assert missing() == {"monitoring": "git hotfix monitor --issue 4711"}
    assert clone.hotfix("mark", "monitoring", "--na", "-m", "it is a leaflet", "--issue", "4711").code == 0
    assert missing() == {}


@pytest.mark.slow
def test_a_review_of_security_that_is_asked_for_after_the_finish_is_missing_from_close(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--yes").code == 0
    assert clone.hotfix("edit", "security", "-m", "review-needed: cookies", "--issue", "4711").code == 0
    shown = clone.hotfix("close", "4711").out
    asked = "  the box review-security is open: Security was reviewed\n    git hotfix approve 4711 --role Security\n"
    assert asked in shown
    assert clone.hotfix("mark", "review-security", "--na", "-m", "no cookie", "--issue", "4711").code == 0
    assert "Security was reviewed" not in clone.hotfix("close", "4711").out
