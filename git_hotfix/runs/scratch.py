"""Folders that live as long as a command does: written down before they are made, so that what a killed command left
is found and removed by the next one."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from git_hotfix.runs.lock import start_of_process

_FILES = "scratch-*.json"


@contextlib.contextmanager
def registered(common_dir: Path) -> Iterator[Path]:
    """Within, what this process makes for itself in the temporary folder, as `git-hotfix-<pid>-…`, is known to be its
    own. The value is such a folder for what it checks out; it is removed at the end, and what commands left that were
    killed at the beginning."""
    sweep(common_dir)
    folder = common_dir / "hotfix"
    folder.mkdir(exist_ok=True)
    pid, place = os.getpid(), tempfile.gettempdir()
    file = folder / f"scratch-{pid}.json"
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps({"pid": pid, "started": start_of_process(pid), "place": place}))
    draft.replace(file)
    made = Path(tempfile.mkdtemp(prefix=f"git-hotfix-{pid}-", dir=place))
    try:
        yield made
    finally:
        remove_folder(made)
        file.unlink(missing_ok=True)


def sweep(common_dir: Path) -> list[str]:
    """Remove what commands left that are gone; the folders that were removed."""
    found = []
    for file in (common_dir / "hotfix").glob(_FILES):
        try:
            told = json.loads(file.read_text())
            pid, started, place = int(told["pid"]), str(told["started"]), str(told["place"])
        except (OSError, ValueError, KeyError, TypeError):
            continue
        if start_of_process(pid) == started:
            continue
        for folder in sorted(Path(place).glob(f"git-hotfix-{pid}-*")):
            remove_folder(folder)
            found.append(str(folder))
        file.unlink(missing_ok=True)
    return found


def remove_folder(folder: Path) -> None:
    """Remove a folder with all that a build left in it: folders that nobody may write to as well."""

    def again(what: Callable[..., object], path: str, _: object) -> None:
        with contextlib.suppress(OSError):
            for each in (Path(path).parent, Path(path)):
                if not each.is_symlink():
                    each.chmod(each.stat().st_mode | stat.S_IRWXU)
            shutil.rmtree(path) if Path(path).is_dir() and not Path(path).is_symlink() else Path(path).unlink()

    shutil.rmtree(folder, onerror=again)
