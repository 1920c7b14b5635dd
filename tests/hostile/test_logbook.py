"""Logbooks that nobody honest wrote: commits of any bytes below refs/hotfix/log/, judged without a crash."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from building import Project

TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
NOBODY = "Eve <eve@example.org> 1700000000 +0000"


def recorded(project: Project, entries: Sequence[tuple[str, str]]) -> None:
    """Write entries (author, message) as they stand, without any check by git, and join them to the logbook."""
    clone = project.clone
    end = clone.tip("refs/hotfix/log/4711")
    files = []
    for number, (author, message) in enumerate(entries):
        file = project.root / f"entry-{number}"
        file.write_text(f"tree {TREE}\nparent {end}\nauthor {author}\ncommitter {author}\n{message}")
        files.append(str(file))
    made = clone.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin-paths", stdin="\n".join(files))
    parents = "".join(f"parent {oid}\n" for oid in made.split())
    raw = f"tree {TREE}\n{parents}author {NOBODY}\ncommitter {NOBODY}\n\n{entry('join')}"
    oid = clone.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
    clone.git("update-ref", "refs/hotfix/log/4711", oid)


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
@pytest.mark.slow
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
    other = "0" * 40
    messages = [message.replace("TREE", other if "max-lines" in message else tree) for message in MESSAGES]
    entries = [(author, f"\n{message}") for message in messages for author in AUTHORS]
    approval = entry("approval", Issue="4711", Tree=tree)
    entries.append((NOBODY, f"gpgsig -----BEGIN SSH SIGNATURE-----\n AAAA\n\n{approval}"))
    recorded(fixed, entries)
    answer = clone.hotfix("check", "--format", "json")
    assert answer.statuses == before
    assert before["max-lines"] == "fail"
    assert len(answer.json["approvals"]) == 3 * len(AUTHORS) + 1
    assert policy == "" or not any(each["counted"] for each in answer.json["approvals"])
    for command in ("check", "status"):
        said = clone.hotfix(command)
        assert said.code in (0, 1)
        assert not {letter for letter in said.out + said.err if not letter.isprintable()} - {"\n"}
    clone.git("config", "user.email", "bob@example.org")
    assert clone.hotfix("waive", "max-files", "--reason", "why").code == 0
    assert clone.hotfix("approve").code == (3 if policy else 0)  # listed, and without a key
