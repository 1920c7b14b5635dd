"""What a push brings (hotfix branches, hotfix commits on production, production tags) and what it would take away."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence

from git_hotfix.git import history
from git_hotfix.git.run import Git
from git_hotfix.hotfix.facts import facts_of
from git_hotfix.hotfix.find import at_tip, from_logbook
from git_hotfix.hotfix.release_lines import RELEASES
from git_hotfix.model import patterns, versions
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Facts, Landing
from git_hotfix.model.logbook import trailers_of
from git_hotfix.model.names import (
    ABANDONED,
    HEADS,
    LOG,
    TAGS,
    BranchName,
    IssueId,
    Oid,
    RefName,
    TagName,
    branch_ref,
    decode_component,
    encode_component,
    is_null,
    short,
)
from git_hotfix.model.snapshot import Remote, Snapshot
from git_hotfix.model.verdict import Finding
from git_hotfix.record import logbook

_MOST_GONE = 50  # logbooks without branch and tag that are read for the tip of their hotfix, a few processes each


@frozen
class Line:
    """One line of git's pre-push input: `new` is None for a deletion, `old` None for a new reference."""

    new: Oid | None
    ref: RefName
    old: Oid | None


@frozen
class Refusal:
    """A rule of the push that no gate of a hotfix covers: which gate speaks, and what it found."""

    gate: str
    finding: Finding


def parse(text: str) -> list[Line]:
    """git's lines `<local ref> <local oid> <remote ref> <remote oid>`, read from the right: a local ref may hold
    blanks. Raises `ValueError` for a line that is none."""
    lines = []
    for row in text.split("\n"):
        if not row.strip():
            continue
        _, new, ref, old = row.rsplit(" ", 3)
        lines.append(Line(None if is_null(new) else Oid(new), RefName(ref), None if is_null(old) else Oid(old)))
    return lines


