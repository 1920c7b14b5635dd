"""GitPython's command runner without the rest of GitPython."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import lru_cache
from typing import TYPE_CHECKING

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
