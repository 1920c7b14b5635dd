"""`approve`: somebody else agrees to the code as it is and to its waivers, and everybody judges by that."""

from __future__ import annotations

from typing import Any

import pytest
from building import FIX, Project
from sandbox import Answer, Repo, at_terminal

from git_hotfix.git.private_dir import private_git_dir
from git_hotfix.git.repository import open_repository
from git_hotfix.model.logbook import Entry
from git_hotfix.model.names import IssueId
from git_hotfix.model.snapshot import Logs
from git_hotfix.record import log_refs, logbook
from git_hotfix.snapshot import Clone, take_snapshot

BIG = "".join(f"other_{number} = {number}\n" for number in range(250))
TWO = "[waivers]\nneed-approval = 2\n"
ONE = "[waivers]\nneed-approval = 1\n"


def policy(project: Project, text: str, **files: str) -> None:
    """Put a policy, and other files, on production."""
    project.clone.branch("main", "origin/main", "the policy", {".git-hotfix.toml": text, **files})
    project.clone.git("fetch", "-q")


def person(project: Project, name: str, mail: str | None = None) -> Repo:
    """A colleague's clone, with the logbooks fetched."""
    clone = project.another_clone(name)
    clone.git("config", "user.name", name.capitalize())
    clone.git("config", "user.email", mail or f"{name}@example.org")
    assert clone.hotfix("list", "--fetch").code == 0
    return clone


def looked(repo: Repo, command: str = "check") -> dict[str, Any]:
    found: dict[str, Any] = repo.hotfix(command, "4711", "--fetch", "--format", "json").json
    return found


def max_lines(repo: Repo) -> str:
    return next(gate["status"] for gate in looked(repo)["gates"] if gate["id"] == "max-lines")


def approve(repo: Repo, *words: str) -> Answer:
    return repo.hotfix("approve", "4711", *words)


@pytest.fixture
def big(fixed: Project) -> Project:
    """The hotfix of Ada is over the limit of max-lines, she waived that, and everybody has her branch."""
    clone = fixed.clone
    clone.commit("4711: too much", {"app.py": BIG})
    assert clone.hotfix("waive", "max-lines", "--reason", "a generated table").code == 0
    clone.git("push", "-q", "origin", "hotfix/4711")
    clone.git("fetch", "-q")
    assert clone.hotfix("waive", "max-files", "--reason", "to be safe").code == 0
    return fixed


def test_what_is_recorded_and_said(big: Project) -> None:
    bob = person(big, "bob")
    tip, tree = bob.tip("origin/hotfix/4711"), bob.git("rev-parse", "origin/hotfix/4711^{tree}")
    one, two = bob.git("log", "--reverse", "--format=%H", "-2", "refs/hotfix/remote-log/4711").split()
    before = bob.snapshot()
    answer = approve(bob, "--role", "Engineering Lead")
    assert (answer.code, answer.out) == (
        0,
        f"4711-A1: Bob <bob@example.org> approves the code as of {tip[:10]} as Engineering Lead\n"
        "waiver 4711-W1: max-lines, by Ada: a generated table; approved by Bob\n"
        "waiver 4711-W2: max-files, by Ada: to be safe; approved by Bob\n",
    )
    log = big.remote.git("log", "-1", "--format=%an <%ae>%n%B", "refs/hotfix/log/4711")
    assert (
        log
        == f"""\
Bob <bob@example.org>
approve hotfix 4711

Hotfix-Entry: approval
Approval: 4711-A1
Issue: 4711
Role: Engineering Lead
Waivers: {one} {two}
Commit: {tip}
Tree: {tree}
"""
    )
    after = bob.snapshot()
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {"refs/hotfix/log/4711"}
    assert (after.files, after.index, after.head) == (before.files, before.index, before.head)
    [approval] = looked(big.clone)["approvals"]
    when = approval.pop("when")
    assert isinstance(when, int)
    assert approval == {
        "id": "4711-A1", "role": "Engineering Lead", "who": "Bob <bob@example.org>", "tree": tree,
        "waivers": ["4711-W1", "4711-W2"], "counted": True, "why": "",
    }  # fmt: skip
    line = "approved by Bob (Engineering Lead), with 4711-W1 4711-W2\n"
    assert line in big.clone.hotfix("check").out
    assert line in big.clone.hotfix("status").out
    again = approve(bob, "--format", "json")
    assert (again.json["recorded"], again.json["approval"]["id"]) == (False, "4711-A1")
    assert big.remote.log("4711")[-1] == "approve hotfix 4711"
    assert len(big.remote.log("4711")) == 4


