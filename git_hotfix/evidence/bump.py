"""Every field that follows the release tags brought to the number of the hotfix's tag: by the user's own command where
one is set, and where none is, or it left a field out, at the very bytes of the field.

What is committed is a change of own versions and nothing else: the difference is judged line by line.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from git_hotfix.context import Context, write
from git_hotfix.dependencies import version_agreement
from git_hotfix.dependencies.version_difference import Numbers, StrangeLine, strange_lines
from git_hotfix.errors import ExitCode, Failure
from git_hotfix.evidence.code import Code, check_out, find_code, variables
from git_hotfix.evidence.process import run_command
from git_hotfix.evidence.run import prepare
from git_hotfix.evidence.settings import Setting
from git_hotfix.gates.version import Agreement
from git_hotfix.git import blobs, diff, refs, trees, worktrees
from git_hotfix.git.commits import Draft
from git_hotfix.git.run import Git
from git_hotfix.model.change import FileChange
from git_hotfix.model.command_line import command_line, git_command
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.hotfix import Facts, Hotfix
from git_hotfix.model.names import Oid, branch_ref
from git_hotfix.model.plan import Target
from git_hotfix.model.ref_update import RefUpdate
from git_hotfix.runs import intents, scratch
from git_hotfix.runs.intents import Intent


@frozen
class Edit:
    """A file of which the version moves: its bytes before and after."""

    path: str
    before: bytes
    after: bytes


@frozen
class Bump:
    """The files of which the version moves, and what a command changed beside that: then nothing is committed."""

    edits: tuple[Edit, ...]
    refused: tuple[StrangeLine, ...] = ()


def plan_bump(context: Context, facts: Facts, found: Agreement, setting: Setting | None, *, aside: bool) -> Bump:
    """What is to be committed; nothing is written. The command's output goes to stderr with `aside`.

    Raises `Failure` (exit 1) where the command fails.
    """
    assert found.old and found.new
    numbers = Numbers(found.old, found.new)
    made = Bump(())
    if setting:
        code = replace(find_code(context, facts.hotfix.issue), tag=found.tag)
        made = _run_tool(context, code, setting, numbers, aside=aside)
    if made.refused:
        return made
    edits, refused = {each.path: each for each in made.edits}, list[StrangeLine]()
    for followed, now, content in version_agreement.current_files(facts.content, facts.changes, found.followed):
        earlier = edits.get(now.path)
        text = earlier.after if earlier else content
        wrong = list(version_agreement.disagreements(followed, now, text, numbers.old, numbers.new))
        sayable = [each for each in wrong if each.expected is not None]
        if text is None or not sayable:
            continue
        after = version_agreement.edited(now.path, text, sayable)
        if after is None:
            refused += [_not_placed(now.path, each.field.line, each.field.value) for each in sayable]
            continue
        edits[now.path] = Edit(now.path, earlier.before if earlier else text, after)
    return Bump(tuple(edits[path] for path in sorted(edits)), tuple(refused))


def _not_placed(path: str, line: int | None, value: str) -> StrangeLine:
    return StrangeLine(path, line or 0, f"the bytes of {value} could not be told from the rest of the file")


def _run_tool(context: Context, code: Code, setting: Setting, numbers: Numbers, *, aside: bool) -> Bump:
    """What the user's command makes of a checkout of its own."""
    if not context.dry:
        scratch.sweep(context.repository.common_dir)
    with scratch.registered(context.repository.common_dir) as folder:
        place = check_out(context, code.commit, setting, folder, "code")
        number = numbers.new.text + numbers.new.suffix
        told = {**variables(code, place), "HOTFIX_VERSION": number}
        if setting.prepare:
            prepare(context, setting, place, told, aside=aside)
        before = _tree_of(place.git)
        ended = run_command(setting.command, place.git.cwd, told, setting.timeout, context.streams, aside=aside)
        if ended.state == "interrupted":
            raise KeyboardInterrupt
        if ended.state != "passed":
            raise Failure(
                f"hotfix.run.bump {ended.state.replace('-', ' ')} (exit {ended.exit})",
                hint="git config --get hotfix.run.bump",
                unchanged="no version was changed",
                code=ExitCode.REFUSED,
            )
        return _judge(place.git, before, _tree_of(place.git), numbers)


