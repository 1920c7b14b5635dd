"""Hooks that git configuration names (`hook.<name>.event` and `.command`, git 2.54): git runs them beside the file."""

from __future__ import annotations

import re

from git_hotfix.git.repository import Repository
from git_hotfix.git.run import decode

_GATE = re.compile(r"\bgit[- ]hotfix\b")


def read_push_hooks(repository: Repository) -> dict[str, str]:
    """Name → command of the hooks that git runs before a push because its configuration says so, in its order; none
    where git is too old to know them."""
    if not any(key.startswith("hook.") and key.endswith(".event") for key in repository.config):
        return {}
    answer = repository.git.run("hook", "list", "-z", "pre-push", check=False)
    names = [name for name in decode(answer.out).split("\0") if name] if answer.code == 0 else []
    found = {name: repository.setting(f"hook.{name}.command") for name in names}
    return {name: command for name, command in found.items() if command}  # the file among them has no command


def find_gate(repository: Repository) -> str | None:
    """The name of the hook of configuration that runs the gate, or None."""
    return next((name for name, command in read_push_hooks(repository).items() if _GATE.search(command)), None)
