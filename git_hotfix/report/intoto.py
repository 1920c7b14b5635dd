"""What a logbook tells as in-toto Statements (v1), unsigned: evidence, approvals, the verdict and the finish.

The predicates are those that others read: Test Result v0.1 and Simple Verification Result v0.2 of in-toto, Reference
Authorization v0.2 of gittuf, and the Verification Summary v1 of SLSA. A statement says only what an entry says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any
from urllib.parse import quote

from git_hotfix.model.frozen import frozen
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import Oid, RefName, TagName, tag_ref
from git_hotfix.model.recorded_evidence import Evidence, read_evidence
from git_hotfix.model.redact import without_secrets
from git_hotfix.model.words import one_line

STATEMENT = "https://in-toto.io/Statement/v1"
TEST_RESULT = "https://in-toto.io/attestation/test-result/v0.1"
VERIFICATION_RESULT = "https://in-toto.io/attestation/svr/v0.2"
AUTHORIZATION = "https://gittuf.dev/reference-authorization/v0.2"
SUMMARY = "https://slsa.dev/verification_summary/v1"
VERIFIER = {"id": "pkg:pypi/git-hotfix"}
_LEVEL = "SLSA_BUILD_LEVEL_UNEVALUATED"  # SLSA 1.0, SlsaResult: nobody looked at how anything was built
_ENDED = {"passed": "PASSED", "shown": "PASSED", "failed": "FAILED", "timed-out": "FAILED", "not-shown": "FAILED"}
"""How a run ended → the result that it is; what was interrupted, or could not be told, is none."""


@frozen
class PolicyFile:
    """The policy that judged: the commit, its file there and the id of that; "" where the defaults held."""

    commit: Oid
    file: str = ""
    blob: str = ""


@frozen
class Release:
    """What is known of a finished hotfix beside its logbook: the tag, its commit and its tree, the branch that it went
    to, the remote's URL, the policy that judged (its commit is where production stood before), the tree that merging
    the fix there gives (None: no clean merge), and the approvals that counted."""

    tag: TagName
    commit: Oid
    tree: Oid
    line: RefName
    url: str
    policy: PolicyFile | None = None
    merged: Oid | None = None
    counted: frozenset[Oid] = frozenset()


def statements(book: Logbook, release: Release | None) -> Iterator[dict[str, Any]]:
    """The statements of a hotfix, oldest entry first. Without a `release` nobody knows what an approval was for."""
    runs = {each.entry.oid: each for each in read_evidence(book)}
    for entry in book.current:
        if entry.oid in runs:
            yield from _test_result(runs[entry.oid])
        elif entry.kind == "approval" and release:
            yield from _authorization(entry, release)
        elif entry.kind == "finish" and release and entry.facts.get("Tag") == release.tag:
            yield from _verification_result(entry, release)
            yield _summary(entry, release)


def _statement(subject: list[dict[str, Any]], kind: str, predicate: Mapping[str, Any]) -> dict[str, Any]:
    return {"_type": STATEMENT, "subject": subject, "predicateType": kind, "predicate": dict(predicate)}


def _test_result(run: Evidence) -> Iterator[dict[str, Any]]:
    """A run on code that stands in a commit: of a tree and of the commit that holds it, else of the tree alone."""
    result = _ENDED.get(run.state)
    if result is None or run.tree is None:
        return
    name, commit = one_line(run.name), run.entry.facts.get("Commit")
    setting = f"hotfix.{'monitor' if run.monitor else 'run'}.{quote(run.name)}"
    subject: list[dict[str, Any]] = [{"digest": {"gitTree": run.tree}}]
    if commit and not run.uncounted:
        subject.append({"digest": {"gitCommit": commit}})
    passed = result == "PASSED"
    predicate = {
        "result": result,
        "configuration": [{"name": name, "uri": f"git-config:{setting}"}],
        "passedTests": [name] if passed else [],
        "warnedTests": [],
        "failedTests": [] if passed else [name],
    }
    yield _statement(subject, TEST_RESULT, predicate)


def _authorization(entry: Entry, release: Release) -> Iterator[dict[str, Any]]:
    """An approval of the code that was released: of what merging it into production gives."""
    if release.policy is None or release.merged is None or entry.oid not in release.counted:
        return
    predicate = {"targetRef": release.line, "fromID": release.policy.commit, "targetID": release.merged}
    yield _statement([{"digest": {"gitTree": release.merged}}], AUTHORIZATION, predicate)


def _verification_result(entry: Entry, release: Release) -> Iterator[dict[str, Any]]:
    """The gates that found nothing; those that were waived, or only warned, are not named."""
    passed = entry.facts.get("Passed", "").split()
    if not passed or release.policy is None:
        return
    file, blob = release.policy.file, release.policy.blob
    policies = [{"name": file, "digest": {"gitBlob": blob}}] if blob else []
    properties = [f"GIT_HOTFIX_GATE_{gate.upper().replace('-', '_')}" for gate in passed]
    predicate = {
        "verifier": {**VERIFIER, "policies": policies},
        "timeCreated": _time(entry.when),
        "properties": properties,
    }
    yield _statement(_released(release), VERIFICATION_RESULT, predicate)


def _summary(entry: Entry, release: Release) -> dict[str, Any]:
    """That the hotfix was released: it had passed every gate that its policy has, or a waiver let it."""
    place = f"git+{release.url}"
    predicate: dict[str, Any] = {
        "verifier": VERIFIER,
        "timeVerified": _time(entry.when),
        "resourceUri": f"{place}@{tag_ref(release.tag)}",
        "policy": {},
        "verificationResult": "PASSED",
        "verifiedLevels": [_LEVEL],
    }
    if release.policy:
        file, blob = release.policy.file, release.policy.blob
        predicate["policy"] = {
            "uri": f"{place}@{release.policy.commit}" + (f"#{file}" if file else ""),
            "digest": {"gitBlob": blob} if blob else {"gitCommit": release.policy.commit},
        }
    return _statement(_released(release), SUMMARY, predicate)


def _released(release: Release) -> list[dict[str, Any]]:
    return [
        {"name": release.tag, "digest": {"gitCommit": release.commit}},
        {"name": release.tag, "digest": {"gitTree": release.tree}},
    ]


def _time(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def uri_of(url: str) -> str:
    """The URL of a remote as a URI, without who logs in: `git@host:path` and an absolute path on a disk are none as git
    takes them."""
    if "://" in url:
        return without_secrets(url)
    host, colon, path = url.partition(":")
    if colon and "/" not in host:
        return f"ssh://{host.rpartition('@')[2]}/{path.lstrip('/')}"
    return f"file://{quote(url)}"
