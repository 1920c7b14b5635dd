"""File names, kinds and settings that trip a tool: counted right, delivered whole, and the same verdict everywhere."""

from __future__ import annotations

import os

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import Answer, Repo


def gate(answer: Answer, name: str) -> str:
    return str(next(each["measured"] for each in answer.json["gates"] if each["id"] == name))


def delivered(clone: Repo) -> None:
    """finish brings the very entry of the hotfix to production and every target."""
    changed = clone.git("diff-tree", "-r", "-z", "--no-commit-id", "--no-renames", "HEAD~1", "HEAD")
    paths = changed.split("\0")[1::2]
    wanted = clone.git("ls-tree", "-r", "-z", "HEAD", "--", *paths)
    before = clone.git("status", "--porcelain")
    answer = clone.hotfix("finish", "4711", "--format", "json")
    assert answer.code == 0, answer.out + answer.err
    assert answer.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    for branch in ("main", *TARGETS):
        assert clone.git("ls-tree", "-r", "-z", f"origin/{branch}", "--", *paths) == wanted
    assert clone.git("status", "--porcelain") == before


@pytest.fixture
def started(project: Project) -> Repo:
    assert project.clone.hotfix("start", "4711").code == 0
    return project.clone


def test_names_of_every_kind(started: Repo) -> None:
    names = [b"caf\xe9.dat", b" leading.dat", b'quo"ted.dat', b"tab\there.dat", b"new\nline.dat", "größe.dat".encode(),
             b"-dash.dat", b"a b\\c.dat"]  # fmt: skip
    for name in names:
        (started.path / os.fsdecode(name)).write_text("x\n")
    started.commit("odd names")
    answer = started.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-files"), gate(answer, "max-lines")) == (0, "8 files", "8 lines")
    assert answer.statuses["max-files"] == "warn"
    said = started.hotfix("check")
    assert said.code == 0
    assert "\n" not in "".join(said.out.split("\n")) and "\t" not in said.out
    delivered(started)


@pytest.mark.slow
def test_branches_of_every_name(started: Repo) -> None:
    """git takes for a part of a name what Python takes for the end of a line."""
    names = [b"caf\xe9", "a\u2028b".encode(), "a\x85b".encode(), "größe".encode(), b"$(x);'q\"", b"b{}\xa0c"]
    branches = [os.fsdecode(b"feature/" + name) for name in names]
    for number, branch in enumerate(branches):
        own = started.git("commit-tree", "-p", "origin/develop", "-m", f"own {number}", "origin/develop^{tree}")
        started.git("push", "-q", "origin", f"{own}:refs/heads/{branch}")
    (started.path / "app.py").write_text(FIX)
    started.commit("Fix checkout 4711")
    wanted = {os.fsencode(name): ("merge", "merged") for name in (*TARGETS, *branches)}
    for words in (("--dry-run",), ()):  # as the remote says its references, and as they stand here
        answer = started.hotfix("finish", "4711", "--format", "json", *words)
        assert {os.fsencode(name): told for name, told in answer.targets.items()} == wanted
    for branch in branches:
        assert started.tree(f"origin/{branch}")["app.py"] == FIX


def test_a_path_that_is_no_utf8_keeps_its_bytes_in_json(started: Repo) -> None:
    (started.path / os.fsdecode(b"caf\xe9.py")).write_text("x = 1\n")
    started.commit("a module")
    answer = started.hotfix("check", "--format", "json")
    [finding] = next(each for each in answer.json["gates"] if each["id"] == "new-module")["findings"]
    assert (finding["path"], finding["path_bytes"]) == ("caf\udce9.py", "Y2Fm6S5weQ==")


@pytest.mark.slow
def test_a_submodule_bump(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "main")
    one, two = clone.tip("v1.4.1"), clone.tip("v1.4.2")
    clone.git("update-index", "--add", "--cacheinfo", f"160000,{one},sub")
    clone.git("commit", "-q", "-m", "a submodule")
    clone.tag("v1.4.3")
    clone.git("push", "-q", "origin", "main")
    for branch in TARGETS:
        tree = clone.git("merge-tree", "--write-tree", f"origin/{branch}", "main")
        made = clone.git("commit-tree", tree, "-p", f"origin/{branch}", "-p", "main", "-m", "take main in")
        clone.git("push", "-q", "origin", f"{made}:refs/heads/{branch}")
    assert clone.hotfix("start", "4711").code == 0
    clone.git("update-index", "--cacheinfo", f"160000,{two},sub")
    clone.git("commit", "-q", "-m", "bump")
    answer = clone.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-files")) == (1, "1 file")
    assert [gate for gate, status in answer.statuses.items() if status == "fail"] == ["submodule"]
    assert clone.hotfix("waive", "submodule", "--reason", "the fix is in the library").code == 0
    delivered(clone)


@pytest.mark.slow
def test_a_mode_change(started: Repo) -> None:
    (started.path / "app.py").chmod(0o755)
    started.commit("executable")
    answer = started.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-files"), gate(answer, "max-lines")) == (0, "1 file", "0 lines")
    delivered(started)


