"""`finish` and its remote: what moves meanwhile, several remotes, none at all, and settings that must not leak in."""

from __future__ import annotations

import subprocess

import pytest
from building import APP, FIX, TARGETS, Project


def moving(project: Project, ref: str, *, always: bool = False) -> str:
    """A script by which somebody pushes a commit to `ref`, once or each time that it runs."""
    done = project.root / "moved"
    return f"""\
{"" if always else f'[ -e "{done}" ] && exit 0'}
touch "{done}"
unset $(git rev-parse --local-env-vars)
cd "{project.remote.path}"
parent=$(git rev-parse --quiet --verify {ref} || git rev-parse refs/heads/develop)
git update-ref {ref} "$(git commit-tree refs/heads/feature/old^{{tree}} -p "$parent" -m moved)"
"""


def move_while_pushing(project: Project, word: str, ref: str, *, always: bool = False) -> None:
    """`ref` moves after the server has said where it stands, in a push of `word`."""
    only = f'case "$(cat)" in *"{word}"*) ;; *) exit 0;; esac'
    project.clone.hook("pre-push", f"{only}\n{moving(project, ref, always=always)}")


def move_before_pushing(project: Project, ref: str) -> None:
    """`ref` moves between the fetch and the greeting of the first push."""
    script = project.clone.hook("late", f'( {moving(project, ref)} )\nexec git-receive-pack "$@"')
    project.clone.git("config", "remote.origin.receivepack", str(script))


def test_a_feature_that_moves_meanwhile(fixed: Project) -> None:
    remote = fixed.remote
    move_while_pushing(fixed, "refs/heads/feature/login", "refs/heads/feature/login")
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    assert remote.subjects("feature/login", "--first-parent")[:3] == [
        "Merge branch 'hotfix/4711' into feature/login", "moved", "login one",
    ]  # fmt: skip
    assert remote.tree("feature/login")["app.py"] == FIX


@pytest.mark.slow
def test_a_feature_that_moves_each_time_stays_open(fixed: Project) -> None:
    move_while_pushing(fixed, "refs/heads/feature/login", "refs/heads/feature/login", always=True)
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 4
    assert answer.targets == {**dict.fromkeys(TARGETS, ("merge", "merged")), "feature/login": ("merge", "pending")}
    assert answer.json["next"] == ["git hotfix backport 4711 --to feature/login"]
    assert fixed.remote.subjects("feature/login", "--first-parent")[:5] == ["moved"] * 4 + ["login one"]
    assert fixed.remote.tree("feature/search")["app.py"] == FIX


@pytest.mark.slow
def test_a_feature_that_is_deleted_meanwhile(fixed: Project) -> None:
    fixed.remote.hook(
        "post-receive", 'case "$(cat)" in *refs/heads/main*) git update-ref -d refs/heads/feature/login;; esac'
    )
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == {**dict.fromkeys(TARGETS, ("merge", "merged")), "feature/login": ("merge", "skipped")}
    assert "feature/login" not in fixed.remote.branches()


@pytest.mark.slow
@pytest.mark.parametrize("early", [True, False])
def test_production_that_moves_meanwhile(fixed: Project, early: bool) -> None:
    """Planned again on what production is now; the tag still holds base + fix only."""
    remote, tip = fixed.remote, fixed.clone.tip("HEAD")
    if early:
        move_before_pushing(fixed, "refs/heads/main")
    else:
        move_while_pushing(fixed, "refs/heads/main", "refs/heads/main")
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert remote.subjects("main", "--first-parent")[:2] == ["Merge branch 'hotfix/4711' into main", "moved"]
    assert remote.tip("v1.4.3") == tip
    assert remote.tree("v1.4.3") == {**fixed.clone.tree("v1.4.2"), "app.py": FIX}


