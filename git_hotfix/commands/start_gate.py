"""What `start` says where no gate stands in front of the pushes of a new hotfix.

A hook manager reads its settings from the working tree, and the working tree of a hotfix is that of an old tag: the
line by which a team runs the gate may be younger than that.
"""

from __future__ import annotations

from pathlib import Path

from git_hotfix.commands.hooks import LEFTHOOK_LINES, SETTING, put_in_place
from git_hotfix.context import Context
from git_hotfix.errors import Failure
from git_hotfix.git import blobs
from git_hotfix.git.repository import Repository, open_repository
from git_hotfix.hooks import config_hooks
from git_hotfix.hooks.install import Standing, detect, hooks_folder, names_gate, settings_of
from git_hotfix.model.hotfix import Tag
from git_hotfix.questions.starting_place import remember
from git_hotfix.report import text
from git_hotfix.report.streams import Streams

_LOCAL = "lefthook-local.yml"  # lefthook reads it beside the team's file; no tag holds it


def offer(context: Context, tag: Tag, worktree: Path | None) -> None:
    """Offer the gate where none stands in front of pushes from where the hotfix at `tag` is worked on.

    A person is asked, and git config `hotfix.gate` keeps the answer; without a terminal a note names the command.
    Nothing of this stops a hotfix.
    """
    repository = open_repository(worktree) if worktree else context.repository
    assert repository.top
    folder = hooks_folder(repository)
    standing = detect(folder.path, repository.top)
    if standing.active or config_hooks.find_gate(repository) is not None:
        return
    streams, answered = context.streams, (repository.setting(SETTING) or "").lower()
    name, settings = settings_of(standing, folder.path, repository.top)
    older = bool(name) and not (settings and names_gate(settings)) and _names_gate_now(context, name)
    says = f"{name} of {tag.name} does not run the gate" if older else "no gate stands in front of this clone's pushes"
    if answered == "none":
        if older:
            streams.say(f"note: {says}, as {context.snapshot.production} does: git hotfix hooks install")
        return
    if answered != "native":
        if not streams.is_terminal and _is_pushed_aside(standing, settings):
            streams.say(f"note: {says}. These lines in {_LOCAL} do, on every branch:\n{LEFTHOOK_LINES}".rstrip())
            return
        if not streams.is_terminal:
            streams.say(f"note: {says}: git hotfix hooks install (to hear no more of it: git config {SETTING} none)")
            return
        streams.say(f"{says}: nothing would stop a push of what is not a hotfix.")
        agreed = text.ask(streams, "Put the gate in front of this clone's pushes?")
        remember(repository, SETTING, "native" if agreed else "none")
        if not agreed:
            return
    _put_in_place(repository, standing, settings, streams)


def _names_gate_now(context: Context, name: str) -> bool:
    """True where the same file runs the gate on production: the team counts on it."""
    tip = context.snapshot.refs.branches[context.snapshot.production]
    [content] = blobs.read(context.git, [f"{tip}:{name}"])
    return content is not None and names_gate(content)


def _is_pushed_aside(standing: Standing, settings: bytes | None) -> bool:
    """True where lefthook has a pre-push hook of its own to write: it does so when its settings differ from the last
    time, as at the first commit on an old tag, and renames the hook that it finds."""
    return standing.beside == "lefthook" and settings is not None and b"pre-push" in settings


def _put_in_place(repository: Repository, standing: Standing, settings: bytes | None, streams: Streams) -> None:
    """The native gate; or lefthook's own way, where lefthook would push the native gate aside at the next commit."""
    assert repository.top
    if _is_pushed_aside(standing, settings):
        file = repository.top / _LOCAL
        if file.exists():
            streams.say(f"add these lines to {_LOCAL}, and lefthook runs the gate on every branch:\n{LEFTHOOK_LINES}")
            return
        file.write_text(LEFTHOOK_LINES)
        exclude = repository.common_dir / "info" / "exclude"
        exclude.parent.mkdir(exist_ok=True)
        with exclude.open("a") as lines:
            lines.write(f"/{_LOCAL}\n")
        streams.say(f"wrote {_LOCAL}, which git ignores here: lefthook runs the gate on every branch")
        return
    try:
        put_in_place(repository, streams)
    except Failure as failure:
        streams.say(f"the gate was not put in place: {failure.message}")
        for line in failure.hint.splitlines():
            streams.say(f"  → {line}")
