"""References: one look at all of them, and transactions that state the value they expect."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from git_hotfix.errors import Failure
from git_hotfix.git import listing, tags
from git_hotfix.git.run import Git, GitResult, decode, encode
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
    decode_component,
    log_ref,
)
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.model.snapshot import Logs, Refs

_OURS = "refs/hotfix/"
# What few references have: that they are symbolic, or checked out (`HEAD` is "*" for the branch that HEAD names).
_SPECIAL = "%(if)%(symref)%(worktreepath)%(HEAD)%(then)%(refname)%00%(symref)%00%(worktreepath)%00%(HEAD)%00%(end)"


class _Special(NamedTuple):
    ref: str
    symref: str
    worktree: str
    head: str


def read_refs(
    git: Git,
    remote: str | None,
    *,
    fetched: bool = False,
    listed: str | None = None,
    finished: bool = False,
    objects: Git | None = None,
) -> Refs:
    """Every branch, tag and reference of ours, in a few processes. Without a remote the clone's own stand for it, and
    so do its tags while the remote's were never `fetched`. `listed` is what `listing.list_here` answers, where it was
    asked already. `finished` says that somebody is going to ask for the tags that `finish` made. Tags are read by
    `objects`, a git that sees the same objects, where there is one."""
    tracking = f"refs/remotes/{remote}/"
    asked = git.begin(*_special_words([HEADS, *([tracking] if remote else [])]))
    text = listing.list_here(git) if listed is None else listed
    shelf = tags.TagReader(objects or git)
    tagged, copies = listing.lines_below(text, TAGS), listing.lines_below(text, REMOTE_TAGS)
    local_tags = tags.tags_of(shelf, tagged, TAGS)
    guessed = bool(remote) and not copies and not fetched
    same = not remote or guessed or listing.move_lines(tagged, TAGS, REMOTE_TAGS) == copies
    seen = local_tags if same else tags.tags_of(shelf, copies, REMOTE_TAGS)
    if finished:
        seen.look_for_finish_tags()
    ours = listing.lines_outside(listing.lines_below(text, _OURS), REMOTE_TAGS)
    special = _parse_special(asked.answer())
    links = [row.ref for row in special if row.symref]
    local = _branches(text, HEADS, links)
    heads = [row for row in special if row.ref.startswith(HEADS)]
    return Refs(
        branches=_branches(text, tracking, links) if remote else local,
        tags=seen,
        local=local,
        local_tags=local_tags,
        head=next((BranchName(row.ref[len(HEADS) :]) for row in heads if row.head == "*"), None),
        worktrees={BranchName(row.ref[len(HEADS) :]): row.worktree for row in heads if row.worktree},
        logs=logs(*(listing.ids_below(listing.lines_below(ours, area), area) for area in (LOG, REMOTE_LOG))),
        own=listing.ids_below(ours, ""),
        tags_guessed=guessed,
    )


def tracked_branches(git: Git, remote: str, prefixes: Sequence[str]) -> set[BranchName]:
    """The branches of the remote whose names begin with one of `prefixes`, as this clone knows them; a fetch forgets
    those that are gone there."""
    area = f"refs/remotes/{remote}/"
    folders = [area + prefix.rpartition("/")[0] for prefix in prefixes]
    found = (BranchName(ref[len(area) :]) for ref in _rows(git, folders))
    return {name for name in found if name.startswith(tuple(prefixes))}


def _special_words(areas: Sequence[str]) -> tuple[str, ...]:
    return "for-each-ref", f"--format={_SPECIAL}", *areas


def _parse_special(answer: GitResult) -> list[_Special]:
    pieces = decode(answer.out).split("\0")
    rows = zip(*(pieces[start::4] for start in range(4)), strict=False)
    return [_Special(ref.lstrip("\n"), *rest) for ref, *rest in rows]  # an empty line for each that is not special


def symbolic(git: Git, names: Sequence[str]) -> set[str]:
    """Those of `names` that name another reference."""
    return {row.ref for row in _parse_special(git.run(*_special_words(names))) if row.symref}


def _branches(text: str, area: str, links: Sequence[str]) -> dict[BranchName, Oid]:
    found: dict[BranchName, Oid] = listing.ids_below(listing.lines_below(text, area), area)
    for ref in links:
        if ref.startswith(area):
            found.pop(BranchName(ref[len(area) :]), None)
    return found


def logs(here: Mapping[str, Oid], there: Mapping[str, Oid]) -> dict[IssueId, Logs]:
    """The logbooks of both sides, by issue."""
    ours, theirs = ({IssueId(decode_component(name)): oid for name, oid in side.items()} for side in (here, there))
    return {issue: Logs(ours.get(issue), theirs.get(issue)) for issue in {**ours, **theirs}}


def read_logs(git: Git, issue: IssueId) -> Logs:
    """Both ends of one logbook now, where all references would be too many to look at."""
    names = (log_ref(issue), log_ref(issue, remote=True))
    found = _rows(git, names)
    return Logs(found.get(names[0]), found.get(names[1]))


def _rows(git: Git, areas: Sequence[str]) -> dict[RefName, Oid]:
    lines = git.run("for-each-ref", "--format=%(objectname) %(refname)", *areas).out
    return listing.ids_below(decode(lines), "")


class RefsLocked(Failure):
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
        hint = "run the same command again; if that does not help: git hotfix doctor"
        raise RefsLocked("another git process is writing references here, or was killed while writing", hint=hint)
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
    except RefsLocked as failure:
        return {item.ref: failure.message for item in updates}
    except Failure as failure:
        if len(updates) == 1:
            return {updates[0].ref: failure.message}
        half = len(updates) // 2
        first = try_update(git, updates[:half], reason=reason)
        return {**first, **try_update(git, updates[half:], reason=reason)}
    return {}


def branches_behind(git: Git, branches: Sequence[BranchName]) -> set[BranchName]:
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
    try_update(git, [RefUpdate(ref, oid, None) for ref, oid in rows.items()], reason="git hotfix: done")


def commits_made_on(git: Git, branch: BranchName) -> set[Oid]:
    """The commits that this clone's reflog saw being committed on `branch`, not merged or reset to."""
    answer = git.run("log", "--walk-reflogs", "--format=%H %gs", f"{HEADS}{branch}", "--", check=False)
    rows = (decode(line).partition(" ") for line in answer.out.splitlines())
    return {Oid(oid) for oid, _, action in rows if action.startswith(("commit", "cherry-pick", "revert"))}


def default_branch(git: Git, remote: str | None) -> BranchName | None:
    """The default branch of `remote` as the clone recorded it; None where nobody did."""
    head = f"refs/remotes/{remote}/"
    said = git.run("symbolic-ref", "--quiet", f"{head}HEAD", check=False).text if remote else ""
    return BranchName(said[len(head) :]) if said.startswith(head) else None
