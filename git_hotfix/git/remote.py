"""The remote: asking it, fetching from it, pushing to it with leases, and reading what it answered."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Mapping, Sequence
from typing import Literal

from git_hotfix.errors import UNCHANGED, Failure
from git_hotfix.git import blobs, leases, listing, refs
from git_hotfix.git.run import Git, GitResult, decode
from git_hotfix.model.frozen import frozen, replace
from git_hotfix.model.late_pattern import late_pattern
from git_hotfix.model.names import HEADS, REMOTE_LOG, REMOTE_TAGS, STAGED, TAGS, Oid, RefName
from git_hotfix.model.ref_update import RefUpdate

# A server that found another value than we pushed from says so in one of these ways (receive-pack, JGit, libgit2).
_STALE = late_pattern(
    r"stale info|fetch first|non-fast-forward|cannot lock ref|failed to update ref|incorrect old value|"
    r"reference already exists|already exists|failed to lock|lock_ref"
)
_BROKEN = late_pattern(r"unpacker error|Permission denied|No space left|Read-only file system|internal error")
# The client says "atomic push failed", receive-pack "atomic push failure" (builtin/receive-pack.c).
_BYSTANDER = late_pattern(r"atomic push fail(?:ed|ure)|atomic transaction failed|transaction (?:was )?aborted")
# It took the push and said nothing of this reference (send-pack, in its words for a lost report).
_SILENT = "remote failed to report status"
# Through a helper (http) a push that is cut off exits with 1, as one that is refused does.
_CUT_OFF = late_pattern(r"hung up unexpectedly|unexpected disconnect|RPC failed")
# git says one of these where it never came through to the server.
_NEVER_SENT = late_pattern(r"unable to access|Could not resolve hostname|connect to host")
_LOCKED = late_pattern(r"(cannot lock ref '(?P<ref>[^']+)'.*)")
# What a server may say in its words and nobody should read in a log: an access token in its usual shape, or the value
# of a parameter that is named as one. (User and password of a URL are taken out of everything that git says.)
_TOKEN = late_pattern(
    r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{16,}|gl[a-z]{1,5}-[\w-]{16,}|xox[a-z]-[\w-]{10,}|AKIA[A-Z0-9]{12,})|"
    r"(?<=[?&])(?P<name>[\w-]*(?:token|password|secret|signature|key)=)[^&\s]+",
    re.IGNORECASE,
)
_TERMINAL = late_pattern(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.?)|[\x00-\x08\x0b-\x1f\x7f]")
FETCH = (
    "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--recurse-submodules=no",
    "--no-show-forced-updates", "--end-of-options",
)  # fmt: skip
"""How references are fetched, whatever the configuration says."""
_PAUSES = (0.1, 0.3, 1.0)  # seconds between two tries of a fetch whose references another git is writing
_PULL_REQUESTS = ("refs/pull/*/head", "refs/merge-requests/*/head")  # GitHub, Gitea and others; GitLab
_PULL_REQUEST = late_pattern(r"refs/(?:pull|merge-requests)/[0-9]{1,18}/head")
_NEWEST = 50  # pull requests that are looked at: one for a hotfix is young
_CHUNK = 400  # ids a fetch; an argument list has room for some thousands
_MANY = 50  # branches of one push from which on staging them is cheaper than naming each


@frozen
class PushResult:
    """What the remote said of one reference: "ok" (also: it stood there already), "stale" (it had moved), "refused"
    (a hook or a rule said no), "bystander" (another one of an atomic push was at fault), "failed" (it does not stand
    there), "unknown" (it was sent, and the remote cannot be asked any more)."""

    status: Literal["ok", "stale", "refused", "bystander", "failed", "unknown"]
    reason: str = ""


@frozen
class PushAnswer:
    """The answer to one push: a result for every reference, and the remote's own words."""

    results: Mapping[RefName, PushResult]
    words: str = ""

    @property
    def accepted(self) -> bool:
        """True when every reference is where it was pushed."""
        return all(result.status == "ok" for result in self.results.values())