@pytest.mark.slow
def test_a_symlink(started: Repo) -> None:
    (started.path / "link.cfg").symlink_to("app.py")
    started.commit("a link")
    answer = started.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-files")) == (0, "1 file")
    delivered(started)


@pytest.mark.slow
def test_carriage_returns(started: Repo) -> None:
    started.git("config", "core.autocrlf", "true")
    (started.path / "app.py").write_bytes(FIX.replace("\n", "\r\n").encode())
    started.commit("fix")
    answer = started.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-lines")) == (0, "2 lines")
    delivered(started)


@pytest.mark.slow
def test_an_empty_commit_beside_the_fix(started: Repo) -> None:
    started.commit("nothing")
    started.commit("fix", {"app.py": FIX})
    answer = started.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-files")) == (0, "1 file")
    delivered(started)


@pytest.mark.slow
def test_an_lfs_pointer(started: Repo) -> None:
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'a' * 64}\nsize 12345\n"
    started.commit("a pointer", {"data.bin": pointer})
    answer = started.hotfix("check", "--format", "json")
    assert (answer.code, gate(answer, "max-lines")) == (0, "3 lines")
    delivered(started)


@pytest.mark.slow
def test_a_binary_file(started: Repo) -> None:
    (started.path / "logo.png").write_bytes(b"\x89PNG\0\0\1" * 99)
    started.commit("a logo")
    assert started.hotfix("check").code == 0
    delivered(started)


@pytest.mark.slow
def test_a_sha256_repository(project: Project) -> None:
    home = project.root / "sha256"
    home.mkdir()
    repo = project.at("sha256")
    repo.git("init", "-q", "--object-format=sha256")
    repo.commit("first", {"app.py": APP})
    repo.git("tag", "v1.0.0")
    repo.git("branch", "develop")
    assert repo.hotfix("start", "7").code == 0
    repo.commit("fix", {"app.py": FIX})
    assert repo.hotfix("finish").code == 0
    assert repo.tree("develop")["app.py"] == repo.tree("v1.0.1")["app.py"] == FIX


HOSTILE = {
    "diff.noprefix": "true", "diff.mnemonicPrefix": "true", "diff.external": "false", "color.ui": "always",
    "color.diff": "always", "diff.ignoreSubmodules": "all", "diff.renames": "false", "diff.algorithm": "patience",
    "core.quotePath": "true", "log.showSignature": "true", "log.date": "relative", "format.pretty": "oneline",
    "merge.conflictStyle": "diff3", "merge.ff": "only", "pull.rebase": "true", "push.default": "nothing",
    "i18n.logOutputEncoding": "latin1", "column.ui": "always", "tag.sort": "-version:refname",
    "branch.sort": "-committerdate", "core.pager": "false", "alias.switch": "!false", "commit.template": "/nowhere",
    "core.commentChar": "H", "rerere.enabled": "true", "fetch.output": "compact", "status.short": "true",
    "log.follow": "true",
}  # fmt: skip


@pytest.mark.slow
def test_the_same_verdict_and_end_state_under_any_setting(fixed: Project) -> None:
    clone = fixed.clone
    plain = clone.hotfix("check", "--format", "json").json
    (fixed.root / "home" / "attributes").write_text("*.py -diff merge=union\n")
    for key, value in {**HOSTILE, "core.attributesFile": str(fixed.root / "home" / "attributes")}.items():
        clone.git("config", "--global", key, value)
    odd = {"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "GIT_EXTERNAL_DIFF": "false", "GIT_DIFF_OPTS": "-u0",
           "GIT_PAGER": "false", "GREP_OPTIONS": "--color=always", "GIT_LITERAL_PATHSPECS": "1"}  # fmt: skip
    assert clone.hotfix("check", "--format", "json", env=odd).json == plain
    answer = clone.hotfix("finish", "--format", "json", env=odd)
    assert answer.code == 0, answer.err
    assert answer.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    for branch in ("main", *TARGETS):
        assert fixed.remote.tree(branch)["app.py"] == FIX
    [title, *_] = fixed.remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.3").splitlines()
    assert title == "Hotfix 4711: Checkout fails"


@pytest.mark.slow
def test_attributes_that_the_environment_names_settle_no_conflict(fixed: Project) -> None:
    """`git --attr-source=<tree> hotfix …` (git 2.41) would merge every branch with the attributes of that tree."""
    clone, remote = fixed.clone, fixed.remote
    clash = clone.branch("feature/clash", "main", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    union = clone.branch("feature/union", "v1.4.1", "union", {".gitattributes": "* merge=union\n"}, ago=200)
    answer = clone.hotfix("finish", "--format", "json", env={"GIT_ATTR_SOURCE": union})
    assert (answer.code, answer.targets) == (
        4, {**dict.fromkeys(TARGETS, ("merge", "merged")), "feature/clash": ("merge", "conflict")},
    )  # fmt: skip
    assert remote.tip("feature/clash") == clash
