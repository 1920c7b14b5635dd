"""`git hotfix log --format intoto`: statements that tools of others read, each of the shape that its predicate has."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from building import Project
from sandbox import Repo

from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import IssueId, Oid
from git_hotfix.report.intoto import statements, uri_of

TREE, COMMIT = "1" * 40, "2" * 40
ID = {"type": "string", "pattern": "^[0-9a-f]{40}([0-9a-f]{24})?$"}
DIGEST = {"type": "object", "minProperties": 1, "propertyNames": {"enum": ["gitTree", "gitCommit", "gitBlob"]},
          "additionalProperties": ID}  # fmt: skip
URI, TIME = {"type": "string", "format": "uri"}, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
TEXTS = {"type": "array", "items": {"type": "string"}}


def of(required: str, **members: Any) -> dict[str, Any]:
    """An object of these members."""
    return {"type": "object", "properties": members, "required": required.split(), "additionalProperties": False}


RESOURCE = of("", name={"type": "string"}, uri=URI, digest=DIGEST)
RESOURCE |= {"anyOf": [{"required": ["uri"]}, {"required": ["digest"]}]}
# Written from the definitions of these predicates: in-toto/attestation, spec/predicates; gittuf, authorizations/v02;
# slsa.dev/verification_summary/v1.
PREDICATES = {
    "https://in-toto.io/attestation/test-result/v0.1": of(
        "result configuration", result={"enum": ["PASSED", "WARNED", "FAILED"]},
        configuration={"type": "array", "items": RESOURCE}, url=URI, passedTests=TEXTS, warnedTests=TEXTS,
        failedTests=TEXTS,
    ),
    "https://in-toto.io/attestation/svr/v0.2": of(
        "verifier timeCreated properties", timeCreated=TIME, properties={**TEXTS, "minItems": 1},
        verifier=of("id policies", id=URI, policies={"type": "array", "items": RESOURCE}),
    ),
    "https://gittuf.dev/reference-authorization/v0.2": of(
        "targetRef fromID targetID", targetRef={"type": "string", "pattern": "^refs/"}, fromID=ID, targetID=ID
    ),
    "https://slsa.dev/verification_summary/v1": of(
        "verifier timeVerified resourceUri policy verificationResult verifiedLevels", verifier=of("id", id=URI),
        timeVerified=TIME, resourceUri=URI, policy=of("uri", uri=URI, digest=DIGEST),
        verificationResult={"enum": ["PASSED", "FAILED"]},
        verifiedLevels={"type": "array", "items": {"pattern": "^SLSA_BUILD_LEVEL_(UNEVALUATED|[0-3])$"}},
    ),
}  # fmt: skip
STATEMENT = of(
    "_type subject predicateType predicate", _type={"const": "https://in-toto.io/Statement/v1"},
    subject={"type": "array", "minItems": 1, "items": {**of("digest", name={"type": "string"}, digest=DIGEST)}},
    predicateType={"enum": [*PREDICATES]}, predicate={"type": "object"},
)  # fmt: skip


def told(repo: Repo, *words: str) -> list[dict[str, Any]]:
    """The statements, each held to the shape of its predicate."""
    answer = repo.hotfix("log", *words, "--format", "intoto")
    assert (answer.code, answer.err) == (0, "")
    found = [json.loads(line) for line in answer.out.splitlines()]
    for each in found:
        jsonschema.Draft202012Validator(STATEMENT).validate(each)
        jsonschema.Draft202012Validator(PREDICATES[each["predicateType"]]).validate(each["predicate"])
    return found


def test_what_ran_who_agreed_and_what_was_released_are_statements(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    clone.git("config", "hotfix.run.smoke", "true")
    assert clone.hotfix("run", "smoke").code == 0
    [open_one] = told(clone, "4711")
    bob = fixed.another_clone("bob")
    bob.git("config", "user.name", "Bob")
    bob.git("config", "user.email", "bob@example.org")
    assert bob.hotfix("approve", "4711").code == 0
    base, tip = clone.tip("v1.4.2"), clone.tip("hotfix/4711")
    tree = clone.git("rev-parse", f"{tip}^{{tree}}")
    assert clone.hotfix("finish", "--yes").code == 0
    ran, agreed, judged, finished = told(clone, "v1.4.3")
    assert ran == open_one
    assert (ran["subject"], ran["predicate"]["result"]) == (
        [{"digest": {"gitTree": tree}}, {"digest": {"gitCommit": tip}}], "PASSED",
    )  # fmt: skip
    assert agreed["predicate"] == {"targetRef": "refs/heads/main", "fromID": base, "targetID": tree}
    assert agreed["subject"] == [{"digest": {"gitTree": tree}}]
    released = [
        {"name": "v1.4.3", "digest": {"gitCommit": clone.tip("v1.4.3")}},
        {"name": "v1.4.3", "digest": {"gitTree": tree}},
    ]
    assert judged["subject"] == finished["subject"] == released
    assert judged["predicate"]["verifier"] == {"id": "pkg:pypi/git-hotfix", "policies": []}
    assert "GIT_HOTFIX_GATE_MAX_FILES" in judged["predicate"]["properties"]
    assert "GIT_HOTFIX_GATE_TESTS" not in judged["predicate"]["properties"]  # it warned
    assert finished["predicate"]["resourceUri"].endswith("remote.git@refs/tags/v1.4.3")
    assert finished["predicate"]["policy"]["digest"] == {"gitCommit": base}


def entry(kind: str, oid: str, **facts: str) -> Entry:
    return Entry(kind, kind, {"Tree": TREE, "Commit": COMMIT, **facts}, oid=Oid(oid))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "result"),
    [("passed", "PASSED"), ("failed", "FAILED"), ("timed-out", "FAILED"), ("interrupted", None), ("running", None),
     ("inconclusive", None), ("", None)],
)  # fmt: skip
def test_only_a_run_that_ended_has_a_result(state: str, result: str | None) -> None:
    book = Logbook(IssueId("7"), (entry("evidence", "a", Run="smoke", State=state, Started="2026-11-27T20:05:00Z"),))
    assert [each["predicate"]["result"] for each in statements(book, None)] == ([result] if result else [])


def test_a_run_on_what_no_commit_holds_speaks_of_its_tree_alone() -> None:
    book = Logbook(IssueId("7"), (entry("evidence", "a", Run="my smoke", State="passed", Uncounted="1 file"),))
    [only] = statements(book, None)
    assert only["subject"] == [{"digest": {"gitTree": TREE}}]
    assert only["predicate"]["configuration"] == [{"name": "my smoke", "uri": "git-config:hotfix.run.my%20smoke"}]


@pytest.mark.parametrize(
    ("url", "uri"),
    [
        ("https://ada:secret@git.example.org/app.git", "https://git.example.org/app.git"),
        ("git@git.example.org:team/app.git", "ssh://git.example.org/team/app.git"),
        ("/srv/git/app.git", "file:///srv/git/app.git"),
        ("/srv/my git/app.git", "file:///srv/my%20git/app.git"),
    ],
)
def test_where_a_release_stands_is_a_uri_without_who_logs_in(url: str, uri: str) -> None:
    assert uri_of(url) == uri
