"""Which code a run is about, and where it stands: in the directory here, or in a checkout of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.evidence.directory import Directory, own_tree, read_directory
from git_hotfix.evidence.settings import Setting
from git_hotfix.git import history, separate_checkout, worktrees
from git_hotfix.git.run import Git, decode
from git_hotfix.hotfix.find import chosen_issue, find_hotfix, from_branch, is_finished
from git_hotfix.hotfix.way_back import WayBack, find_way_back
from git_hotfix.model import patterns
from git_hotfix.model.command_line import command_line
from git_hotfix.model.frozen import frozen
from git_hotfix.model.hotfix import Hotfix, Tag
from git_hotfix.model.names import Oid, TagName
from git_hotfix.model.times import finish_of
from git_hotfix.model.words import counted


@frozen
class Code:
    """The code of a hotfix: the commit that a finished one is tagged at (else its tip), the tree of that, the tag
    that it has or will have (None: not decided yet), and the way back from it."""

    hotfix: Hotfix
    commit: Oid
    tree: Oid
    tag: TagName | None
    way_back: WayBack
    finished: bool

    @property
    def shown(self) -> str:
        """What people call it."""
        return self.tag if self.finished and self.tag else f"{self.hotfix.branch} at {self.commit[:10]}"


@frozen
class Place:
    """Where a run happens: git in that directory, the commit and tree that it really holds, how many files of it are
    in no commit, and whether it is a checkout of its own."""

    git: Git
    commit: Oid
    tree: Oid | None
    uncommitted: int
    separate: bool = False


def find_code(context: Context, given: str | None) -> Code:
    """The code that an issue, a tag or the current branch names; of a hotfix that is tagged what its tag holds, also
    while targets lack the fix and its branch stands as it was tagged. Raises `Failure` (exit 2) where there is none."""
    hotfix = _find_open(context, given)
    if hotfix is None:
        from git_hotfix.release import finished_hotfix  # 25 ms, which a run on an open hotfix does without

        past = finished_hotfix.find_finished(context, given)
        if past:
            return _finished_code(context, past.hotfix, past.tag)
        hotfix = find_hotfix(context.git, context.snapshot, given)
    tags = context.snapshot.finish_tags(hotfix.issue) if finish_of(hotfix.logbook) else []
    made = [tag for tag in tags if tag.trailer("Hotfix-Tip") == hotfix.tip]
    if made:
        return _finished_code(context, hotfix, made[0])
    back = find_way_back(context.git, context.snapshot, hotfix, None)
    return Code(hotfix, hotfix.tip, hotfix.tip_tree, hotfix.tag, back, False)


def _find_open(context: Context, given: str | None) -> Hotfix | None:
    """The hotfix of a branch that stands and is not finished; None for all else."""
    snapshot = context.snapshot
    if given and snapshot.refs.tags.get(TagName(given.removeprefix("refs/tags/"))) is not None:
        return None
    hotfix = from_branch(context.git, snapshot, chosen_issue(snapshot, given))
    return hotfix if hotfix and not is_finished(snapshot, hotfix) else None


def _finished_code(context: Context, hotfix: Hotfix, tag: Tag | None) -> Code:
    commit = tag.commit if tag else hotfix.tip
    tree = history.trees(context.git, [commit]).get(commit, hotfix.tip_tree)
    back = find_way_back(context.git, context.snapshot, hotfix, tag)
    return Code(hotfix, commit, tree, tag.name if tag else hotfix.tag, back, True)


def variables(code: Code, place: Place) -> Mapping[str, str]:
    """What a command is told in its environment; what nobody knows is empty."""
    hotfix = code.hotfix
    return {
        "HOTFIX_TAG": code.tag or "",
        "HOTFIX_ISSUE": hotfix.issue,
        "HOTFIX_BASE_TAG": hotfix.base_tag or "",
        "HOTFIX_COMMIT": place.commit,
        "HOTFIX_TREE": place.tree or "",
        "HOTFIX_ROLLBACK_TAG": code.way_back.tag or "",
    }


def find_directory(context: Context, code: Code, setting: Setting) -> tuple[Git, Directory] | None:
    """The directory where the code stands: where the hotfix branch is checked out, else this one where it holds the
    same, and stands on the very commit of a finished one, which what deploys may name; None where neither does."""
    repository = context.repository
    named = None if code.finished else context.snapshot.refs.worktrees.get(code.hotfix.branch)
    if named:
        git = worktrees.enter(repository, Path(named))
        return git, read_directory(git, but=setting.junit)
    if repository.top is None:
        return None
    here = read_directory(repository.git, but=setting.junit)
    tree = history.trees(context.git, [here.head]).get(here.head) if here.head else None
    same = here.head == code.commit if code.finished else tree == code.tree
    return (repository.git, here) if here.clean and same else None


def place_in(context: Context, code: Code, setting: Setting, git: Git, directory: Directory) -> Place:
    """What a directory really holds."""
    head = directory.head or code.commit
    uncommitted = directory.changed + directory.untracked
    if uncommitted:
        return Place(git, head, own_tree(context.repository, git, but=setting.junit), uncommitted)
    return Place(git, head, history.trees(context.git, [head]).get(head), 0)


def check_out(context: Context, commit: Oid, setting: Setting, folder: Path, name: str) -> Place:
    """A checkout of `commit` in `folder`, with the untracked files that the user has carried there. Its folder is
    called as the repository's is: builds know it."""
    top = context.repository.top
    place = folder / name / (top.name if top else "code")
    git = separate_checkout.check_out(context.repository, commit, place)
    if top:
        _carry(context.repository.git, top, place, setting)
    return Place(git, commit, history.trees(context.git, [commit]).get(commit), 0, separate=True)


