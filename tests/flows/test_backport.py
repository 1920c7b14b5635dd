"""`backport`: a hotfix that is on production, however it came there, reaches every target once."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from forge import WAYS, land
from proofs import rest_slow

EVERYWHERE = dict.fromkeys(TARGETS, ("merge", "merged"))


def landed(project: Project, how: str, *, tag: str | None = "v1.4.3") -> None:
    """The hotfix branch is pushed, a pull request merged, and the result tagged by hand."""
    project.clone.git("push", "-q", "origin", "hotfix/4711")
    forge = land(project, how)
    if tag:
        forge.tag(tag, "main")


def delivered(project: Project, before: dict[str, str], tip: str) -> None:
    """Every target got one merge of the fix, production and everybody else nothing."""
    remote = project.remote
    after = remote.branches()
    assert {name for name in after if after[name] != before.get(name)} == set(TARGETS)
    for branch in TARGETS:
        assert remote.parents(branch) == [before[branch], tip]
        assert remote.tree(branch) == {**remote.tree(before[branch]), "app.py": FIX}


@pytest.mark.parametrize("how", rest_slow(WAYS, now=2))
@pytest.mark.parametrize("name", rest_slow(["v1.4.3", None, "4711", "hotfix/4711"], now=2))
def test_tagged_by_hand_and_called_by_any_name(fixed: Project, how: str, name: str | None) -> None:
    clone, remote = fixed.clone, fixed.remote
    landed(fixed, how)
    before, tip, tags = remote.branches(), clone.tip("hotfix/4711"), remote.refs("refs/tags/")
    files = clone.files()
    answer = clone.hotfix("backport", *([name] if name else []), "--format", "json")
    assert (answer.code, answer.targets) == (0, EVERYWHERE), answer.err
    assert (answer.json["pushed"], answer.json["next"]) == (True, [])
    # A tag by hand knows no branch: what it names is its own commit (or the branch that was merged there).
    source = remote.tip("v1.4.3") if name == "v1.4.3" and how in ("squash", "rebase") else tip
    if name == "v1.4.3":
        before = {each: oid for each, oid in before.items() if each != "hotfix/4711" or each in remote.branches()}
    else:
        assert "hotfix/4711" not in remote.branches()
        assert "hotfix/4711" not in clone.branches()
        assert remote.log("4711")[-1] == "close hotfix 4711"
    delivered(fixed, before, source)
    assert remote.refs("refs/tags/") == tags
    assert clone.files() == files


@pytest.mark.slow
@pytest.mark.parametrize("how", rest_slow(["merge", "squash", "rebase", "ff"], now=2))
def test_not_tagged_yet(fixed: Project, how: str) -> None:
    """The targets get the fix; without a tag it is not finished, so its branch stays and the tag is owed."""
    clone, remote = fixed.clone, fixed.remote
    landed(fixed, how, tag=None)
    before, tip = remote.branches(), clone.tip("hotfix/4711")
    answer = clone.hotfix("backport", "--format", "json")
    assert (answer.code, answer.targets) == (4, EVERYWHERE), answer.err
    assert answer.json["next"] == ["git hotfix finish 4711"]
    delivered(fixed, before, tip)
    assert remote.tags() == {"v1.4.1", "v1.4.2"}
    assert remote.branches()["hotfix/4711"] == clone.tip("hotfix/4711") == tip
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, set(done.targets.values())) == (0, {("merge", "already")}), done.err
    assert (done.json["tag"]["name"], done.json["tag"]["target"]) == ("v1.4.3", remote.tip("main"))
    assert "hotfix/4711" not in remote.branches()


@pytest.mark.slow
def test_already_done_makes_no_commit(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish").code == 0
    clone.git("switch", "-q", "develop")
    before, there = clone.everything(), remote.everything()
    for name in ("4711", "v1.4.3"):
        answer = clone.hotfix("backport", name, "--format", "json")
        assert (answer.code, answer.targets) == (0, dict.fromkeys(TARGETS, ("merge", "already"))), answer.err
        assert (answer.json["pushed"], answer.json["next"]) == (False, [])
        assert remote.everything() == there
    after = clone.everything()
    assert {path for path in before if "objects" in path} == {path for path in after if "objects" in path}
    assert {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)} <= {".git/FETCH_HEAD"}


@pytest.mark.slow
def test_only_what_to_names(fixed: Project) -> None:
    """The rest stays owed: the branch is kept until somebody serves it."""
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish", "--no-backport").code == 0
    before, tip = remote.branches(), clone.tip("hotfix/4711")
    answer = clone.hotfix("backport", "--to", "feature/*", "--to", "develop", "--format", "json")
    names = ("develop", "feature/login", "feature/old", "feature/search")
    assert (answer.code, answer.targets) == (0, dict.fromkeys(names, ("merge", "merged"))), answer.err
    after = remote.branches()
    assert {name for name in after if after[name] != before.get(name)} == set(names)
    assert remote.parents("feature/old") == [before["feature/old"], tip]
    assert "hotfix/4711" in clone.branches()
    rest = clone.hotfix("backport", "--format", "json")
    # feature/old is active again: its newest commit is the merge.
    assert rest.targets == {**dict.fromkeys(names, ("merge", "already")), "release/1.5": ("merge", "merged")}
    assert (rest.code, "hotfix/4711" in clone.branches()) == (0, False)


@pytest.mark.slow
def test_a_glob_that_names_nothing(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    assert clone.hotfix("finish", "--no-backport").code == 0
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("backport", "--to", "feature/nothing")
    assert (answer.code, answer.out, clone.snapshot(), remote.refs()) == (2, "", before, there)
    assert "feature/nothing" in answer.err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["4711", "v1.4.3"])
def test_a_dry_run_leaves_nothing(fixed: Project, name: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.branch("release/1.0", "v1.4.1", "an old line", {"old-line.txt": "kept\n"})
    clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    assert clone.hotfix("finish", "--no-backport").code == 0
    before, there = clone.everything(), remote.everything()
    dry = clone.hotfix("backport", name, "--dry-run", "--format", "json")
    assert (clone.everything(), remote.everything()) == (before, there)
    assert list(fixed.private_git_dir.iterdir()) == []
    expected = {**EVERYWHERE, "release/1.0": ("cherry-pick", "merged"), "feature/clash": ("merge", "conflict")}
    assert (dry.code, dry.json["pushed"], dry.targets) == (4, False, expected)
    assert dry.json["next"] == ["git hotfix backport 4711"]
    done = clone.hotfix("backport", name, "--format", "json")
    assert (done.code, done.json["pushed"], done.targets) == (4, True, expected)


def test_not_on_production_yet(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    before, there = clone.snapshot(), remote.refs()
    answer = clone.hotfix("backport")
    assert (answer.code, answer.out, clone.snapshot(), remote.refs()) == (2, "", before, there)
    assert "4711 is not on main yet" in answer.err
    assert "git hotfix finish 4711" in answer.err


@pytest.mark.parametrize("name", ["nothing", "v9.9.9", "v1.4.1-rc1"])
def test_no_such_hotfix(project: Project, name: str) -> None:
    before, there = project.clone.snapshot(), project.remote.refs()
    answer = project.clone.hotfix("backport", name)
    assert (answer.code, answer.out, project.clone.snapshot(), project.remote.refs()) == (2, "", before, there)
    assert name in answer.err


def test_which_hotfix_is_asked_for(fixed: Project) -> None:
    """Where several are open; the commands can be pasted."""
    clone = fixed.clone
    clone.git("branch", "hotfix/12", "v1.4.2")
    clone.git("switch", "-q", "develop")
    answer = clone.hotfix("backport")
    assert (answer.code, answer.err.splitlines()) == (2, [
        "git hotfix: which hotfix? You are on develop", "  (nothing was changed)",
        "  → git hotfix backport 12", "  → git hotfix backport 4711",
    ])  # fmt: skip


@pytest.mark.slow
def test_the_only_hotfix_need_not_be_named(fixed: Project) -> None:
    """The open one, then the one that was finished last: here it is known from the run, elsewhere from the tag."""
    clone = fixed.clone
    clone.git("switch", "-q", "develop")
    for command, code in (("check", 0), ("status", 0), ("backport", 2)):
        answer = clone.hotfix(command)
        assert (answer.code, "4711 is the only open hotfix" in answer.err) == (code, True), answer.err
    assert clone.hotfix("finish", "4711").code == 0
    for repo in (clone, fixed.another_clone("bob")):
        answer = repo.hotfix("backport")
        assert (answer.code, answer.out.splitlines()[-1]) == (
            0, "Every target has the fix; 1 inactive branch was left out",
        ), answer.err  # fmt: skip
        assert "no hotfix is open; 4711 was finished last, so that is looked at" in answer.err
    assert clone.hotfix("list").out.splitlines()[0] == "no hotfix is open"


def test_nothing_was_ever_finished(project: Project) -> None:
    answer = project.clone.hotfix("backport")
    assert (answer.code, answer.out) == (0, "no hotfix is open, and none was finished: there is nothing to deliver\n")


@pytest.mark.slow
def test_by_a_colleague_after_the_branch_is_gone(fixed: Project) -> None:
    """The tag's trailers say all that is needed."""
    clone, remote = fixed.clone, fixed.remote
    tip = clone.tip("hotfix/4711")
    assert clone.hotfix("finish").code == 0
    late = clone.branch("release/1.6", "v1.4.2", "late", {"late.txt": "one\n"})
    bob = fixed.another_clone("bob")
    for name in ("v1.4.3", "4711"):
        answer = bob.hotfix("backport", name, "--format", "json")
        assert answer.code == 0, answer.err
    assert answer.targets == dict.fromkeys(
        ("develop", "release/1.5", "release/1.6", *TARGETS[2:]), ("merge", "already")
    )
    assert remote.parents("release/1.6") == [late, tip]


