"""One hotfix: found by its branch, its logbook or its tag."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from git_hotfix.errors import UNCHANGED, ExitCode, Failure
from git_hotfix.git import history, production_tags
from git_hotfix.git.run import Git
from git_hotfix.hotfix.packages import is_same_package
from git_hotfix.model import versions
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix, Tag, Urgency
from git_hotfix.model.logbook import Logbook
from git_hotfix.model.names import (
    BranchName,
    IssueId,
    Oid,
    TagName,
    branch_ref,
    log_ref,
    tag_ref,
)
from git_hotfix.model.snapshot import Snapshot
from git_hotfix.record import logbook
from git_hotfix.snapshot import HiddenHistory

_SHOWN = 5  # open hotfixes that are offered where none is named


def chosen_issue(snapshot: Snapshot, given: str | None) -> IssueId:
    """The issue that the command line or the current branch says.

    Raises `Failure` (exit 2) where neither does.
    """
    chosen = snapshot.prefixes.issue_named(given) if given else issue_here(snapshot)
    if chosen:
        _require_one_branch(snapshot, chosen)
        return chosen
    names = open_issues(snapshot)
    # Where an option could stand, what begins with a dash is said by its branch.
    words = [snapshot.hotfix_branch(name) if name.startswith("-") else name for name in names[:_SHOWN]]
    place = f"on {snapshot.head}" if snapshot.head else "on a detached HEAD"
    raise Failure(
        f"which hotfix? You are {place}",
        hint="\n".join(command_line("<command>", word) for word in words) or "start one: git hotfix start <issue>",
        code=ExitCode.USAGE,
    )


def issue_here(snapshot: Snapshot) -> IssueId | None:
    """The issue that the current branch, or the commit that is checked out, says; None where neither does."""
    found = checked_out_hotfix(snapshot)
    return found[0] if found else snapshot.issue_of(snapshot.head) if snapshot.head else None


def checked_out_hotfix(snapshot: Snapshot) -> tuple[IssueId, Oid] | None:
    """The hotfix that a detached HEAD stands on, as in CI, and its tip: HEAD, or the second parent of a merge that
    tries a pull request. None where HEAD names a branch or nothing says which hotfix it is."""
    at = snapshot.checkout
    if at is None:
        return None
    second = at.parents[1] if len(at.parents) == 2 else None
    standing = {**snapshot.refs.local, **snapshot.refs.branches}
    tips = {tip: issue for name, tip in standing.items() if (issue := snapshot.issue_of(name))}
    said = snapshot.issue_of(at.branch) if at.branch else None
    if said:
        # Two pull requests may stand at one commit, so the job's own word comes first.
        tried = second and (at.tried or tips.get(second) == said or at.subject.startswith(f"Merge {second} into "))
        return said, second if second and tried and at.commit not in tips else at.commit
    if at.commit in tips:
        return tips[at.commit], at.commit
    return (tips[second], second) if second in tips else None


def _require_one_branch(snapshot: Snapshot, issue: IssueId) -> None:
    branches = {**snapshot.refs.branches, **snapshot.refs.local}
    standing = [name for name in snapshot.prefixes.branches(issue) if name in branches]
    if len(standing) > 1:
        rename = git_command("branch", "-m", standing[-1], f"{standing[-1]}-2")
        raise Failure(
            f"two branches are named after {issue}: {' and '.join(standing)}",
            hint=f"rename the one that you do not mean: {rename}",
            code=ExitCode.USAGE,
        )


def find_hotfix(git: Git, snapshot: Snapshot, given: str | None) -> Hotfix:
    """The hotfix that the command line or the current branch says. Raises `Failure` (exit 2) where there is none."""
    issue = chosen_issue(snapshot, given)
    here = checked_out_hotfix(snapshot)
    if here and here[0] == issue:
        found = at_tip(git, snapshot, *here) if history.existing_commits(git, [here[1]]) else None
        if found is None and snapshot.hidden:
            raise HiddenHistory(f"{here[1][:10]} is not here")
    else:
        found = from_branch(git, snapshot, issue)
    if found is None and snapshot.partial:
        raise HiddenHistory(snapshot.partial)
    made = finishing_tag(git, snapshot, issue) if found is None else None
    if made and snapshot.hidden:
        raise HiddenHistory(f"it is shallow, and hides where {made} stands")
    if made:
        raise Failure(
            f"{issue} is finished as {made}, and its branch is gone",
            hint=f"what is left to do, if anything: {command_line('backport', issue)}",
            code=ExitCode.USAGE,
        )
    if found is None:
        _refuse_lost(git, snapshot, issue)
        raise Failure(
            f"there is no {snapshot.hotfix_branch(issue)} here or on the remote",
            hint="git hotfix list",
            code=ExitCode.USAGE,
        )
    return found


def open_issues(snapshot: Snapshot) -> list[IssueId]:
    """The issues of all hotfix branches here and on the remote, in order, but for `issues_released_by_hand`."""
    released = issues_released_by_hand(snapshot)
    return [issue for issue in _tips(snapshot) if issue not in released]


def issues_released_by_hand(snapshot: Snapshot) -> set[IssueId]:
    """The issues whose branches nobody deleted after a release without this tool: they have no logbook, and the newest
    production tag holds all of them. A branch that stands at a release has no fix yet."""
    newest = snapshot.newest_tag
    tips = {issue: oids for issue, oids in _tips(snapshot).items() if issue not in snapshot.refs.logs}
    if newest is None or not tips:
        return set()
    held = set(snapshot.in_history({oid for oids in tips.values() for oid in oids}, newest.commit))
    held -= {*snapshot.refs.tags.commits.values()}
    return {issue for issue, oids in tips.items() if oids <= held}


def _tips(snapshot: Snapshot) -> dict[IssueId, set[Oid]]:
    """The issues of all hotfix branches, in order, and where they stand here and on the remote."""
    found: dict[IssueId, set[Oid]] = {}
    for known in (snapshot.refs.branches, snapshot.refs.local):
        for name, oid in known.items():
            if issue := snapshot.issue_of(name):
                found.setdefault(issue, set()).add(oid)
    return dict(sorted(found.items()))


def is_finished(snapshot: Snapshot, hotfix: Hotfix) -> bool:
    """True for a hotfix whose branch was kept: it is closed, and its tag is for what the branch holds."""
    if not hotfix.logbook.closed:
        return False
    return any(tag.trailer("Hotfix-Tip") == hotfix.tip for tag in snapshot.finish_tags(hotfix.issue))


def finishing_tag(git: Git, snapshot: Snapshot, issue: IssueId) -> TagName | None:
    """The tag on the remote that finished `issue`: one that `finish` made, else one made by hand that the logbook says
    it took; None for a hotfix that is open or that nobody knows."""
    made = snapshot.finish_tags(issue)
    if made or issue not in snapshot.refs.logs:
        return made[0].name if made else None
    entries = logbook.read(git, issue, snapshot.refs.logs[issue]).of_kind("finish")
    names = [TagName(entry.facts.get("Tag", "")) for entry in reversed(entries)]
    return next((name for name in names if name in snapshot.refs.tags), None)


def lost_tag(snapshot: Snapshot, book: Logbook) -> TagName | None:
    """The tag that this hotfix was finished as, where the remote no longer has it and nobody took the finish back."""
    names = [TagName(entry.facts["Tag"]) for entry in book.of_kind("finish") if "Tag" in entry.facts]
    if not names or book.taken_back or names[-1] in snapshot.refs.tags:
        return None
    return names[-1]


def _refuse_lost(git: Git, snapshot: Snapshot, issue: IssueId) -> None:
    """Raises `Failure` (exit 1) for a finished hotfix of which neither the branch nor the tag is left, (exit 2) for one
    that was abandoned, `HiddenHistory` (exit 3) where a shallow clone may hide the tag."""
    book = logbook.read(git, issue, snapshot.refs.logs_of(issue))
    if given_up := book.of_kind("abandon"):
        end = given_up[-1]
        raise Failure(
            f"hotfix {issue} was abandoned by {end.who.partition(' <')[0]}: {end.facts.get('Reason', '')}",
            hint=f"see the record: {command_line('log', issue)}\nbegin again: {command_line('start', issue)}",
            code=ExitCode.USAGE,
        )
    name = lost_tag(snapshot, book)
    if name is None:
        return
    if snapshot.hidden:
        raise HiddenHistory(f"it is shallow, and does not have the tag {name}")
    place = snapshot.remote.name if snapshot.remote else "this repository"
    here = snapshot.remote and name in snapshot.refs.local_tags
    raise Failure(
        f"{issue} was finished as {name}, but {place} no longer has that tag",
        hint=f"put it back: git push {shlex.quote(place)} {shlex.quote(tag_ref(name))}"
        if here
        else f"see the record: git log {shlex.quote(log_ref(issue))}",
        code=ExitCode.REFUSED,
    )


def from_branch(git: Git, snapshot: Snapshot, issue: IssueId) -> Hotfix | None:
    """The hotfix on the branch of `issue`: the local one where it stands, else the remote's; None without either."""
    branch = snapshot.hotfix_branch(issue)
    tip = snapshot.refs.local.get(branch) or snapshot.refs.branches.get(branch)
    return at_tip(git, snapshot, issue, tip) if tip else None


