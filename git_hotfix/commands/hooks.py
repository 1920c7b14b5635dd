"""git hotfix hooks: put the gate in front of every push, take it away, say whether it is there."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from git_hotfix.errors import ExitCode
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.hooks.install import (
    CALL,
    LEGACY,
    Change,
    Folder,
    Standing,
    detect,
    hooks_folder,
    install,
    require_own,
    uninstall,
    visible_to_status,
)
from git_hotfix.report.streams import Streams

SETTING = "hotfix.gate"  # what a person said when `start` offered the gate: native, or none
_WHOSE = {
    "none": "no pre-push hook",
    "own": "a pre-push hook of your own",
    "pre-commit": "pre-commit's pre-push hook",
    "lefthook": "lefthook's hooks",
    "husky": "husky's pre-push hook",
    "git-hotfix": "this gate",
}

# {1} and {2} are git's arguments to the hook, the remote's name and URL. lefthook passes over a command when HEAD has
# no file that its upstream lacks, a push of a tag alone for one; a list of files that is never empty keeps it running.
# Tried with lefthook 2.2.2.
LEFTHOOK_LINES = f"""\
pre-push:
  commands:
    git-hotfix:
      files: echo lefthook.yml
      run: true {{files}} && {CALL} {{1}} "{{2}}"
      use_stdin: true
"""
_LEFTHOOK_SNIPPET = "\n".join(f"  {line}" for line in LEFTHOOK_LINES.splitlines())


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `git hotfix hooks`."""
    parser.add_argument(
        "action",
        choices=("install", "uninstall", "status"),
        help="install: beside whatever hook is there, which still runs; uninstall: the old hook comes back; "
        "status: exit 0 when the gate is in place, 1 when not",
    )


def run(arguments: argparse.Namespace, streams: Streams) -> ExitCode:
    """Install, uninstall or look. Raises `Failure` (exit 2) where a hook would serve other repositories too."""
    repository = open_repository()
    folder = hooks_folder(repository)
    if arguments.action == "status":
        return _status(repository, folder, streams)
    if arguments.action == "install":
        put_in_place(repository, streams)
        return ExitCode.DONE
    directory = require_own(folder)
    before = visible_to_status(repository, directory)
    change = uninstall(directory)
    _say_uninstalled(repository, change, streams)
    # Whoever takes the gate away does not want start to put it back without a word.
    repository.git.run("config", "--local", "--unset-all", SETTING, "^native$", check=False)
    _say_changed_files(repository, directory, change, before, streams)
    return ExitCode.DONE


def put_in_place(repository: Repository, streams: Streams) -> None:
    """Install the gate and say what was done. Raises `Failure` (exit 2) where a hook would serve other repositories
    too."""
    folder = hooks_folder(repository)
    directory = require_own(folder)
    standing = detect(directory, repository.top)
    before = visible_to_status(repository, directory)
    change = install(directory, repository.top)
    _say_installed(repository, folder, standing, change, streams)
    _say_changed_files(repository, directory, change, before, streams)


def _say_changed_files(
    repository: Repository, directory: Path, change: Change, before: tuple[str, ...], streams: Streams
) -> None:
    if change.done in ("installed", "updated", "removed"):
        after = visible_to_status(repository, directory)
        for path in dict.fromkeys((*before, *after)):
            streams.say(f"changed inside the working tree: {path}; commit it to share it, or add it to .gitignore")


def _status(repository: Repository, folder: Folder, streams: Streams) -> ExitCode:
    standing = detect(folder.path, repository.top)
    if not standing.active:
        streams.out(
            f"missing: {_WHOSE[standing.maker]} in {_path_here(repository, folder.path)}, and no gate before it"
        )
        streams.say("put it there: git hotfix hooks install")
        return ExitCode.REFUSED
    place = standing.gate or standing.caller
    assert place is not None
    streams.out(f"in place: {_path_here(repository, place)}")
    if standing.gate is None:
        _say_called(repository, place, streams)
    elif not standing.current:
        streams.say("it comes from another version; update it: git hotfix hooks install")
    if standing.gate is not None and standing.caller is not None:
        _say_twice(repository, standing.caller, streams)
    _say_path(streams)
    return ExitCode.DONE


