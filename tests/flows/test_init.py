"""`git hotfix init` on real repositories: what it proposes, writes, and leaves alone."""

from __future__ import annotations

import pytest
from building import Project
from proofs import rest_slow
from sandbox import Repo

from git_hotfix.policy.parse import OWN_FILE

HEAD = (
    "# The policy of git hotfix. It holds once it stands on the production branch, main; a hotfix cannot\n"
    "# change its own. What is not named here has its default.\n"
)


@pytest.fixture
def odd(project: Project) -> Project:
    """The project with its releases tagged curl's way, and a live feat/ branch."""
    clone = project.clone
    for name in ("v1.4.1", "v1.4.2"):
        clone.git("push", "-q", "--no-verify", "origin", f":refs/tags/{name}")
        clone.tag(f"app-{name[1:].replace('.', '_')}", f"{name}^{{}}")
        clone.git("tag", "-d", name)
    clone.branch("feat/cart", "develop", "cart one", {"cart.txt": "one\n"})
    clone.git("fetch", "-q")
    return project


def policy_of(repo: Repo) -> str | None:
    file = repo.path / OWN_FILE
    return file.read_text() if file.exists() else None


def test_a_usual_repository_needs_nothing(project: Project) -> None:
    before = project.clone.snapshot()
    answer = project.clone.hotfix("init")
    assert (answer.code, answer.out) == (0, "nothing to write: the defaults serve this repository\n")
    assert answer.err == (
        "production: main\n"
        "develop: develop\n"
        "release tags: v* [0-9]* hotfix-* (2 of the 2 recent tags on production)\n"
        "newest production tag: v1.4.2\n"
        "targets: <develop> release/* support/* feature/* (alive: feature/ 3, release/ 1)\n"
    )
    assert project.clone.snapshot() == before


def test_what_start_lacks_is_said_and_how_to_get_it(project: Project) -> None:
    """Four tags with names of branches could be releases or not; a person has to say it, once."""
    clone = project.clone
    for name in ("v1.4.1", "v1.4.2"):
        clone.git("push", "-q", "--no-verify", "origin", f":refs/tags/{name}")
        clone.git("tag", "-d", name)
    nothing = (0, "nothing to write: git hotfix start needs a release tag on main first\n")
    none = clone.hotfix("init")
    assert (none.code, none.out) == nothing
    assert none.err.splitlines()[3:5] == [
        "newest production tag: none; git hotfix start needs one",
        "  tag what runs in production: git tag -a v1.0.0 <commit> && git push origin v1.0.0",
    ]
    clone.git("push", "-q", "origin", *(f"main:refs/tags/{name}" for name in ("test-3", "phase-7", "beta", "x/y")))
    some = clone.hotfix("init")
    assert (some.code, some.out) == nothing
    assert some.err.splitlines()[5] == (
        "  if these are releases: git config hotfix.releaseTags '* */*', then git hotfix init again"
    )
    clone.git("config", "hotfix.releaseTags", "* */*")
    assert clone.hotfix("init").out == f"wrote {OWN_FILE}; nothing was committed\n"
    assert (policy_of(clone) or "").endswith('release-tags = ["*", "*/*"]\n')


@pytest.mark.slow
def test_every_setting_is_written_and_explained_where_somebody_wants_to_read_them(odd: Project) -> None:
    answer = odd.clone.hotfix("init", "--commented")
    assert (answer.code, answer.out) == (0, f"wrote {OWN_FILE}; nothing was committed\n")
    text = policy_of(odd.clone) or ""
    lines = text.splitlines()
    assert {'release-tags = ["app-*"]', "[production]", '# strategy = "merge"', "[gates.max-files]"} <= set(lines)
    place = lines.index('release-tags = ["app-*"]')
    assert lines[place - 1] == "# patterns of production tags"
    odd.clone.git("switch", "-q", "main")
    odd.clone.commit("the policy")
    checked = odd.clone.hotfix("check", "--policy-from", "main", "--range", "main~1..main", "--format", "json")
    assert checked.statuses["policy"] == "pass"


def test_only_what_differs_is_written_and_nothing_committed(odd: Project) -> None:
    before = odd.clone.snapshot()
    answer = odd.clone.hotfix("init")
    assert (answer.code, answer.out) == (0, f"wrote {OWN_FILE}; nothing was committed\n")
    assert policy_of(odd.clone) == (
        f'{HEAD}release-tags = ["app-*"]\n\n[backport]\n'
        'targets = ["<develop>", "release/*", "support/*", "feature/*", "feat/*"]\n'
    )
    after = odd.clone.snapshot()
    assert (after.refs, after.index, after.config) == (before.refs, before.index, before.config)
    assert odd.clone.git("status", "--porcelain") == f"?? {OWN_FILE}"
    assert "until then, in this clone: git config hotfix.releaseTags 'app-*'" in answer.err


