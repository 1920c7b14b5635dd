"""What no terminal, log or pull request may show: user and password of a URL, and a token in its query."""

from __future__ import annotations

import re

# Whoever reads a URL takes the last @ before its path for the end of user and password (RFC 3986, 3.2; so does curl).
_USER = re.compile(r"(?<=://)[^/\s]*@")
_QUERY = re.compile(
    r"([?&;#](?:[\w.-]*(?:token|secret|passw|pwd|key|auth|sig|credential)[\w.-]*)=)[^&;#\s'\"<>]+", re.IGNORECASE
)
_HEADER = re.compile(r"(authorization: *(?:\w+ )?)\S+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """`text` without user and password in every URL, and with `***` for what a query's key, token or signature is, and
    for what a header authorizes with."""
    if "://" in text:
        text = _QUERY.sub(r"\1***", _USER.sub("", text))
    return _HEADER.sub(r"\1***", text) if "uthorization:" in text else text