def _carry(git: Git, top: Path, place: Path, setting: Setting) -> None:
    """Copy the untracked files and folders of the directory here that `.carry` names; what is tracked stays as the
    commit has it."""
    if not setting.carry:
        return
    wanted = patterns.paths(setting.carry)
    told = git.run("ls-files", "--others", "-z", "--directory", "--no-empty-directory", check=False).out.split(b"\0")
    for name in filter(None, map(decode, told)):
        source = top / name
        files = [source] if not name.endswith("/") else [each for each in source.rglob("*") if not _is_folder(each)]
        for file in files:
            path = file.relative_to(top)
            parents = [str(each) for each in path.parents][:-1]
            if (wanted(str(path)) or any(map(wanted, parents))) and ".git" not in path.parts:
                (place / path).parent.mkdir(parents=True, exist_ok=True)
                with contextlib.suppress(FileExistsError):
                    _copy(file, place / path)


def _is_folder(file: Path) -> bool:
    return file.is_dir() and not file.is_symlink()


def _copy(file: Path, to: Path) -> None:
    if file.is_symlink():
        os.symlink(os.readlink(file), to)  # noqa: PTH115, PTH211 (bytes of the link as they are)
    elif not to.exists():
        shutil.copy2(file, to)


def say_place(context: Context, code: Code, place: Place, name: str) -> None:
    """Say at once what a run is worth: before it takes half an hour."""
    say = context.streams.say
    if place.separate:
        say(f"{name} runs on {code.shown}, in a checkout of its own")
    if place.uncommitted:
        files = counted(place.uncommitted, "file is", "files are")
        say(f"{files} not committed in {place.git.cwd}: this run has its own tree, and counts for nothing at the gate")
        say(f"  → commit or ignore them, or run on what is committed: {command_line('run', name, clean=True)}")
    elif place.tree != code.tree:
        say(f"{place.git.cwd} stands on {place.commit[:10]}: this is not the code of {code.shown}")


def require_place(place: Path) -> None:
    """Refuse a place that is gone. Raises `Failure` (exit 3)."""
    if not place.is_dir():
        raise Failure(f"{place} is gone: nothing was run", hint="git worktree list")
