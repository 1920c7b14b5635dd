"""`git hotfix verify`: a released hotfix is what its record says, told in a clone that has only what the remote has."""

from __future__ import annotations

import hashlib
import re
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from building import FIX, Project
from sandbox import Answer, Repo

LOGS = "refs/hotfix/log/*:refs/hotfix/log/*"
LOG = "refs/hotfix/log/4711"
CHECKS = ("tree", "base", "tag-object", "log-end", "log-chain", "approvals", "evidence", "waivers", "policy")
NO_APPROVAL = "nobody approved it, and nobody had to"


def fresh(project: Project, name: str = "fresh", *options: str) -> Repo:
    """A clone that somebody makes after the release, with the logbooks."""
    clone = project.another_clone(name, *options)
    clone.git("fetch", "-q", "origin", LOGS)
    return clone


def states(repo: Repo, code: int, tag: str = "v1.4.3") -> dict[str, str]:
    """Check → its state, and of a fail what is wrong."""
    answer = repo.hotfix("verify", tag, "--format", "json")
    assert answer.code == code, answer.out + answer.err
    assert tuple(each["id"] for each in answer.json["checks"]) == CHECKS
    return {
        each["id"]: f"fail: {each['found']}" if each["state"] == "fail" else each["state"]
        for each in answer.json["checks"]
    }


def whole(**but: str) -> dict[str, str]:
    """Every check passes, but for what the anchors cannot bind."""
    return dict.fromkeys(CHECKS, "pass") | {"log-chain": "unknown"} | {k.replace("_", "-"): v for k, v in but.items()}


def entries(repo: Repo) -> list[str]:
    """The commits of the logbook as git has them, oldest first."""
    return [repo.git("cat-file", "commit", oid) + "\n" for oid in repo.git("rev-list", "--reverse", LOG).split()]


def write_anew(repo: Repo, contents: list[str]) -> list[str]:
    """Let the logbook be these commits, one upon the other; their ids."""
    made: list[str] = []
    for content in contents:
        lines = content.split("\n")
        head = [line for line in lines[: lines.index("")] if not line.startswith("parent ")]
        head[1:1] = [f"parent {made[-1]}"] if made else []
        text = "\n".join([*head, *lines[lines.index("") :]])
        made.append(repo.git("hash-object", "-w", "-t", "commit", "--stdin", stdin=text))
    repo.git("update-ref", LOG, made[-1])
    return made


def loose_place(repo: Repo, oid: str) -> Path:
    """The file of an object, which stands by itself and may be written."""
    objects = repo.path / ".git" / "objects"
    for pack in [*(objects / "pack").glob("*.pack")]:
        aside = pack.rename(repo.path / pack.name)
        assert repo.run("sh", "-c", f"git unpack-objects -q <{aside.name}").code == 0
    place = objects / oid[:2] / oid[2:]
    place.chmod(0o644)
    return place


def released(project: Project) -> Project:
    answer = project.clone.hotfix("finish", "--yes")
    assert answer.code == 0, answer.err
    return project


def test_a_fresh_clone_tells_the_story_of_a_release(fixed: Project) -> None:
    clone = released(fixed).clone
    stranger = fixed.another_clone("fresh")
    before = stranger.everything()
    answer = stranger.hotfix("verify", "v1.4.3")
    assert (answer.code, answer.out, answer.err) == (
        3,
        "",
        "git hotfix: the logbook of hotfix 4711 is not in this clone\n  (nothing was verified)\n"
        f"  → git fetch origin '{LOGS}'\n",
    )
    assert stranger.everything() == before
    stranger.git("fetch", "-q", "origin", LOGS)
    assert states(stranger, 0) == whole()
    told = stranger.hotfix("verify", "v1.4.3").out.splitlines()
    when = told[1].split(" by ")[0].removeprefix("  released  ")
    base, tree, main = clone.tip("v1.4.2"), clone.git("rev-parse", "v1.4.3^{tree}"), clone.tip("v1.4.3")
    assert told[:9] == [
        "v1.4.3 · hotfix 4711: Checkout fails",
        f"  released  {when} by Ada, for main, at {main[:10]}",
        f"  from      v1.4.2 ({base[:10]})",
        f"  fix       1 commit, 1 file (+1 -1), tree {tree[:10]}",
        "  approved  by nobody",
        "  ran       nothing is recorded",
        "  waived    nothing",
        f"  policy    no policy file, so the defaults of production at {base[:10]}",
        "  record    1 entry is whole up to v1.4.3; 3 came later, and cannot be proven",
    ]
    assert told[-1] == "v1.4.3 is what its record says: 8 of 9 checks passed; 1 cannot be proven"


