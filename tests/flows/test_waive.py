"""`waive`: a recorded, reasoned permission that holds for the code as it is now, and for everybody."""

from __future__ import annotations

import pytest
from building import FIX, Project
from sandbox import Answer, Repo

BIG = "".join(f"other_{number} = {number}\n" for number in range(250))


@pytest.fixture
def big(fixed: Project) -> Project:
    """The hotfix is over the limits of max-lines and new-module."""
    fixed.clone.commit("too much", {"app.py": BIG, "new_part.py": "new = 1\n"})
    return fixed


def waive(repo: Repo, *arguments: str) -> Answer:
    return repo.hotfix("waive", *arguments)


def gates(repo: Repo) -> dict[str, str]:
    """The gates that refuse, or would without a waiver."""
    found = repo.hotfix("check", "--format", "json").statuses
    return {id: status for id, status in found.items() if status in ("fail", "unknown", "waived")}


def test_a_waiver_passes_its_gate(big: Project) -> None:
    clone = big.clone
    refused = gates(clone)
    assert refused["max-lines"] == "fail"
    before, tip, tree = clone.snapshot(), clone.tip("HEAD"), clone.git("rev-parse", "HEAD^{tree}")
    answer = waive(clone, "max-lines", "--reason", "a table that was generated")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == f"4711-W1: max-lines waived for the code as of {tip[:10]}; changed code needs a new waiver\n"
    assert clone.log("4711") == ["start hotfix 4711: Checkout fails", "waive max-lines"]
    assert (
        clone.git("log", "-1", "--format=%an%n%B", "refs/hotfix/log/4711")
        == f"""\
Ada
waive max-lines

Hotfix-Entry: waiver
Waiver: 4711-W1
Type: gate
Gates: max-lines
Reason: a table that was generated
Tree: {tree}
"""
    )
    after = clone.snapshot()
    assert (after.head, after.files, after.index, after.stash) == (
        before.head, before.files, before.index, before.stash,
    )  # fmt: skip
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {"refs/hotfix/log/4711"}
    assert gates(clone) == {**refused, "max-lines": "waived"}


@pytest.mark.slow
def test_several_gates_and_several_waivers(big: Project) -> None:
    clone = big.clone
    answer = waive(clone, "max-lines", "new-module", "--reason", "one", "--format", "json")
    waiver = answer.json["waiver"]
    assert isinstance(waiver.pop("when"), int)
    assert waiver == {
        "id": "4711-W1", "type": "gate", "gates": ["max-lines", "new-module"], "reason": "one",
        "who": "Ada <ada@example.org>", "tree": clone.git("rev-parse", "HEAD^{tree}"), "holds": True, "why": "",
        "approved_by": [], "withdrawn": False,
    }  # fmt: skip
    assert answer.json["sent"]
    assert waive(clone, "max-files", "--reason", "two").out.startswith("4711-W2: ")
    assert set(gates(clone).values()) == {"waived"}
    assert clone.hotfix("finish").code == 0
    message = big.remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.3")
    ada = "by Ada <ada@example.org>"
    lines = f"  4711-W1 max-lines new-module, {ada}: one\n  4711-W2 max-files, {ada}: two\n"
    assert f"\n\nWaivers:\n{lines}\nHotfix-Issue: 4711\n" in message
    assert "\nHotfix-Waiver: 4711-W1 max-lines new-module: one\nHotfix-Waiver: 4711-W2 max-files: two\n" in message


@pytest.mark.slow
def test_it_holds_for_that_tree_only(big: Project) -> None:
    clone = big.clone
    assert waive(clone, "max-lines", "--reason", "generated").code == 0
    clone.git("commit", "-q", "--amend", "-m", "said better")
    assert gates(clone)["max-lines"] == "waived"
    clone.commit("one more line", {"app.py": BIG + "more = 1\n"})
    assert gates(clone)["max-lines"] == "fail"
    clone.git("reset", "-q", "--hard", "HEAD~1")
    assert gates(clone)["max-lines"] == "waived"


@pytest.mark.slow
def test_it_reaches_a_colleague(big: Project) -> None:
    """Pushed as soon as the remote has the branch."""
    clone, remote = big.clone, big.remote
    assert waive(clone, "max-lines", "--reason", "generated").code == 0
    assert remote.refs("refs/hotfix/") == {}
    clone.git("push", "-q", "origin", "hotfix/4711")
    clone.git("fetch", "-q")
    assert waive(clone, "new-module", "--reason", "needed").code == 0
    assert remote.log("4711") == ["start hotfix 4711: Checkout fails", "waive max-lines", "waive new-module"]
    bob = big.another_clone("bob")
    assert bob.hotfix("list", "--fetch").code == 0
    bob.git("switch", "-q", "hotfix/4711")
    assert set(gates(bob).values()) == {"waived"}


