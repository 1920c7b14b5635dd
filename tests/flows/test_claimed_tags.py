"""Tags that say that `finish` made them, although production does not have their fix: anybody who pushes writes such
words."""

from __future__ import annotations

import pytest
from building import FIX, Project
from proofs import rest_slow

CLAIM = "v1.4.3\n\nHotfix-Issue: 4711\nHotfix-Base: {base}\nHotfix-Tip: {tip}\nHotfix-Production: refs/heads/main"
SAID = "v1.4.3 says that git hotfix made it for main, but main does not have its fix: it is not a production tag"


def claim(project: Project, spot: str) -> None:
    """A colleague pushes a tag at `spot` with the words of finish."""
    clone = project.clone
    text = CLAIM.format(base=clone.tip("v1.4.2^0"), tip=clone.tip(spot))
    clone.git("tag", "-a", "v1.4.3", "-m", text, spot)
    clone.git("push", "-q", "--no-verify", "origin", "v1.4.3")


@pytest.mark.parametrize("spot", rest_slow(["develop", "origin/feature/login"]))
def test_a_hotfix_does_not_start_at_a_tag_that_only_says_so(project: Project, spot: str) -> None:
    clone = project.clone
    claim(project, spot)
    answer = clone.hotfix("start", "4711")
    assert (answer.code, clone.tip("hotfix/4711")) == (0, clone.tip("v1.4.2^0")), answer.err
    assert f"note: {SAID}\n" in answer.err
    assert "its tag will be v1.4.4" in answer.out
    assert SAID in clone.hotfix("status").out


@pytest.mark.slow
def test_a_tag_that_only_says_so_finishes_no_hotfix(fixed: Project) -> None:
    """The words name hotfix 4711: it gets a tag of its own, and the branch that nobody finished does not go."""
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    claim(fixed, "develop")
    assert clone.hotfix("hooks", "install").code == 0
    assert clone.run("git", "push", "-q", "origin", ":hotfix/4711").code == 1
    tip = clone.tip("hotfix/4711")
    answer = clone.hotfix("finish", "--yes")
    assert answer.code == 0, answer.err
    assert fixed.remote.tip("v1.4.4^0") == fixed.remote.tip("main")
    assert fixed.remote.parents("main")[1] == tip


@pytest.mark.slow
def test_doctor_names_a_tag_that_only_says_so(project: Project) -> None:
    claim(project, "develop")
    project.clone.git("fetch", "-q", "origin", "+refs/tags/*:refs/hotfix/remote-tags/*")
    assert SAID in project.clone.hotfix("doctor").out


@pytest.mark.slow
def test_a_squash_onto_newer_work_is_found_again_after_production_moved_on(fixed: Project) -> None:
    """Its tag stands beside main on base + fix. The same lines were changed on main since, and the next hotfix that is
    squashed starts from it: each is a production tag, because main has had the fix of each."""
    clone = fixed.clone
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("newer work", {"newer.txt": "newer\n"})
    bob.git("push", "-q")
    assert clone.hotfix("finish", "--strategy", "squash", "--yes").code == 0
    assert clone.hotfix("start", "4712").code == 0
    assert clone.tip("hotfix/4712") == clone.tip("v1.4.3^0")
    clone.commit("another fix", {"app.py": FIX.replace("value_20 = 20\n", "value_20 = 21\n")})
    assert clone.hotfix("finish", "--strategy", "squash", "--yes").code == 0
    bob.git("pull", "-q")
    bob.commit(
        "the same lines again", {"app.py": FIX.replace("fifteen", "XV").replace("value_20 = 20", "value_20 = 0")}
    )
    bob.git("push", "-q")
    assert clone.hotfix("start", "4713").code == 0
    assert clone.tip("hotfix/4713") == clone.tip("v1.4.4^0")


@pytest.mark.slow
def test_a_tag_whose_lines_production_changed_elsewhere_is_none(project: Project) -> None:
    """A patch-id names no place: the tag fixes one function, and production changed another."""
    clone = project.clone
    looks = "    a = 0\n    b = 0\n    c = 0\n    return 1\n\n\n# the end\n"
    text, after = f"def f():\n{looks}\n\ndef g():\n{looks}", looks.replace("1", "2")
    clone.git("switch", "-q", "main")
    base = clone.commit("release", {"code.py": text})
    clone.tag("v1.5.0")
    clone.git("switch", "-q", "--detach")
    tip = clone.commit("fix", {"code.py": text.replace(looks, after, 1)})
    said = CLAIM.replace("v1.4.3", "v1.5.1").format(base=base, tip=tip)
    clone.git("tag", "-a", "v1.5.1", "-m", said)
    clone.git("switch", "-q", "main")
    clone.commit("work", {"code.py": after.join(text.rsplit(looks, 1))})
    clone.git("push", "-q", "--no-verify", "origin", "main", "v1.5.1")
    answer = clone.hotfix("start", "4711")
    assert (answer.code, clone.tip("hotfix/4711")) == (0, base), answer.err
    assert f"note: {SAID.replace('v1.4.3', 'v1.5.1')}\n" in answer.err