def test_what_ran_before_and_after_the_release_is_told_with_what_it_said(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("config", "hotfix.run.smoke", "exit 1")
    assert clone.hotfix("run", "smoke").code == 1
    assert clone.hotfix("run", "smoke", "--prove").code == 4
    released(fixed)
    clone.git("config", "hotfix.run.deploy", "true")
    assert clone.hotfix("run", "deploy").code == 0
    clone.git("config", "hotfix.monitor.errors", "echo 62")
    clone.git("config", "hotfix.monitor.errors.max", "10")
    assert clone.hotfix("monitor").code == 1
    clone.git("config", "hotfix.monitor.errors.max", "70")
    assert clone.hotfix("monitor", "--for", "0.1s").code == 0
    told = fresh(fixed).hotfix("verify", "v1.4.3").out
    rows = re.findall(
        r"^  (ran later|ran|watched|         ) +(.*), 20[-0-9]+ [:0-9]+ UTC(?:, [\d.]+ s)?(.*)$", told, re.MULTILINE
    )
    assert [(word.strip(), what, said) for word, what, said in rows] == [
        ("ran", "smoke failed on this tree", ""),
        (
            "",
            "proof by smoke not judged on this tree",
            ": the fix changes no test file, so nothing can fail without it",
        ),
        ("ran later", "deploy passed on this tree", ""),
        ("watched", "errors failed on this tree", ": 62 is over the limit of 10"),
        ("", "errors passed on this tree", ": 2 ok, number 62"),
    ]


def test_the_post_mortem_binds_what_came_after_the_tag(fixed: Project) -> None:
    clone = released(fixed).clone
    assert clone.hotfix("postmortem", "v1.4.3", "--commit").code == 0
    stranger = fresh(fixed)
    assert states(stranger, 0) == whole(log_chain="pass")
    assert clone.hotfix("mark", "resolved", "--issue", "4711").code == 0
    stranger.git("fetch", "-q", "origin", f"+{LOGS}")
    assert states(stranger, 0) == whole()
    written = entries(stranger)
    named = stranger.git("rev-list", "--reverse", LOG).split()
    deliver = next(n for n, each in enumerate(written) if "\nEvent: deliver\n" in each)
    changed = written[deliver].replace("develop", "develOp")
    made = write_anew(stranger, [*written[:deliver], changed, *written[deliver + 1 :]])
    found = states(stranger, 1)
    anchor = fixed.remote.tip("develop")
    assert found["log-end"] == (
        f"fail: the logbook does not hold {named[-2][:10]}, which the post-mortem ({anchor[:10]}) names\n"
        f"changed after {made[deliver - 1][:10]} 'finish hotfix 4711 as v1.4.3': "
        f"{made[deliver][:10]} 'deliver hotfix 4711 to 4 branches'"
    )
    assert found["log-chain"] == "unknown"


def test_what_was_changed_by_one_byte_is_named(fixed: Project) -> None:
    assert fixed.clone.hotfix("mark", "mitigated", "--at", "5m").code == 0
    stranger = fresh(released(fixed))
    written, named = entries(stranger), stranger.git("rev-list", "--reverse", LOG).split()
    made = write_anew(stranger, [written[0].replace("Severity: P0", "Severity: P1"), *written[1:]])
    answer = stranger.hotfix("verify", "v1.4.3")
    assert answer.code == 1
    assert answer.out.splitlines()[-6:] == [
        "wrong:",
        f"  log-end: expected {named[1][:10]}, named by v1.4.3",
        f"    the logbook does not hold {named[1][:10]}, which v1.4.3 names",
        f"    changed at its beginning: {made[0][:10]} 'start hotfix 4711: Checkout fails'",
        "",
        "v1.4.3 is not what its record says: 1 check of 9 failed",
    ]


@pytest.mark.slow
def test_an_object_that_is_not_what_its_id_says_is_named(fixed: Project) -> None:
    stranger = fresh(released(fixed))
    oid = stranger.git("rev-list", "--reverse", LOG).split()[0]
    content = (entries(stranger)[0]).encode().replace(b"Severity: P0", b"Severity: P1")
    loose_place(stranger, oid).write_bytes(zlib.compress(b"commit %d\0" % len(content) + content))
    assert hashlib.sha1(b"commit %d\0" % len(content) + content).hexdigest() != oid
    found = states(stranger, 1)
    named = f"{oid[:10]} 'start hotfix 4711: Checkout fails'"
    assert found["log-chain"] == f"fail: {named}: its content is not what its id says"


def test_a_tag_that_is_not_here_is_answered_with_those_that_are_like_it(fixed: Project) -> None:
    stranger = fresh(released(fixed))
    answer = stranger.hotfix("verify", "v1.4.33")
    assert (answer.code, answer.err) == (
        2,
        "git hotfix: there is no tag v1.4.33 here, and no hotfix of that name was finished\n  (nothing was changed)\n"
        "  → git hotfix verify v1.4.3\n",
    )
    answer = stranger.hotfix("verify", "v1.4.2")
    assert (answer.code, answer.err.splitlines()[0]) == (
        2, "git hotfix: v1.4.2 is no hotfix's tag: it has no trailer Hotfix-Issue, and no logbook here names it",
    )  # fmt: skip
    assert states(stranger, 0, "4711") == whole()


@pytest.mark.slow
def test_a_logbook_that_git_cannot_read_is_no_tampering(fixed: Project) -> None:
    stranger = fresh(released(fixed))
    loose_place(stranger, stranger.git("rev-list", "--reverse", LOG).split()[0]).write_bytes(b"garbage")
    found = states(stranger, 1)
    assert found.pop("log-chain").startswith("fail: git cannot read it: ")
    assert found == dict.fromkeys(("log-end", "approvals", "evidence", "waivers"), "unknown") | dict.fromkeys(
        ("tree", "base", "tag-object", "policy"), "pass"
    )


@pytest.mark.slow
def test_a_shallow_clone_says_what_it_lacks(fixed: Project) -> None:
    stranger = fresh(released(fixed), "shallow", "--depth", "1")
    stranger.git("fetch", "-q", "--depth", "1", "origin", "tag", "v1.4.3")
    answer = stranger.hotfix("verify", "v1.4.3")
    assert (answer.code, answer.err) == (
        3,
        f"git hotfix: this clone is shallow, and hides what lies between {fixed.clone.tip('v1.4.2')[:10]} and v1.4.3\n"
        "  (nothing was verified)\n  → git fetch --unshallow origin\n",
    )
    stranger.git("fetch", "-q", "--unshallow", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*")
    assert states(stranger, 0) == whole()


@pytest.mark.slow
def test_a_remote_whose_logbook_is_another_one_is_seen_where_the_right_one_is(fixed: Project) -> None:
    clone = released(fixed).clone
    assert states(clone, 0) == whole()
    stranger = fresh(fixed)
    written = entries(stranger)
    made = write_anew(stranger, [written[0].replace("Severity: P0", "Severity: P1"), *written[1:]])
    stranger.git("push", "-q", "--force", "--no-verify", "origin", LOG)
    assert states(clone, 0) == whole()  # it has not seen that yet
    clone.git("fetch", "-q", "origin", "+refs/hotfix/log/4711:refs/hotfix/remote-log/4711")
    assert states(clone, 1)["log-end"] == (
        f"fail: the remote's is another one: it ends at {made[-1][:10]}, and does not hold what this clone has"
    )


POLICY = '[approvals]\nrequired = 1\n[gates.evidence]\nrequire = ["smoke"]\n'


@pytest.mark.slow
def test_who_had_to_agree_is_judged_by_the_policy_of_then(project: Project) -> None:
    clone = project.clone
    policy = clone.branch("main", "origin/main", "the policy", {".git-hotfix.toml": POLICY})
    assert clone.hotfix("start", "4711", "-m", "Checkout fails").code == 0
    tip = clone.commit("fix the checkout", {"app.py": FIX})
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    clone.git("config", "hotfix.run.smoke", "true")
    assert clone.hotfix("run", "smoke").code == 0
    bob = project.another_clone("bob")
    bob.git("config", "user.name", "Bob")
    bob.git("config", "user.email", "bob@example.org")
    assert bob.hotfix("approve", "4711", "--role", "Lead").code == 0
    assert clone.hotfix("finish", "--yes").code == 0
    other = project.another_clone("other")
    other.git("switch", "-q", "main")
    other.commit("two have to agree from now on", {".git-hotfix.toml": "[approvals]\nrequired = 2\n"})
    other.git("push", "-q", "origin", "main")
    stranger = fresh(project)
    assert states(stranger, 0) == whole()
    told = stranger.hotfix("verify", "v1.4.3").out
    tree = clone.git("rev-parse", f"{tip}^{{tree}}")
    assert re.search(rf"\n  approved  by Bob \(Lead\), .*: tree {tree[:10]} for main\n", told)
    assert re.search(r"\n  ran       smoke passed on this tree, .*, \d+\.\d s\n", told)
    assert f"\n  policy    .git-hotfix.toml of production at {policy[:10]}\n" in told
    written = entries(stranger)
    write_anew(stranger, [each for each in written if "\nHotfix-Entry: approval" not in each and "\nRun: " not in each])
    found = {id: state for id, state in states(stranger, 1).items() if state.startswith("fail")}
    assert found.pop("log-end").splitlines()[1].endswith("3 entries were taken out or changed")
    assert found == {
        "approvals": "fail: 0 people approved it\n"
        "the tag names an approval that the logbook does not hold: Bob <bob@example.org> (Lead)",
        "evidence": "fail: smoke did not run on it",
    }


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not here to sign with")
def test_a_signature_of_the_tag_is_checked_where_there_is_one(fixed: Project) -> None:
    clone, key = fixed.clone, fixed.root / "home" / "key"
    assert clone.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)).code == 0
    signers = f"ada@example.org {key.with_suffix('.pub').read_text()}"
    other = fixed.another_clone("other")
    other.git("switch", "-q", "main")
    other.commit("who signs", {".git-hotfix/allowed_signers": signers})
    other.git("push", "-q", "origin", "main")
    for name, value in (("gpg.format", "ssh"), ("user.signingKey", str(key)), ("tag.gpgSign", "true")):
        clone.git("config", name, value)
    stranger = fresh(released(fixed))
    answer = stranger.hotfix("verify", "v1.4.3", "--format", "json")
    [found] = [each["found"] for each in answer.json["checks"] if each["id"] == "tag-object"]
    assert (answer.code, found.split(" with ")[0][12:]) == (0, "signed"), found
    content = stranger.git("cat-file", "tag", "v1.4.3") + "\n"
    forged = stranger.git("mktag", stdin=content.replace("Checkout fails", "Checkout works", 1))
    stranger.git("update-ref", "refs/tags/v1.4.3", forged)
    assert "its signature does not verify: " in states(stranger, 1)["tag-object"]


