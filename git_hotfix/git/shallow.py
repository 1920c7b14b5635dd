"""Fetching into a shallow clone what a verdict needs, and no more history than that.

Everything down to the newest release is enough: a hotfix and the work beside it begin there or later. Of 20,000 commits
that costs 0.04 s and no history, where `--unshallow` takes 1.6 s and 7 MB.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from git_hotfix.errors import Failure
from git_hotfix.git import blobs, history, listing, remote
from git_hotfix.git.run import Git, GitResult, encode
from git_hotfix.model import versions
from git_hotfix.model.names import HEADS, REMOTE_LOG, REMOTE_TAGS, TAGS, BranchName, Oid, TagName


def read_boundary(common_dir: Path) -> frozenset[Oid]:
    """The commits whose parents this clone hides; none in a clone that is whole."""
    try:
        return frozenset(map(Oid, (common_dir / "shallow").read_text().split()))
    except FileNotFoundError:
        return frozenset()


def forget_unsent(git: Git, common_dir: Path) -> None:
    """Take the commits that are not here out of git's list of those whose parents are hidden.

    With `--shallow-exclude` a server names every commit at the edge of the history that was asked for, and sends only
    those that the tips lead to. Where the tip of a branch is at the edge itself, as production is that merged the
    excluded tag, the others stay in the list for nothing, and every later deepening fails: "error in object:
    unshallow" (seen with git 2.39). A list that another process is writing is left alone.
    """
    listed = sorted(read_boundary(common_dir))
    here = [oid for oid, kind in zip(listed, blobs.kinds(git, listed), strict=True) if kind == "commit"]
    if len(here) == len(listed):
        return
    lock = common_dir / "shallow.lock"
    try:
        with lock.open("x") as file:
            file.writelines(f"{oid}\n" for oid in here)
    except FileExistsError:
        return
    if here:
        lock.replace(common_dir / "shallow")
        return
    (common_dir / "shallow").unlink()
    lock.unlink()


def fetch(
    git: Git,
    name: str,
    common_dir: Path,
    *,
    wanted: Sequence[Oid],
    needed: Callable[[str], bool],
    is_release: Callable[[str], bool],
) -> None:
    """Fetch every branch of the remote down to its newest release, the tags of what is here then, and the logbooks.

    `wanted` are commits that no branch has to hold (what a CI job has checked out), `needed` says which branches are
    looked at even if they are older than the release, and `is_release` which tags are releases. Raises `Failure` (exit
    3) where the remote does not answer. What is still hidden then, `unshallow` brings.
    """
    forget_unsent(git, common_dir)  # an earlier fetch by hand may have left some, too
    asked = listing.list_there(git, name)
    heads: dict[BranchName, Oid] = listing.ids_below(listing.lines_below(asked, HEADS), HEADS)
    _, tags = listing.split_tags(listing.lines_below(asked, TAGS), TAGS)
    newest = _newest([tag for tag in tags if is_release(tag)])
    release = tags.get(newest) if newest else None
    # Deep would be asked for what is in the release already, too, and that comes with all of its history.
    missing = _missing_commits(git, [*heads.values(), *([release] if release else [])])
    specs = [_refspec(name, branch) for branch, oid in heads.items() if oid in missing]
    specs += [f"+{TAGS}{newest}:{REMOTE_TAGS}{newest}"] if release in missing else []
    _take(git, name, specs, "--depth=1")
    for oid in _missing_commits(git, wanted):
        _take(git, name, [oid], "--depth=1")  # a server may give only what a reference names
    _take(git, name, [f"+{HEADS}*:refs/remotes/{name}/*", f"+refs/hotfix/log/*:{REMOTE_LOG}*"], "--prune")
    if newest and release:
        here = history.commit_dates(git, list(dict.fromkeys([*heads.values(), release, *wanted])))
        since = here.get(release, 0)
        young = {branch: oid for branch, oid in heads.items() if needed(branch) or here.get(oid, 0) >= since}
        specs = [_refspec(name, branch) for branch, oid in young.items() if oid != release]
        specs += [oid for oid in wanted if oid in here and oid not in young.values()]
        if _take(git, name, specs, f"--shallow-exclude={TAGS}{newest}"):
            forget_unsent(git, common_dir)
            _take(git, name, specs, "--deepen=1")  # the release itself, by which the history begins
    _fetch_tags(git, name, tags)


def unshallow(git: Git, name: str) -> None:
    """Fetch all history. Raises `Failure` (exit 3) where the remote does not give it."""
    specs = [f"+{HEADS}*:refs/remotes/{name}/*", f"+{TAGS}*:{REMOTE_TAGS}*", f"+refs/hotfix/log/*:{REMOTE_LOG}*"]
    answer = _run(git, name, specs, "--unshallow")
    if answer.code != 0:
        raise Failure(
            f"{name} could not be fetched: {answer.last_words}", hint=f"git fetch --unshallow {shlex.quote(name)}"
        )


def _newest(tags: Sequence[TagName]) -> TagName | None:
    """The highest version of `tags`; any tag serves, but one that is far from the hotfix makes the fetch larger."""
    ranks = {tag: version.rank for tag in tags if (version := versions.parse(tag))}
    return max(ranks, key=lambda tag: ranks[tag]) if ranks else next(iter(reversed(tags)), None)


def _refspec(name: str, branch: BranchName) -> str:
    return f"+{HEADS}{branch}:refs/remotes/{name}/{branch}"


def _missing_commits(git: Git, oids: Sequence[Oid]) -> set[Oid]:
    return {oid for oid, kind in zip(oids, blobs.kinds(git, oids), strict=True) if kind is None}


def _fetch_tags(git: Git, name: str, tags: Mapping[TagName, Oid]) -> None:
    """Tags of commits that are here: the others would bring their history along."""
    hidden = _missing_commits(git, list(tags.values()))
    _take(git, name, [f"+{TAGS}{tag}:{REMOTE_TAGS}{tag}" for tag, oid in tags.items() if oid not in hidden])


def _take(git: Git, name: str, specs: Sequence[str], *words: str) -> bool:
    return bool(specs) and _run(git, name, specs, *words).code == 0


def _run(git: Git, name: str, specs: Sequence[str], *words: str) -> GitResult:
    feed = encode("".join(f"{spec}\n" for spec in specs))
    return git.run("fetch", *words, "--stdin", *remote.FETCH, name, stdin=feed, check=False)