@pytest.mark.slow
@pytest.mark.parametrize("early", [True, False])
def test_a_tag_of_that_name_meanwhile(fixed: Project, early: bool) -> None:
    """The automatic name goes on to the next free one."""
    if early:
        move_before_pushing(fixed, "refs/tags/v1.4.3")
    else:
        move_while_pushing(fixed, "refs/heads/main", "refs/tags/v1.4.3")
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.json["tag"]["name"]) == (0, "v1.4.4"), answer.err
    assert fixed.remote.subjects("v1.4.3")[0] == "moved"


@pytest.mark.slow
def test_a_commit_to_the_hotfix_branch_meanwhile(fixed: Project) -> None:
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    before, there = fixed.clone.snapshot(), fixed.remote.branches()
    move_before_pushing(fixed, "refs/heads/hotfix/4711")
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 3
    assert "somebody has just pushed to hotfix/4711" in answer.err
    after = fixed.clone.snapshot()
    assert (after.refs, after.files, after.index, after.head) == (before.refs, before.files, before.index, before.head)
    assert {**fixed.remote.branches(), "hotfix/4711": there["hotfix/4711"]} == there
    assert fixed.remote.tags() == {"v1.4.1", "v1.4.2"}


@pytest.mark.slow
def test_a_commit_to_the_hotfix_branch_too_late(fixed: Project) -> None:
    """It came after the server had said where the branch stands: the branch stays, and the report says so."""
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    move_while_pushing(fixed, "refs/heads/main", "refs/heads/hotfix/4711")
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert fixed.remote.subjects("hotfix/4711")[0] == "moved"
    assert any(note.startswith("hotfix/4711") for note in answer.json["notes"]), answer.json["notes"]


@pytest.mark.slow
def test_only_the_teams_remote_is_written(fixed: Project) -> None:
    clone = fixed.clone
    fork = fixed.another_clone("fork.git", "--bare", "--no-tags")
    clone.git("remote", "add", "fork", str(fork.path))
    clone.git("fetch", "-q", "fork")
    before = fork.refs()
    assert clone.hotfix("finish").code == 0
    assert fork.refs() == before
    assert fixed.remote.tree("develop")["app.py"] == FIX


@pytest.mark.slow
def test_settings_that_push_more_do_not_hold(fixed: Project) -> None:
    """Foreign tags and branches stay here, whatever push is told to take along by itself."""
    clone = fixed.clone
    for key, value in {"push.followTags": "true", "push.default": "matching", "remote.origin.mirror": "true",
                       "push.gpgSign": "false", "push.recurseSubmodules": "on-demand", "remote.origin.prune": "true",
                       "fetch.pruneTags": "true", "fetch.prune": "false"}.items():  # fmt: skip
        clone.git("config", key, value)
    clone.git("config", "--add", "remote.origin.push", "refs/heads/*:refs/heads/*")
    clone.git("tag", "-a", "v1.4.2-private", "-m", "mine", "v1.4.2")
    clone.git("branch", "private", "v1.4.1")
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert fixed.remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}
    assert "private" not in fixed.remote.branches()
    assert {"v1.4.2-private", "v1.4.3"} <= clone.tags()


@pytest.mark.slow
def test_without_a_remote_one_local_transaction(fixed: Project) -> None:
    clone = fixed.clone
    for branch in TARGETS:
        clone.git("branch", "-f", branch, f"origin/{branch}")
    clone.git("remote", "remove", "origin")
    before, branches, tip = clone.snapshot(), clone.branches(), clone.tip("HEAD")
    predicted = clone.hotfix("finish", "--dry-run", "--format", "json")
    assert clone.snapshot() == before
    answer = clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert answer.targets == predicted.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    for branch in ("main", *TARGETS):
        assert clone.parents(branch) == [branches[branch], tip]
        assert clone.tree(branch)["app.py"] == FIX
    assert clone.tip("v1.4.3") == clone.tip("main")
    after = clone.snapshot()
    assert (after.head, after.files, after.index) == ("ref: refs/heads/main\n", before.files, before.index)
    assert "hotfix/4711" not in clone.branches()
    assert clone.log("4711")[-1] == "close hotfix 4711"
    assert clone.hotfix("start", "4712").out.startswith("hotfix/4712 starts at v1.4.3 ")


