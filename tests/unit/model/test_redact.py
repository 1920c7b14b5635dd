"""No password, token or signature of a URL is shown, however it is written."""

from __future__ import annotations

import io
import json

import pytest

from git_hotfix.errors import ExitCode
from git_hotfix.model.redact import without_secrets
from git_hotfix.report import as_json
from git_hotfix.report.streams import Streams


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ada:p@s3cr3t@git.example.org/x@y.git", "https://git.example.org/x@y.git"),
        ("fatal: 'https://tok3n@h.org/' and ssh://git@h.org/x", "fatal: 'https://h.org/' and ssh://h.org/x"),
        ("https://h.org/x?private_token=abc&page=2", "https://h.org/x?private_token=***&page=2"),
        ("GET https://h.org/x?a=1&X-Amz-Signature=00ff#access_token=q done",
         "GET https://h.org/x?a=1&X-Amz-Signature=***#access_token=*** done"),
        ("https://h.org/compare/a...b?expand=1", "https://h.org/compare/a...b?expand=1"),
        ("> Authorization: Basic YWRhOng=", "> Authorization: Basic ***"),
        ("authorization: tok3n", "authorization: ***"),
        ("mail ada@example.org, key=value", "mail ada@example.org, key=value"),
        # nobody encoded the password: a slash, a blank, a quote
        ("unable to access 'https://ada:p/s3cr3t@h.org:1/x/': no", "unable to access 'https://h.org:1/x/': no"),
        ("https://ada:p s3cr3t'@h.org/x", "https://h.org/x"),
        ("ada:s3cr3t@h.org:x.git", "h.org:x.git"),
        ("https://h.org:8080/npm/@scope/x https://[::1]:8/a@b", "https://h.org:8080/npm/@scope/x https://[::1]:8/a@b"),
        ("git@h.org:x.git, at 12:30 by ada@h.org", "git@h.org:x.git, at 12:30 by ada@h.org"),
    ],
)  # fmt: skip
def test_secrets_go_and_the_rest_stays(text: str, shown: str) -> None:
    assert without_secrets(text) == shown


def test_every_way_out_is_redacted() -> None:
    url = "https://ada:p@s3cr3t@h.org/x"
    streams = Streams(io.StringIO(), io.StringIO(), io.StringIO())
    streams.out(url)
    streams.say(url)
    said = streams.stdout.getvalue() + streams.stderr.getvalue()  # type: ignore[attr-defined]
    document = json.loads(as_json.document("x", ExitCode.DONE, {"notes": [url], "path": url, "more": ({"url": url},)}))
    assert said == "https://h.org/x\n" * 2
    assert (document["notes"], document["path"], document["more"]) == (
        ["https://h.org/x"], url, [{"url": "https://h.org/x"}],
    )  # fmt: skip