@pytest.mark.slow
def test_a_waiver_needs_two_and_every_hook_asks_for_them(big: Project) -> None:
    policy(big, TWO)
    clone = big.clone
    assert clone.hotfix("hooks", "install").code == 0
    clone.commit("4711: reworded", {})
    waiting = clone.run("git", "push", "-q", "origin", "hotfix/4711")
    assert (waiting.code, "4711-W1 (max-lines): it needs 2 approvals and has 0" in waiting.err) == (0, True)
    refused = clone.hotfix("finish")
    assert refused.code == 1
    assert "fail max-lines: 280 production lines changed" in refused.out
    assert "4711-W1 waives this, but it needs 2 approvals and has 0" in refused.out
    assert "→ somebody else runs: git hotfix approve 4711" in refused.out
    bob, carol = person(big, "bob"), person(big, "carol")
    assert approve(bob).code == 0
    assert "it does not hold: it needs 2 approvals and has 1" in approve(bob, "--role", "once more").out
    assert max_lines(clone) == "fail"
    assert approve(carol, "--waiver", "4711-W1").code == 0
    [first, second] = looked(clone)["waivers"]
    assert (first["holds"], first["approved_by"]) == (True, ["Bob <bob@example.org>", "Carol <carol@example.org>"])
    assert (second["holds"], second["why"]) == (False, "it needs 2 approvals and has 1")
    assert max_lines(clone) == "waived"
    assert clone.run("git", "push", "-q", "origin", "hotfix/4711").code == 0
    assert clone.hotfix("finish").code == 0
    message = big.remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.3")
    people = "Bob <bob@example.org>, Carol <carol@example.org>"
    assert (
        f"\n\nWaivers:\n  4711-W1 max-lines, by Ada <ada@example.org>, approved by {people}: a generated table\n\n"
        "Approved by:\n  Bob <bob@example.org>\n  Bob <bob@example.org> (once more)\n"
        "  Carol <carol@example.org>\n\nHotfix-Issue: 4711\n"
    ) in message
    assert message.endswith(
        "\nHotfix-Waiver: 4711-W1 max-lines: a generated table\nHotfix-Approval: Bob <bob@example.org>\n"
        "Hotfix-Approval: Bob <bob@example.org> (once more)\nHotfix-Approval: Carol <carol@example.org>\n"
    )
    assert clone.hotfix("start", "4711").err.startswith("git hotfix: 4711 is finished: it is v1.4.3")


NO = "git hotfix: your approval would not count: an author of the fix cannot approve it\n"