def fetch(git: Git, remote: str) -> None:
    """Fetch every branch (with prune), the remote's tags apart from the user's own, and the logbooks.

    `--no-tags` and the own namespace: `fetch --tags` fails when any tag moved, and pruneTags deletes local ones.
    Another git that writes the same references meanwhile (an editor that fetches by itself, the push of a run that was
    killed) is waited for. Raises `Failure` (exit 3) when the remote does not answer.
    """
    specs = (f"+{HEADS}*:refs/remotes/{remote}/*", f"+{TAGS}*:{REMOTE_TAGS}*", f"+refs/hotfix/log/*:{REMOTE_LOG}*")
    for pause in (*_PAUSES, None):
        answer = git.run("fetch", "--prune", *FETCH, remote, *specs, check=False)
        if answer.code == 0 or pause is None or "cannot lock ref" not in answer.err:
            break
        time.sleep(pause)
    if answer.code != 0:
        raise Failure(
            f"{remote} could not be fetched: {answer.last_words}",
            hint=f"see what git says: git fetch {shlex.quote(remote)}",
            unchanged=UNCHANGED,
        )


def ask(git: Git, remote: str) -> dict[RefName, Oid]:
    """The remote's references now (peeled tags as `<ref>^{}`), without fetching anything. Raises `Failure` (exit 3)."""
    rows = (line.split(" ", 1) for line in listing.list_there(git, remote).split("\n") if line)
    return {RefName(ref): Oid(oid) for oid, ref in rows}


def pull_requests(git: Git, borrowing: Git, remote: str) -> dict[RefName, Oid]:
    """The heads of the remote's newest pull requests (or merge requests), the newest first. Their objects go where
    `borrowing`, a scratch directory's git, keeps its own. Raises `Failure` (exit 3) where the remote does not say."""
    answer = git.run("ls-remote", "--quiet", "--end-of-options", remote, *_PULL_REQUESTS)
    rows = (line.split("\t", 1) for line in answer.lines)
    heads = {RefName(ref): Oid(oid) for oid, ref in rows if _PULL_REQUEST.fullmatch(ref)}
    newest = sorted(heads, key=lambda ref: int(ref.split("/")[2]), reverse=True)[:_NEWEST]
    wanted = list(dict.fromkeys(heads[ref] for ref in newest))
    missing = [oid for oid, kind in zip(wanted, blobs.kinds(borrowing, wanted), strict=True) if kind is None]
    fetch_objects(git, remote, missing, borrowed_objects(borrowing))
    return {ref: heads[ref] for ref in newest}


def borrowed_objects(borrowing: Git) -> dict[str, str]:
    """The variables by which a git elsewhere writes objects where `borrowing` keeps its own."""
    names = ("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES")
    return {name: borrowing.environment[name] for name in names if name in borrowing.environment}


def fetch_objects(
    git: Git, remote: str, oids: Sequence[Oid], environment: Mapping[str, str], *, within: float | None = None
) -> None:
    """Fetch objects by id into the object directory that `environment` names; no reference is written. `within` is how
    many seconds each chunk may take. Raises `Failure` (exit 3)."""
    borrowed = Git(git.cwd, {**git.environment, **environment}, git.pins)
    for start in range(0, len(oids), _CHUNK):
        words = (
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--refmap=",
            "--recurse-submodules=no", "--end-of-options", remote, *oids[start : start + _CHUNK],
        )  # fmt: skip
        answer = borrowed.run(*words) if within is None else borrowed.run_within(within, *words)
        if answer is None or answer.code != 0:
            raise Failure(f"{remote} sent nothing within {within:.0f} s" if answer is None else answer.last_words)


