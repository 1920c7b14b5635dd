"""`finish` never says that a fix is on production where production does not have its lines: taken out by hand, changed
at another place, or the same but for blanks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from building import APP, FIX, Project
from proofs import rest_slow
from sandbox import Answer, Repo

MORE = FIX.replace("value_3 = 3\n", 'value_3 = "three"\n')
WITHOUT = MORE.replace('"fifteen"', "15")


def on_main(project: Project, how: str, *after: str) -> Repo:
    """main gets hotfix/4711 as a merge or as a squash, and then app.py as each text of `after`."""
    project.clone.git("push", "-q", "origin", "hotfix/4711")
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    if how == "squash":
        bob.git("merge", "-q", "--squash", "origin/hotfix/4711")
        bob.commit("Checkout (#7)")
    else:
        bob.git("merge", "-q", "--no-ff", "-m", "Merge", "origin/hotfix/4711")
    for text in after:
        bob.commit("other work", {"app.py": text})
    bob.git("push", "-q", "origin", "main")
    return bob


def refused(project: Project, words: str) -> Answer:
    """`finish` refuses with `words`, `status` foretells it, and the remote is as it was."""
    before = project.remote.refs("refs/heads/", "refs/tags/")
    said = project.clone.hotfix("status", "4711", "--format", "json").json["notes"]
    answer = project.clone.hotfix("finish", "4711", "--yes")
    assert (answer.code, project.remote.refs("refs/heads/", "refs/tags/")) == (1, before), answer.out
    assert words in answer.err
    assert f"finish would refuse: {words}" in said[0]
    return answer


HAND = APP.replace("value_20 = 20\n", "value_20 = 0\n")
BESIDE = APP.replace("value_16 = 16\n", "value_16 = 0\n")


@pytest.mark.parametrize(
    ("how", "text"),
    rest_slow([("squash", HAND), ("merge", HAND), ("squash", BESIDE), ("merge", BESIDE), ("squash", APP)], spread=True),
)
def test_a_fix_that_production_took_out_beside_other_work_is_not_finished(fixed: Project, how: str, text: str) -> None:
    clone, remote = fixed.clone, fixed.remote
    bob = on_main(fixed, how, text)
    answer = refused(fixed, "main has reverted this fix")
    if how == "squash":  # whoever wants it there all the same says so
        squash = bob.tip("HEAD~1")[:12]
        assert f"git hotfix finish 4711 --not-landed {squash}" in answer.err
        done = clone.hotfix("finish", "4711", "--yes", "--not-landed", squash)
        assert done.code == (4 if text == BESIDE else 0), done.err  # the changed line beside it is a conflict
        again = text if text == BESIDE else text.replace("value_15 = 15\n", 'value_15 = "fifteen"\n')
        assert remote.tree("main")["app.py"] == again


@pytest.mark.slow
def test_a_fix_that_was_taken_out_and_is_started_again_comes_back(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    tip = clone.tip("HEAD")
    on_main(fixed, "squash", HAND)
    refused(fixed, "main has reverted this fix")
    assert clone.hotfix("abandon", "4711").code == 0
    assert clone.hotfix("start", "4712").code == 0
    clone.git("cherry-pick", tip)
    done = clone.hotfix("finish", "--yes")
    assert done.code == 0, done.err
    assert '"fifteen"' in remote.tree("main")["app.py"]


def _one_commit(project: Project) -> None:
    project.clone.commit("fix the third", {"app.py": MORE})
    on_main(project, "merge", WITHOUT)


def _one_file(project: Project) -> None:
    project.clone.commit("fix the version", {"VERSION": "1.4.2 fixed\n"})
    bob = on_main(project, "squash")
    bob.git("checkout", "-q", "HEAD~1", "--", "app.py")
    bob.commit("other work")
    bob.git("push", "-q", "origin", "main")


def _one_rebased(project: Project) -> None:
    project.clone.commit("fix the third", {"app.py": MORE})
    project.clone.git("push", "-q", "origin", "hotfix/4711")
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("other work", {"other.txt": "other\n"})
    bob.git("cherry-pick", "origin/hotfix/4711~1", "origin/hotfix/4711")
    bob.git("revert", "--no-edit", "HEAD~1")
    bob.git("push", "-q", "origin", "main")


def _second_of_one_line(project: Project) -> None:
    project.clone.commit("and better", {"app.py": FIX.replace("fifteen", "FIFTEEN")})
    on_main(project, "merge", FIX)


@pytest.mark.slow
@pytest.mark.parametrize("half", rest_slow([_one_rebased, _one_commit, _one_file, _second_of_one_line]))
def test_half_of_a_fix_is_named_and_what_production_decided_can_be_taken_in(
    fixed: Project, half: Callable[[Project], None]
) -> None:
    clone, remote = fixed.clone, fixed.remote
    half(fixed)
    answer = refused(fixed, "main has taken out a part of this fix: app.py")
    [shown, take] = [line.partition(": ")[2] for line in answer.err.splitlines() if "git diff" in line or "-x" in line]
    assert clone.run("sh", "-c", shown).out.startswith("diff --git a/app.py b/app.py")
    take = take.partition(": ")[2] or take
    done = clone.run("sh", "-c", take)
    assert done.code == 0, done.err
    now = remote.tree("main")
    finished = clone.hotfix("finish", "--yes")
    reverts = half is _one_rebased  # a message that says so is not delivered without a decision
    assert finished.code == (4 if reverts else 0), finished.err
    assert (remote.tree("main"), remote.tree("v1.4.3")["app.py"]) == (now, now["app.py"])
    assert remote.tree("develop")["app.py"] == (APP if reverts else now["app.py"])


@pytest.mark.slow
@pytest.mark.parametrize("how", rest_slow(["merge", "squash"]))
def test_lines_that_were_reworked_since_are_a_note(fixed: Project, how: str) -> None:
    bob = on_main(fixed, how, FIX.replace('"fifteen"', '"fifteen" or "XV"'))
    done = fixed.clone.hotfix("finish", "--yes", "--format", "json")
    assert (done.code, done.json["tag"]["name"]) == (0, "v1.4.3"), done.err
    shown = f"git diff {bob.tip('HEAD~1')[:12]} {bob.tip('HEAD')[:12]} -- app.py"
    words = f"main has changed the lines of this fix since; check that the fix still holds: {shown}"
    assert words in done.json["notes"]


@pytest.mark.slow
def test_a_release_without_the_fix_does_not_finish_it(fixed: Project) -> None:
    bob = on_main(fixed, "merge", HAND)
    bob.tag("v1.5.0", "HEAD")
    answer = fixed.clone.hotfix("finish", "--yes")
    assert (answer.code, "refused: base" in answer.err) == (1, True), answer.out
    assert fixed.remote.tags() == {"v1.4.1", "v1.4.2", "v1.5.0"}


def changed(project: Project, before: str, fix: str, other: str) -> None:
    """calls.py is released as `before`; the hotfix makes it `fix`, and main is pushed as `other` meanwhile."""
    bob = project.another_clone("bob")
    bob.git("switch", "-q", "main")
    bob.commit("calls", {"calls.py": before})
    bob.git("push", "-q", "origin", "main")
    bob.tag("v1.4.3", "HEAD")
    assert project.clone.hotfix("start", "7").code == 0
    project.clone.commit("fix 7", {"calls.py": fix})
    project.clone.git("push", "-q", "origin", "hotfix/7")
    bob.commit("other work", {"calls.py": other})
    bob.git("push", "-q", "origin", "main")


@pytest.mark.slow
def test_another_indent_is_another_change(project: Project) -> None:
    loop = "def go(xs):\n    for x in xs:\n        if bad(x):\n            log(x)\n        use(x)\n"
    fix, other = (loop.replace("log(x)\n", f"log(x)\n{' ' * deep}continue\n") for deep in (12, 8))
    changed(project, loop, fix, other)
    answer = project.clone.hotfix("finish", "--yes", "--format", "json")
    assert (answer.code, answer.targets) == (4, {"main": ("merge", "conflict")})
    assert project.remote.tree("main")["calls.py"] == other
    assert project.remote.tags() == {"v1.4.1", "v1.4.2", "v1.4.3"}


@pytest.mark.slow
def test_the_same_lines_in_another_function_are_another_change(project: Project) -> None:
    body = "    a = 1\n    b = 2\n    c = 3\n    d = 4\n    return 1\n\n\n# next\n# part\n# here\n"
    text = f"def f():\n{body}def g():\n{body}"
    first = text.replace("return 1", "return 2", 1)
    second = "return 2".join(text.rsplit("return 1", 1))
    changed(project, text, first, second)
    done = project.clone.hotfix("finish", "--yes", "--no-backport", "--format", "json")
    assert done.code == 0, done.err
    assert project.remote.tree("main")["calls.py"] == text.replace("return 1", "return 2")
