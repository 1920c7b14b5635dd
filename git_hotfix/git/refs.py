"""References: one look at all of them, and transactions that state the value they expect."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from git_hotfix.errors import Failure
from git_hotfix.git import history
from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Tag
from git_hotfix.model.names import (
    HEADS,
    LOG,
    REMOTE_LOG,
    REMOTE_TAGS,
    TAGS,
    BranchName,
    IssueId,
    Oid,
    RefName,
    TagName,
    decode_component,
    log_ref,
)
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.situation import Logs, Refs

_FIELDS = (
    "refname", "objectname", "objecttype", "*objectname", "*objecttype", "creatordate:unix", "worktreepath", "symref",
    "HEAD",
)  # fmt: skip


@frozen
class _Row:
    """One reference as for-each-ref prints it."""

    ref: str
    oid: Oid
    kind: str
    peeled: Oid
    peeled_kind: str
    date: int
    worktree: str
    symref: str
    head: bool


def read_refs(git: Git, remote: str | None, *, fetched: bool = False) -> Refs:
    """Every branch, tag and reference of ours, in one process. Without a remote the clone's own stand for it, and so
    do its tags while the remote's were never `fetched`."""
    tracking = f"refs/remotes/{remote}/" if remote else ""
    areas = [HEADS, TAGS, "refs/hotfix/"] + ([tracking] if remote else [])
    rows = _peeled(git, _rows(git, areas))
    local = {BranchName(row.ref[len(HEADS) :]): row.oid for row in rows if row.ref.startswith(HEADS)}
    local_tags = [_tag(row, TAGS) for row in rows if row.ref.startswith(TAGS)]
    logs: dict[IssueId, Logs] = {}
    for row in rows:
        for prefix in (LOG, REMOTE_LOG):
            if row.ref.startswith(prefix):
                issue = IssueId(decode_component(row.ref[len(prefix) :]))
                known = logs.get(issue, Logs())
                logs[issue] = Logs(row.oid, known.there) if prefix == LOG else Logs(known.here, row.oid)
    if remote:
        branches = {
            BranchName(row.ref[len(tracking) :]): row.oid
            for row in rows
            if row.ref.startswith(tracking) and not row.symref
        }
        seen = [_tag(row, REMOTE_TAGS) for row in rows if row.ref.startswith(REMOTE_TAGS)]
    else:
        branches, seen = local, local_tags
    guessed = bool(remote) and not seen and not fetched
    tags = local_tags if guessed else seen
    return Refs(
        branches=branches,
        tags={tag.name: tag for tag in tags if tag},
        local=local,
        local_tags={tag.name: tag for tag in local_tags if tag},
        head=next((BranchName(row.ref[len(HEADS) :]) for row in rows if row.head), None),
        worktrees={BranchName(row.ref[len(HEADS) :]): row.worktree for row in rows if row.worktree},
        logs=logs,
        own={RefName(row.ref): row.oid for row in rows if row.ref.startswith("refs/hotfix/")},
        tags_guessed=guessed,
    )


def _peeled(git: Git, rows: list[_Row]) -> list[_Row]:
    """`rows` with tags of tags followed to their commit; for-each-ref of git 2.39 peels one level only."""
    nested = [row.oid for row in rows if row.peeled_kind == "tag"]
    commits = history.peeled(git, nested)
    return [replace(row, peeled=commits[row.oid], peeled_kind="commit") if row.oid in commits else row for row in rows]


def read_logs(git: Git, issue: IssueId) -> Logs:
    """Both ends of one logbook now, where all references would be too many to look at."""
    names = (log_ref(issue), log_ref(issue, remote=True))
    found = {row.ref: row.oid for row in _rows(git, names)}
    return Logs(found.get(names[0]), found.get(names[1]))


def _rows(git: Git, areas: Sequence[str]) -> list[_Row]:
    layout = "%00".join(f"%({name})" for name in _FIELDS) + "%00"
    pieces = git.run("for-each-ref", f"--format={layout}", *areas).out.split(b"\0")
    rows = []
    for start in range(0, len(pieces) - len(_FIELDS), len(_FIELDS)):
        ref, oid, kind, peeled, peeled_kind, date, tree, symref, head = map(
            decode, pieces[start : start + len(_FIELDS)]
        )
        seconds = int(date) if date.isdigit() else 0
        current = head == "*"
        rows.append(_Row(ref.lstrip("\n"), Oid(oid), kind, Oid(peeled), peeled_kind, seconds, tree, symref, current))
    return rows