def push(
    git: Git, remote: str, updates: Sequence[RefUpdate], *, atomic: bool, verify: bool, options: Sequence[str] = ()
) -> PushAnswer:
    """Push ids to references of the remote, each with a lease on its old value; up-to-date ones check their lease too.

    The team's own pre-push hooks run as git would run them unless `verify` is False; ours sees GIT_HOTFIX_RUN and
    returns at once. Raises `Failure` (exit 3) when the remote cannot push atomically.
    """
    words = ["--porcelain", "--no-follow-tags", "--recurse-submodules=no", "--no-progress"]
    words += ["--atomic"] if atomic else []
    words += [f"--push-option={option}" for option in options]
    own_run = Git(git.cwd, {**git.environment, "GIT_HOTFIX_RUN": "1"}, (*git.pins, f"remote.{remote}.mirror=false"))
    if _are_many(updates):
        answer = _push_staged(own_run, remote, words, updates, verify=verify)
    else:
        specs = [f"{item.new or ''}:{item.ref}" for item in updates]
        answer = _push_leased(own_run, remote, words, updates, specs, verify=verify)
    if "does not support --atomic" in answer.err:
        raise Failure(
            f"{remote} cannot push production and tag as one",
            hint="push to a server with atomic pushes (git 2.4 or newer, http or ssh), or ask its admin",
            unchanged=UNCHANGED,
        )
    results = _results(answer.out)
    cut_off = answer.code not in (0, 1) or (answer.code == 1 and _CUT_OFF.search(answer.err))
    if cut_off and not _NEVER_SENT.search(answer.err):
        results = {item.ref: PushResult("failed", _SILENT) for item in updates} | results
    for item in updates:
        # A hook may refuse without a word.
        said = answer.last_words or f"git push exited with {answer.code}"
        missing = PushResult("ok") if answer.code == 0 else PushResult("failed", said)
        results.setdefault(item.ref, missing)
    results.update(_moved_meanwhile(results, answer.err))
    results.update(_look_after(git, remote, updates, results, words=answer.last_words or _SILENT, atomic=atomic))
    return PushAnswer(results, server_words(answer.err))


def server_words(err: str) -> str:
    """The server's own lines in what git said on stderr, without what commands a terminal and without access tokens."""
    lines = [line.removeprefix("remote:") for line in re.split(r"[\r\n]+", err) if line.startswith("remote:")]
    plain = [_TERMINAL.sub("", line).replace("\t", " ").strip() for line in lines]
    return "\n".join(_TOKEN.sub(lambda found: f"{found['name'] or ''}…", line) for line in plain if line)


def send(git: Git, remote: str, ref: RefName, oid: Oid, seconds: float) -> str:
    """Push `oid` to `ref` in one try, without hooks, questions or force, and for `seconds` at most.

    Returns why the remote has it not, "" where it has. What was cut off may still arrive.
    """
    quiet = Git(git.cwd, {**git.environment, "GIT_HOTFIX_RUN": "1"}, (*git.pins, f"remote.{remote}.mirror=false"))
    answer = quiet.run_within(
        seconds, "push", "--no-verify", "--porcelain", "--no-follow-tags", "--no-signed", "--recurse-submodules=no",
        "--no-progress", "--end-of-options", remote, f"{oid}:{ref}",
    )  # fmt: skip
    if answer is None:
        return f"{remote} did not answer within {seconds:.0f} s"
    if answer.code == 0:
        return ""
    result = _results(answer.out).get(ref)
    return (result.reason if result else "") or answer.last_words or f"git push exited with {answer.code}"


