"""A repository in the sealed environment: git, the real command line, and whole states to compare."""

from __future__ import annotations

import io
import json
import os
import pty
import stat
import subprocess
import sys
import tarfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from warm_start import Nursery

from git_hotfix.report.contract import schema

DAY = 24 * 3600
# References that a fetch writes: what the remote has, not what this clone has.
FETCHED = ("refs/remotes/", "refs/hotfix/remote-tags/", "refs/hotfix/remote-log/")
_KEPT = ("PATH", "SYSTEMROOT", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH", "VIRTUAL_ENV", "COVERAGE_PROCESS_START")
# GIT_HOTFIX_TEST_REF_FORMAT=reftable makes every repository of the suite one of that format (git 2.45 and newer).
_REF_FORMAT = "GIT_HOTFIX_TEST_REF_FORMAT"

nursery = cache(Nursery)  # one a worker, from its first call on


def sealed_environment(outside: Mapping[str, str], home: Path) -> dict[str, str]:
    """Only what is named here; the console script of this environment comes first on PATH."""
    kept = {name: outside[name] for name in _KEPT if name in outside}
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n\ttemplateDir =\n"
        '[protocol "file"]\n\tallow = always\n'
        # No disk is waited for, and no housekeeping follows each command: nothing here lives longer than its test.
        "[core]\n\tfsync = none\n[maintenance]\n\tauto = false\n[gc]\n\tauto = 0\n[receive]\n\tautoGC = false\n"
    )
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)]),
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "GIT_CONFIG_GLOBAL": str(home / ".gitconfig"),
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_EDITOR": "false", "LC_ALL": "C.UTF-8",
        "TZ": "UTC", "PYTHONSAFEPATH": "1", "PYTHONUTF8": "1",
        **({"GIT_DEFAULT_REF_FORMAT": outside[_REF_FORMAT]} if _REF_FORMAT in outside else {}),
    }  # fmt: skip


@dataclass
class Dates:
    """Commit dates near now that strictly increase, one minute a step; the tool itself lives in real time."""

    last: int = field(default_factory=lambda: int(time.time()) - 2 * DAY)

    def next(self) -> str:
        self.last += 60
        return f"{self.last} +0000"

    def catch_up(self) -> None:
        self.last = max(self.last, int(time.time()))


@cache
def _shapes(command: str) -> list[Any]:
    """A validator for every shape of what a command prints."""
    import jsonschema

    whole = schema()
    named = [each for each in whole["anyOf"] if command in each["properties"]["command"].values()
             or command in each["properties"]["command"].get("enum", ())]  # fmt: skip
    head = {key: whole[key] for key in ("$defs", "required")}
    return [
        jsonschema.Draft202012Validator(
            {**each, **head, "required": [*whole["required"], *each["required"]],
             "properties": {**each["properties"], "schema": {"const": 1}}}
        )
        for each in named
    ]  # fmt: skip


def contract_broken(document: Any) -> str:
    """What a JSON document has against the contract of `report/schema.json`; "" for nothing."""
    faults = [list(shape.iter_errors(document)) for shape in _shapes(document["command"])]
    # A failure has one key of its own: any other shape that fits worse is still the one that was meant.
    meant = [each for each in faults if not any("'error'" in fault.message for fault in each)] or faults
    nearest = min(meant, key=len)
    return "; ".join(f"{fault.json_path}: {fault.message[:300]}" for fault in nearest)


@dataclass(frozen=True)
class Answer:
    """What a run of the command line answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one object on stdout, whose head agrees with the exit code."""
        found = json.loads(self.out)
        assert found["schema"] == 1
        assert (found["exit_code"], found["ok"]) == (self.code, self.code == 0)
        return found

    @property
    def targets(self) -> dict[str, tuple[str, str]]:
        """Target → (strategy, status), from JSON."""
        return {each["ref"].removeprefix("refs/heads/"): (each["strategy"], each["status"])
                for each in self.json["targets"]}  # fmt: skip

    @property
    def statuses(self) -> dict[str, str]:
        """Gate → status, from JSON."""
        return {gate["id"]: gate["status"] for gate in self.json["gates"]}


