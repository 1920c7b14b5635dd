"""What no terminal, log or pull request may show: user and password of a URL, and a token in its query."""

from __future__ import annotations

import re

from git_hotfix.model.late_pattern import late_pattern

# Whoever reads a URL takes the last @ before its path for the end of user and password (RFC 3986, 3.2; so does curl).
_USER = late_pattern(r"(?<=://)[^/\s]*@")
# A slash or a blank in a password that nobody encoded: what stands before the first slash is no host then, for its port
# is no number. So the last @ ends the password, wherever it is. The same in the short form of ssh, which has none.
_ODD_USER = late_pattern(r"(?<=://)(?!\[)[^/\s@?#'\"]*:(?!\d*(?:[/\s?#'\"]|$))(?:(?!://)[^\n])*@")
_SHORT_USER = late_pattern(r"(?<![\w/])[\w.-]+:[^\s/@:'\"]+@(?=[\w.-]+:)")
_QUERY = late_pattern(
    r"([?&;#](?:[\w.-]*(?:token|secret|passw|pwd|key|auth|sig|credential)[\w.-]*)=)[^&;#\s'\"<>]+", re.IGNORECASE
)
_HEADER = late_pattern(r"(authorization: *(?:\w+ )?)\S+", re.IGNORECASE)


def without_secrets(text: str) -> str:
    """`text` without user and password in every URL, and with `***` for what a query's key, token or signature is, and
    for what a header authorizes with."""
    if "://" in text:
        text = _QUERY.sub(r"\1***", _ODD_USER.sub("", _USER.sub("", text)))
    if "@" in text:
        text = _SHORT_USER.sub("", text)
    return _HEADER.sub(r"\1***", text) if "uthorization:" in text else text
