"""SARIF 2.1.0: held to what the standard asks of every property that we write, and to no property beside those.

The published schema is OASIS's; it is not copied here. Where a copy is at hand the documents are held to it, too:
SARIF_SCHEMA=…/sarif-schema-2.1.0.json pytest tests/unit/report/test_formats_sarif.py
"""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote_to_bytes, urljoin, urlsplit

import jsonschema
import pytest
from verdicts import BASE, DEPENDENCIES, GATES, LINES, RULES, failing, report

from git_hotfix.errors import ExitCode
from git_hotfix.model.verdict import Finding
from git_hotfix.report import formats
from git_hotfix.report.findings import fingerprints

PUBLISHED = os.environ.get("SARIF_SCHEMA")  # read before the tests are sealed


def closed(required: str = "", **properties: Any) -> dict[str, Any]:
    """An object with these properties and no others."""
    return {
        "type": "object", "properties": properties, "required": required.split(), "additionalProperties": False,
    }  # fmt: skip


def each(item: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": item, **more}


TEXT = {"type": "string", "minLength": 1}
MESSAGE = closed("text", text=TEXT)
LEVEL = {"enum": ["error", "warning", "note"]}  # "none" is for results that are not a failure (3.27.10)
RULE = closed(
    "id shortDescription help defaultConfiguration",
    id=TEXT, shortDescription=MESSAGE, help=MESSAGE,
    defaultConfiguration=closed("enabled level", enabled={"type": "boolean"}, level=LEVEL),
)  # fmt: skip
# A relative reference (RFC 3986, 4.2) whose every other byte is escaped; no scheme, no host, no query.
ARTIFACT = closed(
    "uri uriBaseId",
    uri={"type": "string", "pattern": r"^(?:[A-Za-z0-9._~-]|%[0-9A-F]{2})(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*$"},
    uriBaseId={"const": "%SRCROOT%"},
)
PLACE = closed(
    "artifactLocation region",
    artifactLocation=ARTIFACT,
    region=closed("startLine", startLine={"type": "integer", "minimum": 1}),
)
SUPPRESSION = closed(
    "kind status justification", kind={"const": "external"}, status={"const": "accepted"}, justification=TEXT
)
RESULT = closed(
    "ruleId level message locations partialFingerprints suppressions",
    ruleId=TEXT, ruleIndex={"type": "integer", "minimum": 0}, level=LEVEL, message=MESSAGE,
    locations=each(closed("physicalLocation", physicalLocation=PLACE), minItems=1, maxItems=1),
    partialFingerprints={"type": "object", "minProperties": 1, "additionalProperties": {"type": "string"}},
    suppressions=each(SUPPRESSION, maxItems=1),
)  # fmt: skip
DRIVER = closed("name rules", name=TEXT, version=TEXT, rules=each(RULE, uniqueItems=True))
INVOCATION = closed(
    "executionSuccessful exitCode", executionSuccessful={"type": "boolean"}, exitCode={"type": "integer"}
)
BASES = {"type": "object", "additionalProperties": closed("description", description=MESSAGE)}
RUN = closed(
    "tool invocations results",
    tool=closed("driver", driver=DRIVER), originalUriBaseIds=BASES,
    invocations=each(INVOCATION, minItems=1, maxItems=1), results=each(RESULT),
)  # fmt: skip
DOCUMENT = closed(
    "$schema version runs",
    **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": each(RUN, minItems=1, maxItems=1)},
)


def rendered(given: formats.Report) -> dict[str, Any]:
    """The one run of a valid document."""
    document = json.loads(formats.render("sarif", given))
    jsonschema.Draft7Validator(DOCUMENT).validate(document)
    if PUBLISHED:
        schema = json.loads(Path(PUBLISHED).read_text("utf-8"))
        jsonschema.validators.validator_for(schema)(schema).validate(document)
    [run] = document["runs"]
    assert isinstance(run, dict)
    return run


def test_a_verdict_with_everything() -> None:
    run = rendered(report(*GATES))
    driver = run["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("git-hotfix", "1.2.3")
    assert driver["rules"][1] == {
        "id": "max-files",
        "shortDescription": {"text": "about max-files"},
        "help": {"text": "limits and severity: [gates.max-files] in .git-hotfix.toml on the production branch"},
        "defaultConfiguration": {"enabled": True, "level": "error"},
    }
    assert [rule["id"] for rule in driver["rules"]] == [rule.id for rule in RULES]
    assert run["invocations"] == [{"executionSuccessful": True, "exitCode": 1}]
    results = run["results"]
    assert [(result["ruleId"], result["level"]) for result in results] == [
        ("new-dependency", "error"), ("new-dependency", "error"), ("new-dependency", "warning"),
        ("type-hints", "error"), ("max-files", "warning"), *[("max-files", "note")] * 6, ("max-lines", "error"),
    ]  # fmt: skip
    assert all(driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] for result in results)
    assert results[1] == {
        "ruleId": "new-dependency",
        "ruleIndex": 3,
        "level": "error",
        "message": {"text": f"new dependency requests\n→ {DEPENDENCIES.findings[1].hint}"},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": "src/%C3%A4%20b%3Ac/requirements.txt", "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": 1},
                }
            }
        ],
        "partialFingerprints": {"gitHotfix/v1": fingerprints([(DEPENDENCIES, DEPENDENCIES.findings[1])])[0]},
        "suppressions": [],
    }


