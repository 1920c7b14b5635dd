"""Where one undisturbed finish of the project's hotfix leaves the remote and the clone, whatever came between."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import PIPE

from building import FIX, TARGETS, Project
from sandbox import Answer, Repo


def end_state(
    project: Project,
    branches: Mapping[str, str],
    tip: str,
    *,
    owed: Sequence[str] = (),
    offered: Sequence[str] = (),
    killed: bool = False,
) -> None:
    """Everything where one undisturbed run leaves it, each merge made once; `owed` names the targets that still lack
    the fix, `offered` those of them for which a pull request waits. `branches` is where the remote stood, `tip`
    the hotfix. Who was `killed` could not take its scratch directory along."""
    if killed:
        for folder in project.private_git_dir.glob("git-hotfix-*"):
            shutil.rmtree(folder)
    clone, remote = project.clone, project.remote
    after = remote.branches()
    offers = {branch: f"hotfix-to/{branch}/4711" for branch in offered}
    assert set(after) == {*branches, *offers.values()}
    for branch, offer in offers.items():
        assert remote.parents(offer) == [branches[branch], tip]
    for branch in {"main", *TARGETS} - set(owed):
        assert remote.parents(branch) == [branches[branch], tip]
        assert remote.tree(branch) == {**remote.tree(branches[branch]), "app.py": FIX}
    for branch in set(branches) - {"main", *TARGETS} | set(owed):
        assert after[branch] == branches[branch]
    assert remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}
    assert remote.tip("v1.4.3") == after["main"]
    closed = [] if owed else ["close hotfix 4711"]
    # Each run that delivers says what, and a run that went on where another one was killed is one more.
    log = [each for each in remote.log("4711") if not each.startswith("deliver hotfix 4711 to ")]
    assert log == ["start hotfix 4711: Checkout fails", "finish hotfix 4711 as v1.4.3", *closed]
    mine = {"hotfix/4711": tip} if owed else {}
    assert clone.branches() == {"main": after["main"], "develop": after["develop"], **mine}
    assert clone.refs("refs/tags/v1.4.3") == remote.refs("refs/tags/v1.4.3")
    assert clone.refs("refs/hotfix/log", "refs/hotfix/run", "refs/hotfix/staged") == remote.refs("refs/hotfix/")
    assert clone.git("status", "--porcelain") == ""
    nothing_under_way(project)


def nothing_under_way(project: Project, *, journal: bool = False) -> None:
    """No lock, no journal (unless there is one), no half file of the tool or of git, and no scratch directory."""
    git = project.clone.path / ".git"
    kept = {"journal-4711.json"} if journal else set()
    assert {file.name for file in (git / "hotfix").glob("*")} - {"rr-cache"} == kept  # resolutions are kept on purpose
    assert [str(file) for file in git.rglob("*.lock")] == []
    assert [file.name for file in (git / "objects" / "pack").glob("tmp_*")] == []
    assert list(project.private_git_dir.iterdir()) == []


def at_work(*repos: Repo) -> list[str]:
    """Every git that works in one of these repositories, as it was called; none where there is no /proc."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() in [repo.path for repo in repos]:
                words = (process / "cmdline").read_text().split("\0")
                found += [" ".join(words)] if Path(words[0]).name.startswith("git") else []
        except OSError:  # it ended meanwhile, or is somebody else's
            continue
    return found


class Gate:
    """Where a program hangs until the test lets it go on, and nothing hangs longer than the test."""

    def __init__(self, project: Project) -> None:
        self._met, self._open = project.root / "met", project.root / "open"
        self.hang = f'touch "{self._met}"; while [ ! -e "{self._open}" ]; do sleep 0.02; done'

    def wait(self) -> None:
        """Wait until something hangs here."""
        while not self._met.exists():
            time.sleep(0.01)

    def open(self) -> None:
        self._open.touch()

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, *error: object) -> None:
        self.open()


def hears(ignores: signal.Signals | None = None) -> None:
    """In a new process: every signal as a shell at a terminal leaves it, whoever runs the suite in the background, and
    one that is ignored as `nohup` does."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN if number == ignores else signal.SIG_DFL)


class Running:
    """The real command line at work in a process of its own, to be stopped by a signal."""

    def __init__(self, repo: Repo, *arguments: str, ignores: signal.Signals | None = None, err: int = PIPE) -> None:
        self._repo = repo
        self.process = subprocess.Popen(
            [sys.executable, "-m", "git_hotfix", *arguments], cwd=repo.path,
            env={**os.environ, **repo.environment}, stdin=subprocess.DEVNULL, stdout=PIPE, stderr=err,
            preexec_fn=lambda: hears(ignores),
        )  # fmt: skip

    def stop(self, number: signal.Signals) -> Answer:
        """Send it, and it alone, a signal, and wait for its end."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> Answer:
        out, err = self.process.communicate(timeout=60)
        self._repo.dates.catch_up()
        return Answer(self.process.returncode, out.decode(), (err or b"").decode())
