"""`update`: a hotfix is replayed on the newest production tag, and everybody's copy of it follows or is left alone."""

from __future__ import annotations

import os

import pytest
from building import APP, FIX, Project
from sandbox import half

RELEASED = APP.replace("value_1 = 1\n", "value_1 = 100\n")
BOTH = FIX.replace("value_1 = 1\n", "value_1 = 100\n")


def release(project: Project, text: str = RELEASED, name: str = "v1.4.3") -> str:
    """A colleague releases meanwhile; returns the tagged commit."""
    bob = project.another_clone(f"release-{name}")
    bob.git("switch", "-q", "main")
    made = bob.commit(f"release {name}", {"app.py": text})
    bob.git("push", "-q")
    bob.tag(name, "main")
    return made


def test_a_hotfix_follows_a_release(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.commit("a second part\n\nwith words", {"app.py": FIX.replace("value_20 = 20", "value_20 = 0")})
    clone.git("commit", "-q", "--amend", "--no-edit", "--author", "Grace <grace@example.org>")
    clone.git("push", "-q", "origin", "hotfix/4711")
    old, first = clone.tip("HEAD"), clone.tip("HEAD~1")
    new_base = release(fixed)
    answer = clone.hotfix("update")
    tip = clone.tip("HEAD")
    assert (answer.code, answer.out) == (0, f"""\
hotfix/4711 is replayed on v1.4.3: {old[:10]} → {tip[:10]}
waivers and evidence held for the old code; next: git hotfix check
"""), answer.err  # fmt: skip
    assert remote.tip("hotfix/4711") == clone.tip("hotfix/4711") == tip
    assert clone.tip("HEAD~2") == new_base
    assert clone.tree("HEAD")["app.py"] == BOTH.replace("value_20 = 20", "value_20 = 0")
    assert clone.tree("HEAD~1")["app.py"] == BOTH
    shown = "--format=%an %ae %at%n%B"
    assert clone.git("log", shown, "-2", tip) == clone.git("log", shown, "-2", old)
    assert (clone.path / "app.py").read_text() == BOTH.replace("value_20 = 20", "value_20 = 0")
    assert clone.git("status", "--porcelain") == ""
    assert clone.snapshot().head == "ref: refs/heads/hotfix/4711\n"
    assert remote.log("4711")[-1] == "update hotfix 4711 to v1.4.3"
    assert first not in clone.git("rev-list", "HEAD").split()
    check = clone.hotfix("check", "--format", "json").json
    assert (check["verdict"], check["hotfix"]["base_tag"], check["hotfix"]["base"]) == ("pass", "v1.4.3", new_base)
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.4"), done.err


def test_a_hotfix_without_a_commit_follows_too(project: Project) -> None:
    """Somebody releases while the fix is looked for; the hotfix is not to be given up for it."""
    clone = project.clone
    assert clone.hotfix("start", "4711", "--push").code == 0
    new_base = release(project)
    answer = clone.hotfix("update")
    assert answer.code == 0, answer.err
    assert (clone.tip("HEAD"), project.remote.tip("hotfix/4711")) == (new_base, new_base)
    assert ((clone.path / "app.py").read_text(), clone.git("status", "--porcelain")) == (RELEASED, "")
    clone.commit("fix the checkout", {"app.py": BOTH})
    check = clone.hotfix("check", "--format", "json").json
    assert (check["hotfix"]["base_tag"], check["verdict"]) == ("v1.4.3", "pass")


def test_finish_points_here(fixed: Project) -> None:
    release(fixed)
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 1
    assert "git hotfix update" in answer.out + answer.err


def test_nothing_newer(fixed: Project) -> None:
    clone = fixed.clone
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("update")
    assert (answer.code, answer.out) == (0, "hotfix/4711 stands on v1.4.2 already\n")
    assert (clone.snapshot(), fixed.remote.refs()) == (before, there)


def test_twice_changes_nothing_more(fixed: Project) -> None:
    release(fixed)
    assert fixed.clone.hotfix("update").code == 0
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("update", "--format", "json")
    assert (answer.code, answer.json["hotfix"]["base_tag"]) == (0, "v1.4.3")
    assert (answer.json["hotfix"]["tip"], fixed.clone.snapshot(), fixed.remote.refs()) == (
        fixed.clone.tip("HEAD"), before, there,
    )  # fmt: skip


def test_a_conflict_changes_nothing(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    clone.git("fetch", "-q")
    base = clone.tip("v1.4.2")
    release(fixed, APP.replace("value_15 = 15", "value_15 = 0"))
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("update")
    assert (answer.code, answer.out, clone.snapshot(), fixed.remote.refs()) == (4, "", before, there)
    assert "hotfix/4711 conflicts with v1.4.3" in answer.err
    assert "app.py (content)" in answer.err
    [line] = [row.strip(" →") for row in answer.err.splitlines() if "git rebase" in row]
    assert base[:10] in line


def test_the_rebase_that_it_names_can_be_run(fixed: Project) -> None:
    """Its newest tag need not be here by name."""
    clone = fixed.clone
    release(fixed, APP.replace("value_15 = 15", "value_15 = 0"))
    answer = clone.hotfix("update")
    [line] = [row.strip(" →") for row in answer.err.splitlines() if "git rebase" in row]
    rebase = clone.run("sh", "-c", line)
    assert "CONFLICT (content)" in rebase.out, rebase.err


def test_a_file_that_was_only_touched_stops_nothing(fixed: Project) -> None:
    release(fixed)
    os.utime(fixed.clone.path / "app.py", (1, 1))
    answer = fixed.clone.hotfix("update")
    assert (answer.code, (fixed.clone.path / "app.py").read_text()) == (0, BOTH), answer.err


@pytest.mark.parametrize("dirty", ["tracked", "staged"])
def test_uncommitted_work_stops_it(fixed: Project, dirty: str) -> None:
    clone = fixed.clone
    release(fixed)
    (clone.path / ("README.md" if dirty == "tracked" else "staged.txt")).write_text("half done\n")
    if dirty == "staged":
        clone.git("add", "staged.txt")
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("update")
    assert (answer.code, clone.snapshot(), fixed.remote.refs()) == (2, before, there)
    assert f"{clone.path} has uncommitted changes on hotfix/4711" in answer.err


def test_from_another_branch_with_work_under_way(fixed: Project) -> None:
    clone = fixed.clone
    release(fixed)
    clone.git("switch", "-q", "develop")
    half(clone)
    before, old = clone.snapshot(), clone.tip("hotfix/4711")
    answer = clone.hotfix("update", "4711")
    assert answer.code == 0, answer.err
    after = clone.snapshot()
    assert (after.head, after.files, after.index) == (before.head, before.files, before.index)
    assert clone.tree("hotfix/4711")["app.py"] == BOTH
    assert clone.tip("hotfix/4711") != old
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {
        "refs/heads/hotfix/4711", "refs/hotfix/log/4711",
    }  # fmt: skip


def test_a_worktree_that_stands_on_it_goes_along(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "develop")
    there = fixed.linked("there", "hotfix/4711")
    release(fixed)
    assert clone.hotfix("update", "4711").code == 0
    assert (there.path / "app.py").read_text() == BOTH
    assert there.git("status", "--porcelain") == ""


def test_a_colleagues_commit_is_not_lost(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "hotfix/4711")
    bob.commit("theirs", {"theirs.txt": "one\n"})
    bob.git("push", "-q")
    release(fixed)
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("update")
    assert (answer.code, clone.snapshot(), fixed.remote.refs()) == (3, before, there)
    assert "hotfix/4711 differs between here and origin" in answer.err


def test_a_release_that_has_the_fix(fixed: Project) -> None:
    clone = fixed.clone
    release(fixed, BOTH)
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("update")
    assert (answer.code, clone.snapshot(), fixed.remote.refs()) == (4, before, there)
    assert "v1.4.3 holds this fix already" in answer.err


def test_what_was_chosen_with_from_stays_on_its_line(project: Project) -> None:
    """A newer tag of production is none of a support line's."""
    clone = project.clone
    clone.branch("support/1.2", "v1.4.1", "support one", {"support.txt": "one\n"})
    clone.tag("v1.2.5", "origin/support/1.2")
    clone.git("fetch", "-q")
    assert clone.hotfix("start", "7", "--from", "v1.2.5").code == 0
    clone.commit("fix", {"app.py": FIX})
    release(project)
    before = clone.snapshot()
    answer = clone.hotfix("update")
    assert (answer.code, answer.out, clone.snapshot()) == (0, "hotfix/7 stands on v1.2.5 already\n", before)


def test_no_such_hotfix(project: Project) -> None:
    before = project.clone.snapshot()
    answer = project.clone.hotfix("update", "9")
    assert (answer.code, answer.out, project.clone.snapshot()) == (2, "", before)
    assert "there is no hotfix/9 here or on the remote" in answer.err