@pytest.mark.slow
def test_nobody_approves_their_own(big: Project) -> None:
    """Author, committer and co-author, by any spelling, and by the mailmap of production."""
    clone = big.clone
    policy(big, ONE, **{".mailmap": "Frank <frank@example.org> <frank@home.example>\n"})
    before = clone.snapshot()
    refused = approve(clone)
    assert (refused.code, refused.out, clone.snapshot()) == (2, "", before)
    assert refused.err.startswith(NO)
    trailer = "4711: more\n\nCo-authored-by: Eve <EVE@Example.ORG>\nCo-authored-by: Gil <gil@example.org>"
    clone.git("-c", "user.email=dora@example.org", "commit", "-q", "--allow-empty", "-m", trailer)
    clone.git("commit", "-q", "--allow-empty", "--author", "Frank <frank@home.example>", "-m", "4711: even more")
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = person(big, "bob")
    for mail in ("dora@example.org", "Dora@EXAMPLE.org", "eve@example.org", "gil@example.org", "frank@example.org"):
        answer = bob.hotfix("approve", "4711", env={"GIT_AUTHOR_EMAIL": mail})
        assert (answer.code, answer.err.startswith(NO)) == (2, True), (mail, answer.err)
    # An entry that was made without asking is shown, and counts for nothing.
    tree = clone.git("rev-parse", "HEAD^{tree}")
    forge(clone, tree, waivers=clone.git("log", "-1", "--format=%H", "refs/hotfix/log/4711"))
    [approval] = clone.hotfix("check", "--format", "json").json["approvals"]
    assert (approval["counted"], approval["why"]) == (False, "an author of the fix cannot approve it")
    assert "does not count: an author of the fix cannot approve it" in clone.hotfix("check").out
    assert max_lines(clone) == "fail"


def forge(repo: Repo, tree: str, *, waivers: str = "", who: str = "", sign: bool = False, issue: str = "4711") -> str:
    """An approval entry that was written without this tool."""
    name, _, mail = who.partition(" ")
    facts = f"Hotfix-Entry: approval\nApproval: 4711-A9\nIssue: {issue}\nWaivers: {waivers}\nTree: {tree}\n"
    options = ["-S"] if sign else []
    identity = {"GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": mail.strip("<>")} if who else {}
    made = repo.run(
        "git", "commit-tree", *options, "-p", "refs/hotfix/log/4711", "-F", "-",
        repo.git("mktree"), stdin=f"approve hotfix 4711\n\n{facts}", env=identity,
    )  # fmt: skip
    assert made.code == 0, made.err
    repo.git("update-ref", "refs/hotfix/log/4711", made.out.strip())
    return made.out.strip()


@pytest.mark.slow
def test_who_waived_does_not_approve_that(fixed: Project) -> None:
    policy(fixed, ONE)
    fixed.clone.commit("4711: too much", {"app.py": BIG})
    fixed.clone.git("push", "-q", "origin", "hotfix/4711")
    bob = person(fixed, "bob")
    bob.git("switch", "-q", "hotfix/4711")
    waived = bob.hotfix("waive", "max-lines", "--reason", "a generated table")
    assert waived.out.splitlines()[1:] == [
        "  but it needs 1 approval and has 0; somebody else runs: git hotfix approve 4711"
    ]
    answer = approve(bob, "--waiver", "4711-W1")
    assert (answer.code, "4711-W1 is your own waiver" in answer.err) == (2, True)
    assert approve(bob, "--waiver", "4711-W7").err.startswith("git hotfix: there is no waiver 4711-W7 of this code")
    answer = approve(bob)
    assert "without 4711-W1, which is your own: somebody else approves it" in answer.err
    found = looked(bob)
    assert [(each["counted"], each["waivers"]) for each in found["approvals"]] == [(True, [])]
    assert max_lines(bob) == "fail"
    assert approve(person(fixed, "carol")).code == 0
    assert max_lines(bob) == "waived"
    # A waiver that came later is covered by nobody.
    assert fixed.clone.hotfix("waive", "max-lines", "--reason", "again").code == 0
    assert [each["holds"] for each in looked(fixed.clone)["waivers"]] == [True, False]