@pytest.mark.slow
def test_the_written_policy_lets_start_find_the_tag(odd: Project) -> None:
    clone = odd.clone
    assert clone.hotfix("start", "4711").code == 2
    clone.git("switch", "-q", "main")
    assert clone.hotfix("init").code == 0
    clone.git("add", OWN_FILE)
    clone.git("commit", "-q", "-m", "a policy")
    clone.git("push", "-q", "origin", "main")
    answer = clone.hotfix("init")
    assert (answer.code, answer.out) == (0, f"nothing to write: {OWN_FILE} says it\n")
    started = clone.hotfix("start", "4711", "--format", "json").json["hotfix"]
    assert (started["base_tag"], started["base"]) == ("app-1_4_2", clone.tip("app-1_4_2"))


def test_what_it_tells_to_set_until_then_serves_start(odd: Project) -> None:
    odd.clone.git("config", "hotfix.releaseTags", "app-*")
    assert odd.clone.hotfix("start", "4711", "--format", "json").json["hotfix"]["base_tag"] == "app-1_4_2"


def test_a_dry_run_prints_and_leaves_all_alone(odd: Project) -> None:
    before, remote = odd.clone.everything(), odd.remote.everything()
    answer = odd.clone.hotfix("init", "--dry-run")
    assert answer.code == 0
    assert answer.out.startswith(f'{HEAD}release-tags = ["app-*"]\n')
    assert (odd.clone.everything(), odd.remote.everything()) == (before, remote)
    assert policy_of(odd.clone) is None


def test_what_a_program_reads(odd: Project) -> None:
    body = odd.clone.hotfix("init", "--dry-run", "--format", "json").json
    text = body.pop("text")
    assert text.startswith(HEAD)
    assert body.pop("support")[:2] == ["support/*", "release/*"]
    assert body == {
        "schema": 1, "command": "init", "ok": True, "exit_code": 0, "remote": "origin",
        "production": "refs/heads/main", "develop": "refs/heads/develop", "config": {},
        "release_tags": {"patterns": ["app-*"], "covered": 2, "of": 2, "missed": [], "stray": []},
        "newest_tag": "app-1_4_2", "newer_tags": [], "packages": {},
        "targets": ["<develop>", "release/*", "support/*", "feature/*", "feat/*"],
        "live_branches": {"feat/": 1, "feature/": 3, "release/": 1}, "policy_file": None, "file": OWN_FILE,
        "written": False, "newer_release": None, "other_remote": None,
    }  # fmt: skip


@pytest.mark.slow
def test_a_policy_is_not_written_over_without_force(odd: Project) -> None:
    mine = 'budget = "4h"\n\n[gates.max-files]\nmax = 20\n'
    (odd.clone.path / OWN_FILE).write_text(mine)
    answer = odd.clone.hotfix("init")
    assert (answer.code, policy_of(odd.clone)) == (2, mine)
    assert f"{OWN_FILE} of the working tree holds a policy already" in answer.err
    assert "git hotfix init --force" in answer.err
    assert odd.clone.hotfix("init", "--force").code == 0
    assert policy_of(odd.clone) == (
        f'{HEAD}release-tags = ["app-*"]\nbudget = "4h"\n\n'
        '[backport]\ntargets = ["<develop>", "release/*", "support/*", "feature/*", "feat/*"]\n\n'
        "[gates.max-files]\nmax = 20\n"
    )


def test_a_policy_in_pyproject_is_not_shadowed_without_force(odd: Project) -> None:
    clone = odd.clone
    clone.git("switch", "-q", "main")
    clone.commit("a policy", {"pyproject.toml": '[tool.git-hotfix]\nbudget = "4h"\n'})
    clone.git("push", "-q", "origin", "main")
    answer = clone.hotfix("init")
    assert (answer.code, policy_of(clone)) == (2, None)
    assert "pyproject.toml of main holds a policy already" in answer.err


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_a_broken_policy_on_production_is_named_to_the_line(project: Project, dry: tuple[str, ...]) -> None:
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("a policy", {OWN_FILE: '# ours\nbudget = "soon"\n\n[backport]\nstratgy = "merge"\n'})
    clone.git("push", "-q", "origin", "main")
    before = clone.snapshot()
    answer = clone.hotfix("init", *dry)
    assert (answer.code, answer.out) == (2, "")
    assert f'{OWN_FILE}:2: budget: expected a duration such as "90d"' in answer.err
    assert f"{OWN_FILE}:5: backport.stratgy: unknown key; did you mean strategy?" in answer.err
    assert clone.snapshot() == before