def at_tip(git: Git, snapshot: Snapshot, issue: IssueId, tip: Oid, *, branch: BranchName | None = None) -> Hotfix:
    """The hotfix `issue` as if its branch, or the one that is named, stood at `tip`.

    Raises `Failure` (exit 3) where the files of its ends are lost.
    """
    book = logbook.read(git, issue, snapshot.refs.logs_of(issue))
    facts = {key: value for entry in book.current for key, value in entry.facts.items()}
    line = BranchName(facts.get("Production", snapshot.production))
    if line not in snapshot.refs.branches:
        line = snapshot.production
    base = _base(git, snapshot, book, line, tip)
    branch = branch or snapshot.hotfix_branch(issue)
    ends = [oid for oid in (tip, base.commit if base else None) if oid]
    trees = history.trees(git, ends)
    if lost := next((oid for oid in ends if oid not in trees), None):
        raise Failure(f"git cannot read the files of {lost[:10]}, on {branch}", hint="git fsck", unchanged=UNCHANGED)
    return Hotfix(
        issue=issue,
        branch=branch,
        production=line,
        base_tag=base.name if base else None,
        base=base.commit if base else None,
        tip=tip,
        tip_tree=trees[tip],
        base_tree=trees[base.commit] if base else None,
        title=facts.get("Title", ""),
        severity=_urgency(facts.get("Severity")),
        chosen=bool(facts.get("From")),
        tag=_recorded_tag(book),
        logbook=book,
    )