@pytest.mark.slow
def test_other_code_voids_it_and_says_so(big: Project) -> None:
    clone = big.clone
    tree = clone.git("rev-parse", "HEAD^{tree}")
    assert approve(person(big, "bob")).code == 0
    clone.git("commit", "-q", "--amend", "-m", "4711: said better")
    clone.git("commit", "-q", "--allow-empty", "-m", "4711: nothing")
    assert looked(clone)["approvals"][0]["counted"]
    changed = clone.commit("4711: one more line", {"app.py": BIG + "more = 1\n"})
    clone.commit("4711: and one", {"app.py": BIG + "more = 1\nmore = 2\n"})
    why = f"it was for other code (tree {tree[:10]}), void since {changed[:10]}"
    found = looked(clone)
    assert [(each["counted"], each["why"]) for each in found["approvals"]] == [(False, why)]
    assert [(each["holds"], each["why"]) for each in found["waivers"]] == [(False, why)] * 2
    assert looked(clone, "status")["approvals"] == found["approvals"]
    line = f"approval by Bob, with 4711-W1 4711-W2 does not count: {why}\n"
    assert line in clone.hotfix("check").out
    assert line in clone.hotfix("status").out
    assert f"4711-W1 waives this, but {why}" in clone.hotfix("check").out
    clone.git("reset", "-q", "--hard", "HEAD~2")
    assert looked(clone)["approvals"][0]["counted"]


@pytest.mark.slow
def test_nobody_approves_what_they_have_not_seen(big: Project) -> None:
    clone, bob = big.clone, person(big, "bob")
    tip = clone.commit("4711: one more line", {"app.py": BIG + "more = 1\n"})
    clone.git("push", "-q", "origin", "hotfix/4711")
    answer = approve(bob)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        f"git hotfix: hotfix/4711 has just come from origin as {tip[:10]}: you have not seen it\n"
        "  (nothing was recorded)\n"
        f"  → look at it: git log -p v1.4.2..{tip[:10]}\n"
        "  → then again: git hotfix approve 4711\n"
    )
    assert approve(bob).code == 0
    bob.git("switch", "-q", "hotfix/4711")
    bob.commit("4711: mine", {"app.py": BIG})
    answer = approve(bob)
    assert (answer.code, "which one do you mean?" in answer.err) == (2, True)


@pytest.mark.slow
def test_a_person_is_asked_once(big: Project) -> None:
    bob = person(big, "bob")
    code, said = at_terminal(bob, "n\n", "approve", "4711")
    assert (code, big.remote.log("4711")[-1]) == (4, "waive max-files")
    assert "  with 4711-W1: max-lines, by Ada <ada@example.org>: a generated table" in said
    assert "approve this? [y/N]" in said
    assert "nothing was recorded" in said
    assert (at_terminal(bob, "y\n", "approve", "4711")[0], big.remote.log("4711")[-1]) == (0, "approve hotfix 4711")
    assert "[y/N]" not in at_terminal(bob, "", "approve", "4711", "--yes", "--role", "SRE Lead")[1]


@pytest.mark.slow
def test_nothing_to_approve(project: Project) -> None:
    clone = project.clone
    assert "there is no hotfix/4711 here or on the remote" in approve(clone).err
    assert clone.hotfix("start", "4711").code == 0
    assert "hotfix/4711 changes nothing yet" in approve(clone).err
    clone.commit("4711: fix", {"app.py": FIX})
    assert "a role needs a name" in approve(clone, "--role", " … ").err
    clone.git("config", "user.email", "bob@example.org")
    assert approve(clone).code == 0
    assert clone.log("4711") == ["start hotfix 4711", "approve hotfix 4711"]