def _look_after(
    git: Git,
    remote: str,
    updates: Sequence[RefUpdate],
    results: Mapping[RefName, PushResult],
    *,
    words: str,
    atomic: bool,
) -> dict[RefName, PushResult]:
    """What became of references that nothing certain was said of: a server may accept and die before it says so, and
    a client whose connection broke sends the same again and hears that everything had moved."""
    lost = [item for item in updates if results[item.ref].reason == _SILENT]
    stale = [item for item in updates if results[item.ref].status == "stale"]
    if not lost and not stale:
        return {}
    try:
        there = ask(git, remote)
    except Failure:
        return {item.ref: PushResult("unknown", f"{words}; it is not known whether it accepted this") for item in lost}
    arrived = {item.ref for item in updates if there.get(item.ref) == item.new}
    found = {item.ref: PushResult("failed", words) for item in lost}
    if atomic and len(arrived) < len(updates):
        return found
    return found | {ref: PushResult("ok") for ref in arrived}


def _moved_meanwhile(results: Mapping[RefName, PushResult], words: str) -> dict[RefName, PushResult]:
    """The references that moved between the server's greeting and its atomic transaction: every result is then a
    bystander's, and only the server's words name the one that was at fault."""
    if not all(result.status in ("ok", "bystander") for result in results.values()):
        return {}
    named = {RefName(found["ref"]): PushResult("stale", found[0]) for found in _LOCKED.finditer(words)}
    return {ref: result for ref, result in named.items() if ref in results}


def _push_leased(
    git: Git, remote: str, words: Sequence[str], updates: Sequence[RefUpdate], specs: Sequence[str], *, verify: bool
) -> GitResult:
    named = [f"--force-with-lease={item.ref}:{item.old or ''}" for item in updates]
    checked = "--verify" if verify else "--no-verify"
    return git.run("push", checked, *words, *named, "--end-of-options", remote, *specs, check=False)


def _are_many(updates: Sequence[RefUpdate]) -> bool:
    return len(updates) >= _MANY and all(item.new and item.ref.startswith(HEADS) for item in updates)


def _push_staged(
    git: Git, remote: str, words: Sequence[str], updates: Sequence[RefUpdate], *, verify: bool
) -> GitResult:
    """Push many branches by one pattern.

    git compares every refspec with every reference, here and there, three times over: 500 of them cost 0.4 s of a
    0.7 s push, and four times that for twice as many. One pattern is compared once, so many branches are put under
    one prefix for as long as the push takes. So are their leases, unless one does not hold: git then says which.
    """
    refs.drop(git, STAGED)  # what a killed push left
    # They live for a second and are rebuilt after a crash: no reason to wait for the disk.
    loose = replace(git, pins=(*git.pins, "core.fsync=none"))
    names = [(RefName(STAGED + item.ref[len(HEADS) :]), item.new) for item in updates]
    refs.update(loose, [RefUpdate(name, None, new) for name, new in names], reason="git hotfix: stage", reflog=False)
    specs = [f"{STAGED}*:{HEADS}*"]
    lines = [f"{name} {new} {item.ref} {item.old}" for (name, new), item in zip(names, updates, strict=True)]
    try:
        answer = leases.push_at_once(git, [*words, "--end-of-options", remote, *specs], lines, verify=verify)
        return answer or _push_leased(git, remote, words, updates, specs, verify=verify)
    finally:
        refs.update(
            loose, [RefUpdate(name, new, None) for name, new in names], reason="git hotfix: stage", reflog=False
        )


def _results(out: bytes) -> dict[RefName, PushResult]:
    """`<flag> TAB <from>:<to> TAB <summary> (<reason>)` a line."""
    found: dict[RefName, PushResult] = {}
    for line in decode(out).split("\n"):
        parts = line.split("\t")
        if len(parts) != 3:
            continue
        flag, refs, summary = parts
        ref = RefName(refs.rpartition(":")[2])
        reason = summary.partition("(")[2].removesuffix(")") or summary
        if flag != "!":
            found[ref] = PushResult("ok")
        elif _BYSTANDER.search(reason):
            found[ref] = PushResult("bystander", reason)
        elif reason == _SILENT or _BROKEN.search(reason):
            found[ref] = PushResult("failed", reason)
        elif _STALE.search(reason):
            found[ref] = PushResult("stale", reason)
        else:
            found[ref] = PushResult("refused", reason)
    return found