@pytest.mark.slow
def test_it_says_what_it_did(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--no-backport").code == 0
    base, tip, tagged = clone.tip("v1.4.2"), clone.tip("hotfix/4711"), fixed.remote.tip("v1.4.3")
    answer = clone.hotfix("backport")
    assert (answer.code, answer.out) == (
        0,
        f"""\
hotfix/4711 · Checkout fails · P0 · from v1.4.2 ({base[:10]}), at {tip[:10]}
All 4 branches have the fix.
branch          how    result
v1.4.3          tag    already  on {tagged[:10]}
develop         merge  merged
release/1.5     merge  merged
feature/login   merge  merged
feature/search  merge  merged
left out: 1 inactive feature branch (older than 90 days) · to include one: git hotfix backport 4711 --to BRANCH
Every target has the fix; 1 inactive branch was left out
You are on main now
""",
    )


@pytest.mark.slow
def test_a_release_with_a_lower_name_stays_the_base(project: Project) -> None:
    """`v1.4` was made after v1.4.2. Once the hotfix has a tag of its own, v1.4.2 is the highest of the others."""
    clone = project.clone
    base = project.released("v1.4", {"more.txt": "more\n"})
    assert clone.hotfix("start", "4711", "--format", "json").json["hotfix"]["base_tag"] == "v1.4"
    clone.commit("Fix 4711", {"app.py": FIX})
    assert clone.hotfix("finish", "--no-backport", "--format", "json").json["tag"]["name"] == "v1.4.3"
    for words in (("status", "4711"), ("backport", "4711", "--dry-run")):
        found = clone.hotfix(*words, "--format", "json").json["hotfix"]
        assert (found["base_tag"], found["base"]) == ("v1.4", base)


@pytest.mark.slow
def test_a_conflict_that_many_share_is_said_once(fixed: Project) -> None:
    clone = fixed.clone
    clash = APP.replace("value_15 = 15", "value_15 = 0")
    tip = clone.branch("feature/00", "develop", "clash", {"app.py": clash})
    for number in range(1, 14):
        fixed.remote.git("update-ref", f"refs/heads/feature/{number:02}", tip)
    answer = clone.hotfix("finish")
    assert answer.code == 4
    lines = answer.out.splitlines()
    assert lines[1:5] == [
        "v1.4.3 is on main. 4 of 18 branches have the fix; 14 conflict.",
        "left to do:",
        "  feature/00, feature/01, feature/02 and 11 more: conflict in app.py (content); "
        "solve feature/00, the other 13 follow",
        "    git hotfix backport 4711 --resolve feature/00",
    ]
    assert [line for line in lines if "--resolve" in line] == [lines[4]]
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert again.json["next"] == [f"git hotfix backport 4711 --resolve feature/{number:02}" for number in range(14)]