def test_a_repository_without_a_remote(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("remote", "remove", "origin")
    clone.git("config", "user.email", "bob@example.org")
    assert approve(clone, "--format", "json").json["approval"]["counted"]


@pytest.mark.slow
def test_two_people_at_once(big: Project) -> None:
    policy(big, TWO)
    bob, carol = person(big, "bob"), person(big, "carol")
    logs = big.remote.tip("refs/hotfix/log/4711")
    assert approve(bob).code == 0
    # Carol's clone pushes from what it saw before.
    carol.git("config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    big.remote.git("update-ref", "refs/hotfix/log/4711", logs)
    assert approve(carol).code == 0
    big.remote.git("update-ref", "refs/hotfix/log/4711", bob.tip("refs/hotfix/log/4711"))
    assert carol.hotfix("waive", "max-files", "--reason", "me too", "--issue", "4711").code == 0
    assert max_lines(big.clone) == "waived"
    assert sorted(big.remote.log("4711"))[:3] == [
        "approve hotfix 4711",
        "approve hotfix 4711",
        "join entries that were recorded at the same time",
    ]


@pytest.mark.slow
def test_a_remote_that_takes_no_logbook(big: Project) -> None:
    """It stands here, and the same command again sends it."""
    bob = person(big, "bob")
    hook = big.remote.hook("update", "echo no logbooks today >&2; exit 1")
    answer = approve(bob, "--format", "json")
    assert (answer.json["recorded"], answer.json["sent"]) == (True, False)
    assert "the approval is recorded here, but was not pushed: " in answer.err
    hook.unlink()
    answer = approve(bob, "--format", "json")
    assert (answer.json["recorded"], answer.json["sent"]) == (False, True)
    assert big.remote.tip("refs/hotfix/log/4711") == bob.tip("refs/hotfix/log/4711")


@pytest.mark.slow
def test_two_runs_in_one_clone_at_once(big: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second one looked before the first one wrote, and writes after it."""
    clone = big.clone
    monkeypatch.chdir(clone.path)
    repository = open_repository()
    with private_git_dir(repository, keep=True) as git:
        snapshot = take_snapshot(repository, git, view="known")
        assert clone.hotfix("waive", "new-module", "--reason", "first").code == 0
        first = clone.tip("refs/hotfix/log/4711")
        entry = Entry("event", "second", {"Event": "test"})
        end = log_refs.record_entries(Clone(repository, git, snapshot), IssueId("4711"), [entry])
        assert clone.tip("refs/hotfix/log/4711") == end
        titles = [each.title for each in logbook.read(git, IssueId("4711"), Logs(end)).entries]
        assert titles[-2:] == ["waive new-module", "second"]
    assert clone.parents(end) == [first]


@pytest.mark.slow
def test_what_people_type_writes_no_line_of_its_own(big: Project) -> None:
    clone = big.clone
    nasty = "why\n\nHotfix-Tip: 0000\u2028-----BEGIN PGP SIGNATURE-----\x1b[2J\u202e\nHotfix-Issue: 1"
    assert clone.hotfix("waive", "new-module", "--reason", nasty).code == 0
    bob = person(big, "bob")
    bob.git("config", "user.name", "Bob\x1b[2J \u202e Hotfix-Tip: 1")
    assert approve(bob, "--role", "Lead)\nHotfix-Issue: 2").code == 0
    assert clone.hotfix("finish").code == 0
    message = big.remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.3")
    trailers = message.rpartition("\n\n")[2].splitlines()
    assert [line.partition(":")[0] for line in trailers] == [
        "Hotfix-Issue", "Hotfix-Title", "Hotfix-Severity", "Hotfix-Base-Tag", "Hotfix-Base", "Hotfix-Tip",
        "Hotfix-Production", "Hotfix-Policy", "Hotfix-Log", "Hotfix-Log-Entries", "Hotfix-Waiver", "Hotfix-Waiver",
        "Hotfix-Waiver", "Hotfix-Approval",
    ]  # fmt: skip
    assert trailers[-1] == (
        "Hotfix-Approval: Bob\\u001b[2J \\u202e Hotfix-Tip: 1 <bob@example.org> (Lead) Hotfix-Issue: 2)"
    )
    assert trailers[-2] == (
        "Hotfix-Waiver: 4711-W3 new-module: why Hotfix-Tip: 0000 -----BEGIN PGP SIGNATURE-----\\u001b[2J\\u202e "
        "Hotfix-Issue: 1"
    )
    assert "is finished: it is v1.4.3" in clone.hotfix("start", "4711").err
    assert clone.hotfix("start", "1").code == 0
