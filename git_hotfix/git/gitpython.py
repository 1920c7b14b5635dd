"""GitPython's command runner without the rest of GitPython."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from subprocess import Popen
from typing import IO, TYPE_CHECKING, Any

from git_hotfix.errors import Failure

if TYPE_CHECKING:
    from git.cmd import Git


@lru_cache(maxsize=1)
def runner() -> type[Git]:
    """GitPython's `git.cmd.Git`.

    `import git` loads its whole object model and runs `git version` twice: 60 of the 110 ms that it costs before a hook
    has looked at anything. The runner stands in `git.cmd`, so only that is loaded, below a package that has GitPython's
    path and nothing else. Where GitPython is loaded already, or a later one no longer allows this, it is imported as
    usual.
    """
    found = None if "git" in sys.modules else importlib.util.find_spec("git")
    if found and found.submodule_search_locations:
        sys.modules["git"] = importlib.util.module_from_spec(found)  # with its path and its spec, and not run
        try:
            return importlib.import_module("git.cmd").Git  # type: ignore[no-any-return]
        except ImportError:
            for name in [name for name in sys.modules if name == "git" or name.startswith("git.")]:
                del sys.modules[name]
    return importlib.import_module("git.cmd").Git  # type: ignore[no-any-return]


def start(
    command: Sequence[str], cwd: Path, environment: Mapping[str, str], feed: int | IO[bytes], *, alone: bool = False
) -> Popen[bytes]:
    """Start `command` in `cwd`, with `environment` beside the one of this process; `alone`: in a session of its own.

    Raises `Failure` (exit 3) where there is no git. The folder is handed over as a path: GitPython takes a string with
    `$name` for a variable, and it has to exist, because another one would mean wherever this process stands.
    """
    runner_of_folder = runner()(cwd)
    from git.exc import GitCommandNotFound

    options: dict[str, Any] = {"istream": feed, "as_process": True, "start_new_session": alone}
    try:
        begun: Any = runner_of_folder.execute([*command], env={**environment}, **options)
    except GitCommandNotFound as error:
        raise Failure("git is not on PATH", hint="install git 2.39 or newer") from error
    process: Popen[bytes] = begun.proc
    begun.proc = None  # GitPython ends what nobody holds any more; we wait for it ourselves
    return process
