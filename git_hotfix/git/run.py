"""The runner: an argument list in, (code, out bytes, err text) out; the same answer under any configuration."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from typing import IO, TYPE_CHECKING, Any, TypeVar

from git_hotfix.errors import ExitCode, Failure
from git_hotfix.model.frozen import field, frozen, replace
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.redact import without_secrets

if TYPE_CHECKING:
    from git_hotfix.git.objects import Objects

if sys.platform == "win32":
    # Windows looks for git.exe where this process stands first, which may be a repository of somebody else.
    os.environ["NODEFAULTCURRENTDIRECTORYINEXEPATH"] = "1"

T = TypeVar("T")

# What git tells its hooks about the repository that they run for (git rev-parse --local-env-vars), and what changes
# how git reads paths or attributes, shows diffs, or ends a pick (`git rebase --exec` leaves its help to us, and with
# that git forgets CHERRY_PICK_HEAD). Configuration given with `git -c` stays: the user said it.
_LEAKS = (
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_ATTR_SOURCE", "GIT_CHERRY_PICK_HELP", "GIT_COMMON_DIR", "GIT_DIFF_OPTS",
    "GIT_DIR", "GIT_EXTERNAL_DIFF", "GIT_GLOB_PATHSPECS", "GIT_GRAFT_FILE", "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_LITERAL_PATHSPECS", "GIT_NAMESPACE",
    "GIT_NOGLOB_PATHSPECS", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE", "GIT_WORK_TREE",
)  # fmt: skip

# Held against every configuration: no program of a repository runs, no garbage collection starts, words stay plain,
# and a full id is never looked for among the references' names (500 of them cost 20 ms a process).
_PINS = (
    "core.fsmonitor=false", "core.quotePath=false", "color.ui=false", "gc.auto=0", "maintenance.auto=false",
    "log.showSignature=false", "fetch.pruneTags=false", "fetch.writeCommitGraph=false", "push.followTags=false",
    "push.autoSetupRemote=false", "advice.detachedHead=false", "core.warnAmbiguousRefs=false",
)  # fmt: skip

# The closing words of a failed push or fetch; what went wrong, a hook's own words among it, stands before them.
_ALWAYS_SAID = late_pattern(
    r"^hint:|failed to push some refs|Please make sure you have the correct access rights|and the repository exists|"
    r"Could not read from remote repository|^fast-import: dumping crash report|Could not reset index file to revision"
)
_ADVICE = late_pattern(r"$|hint:|Please |Aborting$")
_FILES = 5  # of a list that git shows, as of untracked files in the way: there may be thousands
# What the system says through git, and git where it keeps the system's word to itself (a reftable says "I/O error").
_SYSTEM = late_pattern(
    r"No space left on device|Out of diskspace|Disk quota exceeded|Read-only file system|Permission denied|"
    r"couldn't write|: I/O error"
)
# Words stay plain, replacements are not looked through, and who only reads takes no lock.
_PLAIN = {"LANGUAGE": "C", "LC_ALL": "C", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0"}
# What goes to a remote and changes something is started by GitPython; a question is started here.
_TRAVELLING = frozenset({"fetch", "push"})
_TURN = 0.0005  # seconds
# With these, and without a terminal to open, nobody is asked for a password, a host key or a second factor.
_UNASKED = {
    "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "SSH_ASKPASS_REQUIRE": "never",
    "GCM_INTERACTIVE": "never",
}  # fmt: skip
_LAST_MOMENTS = 5.0  # seconds that git has to tidy up when it is asked to end
_LAST_WAIT = 0.5  # seconds, where somebody waits for an answer that did not come


@frozen
class GitResult:
    """What a git process answered: exit code, stdout as bytes, stderr as text without credentials."""

    code: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        """stdout as text (surrogate escapes for what is not UTF-8), without the final newline."""
        return decode(self.out).removesuffix("\n")

    @property
    def lines(self) -> list[str]:
        """The lines of stdout as text. Only a line feed ends one: a name may hold other line ends that Python knows."""
        return self.text.split("\n") if self.out else []

    @property
    def last_words(self) -> str:
        """The last line of stderr that says something, without git's `fatal:`: what git always says is left out."""
        way = self.owned_by_another
        if way is not None:
            return f"it belongs to another user, and git does not trust it (dubious ownership); if you do: {way}"
        lines = [line.strip() for line in self.err.splitlines() if line.strip() and not _ALWAYS_SAID.search(line)]
        return re.sub(r"^(fatal|error): ", "", lines[-1]) if lines else ""

    @property
    def explanation(self) -> str:
        """What stderr says, for people, without git's advice; of each list of files, which git indents by a tab, the
        first five."""
        said: list[str] = []
        for is_list, lines in groupby(self.err.splitlines(), key=lambda line: line.startswith("\t")):
            found = [line.strip() for line in lines]
            if is_list:
                said += [f"    {name}" for name in found[:_FILES]]
                said += [f"    … and {len(found) - _FILES} more"] if len(found) > _FILES else []
            else:
                said += [re.sub(r"^(fatal|error): ", "", line) for line in found if not _ADVICE.match(line)]
        return "\n".join(said)

    @property
    def owned_by_another(self) -> str | None:
        """git's own command that trusts a repository of another user, where git refused it for that."""
        if "dubious ownership" not in self.err:
            return None
        ways = (line.strip() for line in self.err.splitlines())
        return next((way for way in ways if way.startswith("git config ") and "safe.directory" in way), "")

    @property
    def system_says_no(self) -> bool:
        """True when it was the disk that refused, not git."""
        return bool(_SYSTEM.search(self.err))


