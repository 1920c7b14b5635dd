"""The end of a command's output as the record keeps it, where everybody who gets the logbook reads it: without secrets,
and without what a terminal obeys."""

from __future__ import annotations

import re
from collections.abc import Mapping

from git_hotfix.git.run import decode, encode
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.redact import without_secrets
from git_hotfix.model.secret_forms import FORMS
from git_hotfix.report.streams import safe

KEPT = 64 * 1024
"""Bytes of the output's end that are kept at most."""
_HIDDEN = "***"
_SHORTEST = 6  # characters of a value of the environment that is looked for: shorter ones are words
_WORDS = r"(?:token|secret|passw(?:or)?d|passphrase|credential|(?:api|access|private|signing|encryption)[_-]?key)"
_SECRET_NAME = late_pattern(_WORDS, re.IGNORECASE)
# `password: x`, `"api_key": "x"`, `AWS_SECRET_ACCESS_KEY=x`; no comparison (`token == x`) and no `test_token.py::case`.
_ASSIGNED = late_pattern(
    rf"(?i)((?<![\w.-])[\w.-]{{0,100}}{_WORDS}[\w-]{{0,60}}[\"']?[ \t]{{0,4}}[=:](?![=:])[ \t]{{0,4}}[\"']?)"
    r"[^\s\"',;&]{1,4000}"
)
_BEARER = late_pattern(r"(?i)(\bbearer\s)[\w.~+/=-]{8,4000}")
_WEB_TOKEN = late_pattern(r"eyJ[\w-]{8,4000}\.[\w-]{4,8000}(?:\.[\w-]{0,4000})?")
_KEY = late_pattern(r"(?s)-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----.*?(?:-----END [^\n]{0,60}-----|\Z)")
_REST_OF_KEY = late_pattern(r"(?s)\A(?:(?!-----BEGIN ).)*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----")
# ECMA-48: control sequences (colours), and strings of the operating system, which set titles and links.
_ESCAPES = late_pattern(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]{0,4000}(?:\x07|\x1b\\)|[ -/]*[0-~])")


def read_end(tail: bytes, environment: Mapping[str, str], *, whole: bool) -> bytes:
    """What is kept of the end of an output; it begins with half a line where it is not the `whole` output, which is
    left out. `environment` is what the command saw."""
    text = decode(tail if whole else tail.partition(b"\n")[2])
    text = hide_secrets(_ESCAPES.sub("", text).replace("\r\n", "\n"), environment)  # a colour may stand within one
    return encode("\t".join(safe(each) for each in text.split("\t")))[-KEPT:]


def hide_secrets(text: str, environment: Mapping[str, str]) -> str:
    """`text` with `***` for keys and tokens of known forms, for what is assigned to a name that says so, and for what
    stands in `environment` under such a name, wherever it is."""
    values = {each for name, each in environment.items() if _SECRET_NAME.search(name) and len(each) >= _SHORTEST}
    for value in sorted(values, key=len, reverse=True):
        text = text.replace(value, _HIDDEN)
    text = _KEY.sub(_HIDDEN, _REST_OF_KEY.sub(_HIDDEN, text))
    for _, mark, pattern in FORMS:
        if mark in text and mark != "://":  # the rest of an address says which it was
            text = re.sub(pattern, _HIDDEN, text)
    text = _WEB_TOKEN.sub(_HIDDEN, _BEARER.sub(rf"\1{_HIDDEN}", without_secrets(text)))
    return _ASSIGNED.sub(rf"\1{_HIDDEN}", text)
