"""A pull request into a target that was squashed there as a review had changed it: the conflict names that commit."""

from __future__ import annotations

import pytest
from building import FIX, Project
from proofs import rest_slow
from sandbox import Repo

POLICY = '[backport.branches."<develop>"]\ndeliver = "pull-request"\n'
OFFER = "hotfix-to/develop/4711"
EDITED = FIX.replace("fifteen", "five" + "teen, as the review wants it")


def squashed(project: Project, words: str, text: str = EDITED, *, gone: bool = True) -> str:
    """Somebody squashes the pull request in the forge, with `text` as app.py."""
    forge = project.another_clone("forge")
    forge.git("switch", "-q", "develop")
    made = forge.commit(words, {"app.py": text})
    forge.git("push", "-q", "origin", "develop", *([f":refs/heads/{OFFER}"] if gone else []))
    return made


@pytest.mark.parametrize("gone", rest_slow([True, False]))
def test_a_squash_with_a_reviews_changes_is_named(fixed: Project, gone: bool) -> None:
    clone = fixed.clone
    fixed.set_policy(POLICY)
    assert clone.hotfix("finish").code == 4
    made = squashed(fixed, "Checkout fails (#12)", gone=gone)
    why = f"{made[:10]} (Checkout fails (#12)) is probably this fix as a review changed it"
    shown = clone.hotfix("backport", "4711")
    lines = shown.out.splitlines()
    skip = f"git hotfix backport 4711 --skip develop --reason '{made[:10]} is the fix'"
    start = lines.index("left to do:")
    assert (shown.code, lines[start + 1 : start + 4]) == (4, [
        f"  develop: conflict in app.py (content); {why}",
        "    git hotfix backport 4711 --resolve develop",
        f"    to leave it out: {skip}",
    ])  # fmt: skip
    assert clone.run("sh", "-c", skip).code == 0
    assert clone.hotfix("backport", "4711").code == 0


@pytest.mark.slow
@pytest.mark.parametrize("words", ["work", "4711: other work"])
def test_other_work_in_these_lines_is_not_called_the_fix(fixed: Project, words: str) -> None:
    """It brings no line of it, or changes none of its lines, whatever it says."""
    clone = fixed.clone
    fixed.set_policy(POLICY)
    assert clone.hotfix("finish").code == 4
    text = FIX if words == "work" else FIX.replace("value_3 ", "value_3 = 4\nvalue_3 ").replace('"fifteen"', "15")
    text = text.replace('"fifteen"', "3 * 5")
    squashed(fixed, words, text)
    answer = clone.hotfix("backport", "4711", "--format", "json")
    [found] = [each for each in answer.json["targets"] if each["ref"] == "refs/heads/develop"]
    assert found["reason"] in ("", "by pull request")
    assert Repo(fixed.root / "forge", fixed.dates, clone.environment).tip("HEAD") == fixed.remote.tip("develop")
