"""secret: a hotfix publishes no key, token or password."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from git_hotfix.gates.registry import Gate, NoOptions
from git_hotfix.model.change import FileChange, Hunk
from git_hotfix.model.hotfix import Facts
from git_hotfix.model.lines import readable
from git_hotfix.model.secret_forms import FORMS
from git_hotfix.model.verdict import Finding, Judgement
from git_hotfix.model.words import counted

_PLACES = 1000  # places of one kind in a file that are looked at; a list of so many is not a slip of the hand
_NEAR = 400  # characters around an id or below a heading in which its secret stands
_RUN = r"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40}"
_MADE_UP = (
    "example", "xxxx", "dummy", "fake", "placeholder", "redacted", "changeme", "sample", "123456", "abcdef", "......",
)  # fmt: skip
_TYPED = ("1234", "abcd", "qwer", "asdf")  # keys beside each other
_NO_PASSWORD = (
    "pass", "pw", "secret", "token", "key", "admin", "root", "user", "guest", "test", "foo", "bar", "postgres", "mysql",
    "your", "my", "some", "the", "s3cr3t", "p4ss", "p@ss", "hunter2",
)  # fmt: skip
_NO_HOST = r"(?:.*\.)?(?:localhost|local|localdomain|test|invalid|example|(?:example|domain)\.[a-z]+)"
_HINT = (
    "revoke it: what was pushed is known; then remove it from the commits, because a later commit does not hide it\n"
    "if it is not real: git hotfix waive secret --reason …"
)
_END = "\r\n"
_DEVELOPMENT = "Eby8vdM02xNOcqFlqUwJ"  # the storage emulator's account, the same everywhere (Azurite's manual)


def check(facts: Facts, options: NoOptions) -> Judgement:
    """Look for secrets on the added lines of all files, tests and documents too, and in every commit: a push publishes
    what a later commit removes. No value is ever shown."""
    files, unread = readable(facts.changes.files, facts.content)
    found: list[Finding] = []
    many: list[Finding] = []
    seen: set[str] = set()
    for file, hunks in files:
        live, skipped = _find_secrets(hunks)
        seen |= {value for values in live.values() for value in values}
        found += [
            _finding(kind, file, {n for lines in values.values() for n in lines}) for kind, values in live.items()
        ]
        message = f"only the first {_PLACES:,} places that may be a {{}} were looked at"
        many += [Finding(message.format(kind), file.path) for kind in skipped if kind not in live]
    removed, lost = _find_removed_later(facts, seen)
    found += removed
    unread = (*unread, *lost)
    return Judgement(counted(len(found), "secret"), "0 secrets", tuple(found), (*unread, *many))


def _find_removed_later(facts: Facts, seen: Collection[str]) -> tuple[list[Finding], list[Finding]]:
    """The secrets that a commit brought and a later one took away, each told once; and the versions of files that could
    not be read. What stood in a file before the commit was published before."""
    if len(facts.commits) < 2:
        return [], []
    kept = {file.new_oid for file in facts.changes.files} | {file.old_oid for file in facts.changes.files}
    versions = [each for each in facts.content.versions([commit.oid for commit in facts.commits])
                if each.oid not in kept]  # fmt: skip
    texts = facts.content.blobs(oid for version in versions for oid in (version.oid, *version.before))
    found, unread, known = [], [], set(seen)
    for version in versions:
        blob = texts[version.oid]
        if blob is None:
            message = f"not read as commit {version.commit[:10]} has it: it is missing or too large"
            unread.append(Finding(message, version.path))
            continue
        before = b"\0".join(texts[oid] or b"" for oid in version.before)
        lines = tuple(enumerate(blob.decode("utf-8", "surrogateescape").splitlines(keepends=True), 1))
        live, _ = _find_secrets([Hunk(0, 1, lines, ((1, before.decode("utf-8", "surrogateescape")),))])
        for kind, values in live.items():
            if values.keys() - known:
                found.append(
                    Finding(f"{kind} in commit {version.commit[:10]}, removed later", version.path, hint=_HINT)
                )
            known |= values.keys()
    return found, unread


def _find_secrets(hunks: Sequence[Hunk]) -> tuple[dict[str, dict[str, list[int]]], list[str]]:
    """Kind → the live ones that were added, each with its lines; the kinds of which not all places were looked at."""
    lines = [(number, text) for hunk in hunks for number, text in hunk.added]
    written = "".join(f"{text.rstrip(_END)}\n" for _, text in lines)
    live: dict[str, dict[str, list[int]]] = {}
    skipped: list[str] = []
    # Two bytes a letter (UTF-16) read as the rest does without their NULs; one NUL alone ends a word. Both are tried:
    # neither may hide a value.
    for text in dict.fromkeys((written.replace("\0", ""), written.replace("\0", " "))):
        for kind, mark, pattern in FORMS:
            for count, match in enumerate(re.finditer(pattern, text) if mark in text else ()):
                if count == _PLACES:
                    skipped.append(kind)
                    break
                if _is_live(kind, match, text) and not _was_there(match.group(), hunks):
                    number = lines[text.count("\n", 0, match.start())][0]
                    # A heading is the same for every key: what follows it tells them apart.
                    value = text[match.start() : match.end() + (_NEAR if kind.endswith("private key") else 0)]
                    places = live.setdefault(kind, {}).setdefault(value, [])
                    places += [number] if number not in places else []
    return live, list(dict.fromkeys(skipped))


def _was_there(value: str, hunks: Sequence[Hunk]) -> bool:
    """A line that is moved or mended publishes nothing new."""
    return any(value in text for hunk in hunks for _, text in hunk.removed)


def _finding(kind: str, file: FileChange, places: Collection[int]) -> Finding:
    more = f", {len(places)} of them, the first here" if len(places) > 1 else ""
    return Finding(f"{kind}{more}", file.path, min(places), _HINT)


def _is_live(kind: str, match: re.Match[str], text: str) -> bool:
    value, start, end = match.group(), match.start(), match.end()
    if kind == "URL with a password":
        return _is_password(*match.groups())
    if kind.endswith("private key"):
        # A heading alone is a constant in a program that reads keys.
        return any(map(_is_random, re.findall(_RUN, text[end : end + _NEAR])))
    if kind == "Stripe live key":
        # Their prefixes differ in the letters before; `pk_live_` is public by design.
        return text[max(start - 2, 0) : start] in ("sk", "rk") and not _is_made_up(value[6:])
    before = text[max(start - 1, 0) : start]
    if before.isalnum() or before == "_" or _is_made_up(value) or _DEVELOPMENT in value:
        return False
    if kind == "AWS access key":
        # The id alone opens nothing: beside it stands what does.
        around = text[max(start - _NEAR, 0) : end + _NEAR]
        return any(map(_is_random, re.findall(rf"{_RUN}(?![A-Za-z0-9+/])", around)))
    return True


def _is_random(run: str) -> bool:
    """True for 40 characters of base64 as keys have them: no path, no hexadecimal id, nothing that was made up."""
    return all(re.search(kind, run) for kind in ("[0-9]", "[A-Z]", "[g-z]")) and not _is_made_up(run)


def _is_made_up(value: str) -> bool:
    """True for what documentation and tests are written with. Of 20 random characters more than 7 differ."""
    low = value.lower()
    return len(set(value[-20:])) < 8 or any(word in low for word in _MADE_UP)


def _is_password(user: str, password: str, host: str) -> bool:
    """True where user, password and host of a URL look like real ones; a password without a letter and a digit is a
    word that stands for one."""
    low = re.sub("%[0-9a-f]{2}", "%", password.lower())
    if len(low) < 8 or len(set(low)) < 5 or low == user.lower() or any(word in low for word in _MADE_UP + _TYPED):
        return False
    if not re.search("[a-z]", low) or not re.search("[0-9]", low) or low.startswith(_NO_PASSWORD):
        return False
    if re.search(r"[${}*()\[\]\\]|%(?![0-9A-Fa-f]{2})", password):
        return False  # a variable or a format
    name = re.sub(r":[0-9]*$", "", host.lower())
    # A name without a dot is known in one network only.
    return "." in name and not name.startswith(("127.", "0.0.0.0")) and not re.fullmatch(_NO_HOST, name)


GATE = Gate("secret", "no secret", check, NoOptions, order=71)