def _recorded_tag(book: Logbook) -> TagName | None:
    """The name that `start` recorded for the tag, unless an update found that it can be that no more."""
    name = book.start.facts.get("Tag") if book.start else None
    given_up = {entry.facts.get("Tag-Given-Up") for entry in book.of_kind("event")}
    return TagName(name) if name and name not in given_up else None


def _urgency(text: str | None) -> Urgency:
    return text if text in ("P0", "P1", "P2") else "P1"  # type: ignore[return-value]


def _base(git: Git, snapshot: Snapshot, book: Logbook, line: BranchName, tip: Oid) -> Tag | None:
    """The production tag that the hotfix starts from: the one that `--from`, or an update since, recorded while the tip
    holds it, else the newest production tag of its line that the tip holds."""
    start = book.start
    if start and start.facts.get("From"):
        updates = [entry for entry in book.of_kind("event") if entry.facts.get("Event") == "update"]
        for entry in (*reversed(updates), start):
            tag = snapshot.refs.tags.get(TagName(entry.facts.get("Base-Tag", "")))
            if tag and history.is_ancestor(git, tag.commit, tip):
                return tag

    def is_own(tag: Tag) -> bool:
        return tag.trailer("Hotfix-Issue") == book.issue or (
            tag.commit == tip and _moved_since_start(snapshot, book, tip)
        )

    known = line_tags(git, snapshot, line)
    if known and not is_own(known[0]) and history.is_ancestor(git, known[0].commit, tip):
        return known[0]  # as nearly always, and without a look at the others
    tags = [tag for tag in known if not is_own(tag)]
    beside = set(history.reachable(git, {tag.commit for tag in tags}, [tip])) if tags else set()
    held = [tag for tag in tags if tag.commit not in beside]
    return production_tags.sort_production_tags(git, held)[0] if held else None