def moved_tag(repo: Repo) -> None:
    """The tag's own words, at another commit."""
    content = repo.git("cat-file", "tag", "v1.4.3") + "\n"
    text = content.replace(repo.tip("v1.4.3"), repo.tip("origin/develop"))
    repo.git("update-ref", "refs/tags/v1.4.3", repo.git("mktag", stdin=text))


def other_tagger(repo: Repo) -> None:
    """Somebody else's tag of the same words at the same commit."""
    content = repo.git("cat-file", "tag", "v1.4.3") + "\n"
    made = repo.git("mktag", stdin=content.replace("tagger Ada <ada@", "tagger Eve <eve@"))
    repo.git("update-ref", "refs/tags/v1.4.3", made)


def same_tree_elsewhere(repo: Repo) -> None:
    """The tag's own words, at a commit of the same tree which production never had."""
    content = repo.git("cat-file", "tag", "v1.4.3") + "\n"
    commit = repo.git("commit-tree", "-p", "v1.4.2^{}", "-m", "mine", "v1.4.3^{tree}")
    repo.git("update-ref", "refs/tags/v1.4.3", repo.git("mktag", stdin=content.replace(repo.tip("v1.4.3"), commit)))


@pytest.mark.slow
def test_an_entry_for_another_tag_of_the_name_does_not_make_it_the_one_that_was_finished(fixed: Project) -> None:
    stranger = fresh(released(fixed))
    first = stranger.git("rev-parse", "refs/tags/v1.4.3")
    other_tagger(stranger)
    written = entries(stranger)
    [finish] = [each for each in written if f"\nTag-Object: {first}\n" in each]
    write_anew(stranger, [*written, finish.replace(first, stranger.git("rev-parse", "refs/tags/v1.4.3"))])
    answer = stranger.hotfix("verify", "v1.4.3", "--format", "json")
    [found] = [each for each in answer.json["checks"] if each["id"] == "tag-object"]
    assert (answer.code, found["state"]) == (0, "unknown")
    said = f"before, it was finished as {first[:10]}, and nobody recorded that this was taken back"
    assert found["found"].endswith(f", not signed; {said}")