def test_force_writes_what_could_be_read_of_a_broken_policy(project: Project) -> None:
    clone = project.clone
    (clone.path / OWN_FILE).write_text('budget = "soon"\ntag = "fix-{issue}"\n')
    assert clone.hotfix("init").code == 2
    answer = clone.hotfix("init", "--force")
    assert (answer.code, policy_of(clone)) == (0, f'{HEAD}tag = "fix-{{issue}}"\n')
    assert "dropped: .git-hotfix.toml:1: budget" in answer.err


@pytest.mark.slow
def test_places_with_other_names_are_set_in_this_clone(project: Project) -> None:
    remote, clone = project.remote, project.another_clone("colleague")
    remote.git("branch", "-m", "main", "stable")
    remote.git("branch", "-m", "develop", "dev")
    remote.git("symbolic-ref", "HEAD", "refs/heads/dev")
    clone.git("fetch", "-q", "--prune")
    clone.git("remote", "set-head", "origin", "-a")
    dry = clone.hotfix("init", "--dry-run")
    assert dry.out == "git config hotfix.production stable\ngit config hotfix.develop dev\n"
    answer = clone.hotfix("init")
    assert (answer.code, policy_of(clone)) == (0, None)
    assert answer.out == "set in this clone: hotfix.production = stable\nset in this clone: hotfix.develop = dev\n"
    assert clone.git("config", "--local", "hotfix.production") == "stable"
    started = clone.hotfix("start", "4711", "--format", "json").json["hotfix"]
    assert (started["base_tag"], started["production"]) == ("v1.4.2", "refs/heads/stable")


def test_a_fork_s_team_is_upstream(project: Project) -> None:
    clone = project.clone
    clone.git("remote", "rename", "origin", "upstream")
    clone.git("remote", "add", "mine", str(project.root / "fork.git"))
    assert clone.hotfix("init").code == 0
    assert clone.git("config", "hotfix.remote") == "upstream"


def test_a_remote_that_does_not_answer_can_be_left_alone(project: Project) -> None:
    project.remote.path.rename(project.root / "away.git")
    assert project.clone.hotfix("init").code == 3
    assert project.clone.hotfix("init", "--no-fetch").code == 0


def test_a_shallow_clone_is_sent_to_fetch(project: Project) -> None:
    shallow = project.another_clone("ci", "--depth", "1")
    answer = shallow.hotfix("init")
    assert (answer.code, "git fetch --unshallow origin" in answer.err) == (3, True)


@pytest.mark.parametrize("folder", rest_slow(["app", "services/app"]))
def test_packages_with_tags_of_their_own_are_proposed_with_the_reason(project: Project, folder: str) -> None:
    """Only those that have a folder of their name: there is none called docs, and the repository's own is v1.4.2."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("release", {f"{folder}/a.py": "a = 1\n", "Lib/b.py": "b = 1\n", "other/lib.py": "c = 1\n"})
    for tag in ("app-v1.2.3", "lib/v4.0.0", "docs-2.0", "app-v1.2.4"):
        clone.git("tag", tag)
    clone.commit("work")
    clone.git("tag", "lib/v4.0.1")
    clone.git("push", "-q", "origin", "main", "app-v1.2.3", "lib/v4.0.0", "docs-2.0", "app-v1.2.4", "lib/v4.0.1")
    body = clone.hotfix("init", "--dry-run", "--format", "json").json
    assert body["packages"] == {
        "app": {"paths": [f"{folder}/"], "tags": ["app-v*"]}, "lib": {"paths": ["Lib/"], "tags": ["lib/v*"]},
    }  # fmt: skip
    said = f"app-v1.2.4 of {folder}/, lib/v4.0.1 of Lib/"
    reason = f"# Tags of their own: {said}. `start` asks which one is meant; a fix of another's files is a finding.\n"
    tables = f'[packages."app"]\npaths = ["{folder}/"]\ntags = ["app-v*"]\n'
    assert f"{reason}{tables}" in body["text"]
    answer = clone.hotfix("init", "--commented")
    assert f'{reason}[packages."app"]\n' in policy_of(clone), answer.err
    assert f"packages with tags of their own: app ({folder}/), lib (Lib/)" in answer.err
    clone.commit("the policy")
    clone.git("push", "-q", "origin", "main")
    assert clone.hotfix("start", "7", "--package", "app").code == 0
    assert clone.tip("hotfix/7") == clone.tip("app-v1.2.4")