def _moved_since_start(snapshot: Snapshot, book: Logbook, tip: Oid) -> bool:
    """True where a hotfix moved on to `tip` since it started, so that a tag there was made of it, not it of the tag: it
    was committed or offered here, or stands on the remote. Else the branch was moved to somebody's release."""
    if book.start is None or book.start.facts.get("Base") == tip:
        return False
    branch = snapshot.hotfix_branch(book.issue)
    offered = any(entry.facts.get("Tip") == tip for entry in book.current)
    return offered or snapshot.refs.branches.get(branch) == tip or tip in snapshot.commits_made_here(branch)


def newest_but_own(git: Git, snapshot: Snapshot, hotfix: Hotfix) -> Tag | None:
    """The newest production tag of the hotfix's line that is not its own. Behind the newest, tags stand in the order of
    their versions, which need not be the order in which they were made.

    A hotfix that `start --from` began at an older release, below newer ones, is on that line and stays there.
    """
    older = _older_releases(git, snapshot, hotfix)
    if older:
        return older[-1]
    known, policy = line_tags(git, snapshot, hotfix.production), snapshot.policy

    def fits(tag: Tag) -> bool:
        # What another package released since says nothing of this one.
        own = not (hotfix.chosen or policy.packages) or is_same_package(tag.name, hotfix.base_tag, policy)
        return own and tag.trailer("Hotfix-Issue") != hotfix.issue

    if not known or fits(known[0]):
        return known[0] if known else None
    others = [tag for tag in known if fits(tag)]
    return production_tags.sort_production_tags(git, others)[0] if others else None


def _older_releases(git: Git, snapshot: Snapshot, hotfix: Hotfix) -> list[Tag]:
    """The base of a hotfix that was started from an older release on purpose, and the releases between it and the
    newest one of that day that others have made of it since, lowest first; [] for any other hotfix."""
    start, name = hotfix.logbook.start, hotfix.base_tag
    tag = snapshot.refs.tags.get(name) if name else None
    if start is None or tag is None or not hotfix.chosen or not start.facts.get("From"):
        return []
    first, newest = start.facts.get("Base-Tag"), start.facts.get("Newest-Tag", "")
    base, limit = versions.parse(tag.name), versions.parse(newest)
    below = base is not None and limit is not None and versions.same_scheme(base, limit) and base.rank < limit.rank
    if first == newest or not (below or tag.name == first):
        return []  # it was cut from the newest, or an update took it there
    if not below:
        return [tag]
    assert base and limit
    made = {each: found for each in snapshot.refs.tags if (found := versions.parse(each))}
    names = [each for each, found in made.items() if base.rank < found.rank < limit.rank]
    names = [each for each in names if versions.same_scheme(made[each], base) and _is_of_line(made[each], base)]
    on_line = {each.name for each in line_tags(git, snapshot, hotfix.production)} if names else set()
    since = [
        each
        for each in snapshot.refs.tags.some([each for each in names if each in on_line]).values()
        if each.date > start.when and each.trailer("Hotfix-Issue") != hotfix.issue
        if history.is_ancestor(git, tag.commit, each.commit)
    ]
    return [tag, *sorted(since, key=lambda each: made[each.name].rank)]


def _is_of_line(version: versions.Version, base: versions.Version) -> bool:
    """True for v1.4.3 and v1.4.2.1 beside v1.4.2, and for v1.4.1 beside v1.4."""
    shared = base.numbers[:-1] if len(base.numbers) > 2 else base.numbers
    return version.numbers[: len(shared)] == shared


def line_tags(git: Git, snapshot: Snapshot, line: BranchName) -> Sequence[Tag]:
    """The production tags of a line, newest first: of the production branch, or of a support branch."""
    if line == snapshot.production:
        return snapshot.production_tags
    tip = snapshot.refs.branches[line]
    return production_tags.find(git, tip, branch_ref(line), snapshot.refs.tags, snapshot.policy)


def from_logbook(git: Git, snapshot: Snapshot, issue: IssueId) -> Hotfix | None:
    """A hotfix whose branch is gone and that has no tag: its logbook knows the tip that was offered for merging.
    None when it does not, or when that commit is not here."""
    book = logbook.read(git, issue, snapshot.refs.logs_of(issue))
    if any("Abandoned" in entry.facts for entry in book.current):
        return None
    offered = history.existing_commits(git, (entry.facts.get("Tip") for entry in reversed(book.current)))
    return at_tip(git, snapshot, issue, offered[0]) if offered else None