def _say_installed(
    repository: Repository, folder: Folder, standing: Standing, change: Change, streams: Streams
) -> None:
    place = _path_here(repository, change.place)
    streams.say(f"found: {_WHOSE[standing.beside]}")
    if change.done == "unchanged":
        streams.say(f"unchanged: the gate is in place, {place}")
    else:
        streams.say(f"{change.done}: {place}")
    if change.place == standing.caller and standing.gate is None:
        _say_called(repository, change.place, streams)
    elif standing.caller is not None:
        _say_twice(repository, standing.caller, streams)
    if change.kept is not None:
        _say_kept(_path_here(repository, change.kept), standing, streams)
    if change.done == "installed":
        _say_limits(repository, folder, standing, change, streams)
    _say_path(streams)


def _say_kept(kept: str, standing: Standing, streams: Streams) -> None:
    if standing.maker == "none":
        streams.say(f"kept: {kept} was left from an earlier install and runs again; remove it if it should not")
    else:
        streams.say(f"kept: the hook that stood there is {kept}; it runs after the gate, with the same input")


def _say_limits(repository: Repository, folder: Folder, standing: Standing, change: Change, streams: Streams) -> None:
    """What this hook cannot protect, beside this manager."""
    if change.place.name == LEGACY:
        streams.say("pre-commit runs it first, with every ref of the push; `pre-commit install -f` would delete it")
    if standing.beside == "lefthook":
        streams.say(
            "The hook can get lost: when lefthook.yml changes, lefthook writes its hooks again and pushes this one "
            f"aside without running it. Let lefthook run the gate as well, in lefthook.yml:\n{_LEFTHOOK_SNIPPET}\n"
            "(and in lefthook-local.yml, for hotfixes cut from a tag that is older than these lines); "
            "then `lefthook install` replaces this hook by its own, and the gate runs once"
        )
    if standing.beside == "husky":
        file = _path_here(repository, change.place.parent.parent / "pre-push")
        streams.say(
            "The hook can get lost: every `npm install` that runs husky overwrites it. "
            f'Let husky run the gate: git hotfix hooks uninstall, then in {file}:\n  {CALL} "$@"'
        )
    if folder.relative and repository.top is not None:
        streams.say("core.hooksPath is relative: another worktree of this repository has hooks of its own")
    streams.say(
        "The hook cannot stop `git push --no-verify` or clones without it; "
        "a pre-receive hook on the server sees every push"
    )


def _say_called(repository: Repository, caller: Path, streams: Streams) -> None:
    if "lefthook-local" in caller.name:
        streams.say(f"{_path_here(repository, caller)} runs the gate, whatever branch this worktree stands on")
        return
    streams.say(
        f"{_path_here(repository, caller)} runs the gate; where that is a file of the working tree, "
        "a hotfix cut from a tag older than that line has no gate"
    )


def _say_twice(repository: Repository, caller: Path, streams: Streams) -> None:
    streams.say(
        f"{_path_here(repository, caller)} runs the gate too, so each push is judged twice: "
        "git hotfix hooks uninstall leaves that one"
    )


def _say_uninstalled(repository: Repository, change: Change, streams: Streams) -> None:
    if change.done == "absent":
        streams.say(f"nothing to remove: {_path_here(repository, change.place)} is not this gate")
        if change.kept is not None:
            streams.say(f"left alone: {_path_here(repository, change.kept)}, an older hook that does not run")
        return
    streams.say(f"removed: the gate from {_path_here(repository, change.place)}")
    if change.kept is not None:
        streams.say(f"restored: {_path_here(repository, change.kept)}, as it was before")


def _say_path(streams: Streams) -> None:
    if shutil.which("git-hotfix") is None:
        streams.say("git-hotfix is not on PATH: the hook refuses pushes of hotfix branches, production and tags")


def _path_here(repository: Repository, path: Path) -> str:
    """`path` as a person in this worktree would type it."""
    if repository.top is not None and path.is_relative_to(repository.top):
        return str(path.relative_to(repository.top))
    return str(path)