@dataclass(frozen=True)
class Snapshot:
    """All of a clone that belongs to its user: references, HEAD, index, files (mode, bytes, mtime), stash, config."""

    head: str
    refs: Mapping[str, str]
    index: str
    files: Mapping[str, tuple[int, bytes, int]]
    stash: str
    config: bytes


@dataclass(frozen=True)
class Repo:
    """A repository with or without a working tree."""

    path: Path
    dates: Dates
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, *command: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Answer:
        """Run any command here."""
        environment = {**os.environ, **self.environment, **(env or {})}
        done = subprocess.run(
            command, cwd=self.path, env=environment, input=stdin.encode(), capture_output=True, timeout=120
        )
        return Answer(done.returncode, done.stdout.decode("utf-8", "surrogateescape"),
                      done.stderr.decode("utf-8", "replace"))  # fmt: skip

    def hotfix(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Answer:
        """The real command line in a process of its own. A bug of the tool (exit 70) never passes for a refusal."""
        environment = {**os.environ, **self.environment, **(env or {})}
        if nursery().serves(environment):
            code, out, err = nursery().run(arguments, self.path, environment, stdin.encode())
            answer = Answer(code, out.decode("utf-8", "surrogateescape"), err.decode("utf-8", "replace"))
        else:
            answer = self.run(sys.executable, "-m", "git_hotfix", *arguments, stdin=stdin, env=env)
        self.dates.catch_up()
        assert answer.code != 70, answer.err
        if answer.out.startswith('{"schema"'):
            broken = contract_broken(answer.json)
            assert not broken, broken
        return answer

    def git(self, *arguments: str, stdin: str = "", check: bool = True) -> str:
        """git with a date of its own; its stdout without the last newline."""
        when = self.dates.next()
        answer = self.run("git", *arguments, stdin=stdin, env={"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})
        assert not check or answer.code == 0, f"git {' '.join(arguments)}: {answer.out}{answer.err}"
        return answer.out.removesuffix("\n")

    def commit(self, subject: str, files: Mapping[str, str | None] | None = None, *, ago: int = 0) -> str:
        """Write `files` (None: delete), commit all, return the id. `ago` makes the commit that many days old."""
        for name, text in (files or {}).items():
            place = self.path / name
            if text is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        self.git("add", "-A")
        words = ["commit", "-q", "--allow-empty", "-m", subject]
        if ago:
            when = f"{int(time.time()) - ago * DAY} +0000"
            answer = self.run("git", *words, env={"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when})
            assert answer.code == 0, answer.err
        else:
            self.git(*words)
        return self.tip("HEAD")

    def branch(self, name: str, start: str, subject: str, files: Mapping[str, str | None], *, ago: int = 0) -> str:
        """A branch of the remote with one commit on top of `start`; this clone keeps no local copy of it."""
        here = self.git("rev-parse", "--abbrev-ref", "HEAD")
        self.git("switch", "-q", "--detach", start)
        made = self.commit(subject, files, ago=ago)
        self.git("push", "-q", "--no-verify", "origin", f"HEAD:refs/heads/{name}")
        self.git("switch", "-q", here)
        return made

    def tag(self, name: str, at: str = "HEAD", *, annotated: bool = True, push: bool = True) -> str:
        """A tag here and on the remote; returns the id of the commit below it."""
        self.git("tag", *(("-a", "-m", name) if annotated else ()), name, at)
        if push:
            self.git("push", "-q", "--no-verify", "origin", f"refs/tags/{name}")
        return self.tip(f"refs/tags/{name}")

    def tip(self, name: str) -> str:
        return self.git("rev-parse", "--verify", f"{name}^{{commit}}")

    def tips(self, *names: str) -> dict[str, str]:
        """Name → the commit below it, of several."""
        return {name: self.tip(name) for name in names}

    def refs(self, *areas: str) -> dict[str, str]:
        """Full name → id, of all references or of those below `areas`."""
        rows = self.git("for-each-ref", "--format=%(objectname) %(refname)", *areas).splitlines()
        return {ref: oid for oid, ref in (row.split(" ", 1) for row in rows)}

    def branches(self) -> dict[str, str]:
        return {ref.removeprefix("refs/heads/"): oid for ref, oid in self.refs("refs/heads/").items()}

    def tags(self) -> set[str]:
        return {ref.removeprefix("refs/tags/") for ref in self.refs("refs/tags/")}

    def tree(self, commit: str) -> dict[str, str]:
        """Path → content of every file of a commit."""
        answer = subprocess.run(
            ["git", "archive", f"{commit}^{{tree}}"], cwd=self.path, env={**os.environ, **self.environment},
            capture_output=True, check=True,
        )  # fmt: skip
        if not answer.stdout.strip(b"\0"):  # an empty tree
            return {}
        with tarfile.open(fileobj=io.BytesIO(answer.stdout)) as archive:
            return {
                member.name: (archive.extractfile(member) or io.BytesIO()).read().decode("utf-8", "surrogateescape")
                for member in archive
                if member.isfile()
            }

    def subjects(self, span: str, *options: str) -> list[str]:
        """Subjects of the commits of a range, newest first."""
        return self.git("log", "--format=%s", *options, span).splitlines()

    def parents(self, commit: str) -> list[str]:
        return self.git("rev-parse", f"{commit}^@").split()

    def log(self, issue: str) -> list[str]:
        """The subjects of the logbook, oldest first."""
        return self.subjects(f"refs/hotfix/log/{issue}", "--reverse")

    def head(self) -> str:
        """What a file HEAD says; a reftable keeps it elsewhere."""
        branch = self.git("symbolic-ref", "--quiet", "HEAD", check=False)
        return f"ref: {branch}\n" if branch else f"{self.tip('HEAD')}\n"

    def snapshot(self) -> Snapshot:
        """What "nothing changed" compares."""
        return Snapshot(
            head=self.head(),
            refs={ref: oid for ref, oid in self.refs().items() if not ref.startswith(FETCHED)},
            index=self.git("ls-files", "--stage"),
            files=self.files(),
            stash=self.git("stash", "list", "--format=%H"),
            config=(Path(self.git("rev-parse", "--path-format=absolute", "--git-common-dir")) / "config").read_bytes(),
        )

    def files(self) -> dict[str, tuple[int, bytes, int]]:
        """Every file of the working tree with mode, bytes and mtime; `.git` left out."""
        return {
            str(file.relative_to(self.path)): (
                stat.S_IMODE(file.lstat().st_mode),
                _bytes(file),
                file.lstat().st_mtime_ns,
            )
            for file in sorted(self.path.rglob("*"))
            if ".git" not in file.relative_to(self.path).parts and (file.is_symlink() or file.is_file())
        }

    def everything(self) -> dict[str, bytes]:
        """Every file and folder below here, `.git` and its objects included."""
        return {str(file.relative_to(self.path)): _bytes(file) for file in sorted(self.path.rglob("*"))}

    def hook(self, name: str, script: str) -> Path:
        """Write a hook of this repository; returns its path."""
        folder = self.path / ("hooks" if (self.path / "HEAD").exists() else ".git/hooks")
        folder.mkdir(exist_ok=True)
        place = folder / name
        place.write_text(f"#!/bin/sh\n{script}\n")
        place.chmod(0o755)
        return place


def _bytes(file: Path) -> bytes:
    if file.is_symlink():
        return os.fsencode(os.readlink(file))  # noqa: PTH115 (the bytes of the link, not its target)
    return b"" if file.is_dir() else file.read_bytes()


def half(repo: Repo) -> None:
    """Leave work half done: a changed file, a staged one, an untracked one."""
    (repo.path / "README.md").write_text("half done\n")
    (repo.path / "staged.txt").write_text("staged\n")
    repo.git("add", "staged.txt")
    (repo.path / "untracked.txt").write_text("untracked\n")


def at_terminal(repo: Repo, typed: str, *arguments: str) -> tuple[int, str]:
    """The command line run by a person at a terminal who types `typed`: exit code, and what was said there."""
    master, slave = pty.openpty()
    os.write(master, typed.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", *arguments],
        cwd=repo.path, env={**os.environ, **repo.environment, "NO_COLOR": "1"}, stdin=slave, stderr=slave,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    code = process.wait(timeout=60)
    os.close(slave)
    said = ""
    with suppress(OSError):  # nothing was said, and nobody holds the other end
        said = os.read(master, 65536).decode()
    os.close(master)
    return code, said.replace("\r\n", "\n")
