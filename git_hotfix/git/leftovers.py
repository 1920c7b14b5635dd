"""What a killed git leaves among the objects: packs and objects that it had not finished, which nobody ever reads."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

from git_hotfix.git import processes
from git_hotfix.git.repository import Repository

_DRAFTS = ("pack/tmp_*", "pack/.tmp-*", "??/tmp_obj_*", "tmp_objdir-*", "incoming-*")


def sweep(repository: Repository, *, since: float) -> None:
    """Remove what appeared at or after `since` (seconds since the epoch), where no git works in the repository."""
    found = [file for pattern in _DRAFTS for file in (repository.common_dir / "objects").glob(pattern)]
    mine = [file for file in found if _mtime(file) >= since]
    if not mine or processes.git_processes(repository):
        return
    for file in mine:
        if file.is_dir():
            shutil.rmtree(file, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                file.unlink()


def _mtime(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0