def _tag(row: _Row, prefix: str) -> Tag | None:
    """The tag in a row, or None when it names no commit (a tag of a blob or a tree is nobody's release)."""
    name = TagName(row.ref[len(prefix) :])
    if row.kind == "commit":
        return Tag(name, row.oid, row.oid, row.date, annotated=False)
    if row.peeled_kind == "commit":
        return Tag(name, row.oid, row.peeled, row.date, annotated=True)
    return None


class Locked(Failure):
    """One lock holds all references (of a reftable) or all deletions (of packed ones); to try others is to wait."""


def update(git: Git, updates: Sequence[RefUpdate], *, reason: str, reflog: bool = True) -> None:
    """All of `updates` or none, each only from the value it expects (None: must not exist; new None: delete).

    `reflog` is for references that somebody may look back on. Raises `Failure` (exit 3) with git's words when one
    reference is not where it was expected or is locked.
    """
    if not updates:
        return
    lines = [b"start\0"]
    for item in updates:
        ref, old, new = encode(item.ref), encode(item.old or ""), encode(item.new or "")
        if item.new is None:
            lines.append(b"delete " + ref + b"\0" + old + b"\0")
        elif item.old is None:
            lines.append(b"create " + ref + b"\0" + new + b"\0")
        else:
            lines.append(b"update " + ref + b"\0" + new + b"\0" + old + b"\0")
    lines += [b"prepare\0", b"commit\0"]
    log = ["--create-reflog"] if reflog else []
    answer = git.run(
        "update-ref", "--no-deref", *log, "-m", reason, "--stdin", "-z", stdin=b"".join(lines), check=False
    )
    # An end of input after `prepare` exits with 0 and aborts: only the words count.
    if b"commit: ok" not in answer.out and re.search(r"cannot lock references|packed-refs\.(lock|new)'", answer.err):
        hint = "run the same command again; where that never helps: git hotfix doctor"
        raise Locked("another git is writing references here, or was killed at it", hint=hint)
    if b"commit: ok" not in answer.out:
        what = "could not be written" if answer.system_says_no else "moved meanwhile"
        raise Failure(f"the references {what}: {answer.last_words}", hint="run the same command again")


def try_update(git: Git, updates: Sequence[RefUpdate], *, reason: str) -> Mapping[RefName, str]:
    """As many of `updates` as stand where they are expected; the others are answered with the reason.

    All in one transaction when nothing moved; in halves only then, so that a reference that somebody holds never
    stops the rest, and one among a thousand costs ten transactions.
    """
    try:
        update(git, updates, reason=reason)
    except Locked as failure:
        return {item.ref: failure.message for item in updates}
    except Failure as failure:
        if len(updates) == 1:
            return {updates[0].ref: failure.message}
        half = len(updates) // 2
        first = try_update(git, updates[:half], reason=reason)
        return {**first, **try_update(git, updates[half:], reason=reason)}
    return {}


def behind(git: Git, branches: Sequence[BranchName]) -> set[BranchName]:
    """Those local `branches` that their upstream can be fast-forwarded onto, in one process."""
    if not branches:
        return set()
    layout = "--format=%(refname)%00%(upstream:trackshort)"
    out = git.run("for-each-ref", layout, *(f"{HEADS}{branch}" for branch in branches)).out
    rows = (decode(line).partition("\0") for line in out.splitlines())
    return {BranchName(ref[len(HEADS) :]) for ref, _, track in rows if track == "<"}


def pin(git: Git, area: str, oids: Mapping[str, Oid], known: Mapping[RefName, Oid]) -> tuple[RefName, ...]:
    """Keep objects alive below `area` (`refs/hotfix/run/<issue>/`), over what an interrupted run left there."""
    updates = [RefUpdate(RefName(area + name), known.get(RefName(area + name)), oid) for name, oid in oids.items()]
    update(git, [item for item in updates if item.old != item.new], reason="git hotfix: pin")
    return tuple(item.ref for item in updates)


def drop(git: Git, area: str) -> None:
    """Delete every reference below `area`."""
    rows = _rows(git, [area])
    try_update(git, [RefUpdate(RefName(row.ref), row.oid, None) for row in rows], reason="git hotfix: done")


def made_on(git: Git, branch: BranchName) -> set[Oid]:
    """The commits that this clone's reflog saw being committed on `branch`, not merged or reset to."""
    answer = git.run("log", "--walk-reflogs", "--format=%H %gs", f"{HEADS}{branch}", "--", check=False)
    rows = (decode(line).partition(" ") for line in answer.out.splitlines())
    return {Oid(oid) for oid, _, action in rows if action.startswith(("commit", "cherry-pick", "revert"))}
