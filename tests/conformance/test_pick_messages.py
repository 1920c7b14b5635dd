"""A cherry-pick's message is the one that `git cherry-pick -x` writes, to the last empty line."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox import Dates, Repo

from git_hotfix.backport import cherry_pick
from git_hotfix.git import history
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.names import Oid

PICKED = "(cherry picked from commit 0123456789012345678901234567890123456789)"
SIGNED = "Signed-off-by: Ada <ada@example.org>"
MESSAGES = {
    "title": "fix it\n",
    "title like a trailer": "fix: it\n",
    "title of two lines": f"fix it\n{SIGNED}\n",
    "body": "fix it\n\nIt was 15.\n",
    "signed": f"fix it\n\n{SIGNED}\n",
    "body and trailers": f"fix it\n\nIt was 15.\n\nReviewed-by: Grace\n{SIGNED}\n",
    "any token": "fix it\n\nTicket: 12\n",
    "space before the colon": "fix it\n\nTicket : 12\n",
    "two words before the colon": "fix it\n\nSee also: 12\n",
    "address": "fix it\n\nhttps://example.org\n",
    "prose beside a token": "fix it\n\nTicket: 12\nand more\n",
    "little prose beside a signature": f"fix it\n\nprose\nmore\nmost\n{SIGNED}\n",
    "much prose beside a signature": f"fix it\n\nprose\nmore\nmost\nall\n{SIGNED}\n",
    "a long trailer": "fix it\n\nTicket: 12\n  and 13\n",
    "indented first": "fix it\n\n  indented\nTicket: 12\n",
    "indented only": "fix it\n\n  indented\n",
    "picked before": f"fix it\n\n{PICKED}\n",
    "picked before, with a body": f"fix it\n\nIt was 15.\n\n{PICKED}\n",
    "picked below trailers": f"fix it\n\n{SIGNED}\n{PICKED}\n",
    "picked named in the body": f"fix it\n\n{PICKED}\n\nIt was 15.\n",
    "comment below trailers": f"fix it\n\n{SIGNED}\n# a comment\n",
    "comment for a title": f"# fix it\n\n{SIGNED}\n",
    "empty lines": f"fix it \n\n\n\nIt was 15.\t\n\n\n{SIGNED}\n",
    "blanks in front": "  fix it\n\n    code\n",
    "no newline": "fix it",
    "line of blanks": f"fix it\n  \n{SIGNED}\n",
    "divider": f"fix it\n\n---\n{SIGNED}\n",
    "divider and body": f"fix it\n\n---\n\n{SIGNED}\n",
    "nothing": "",
    "carriage returns": f"fix it\r\n\r\n{SIGNED}\r\n",
    "umlaut": "fix it\n\nGrößer: 12\n",
}


@pytest.mark.slow
def test_the_message_is_that_of_git(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "work", Dates())
    repo.path.mkdir()
    repo.git("init", "-q")
    base = repo.commit("base", {"file": "0\n"})
    wanted, commits = {}, {}
    for name, message in MESSAGES.items():
        blob = repo.git("hash-object", "-w", "--stdin", stdin=f"{name}\n")
        tree = repo.git("mktree", stdin=f"100644 blob {blob}\tfile\n")
        commits[name] = repo.git("hash-object", "-w", "-t", "commit", "--stdin", stdin=(
            f"tree {tree}\nparent {base}\nauthor Ada <a@b> 1 +0000\ncommitter Ada <a@b> 1 +0000\n\n{message}"
        ))  # fmt: skip
        repo.git("checkout", "-q", "--detach", base)
        repo.git("cherry-pick", "--allow-empty-message", "-x", commits[name])
        wanted[name] = repo.git("cat-file", "commit", "HEAD").partition("\n\n")[2].rstrip("\n")
    with private_git_dir(open_repository(repo.path), keep=False) as git:
        made = {
            name: cherry_pick.pick_message(history.commits(git, Oid(oid), [Oid(base)])[0]).rstrip("\n")
            for name, oid in commits.items()
        }
    assert made == wanted
