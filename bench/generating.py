"""What the measurements share: a generated pair of repositories, fresh copies of it, and a clock."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROGRAM = (sys.executable, "-m", "git_hotfix.cli")
ISSUE, TITLE = "4711", "checkout times out"
TAG, NEXT_TAG = "v1.4.2", "v1.4.3"
FIXED_FILE = "src/part00/file0000.py"
DEVELOP_COMMITS = 40  # features leave develop at one of its last commits, as they do in life


@dataclass(frozen=True)
class Shape:
    """How big the generated repository is."""

    files: int = 2000
    branches: int = 1000

    def targets(self) -> list[str]:
        """The branches that must receive the fix, production not among them."""
        return ["develop", "release/1.5", *(f"feature/{number:04}" for number in range(self.branches))]


@dataclass(frozen=True)
class Pair:
    """A bare remote and a clone of it beside each other; the clone names the remote by a relative path, so that a
    copy of both is a pair of its own."""

    folder: Path

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    def git(self, *words: str, stdin: bytes = b"") -> bytes:
        """Run git in the clone and return its stdout."""
        return run(["git", *words], self.work, stdin=stdin)

    def copied(self, folder: Path) -> Pair:
        """A fresh copy of both repositories; what an earlier copy left there is removed first."""
        shutil.rmtree(folder, ignore_errors=True)
        # The index of a copy does not know the new inodes: refresh it, or the first git to look reads every file.
        subprocess.run(["cp", "-r", str(self.folder), str(folder)], check=True)
        pair = Pair(folder)
        pair.git("update-index", "-q", "--refresh")
        os.sync()  # what copying wrote is not to be waited for by whoever is measured next
        return pair


def sealed(home: Path) -> None:
    """Give this process and its children a home of their own, so that no configuration bends a measurement."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "gitconfig").write_text(
        "[user]\n\tname = Bench\n\temail = bench@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    # PYTHONDONTWRITEBYTECODE, say, would make every start compile what an installed program has compiled.
    for name in [name for name in os.environ if name.startswith(("GIT_", "PYTHON"))]:
        del os.environ[name]
    os.environ.update(
        HOME=str(home),
        GIT_CONFIG_GLOBAL=str(home / "gitconfig"),
        GIT_CONFIG_NOSYSTEM="1",
        GIT_TERMINAL_PROMPT="0",
        LC_ALL="C",
        PATH=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    )


def run(command: Sequence[str], cwd: Path, *, stdin: bytes = b"") -> bytes:
    """Run `command` and return its stdout; a failure shows what it said and ends the measurement."""
    done = subprocess.run(command, cwd=cwd, input=stdin, capture_output=True)
    if done.returncode != 0:
        sys.stderr.write(done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace"))
        raise SystemExit(f"{' '.join(command[:6])} … exited with {done.returncode}")
    return done.stdout


def seconds(command: Sequence[str], cwd: Path, *, stdin: bytes = b"") -> float:
    """How long `command` takes, start to end."""
    start = time.perf_counter()
    run(command, cwd, stdin=stdin)
    return time.perf_counter() - start


def spent(command: Sequence[str], cwd: Path, *, stdin: bytes = b"") -> tuple[float, float]:
    """How long `command` takes, and the processor time of it and of all that it starts and waits for: on a machine that
    others use too, only the second one is its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    taken = seconds(command, cwd, stdin=stdin)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def circumstances(folder: Path) -> str:
    """Where `folder` lies and how busy the machine is: what absolute seconds depend on."""
    kind = subprocess.run(["stat", "-f", "-c", "%T", str(folder)], capture_output=True).stdout.decode().strip()
    load = " ".join(f"{each:.1f}" for each in os.getloadavg())
    return f"on {kind or 'an unknown file system'}, load {load} on {os.cpu_count()} processors"


def peak_mb(command: Sequence[str], cwd: Path) -> float:
    """The most memory that `command`, or any process that it started and waited for, held at a time, in MB."""
    code = "import resource, subprocess, sys\nsubprocess.run(sys.argv[1:], check=True, capture_output=True)\n"
    code += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    return int(run([sys.executable, "-c", code, *command], cwd)) / 1024


def generate(folder: Path, shape: Shape) -> Pair:
    """Production with a tag, develop, a release branch and many features, written by one `git fast-import`; a clone
    of it; and in that clone a hotfix that is ready to be finished."""
    pair = Pair(folder)
    folder.mkdir(parents=True)
    run(["git", "init", "-q", "--bare", str(pair.remote)], folder)
    run(["git", "fast-import", "--quiet"], pair.remote, stdin=_history(shape))
    run(["git", "symbolic-ref", "HEAD", "refs/heads/main"], pair.remote)
    run(["git", "pack-refs", "--all"], pair.remote)
    run(["git", "clone", "-q", str(pair.remote), str(pair.work)], folder)
    pair.git("config", "remote.origin.url", "../remote.git")
    run([*PROGRAM, "start", ISSUE, "-m", TITLE], pair.work)
    fixed = pair.work / FIXED_FILE
    fixed.write_text(fixed.read_text().replace("line 3 of", "line three of"))
    pair.git("commit", "-qam", TITLE)
    return pair


def _history(shape: Shape) -> bytes:
    """The fast-import stream: marks 1 (production), 2… (develop, one after the other), then the features."""
    now = int(time.time()) - 86_400
    out: list[str] = []

    def commit(ref: str, mark: int, parent: int | None, subject: str, files: dict[str, str]) -> None:
        who = f"Bench <bench@example.org> {now + mark} +0000"
        out.append(f"commit {ref}\nmark :{mark}\ncommitter {who}\ndata {len(subject)}\n{subject}\n")
        out.append(f"from :{parent}\n" if parent else "")
        for path, content in files.items():
            out.append(f"M 100644 inline {path}\ndata {len(content)}\n{content}\n")
        out.append("\n")

    paths = [f"src/part{number % 40:02}/file{number:04}.py" for number in range(shape.files)]
    commit("refs/heads/main", 1, None, "everything", {path: _content(path) for path in paths})
    message = f"release {TAG}"
    out.append(f"tag {TAG}\nfrom :1\ntagger Bench <bench@example.org> {now} +0000\ndata {len(message)}\n{message}\n")
    mark = 1
    for number in range(DEVELOP_COMMITS):
        mark += 1
        path = paths[(number * 37 + 1) % len(paths)]
        commit("refs/heads/develop", mark, mark - 1, f"develop {number}", {path: _content(path, f"develop {number}")})
    develop = mark
    mark += 1
    commit("refs/heads/release/1.5", mark, develop - 5, "prepare 1.5", {"docs/release.md": "1.5\n"})
    for number in range(shape.branches):
        parent = develop - number % (DEVELOP_COMMITS // 2)
        for step in range(1 + number % 2):  # a commit or two each
            mark += 1
            path = paths[(number * 13 + step * 7 + 2) % len(paths)]
            files = {path: _content(path, f"feature {number}.{step}"), f"features/f{number:04}-{step}.py": "done = 1\n"}
            commit(f"refs/heads/feature/{number:04}", mark, parent if step == 0 else mark - 1, f"step {step}", files)
    return "".join(out).encode()


def _content(path: str, changed: str = "") -> str:
    lines = [f"# line {number} of {path}\n" for number in range(1, 41)]
    if changed:
        lines[30] = f"# {changed}\n"
    return "".join(lines)