def decode(raw: bytes) -> str:
    """Bytes of git as text; bytes that are not UTF-8 become surrogate escapes, and `encode` gives them back."""
    return raw.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The inverse of `decode`."""
    return text.encode("utf-8", "surrogateescape")


def scrub_environment() -> None:
    """Take what git leaked to its hook out of this process's environment, which every git gets a copy of; called once,
    after the repository is found."""
    for name in _LEAKS:
        os.environ.pop(name, None)


@frozen
class Git:
    """git in one directory, with extra environment and pinned configuration, and `answers` that it gave already.
    `objects` answers what its objects are, where somebody ends it when it is no longer asked."""

    cwd: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    pins: tuple[str, ...] = _PINS
    objects: Objects | None = field(default=None, compare=False, repr=False)
    answers: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def once(self, question: Hashable, ask: Callable[[], T]) -> T:
        """What `ask` answers, and answered before where it was asked before. Only for what ids alone decide: that never
        changes, but where a shallow clone is deepened."""
        if question not in self.answers:
            self.answers[question] = ask()
        found: T = self.answers[question]
        return found

    def run(self, *arguments: str, stdin: bytes = b"", check: bool = True) -> GitResult:
        """Run `git <arguments>` and wait.

        Raises `Failure` (exit 3) with git's own last words when `check` holds and the exit code is not 0.
        """
        process = self._begin(arguments, stdin)
        return _answer(arguments[0], process, _await_end(process), check=check)

    def begin(self, *arguments: str, stdin: bytes = b"") -> BackgroundGit:
        """Run `git <arguments>`, which only reads, beside what is done until its answer is wanted."""
        return BackgroundGit(arguments[0], self._begin(arguments, stdin))

    def run_within(self, seconds: float, *arguments: str) -> GitResult | None:
        """Run `git <arguments>`, which asks nobody anything, for `seconds` at most.

        None where it was not done by then: it was ended, with all that it had started (an ssh that waits).
        """
        unasked = replace(self, environment={**self.environment, **_UNASKED})
        process = unasked._begin(arguments, b"", alone=True)
        try:
            return _answer(arguments[0], process, process.communicate(timeout=seconds), check=False)
        except BaseException as error:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(TimeoutExpired):
                process.wait(_LAST_WAIT)
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)
            if isinstance(error, TimeoutExpired):
                return None
            raise

    def converse(self, *arguments: str) -> Conversation:
        """Begin `git <arguments>`, which only reads and answers what it is asked."""
        return Conversation(self._start(arguments, PIPE, errors=DEVNULL))

    def _begin(self, arguments: Sequence[str], stdin: bytes, *, alone: bool = False) -> Popen[bytes]:
        if not stdin:
            return self._start(arguments, DEVNULL, alone=alone)
        with tempfile.TemporaryFile() as feed:
            feed.write(stdin)
            feed.seek(0)
            return self._start(arguments, feed, alone=alone)

    def _start(
        self, arguments: Sequence[str], feed: int | IO[bytes], *, errors: int = PIPE, alone: bool = False
    ) -> Popen[bytes]:
        command = ["git"]
        for pin in self.pins:
            command += ["-c", pin]
        command += [encode_argument(argument) for argument in arguments]
        if not self.cwd.is_dir():
            raise Failure(f"{self.cwd} is gone: git was not run", hint="git worktree list", code=ExitCode.FAILED)
        if arguments[0] in _TRAVELLING:
            from git_hotfix.git.gitpython import start  # 17 ms of processor time, which no hook is to wait for

            return start(command, self.cwd, {**_PLAIN, **self.environment}, feed, alone=alone)
        environment = {**os.environ, **_PLAIN, **self.environment}
        try:
            return Popen(
                command, cwd=self.cwd, env=environment, stdin=feed, stdout=PIPE, stderr=errors, start_new_session=alone
            )
        except FileNotFoundError as error:
            raise Failure("git is not on PATH", hint="install git 2.39 or newer") from error

    def text(self, *arguments: str, stdin: bytes = b"") -> str:
        """`run` for its stdout as text, without the final newline."""
        return self.run(*arguments, stdin=stdin).text


class Conversation:
    """A git that answers for as long as it is asked; `answers` is what it says."""

    def __init__(self, process: Popen[bytes]) -> None:
        assert process.stdin and process.stdout
        self._process, self._questions = process, process.stdin
        self.answers: IO[bytes] = process.stdout

    def ask(self, questions: bytes) -> None:
        """Say `questions`, whose answers are read before more is asked. Raises `OSError` where git has ended."""
        self._questions.write(questions)
        self._questions.flush()

    def end(self) -> None:
        """Let git end, in the middle of an answer if need be."""
        self.answers.close()
        with contextlib.suppress(OSError):
            self._questions.close()
        try:
            self._process.wait(_LAST_WAIT)
        except TimeoutExpired:
            self._process.kill()
            self._process.wait()


class BackgroundGit:
    """A git that reads meanwhile; it is ended where nobody wants its answer any more."""

    def __init__(self, what: str, process: Popen[bytes]) -> None:
        self._what = what
        heard: list[tuple[bytes, bytes]] = []
        self._heard, self._process = heard, process
        # A pipe holds 64 KB: somebody has to read, or git waits for us. Whoever reads gets no turn for 5 ms while the
        # other thread computes, each time: 4 MB took 0.15 s instead of 0.1 s.
        sys.setswitchinterval(_TURN)
        self._ear = threading.Thread(target=_listen, args=(process, heard), daemon=True)
        self._ear.start()

    def answer(self, *, check: bool = True) -> GitResult:
        """Wait for the answer. Raises `Failure` (exit 3) as `Git.run` does."""
        self._ear.join()
        return _answer(self._what, self._process, self._heard[0], check=check)

    def __del__(self) -> None:
        # Closed first, the ear would fail, aloud, or read what another file of that number holds.
        if self._ear.is_alive() and not sys.is_finalizing():
            self._process.terminate()
            self._ear.join(_LAST_MOMENTS)


def _listen(process: Popen[bytes], heard: list[tuple[bytes, bytes]]) -> None:
    with contextlib.suppress(OSError, ValueError):  # closed, because nobody waits any more
        heard.append(process.communicate())


def _answer(what: str, process: Popen[bytes], heard: tuple[bytes, bytes], *, check: bool) -> GitResult:
    out, err = heard
    answer = GitResult(process.returncode, out, without_secrets(decode(err)))
    if check and answer.code != 0:
        raise Failure(f"git {what} failed: {answer.last_words or f'exit {answer.code}'}", code=ExitCode.FAILED)
    return answer


def _await_end(process: Popen[bytes]) -> tuple[bytes, bytes]:
    """stdout and stderr of a process that ended.

    When we are interrupted it is ended first: a push that went on behind our back would land after the lock is gone,
    and a fetch would still be writing references. git removes its own lock files when it is asked to end.
    """
    try:
        return process.communicate()
    except BaseException:
        process.terminate()
        try:
            process.wait(_LAST_MOMENTS)
        except TimeoutExpired:
            process.kill()
            process.wait()
        raise


def encode_argument(argument: str) -> str:
    """An argument as it can be handed to a process: NUL bytes would end it early."""
    if "\0" in argument:
        raise Failure("a name holds a NUL byte", code=ExitCode.USAGE)
    return argument
