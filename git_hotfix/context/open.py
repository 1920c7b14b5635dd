"""How every command begins: the repository, a private directory, one look, and a lock where it acts."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping

from git_hotfix.context import Context
from git_hotfix.errors import UNCHANGED, ExitCode, Failure, nothing_changed
from git_hotfix.git import worktrees
from git_hotfix.git.private_dir import merge_settings, private_git_dir, renew_shallow
from git_hotfix.git.repository import Repository, open_repository, require_git
from git_hotfix.hotfix.find import chosen_issue, issue_here, open_issues, require_seen
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import replace
from git_hotfix.model.hotfix import Hotfix
from git_hotfix.model.names import BranchName, IssueId, Oid, TagName
from git_hotfix.model.snapshot import Remote
from git_hotfix.model.words import counted
from git_hotfix.report.progress import Progress
from git_hotfix.report.streams import Streams
from git_hotfix.snapshot import HiddenHistory, View, find_remote, take_snapshot


def look_again(context: Context) -> Context:
    """The same context after another fetch."""
    view: View = "ask" if context.dry else "fetch"
    return replace(context, snapshot=take_snapshot(context.repository, context.git, view=view))


def require_quiet(context: Context) -> None:
    """Refuse to take anything back while the push of a killed run may still arrive. Raises `Failure` (exit 3)."""
    if context.alive:
        raise Failure(
            "the push of a killed run may still arrive",
            hint="run the same command again when that has ended",
            unchanged=UNCHANGED,
        )


@contextlib.contextmanager
def open_context(
    streams: Streams,
    *,
    view: View,
    lock_for: str | None = None,
    repository: Repository | None = None,
    policy_from: str | None = None,
    told: Mapping[BranchName, Oid] | None = None,
    writes: bool = False,
) -> Iterator[Context]:
    """Open the repository and look once.

    `view` is how the remote is seen. `lock_for` names the command that is going to act; without it new objects stay
    in the scratch directory, but for a command that `writes` and holds the lock (`locked`) only meanwhile.
    `policy_from` and `told` are as in `take_snapshot`. Raises `Failure` for a repository that cannot serve.
    """
    repository = repository or open_repository()
    if lock_for or view == "ask":
        require_git(repository.git)
    keep = writes or lock_for is not None
    with contextlib.ExitStack() as stack:
        with nothing_changed():
            alive = _take_lock(stack, repository, streams, lock_for) if lock_for else ()
            git = stack.enter_context(private_git_dir(repository, keep=keep))
            with Progress(streams, "asking the remote" if view != "known" else "looking"):
                snapshot = take_snapshot(repository, git, view=view, policy_from=policy_from, finished=keep, told=told)
        chosen = snapshot.policy.merge
        words = merge_settings(renormalize=chosen.renormalize, directory_renames=chosen.directory_renames)
        git = replace(git, pins=(*git.pins, *words))
        context = Context(repository, git, snapshot, streams, dry=not keep, alive=alive)
        yield _settle_killed_runs(context, lock_for) if lock_for else context


def _take_lock(stack: contextlib.ExitStack, repository: Repository, streams: Streams, command: str) -> tuple[int, ...]:
    """Hold the lock until `stack` ends, and clear what a killed run left; the gits of killed runs that did not end."""
    from git_hotfix.runs import lock, recovery  # who only looks takes no lock

    died = stack.enter_context(lock.hold(repository.common_dir, command))
    with Progress(streams, "waiting for a push that a killed run began"):
        recovered = recovery.recover(repository, find_remote(repository), died=died)
    for name in recovered.cleared:
        streams.say(f"removed {name}, which a killed run left")
    for pid in recovered.alive:
        streams.say(f"a git that a killed run started is still running here (process {pid})")
    return recovered.alive


@contextlib.contextmanager
def locked(context: Context, command: str) -> Iterator[None]:
    """Hold the lock within, and clear what a killed run left: for a command that lasts, and writes at its ends.

    Raises `Failure` (exit 3) at once where another command holds it.
    """
    with contextlib.ExitStack() as stack:
        _take_lock(stack, context.repository, context.streams, command)
        yield


def _settle_killed_runs(context: Context, command: str) -> Context:
    """The context after what killed runs of other commands had begun is done."""
    from git_hotfix.runs import intents

    if not intents.read_open(context.repository.common_dir):
        return context
    from git_hotfix.context import interrupted_runs

    return interrupted_runs.settle(context, command)


@contextlib.contextmanager
def saying_what_to_fetch(command: str) -> Iterator[None]:
    """While a command judges: what it cannot see is fetched by `command`."""
    try:
        yield
    except HiddenHistory as hidden:
        hidden.hint = f"fetch what is missing: {command}"
        raise


def find_in_sight(context: Context, find: Callable[[Context], Hotfix], *, fetch: bool) -> tuple[Context, Hotfix]:
    """The hotfix that `find` finds, with all that a verdict on it needs. Where the clone is shallow and hides some of
    that, all history is fetched if the command may `fetch`. Raises `HiddenHistory` (exit 3) where it still is."""
    try:
        found = find(context)
        require_seen(context.git, context.snapshot, found)
        return context, found
    except HiddenHistory:
        place = context.snapshot.remote
        if not (fetch and place and context.snapshot.hidden):
            raise
    with Progress(context.streams, "fetching all history"):
        from git_hotfix.git import shallow

        shallow.unshallow(context.repository.git, place.name)
        renew_shallow(context.repository, context.git)
        chosen = context.snapshot.policy_from
        known = take_snapshot(context.repository, context.git, view="known", policy_from=chosen)
    context = replace(context, snapshot=known)
    return context, find(context)


def given_or_only_issue(context: Context, given: str | None) -> str | None:
    """`given`; where that and the checkout name no hotfix, the only one that has a branch, which is said. None where
    the checkout names one, and where several or none could be meant."""
    if given or issue_here(context.snapshot):
        return given
    names = open_issues(context.snapshot)
    if len(names) != 1:
        return None
    context.streams.say(f"{names[0]} is the only open hotfix")
    return names[0]


def given_or_last_issue(context: Context, given: str | None) -> str | None:
    """The hotfix that is meant where none is named: the only one that is open, else the one that was finished last, in
    this clone or by the newest tag; to look at all the others would take the whole history."""
    chosen = given_or_only_issue(context, given)
    if chosen or issue_here(context.snapshot) or open_issues(context.snapshot):
        return chosen
    from git_hotfix.runs import history

    here, snapshot = None, context.snapshot
    with contextlib.suppress(Failure):  # a record that is broken stops no fix
        here = history.latest_issue(context.repository.common_dir)
    newest = snapshot.prove_tags(snapshot.refs.tags.all_finish_tags()[:1])
    made = snapshot.finish_tags(here) if here else []
    last = here if made else next((each.trailer("Hotfix-Issue") for each in newest), None)
    if last:
        context.streams.say(f"no hotfix is open; {last} was finished last, so that is looked at")
    return last


def recorded_issue(context: Context, given: str | None) -> IssueId:
    """The issue whose record is meant: of an open or a finished hotfix, by its issue or its tag, by the branch here, or
    the only one that is open, or the one that was finished last.

    Raises `Failure` (exit 2) where there is no branch, no tag and no logbook of that name.
    """
    snapshot = context.snapshot
    tag = snapshot.refs.tags.get(TagName((given or "").removeprefix("refs/tags/"))) if given else None
    named = tag.trailer("Hotfix-Issue") if tag else None
    issue = IssueId(named) if named else chosen_issue(snapshot, given_or_last_issue(context, given))
    branch = snapshot.hotfix_branch(issue)
    if issue in snapshot.refs.logs or branch in {*snapshot.refs.local, *snapshot.refs.branches}:
        return issue
    if snapshot.finish_tags(issue):
        return issue
    seen = snapshot.remote is None or snapshot.seen_at == snapshot.now
    raise Failure(
        f"there is no branch, no logbook and no tag of a hotfix {issue}" + ("" if seen else " in this clone"),
        hint="git hotfix list" if seen else "fetch first: git hotfix list --fetch",
        code=ExitCode.USAGE,
    )


def send_records(context: Context, issues: Collection[IssueId]) -> Context:
    """Send those logbooks of `issues` that only stand here while the remote has the branch: it was pushed by git alone,
    and whoever joins this hotfix would see neither title nor waivers. A failure is a note."""
    if not context.snapshot.unsent_logbooks(issues):
        return context
    from git_hotfix.record import log_refs

    snapshot, failed = log_refs.send_beside(context, issues)
    for issue, reason in failed.items():
        context.streams.say(f"the logbook of {issue} was not sent ({reason}); the next git hotfix command sends it")
    return replace(context, snapshot=snapshot)


def not_in_the_fix(context: Context, hotfix: Hotfix) -> tuple[str, ...]:
    """What to say before anything is said of a fix: that none is committed, and that changes are not, where the hotfix
    branch is checked out; they may be the fix itself."""
    place = context.snapshot.refs.worktrees.get(hotfix.branch)
    said, changed = [], 0
    try:
        changed = worktrees.list_uncommitted(context.repository, place) if place else 0
    except Failure as failure:
        said.append(f"{failure.message}: {hotfix.branch} stays in this clone until git forgets it")
        said.append(f"  → {failure.hint.splitlines()[0]}")
    if hotfix.base is not None and hotfix.tip == hotfix.base:
        said.append(f"{hotfix.branch} has no commit yet: there is no fix to look at")
    if changed:
        files = counted(changed, "file has changes", "files have changes")
        said.append(f"{files} that are not committed in {place}: they are not part of this fix")
    return tuple(said)


def age_of_view(context: Context, command: str, *operands: str) -> str:
    """What to say where the remote was not asked just now: since when this is known, and the command that asks."""
    snapshot = context.snapshot
    if snapshot.remote is None or snapshot.seen_at == snapshot.now:
        return ""
    name, seen = snapshot.remote.name, snapshot.seen_at
    again = command_line(command, *operands, fetch=True)
    if seen is None:
        return f"{name} was never asked from here for tags and logbooks: {again}"
    from git_hotfix.model.times import duration_words  # datetime, which a hook does without

    age = duration_words(max(0, snapshot.now - seen))
    away = f"{name} did not answer; " if snapshot.silent else ""
    return f"{away}this is {name} as of {age} ago: {again}"


def require_whole(repository: Repository, place: Remote | None) -> None:
    """Refuse a clone that cannot see what a hotfix needs. Raises `Failure` (exit 3) with the fetch that helps."""
    name = place.name if place else ""
    if repository.shallow:
        raise Failure(
            "this clone is shallow: it hides the production tag or what lies between it and the branches",
            hint=f"git fetch --unshallow {shlex.quote(name)}".strip(),
            unchanged=UNCHANGED,
            code=ExitCode.FAILED,
        )
    if place and not place.fetches_all:
        raise Failure(
            f"this clone fetches a single branch of {name}: develop, releases and features are hidden",
            hint=f"git remote set-branches {shlex.quote(name)} '*' && git fetch {shlex.quote(name)}",
            unchanged=UNCHANGED,
            code=ExitCode.FAILED,
        )
