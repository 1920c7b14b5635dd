"""`update`: a hotfix is replayed on the newest production tag, and everybody's copy of it follows or is left alone."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import time

import pytest
from building import APP, FIX, TARGETS, Project
from proofs import rest_slow
from sandbox import Repo, half

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
Waivers, approvals and evidence for the old code no longer count; next: git hotfix check
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


@pytest.mark.slow
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


def test_a_dry_run_of_a_replay_signs_nothing(fixed: Project) -> None:
    """A signature is made by the repository's own git and would stay there."""
    clone = fixed.clone
    release(fixed)
    for name, value in {"commit.gpgSign": "true", "gpg.format": "ssh", "user.signingKey": "no-such-key"}.items():
        clone.git("config", name, value)
    before = clone.snapshot()
    answer = clone.hotfix("finish", "--update", "--dry-run", "--no-backport")
    assert (answer.code, clone.snapshot()) == (0, before), answer.err


@pytest.mark.slow
def test_check_and_status_point_to_the_newer_release(fixed: Project) -> None:
    """The name that finish would give here lacks what was released meanwhile: the replay comes first."""
    clone = fixed.clone
    release(fixed)
    check = clone.hotfix("check", "--fetch")
    assert (check.code, check.out.splitlines()[-1]) == (0, "next: git hotfix finish 4711 --update")
    status = clone.hotfix("status")
    assert status.out.splitlines()[-3:] == [
        "finish would refuse: starts at v1.4.2, production is at v1.4.3, tagged by Ada",
        "next:",
        "  git hotfix finish 4711 --update",
    ]
    found = clone.hotfix("status", "--format", "json").json
    assert (found["next"], "tag" in found) == (["git hotfix finish 4711 --update"], False)
    done = clone.hotfix("finish", "4711", "--update", "--no-backport", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.4")


@pytest.mark.slow
def test_finish_points_here(fixed: Project) -> None:
    release(fixed)
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 1
    assert "git hotfix update" in answer.out + answer.err


def at_terminal(repo: Repo, typed: str, *words: str) -> tuple[int, str]:
    """`finish` by a person at a terminal: exit code, and what was said there."""
    master, slave = pty.openpty()
    os.write(master, typed.encode())
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "finish", *words],
        cwd=repo.path, env={**os.environ, **repo.environment}, stdin=slave, stderr=slave, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    code = process.wait(timeout=60)
    os.close(slave)
    said = os.read(master, 65536).decode()
    os.close(master)
    return code, said


def first_by_bob(project: Project, text: str = RELEASED) -> str:
    """Bob releases v1.4.3 while the hotfix is under way; returns the commit."""
    bob = project.another_clone("bob")
    bob.git("config", "user.name", "Bob")
    bob.git("switch", "-q", "main")
    made = bob.commit("release v1.4.3", {"app.py": text})
    bob.git("push", "-q")
    bob.tag("v1.4.3", "main")
    return made


def finished_on_top(project: Project) -> None:
    """The fix stands on v1.4.3, is tagged v1.4.4 and is everywhere; its branch is gone."""
    remote = project.remote
    assert remote.tree("v1.4.4") == {**remote.tree("v1.4.3"), "app.py": BOTH}
    assert remote.tip("v1.4.3") in remote.git("rev-list", "v1.4.4").split()
    assert (remote.tree("main")["app.py"], remote.tree("develop")["app.py"]) == (BOTH, FIX)
    assert "hotfix/4711" not in remote.branches() | project.clone.branches()


