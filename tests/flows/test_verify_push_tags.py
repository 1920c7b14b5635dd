"""The push gate and tags: production tags stand on what was released, and neither move nor go."""

from __future__ import annotations

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from test_verify_push import goes, push, refused

# The fixture is found by its name.
from test_verify_push import gated as gated  # isort: skip


def test_a_tag_on_base_and_fix(gated: Project) -> None:
    """What finish tags when main had moved: the hotfix tip itself."""
    gated.clone.git("tag", "v1.4.3", "hotfix/4711")
    goes(gated, "v1.4.3")


@pytest.mark.slow
def test_a_tag_on_a_hotfix_that_breaks_a_gate(gated: Project) -> None:
    gated.clone.git("merge", "-q", "--no-edit", "develop")
    gated.clone.git("tag", "v1.4.3")
    refused(gated, "base", "holds 2 commits of develop", "v1.4.3")


@pytest.mark.slow
@pytest.mark.parametrize("annotated", [True, False])
def test_a_tag_on_what_was_never_released(gated: Project, annotated: bool) -> None:
    clone = gated.clone
    clone.tag("v2.0.0", "origin/feature/login", annotated=annotated, push=False)
    spot = clone.tip("v2.0.0")[:10]
    said = refused(
        gated, "tag", f"production tag v2.0.0 stands on {spot}, which is neither base + fix nor on", "v2.0.0"
    )
    assert "v2.0.0-rc1" in said


@pytest.mark.slow
@pytest.mark.parametrize("name", rest_slow(["v2.0.0-rc1", "nightly", "v2.0.0-beta.2", "v2.0.0a1", "team/mark"], now=2))
def test_pre_releases_and_other_tags_go_anywhere(gated: Project, name: str) -> None:
    gated.clone.tag(name, "origin/feature/login", push=False)
    goes(gated, name)


@pytest.mark.slow
def test_a_tag_that_floats_goes_anywhere(gated: Project) -> None:
    """v2 beside v2.0.0-beta.1 is not a release; alone it would be one."""
    clone = gated.clone
    clone.tag("v2", "origin/feature/login", push=False)
    refused(gated, "tag", "production tag v2 stands on", "v2")
    clone.tag("v2.0.0-beta.1", "origin/feature/login", push=False)
    goes(gated, "v2.0.0-beta.1", "v2")


@pytest.mark.slow
@pytest.mark.parametrize("place", rest_slow(["main", "v1.4.1", "release/1.5"]))
def test_a_tag_on_a_line_of_release(gated: Project, place: str) -> None:
    gated.clone.git("tag", "v1.4.9", f"origin/{place}" if "/" in place else place)
    goes(gated, "v1.4.9")


@pytest.mark.slow
def test_a_tag_together_with_its_line(gated: Project) -> None:
    """The release branch and its tag come in one push, or the tag alone is refused."""
    clone = gated.clone
    clone.git("switch", "-q", "-c", "release/1.6", "develop")
    clone.commit("release 1.6", {"VERSION": "1.6\n"})
    clone.git("tag", "v1.6.0")
    refused(gated, "tag", "production tag v1.6.0", "v1.6.0")
    goes(gated, "release/1.6", "v1.6.0")


@pytest.mark.slow
def test_all_tags_at_once(gated: Project) -> None:
    """`--tags`: one bad tag stops them all, and the good ones go without it."""
    clone = gated.clone
    for name, spot in {"v1.4.8": "main", "v1.5.0-rc1": "develop", "v2.0.0": "origin/feature/login"}.items():
        clone.tag(name, spot, push=False)
    said = refused(gated, "tag", "production tag v2.0.0", "--tags")
    assert "tag v1.4.8" not in said and "v1.5.0-rc1" not in said
    clone.git("tag", "-d", "v2.0.0")
    goes(gated, "--tags")
    assert gated.remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.8", "v1.5.0-rc1"}


@pytest.mark.slow
def test_follow_tags(gated: Project) -> None:
    clone = gated.clone
    clone.git("switch", "-q", "main")
    clone.git("merge", "-q", "--no-ff", "--no-edit", "hotfix/4711")
    clone.git("tag", "-a", "v1.4.3", "-m", "v1.4.3")
    goes(gated, "--follow-tags", "main")
    assert gated.remote.tip("v1.4.3") == gated.remote.tip("main")


