"""Where a finding stands, as formats for machines write it: paths as text or URI, and a place for what has none."""

from __future__ import annotations

from git_hotfix.model.verdict import Finding, Verdict
from git_hotfix.report.streams import safe_line

_POLICY = ".git-hotfix.toml"


def place_of(verdict: Verdict, finding: Finding) -> tuple[str, int]:
    """Path and 1-based line. What is about the hotfix as a whole stands at the policy, which made it a finding: code
    scanning and code quality take nothing that stands nowhere."""
    if finding.path is None:
        return verdict.policy_file or _POLICY, 1
    return finding.path, finding.line if finding.line and finding.line > 0 else 1


def printable_path(path: str) -> str:
    """A path as git knows it where that is text; bytes that are not UTF-8 as visible escapes."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return safe_line(path)
    return path


def uri(path: str) -> str:
    """A path as a relative URI reference (RFC 3986): every byte but letters, digits, `-._~` and `/` is escaped, so a
    colon makes no scheme, and a slash at the start no host."""
    from urllib.parse import quote  # only formats for machines pay for it

    made = quote(path_bytes(path))
    return "%2F" + made[1:] if made.startswith("/") else made


def path_bytes(path: str) -> bytes:
    """The bytes of a path as git has them; a surrogate that stands for no byte (no path of git's has one) as it is."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return path.encode("utf-8", "surrogatepass")
