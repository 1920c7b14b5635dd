"""A branch that moved and changed a thousand files: git's merge follows them, and so does a delivery."""

from __future__ import annotations

from pathlib import Path

import pytest
from random_graphs import Files, Written
from sandbox import Dates, Repo

from git_hotfix.git import merge
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.names import Oid

COUNT = 1001  # one more than a diff looks for by default; a merge looks for 7,000 (merge-ort.c)


def files(folder: str, *changed: str) -> Files:
    """No two names or texts are alike, so that only a look at the lines tells what became of what."""
    found: Files = {}
    for number in range(COUNT):
        lines = [f"{number} in line {line}" for line in range(8)]
        for at in changed:
            lines[int(at)] += " changed"
        found[f"{folder}/{folder}{number}"] = ("100644", "".join(f"{line}\n" for line in lines).encode())
    return found


@pytest.mark.slow
def test_a_thousand_renames_are_followed(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "work", Dates())
    repo.path.mkdir()
    repo.git("init", "-q")
    out = Written()
    base = out.commit("refs/heads/base", [], files("old"))
    out.commit("refs/heads/fix", [base], files("old", "1"))
    out.commit("refs/heads/target", [base], files("new", "6"))
    out.write(repo)
    with private_git_dir(open_repository(repo.path), keep=True) as git:
        [merged] = merge.merge_all(git, [(Oid(repo.tip("target")), Oid(repo.tip("fix")))])
    repo.git("checkout", "-q", "target")
    repo.git("merge", "-q", "--no-commit", "--no-ff", "fix")
    assert (merged.conflicts, merged.tree) == ((), repo.git("write-tree"))
