"""The attributes of a whole tree, handed to git as one file, are for every path those of a checkout."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from proofs import rest_slow
from sandbox import Dates, Repo

from git_hotfix.git import attributes
from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.names import Oid

FOLDERS = ("", "lib", "lib/deep", "lib/deep/est", "a b", "sta*r", "[x]", 'quo"te', "back\\slash", "größe", "#hash",
           "!not", "tab\there", "-dash", "**")  # fmt: skip
FILES = ("a.txt", "b.py", "a b.txt", "#c.txt", "!d", '"e".txt', "[f].txt", "g*.txt", "größe.txt", "txt")
PATTERNS = (
    "*", "*.txt", "a.txt", "/a.txt", "deep/*.txt", "lib/deep/*", "/lib/**", "**/a.txt", "deep/", "de*p/**", "/*/a.txt",
    "[ab].*", "\\[f].txt", '"a b.txt"', '"\\"e\\".txt"', '"gr\\303\\266\\303\\237e.txt"', "g\\*.txt", "!d", "\\!d",
    "#c.txt", "\\#c.txt", "  *.py", "*.p?", "est/b.py", "**/est/**", "", '"broken', "/**/*.txt",
)  # fmt: skip
STATES = ("merge=union", "-merge", "!merge", "merge", "merge=binary text", "-text eol=lf", "kept", "-kept", "binary",
          "evil", "conflict-marker-size=9 merge=ours")  # fmt: skip


def text(dice: random.Random, *, macros: bool) -> str:
    lines = (
        ["[attr]kept merge=union -text", "[attr]evil kept -diff"] if macros else ["[attr]kept merge=nothing", "# no"]
    )
    for _ in range(dice.randint(1, 6)):
        lines.append(f"{dice.choice(PATTERNS)}{dice.choice([' ', chr(9), '   '])}{dice.choice(STATES)}")
    end = dice.choice(["\n", "\n", "\r\n"])
    return ("\ufeff" if dice.random() < 0.2 else "") + end.join(lines) + (end if dice.random() < 0.8 else "")


def asked(repo: Repo, paths: list[str], *options: str) -> list[str]:
    names = ("merge", "text", "eol", "diff", "conflict-marker-size", "binary", "kept", "evil")
    answer = repo.run("git", *options, "check-attr", "-z", "--stdin", *names, stdin="\0".join([*paths, ""]))
    assert answer.code == 0, answer.err
    return answer.out.split("\0")


@pytest.mark.slow
@pytest.mark.parametrize("seed", rest_slow(range(6), now=2))
def test_one_file_says_what_all_say(tmp_path: Path, seed: int) -> None:
    repo, bare = (Repo(tmp_path / name, Dates()) for name in ("work", "bare.git"))
    for each, option in ((repo, "-q"), (bare, "--bare")):
        each.path.mkdir()
        each.git("init", "-q", option)
    dice = random.Random(seed)
    paths = [f"{folder}/{file}".lstrip("/") for folder in FOLDERS for file in FILES]
    for path in paths:
        (repo.path / path).parent.mkdir(parents=True, exist_ok=True)
        (repo.path / path).write_text(path)
    commits = []
    for number in range(4):
        for folder in FOLDERS:
            place = repo.path / folder / ".gitattributes"
            place.unlink(missing_ok=True)
            if dice.random() < 0.1:
                place.symlink_to("* merge=ours")
            elif dice.random() < 0.7:
                place.write_bytes(text(dice, macros=folder == "").encode())
        commits.append(Oid(repo.commit(f"tree {number}")))
    wanted = []
    for commit in commits:
        repo.git("checkout", "-q", "--force", commit)
        wanted.append(asked(repo, paths))
    with private_git_dir(open_repository(repo.path), keep=False) as git:
        roots = attributes.root_attributes(git, commits)
        places = attributes.folder_attributes(git, commits, roots, [attributes.parent_folders(paths)] * len(commits))
        files = [attributes.read(git, places.get(number, roots[number])) for number in range(len(commits))]
    for content, right in zip(files, wanted, strict=True):
        (tmp_path / "attributes").write_bytes(content)
        assert asked(bare, paths, "-c", f"core.attributesFile={tmp_path / 'attributes'}") == right