@pytest.mark.slow
@pytest.mark.parametrize("pushed", rest_slow([True, False]))
def test_finish_replays_and_finishes_in_one_go(fixed: Project, pushed: bool) -> None:
    clone, remote = fixed.clone, fixed.remote
    if pushed:
        clone.git("push", "-q", "origin", "hotfix/4711")
        clone.git("fetch", "-q")
    first_by_bob(fixed)
    old = clone.tip("hotfix/4711")
    before, there = clone.snapshot(), remote.refs("refs/heads/", "refs/tags/")
    refused = clone.hotfix("finish", "--yes", "--format", "json")
    assert (refused.code, refused.json["next"]) == (1, ["git hotfix finish 4711 --update"])
    [base] = [gate for gate in refused.json["gates"] if gate["status"] == "fail"]
    assert base["findings"][0]["message"] == "starts at v1.4.2, production is at v1.4.3, tagged by Bob"
    shown = clone.hotfix("finish", "--update", "--dry-run", "--format", "json")
    assert (shown.code, shown.json["next"]) == (0, ["git hotfix finish 4711 --update"])
    assert shown.json["notes"][0].startswith(f"Bob tagged v1.4.3 first: hotfix/4711 is replayed on it, {old[:10]} → ")
    after = clone.snapshot()
    assert (after.refs.keys() - before.refs.keys(), after.files) == (set(), before.files)
    assert remote.refs("refs/heads/", "refs/tags/") == there
    done = clone.hotfix("finish", "--update", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.4"), done.err
    assert (
        done.json["notes"][0]
        == shown.json["notes"][0][: -len(done.json["hotfix"]["tip"][:10])] + (done.json["hotfix"]["tip"][:10])
    )
    assert done.targets == dict.fromkeys(TARGETS, ("cherry-pick", "merged"))  # they lack what Bob released
    finished_on_top(fixed)
    assert clone.log("4711")[1:3] == ["update hotfix 4711 to v1.4.3", "finish hotfix 4711 as v1.4.4"]


@pytest.mark.slow
@pytest.mark.parametrize("typed", rest_slow(["y\n", "n\n"]))
def test_finish_offers_the_replay_on_a_terminal(fixed: Project, typed: str) -> None:
    """One question for all of it."""
    clone, remote = fixed.clone, fixed.remote
    first_by_bob(fixed)
    before, there = clone.snapshot(), remote.refs("refs/heads/", "refs/tags/")
    code, said = at_terminal(clone, typed)
    assert "Bob tagged v1.4.3 first" in said
    assert "Replay hotfix/4711 on v1.4.3, then push main, v1.4.4 and 4 branches? [y/N]" in said
    assert said.count("[y/N]") == 1
    if typed == "y\n":
        assert code == 0
        finished_on_top(fixed)
    else:
        assert (code, clone.snapshot(), remote.refs("refs/heads/", "refs/tags/")) == (4, before, there)


@pytest.mark.slow
def test_a_replay_that_is_not_clean_is_not_offered(fixed: Project) -> None:
    clone = fixed.clone
    first_by_bob(fixed, APP.replace("value_15 = 15", "value_15 = 0"))
    before, there = clone.snapshot(), fixed.remote.refs("refs/heads/", "refs/tags/")
    code, said = at_terminal(clone, "y\n")
    assert (code, "[y/N]" in said) == (1, False)
    conflict = clone.hotfix("finish", "--update")
    assert (conflict.code, "hotfix/4711 conflicts with v1.4.3" in conflict.err) == (4, True)
    assert (clone.snapshot(), fixed.remote.refs("refs/heads/", "refs/tags/")) == (before, there)


@pytest.mark.slow
def test_a_replay_that_a_gate_refuses_is_not_offered(fixed: Project) -> None:
    """What was waived was waived for the old code."""
    clone = fixed.clone
    clone.commit("4711: a module", {"more.py": "x = 1\n"})
    assert clone.hotfix("waive", "new-module", "--reason", "there is no other way").code == 0
    first_by_bob(fixed)
    before, there = clone.snapshot(), fixed.remote.refs("refs/heads/", "refs/tags/")
    code, said = at_terminal(clone, "y\n")
    assert (code, "[y/N]" in said, "--update" in said) == (1, False, False)
    refused = clone.hotfix("finish", "--update", "--format", "json")
    assert (refused.code, refused.statuses["new-module"], refused.statuses["base"]) == (1, "fail", "pass")
    assert (clone.snapshot(), fixed.remote.refs("refs/heads/", "refs/tags/")) == (before, there)


def test_nothing_newer(fixed: Project) -> None:
    clone = fixed.clone
    before, there = clone.snapshot(), fixed.remote.refs()
    answer = clone.hotfix("update")
    assert (answer.code, answer.out) == (0, "hotfix/4711 is already based on v1.4.2\n")
    assert (clone.snapshot(), fixed.remote.refs()) == (before, there)


@pytest.mark.slow
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


@pytest.mark.slow
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
    assert "v1.4.3 already contains this fix" in answer.err


@pytest.mark.slow
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
    assert (answer.code, answer.out, clone.snapshot()) == (0, "hotfix/7 is already based on v1.2.5\n", before)


@pytest.mark.slow
def test_what_was_cut_from_an_older_release_follows_that_one_only(project: Project) -> None:
    """A newer release of production is none of its line's; one that others made of the same release is."""
    clone = project.clone
    release(project, name="v1.5.0")
    assert clone.hotfix("start", "7", "--from", "v1.4.2").code == 0
    clone.commit("fix", {"app.py": FIX})
    release(project, APP.replace("value_2 = 2\n", "value_2 = 200\n"), name="v1.5.1")
    before = clone.snapshot()
    assert clone.hotfix("update").out == "hotfix/7 is already based on v1.4.2\n"
    assert clone.snapshot().refs["refs/heads/hotfix/7"] == before.refs["refs/heads/hotfix/7"]
    check = clone.hotfix("check", "--format", "json")
    assert (check.code, check.statuses["base"]) == (0, "pass")

    time.sleep(1.1)  # dates have seconds: what comes later has to be later
    bob = project.another_clone("bob")
    assert bob.hotfix("start", "8", "--from", "v1.4.2", "--tag", "v1.4.3").code == 0
    bob.commit("another fix", {"holes.txt": "closed\n"})
    done = bob.hotfix("finish", "--no-backport", "--yes")
    assert done.code == 0, done.out
    check = clone.hotfix("check", "--fetch", "--format", "json")
    assert [gate["limit"] for gate in check.json["gates"] if gate["id"] == "base"] == ["v1.4.3"]
    assert clone.hotfix("check").out.splitlines()[-1] == "next: git hotfix finish 7 --update"
    done = clone.hotfix("finish", "--update", "--no-backport", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.4")


def test_no_such_hotfix(project: Project) -> None:
    before = project.clone.snapshot()
    answer = project.clone.hotfix("update", "9")
    assert (answer.code, answer.out, project.clone.snapshot()) == (2, "", before)
    assert "there is no hotfix/9 here or on the remote" in answer.err


@pytest.mark.slow
def test_a_finish_of_a_replay_that_was_undone_names_the_replayed_commits(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("start", "4712").code == 0
    clone.commit("fix the version", {"VERSION": "1.4.2 fixed\n"})
    assert clone.hotfix("finish", "--yes").code == 0
    clone.git("switch", "-q", "hotfix/4711")
    assert clone.hotfix("finish", "4711", "--update", "--yes").code == 0
    assert clone.hotfix("undo", "4711", "--yes").code == 4
    replayed = next(line for line in remote.git("cat-file", "tag", "v1.4.4").splitlines() if "Hotfix-Tip: " in line)
    take = f"git switch -C hotfix/4711 {replayed.split()[1][:12]} && git hotfix finish 4711"
    said = clone.hotfix("status", "4711", "--format", "json").json["notes"]
    words = "4711 is finished as v1.4.4; that tag has every change of hotfix/4711, replayed"
    assert said[:2] == [f"finish would refuse: {words}", f"take the replayed commits: {take}"]
    answer = clone.hotfix("finish", "4711", "--yes")
    assert (answer.code, words in answer.err, take in answer.err) == (1, True, True)
    more = clone.git("switch", "-q", "hotfix/4711") or clone.commit("one more", {"README.md": "more\n"})
    assert f"start 4711-2, then git cherry-pick {more[:10]}\n" in clone.hotfix("finish", "4711", "--yes").err
    clone.git("switch", "-q", "-C", "hotfix/4711", replayed.split()[1])
    assert clone.hotfix("finish", "4711", "--yes").code == 0
    assert {"app.py": FIX, "VERSION": "1.4.2 fixed\n"}.items() <= remote.tree("develop").items()
