"""Signed approvals: production's list of keys decides, through `git verify-commit`, whatever a clone's settings say."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from building import Project
from sandbox import Answer, Repo

pytestmark = [
    pytest.mark.slow,  # each signs with keys of its own
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not here to sign with"),
]

BIG = "".join(f"other_{number} = {number}\n" for number in range(250))
PLACE = ".git-hotfix/allowed_signers"
SIGNED = "[approvals]\nsigned = true\n[waivers]\nneed-approval = {}\n"


def key(project: Project, name: str) -> Path:
    """A new key pair; returns the file of the secret half."""
    file = project.root / "home" / name
    made = project.clone.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file))
    assert made.code == 0, made.err
    return file


def line(principals: str, file: Path) -> str:
    return f"{principals} {file.with_suffix('.pub').read_text()}"


def production(project: Project, policy: str, signers: str | None) -> None:
    """Put a policy and a list of keys on production."""
    files = {".git-hotfix.toml": policy} | ({PLACE: signers} if signers is not None else {})
    project.clone.branch("main", "origin/main", "the policy", files)
    project.clone.git("fetch", "-q")


def person(project: Project, name: str, file: Path | None = None) -> Repo:
    """A colleague's clone, with the logbooks fetched and a key to sign with."""
    clone = project.another_clone(name)
    clone.git("config", "user.name", name.capitalize())
    clone.git("config", "user.email", f"{name}@example.org")
    if file:
        clone.git("config", "user.signingKey", str(file))
    assert clone.hotfix("list", "--fetch").code == 0
    return clone


def approve(repo: Repo, *words: str) -> Answer:
    return repo.hotfix("approve", "4711", *words)


def looked(repo: Repo) -> Any:
    return repo.hotfix("check", "4711", "--fetch", "--format", "json").json


def approvals(repo: Repo) -> list[tuple[str, bool, str]]:
    return [(each["who"].partition(" ")[0], each["counted"], each["why"]) for each in looked(repo)["approvals"]]


def forge(repo: Repo, who: str, *, file: Path | None = None) -> str:
    """An approval entry in the name of somebody else, signed with `file`, put on the remote without this tool."""
    tree = repo.git("rev-parse", "origin/hotfix/4711^{tree}")
    log = "refs/hotfix/remote-log/4711"
    waivers = " ".join(repo.git("log", "--format=%H", "--grep=^Hotfix-Entry: waiver", log).split())
    facts = f"Hotfix-Entry: approval\nApproval: 4711-A9\nIssue: 4711\nWaivers: {waivers}\nTree: {tree}\n"
    keyed = ["-c", "gpg.format=ssh", "-c", f"user.signingKey={file}"] if file else []
    made = repo.run(
        "git", *keyed, "commit-tree", *(["-S"] if file else []), "-p", log, "-F", "-", repo.git("mktree"),
        stdin=f"approve hotfix 4711\n\n{facts}",
        env={"GIT_AUTHOR_NAME": who.capitalize(), "GIT_AUTHOR_EMAIL": f"{who}@example.org"},
    )  # fmt: skip
    assert made.code == 0, made.err
    repo.git("push", "-q", "origin", f"{made.out.strip()}:refs/hotfix/log/4711")
    return made.out.strip()


@pytest.fixture
def big(fixed: Project) -> Project:
    """The hotfix of Ada is over the limit of max-lines, she waived that, and everybody has her branch and logbook."""
    clone = fixed.clone
    clone.commit("4711: too much", {"app.py": BIG})
    clone.git("push", "-q", "origin", "hotfix/4711")
    assert clone.hotfix("waive", "max-lines", "--reason", "a generated table").code == 0
    return fixed


NO_KEY = f"its signature is by no key that {PLACE} on production lists for bob@example.org"