@frozen
class Push:
    """A push and what was known before it; nothing is fetched and nothing written."""

    git: Git
    snapshot: Snapshot
    lines: tuple[Line, ...]

    def _new_tips(self, prefix: str) -> dict[RefName, Oid]:
        return {line.ref: line.new for line in self.lines if line.new and line.ref.startswith(prefix)}

    def hotfixes(self) -> list[Facts]:
        """The hotfix branches of this push, each with the facts for all gates."""
        return [self._facts(issue, tip, branch=branch) for branch, issue, tip in self._pushed_hotfixes()]

    def _pushed_hotfixes(self) -> list[tuple[BranchName, IssueId, Oid]]:
        """Every hotfix branch of this push: two prefixes can bring two branches for one issue."""
        branches = {BranchName(ref[len(HEADS) :]): tip for ref, tip in self._new_tips(HEADS).items()}
        return [(name, issue, tip) for name, tip in branches.items() if (issue := self.snapshot.issue_of(name))]

    def _facts(
        self, issue: IssueId, tip: Oid, landing: Landing | None = None, *, branch: BranchName | None = None
    ) -> Facts:
        subject = at_tip(self.git, self.snapshot, issue, tip, branch=branch)
        facts = facts_of(self.git, self.snapshot, subject, at_production=landing is not None, landing=landing)
        coming = self._new_tips(TAGS)  # not seen on the remote, because this very push brings them
        return replace(facts, unseen_tags=tuple(tag for tag in facts.unseen_tags if RefName(TAGS + tag) not in coming))

    def landings(self) -> list[tuple[Facts, bool]]:
        """The hotfixes that this push brings to their production, with whether they arrive directly: one that comes
        along with a release was merged to develop or a release branch before, and only owes its tag."""
        return [each for line in self.lines if line.new for each in self._landings(line, line.new)]

    def _landings(self, line: Line, new: Oid) -> list[tuple[Facts, bool]]:
        branch = BranchName(line.ref[len(HEADS) :]) if line.ref.startswith(HEADS) else None
        support = patterns.names(self.snapshot.policy.support)
        if (
            branch is None
            or self.snapshot.issue_of(branch)
            or not (branch == self.snapshot.production or support(branch))
        ):
            return []
        known = self.snapshot.refs.branches.get(branch)
        lack = self._existing([oid for oid in (line.old, known) if oid])
        brought = history.commits(self.git, new, lack)
        ids = {commit.oid for commit in brought}
        spine = set(history.first_parents(self.git, [new], lack))
        direct = spine | {parent for commit in brought if commit.oid in spine for parent in commit.parents}
        found = []
        for issue, tip in self._known_hotfixes(brought).items():
            own = [oid for oid in history.reachable(self.git, [tip], lack) if oid in ids]
            if not own:
                continue
            facts = self._facts(issue, own[0], Landing(line.ref, issue, own[0], self._tags_holding(own[0])))
            # A release branch receives what goes to production; a branch that was cut from develop has develop's
            # commits: they are a release's, and none of a hotfix.
            others = {each.commit for each in facts.foreign if not each.doubt}
            if facts.hotfix.production == branch and set(own) - others:
                found.append((facts, own[0] in direct or not self._comes_with_a_release(own[0])))
        return found + self._copied_hotfixes(branch, line, {facts.hotfix.issue for facts, _ in found})

    def _copied_hotfixes(self, branch: BranchName, line: Line, seen: Collection[IssueId]) -> list[tuple[Facts, bool]]:
        """Hotfixes whose change this push brings to `branch` under other ids: squashed, picked or rebased."""
        assert line.new
        old = self._existing([oid for oid in (line.old, self.snapshot.refs.branches.get(branch)) if oid])
        tips = {issue: tip for issue, tip in self._open_hotfixes().items() if issue not in seen}
        if not old:
            return []
        found = []
        from git_hotfix.hotfix import copies_on_production  # a push of a hotfix branch pays for neither

        for issue, copy in copies_on_production.find(self.git, line.new, old, tips, self._published_tips()).items():
            tags = (*self._tags_holding(tips[issue]), *self._tags_with(tips[issue]))
            if copy.commit:
                tags = (*tags, *self._tags_holding(copy.commit))
            facts = self._facts(issue, tips[issue], Landing(line.ref, issue, tips[issue], tuple(dict.fromkeys(tags))))
            if facts.hotfix.production == branch:
                found.append((facts, copy.direct))
        return found + self._recorded_hotfixes(branch, line, old, {*seen, *tips})

    def _open_hotfixes(self) -> dict[IssueId, Oid]:
        """The hotfixes without a tag, by their branches here and on the remote; where a branch is gone, by the tip that
        the logbook names."""
        snapshot = self.snapshot
        branches = {**snapshot.refs.branches, **snapshot.refs.local}
        tips = {issue: tip for name, tip in branches.items() if (issue := snapshot.issue_of(name))}
        tips |= {issue: tip for _, issue, tip in self._pushed_hotfixes()}
        for issue in self._without_branch():
            known = from_logbook(self.git, snapshot, issue)
            if known:
                tips[issue] = known.tip
        return {issue: tip for issue, tip in tips.items() if not snapshot.finish_tags(issue)}

    def _without_branch(self) -> list[IssueId]:
        """The issues of logbooks whose hotfix has neither a branch nor a tag."""
        refs = self.snapshot.refs
        standing = {self.snapshot.issue_of(name) for name in (*refs.branches, *refs.local)}
        standing |= {issue for _, issue, _ in self._pushed_hotfixes()}
        gone = [issue for issue in refs.logs if issue not in standing and not refs.tags.finish_tags(issue)]
        return gone[-_MOST_GONE:]

    def _recorded_hotfixes(
        self, branch: BranchName, line: Line, old: Sequence[Oid], seen: Collection[IssueId]
    ) -> list[tuple[Facts, bool]]:
        """Hotfixes without a branch and an offered tip of whose code the logbook still tells the tree, as a waiver and
        evidence do: the commits of `line` that have it."""
        assert line.new
        gone = [issue for issue in self._without_branch() if issue not in seen]
        if not gone:
            return []
        brought = history.trees(self.git, history.first_parents(self.git, [line.new], old))
        commits = {tree: commit for commit, tree in brought.items()}
        found = []
        for issue in gone:
            book = logbook.read(self.git, issue, self.snapshot.refs.logs[issue])
            if any("Abandoned" in entry.facts for entry in book.current):
                continue
            trees = [entry.tree for entry in reversed(book.current) if entry.tree]
            commit = next((commits[tree] for tree in trees if tree in commits), None)
            if commit:
                facts = self._facts(issue, commit, Landing(line.ref, issue, commit, self._tags_holding(commit)))
                if facts.hotfix.production == branch:
                    found.append((facts, True))
        return found

    def _comes_with_a_release(self, commit: Oid) -> bool:
        return bool(history.tips_containing(self.git, commit, self._published_tips()))

    def _published_tips(self) -> list[Oid]:
        """The tips of what releases come from: develop, release and support branches of the remote. What they hold
        comes to production with a release. A topic branch is none of them, for anybody may push one first."""
        snapshot = self.snapshot
        lines = patterns.names((snapshot.trunk, *RELEASES, *snapshot.policy.support))
        known = snapshot.refs.branches
        return self._existing(tip for name, tip in known.items() if lines(name) and not snapshot.issue_of(name))

    def _existing(self, oids: Iterable[Oid]) -> list[Oid]:
        wanted = list(oids)
        return list(history.trees(self.git, wanted))

    def _known_hotfixes(self, brought: Sequence[history.FullCommit]) -> dict[IssueId, Oid]:
        """Hotfix tips by issue: branches here, on the remote and in this push, and merges that name one."""
        found: dict[IssueId, Oid] = {}
        for commit in brought:
            named = self.snapshot.prefixes.in_subject(commit.summary.subject)
            if named and len(commit.parents) == 2:
                found.setdefault(named, commit.parents[1])
            elif len(commit.parents) == 2 and (issue := trailers_of(commit.message).get("Hotfix-Issue")):
                found.setdefault(IssueId(issue), commit.parents[1])  # in the team's own words
        refs = self.snapshot.refs
        for branches in (refs.branches, refs.local):
            for branch, tip in branches.items():
                issue = self.snapshot.issue_of(branch)
                if issue:
                    found[issue] = tip
        return {**found, **{issue: tip for _, issue, tip in self._pushed_hotfixes()}}

    def _tags_holding(self, commit: Oid) -> tuple[TagName, ...]:
        """The production tags, on the remote or in this push, that hold `commit`."""
        tags = {tag.name: tag.commit for tag in self.snapshot.production_tags}
        tags |= self._release_tags()
        holding = history.tips_containing(self.git, commit, tags.values())
        return tuple(name for name, tip in tags.items() if tip in holding)

    def _tags_with(self, tip: Oid) -> tuple[TagName, ...]:
        """The production tags of this push that hold the change of a hotfix under other ids."""
        tags = self._release_tags()
        from git_hotfix.git import merge  # what was made by a squash is looked for in a push of tags only

        results = merge.merge_all(self.git, [(commit, tip) for commit in tags.values()])
        trees = history.trees(self.git, list(tags.values()))
        pairs = zip(tags.items(), results, strict=True)
        return tuple(name for (name, commit), each in pairs if each.clean and each.tree == trees[commit])

    def _release_tags(self) -> dict[TagName, Oid]:
        """The tags of this push that say they are production tags, peeled to their commits."""
        wanted = {}
        moved = {line.ref for line in self.lines if line.old}
        for ref, oid in self._new_tips(TAGS).items():
            name = TagName(ref[len(TAGS) :])
            if ref in moved:  # the remote has another one of that name and is going to keep it
                continue
            if self.snapshot.policy.is_release_tag(name) and not versions.is_prerelease(name):
                wanted[name] = oid
        if not wanted:
            return {}
        pushed = {TagName(ref[len(TAGS) :]): oid for ref, oid in self._new_tips(TAGS).items()}
        peeled = history.peel(self.git, list(pushed.values()))
        known = {**self.snapshot.refs.tags.commits, **{n: peeled[oid] for n, oid in pushed.items() if oid in peeled}}
        float_away = versions.floating(known, known)
        return {name: peeled[oid] for name, oid in wanted.items() if oid in peeled and name not in float_away}

    def _floating_tags(self) -> dict[TagName, Oid]:
        """The floating tags of this push that go elsewhere than to a production tag, peeled to their commits."""
        names = {TagName(ref[len(TAGS) :]): oid for ref, oid in self._new_tips(TAGS).items()}
        wanted = {name: oid for name, oid in names.items() if self.snapshot.policy.floats(name)}
        peeled = history.peel(self.git, list(wanted.values()))
        known = {tag.commit for tag in self.snapshot.production_tags} if wanted else set()
        known |= set(self._release_tags().values()) if wanted else set()
        return {name: peeled[oid] for name, oid in wanted.items() if oid in peeled and peeled[oid] not in known}

    def tagged_hotfixes(self) -> tuple[list[Facts], list[Refusal]]:
        """The hotfixes that a production tag of this push ships without production, and the production tags that
        stand on nothing that may be released."""
        tags = self._release_tags() | self._floating_tags()
        beside = set(history.reachable(self.git, tags.values(), self._lines_of_release())) if tags else set()
        loose = {name: commit for name, commit in tags.items() if commit in beside}
        if not loose:
            return [], []
        hotfixes = self._known_hotfixes([])
        trees = history.trees(self.git, [*loose.values(), *hotfixes.values()])
        facts, refusals = [], []
        for name, commit in loose.items():
            issue = next((issue for issue, tip in hotfixes.items() if trees.get(tip) == trees[commit]), None)
            if issue:
                landing = Landing(RefName(TAGS + name), issue, hotfixes[issue], (name,))
                facts.append(self._facts(issue, hotfixes[issue], landing))
                continue
            refusals.append(Refusal("tag", Finding(
                f"production tag {name} stands on {commit[:10]}, which is neither base + fix nor on "
                f"{self.snapshot.production}, a release or a support branch",
                hint=f"tag what was released: {git_command('tag', '-f', name, self.snapshot.production)}\n"
                f"or name it as a pre-release: {name}-rc1",
            )))  # fmt: skip
        return facts, refusals

    def _lines_of_release(self) -> list[Oid]:
        lines = patterns.names(("release/*", self.snapshot.production, *self.snapshot.policy.support))
        known: Mapping[BranchName, Oid] = self.snapshot.refs.branches
        tips = [oid for branch, oid in known.items() if lines(branch) and not self.snapshot.issue_of(branch)]
        tips += [oid for ref, oid in self._new_tips(HEADS).items() if lines(ref[len(HEADS) :])]
        return self._existing(tips)

    def losses(self) -> list[Refusal]:
        """What this push would take from everybody: a hotfix branch that is not finished, a production tag that goes or
        moves, a record or production that goes or goes back."""
        found = []
        for line in self.lines:
            if not line.old or line.new == line.old:
                continue
            name = line.ref[len(HEADS) :] if line.ref.startswith(HEADS) else ""
            issue = self.snapshot.issue_of(name)
            if issue and line.new is None and not self._is_finished(issue, line.old):
                hint = f"finish it: {command_line('finish', issue)}\nor abandon it: {command_line('abandon', issue)}"
                found.append(Refusal("deletion", Finding(f"{name} is not finished", hint=hint)))
            if line.ref.startswith(TAGS):
                found += self._lost_tag(line)
            elif line.ref.startswith(LOG):
                found += self._lost_record(line)
            elif line.ref == branch_ref(self.snapshot.production):
                found += lost_production(self.git, line, self.snapshot.remote)
            elif name and patterns.names(self.snapshot.policy.support)(name):
                found += self._lost_release(line)
        return found

    def _lost_record(self, line: Line) -> list[Refusal]:
        if not _drops_commits(self.git, line):
            return []
        issue = decode_component(line.ref[len(LOG) :])
        what = "deletes" if line.new is None else "drops entries of"
        hint = f"the record only grows; fetch it, and add to it: {command_line('status', issue, fetch=True)}"
        return [Refusal("deletion", Finding(f"this push {what} the logbook of hotfix {issue}", hint=hint))]

    def _lost_release(self, line: Line) -> list[Refusal]:
        """A support branch may go when nobody is on it any more; it does not go back behind a release of its own."""
        assert line.old
        if line.new is None or not self._existing([line.old]):
            return []
        dropped = set(history.reachable(self.git, [line.old], [line.new]))
        commits = self.snapshot.refs.tags.commits
        is_release = self.snapshot.policy.is_release_tag
        gone = [name for name, commit in commits.items() if commit in dropped and is_release(name)]
        if not gone:
            return []
        hint = "take commits back with new ones: git revert <commit>"
        return [Refusal("deletion", Finding(f"this push takes {short(line.ref)} back behind {gone[-1]}", hint=hint))]

    def _is_finished(self, issue: IssueId, tip: Oid) -> bool:
        refs = self.snapshot.refs
        given_up = ABANDONED + encode_component(issue)
        places = re.compile(re.escape(given_up) + r"(\.\d+)?")
        if any(places.fullmatch(ref) and oid == tip for ref, oid in refs.own.items()):
            return True
        if self.snapshot.finish_tags(issue):
            return True
        if not self._existing([tip]):
            return False
        subject = at_tip(self.git, self.snapshot, issue, tip)
        if subject.base is None or subject.tip == subject.base:
            return True
        known = refs.branches[self.snapshot.production]
        from git_hotfix.hotfix import arrival

        return arrival.find(self.git, subject, known) is not None and bool(self._tags_holding(tip))

    def _lost_tag(self, line: Line) -> list[Refusal]:
        name = TagName(line.ref[len(TAGS) :])
        if not self._is_production_tag(name, line.old):
            return []
        what = "deletes" if line.new is None else "moves"
        hint = "a release that others may have deployed keeps its name: tag the right commit with a new one"
        return [Refusal("deletion", Finding(f"this push {what} the production tag {name}", hint=hint))]

    def _is_production_tag(self, name: TagName, held: Oid | None) -> bool:
        """True for a tag that a hotfix starts from, of production or of a support line, or was finished as. Where a tag
        was never fetched here, its name decides unless the commit is here and on none of these branches."""
        if any(tag.name == name for tag in self.snapshot.production_tags):
            return True
        made = self.snapshot.refs.tags.get(name)
        if made and made.trailer("Hotfix-Issue"):
            return True
        if not held or not self.snapshot.policy.is_release_tag(name) or versions.is_prerelease(name):
            return False
        commit = history.peel(self.git, [held]).get(held)
        if commit is None:
            return True
        support = patterns.names((self.snapshot.production, *self.snapshot.policy.support))
        tips = [oid for branch, oid in self.snapshot.refs.branches.items() if support(branch)]
        return bool(history.tips_containing(self.git, commit, tips))


def lost_production(git: Git, line: Line, remote: Remote | None) -> list[Refusal]:
    """What is said to a push that deletes production, or drops commits that the remote has on it."""
    if not _drops_commits(git, line):
        return []
    name = short(line.ref)
    what = "deletes" if line.new is None else "drops commits that the remote has on"
    hint = "take commits back with new ones: git revert <commit>, or git hotfix rollback"
    if line.new and remote:
        rebase = git_command("rebase", f"{remote.name}/{name}")
        hint = f"take them in: {git_command('fetch', remote.name)} && {rebase}\n{hint}"
    return [Refusal("deletion", Finding(f"this push {what} {name}, which releases come from", hint=hint))]


def _drops_commits(git: Git, line: Line) -> bool:
    """True where the new value does not hold the old one. git shows its hook a push too that it is going to refuse
    itself, because nobody forced it."""
    assert line.old
    return line.new is None or not history.is_ancestor(git, line.old, line.new)
