"""Conflicts that are open: the linked worktrees in which a human solves them, and what each is for."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from pathlib import Path

from git_hotfix.conflicts import resolve
from git_hotfix.conflicts.resolve import ResolutionRules
from git_hotfix.context import Context
from git_hotfix.git import history, merge, worktrees
from git_hotfix.git.repository import Repository, has_special_ref, open_repository
from git_hotfix.git.run import Git, decode
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import BranchName, IssueId, Oid, RefName, TagName
from git_hotfix.model.plan import SETTLED
from git_hotfix.report.streams import Streams
from git_hotfix.runs import intents

# Of the user's configuration: who commits, what signs, and how a file comes to this disk.
_TAKEN = (
    "user.", "author.", "committer.", "gpg.", "commit.gpgsign", "filter.", "core.autocrlf", "core.eol", "core.symlinks",
    "core.filemode", "core.ignorecase", "core.longpaths", "core.precomposeunicode",
)  # fmt: skip
_NOTE = "hotfix-resolve"  # in the git directory of the worktree: whose conflict is solved there


@frozen
class Note:
    """What a resolve worktree is for: a target, where it stood, how the fix comes there, which commits are picked."""

    issue: str
    target: str
    tip: str
    source: str
    strategy: str
    lands: bool  # the target is the branch that the hotfix goes to as production
    steps: Sequence[str] = ()


def leave_worktree(repository: Repository, streams: Streams) -> Repository:
    """`repository` as seen from its main worktree where this is a resolve worktree, which may be removed below us."""
    if not (repository.git_dir / _NOTE).exists():
        return repository
    main = repository.common_dir.parent if repository.common_dir.name == ".git" else repository.common_dir
    os.chdir(main)
    streams.say(f"going on from {main}: this worktree goes when its conflict is taken")
    return open_repository(main)


def git_in(repository: Repository, place: Path) -> Git:
    """git in a resolve worktree as its user has it, for looking. Raises `Failure` (exit 3) where it is gone."""
    worktrees.enter(repository, place)
    return Git(place)


def sealed_git(context: Context, place: Path) -> Git:
    """git in a resolve worktree for merging, picking and committing, as the plan does it in memory.

    The worktree's own HEAD and index, but the common directory of `session`'s scratch: no hook, no `info/attributes`,
    no merge setting and no merge driver of whoever solves, or a conflict of the plan would come here as merged
    already. The attributes of the target itself hold. rerere is off: what is solved here is kept in a place of ours.
    """
    settings = context.repository.config.items()
    taken = [f"{key}={value}" for key, values in settings if key.startswith(_TAKEN) for value in values]
    environment = {
        **context.git.environment,
        "GIT_DIR": str(git_dir(git_in(context.repository, place))),
        "GIT_COMMON_DIR": _common_dir(context),
        "GIT_WORK_TREE": str(place),
        "GIT_EDITOR": "true",
    }
    return Git(place, environment, (*context.git.pins, *taken))


def _common_dir(context: Context) -> str:
    """The scratch directory; beside it one of the worktree's own reference format, where that is another: HEAD of a
    worktree lies in a reftable, and a common directory of files knows none."""
    storage = (context.repository.setting("extensions.refStorage") or "files").partition(":")[0]
    if storage == "files":
        return context.git.environment["GIT_DIR"]
    place = context.git.cwd / storage
    if not place.exists():
        formats = (f"--ref-format={storage}", f"--object-format={context.repository.object_format}")
        Git(context.git.cwd).run("init", "--quiet", "--bare", "--template=", *formats, str(place))
    return str(place)


def git_dir(there: Git) -> Path:
    """The git directory of a linked worktree."""
    return Path(there.text("rev-parse", "--path-format=absolute", "--git-dir"))


def write_note(there: Git, note: Note) -> None:
    """Say in a linked worktree what it is for."""
    file = git_dir(there) / _NOTE
    half = file.with_name(f"{_NOTE}.new")  # killed while it is written, a run leaves no note that says half of it
    half.write_text(json.dumps(asdict(note)))
    half.replace(file)


def open_worktrees(repository: Repository) -> list[tuple[Path, Note]]:
    """Every resolve worktree of this repository whose note can be read."""
    found = []
    for file in _note_files(repository):
        note = _read_note(file)
        if note:
            found.append((_place(file), note))
    return found


def unreadable_worktrees(repository: Repository) -> list[Path]:
    """The resolve worktrees of which nothing says what they are for: --abort closes them."""
    return [_place(file) for file in _note_files(repository) if _read_note(file) is None]


def _note_files(repository: Repository) -> list[Path]:
    return sorted((repository.common_dir / "worktrees").glob(f"*/{_NOTE}"))


def _place(note: Path) -> Path:
    return Path((note.parent / "gitdir").read_text(errors="surrogateescape").strip()).parent


def _read_note(file: Path) -> Note | None:
    """A note, also one that a later version wrote with keys that this one does not know; None for anything else."""
    try:
        told = json.loads(file.read_text())
        return Note(**{each.name: told[each.name] for each in fields(Note)})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def branches_in_work(repository: Repository) -> set[RefName]:
    """The branches whose conflict a human is at: nothing else solves them meanwhile."""
    return {RefName(note.target) for _, note in open_worktrees(repository)}


def worktrees_of(context: Context, given: str | None) -> list[tuple[Path, Note]]:
    """The resolve worktrees of the hotfix that an issue, branch or tag names; all without one."""
    found = open_worktrees(context.repository)
    if given is None:
        return found
    return [(place, note) for place, note in found if note.issue == issue_of(context, given)]


def issue_of(context: Context, given: str) -> IssueId:
    """The issue that an issue, a hotfix branch or the tag of a finish names."""
    tag = context.snapshot.refs.tags.get(TagName(given))
    return IssueId((tag.trailer("Hotfix-Issue") if tag else None) or context.snapshot.prefixes.issue_named(given))


def forget_killed(context: Context, issue: IssueId | None, targets: Collection[BranchName] | None) -> None:
    """Remove the worktrees that a killed --resolve was opening, of one hotfix or all, for `targets` or all: what stands
    in one is git's work, cut off. One in which somebody went on since (a commit, a file that is newer than its index)
    stays, and is open like any other."""
    repository = context.repository
    for intent in intents.read_open(repository.common_dir):
        if intent.command != "resolve" or issue not in (None, intent.issue):
            continue
        if targets is not None and intent.branch not in targets:
            continue
        place = Path(intent.place)
        folder = worktrees.folder_of(repository, place)
        if folder is not None and (
            worktrees.is_being_made(repository, place) or not _was_continued(place, folder, intent.new)
        ):
            worktrees.remove(repository, place)
        intents.close(repository.common_dir, intent)


_LATER = 2.0  # seconds after which a file was not written by the merge that wrote the index


def _was_continued(place: Path, folder: Path, tip: Oid | None) -> bool:
    if not (folder / _NOTE).exists():
        return False  # nothing was merged there yet, and nobody was told of it
    there = Git(place)
    if history.resolve(there, "HEAD") != tip:
        return True
    try:
        written = (folder / "index").stat().st_mtime
    except OSError:
        return False
    files = [place / name for name in unmerged_paths(there)]
    return any(file.lstat().st_mtime > written + _LATER for file in files if file.exists())


def is_untouched(there: Git, note: Note) -> bool:
    """True where a resolve worktree stands at its target with no merge under way and not a file changed."""
    under_way = any(has_special_ref(there, git_dir(there), head) for head in ("MERGE_HEAD", "CHERRY_PICK_HEAD"))
    if under_way or there.text("rev-parse", "--verify", "HEAD") != note.tip:
        return False
    return not there.run("status", "--porcelain", "-z", "--untracked-files=all", "--no-renames").out


def unmerged_paths(there: Git) -> list[str]:
    """The paths that are in conflict in a worktree."""
    out = there.run("diff", "--name-only", "--diff-filter=U", "-z", check=False).out
    return [decode(name) for name in out.split(b"\0") if name]


def settle_in_worktree(
    context: Context, rules: ResolutionRules, there: Git, pair: tuple[Oid, Oid], *, all_of_it: bool
) -> dict[str, str]:
    """Write what needs no human of a merge of `pair` into its worktree, and say why. Without `all_of_it`, where nothing
    else is in conflict the human came to decide just that, and finds it as it is."""
    merged = merge.merge_all(context.git, [pair])
    [answers] = resolve.answer_conflicts(context.git, [pair], merged, rules)
    if not all_of_it and {conflict.path for conflict in merged[0].conflicts} <= set(answers.settled):
        return {}
    for path, answer in answers.settled.items():
        file = there.cwd / path
        if file.is_file() and not file.is_symlink():
            file.write_bytes(answer.file.content)
            there.run("add", "--", f":(top,literal){path}")
    return {path: SETTLED[answer.by] for path, answer in answers.settled.items()}


def settle_pick(context: Context, rules: ResolutionRules, there: Git, *, all_of_it: bool) -> dict[str, str]:
    """`settle_in_worktree` for the commit of a cherry-pick at which it stopped; nothing where none waits."""
    if not has_special_ref(there, git_dir(there), "CHERRY_PICK_HEAD"):
        return {}
    head, picked = (Oid(there.text("rev-parse", "--verify", name)) for name in ("HEAD", "CHERRY_PICK_HEAD"))
    parents = history.first_parent_of(context.git, [picked])
    if picked not in parents:
        return {}
    [side] = merge.sides_of_picks(context.git, [(head, parents[picked])])
    return settle_in_worktree(context, rules, there, (side, picked), all_of_it=all_of_it)
