"""Whether `origin` is somebody's old fork: another remote's production contains its own, and has a later release."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from git_hotfix.git import history
from git_hotfix.git.repository import Repository
from git_hotfix.model import versions
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import BranchName, Oid, TagName
from git_hotfix.model.snapshot import Refs, Remote

SETTING = "hotfix.remote"
_PRODUCTION = ("main", "master")


@frozen
class OtherRemote:
    """The remote that is ahead of `origin`, and a release that only it has."""

    name: str
    origin: str
    branch: BranchName
    tag: TagName

    @property
    def commands(self) -> tuple[str, str]:
        """What a person answers with: hotfixes go to the other remote, or to `origin` all the same."""
        first, second = (f"git config {SETTING} {shlex.quote(name)}" for name in (self.name, self.origin))
        return first, second

    @property
    def says(self) -> str:
        """One sentence for people."""
        return (
            f"{self.origin} may be an old fork: {self.name} has all of its production, and the release {self.tag} "
            f"which {self.origin} lacks"
        )


def find(
    repository: Repository,
    remote: Remote | None,
    refs: Refs,
    production: BranchName,
    is_release_tag: Callable[[str], bool],
) -> OtherRemote | None:
    """Another remote that hotfixes should perhaps travel over, judged from what was fetched of it: nobody is asked.

    None where git config `hotfix.remote` says which remote is meant, and where there is no other: then no git runs;
    else three processes, however many remotes there are.
    """
    if remote is None or repository.setting(SETTING):
        return None
    names = [name for name in repository.remote_names if name != remote.name]
    if not names:
        return None
    tip = refs.branches[production]
    ahead = _branches_ahead(repository, names, production, tip)
    if not ahead:
        return None
    new = set(history.reachable(repository.git, ahead.values(), [tip]))
    tags = [
        name
        for name, commit in refs.local_tags.commits.items()
        if commit in new and (refs.tags_guessed or name not in refs.tags)
        and is_release_tag(name) and not versions.is_prerelease(name)
    ]  # fmt: skip
    if not tags:
        return None
    ranks = {name: version.rank if (version := versions.parse(name)) else ((), ()) for name in tags}
    tag = max(tags, key=lambda name: (ranks[name], name))
    holding = history.tips_containing(repository.git, refs.local_tags.commits[tag], ahead.values())
    chosen = next(key for key in ahead if ahead[key] in holding)
    return OtherRemote(chosen[0], remote.name, chosen[1], tag)


def _branches_ahead(
    repository: Repository, names: list[str], production: BranchName, tip: Oid
) -> dict[tuple[str, BranchName], Oid]:
    """(remote, branch) → tip, of the production branches of other remotes that contain `tip` and more."""
    # By convention the team's own is called upstream where origin is a fork.
    ordered = sorted(names, key=lambda name: (name != "upstream", name))
    branches = dict.fromkeys((production, *map(BranchName, _PRODUCTION)))
    places = {f"refs/remotes/{name}/{branch}": (name, branch) for name in ordered for branch in branches}
    out = repository.git.run("for-each-ref", f"--contains={tip}", "--format=%(objectname) %(refname)", *places).lines
    tips = {ref: Oid(oid) for oid, _, ref in (line.partition(" ") for line in out)}
    return {place: tips[ref] for ref, place in places.items() if ref in tips and tips[ref] != tip}
