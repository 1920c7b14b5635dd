"""message: every commit says what it mends, because the next reader has only that."""

from __future__ import annotations

import re

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import Commit
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.names import IssueId
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_SHOWN = 10  # commits with a finding each; the rest is counted
_WIDTH = 60  # characters of a subject that a finding shows
_LENGTH = 10_000  # characters of a message that are read
# A ticket of any tracker: #7, GH-7, PROJ-7, CVE-2024-7, a link to an issue. UTF-8 and SHA-256 are none.
_REFERENCE = (
    r"(?<![\w&])#\d+\b|\b(?:CVE-\d{4}-\d+|GHSA-\w{4}-\w{4}-\w{4})\b|/(?:issues?|pull|merge_requests|browse)/[\w-]*\d"
    r"|\b(?!(?:UTF|SHA|ISO|MD|RFC|PEP|HTTP|TLS|AES|BASE|LATIN|CP|WINDOWS|ES|PY|PHP)-)[A-Z][A-Z0-9]{1,9}-\d+\b"
)
_PREFIX = r"(?:(?:fixup|squash|amend)! )*(?:(\w{1,20})(?:\(([^)]{0,50})\))?!?: )?"
# These mend by their meaning: with any object they say what ("fix checkout").
_MENDS = frozenset(
    "fix fixes fixed fixing hotfix bugfix correct corrects corrected repair repairs repaired handle handles restore "
    "restores revert reverts reverted avoid avoids prevent prevents resolve resolves resolved".split()
)
# These say nothing, alone or with each other.
_EMPTY = _MENDS | frozenset(
    "a an the this that it its my our of for in on at to and or with from by into some small minor more few another "
    "other again also just quick little tiny big final last first new old real really now try trying attempt temp tmp "
    "wip todo oops ups argh ok stuff thing things change changes changed changing update updates updated updating edit "
    "edits edited tweak tweaks adjust adjustments improve improvements cleanup clean up bug bugs issue issues problem "
    "fixup squash problems error errors patch patches commit save checkpoint code file files work working hot "
    "review comments feedback address pr mr merge emergency urgent critical production prod".split()
)
_RELEASE = r"(?i)\b(?:change-?log|release|version|bump\w*|v?\d+\.\d+[\w.]*)\b"
_TRAILER = r"[A-Z][\w-]*: \S|\(cherry picked from commit "


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Look for commits whose message names neither the issue nor what it fixes; merges are left alone.

    A message passes with the issue or any other ticket in it; with a subject of two words that mean something, or of
    one after a verb that mends ("fix checkout"); with a body of five; as a release's ("Bump version to 1.4.3").
    """
    commits = [commit for commit in facts.commits if len(commit.parents) < 2]
    vague = [commit for commit in commits if not _says_what_it_fixes(commit, facts.hotfix.issue)]
    measured = f"{len(vague)} of {counted(len(commits), 'commit')}"
    tip = facts.hotfix.tip
    found = [
        Finding(
            f"{commit.oid[:10]} names neither {facts.hotfix.issue} nor what it fixes: {commit.subject[:_WIDTH]!r}",
            hint=(
                "say it: git commit --amend"
                if commit.oid == tip
                else f"say it: git rebase -i {commit.oid[:10]}^, and reword"
            ),
        )
        for commit in vague[:_SHOWN]
    ]
    if len(vague) > _SHOWN:
        found.append(Finding(f"and {counted(len(vague) - _SHOWN, 'commit')} more"))
    return Judgement(measured, "0 commits", tuple(found))


def _says_what_it_fixes(commit: Commit, issue: IssueId) -> bool:
    message = f"{commit.subject}\n{commit.body}"[:_LENGTH]
    if re.search(_REFERENCE, message) or _names_issue(message, issue):
        return True
    subject = commit.subject[:_LENGTH]
    if _subject_names_issue(subject, issue):
        return True
    match = re.match(_PREFIX, subject)
    kind, scope = match.groups() if match else (None, None)
    rest = subject[match.end() :] if match else subject
    words = [*(scope or "").split(), *rest.split()]
    meaning = _count_meaning(words)
    mends = (kind or "").lower() in _MENDS or any(_plain_word(word) in _MENDS for word in words)
    if meaning > 1 or (meaning and mends) or re.search(_RELEASE, rest):
        return True
    lines = [line for line in commit.body[:_LENGTH].split("\n") if not re.match(_TRAILER, line)]
    return _count_meaning(" ".join(lines).split()) > 4


def _names_issue(message: str, issue: IssueId) -> bool:
    """True when the message holds the issue, or the ticket at its head (PROJ-12 of PROJ-12-checkout), as a word."""
    # In a body, or at the head of an issue, a shorter number is any number; as #7 it is a reference.
    ticket = re.match(r"[A-Za-z]+-\d+|\d{3,}", issue)
    names = {issue, ticket.group() if ticket else issue}
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", message, re.IGNORECASE) for name in names if len(name) > 2)


def _subject_names_issue(subject: str, issue: IssueId) -> bool:
    """True when a subject holds the issue itself as a word, however short it is: `Fix 77`."""
    return re.search(rf"(?<!\w){re.escape(issue)}(?!\w)", subject, re.IGNORECASE) is not None


def _count_meaning(words: list[str]) -> int:
    """How many words mean something. Scripts without spaces count two signs as a word."""
    count = 0
    for word in words:
        plain = _plain_word(word)
        signs = 0 if plain.isascii() else sum(map(_is_sign, plain))
        if signs:
            count += (signs + 1) // 2
        elif plain and plain not in _EMPTY and not plain.isdigit():
            count += 1
    return count


def _is_sign(letter: str) -> bool:
    """True for kana, Han and Hangul."""
    return "\u3040" <= letter <= "\u30ff" or "\u3400" <= letter <= "\u9fff" or "\uac00" <= letter <= "\ud7af"


def _plain_word(word: str) -> str:
    return re.sub(r"^\W+|\W+$", "", word).lower()


GATE = Gate("message", "commits that say what they fix", check, NoOptions, severity="warn", order=72)