@pytest.mark.slow
def test_without_a_remote_a_checked_out_branch_stays(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("remote", "remove", "origin")
    there = fixed.linked("there", "develop")
    (there.path / "develop.txt").write_text("half done\n")
    before, develop = there.snapshot(), clone.tip("develop")
    answer = clone.hotfix("finish", "--format", "json")
    assert (answer.code, answer.targets) == (4, {"develop": ("merge", "failed")})
    [target] = answer.json["targets"]
    assert target["reason"] == f"checked out in {there.path}"
    assert clone.tip("develop") == develop
    assert (there.files(), there.git("ls-files", "--stage")) == (before.files, before.index)
    assert clone.tree("main")["app.py"] == FIX


def test_a_remote_that_does_not_answer(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("remote", "set-url", "origin", str(fixed.root / "gone.git"))
    before = clone.snapshot()
    for words in ([], ["--dry-run"]):
        answer = clone.hotfix("finish", *words)
        assert (answer.code, clone.snapshot()) == (3, before)
        assert "nothing was changed" in answer.err


@pytest.mark.slow
def test_policy_from_the_remotes_production(fixed: Project) -> None:
    """Targets, tag and source are the team's; develop then sees the tag."""
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "main")
    other.commit("the policy", {".git-hotfix.toml": (
        'tag = "hotfix-{issue}"\ndeploy = "tag"\n[backport]\nsource = "tag"\ntargets = ["<develop>", "feature/*"]\n'
        'exclude = ["feature/search"]\nactive-within = "300d"\n'
    )})  # fmt: skip
    other.git("push", "-q")
    other.branch("feature/clash", "origin/main", "clash", {"app.py": APP.replace("value_1 = 1", "value_1 = 0")})
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 0, answer.err
    assert set(answer.targets) == {"develop", "feature/login", "feature/old", "feature/clash"}
    assert answer.json["tag"]["name"] == "hotfix-4711"
    assert answer.json["policy"]["file"] == ".git-hotfix.toml"
    assert fixed.remote.git("describe", "develop").startswith("hotfix-4711-")


@pytest.mark.slow
def test_a_pre_push_hook_that_refuses_a_target_without_a_word(fixed: Project) -> None:
    fixed.clone.hook("pre-push", 'case "$(cat)" in *refs/heads/feature/login*) exit 1;; esac')
    answer = fixed.clone.hotfix("finish", "--format", "json")
    assert answer.code == 4, answer.err
    features = {each["ref"]: (each["status"], each["reason"]) for each in answer.json["targets"] if each["tier"] == 3}
    assert features == dict.fromkeys(
        ("refs/heads/feature/login", "refs/heads/feature/search"), ("failed", "git push exited with 1")
    )


@pytest.mark.slow
def test_another_git_that_fetches_at_the_same_moment(fixed: Project) -> None:
    """An editor does so by itself: its lock is waited for."""
    clone = fixed.clone
    other = fixed.another_clone("bob")
    other.git("switch", "-q", "develop")
    other.commit("develop three", {"develop.txt": "three\n"})
    other.git("push", "-q")
    lock = clone.path / ".git" / "refs" / "remotes" / "origin" / "develop.lock"
    if not lock.parent.is_dir():
        pytest.skip("a reftable has one lock for all references, which git itself waits for")
    lock.write_text("")
    gone = subprocess.Popen(["sh", "-c", f"sleep 0.7; rm '{lock}'"])
    answer = clone.hotfix("finish", "--format", "json")
    gone.wait()
    assert (answer.code, answer.targets) == (0, dict.fromkeys(TARGETS, ("merge", "merged"))), answer.err
    assert fixed.remote.tree("develop")["develop.txt"] == "three\n"
