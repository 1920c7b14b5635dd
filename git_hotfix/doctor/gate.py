"""Checks of the push gate and of what stands beside it."""

from __future__ import annotations

import shlex

from git_hotfix.doctor.context import CheckResult, CloneContext
from git_hotfix.hooks import config_hooks
from git_hotfix.hooks.install import detect, gate_in_place, hooks_folder


def in_place(clone: CloneContext) -> CheckResult:
    """Every push of this clone reaches the gate."""
    repository = clone.repository
    if not gate_in_place(repository) and (repository.setting("hotfix.gate") or "").lower() == "none":
        return CheckResult("ok", "none in front of this clone's pushes, as hotfix.gate says")
    if not gate_in_place(repository):
        return CheckResult("warn", "no gate in front of this clone's pushes", "git hotfix hooks install")
    found = detect(hooks_folder(repository).path, repository.top)
    if not found.active:
        return CheckResult("ok", f"in place: hook.{config_hooks.find_gate(repository)} of git's configuration")
    if found.gate is not None and not found.current:
        return CheckResult("warn", "in place, but from another version", "git hotfix hooks install")
    return CheckResult("ok", f"in place: {found.gate or found.caller}")


def hooks_path(clone: CloneContext) -> CheckResult | None:
    """Whether core.hooksPath moves the hooks to where a gate holds for more, or less, than this repository."""
    folder = hooks_folder(clone.repository)
    if not folder.scope:
        return None
    if folder.path.exists() and not folder.path.is_dir():
        return CheckResult(
            "fail", f"core.hooksPath is {folder.path}: hooks are switched off", "git config --unset core.hooksPath"
        )
    if folder.scope in ("global", "system"):
        says = f"core.hooksPath of the {folder.scope} configuration: a hook there runs in every repository"
        return CheckResult("warn", says, "git hotfix hooks install says what to add there")
    if folder.relative:
        return CheckResult("ok", f"{folder.path}, for this worktree: other worktrees have their own")
    return CheckResult("ok", str(folder.path))


def manager(clone: CloneContext) -> CheckResult | None:
    """Whose hooks stand here besides, and what that manager would do to the gate."""
    found = detect(hooks_folder(clone.repository).path, clone.repository.top)
    named = config_hooks.find_gate(clone.repository)
    if named is not None and found.active:
        way = f"git config --unset {shlex.quote(f'hook.{named}.event')} pre-push"
        return CheckResult("warn", f"hook.{named} runs the gate too: each push is judged twice", way)
    if found.beside in ("none", "git-hotfix"):
        return None
    if found.gate is not None and found.caller is not None:
        return CheckResult(
            "warn", f"{found.caller} runs the gate too: each push is judged twice", "git hotfix hooks uninstall"
        )
    if found.beside == "own":
        return CheckResult("ok", "a pre-push hook of the team's own")
    if found.beside == "pre-commit" and not found.active:
        return CheckResult("warn", "pre-commit alone shows a hook one ref of a push", "git hotfix hooks install")
    return CheckResult("ok", found.beside)
