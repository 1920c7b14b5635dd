"""The number that a hotfix gets: said by `start`, kept by `finish`, asked where no rule fits."""

from __future__ import annotations

import pytest
from building import FIX, Project
from sandbox import Answer, Repo, at_terminal


def started(clone: Repo, issue: str, *arguments: str) -> tuple[str, str]:
    """The base tag and the name of the tag of a hotfix that is started now."""
    answer = clone.hotfix("start", issue, *arguments, "--format", "json")
    assert answer.code == 0, answer.err
    return answer.json["hotfix"]["base_tag"], answer.json["hotfix"]["tag"]


def refused(clone: Repo, *arguments: str) -> Answer:
    """A start that changes nothing."""
    before, branches = clone.snapshot(), clone.branches()
    answer = clone.hotfix("start", *arguments)
    assert (answer.code, answer.out) == (2, "")
    after = clone.snapshot()
    assert (after.head, after.index, after.files, clone.branches()) == (
        before.head, before.index, before.files, branches,
    )  # fmt: skip
    return answer


def released(project: Project, *names: str) -> None:
    """Releases of main, one after the other; each fixes something."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    for name in names:
        clone.commit(f"close hole {name}", {"holes.txt": f"{name}\n"})
        clone.git("tag", name)
    clone.git("push", "-q", "origin", "main", *names)
    clone.git("switch", "-q", "develop")


def test_two_numbers_get_a_third_and_the_planned_release_keeps_its_own(project: Project) -> None:
    """release/1.5 is open: the hotfix of 1.4 takes neither 1.5 nor anything above it."""
    clone = project.clone
    clone.git("config", "hotfix.releaseTags", "[0-9]*")
    released(project, "1.4")
    assert started(clone, "77") == ("1.4", "1.4.1")
    clone.commit("fix the checkout", {"app.py": FIX})
    done = clone.hotfix("finish", "--no-backport", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "1.4.1")
    refusal = clone.hotfix("start", "78", "--tag", "1.5")
    assert (refusal.code, refusal.err) == (
        2,
        "git hotfix: tag 1.5 is planned: release/1.5 is open and has no tag yet\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 78 --tag <another name>\n",
    )


@pytest.mark.slow
def test_a_number_that_would_promise_a_fix_that_it_lacks_is_refused_with_the_ways_on(project: Project) -> None:
    released(project, "v1.4.3", "v1.4.4", "v1.6.0")
    assert refused(project.clone, "78", "--from", "v1.4.2").err == (
        "git hotfix: v1.4.5 would promise what v1.4.3, v1.4.4 fixed, and v1.4.2 does not have it\n"
        "  v1.4.3: close hole v1.4.3\n"
        "  v1.4.4: close hole v1.4.4\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 78 --from v1.4.4\n"
        "  → git hotfix start 78 --from v1.4.2 --tag v1.4.2.1\n"
        "  → git hotfix start 78 --from v1.4.2 --tag hotfix-78\n"
    )
    assert started(project.clone, "79", "--from", "v1.4.4") == ("v1.4.4", "v1.4.5")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("typed", "base", "tag"),
    [
        ("2\n", "v1.4.2", "v1.4.2.1"),
        pytest.param("1\n", "v1.4.3", "v1.4.4", marks=pytest.mark.slow),
        pytest.param("\n", None, None, marks=pytest.mark.slow),
    ],
)
def test_a_person_is_asked_and_finish_takes_what_was_said(
    project: Project, typed: str, base: str | None, tag: str | None
) -> None:
    clone = project.clone
    clone.git("config", "hotfix.gate", "none")
    released(project, "v1.4.3")
    code, said = at_terminal(clone, typed, "start", "78", "--from", "v1.4.2")
    assert "  1  start at v1.4.3, the newest of its line\n  2  start at v1.4.2, and tag it v1.4.2.1\n" in said
    if base is None:
        assert (code, "hotfix/78" in clone.branches()) == (2, False)
        return
    assert (code, clone.tip("hotfix/78")) == (0, clone.tip(base))
    clone.commit("fix the checkout", {"app.py": FIX})
    done = clone.hotfix("finish", "--no-backport", "--format", "json")
    assert (done.code, done.json["tag"]["name"], done.json["hotfix"]["base_tag"]) == (0, tag, base)


def by_hand(project: Project) -> Repo:
    """hotfix/78, which nobody told start; it lacks what another hotfix of v1.4.2 fixed on a line of its own."""
    clone = project.clone
    clone.branch("support/1.4", "v1.4.2", "close the hole", {"holes.txt": "closed\n"})
    clone.tag("v1.4.2.1", "origin/support/1.4")
    clone.git("switch", "-q", "-c", "hotfix/78", "v1.4.2")
    clone.commit("fix the checkout", {"app.py": FIX})
    return clone


def test_finish_refuses_a_number_that_a_branch_made_by_hand_cannot_promise(project: Project) -> None:
    clone = by_hand(project)
    before = project.remote.refs()
    answer = clone.hotfix("finish", "--no-backport", "--yes")
    assert (answer.code, answer.out, answer.err) == (
        2,
        "",
        "git hotfix: v1.4.3 would promise what v1.4.2.1 fixed, and v1.4.2 does not have it\n"
        "  (nothing was changed)\n"
        "  → git hotfix finish 78 --tag v1.4.2.0.1\n"
        "  → git hotfix finish 78 --tag hotfix-78\n"
        "  → git hotfix finish 78 --tag <another name>\n",
    )
    assert project.remote.refs() == before


@pytest.mark.slow
def test_finish_asks_a_person(project: Project) -> None:
    code, said = at_terminal(by_hand(project), "2\n", "finish", "--no-backport", "--yes")
    assert "  1  tag it v1.4.2.0.1\n  2  tag it hotfix-78\n" in said
    assert (code, "hotfix-78" in project.remote.tags()) == (0, True)


@pytest.mark.slow
def test_the_tag_that_start_was_told_is_what_finish_makes(project: Project) -> None:
    clone = project.clone
    assert started(clone, "77", "--tag", "v1.4.9") == ("v1.4.2", "v1.4.9")
    clone.commit("fix the checkout", {"app.py": FIX})
    status = clone.hotfix("status", "--format", "json").json
    assert (status["hotfix"]["tag"], status["tag"]["name"]) == ("v1.4.9", "v1.4.9")
    assert clone.hotfix("finish", "--dry-run", "--format", "json").json["tag"]["name"] == "v1.4.9"
    released(project, "v1.4.9")
    updated = clone.hotfix("update", "77")
    assert updated.code == 0, updated.err
    assert "the tag cannot be v1.4.9 any more" in updated.out
    assert clone.hotfix("finish", "77", "--dry-run", "--format", "json").json["tag"]["name"] == "v1.4.10"


@pytest.mark.slow
def test_an_issue_that_is_a_version_is_the_tag(project: Project) -> None:
    """git-flow names a hotfix after its version; 1.4.3 is kept for another hotfix that is open."""
    clone = project.clone
    clone.git("push", "-q", "origin", "v1.4.2^{commit}:refs/heads/hotfix/1.4.3")
    assert started(clone, "1.4.4") == ("v1.4.2", "v1.4.4")
    clone.commit("fix the checkout", {"app.py": FIX})
    assert clone.hotfix("finish", "--dry-run", "--format", "json").json["tag"]["name"] == "v1.4.4"
    assert started(clone, "77") == ("v1.4.2", "v1.4.5")
    assert refused(clone, "1.4.1").err == (
        "git hotfix: 1.4.1 names the tag v1.4.1, which is not higher than v1.4.2\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 1.4.1 --from v1.4.2 --tag v1.4.5\n"
        "  → git hotfix start 1.4.1 --from v1.4.2 --tag v1.4.2.1\n"
        "  → git hotfix start 1.4.1 --from v1.4.2 --tag hotfix-1.4.1\n"
    )


@pytest.mark.slow
def test_tags_that_float_are_no_base(project: Project) -> None:
    """v1 and v1.4 move with every release, and v2 has moved to a beta."""
    clone = project.clone
    for name in ("v1", "v1.4"):
        clone.tag(name, "v1.4.2^{commit}")
    assert started(clone, "77") == ("v1.4.2", "v1.4.3")
    clone.git("switch", "-q", "develop")
    released(project, "v2.0.0-beta.1")
    clone.tag("v2", "main", annotated=True)
    assert started(clone, "78") == ("v1.4.2", "v1.4.3")
    answer = refused(clone, "79", "--from", "v1.4")
    assert answer.err == (
        "git hotfix: v1.4 moves with every release\n"
        "  (nothing was changed)\n"
        "  → start at the release itself: git hotfix start <issue> --from v1.4.2\n"
    )
    assert "v2.0.0-beta.1 is a pre-release" in refused(clone, "79", "--from", "v2.0.0-beta.1").err


@pytest.mark.slow
def test_names_of_branches_are_releases_whatever_words_they_hold(project: Project) -> None:
    """88 releases of one team are tagged with names of branches."""
    clone = project.clone
    released(project, "4193-pin-werkzeug", "5925-fix-test-endpoint", "fix-wiki-preview")
    clone.git("config", "hotfix.releaseTags", "*")
    assert started(clone, "1") == ("fix-wiki-preview", "hotfix-1")
    clone.commit("fix the checkout", {"app.py": FIX})
    assert clone.hotfix("finish", "--dry-run", "--format", "json").json["tag"]["name"] == "hotfix-1"


@pytest.mark.slow
def test_init_proposes_every_tag_where_releases_are_named_after_branches(project: Project) -> None:
    clone = project.clone
    released(project, "4193-pin-werkzeug", "5925-fix-test-endpoint", "fix-wiki-preview", "beta-signup", "wording")
    proposed = clone.hotfix("init", "--dry-run", "--format", "json").json
    assert (proposed["release_tags"]["patterns"], proposed["newest_tag"]) == (["*"], "wording")


@pytest.mark.slow
def test_a_tag_outside_of_release_tags_is_refused_before_there_is_a_fix(project: Project) -> None:
    clone = project.clone
    clone.tag("rel-1.0.0", "v1.4.1^{commit}")
    assert refused(clone, "1", "--from", "rel-1.0.0").err == (
        "git hotfix: rel-1.0.0 does not match release-tags, which are v* [0-9]* hotfix-*\n"
        "  (nothing was changed)\n"
        "  → if it is a release: git config hotfix.releaseTags 'v* [0-9]* hotfix-* rel-*'\n"
    )
    clone.git("config", "hotfix.releaseTags", "v* rel-*")
    assert started(clone, "1", "--from", "rel-1.0.0") == ("rel-1.0.0", "rel-1.0.1")
    clone.git("switch", "-q", "develop")
    clone.git("config", "hotfix.tag", "fix-{issue}")
    answer = refused(clone, "2")
    assert answer.err == (
        "git hotfix: fix-2 would not be a production tag: release-tags are v* rel-*, and a pre-release is none\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 2 --tag <another name>\n"
        "  → or change release-tags on production\n"
    )


@pytest.mark.slow
def test_a_package_manager_that_needs_semver_makes_the_number_below_a_planned_one_a_question(project: Project) -> None:
    clone = project.clone
    released(project, "v1.4.3")
    clone.git("push", "-q", "origin", "develop:refs/heads/release/1.4.4")
    assert started(clone, "77") == ("v1.4.3", "v1.4.3.1")
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.4 early", {"package.json": '{"version": "1.4.4"}\n'})
    clone.tag("v1.4.3.1")
    clone.git("push", "-q", "origin", "main")
    clone.git("switch", "-q", "develop")
    assert started(clone, "78") == ("v1.4.3.1", "v1.4.3.2")  # it was not a semantic version before
    clone.git("switch", "-q", "main")
    clone.commit("release 1.5.0", {"package.json": '{"version": "1.5.0"}\n'})
    clone.tag("v1.5.0")
    clone.git("push", "-q", "origin", "main", "develop:refs/heads/release/1.5.1")
    clone.git("switch", "-q", "develop")
    assert refused(clone, "79").err == (
        "git hotfix: release/1.5.1 is planned, and package.json needs a semantic version, which v1.5.0.1 is not\n"
        "  (nothing was changed)\n"
        "  → git hotfix start 79 --from v1.5.0 --tag v1.5.0-sp.1\n"
        "  → git hotfix start 79 --from v1.5.0 --tag hotfix-79\n"
    )


@pytest.mark.slow
def test_lines_that_live_side_by_side_count_their_second_number(project: Project) -> None:
    """REL_14_5 → REL_14_6, as the history of dates says; the first of a series without one gets a third number."""
    clone = project.clone
    clone.git("config", "hotfix.releaseTags", "REL_*")
    released(project, "REL_13_7")
    assert started(clone, "1") == ("REL_13_7", "REL_13_7_1")
    clone.git("switch", "-q", "develop")
    released(project, "REL_14_0", "REL_13_8", "REL_14_5")
    assert started(clone, "2") == ("REL_14_5", "REL_14_6")


def test_releases_that_stand_on_develop_alone_are_fixes_that_the_hotfix_lacks(project: Project) -> None:
    clone = project.clone
    clone.tag("v1.4.3", "origin/develop")
    clone.git("config", "hotfix.newerRelease", "v1.4.3")
    answer = clone.hotfix("start", "7")
    said = "git hotfix: v1.4.4 would promise what v1.4.3 fixed, and v1.4.2 does not have it\n"
    assert (answer.code, answer.err.startswith(said)) == (2, True), answer.err
    assert clone.hotfix("start", "7", "--tag", "v1.4.2.1").code == 0
