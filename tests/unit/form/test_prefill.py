"""What the form proposes: only what a fact says, and only what would be taken as an answer."""

from __future__ import annotations

import pytest

from git_hotfix.form.prefill import Known, propose
from git_hotfix.model.form import FIELDS


def values(known: Known) -> dict[str, str]:
    return {id: proposal.value for id, proposal in propose(known).items()}


def test_without_facts_nothing_is_proposed() -> None:
    assert propose(Known()) == {}


def test_every_fact_has_its_field() -> None:
    known = Known(
        tag="v1.4.3",
        paths=("src/pay/a.py", "src/pay/b.py", "web/x.js", "app.py", "packages/core/lib/z.ts"),
        subjects=("Pay once", "Test\x07 it"),
        breaks=(),
        infrastructure=(),
        contacts={"on-call": "bob", "devops": "@ops", "nobody": "x"},
        deploys=True,
        monitors=("errors: at most 10", "health: every look succeeds"),
        watched=300.0,
        pull_request="https://forge.example/pull/7",
        release="https://forge.example/releases/tag/v1.4.3",
        issue_title="Checkout fails",
        issue_text="# Steps\n\nbuy",
    )
    assert values(known) == {
        "functionality": "src/pay\nweb\napp.py\npackages/core",
        "solution": "- Pay once\n- Test\\u0007 it",
        "breaking": "none",
        "config-changes": "none",
        "infra": "none",
        "third-party": "none",
        "rollback": "git hotfix rollback v1.4.3\ngit hotfix finish",
        "rollback-config": "none",
        "deploy-steps": "git hotfix run deploy",
        "metrics": "errors: at most 10\nhealth: every look succeeds",
        "watch-for": "5m",
        "contact-on-call": "bob",
        "contact-devops": "@ops",
        "link-pr": "https://forge.example/pull/7",
        "link-release": "https://forge.example/releases/tag/v1.4.3",
        "summary": "Checkout fails",
        "problem": "# Steps\n\nbuy",
    }


@pytest.mark.parametrize(
    ("known", "proposed"),
    [
        (Known(breaks=("app.py: function pay is gone",)), {"breaking": "yes: app.py: function pay is gone"}),
        (Known(infrastructure=("Dockerfile",)), {}),
        (Known(subjects=("one",)), {"solution": "one"}),
        (Known(paths=tuple(f"part{n}/a" for n in range(13))), {}),
        (Known(issue_title="x" * 301), {}),
        (Known(watched=90.0), {}),
        (Known(tag="a'b"), {"rollback": "git hotfix rollback 'a'\"'\"'b'\ngit hotfix finish"}),
    ],
    ids=["breaks", "infrastructure", "one commit", "many folders", "title too long", "no whole minutes", "odd tag"],
)
def test_a_fact_proposes_no_more_than_it_says(known: Known, proposed: dict[str, str]) -> None:
    assert values(known) == proposed


def test_a_proposal_says_of_which_fact_it_is_made() -> None:
    assert {id: each.source for id, each in propose(Known(tag="v1", contacts={"product": "Eve"})).items()} == {
        "rollback": "the hotfix's tag",
        "contact-product": "your git config, hotfix.contact.product",
    }


def test_what_a_field_is_prefilled_from_is_known() -> None:
    named = {field.prefill for field in FIELDS} - {""}
    assert named - {"prove"} == {
        "folders", "subjects", "breaking", "deploy", "monitors", "watched", "none", "rollback", "config",
        "pull-request", "release",
    }  # fmt: skip
