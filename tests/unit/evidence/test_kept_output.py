"""What is kept of an output is read by everybody: no secret of it, and nothing that a terminal obeys."""

from __future__ import annotations

import pytest

from git_hotfix.evidence.kept_output import KEPT, read_end

HOME = {"HOME": "/home/ada", "PWD": "/home/ada/work", "MY_TOKEN": "s3cr3t-value", "SHORT_SECRET": "abc"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("12 passed in 3.1 s\t0 failed\n", "12 passed in 3.1 s\t0 failed\n"),
        ("at /home/ada/work, abc\n", "at /home/ada/work, abc\n"),
        ("sent s3cr3t-value twice: s3cr3t-value\n", "sent *** twice: ***\n"),
        ("s3cr3t\x1b[1m-value\x1b[0m \x1b]0;title\x07\x1b]8;;http://e/\x1b\\link\n", "*** link\n"),
        ("a\x07b\x1bc \x9b \u202e\r\nnext\n", "a\\x07b \\x9b \\u202e\nnext\n"),
        ("AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG\n", "AWS_SECRET_ACCESS_KEY=***\n"),
        ('{"password": "hunter2", "user": "ada"}\n', '{"password": "***", "user": "ada"}\n'),
        ("test_token.py::test_one PASSED, assert token == 3\n", "test_token.py::test_one PASSED, assert token == 3\n"),
        ("> Bearer abcdefgh12345\nthe bearer of news\n", "> Bearer ***\nthe bearer of news\n"),
        ("jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dozjgNryP4J3\n", "jwt ***\n"),
        (f"ghp_{'a1B2' * 9} AKIA{'A2B3' * 4}\n", "*** ***\n"),
        ("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\nAAAA\n-----END RSA PRIVATE KEY-----\nb\n", "a\n***\nb\n"),
        ("MIIE\nAAAA\n-----END PRIVATE KEY-----\nb\n", "***\nb\n"),
        ("-----BEGIN PRIVATE KEY-----\nMIIE\nAAAA\n", "***"),
        ("https://ada:pw@example.org/x\n", "https://example.org/x\n"),
    ],
)
def test_secrets_and_escapes_are_not_kept(said: str, kept: str) -> None:
    assert read_end(said.encode(), HOME, whole=True).decode() == kept


def test_the_half_line_is_left_out_and_what_is_no_text_is_shown() -> None:
    assert read_end(b"half\nwhole\n", {}, whole=False) == b"whole\n"
    assert read_end(b"\xff\x00", {}, whole=True) == b"\\xff\\x00"
    assert len(read_end(b"\0" * KEPT, {}, whole=True)) == KEPT