def test_a_name_is_not_enough(big: Project) -> None:
    """Every hook and command counts an approval by its signature, and so a push goes or does not."""
    bobs, eves = key(big, "bob"), key(big, "eve")
    production(big, SIGNED.format(1), line("bob@example.org", bobs) + line("eve@example.org", eves))
    clone, eve = big.clone, person(big, "eve", eves)
    assert clone.hotfix("hooks", "install").code == 0
    clone.git("commit", "-q", "--allow-empty", "-m", "4711: nothing")
    forge(eve, "bob")
    assert approvals(clone) == [("Bob", False, "it is not signed")]
    forge(person(big, "eve2"), "bob", file=eves)
    assert approvals(clone)[1:] == [("Bob", False, NO_KEY)]
    waiting = clone.run("git", "push", "-q", "origin", "hotfix/4711")
    assert (waiting.code, "4711-W1 (max-lines): it needs 1 approval and has 0" in waiting.err) == (0, True)
    refused = clone.hotfix("finish")
    assert (refused.code, "4711-W1 waives this, but it needs 1 approval and has 0" in refused.out) == (1, True)
    assert f"approval by Bob, with 4711-W1 does not count: {NO_KEY}\n" in clone.hotfix("check").out
    answer = approve(person(big, "bob", bobs))
    assert (answer.code, "4711-W1: max-lines, by Ada: a generated table; approved by Bob" in answer.out) == (0, True)
    assert approvals(clone)[2:] == [("Bob", True, "")]
    signed = big.remote.git("cat-file", "commit", "refs/hotfix/log/4711")
    assert "\ngpgsig -----BEGIN SSH SIGNATURE-----\n" in signed
    assert clone.run("git", "push", "-q", "origin", "hotfix/4711").code == 0
    assert clone.hotfix("finish").code == 0
    assert big.remote.git("for-each-ref", "--format=%(contents)", "refs/tags/v1.4.3").endswith(
        "\nHotfix-Waiver: 4711-W1 max-lines: a generated table\nHotfix-Approval: Bob <bob@example.org>\n"
    )


def test_who_is_taken_off_the_list_has_approved_nothing(big: Project) -> None:
    bobs, other = key(big, "bob"), key(big, "other")
    production(big, SIGNED.format(1), line("bob@example.org", bobs))
    assert approve(person(big, "bob", bobs)).code == 0
    assert approvals(big.clone) == [("Bob", True, "")]
    production(big, SIGNED.format(1), line("carol@example.org", bobs) + line("bob@example.org", other))
    assert approvals(big.clone) == [("Bob", False, NO_KEY)]
    production(big, SIGNED.format(1), line("carol@example.org", bobs))
    assert approvals(big.clone) == [("Bob", False, f"{PLACE} on production lists no key of bob@example.org")]
    # The hotfix cannot bring a list of its own.
    big.clone.commit("4711: my list", {PLACE: line("bob@example.org", bobs)})
    big.clone.git("push", "-q", "origin", "hotfix/4711")
    again = person(big, "again", bobs)
    again.git("config", "user.email", "bob@example.org")
    answer = approve(again)
    assert (answer.code, f"{PLACE} on production lists no key of bob@example.org" in answer.err) == (2, True)


def test_what_would_not_count_is_not_recorded(big: Project) -> None:
    bobs, other = key(big, "bob"), key(big, "other")
    bob = person(big, "bob")
    before, there = bob.snapshot(), big.remote.refs("refs/hotfix/")

    def refused(code: int, words: str) -> None:
        answer = approve(bob)
        assert (answer.code, answer.out, words in answer.err) == (code, "", True), answer.err
        assert "nothing was recorded" in answer.err
        assert {ref: oid for ref, oid in bob.snapshot().refs.items() if "heads" not in ref} == {
            ref: oid for ref, oid in before.refs.items() if "heads" not in ref
        }
        assert big.remote.refs("refs/hotfix/") == there

    production(big, SIGNED.format(1), None)
    refused(2, f"there is no {PLACE} on production")
    production(big, SIGNED.format(1), "# nobody yet\n" + line("carol@example.org", bobs))
    refused(2, f"{PLACE} on production lists no key of bob@example.org")
    production(big, SIGNED.format(1), line("bob@example.org", bobs))
    refused(3, "git cannot sign")
    bob.git("config", "user.signingKey", str(big.root / "home" / "nowhere"))
    refused(3, "git cannot sign")
    bob.git("config", "user.signingKey", str(other))
    refused(2, NO_KEY)
    bob.git("config", "user.signingKey", str(bobs))
    assert approve(bob).code == 0


def test_no_configuration_of_a_repository_starts_a_program_or_vouches_for_a_key(big: Project) -> None:
    bobs, eves = key(big, "bob"), key(big, "eve")
    production(big, SIGNED.format(1), line("bob@example.org", bobs))
    bob = person(big, "bob", bobs)
    trap, own = big.root / "trapped", big.root / "asked"
    for file, log in ((big.root / "trap", trap), (big.root / "own", own)):
        file.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec ssh-keygen "$@"\n')
        file.chmod(0o755)
    signers = big.root / "signers"
    signers.write_text(line("bob@example.org", eves))
    hostile = {
        "gpg.format": "openpgp", "gpg.program": "trap", "gpg.openpgp.program": "trap", "gpg.ssh.program": "trap",
        "gpg.ssh.defaultKeyCommand": "trap", "gpg.ssh.allowedSignersFile": str(signers), "gpg.minTrustLevel": "never",
    }  # fmt: skip
    for name, value in hostile.items():
        for repo in (bob, big.clone):
            repo.git("config", name, value.replace("trap", str(big.root / "trap")))
    assert approve(bob).code == 0
    assert approvals(big.clone) == [("Bob", True, "")]
    forge(person(big, "eve"), "bob", file=eves)
    assert approvals(big.clone)[1] == ("Bob", False, NO_KEY)
    assert not trap.exists()
    # The user's own configuration may name the program that signs; checking asks nobody.
    bob.git("config", "--global", "gpg.ssh.program", str(big.root / "own"))
    assert approve(bob, "--role", "once more").code == 0
    assert own.read_text().count("-Y sign") == len(own.read_text().splitlines()) == 1
    assert approvals(big.clone)[2] == ("Bob", True, "")
    assert not trap.exists()


