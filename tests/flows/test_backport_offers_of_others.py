"""What somebody does on the branch of a pull request of ours is theirs, however it looks from outside."""

from __future__ import annotations

import pytest
from building import FIX, Project
from sandbox import Repo
from test_backport_offers import BY_REQUEST, OFFER

REVIEWED = f"{FIX}reviewed = 1\n"


def further_commits(bob: Repo) -> None:
    for number in range(2):
        bob.commit(f"what the review asked for, {number}", {"review.txt": f"{number}\n"})


def amended(bob: Repo) -> None:
    (bob.path / "app.py").write_text(REVIEWED)
    bob.git("commit", "-q", "--amend", "--no-edit", "-a")


@pytest.mark.parametrize("work", [further_commits, amended])
def test_work_of_others_is_neither_overwritten_nor_deleted(fixed: Project, work: object) -> None:
    """A fix of several commits is offered as one merge: two commits more are not taken for its own."""
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    clone.commit("Say what times out, too", {"app.py": f"{FIX}told = 1\n"})
    clone.commit("And for how long", {"app.py": f"{FIX}told = 2\n"})
    assert clone.hotfix("finish").code == 4
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", OFFER)
    work(bob)  # type: ignore[operator]
    bob.git("push", "-q", "--force")
    theirs = bob.tip("HEAD")
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, again.targets["develop"], remote.tip(OFFER)) == (4, ("merge", "pending"), theirs)
    [reason] = [each["reason"] for each in again.json["targets"] if each["ref"] == "refs/heads/develop"]
    assert reason == "by pull request, whose branch stays as somebody else made it"
    skipped = clone.hotfix("backport", "4711", "--skip", "develop", "--reason", "it has another fix")
    assert (skipped.code, remote.tip(OFFER)) == (0, theirs), skipped.err


@pytest.mark.slow
def test_what_is_ours_is_offered_anew_where_it_fits_no_more(fixed: Project) -> None:
    """develop gets a version of its own, which the policy keeps: the merge that was offered would conflict now."""
    clone, remote = fixed.clone, fixed.remote
    fixed.set_policy(BY_REQUEST)
    clone.commit("The fix has a version", {"VERSION": "1.4.3\n"})
    assert clone.hotfix("finish").code == 4
    assert remote.tree(OFFER)["VERSION"] == "1.4.3\n"
    bob = fixed.another_clone("bob")
    bob.git("switch", "-q", "develop")
    bob.commit("On the way to 1.5", {"VERSION": "1.5.0\n"})
    bob.git("push", "-q")
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert (again.code, again.targets["develop"]) == (4, ("merge", "pending")), again.err
    assert remote.parents(OFFER) == [bob.tip("HEAD"), clone.tip("hotfix/4711")]
    assert remote.tree(OFFER)["VERSION"] == "1.5.0\n"


@pytest.mark.slow
def test_skipping_deletes_what_is_ours(fixed: Project) -> None:
    fixed.set_policy(BY_REQUEST)
    assert fixed.clone.hotfix("finish").code == 4
    assert OFFER in fixed.remote.branches()
    skipped = fixed.clone.hotfix("backport", "4711", "--skip", "develop", "--reason", "it has another fix")
    assert (skipped.code, OFFER in fixed.remote.branches()) == (0, False), skipped.err
    assert "Every target has the fix except 1 skipped branch" in skipped.out
