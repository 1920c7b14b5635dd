"""What a verification is about: the tag as it stands here, the logbook, and the policy that held when it was made."""

from __future__ import annotations

import difflib
import hashlib
import re
import shlex
from collections.abc import Sequence

from git_hotfix import __version__
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.gates.registry import gate_schema
from git_hotfix.git import blobs, history
from git_hotfix.git.history import FullCommit
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.logbook import Entry, Logbook
from git_hotfix.model.names import HEADS, LOG, BranchName, IssueId, Oid, TagName
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.policy.documents import read_documents
from git_hotfix.policy.parse import read_policy
from git_hotfix.record.chain import ANCHORED_TAG, LOG_END, LOG_ENTRIES, Chain, read_chain
from git_hotfix.record.logbook import parse_entry
from git_hotfix.snapshot import Clone
from git_hotfix.verification.anchors import Anchor, held_anchors

_ANCHOR = late_pattern(rf"^{LOG_END}: ([0-9a-f ]+)$", re.MULTILINE)
_ANCHORED = late_pattern(rf"^{ANCHORED_TAG}: (.+)$", re.MULTILINE)
_PRINTS = late_pattern(rf"^{LOG_ENTRIES}: ([0-9a-f ]+(?:\n [0-9a-f ]+)*)$", re.MULTILINE)
_ALIKE = 0.7  # of difflib's ratio, as for commands


@frozen
class ReleasedTag:
    """A tag as it stands here: what it says, its object's content (empty for a name of a commit), whether that is what
    its id says, and the object that this clone's own tag of that name is, where that is another one."""

    tag: Tag
    content: bytes
    intact: bool
    other: Oid | None = None

    def all_of(self, key: str) -> tuple[str, ...]:
        """Every value of one finish trailer."""
        return tuple(value for name, value in self.tag.trailers if name == key)

    def said(self, key: str) -> str:
        """The value of a finish trailer, "" where it says none."""
        return self.tag.trailer(key) or ""


@frozen
class JudgedBy:
    """The policy that judged a hotfix: the snapshot as of it, and how that is known: said by the tag or the finish
    (True), or found by where production stood."""

    snapshot: Snapshot
    commit: Oid
    said: bool


@frozen
class Subject:
    """What is verified. `chain` is the whole logbook, `then` what the tag's anchor holds of it (all before its finish,
    where that cannot be told), `book` what it says of this hotfix until it was started again. `hotfix` is as the tag
    names it, with the logbook of `then`; `has_tip` says whether the fix's own commits are here, which are `own`."""

    clone: Clone
    released: ReleasedTag
    chain: Chain
    anchors: tuple[Anchor, ...]
    hotfix: Hotfix
    has_tip: bool
    own: tuple[FullCommit, ...]
    book: Logbook
    judged_by: JudgedBy
    finish: Entry | None = None
    unreadable: str = ""
    trees: dict[Oid, Oid] = field(default_factory=dict)

    @property
    def tag(self) -> Tag:
        """The tag."""
        return self.released.tag

    @property
    def named_policy(self) -> str:
        """The commit whose policy judged, as the tag or the finish names it; "" where neither does."""
        return named_policy(self.released, self.finish)

    @property
    def tagged_tree(self) -> Oid:
        """The tree that was released."""
        return self.trees[self.tag.commit]


def find_subject(clone: Clone, given: str) -> Subject:
    """All that is verified of the tag, or of the finished issue, that is `given`.

    Raises `Failure`: exit 2 for a tag that is not here or is no hotfix's, 3 where its logbook or commits are not here.
    """
    tag = _find_tag(clone, given)
    released = _read_tag(clone, tag)
    issue = IssueId(released.said("Hotfix-Issue")) or _issue_that_took(clone, tag)
    chain, unreadable = _read_logbook(clone, issue)
    tip = Oid(released.said("Hotfix-Tip")) or tag.commit
    base = Oid(released.said("Hotfix-Base")) or _base_in(chain, tag)
    trees = history.trees(clone.git, [oid for oid in (tag.commit, tip, base) if oid])
    _refuse_hidden(clone, tag, base, trees)
    has_tip = tip in trees
    whole = chain.book
    finish = next((each for each in reversed(whole.entries) if _finishes(each, tag)), None)
    anchors = _find_anchors(clone, released)
    then = _chain_then(chain, anchors, finish)
    own = history.commits(clone.git, tip if has_tip else tag.commit, [base]) if base in trees else []
    hotfix = Hotfix(
        issue=issue,
        branch=clone.snapshot.hotfix_branch(issue),
        production=BranchName(released.said("Hotfix-Production").removeprefix(HEADS)) or _line_of(clone, finish),
        base_tag=TagName(released.said("Hotfix-Base-Tag")) or None,
        base=base or None,
        tip=tip,
        tip_tree=trees[tip if has_tip else tag.commit],
        base_tree=trees.get(base),
        title=released.said("Hotfix-Title"),
        logbook=then.book,
    )
    judged_by = _find_policy(clone, released, hotfix, finish)
    book = _until_started_again(whole, finish)
    return Subject(
        clone, released, chain, anchors, hotfix, has_tip, tuple(own), book, judged_by, finish, unreadable, trees
    )


