"""The project that flows start from: a bare remote, a clone of it, and stages on the way to a finished hotfix."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sandbox import Dates, Repo

APP = "".join(f"value_{number} = {number}\n" for number in range(1, 31))


@dataclass(frozen=True)
class Project:
    """A team's repository: `remote` is bare, `clone` one person's clone.

    main ends at the tag v1.4.2, with v1.4.1 below it; develop has two commits more, release/1.5 and feature/login
    grew from develop, feature/search from main; feature/old was left alone for 200 days. Every branch has `app.py`
    with 30 numbered values and a file of its own. The clone has local main and develop and stands on develop.
    """

    root: Path
    remote: Repo
    clone: Repo

    def released(self, tag: str, files: Mapping[str, str]) -> str:
        """A colleague makes a release of main with `files` more, which this clone has not fetched; its commit."""
        other = self.another_clone(f"release-{tag}")
        other.git("switch", "-q", "main")
        other.commit(f"release {tag}", files)
        other.git("push", "-q", "origin", "main")
        return other.tag(tag)

    def set_policy(self, text: str, *, file: str = ".git-hotfix.toml", fetched: bool = False) -> str:
        """A colleague puts a policy on production, which this clone has `fetched` or not; its commit."""
        other = self.another_clone("policy")
        other.git("switch", "-q", "main")
        made = other.commit("the policy", {file: text})
        other.git("push", "-q")
        if fetched:
            self.clone.git("fetch", "-q")
        return made

    def another_clone(self, name: str, *options: str) -> Repo:
        """A colleague's clone."""
        place = self.root / name
        self.remote.git("clone", "-q", *options, self.remote.path.as_uri(), str(place))
        return Repo(place, self.clone.dates, self.clone.environment)

    def linked(self, name: str, branch: str) -> Repo:
        """A linked worktree of the clone that stands on a branch."""
        self.clone.git("worktree", "add", "-q", str(self.root / name), branch)
        return self.at(name)

    def at(self, name: str) -> Repo:
        """A working tree of the clone in another folder."""
        return Repo(self.root / name, self.clone.dates, self.clone.environment)

    @property
    def dates(self) -> Dates:
        return self.clone.dates

    @property
    def private_git_dir(self) -> Path:
        """Where the tool's temporary files go."""
        return self.root / "tmp"


FEATURES = ("feature/login", "feature/search")
TARGETS = ("develop", "release/1.5", *FEATURES)
FIX = APP.replace("value_15 = 15\n", 'value_15 = "fifteen"\n')


def on_disk(root: Path, dates: Dates) -> Project:
    """The project whose files lie in `root`."""
    home = root / "home"
    environment = {"HOME": str(home), "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"), "TMPDIR": str(root / "tmp")}
    return Project(root, Repo(root / "remote.git", dates, environment), Repo(root / "clone", dates, environment))


def build(root: Path, dates: Dates) -> Project:
    """Make the project from nothing."""
    for folder in ("home", "tmp", "remote.git", "clone"):
        (root / folder).mkdir(parents=True)
    shutil.copy(os.environ["GIT_CONFIG_GLOBAL"], root / "home" / ".gitconfig")
    made = on_disk(root, dates)
    made.remote.git("init", "-q", "--bare")
    clone = made.clone
    clone.git("init", "-q")
    clone.git("remote", "add", "origin", str(made.remote.path))
    clone.commit("first", {"app.py": APP, "README.md": "an app\n"})
    clone.git("tag", "-a", "v1.4.1", "-m", "v1.4.1")
    clone.commit("release 1.4.2", {"VERSION": "release 1.4.2\n"})
    clone.git("tag", "-a", "v1.4.2", "-m", "v1.4.2")
    clone.git("switch", "-q", "-c", "develop")
    clone.commit("develop one", {"develop.txt": "one\n"})
    clone.commit("develop two", {"develop.txt": "one\ntwo\n"})
    clone.git("push", "-q", "-u", "origin", "main", "develop", "v1.4.1", "v1.4.2")
    clone.branch("release/1.5", "develop", "release one", {"release.txt": "one\n"})
    clone.branch("feature/login", "develop", "login one", {"login.txt": "one\n"})
    clone.branch("feature/search", "main", "search one", {"search.txt": "one\n"})
    clone.branch("feature/old", "main", "old one", {"old.txt": "one\n"}, ago=200)
    clone.git("fetch", "-q")
    return made


def _plain(root: Path, dates: Dates) -> None:
    build(root, dates)


def _fixed(root: Path, dates: Dates) -> None:
    made = build(root, dates)
    answer = made.clone.hotfix("start", "4711", "-m", "Checkout fails", "--severity", "P0")
    assert answer.code == 0, answer.err
    made.clone.commit("fix the checkout", {"app.py": FIX})


_STAGES: Mapping[str, Callable[[Path, Dates], None]] = {"plain": _plain, "fixed": _fixed}


@dataclass(frozen=True)
class Templates:
    """Projects that are built once a process and copied for every test."""

    root: Path
    dates: dict[str, Dates] = field(default_factory=dict)
    """The clock of each as it was built: a test goes on from there, however many ran before it."""

    def copy(self, stage: str, to: Path) -> Project:
        source = self.root / stage
        if not source.exists():
            dates = self.dates[stage] = Dates()
            _STAGES[stage](source, dates)
            for repo in ("remote.git", "clone"):  # two files to copy for every test, not a hundred
                Repo(source / repo, dates).git("repack", "-adq")
        for part in ("home", "tmp", "remote.git", "clone"):
            shutil.copytree(source / part, to / part, symlinks=True)
        config = to / "clone" / ".git" / "config"
        config.write_text(config.read_text().replace(str(source), str(to)))
        return on_disk(to, replace(self.dates[stage]))