def test_two_people_at_once_keep_their_signatures(big: Project) -> None:
    """Whoever comes second joins both lines; what the first one signed is not written anew by anybody."""
    bobs, carols = key(big, "bob"), key(big, "carol")
    signers = line('"bob@example.org,b@example.org" namespaces="git"', bobs) + line("carol@EXAMPLE.org", carols)
    production(big, SIGNED.format(2), signers)
    bob, carol = person(big, "bob", bobs), person(big, "carol", carols)
    before = big.remote.tip("refs/hotfix/log/4711")
    assert approve(bob).code == 0
    time.sleep(1.1)  # two lines are read in the order of their seconds
    # Carol's run looks before Bob's entry is there and pushes after it: her push is refused, fetched, and sent again.
    first = bob.tip("refs/hotfix/log/4711")
    hook = big.remote.hook(
        "pre-receive",
        f"[ -e done ] || {{ touch done; unset GIT_QUARANTINE_PATH; git update-ref refs/hotfix/log/4711 {first}; }}",
    )
    big.remote.git("update-ref", "refs/hotfix/log/4711", before)
    answer = approve(carol)
    hook.unlink()
    assert (answer.code, "not pushed" in answer.err) == (0, False), answer.err
    assert approvals(big.clone) == [("Bob", True, ""), ("Carol", True, "")]
    assert looked(big.clone)["waivers"][0]["holds"]
    log = big.remote.log("4711")
    assert (log[:2], sorted(log[2:])) == (
        ["start hotfix 4711: Checkout fails", "waive max-lines"],
        ["approve hotfix 4711", "approve hotfix 4711", "join entries that were recorded at the same time"],
    )
    # And by everything that comes later.
    assert carol.hotfix("waive", "max-files", "--reason", "later", "--issue", "4711").code == 0
    assert big.clone.hotfix("finish").code == 0
    file = big.root / "signers"
    file.write_text(signers)
    signed = big.remote.git("log", "--format=%H", "--grep=^Hotfix-Entry: approval", "refs/hotfix/log/4711").split()
    assert first in signed
    for commit in signed:
        big.remote.git("-c", f"gpg.ssh.allowedSignersFile={file}", "verify-commit", commit)


def test_one_key_is_one_person(big: Project) -> None:
    """A pattern lets its key speak for many addresses, but not for two people."""
    bobs, carols = key(big, "bob"), key(big, "carol")
    signers = line("*@example.org,!carol@example.org", bobs) + line("carol@example.org", carols)
    production(big, SIGNED.format(2), signers)
    bob = person(big, "bob", bobs)
    assert approve(bob).code == 0
    bob.git("config", "user.email", "dora@example.org")
    assert approve(bob).code == 0
    assert [each["why"] for each in looked(big.clone)["waivers"]] == ["it needs 2 approvals and has 1"]
    bob.git("config", "user.email", "carol@example.org")
    assert approve(bob).code == 2
    assert approve(person(big, "carol", carols)).code == 0
    assert [each["holds"] for each in looked(big.clone)["waivers"]] == [True]


def test_another_kind_of_signature(big: Project) -> None:
    bobs = key(big, "bob")
    production(big, SIGNED.format(1), line("bob@example.org", bobs))
    eve = person(big, "eve")
    made = eve.git("cat-file", "commit", forge(eve, "bob", file=bobs))
    other = made.replace("SSH SIGNATURE", "PGP SIGNATURE") + "\n"
    oid = eve.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=other)
    eve.git("push", "-q", "--force", "origin", f"{oid}:refs/hotfix/log/4711")
    assert approvals(big.clone) == [("Bob", False, "it is not signed with an ssh key")]
    changed = made.replace("4711-A9", "4711-A8") + "\n"
    oid = eve.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=changed)
    eve.git("push", "-q", "--force", "origin", f"{oid}:refs/hotfix/log/4711")
    [(_, counted, why)] = approvals(big.clone)
    assert (counted, why.startswith("its signature ")) == (False, True)
