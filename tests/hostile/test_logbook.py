"""Logbooks that nobody honest wrote: commits of any bytes below refs/hotfix/log/, judged without a crash."""

from __future__ import annotations

import pytest
from building import Project
from sandbox import Repo

TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NOBODY = "Eve <eve@example.org> 1700000000 +0000"


def recorded(clone: Repo, message: str, author: str = NOBODY, *headers: str) -> None:
    """Write an entry as it stands, without any check by git, and make it the logbook's end."""
    end = clone.tip("refs/hotfix/log/4711")
    raw = "\n".join([f"tree {TREE}", f"parent {end}", f"author {author}", f"committer {author}", *headers, "", message])
    answer = clone.run("sh", "-c", "git hash-object -t commit -w --stdin --literally", stdin=raw)
    assert answer.code == 0, answer.err
    clone.git("update-ref", "refs/hotfix/log/4711", answer.out.strip())


def entry(kind: str, **facts: str) -> str:
    return "\n".join(["made up", "", f"Hotfix-Entry: {kind}", *(f"{key}: {value}" for key, value in facts.items()), ""])


MESSAGES = [
    "",
    "no trailers",
    entry("waiver"),
    entry("approval"),
    entry("approval", Issue="4711", Waivers="--output=/tmp/x ../../x HEAD", Tree="TREE"),
    entry("approval", Issue="4711", Waivers="0" * 40, Tree="TREE", Role="\x1b[2J\u202e\x07", Approval="\x1b]0;x\x07"),
    entry("waiver", Waiver="4711-W9999999999999999999", Gates="max-lines base nonsense", Tree="TREE", Reason="\x1b[2J"),
    entry("waiver", Gates=" ".join(["max-files"] * 3000), Tree="zzz", Reason="long " * 20000),
    entry("start", Issue="4712"),
    entry("join", Gates="max-lines", Tree="TREE"),
]
AUTHORS = [
    NOBODY,
    "<> 0 +0000",
    "nobody at all",
    "Eve <eve@example.org> 99999999999999999999 +9999",
    'E\x1bve "<;rm -rf>" <a b,*@"x\u202e> 1 +0000',
    "\u00c4da <ada@example.org\u00a0> 1 +0000",
]


@pytest.mark.parametrize("policy", ["", "[approvals]\nsigned = true\n[waivers]\nneed-approval = 1\n"])
def test_no_entry_crashes_or_passes_a_gate(fixed: Project, policy: str) -> None:
    clone = fixed.clone
    files = {
        ".git-hotfix.toml": policy,
        ".git-hotfix/allowed_signers": "* ssh-ed25519 AAAA\n",
        ".mailmap": "<\n\x00> <a>\n",
    }
    clone.branch("main", "origin/main", "the policy", files)
    clone.git("fetch", "-q")
    clone.commit("4711: too much", {"app.py": "x = 1\n" * 300})
    tree = clone.git("rev-parse", "HEAD^{tree}")
    before = clone.hotfix("check", "--format", "json").statuses
    for message in MESSAGES:
        for author in AUTHORS:
            recorded(clone, message.replace("TREE", tree if "max-lines" not in message else "0" * 40), author)
    recorded(clone, entry("approval", Issue="4711", Tree=tree), NOBODY, "gpgsig -----BEGIN SSH SIGNATURE-----", " AAAA")
    answer = clone.hotfix("check", "--format", "json")
    assert answer.statuses == before
    assert before["max-lines"] == "fail"
    assert policy == "" or not any(each["counted"] for each in answer.json["approvals"])
    for command in ("check", "status"):
        said = clone.hotfix(command)
        assert said.code in (0, 1)
        assert not {letter for letter in said.out + said.err if not letter.isprintable()} - {"\n"}
    clone.git("config", "user.email", "bob@example.org")
    assert clone.hotfix("waive", "max-files", "--reason", "why").code == 0
    assert clone.hotfix("approve").code == (3 if policy else 0)  # listed, and without a key