@pytest.mark.slow
@pytest.mark.parametrize("other", ["app-b/v2.0.0", "charts-3.1.0"])
def test_tags_of_other_components(gated: Project, other: str) -> None:
    """A monorepo: what does not match `release-tags` is another component's."""
    gated.clone.tag(other, "origin/feature/login", push=False)
    goes(gated, other)


@pytest.mark.slow
def test_tags_of_a_component(gated: Project) -> None:
    gated.set_policy('release-tags = ["app-a/v*"]\n', fetched=True)
    for name in ("app-a/v1.0.0", "v2.0.0"):
        gated.clone.tag(name, "origin/feature/login", push=False)
    refused(gated, "tag", "production tag app-a/v1.0.0", "app-a/v1.0.0")
    goes(gated, "v2.0.0")


def test_a_tag_of_no_commit(gated: Project) -> None:
    clone = gated.clone
    clone.git("tag", "v3.0.0", clone.git("rev-parse", "HEAD:app.py"))
    goes(gated, "v3.0.0")


# ---- what goes and what moves


@pytest.mark.slow
def test_a_production_tag_does_not_go(gated: Project) -> None:
    refused(gated, "deletion", "this push deletes the production tag v1.4.2", ":v1.4.2")
    gated.clone.tag("v2.0.0-rc1", "develop")
    goes(gated, ":v2.0.0-rc1")


@pytest.mark.slow
def test_a_production_tag_does_not_move(gated: Project) -> None:
    gated.clone.git("tag", "-f", "v1.4.2", "hotfix/4711")
    refused(gated, "deletion", "this push moves the production tag v1.4.2", "--force", "v1.4.2")
    gated.clone.tag("latest", "v1.4.1")
    gated.clone.git("tag", "-f", "latest", "main")
    goes(gated, "--force", "latest")


@pytest.mark.slow
def test_an_unfinished_hotfix_does_not_go(gated: Project) -> None:
    goes(gated, "hotfix/4711")
    said = refused(gated, "deletion", "hotfix/4711 is not finished", ":hotfix/4711")
    assert "git hotfix finish 4711" in said and "git hotfix abandon 4711" in said
    assert gated.clone.hotfix("abandon").code == 0
    assert "hotfix/4711" not in gated.remote.branches()


@pytest.mark.slow
def test_a_finished_hotfix_may_go(gated: Project) -> None:
    clone = gated.clone
    clone.branch("feature/clash", "develop", "clash", {"app.py": APP.replace("value_15 = 15", "value_15 = 0")})
    goes(gated, "hotfix/4711")
    assert clone.hotfix("finish").code == 4
    assert gated.remote.tree("v1.4.3")["app.py"] == FIX
    goes(gated, ":hotfix/4711")
    assert "hotfix/4711" not in gated.remote.branches()


@pytest.mark.slow
def test_a_hotfix_that_a_colleague_finished_may_go(gated: Project) -> None:
    """The tag was made elsewhere and is known here by a fetch of the tool."""
    clone = gated.clone
    goes(gated, "hotfix/4711")
    assert gated.another_clone("bob").hotfix("finish", "4711", "--no-backport").code == 0
    assert clone.hotfix("list", "--fetch").code == 0
    goes(gated, ":hotfix/4711")


def test_other_branches_may_go(gated: Project) -> None:
    goes(gated, ":feature/old")
    assert "feature/old" not in gated.remote.branches()


# ---- the command itself


def test_what_is_no_input_of_a_hook(gated: Project) -> None:
    answer = gated.clone.hotfix("verify-push", "origin", "x", stdin="nonsense\n")
    assert (answer.code, answer.out) == (2, "")
    assert "this is not what git gives a pre-push hook" in answer.err


def test_it_writes_and_fetches_nothing(gated: Project) -> None:
    clone = gated.clone
    clone.commit("test the checkout", {"tests/test_app.py": "import app\n"})  # nothing is left to warn of
    zero = "0" * 40
    line = f"refs/heads/hotfix/4711 {clone.tip('HEAD')} refs/heads/hotfix/4711 {zero}\n"
    before = clone.everything()
    answer = clone.hotfix("verify-push", "origin", str(gated.remote.path), stdin=line)
    assert (answer.code, answer.out, answer.err) == (0, "", "")
    assert clone.everything() == before


def test_no_verify_is_the_persons_own_decision(gated: Project) -> None:
    gated.clone.tag("v2.0.0", "origin/feature/login", push=False)
    assert push(gated.clone, "--no-verify", "v2.0.0").code == 0