def test_what_is_waived_is_suppressed() -> None:
    [result] = rendered(report(LINES))["results"]
    assert result["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "three copies of one bug (4711-W1, Ada)"}
    ]


def test_what_stands_nowhere_stands_at_the_policy() -> None:
    given = report(failing(Finding("no tag"), Finding("a key", "src/app.py", 0)))
    for file, place in (("pyproject.toml", "pyproject.toml"), (None, ".git-hotfix.toml")):
        run = rendered(replace(given, verdict=replace(given.verdict, policy_file=file)))
        places = [result["locations"][0]["physicalLocation"] for result in run["results"]]
        assert [(each["artifactLocation"]["uri"], each["region"]["startLine"]) for each in places] == [
            (place, 1), ("src/app.py", 1),
        ]  # fmt: skip


@pytest.mark.parametrize(
    "raw",
    [
        b"a b/%41/c#d?e", b"https://evil.example/x", b"//host/share", b"/etc/passwd", b"\xff\xfe/n\xc3\xa4me", b"-x",
        b"a:b", "日本/語.py".encode(), b"new\nline\x1b", b"C:\\x", b"a+b;c=d&e@f",
    ],
)  # fmt: skip
def test_a_path_is_a_reference_below_the_root_and_comes_back(raw: bytes) -> None:
    path = raw.decode("utf-8", "surrogateescape")
    [result] = rendered(report(failing(Finding("x", path, 1))))["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert unquote_to_bytes(uri) == raw
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert urljoin("file:///top/of/it/", uri).startswith("file:///top/of/it/")


def test_the_tool_answered_or_it_did_not() -> None:
    assert rendered(report(BASE))["invocations"] == [{"executionSuccessful": True, "exitCode": 0}]
    failed = replace(report(BASE), code=ExitCode.FAILED)
    assert rendered(failed)["invocations"] == [{"executionSuccessful": False, "exitCode": 3}]


def test_a_gate_that_no_rule_describes() -> None:
    [result] = rendered(report(failing(Finding("a key"))))["results"]
    assert (result["ruleId"], "ruleIndex" in result) == ("secret", False)
    assert "version" not in rendered(replace(report(BASE), version=""))["tool"]["driver"]


def test_the_subset_lets_no_mistake_pass() -> None:
    document = json.loads(formats.render("sarif", report(*GATES)))
    document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]["line"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(DOCUMENT).validate(document)