@pytest.mark.slow
def test_two_people_at_once(big: Project) -> None:
    """Both entries are kept as they were written, and joined."""
    clone, remote = big.clone, big.remote
    clone.git("push", "-q", "origin", "hotfix/4711")
    clone.git("fetch", "-q")
    assert waive(clone, "max-lines", "--reason", "by ada").code == 0
    bob = big.another_clone("bob")
    bob.git("switch", "-q", "hotfix/4711")
    assert bob.hotfix("list", "--fetch").code == 0
    assert waive(bob, "new-module", "--reason", "by bob").code == 0
    assert waive(clone, "max-files", "--reason", "by ada too").code == 0
    assert sorted(remote.log("4711")[1:]) == [
        "join entries that were recorded at the same time", "waive max-files", "waive max-lines", "waive new-module",
    ]  # fmt: skip
    assert remote.refs("refs/hotfix/log/") == clone.refs("refs/hotfix/log/")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["max-lines", "--reason", ""], "a waiver needs a reason"),
        (["max-lines", "--reason", " \n"], "a waiver needs a reason"),
        (["max-lines", "--reason", "… -- !?"], "a waiver needs a reason"),
        (["max-lines", "--reason", "\u200b\u2060\u3164"], "a waiver needs a reason"),
        (["max-lines"], "--reason"),
        (["--reason", "why"], "gate"),
        (["max-line", "--reason", "why"], "there is no gate max-line; did you mean max-lines?"),
        (["Max_Files", "--reason", "why"], "there is no gate Max_Files; did you mean max-files?"),
        (["xyzzy", "--reason", "why"], "there is no gate xyzzy\n"),
        (["max-lines", "base", "--reason", "why"], "base cannot be waived"),
        (["max-lines", "--reason", "why", "--issue", "9"], "there is no hotfix/9 here or on the remote"),
    ],
)
def test_what_is_refused_records_nothing(big: Project, words: list[str], said: str) -> None:
    before = big.clone.snapshot()
    answer = waive(big.clone, *words)
    assert (answer.code, answer.out, big.clone.snapshot()) == (2, "", before)
    assert said in answer.err


@pytest.mark.slow
def test_the_policy_says_what_may_be_waived(big: Project) -> None:
    clone = big.clone
    assert waive(clone, "max-lines", "--reason", "before the policy").code == 0
    clone.branch("main", "main", "the policy", {".git-hotfix.toml": "[gates.max-lines]\nwaivable = false\n"})
    clone.git("fetch", "-q")
    before = clone.snapshot()
    answer = waive(clone, "new-module", "max-lines", "--reason", "why")
    assert (answer.code, answer.out, clone.snapshot()) == (2, "", before)
    assert answer.err == (
        "git hotfix: the policy does not allow a waiver of max-lines\n  (nothing was recorded)\n"
        "  → this is set on the production branch: [gates.max-lines] waivable = false\n"
    )
    assert gates(clone)["max-lines"] == "fail"
    assert "4711-W1 has no effect: the policy does not allow a waiver of max-lines" in clone.hotfix("check").out
    assert "; it does not hold: nobody may waive max-lines\n" in clone.hotfix("status").out
    assert waive(clone, "new-module", "new-module", "--reason", "why").out.startswith("4711-W2: new-module waived")


@pytest.mark.slow
def test_what_git_cannot_do_is_never_waived(big: Project) -> None:
    clone = big.clone
    every = [name for name in clone.hotfix("check", "--format", "json").statuses if name != "base"]
    assert waive(clone, *every, "--reason", "all of it").code == 0
    assert clone.hotfix("check").code == 0
    tree = clone.git("rev-parse", "HEAD^{tree}")
    (clone.path / ".git" / "objects" / tree[:2] / tree[2:]).unlink()
    answer = clone.hotfix("check")
    assert (answer.code, answer.out) == (3, "")


@pytest.mark.slow
def test_from_another_branch(big: Project) -> None:
    clone = big.clone
    clone.git("switch", "-q", "develop")
    assert "which hotfix? You are on develop" in waive(clone, "max-lines", "--reason", "why").err
    assert waive(clone, "max-lines", "--reason", "why", "--issue", "4711").code == 0
    assert clone.log("4711")[-1] == "waive max-lines"


@pytest.mark.slow
def test_a_reason_of_many_lines_stays_one_fact(big: Project) -> None:
    """No reason can write a trailer of its own."""
    clone = big.clone
    reason = "first\nGates: base max-files\n\nTree: 0000"
    assert waive(clone, "max-lines", "--reason", reason, "--format", "json").code == 0
    [waiver] = [each for each in clone.hotfix("status", "--format", "json").json["logbook"] if each["kind"] == "waiver"]
    assert (waiver["Gates"], waiver["Tree"]) == ("max-lines", clone.git("rev-parse", "HEAD^{tree}"))
    assert waiver["Reason"].startswith("first")
    assert gates(clone)["max-lines"] == "waived"


@pytest.mark.slow
def test_a_hotfix_made_by_hand_has_a_logbook_from_then_on(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "-c", "hotfix/8", "v1.4.2")
    clone.commit("fix", {"app.py": FIX, "new_part.py": "new = 1\n"})
    assert gates(clone)["new-module"] == "fail"
    assert waive(clone, "new-module", "--reason", "needed").code == 0
    assert clone.log("8") == ["waive new-module"]
    assert gates(clone)["new-module"] == "waived"