def fetch_command(clone: Clone) -> str:
    """What brings every logbook of the remote into any clone."""
    name = clone.snapshot.remote.name if clone.snapshot.remote else "origin"
    return f"git fetch {shlex.quote(name)} '{LOG}*:{LOG}*'"


def _find_tag(clone: Clone, given: str) -> Tag:
    snapshot = clone.snapshot
    name = TagName(given.removeprefix("refs/tags/"))
    known = snapshot.refs.tags.get(name) or snapshot.refs.local_tags.get(name)
    if known:
        return known
    issue = snapshot.prefixes.issue_named(given)
    made = snapshot.refs.tags.finish_tags(issue) if issue else []
    if made:
        return made[0]
    every = [each.name for each in snapshot.refs.tags.all_finish_tags()]
    near = difflib.get_close_matches(name, every, n=3, cutoff=_ALIKE)
    fetch = f"git fetch {shlex.quote(snapshot.remote.name)} --tags" if snapshot.remote else "git tag --list"
    hint = "\n".join([*(command_line("verify", each) for each in near), *([] if near else [fetch])])
    raise Failure(f"there is no tag {name} here, and no hotfix of that name was finished", hint=hint,
                  code=ExitCode.USAGE)  # fmt: skip


def _read_tag(clone: Clone, tag: Tag) -> ReleasedTag:
    content = (blobs.read(clone.git, [tag.oid])[0] or b"") if tag.annotated else b""
    made = hashlib.sha1 if len(tag.oid) == 40 else hashlib.sha256
    name = made(b"tag %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    here = clone.snapshot.refs.local_tags.ids.get(tag.name)
    return ReleasedTag(tag, content, name == tag.oid or not tag.annotated, here if here != tag.oid else None)


def _issue_that_took(clone: Clone, tag: Tag) -> IssueId:
    """The hotfix whose logbook says that it was finished as a tag that somebody made by hand. Raises `Failure` (exit 2)
    where none says so."""
    logs = clone.snapshot.refs.logs
    ends = [end for each in logs.values() for end in (each.there, each.here) if end]
    found = history.commits_saying(clone.git, ends, [], f"Tag: {tag.name}") if ends else []
    for commit in found:
        entry = parse_entry(commit)
        if _finishes(entry, tag) and entry.facts.get("Issue", "") in logs:
            return IssueId(entry.facts["Issue"])
    raise Failure(
        f"{tag.name} is no hotfix's tag: it has no trailer Hotfix-Issue, and no logbook here names it",
        hint=f"where the logbooks are not here: {fetch_command(clone)}\nwhat is: git hotfix list",
        code=ExitCode.USAGE,
    )


def _finishes(entry: Entry, tag: Tag) -> bool:
    return entry.kind == "finish" and entry.facts.get("Tag") == tag.name


def _read_logbook(clone: Clone, issue: IssueId) -> tuple[Chain, str]:
    """The logbook of both sides, and why git cannot read it, "" where it can. Raises `Failure` (exit 3) where none is
    here."""
    logs = clone.snapshot.refs.logs_of(issue)
    ends = [*dict.fromkeys(end for end in (logs.there, logs.here) if end)]
    if not ends:
        raise Failure(
            f"the logbook of hotfix {issue} is not in this clone",
            hint=fetch_command(clone),
            unchanged="nothing was verified",
        )
    try:
        return read_chain(clone.git, issue, ends), ""
    except Failure as failure:
        return Chain(issue), f"git cannot read it: {failure.message}"


def _base_in(chain: Chain, tag: Tag) -> Oid:
    said = [entry.facts["Base"] for entry in chain.book.entries if _finishes(entry, tag) and "Base" in entry.facts]
    return Oid(said[-1]) if said else Oid("")


def _line_of(clone: Clone, finish: Entry | None) -> BranchName:
    return BranchName(finish.facts.get("Production", "") if finish else "") or clone.snapshot.production


def _refuse_hidden(clone: Clone, tag: Tag, base: Oid, here: dict[Oid, Oid]) -> None:
    """Raises `Failure` (exit 3) where a shallow or partial clone hides what was released, or what it stands on."""
    snapshot = clone.snapshot
    hidden = tag.commit not in here or (base and base not in here)
    if snapshot.hidden and not hidden and base:
        hidden = not snapshot.hidden.isdisjoint(history.reachable(clone.git, [tag.commit], [base]))
    if hidden:
        from_base = f"what lies between {base[:10]} and {tag.name}" if base else f"the commit of {tag.name}"
        name = snapshot.remote.name if snapshot.remote else ""
        how = "this clone is shallow, and hides" if snapshot.hidden else "this clone lacks"
        fetch = (
            f"git fetch --unshallow {shlex.quote(name)}" if snapshot.hidden else f"git fetch --tags {shlex.quote(name)}"
        )
        raise Failure(f"{how} {from_base}", hint=fetch.strip(), unchanged="nothing was verified")


def _find_anchors(clone: Clone, released: ReleasedTag) -> tuple[Anchor, ...]:
    """The tag, and the commits of its post-mortem on develop and production, oldest first."""
    tag, snapshot = released.tag, clone.snapshot
    found = []
    if released.said(LOG_END):
        found.append(_anchor(tag.name, released.said(LOG_END), released.said(LOG_ENTRIES)))
    names = dict.fromkeys(name for name in (snapshot.develop, snapshot.production) if name)
    tips = [snapshot.refs.branches[name] for name in names if name in snapshot.refs.branches]
    for commit in history.commits_saying(clone.git, tips, [tag.commit], f"{LOG_END}: "):
        ends, of = _ANCHOR.search(commit.message), _ANCHORED.search(commit.message)
        if ends and of and of[1].strip() == tag.name:
            prints = _PRINTS.search(commit.message)
            found.append(_anchor(f"the post-mortem ({commit.oid[:10]})", ends[1], prints[1] if prints else ""))
    return tuple(found)


def _anchor(name: str, ends: str, prints: str) -> Anchor:
    return Anchor(name, tuple(Oid(end) for end in ends.split()), tuple(prints.split()))


def _chain_then(chain: Chain, anchors: Sequence[Anchor], finish: Entry | None) -> Chain:
    """What was recorded when the tag was made: what the first anchor holds, else all that its finish stands on."""
    first = held_anchors(chain, anchors[:1])
    if first:
        return chain.up_to(first[0].ends)
    if finish is None or finish.oid is None:
        return chain
    return chain.up_to(chain.parents[finish.oid])


def _until_started_again(book: Logbook, finish: Entry | None) -> Logbook:
    """`book` as it speaks of this finish: what came after the issue was started again is of another one."""
    if finish is None or finish not in book.entries:
        return book
    at = book.entries.index(finish)
    later = [n for n, entry in enumerate(book.entries) if entry.kind == "start" and n > at]
    return replace(book, entries=book.entries[: later[0]]) if later else book


def named_policy(released: ReleasedTag, finish: Entry | None) -> str:
    """The commit whose policy judged, as the tag says, which binds it, else the finish; "" where neither does."""
    return released.said("Hotfix-Policy") or (finish.facts.get("Policy", "") if finish else "")


def _find_policy(clone: Clone, released: ReleasedTag, hotfix: Hotfix, finish: Entry | None) -> JudgedBy:
    """The policy that judged: of the commit that the tag or the finish names; where none does or it is not here, of
    where production stood before the fix, as far as that can be told."""
    named = Oid(named_policy(released, finish))
    said = bool(named and history.existing_commits(clone.git, [named]))
    commit = named if said else _production_before(clone, released.tag, hotfix)
    policy, problems, file = read_policy(read_documents(clone.git, commit), gates=gate_schema(), version=__version__)
    snapshot = clone.snapshot
    branches = {**snapshot.refs.branches, snapshot.production: commit, hotfix.production: commit}
    then = replace(
        snapshot,
        policy=policy,
        policy_commit=commit,
        policy_file=file,
        problems=problems,
        refs=replace(snapshot.refs, branches=branches),
    )
    return JudgedBy(then, commit, said)


def _production_before(clone: Clone, tag: Tag, hotfix: Hotfix) -> Oid:
    [commit] = history.read_commits(clone.git, [tag.commit])
    if hotfix.tip in commit.parents[1:]:
        return commit.parents[0]
    return hotfix.base or tag.commit
