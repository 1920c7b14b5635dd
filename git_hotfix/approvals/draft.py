"""An approval before it is recorded: what it would cover, whether it would count, and its signature."""

from __future__ import annotations

from collections.abc import Sequence

from git_hotfix.approvals import judge, read
from git_hotfix.approvals.judge import KnownPeople
from git_hotfix.errors import NOT_RECORDED, ExitCode, Failure
from git_hotfix.git import people, signatures
from git_hotfix.git.commits import Draft
from git_hotfix.model.approvals import Approval, Signature, Waiver, mail_of
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import Oid
from git_hotfix.model.signers import lines_for
from git_hotfix.record.logbook import Sign
from git_hotfix.snapshot import Clone

_NEW = Oid("new")  # stands for the id of an entry that is not written yet


@frozen
class ApprovalDraft:
    """An approval that `who` (`Name <mail>`) is about to give to `hotfix`; `known` is what git knows, of them too."""

    clone: Clone
    hotfix: Hotfix
    who: str
    known: KnownPeople

    @property
    def waivers(self) -> tuple[Waiver, ...]:
        """The waivers of this code, also those that lack an approval; what was withdrawn is none."""
        found, _ = judge.judge_approvals(
            self.hotfix.logbook, self.hotfix.tip_tree, self.known, self.clone.snapshot.policy
        )
        tree = self.hotfix.tip_tree
        return tuple(waiver for waiver in found if waiver.tree == tree and not waiver.withdrawn)

    def is_own(self, waiver: Waiver) -> bool:
        """True for a waiver of the one who approves: nobody agrees with themselves."""
        mine = self.known.people[_NEW]
        theirs = self.known.people.get(waiver.oid, ("", "")) if waiver.oid else ("", "")
        return bool(set(mine) & set(theirs))

    def entry(self, covers: Sequence[Waiver], role: str) -> Entry:
        """The entry that approves this code with the waivers `covers`, as `role` ("" for none)."""
        book, hotfix = self.hotfix.logbook, self.hotfix
        facts = {
            "Approval": f"{hotfix.issue}-A{read.next_number(book, 'approval')}",
            "Issue": hotfix.issue,
            "Role": role,
            "Waivers": " ".join(waiver.oid for waiver in covers if waiver.oid),
            "Commit": hotfix.tip,
            "Tree": hotfix.tip_tree,
        }
        filled = {key: value for key, value in facts.items() if value}
        return Entry("approval", f"approve hotfix {hotfix.issue}", filled, self.who, self.clone.snapshot.now, _NEW)

    def judge_with(self, entry: Entry | None) -> tuple[tuple[Waiver, ...], tuple[Approval, ...]]:
        """Waivers and approvals as they are with `entry` in the logbook."""
        book = self.hotfix.logbook
        if entry:
            book = replace(book, entries=(*book.entries, entry))
        known = replace(self.known, signatures={**self.known.signatures, _NEW: Signature()})
        return judge.judge_approvals(book, self.hotfix.tip_tree, known, self.clone.snapshot.policy)

    def equal_approval(self, entry: Entry) -> Approval | None:
        """The approval that says already what `entry` would: by the same person, as the same (where `entry` says as
        what), of no fewer waivers."""
        covers, role = set(judge.covered_waivers(entry)), entry.facts.get("Role", "")
        _, approvals = self.judge_with(None)
        for old, each in zip(self.hotfix.logbook.of_kind("approval"), approvals, strict=True):
            same = self.known.person(old)[1] == self.known.people[_NEW][1] and role in ("", each.role)
            if same and each.counted and covers <= set(judge.covered_waivers(old)):
                return each
        return None

    def objection(self, entry: Entry) -> str:
        """Why `entry` would not count, "" where it would; what only its signature can tell is not known yet."""
        _, approvals = self.judge_with(entry)
        policy = self.clone.snapshot.policy.approvals
        if approvals[-1].why or not policy.signed:
            return approvals[-1].why
        content = read.read_signers(self.clone.git, self.clone.snapshot)
        if content is None:
            return f"the policy asks for signatures, and there is no {policy.signers} on production"
        mail = read.address(self.who)
        if lines_for(content, mail) is None:
            return f"the policy asks for signatures, and {policy.signers} on production lists no key of {mail}"
        return ""

    def sign(self) -> Sign | None:
        """What writes the entry with a signature that was checked; None where the policy asks for none."""
        if not self.clone.snapshot.policy.approvals.signed:
            return None

        def write(draft: Draft) -> Oid:
            commit = signatures.write(self.clone.repository, draft)
            found = read.check_signatures(self.clone.git, self.clone.snapshot, {commit: self.who})[commit]
            if found.problem:
                raise Failure(
                    f"your approval would not count: {found.problem}",
                    hint="sign with another key: git config --global user.signingKey <file>\n"
                    "or have yours listed there, on the production branch",
                    code=ExitCode.USAGE,
                    unchanged=NOT_RECORDED,
                )
            return commit

        return write


def draft_approval(clone: Clone, hotfix: Hotfix) -> ApprovalDraft:
    """The draft of an approval by whoever git's configuration says.

    Raises `Failure` (exit 3) where git knows no name or mail.
    """
    git, snapshot = clone.git, clone.snapshot
    who = read.writer(clone.repository.identity)
    own = read.own_commits(git, hotfix)
    known = read.read_people(git, snapshot, hotfix, own, ask=True)
    mapped = people.mapped_address(git, who, snapshot.refs.branches[snapshot.production])
    known = replace(known, people={**known.people, _NEW: (mail_of(who), mapped)})
    return ApprovalDraft(clone, hotfix, who, known)
