"""What keys, tokens and passwords look like that issuers give out."""

from __future__ import annotations

# What the value is, a text without which it is not there (finding that is 100 times as fast as the pattern), and its
# pattern, which begins with that text and repeats nothing without a bound. The forms are those that the issuers
# publish. No JSON web tokens: those that stand in a repository have expired, or are an example.
FORMS = (
    ("private key", "-----BEGIN ", r"-----BEGIN (?:[A-Z0-9]{2,9} ){0,2}PRIVATE KEY(?: BLOCK)?-----"),
    ("PuTTY private key", "PuTTY-User-Key-File-", r"PuTTY-User-Key-File-[23]:"),
    ("AWS access key", "AKIA", r"AKIA[A-Z2-7]{16}(?![A-Za-z0-9])"),
    ("AWS access key", "ASIA", r"ASIA[A-Z2-7]{16}(?![A-Za-z0-9])"),
    *(("GitHub token", f"gh{x}_", rf"gh{x}_[A-Za-z0-9]{{36}}(?![A-Za-z0-9_])") for x in "pousr"),
    ("GitHub token", "github_pat_", r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    *(("GitLab token", f"gl{x}-", rf"gl{x}-[A-Za-z0-9_-]{{20}}") for x in ("pat", "dt", "rt", "ptt", "soat")),
    ("Slack token", "xox", r"xox[abeprs]-[0-9]{6,15}-[A-Za-z0-9-]{20,200}"),
    ("Slack webhook", "hooks.slack.com/services/T",
     r"hooks\.slack\.com/services/T[A-Z0-9]{7,12}/B[A-Z0-9]{7,12}/[A-Za-z0-9]{20,30}"),
    ("Stripe live key", "_live_", r"_live_[A-Za-z0-9]{24,120}(?![A-Za-z0-9_])"),
    ("npm token", "npm_", r"npm_[A-Za-z0-9]{36}(?![A-Za-z0-9_])"),
    ("PyPI token", "pypi-Ag", r"pypi-Ag(?:EIcHlwaS5vcmc|ENdGVzdC5weXBpLm9yZw)[A-Za-z0-9_-]{50}"),
    ("Google API key", "AIza", r"AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    ("Azure storage key", "AccountKey=", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    ("URL with a password", "://", r"://([^\s/?#:@'\"<>]{1,100}):([^\s/?#@'\"<>]{1,200})@(\[?[A-Za-z0-9.:-]{1,100})"),
)  # fmt: skip
"""Kind, a text without which it is not there, and its pattern."""