def known_hotfix(git: Git, snapshot: Snapshot, issue: IssueId) -> Hotfix | None:
    """The hotfix `issue`, open or finished: as its tag finished it, else on its branch, else as it was offered for
    merging. None where nobody knows its code."""
    made = snapshot.finish_tags(issue)
    found = from_branch(git, snapshot, issue)
    if made and (found is None or found.tip != made[0].trailer("Hotfix-Tip")):
        return from_tag(git, snapshot, made[0])
    return found or from_logbook(git, snapshot, issue)


def from_tag(git: Git, snapshot: Snapshot, tag: Tag) -> Hotfix:
    """The hotfix that `tag` finished: by its finish trailers, else by what it adds to the production tag before it.

    Raises `Failure` (exit 2) when no production tag stands below it, (exit 3) when its commits are not here.
    """
    tip = _tip_of(git, tag)
    issue = IssueId(tag.trailer("Hotfix-Issue") or tag.name)
    base = tag.trailer("Hotfix-Base")
    if not history.existing_commits(git, [tip]):
        # A squash leaves nothing that holds the fix's own commits; what was tagged then is base + fix all the same.
        if not base or not history.existing_commits(git, [base]) or not history.is_ancestor(git, Oid(base), tag.commit):
            if snapshot.hidden:
                raise HiddenHistory(f"it is shallow, and hides the fix of {tag.name}")
            raise Failure(f"{tag.name} says that the fix is {tip[:10]}, which is not here", hint="git fetch --all")
        tip = tag.commit
    if base and history.existing_commits(git, [base]):
        found = at_tip(git, snapshot, issue, tip)
        known = history.trees(git, [Oid(base)])[Oid(base)]
        name = TagName(tag.trailer("Hotfix-Base-Tag") or base[:10])
        return replace(found, base=Oid(base), base_tag=name, base_tree=known)
    older = tuple(other for other in snapshot.production_tags if other.commit != tag.commit)
    found = at_tip(git, replace(snapshot, production_tags=older), issue, tip)
    if found.base is None and snapshot.hidden:
        raise HiddenHistory(f"it is shallow, and hides what stands below {tag.name}")
    if found.base is None:
        raise Failure(f"no production tag stands below {tag.name}", code=ExitCode.USAGE)
    return found


def _tip_of(git: Git, tag: Tag) -> Oid:
    """The tip of the fix: what the trailer names, unless that is here and has another tree than what was tagged."""
    said = Oid(tag.trailer("Hotfix-Tip") or "")
    trees = history.trees(git, [said, tag.commit]) if said else {}
    if said and trees.get(said, trees.get(tag.commit)) == trees.get(tag.commit):
        return said
    return _merged_tip(git, tag.commit)


def _merged_tip(git: Git, commit: Oid) -> Oid:
    """The second parent of a merge that changed nothing else, as git-flow makes them; else the commit itself."""
    [merge] = history.commits(git, commit, [f"{commit}^@"])  # type: ignore[list-item]
    if len(merge.parents) == 2:
        side = merge.parents[1]
        if history.trees(git, [side])[side] == merge.tree:
            return side
    return commit


def require_seen(git: Git, snapshot: Snapshot, hotfix: Hotfix) -> None:
    """Refuse to judge what this clone does not show: the commits of the hotfix down to its base, and the branches that
    it must hold nothing of. Raises `HiddenHistory` (exit 3)."""
    if snapshot.partial:
        raise HiddenHistory(snapshot.partial)
    if snapshot.hidden:
        seen = history.reachable(git, [hotfix.tip], [hotfix.base] if hotfix.base else [])
        if not snapshot.hidden.isdisjoint(seen):
            raise HiddenHistory(f"it is shallow, and hides where {hotfix.branch} starts")


def newer_tag(git: Git, snapshot: Snapshot, hotfix: Hotfix) -> Tag | None:
    """The newest production tag of the hotfix's line where it is newer than the base; its own is left out."""
    newest = newest_but_own(git, snapshot, hotfix)
    if newest is None or newest.commit == hotfix.base:
        return None
    return None if hotfix.chosen and hotfix.logbook.start is None else newest


def tagger(git: Git, tag: Tag) -> str:
    """Who made a tag: its tagger, or where it is a name for a commit and no more, who committed that."""
    return tag.who or history.committers(git, [tag.commit])[tag.commit]