def copied_tag(repo: Repo) -> None:
    repo.git("update-ref", "refs/tags/v1.4.4", repo.git("rev-parse", "refs/tags/v1.4.3"))


def moved_base(repo: Repo) -> None:
    repo.git("tag", "-f", "v1.4.2", "v1.4.1^{}")


def cut_off(repo: Repo) -> None:
    """All that came behind the tag's anchor is gone."""
    repo.git("update-ref", LOG, repo.git("rev-list", "--reverse", LOG).split()[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "tag", "wrong"),
    [
        (moved_tag, "v1.4.3", {"tree", "tag-object"}),
        (other_tagger, "v1.4.3", {"tag-object"}),
        (same_tree_elsewhere, "v1.4.3", {"tag-object"}),
        (copied_tag, "v1.4.4", {"tag-object", "log-end"}),
        (moved_base, "v1.4.3", {"base"}),
        (cut_off, "v1.4.3", {"log-end"}),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_what_is_wrong_is_said_by_the_check_that_sees_it(
    fixed: Project, change: Callable[[Repo], None], tag: str, wrong: set[str]
) -> None:
    stranger = fresh(released(fixed))
    change(stranger)
    assert {id for id, state in states(stranger, 1, tag).items() if state.startswith("fail")} == wrong


def by_pull_request(project: Project) -> Answer:
    """Somebody merged the pull request on the server."""
    other = project.another_clone("merging")
    other.git("switch", "-q", "main")
    other.git("merge", "-q", "--no-ff", "-m", "Merge pull request", "origin/hotfix/4711")
    other.git("push", "-q", "origin", "main")
    return project.clone.hotfix("finish", "--yes")


def by_squash_on_the_server(project: Project) -> Answer:
    other = project.another_clone("merging")
    other.git("switch", "-q", "main")
    other.git("merge", "-q", "--squash", "origin/hotfix/4711")
    other.git("commit", "-qm", "Fix the checkout (#12)")
    other.git("push", "-q", "origin", "main")
    return project.clone.hotfix("finish", "--yes")


def without_a_branch(project: Project) -> Answer:
    answer = project.clone.hotfix("finish", "--yes", "--strategy", "squash", "--no-backport")
    project.remote.git("update-ref", "-d", "refs/heads/hotfix/4711")
    return answer


def on_main(project: Project, name: str) -> None:
    """Somebody's commit."""
    other = project.another_clone(name)
    other.git("switch", "-q", "main")
    other.commit(name, {f"{name}.txt": "one\n"})
    other.git("push", "-q", "origin", "main")


def beside_newer_work(project: Project) -> Answer:
    """Production has moved on since the release."""
    on_main(project, "more")
    return project.clone.hotfix("finish", "--yes")


def by_hand(project: Project) -> Answer:
    """Somebody had tagged the fix before it was finished."""
    project.clone.tag("v1.4.3", "hotfix/4711")
    return project.clone.hotfix("finish", "--yes")


WAYS: dict[str, tuple[Callable[[Project], Answer], dict[str, str]]] = {
    "merge": (lambda project: project.clone.hotfix("finish", "--yes"), {}),
    "squash": (lambda project: project.clone.hotfix("finish", "--yes", "--strategy", "squash"), {}),
    "squash, and no branch holds the fix": (without_a_branch, {"tree": "unknown"}),
    "fast-forward": (lambda project: project.clone.hotfix("finish", "--yes", "--strategy", "fast-forward"), {}),
    "pull request": (by_pull_request, {}),
    "squash on the server": (by_squash_on_the_server, {}),
    "beside newer work": (beside_newer_work, {}),
    "by hand": (by_hand, {"tag-object": "unknown", "log-end": "unknown"}),
}


def test_a_clone_where_production_is_another_branch_raises_no_false_alarm(fixed: Project) -> None:
    fixed.remote.git("branch", "old", "v1.4.1")
    stranger = fresh(released(fixed))
    stranger.git("config", "hotfix.production", "old")
    assert states(stranger, 0) == whole(policy="unknown")
    base = fixed.clone.tip("v1.4.2")[:10]
    assert (
        f"    old, which is production in this clone, does not hold {base}; main does\n"
        "    where that is production: git config hotfix.production main\n"
    ) in stranger.hotfix("verify", "v1.4.3").out
    stranger.git("config", "hotfix.production", "main")
    assert states(stranger, 0) == whole()


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_no_way_to_production_is_a_false_alarm(fixed: Project, way: str) -> None:
    finish, but = WAYS[way]
    fixed.clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    answer = finish(fixed)
    assert answer.code in (0, 4), answer.err
    on_main(fixed, "next")
    assert states(fresh(fixed), 0) == whole(**{key.replace("-", "_"): value for key, value in but.items()})