def _tree_of(git: Git) -> Oid:
    """The tree of all that stands in a checkout and is not ignored."""
    git.run("add", "--all")
    return Oid(git.text("write-tree"))


def _judge(git: Git, before: Oid, after: Oid, numbers: Numbers) -> Bump:
    """The files that a command changed, and the lines of them that say more than another version."""
    edits, refused = list[Edit](), list[StrangeLine]()
    files = diff.changes(git, before, after).files
    contents = dict(zip(_oids(files), blobs.read(git, _oids(files)), strict=True))
    for file in files:
        old, new = contents.get(file.old_oid), contents.get(file.new_oid)
        if file.status != "M" or file.old_mode != file.new_mode or old is None or new is None:
            words = {"A": "is a new file", "D": "was deleted", "R": f"was {file.old_path}"}
            refused.append(StrangeLine(file.path, 0, words.get(file.status, "is another kind of file")))
            continue
        refused += strange_lines(file.path, old, new, numbers)
        edits.append(Edit(file.path, old, new))
    return Bump(tuple(edits), tuple(refused))


def _oids(files: tuple[FileChange, ...]) -> list[Oid]:
    return list(dict.fromkeys(oid for file in files for oid in (file.old_oid, file.new_oid) if oid.strip("0")))


def show_difference(bump: Bump) -> Iterator[str]:
    """The lines of the difference, as `git diff` has them."""
    for edit in bump.edits:
        old, new = (side.decode("utf-8", "surrogateescape").splitlines() for side in (edit.before, edit.after))
        yield from difflib.unified_diff(old, new, f"a/{edit.path}", f"b/{edit.path}", lineterm="")


def require_place(context: Context, hotfix: Hotfix) -> Git | None:
    """git in the worktree that stands on the hotfix branch; None where none does. Raises `Failure` (exit 2) where that
    has uncommitted changes, or the branch is not here as it is known."""
    here = context.snapshot.refs.local.get(hotfix.branch)
    if here != hotfix.tip:
        why = "is not in this clone" if here is None else "is not here what it is on the remote"
        switch = git_command("switch", hotfix.branch)
        command = switch if here is None else f"{switch} && git pull --ff-only"
        raise Failure(f"{hotfix.branch} {why}", hint=command, code=ExitCode.USAGE, unchanged="no version was changed")
    held = context.snapshot.refs.worktrees.get(hotfix.branch)
    return worktrees.enter_clean(context.repository, held, hotfix.branch, command_line("bump")) if held else None


def commit(context: Context, hotfix: Hotfix, bump: Bump, message: str) -> Oid:
    """Commit the edits on the hotfix branch, from where it was seen; a worktree that stands on it is taken along.

    Raises `Failure`: exit 2 where that has uncommitted changes, exit 3 where the branch has moved meanwhile.
    """
    at = require_place(context, hotfix)
    modes = _file_modes(context.git, hotfix.tip)
    files = {each.path: trees.File(modes[each.path], each.after) for each in bump.edits}
    [tree] = trees.write(context.git, [trees.Draft(hotfix.tip_tree, files)])
    target = Target(branch_ref(hotfix.branch), hotfix.tip, 2)
    [new] = write(context, [(target, Draft((hotfix.tip,), tree, message))])
    if at is None:
        update = RefUpdate(branch_ref(hotfix.branch), hotfix.tip, new)
        refs.update(context.repository.git, [update], reason="git hotfix bump")
        return new
    # Killed between the files and the branch, git leaves both half done: the next command takes it up.
    intent = Intent("bump", hotfix.issue, hotfix.branch, hotfix.tip, new)
    intents.write(context.repository.common_dir, intent)
    moved = at.run("merge", "--ff-only", "--quiet", new, check=False)
    intents.close(context.repository.common_dir, intent)
    if moved.code != 0:
        raise Failure(f"git cannot take {at.cwd} along: {moved.last_words}", hint=git_command("switch", hotfix.branch))
    return new


def _file_modes(git: Git, tip: Oid) -> Mapping[str, str]:
    """The modes of all files of a commit."""
    rows = git.run("ls-tree", "-r", "-z", "--full-tree", tip).out.decode("utf-8", "surrogateescape").split("\0")
    pairs = (row.partition("\t") for row in rows if row)
    return {path: facts.split(" ")[0] for facts, _, path in pairs}
