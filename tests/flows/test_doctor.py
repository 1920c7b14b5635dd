"""`git hotfix doctor` on real clones: one thing wrong at a time, the line that says so, and the command that helps."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from building import Project
from sandbox import Repo

from git_hotfix.doctor import CHECKS


def sights(repo: Repo, *arguments: str, code: int | None = None, env: dict[str, str] | None = None) -> dict[str, str]:
    """Check → status."""
    body = repo.hotfix("doctor", "--format", "json", *arguments, env=env).json
    assert code is None or body["exit_code"] == code, body
    return {each["id"]: each["status"] for each in body["checks"]}


def sight(repo: Repo, check: str, *arguments: str, env: dict[str, str] | None = None) -> tuple[str, str, str]:
    """(status, message, hint) of one check."""
    body = repo.hotfix("doctor", "--format", "json", *arguments, env=env).json
    found = next(each for each in body["checks"] if each["id"] == check)
    return found["status"], found["message"], found["hint"]


def test_every_check_has_a_name_of_its_own_and_a_reason() -> None:
    ids = [check.id for check in CHECKS]
    assert len(set(ids)) == len(ids)
    assert all(check.look.__doc__ for check in CHECKS)


def test_a_sound_clone_has_nothing_wrong(project: Project) -> None:
    before = project.clone.everything()
    found = sights(project.clone, code=0)
    assert {name for name, status in found.items() if status != "ok"} == {"gate"}
    assert set(found) == {
        "git", "packages", "command", "identity", "remote", "clone", "production", "develop", "policy",
        "production-tag", "tags", "gate",
    }  # fmt: skip
    assert project.clone.everything() == before


def test_one_line_a_check_for_people(project: Project) -> None:
    answer = project.clone.hotfix("doctor")
    lines = answer.out.splitlines()
    assert (answer.code, answer.err) == (0, "1 thing to look at\n")
    assert lines[0].split(maxsplit=1) == ["check", "what was seen"]
    assert "warn  gate            no gate in front of this clone's pushes → git hotfix hooks install" in lines
    assert any(line.startswith("ok    production-tag  v1.4.2, at ") for line in lines)


@pytest.mark.slow
def test_a_gate_that_configuration_names(project: Project) -> None:
    """git 2.54 and newer run it; an older git does not know it, and no push reaches the gate."""
    clone = project.clone
    clone.git("config", "hook.gate.event", "pre-push")
    clone.git("config", "hook.gate.command", "git-hotfix verify-push")
    known = clone.run("git", "hook", "list", "pre-push").code == 0
    word, seen, _ = sight(clone, "gate")
    assert (word, seen) == (
        ("ok", "in place: hook.gate of git's configuration") if known
        else ("warn", "no gate in front of this clone's pushes")
    )  # fmt: skip
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("far too much", {f"part{number}.py": "x = 1\n" for number in range(12)})
    assert clone.run("git", "push", "-q", "origin", "hotfix/4711").code == int(known)
    assert clone.hotfix("hooks", "install").code == 0
    assert sight(clone, "gate")[0] == "ok"
    beside = sight(clone, "hook-manager") if known else None
    assert beside is None or beside == (
        "warn", "hook.gate runs the gate too: each push is judged twice", "git config --unset hook.gate.event pre-push"
    )  # fmt: skip


def test_the_gate_and_what_stands_beside_it(project: Project) -> None:
    project.clone.hook("pre-push", "exit 0")
    assert sight(project.clone, "hook-manager") == ("ok", "a pre-push hook of the team's own", "")
    assert project.clone.hotfix("hooks", "install").code == 0
    assert sight(project.clone, "gate")[0] == "ok"
    hook = project.clone.path / ".git/hooks/pre-push"
    hook.write_text(hook.read_text() + "# an older version\n")
    assert sight(project.clone, "gate") == ("warn", "in place, but from another version", "git hotfix hooks install")


def test_core_hooks_path(project: Project) -> None:
    project.clone.git("config", "--global", "core.hooksPath", str(project.root / "hooks"))
    assert sight(project.clone, "hooks-path")[0] == "warn"
    project.clone.git("config", "core.hooksPath", "/dev/null")
    assert sight(project.clone, "hooks-path")[::2] == ("fail", "git config --unset core.hooksPath")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--depth", "1", "--no-single-branch"], "git fetch --unshallow origin"),
        (["--single-branch"], "git remote set-branches origin '*' && git fetch origin"),
    ],
)
def test_a_clone_that_hides_things(project: Project, options: list[str], says: str) -> None:
    clone = project.another_clone("ci", *options)
    assert sight(clone, "clone")[::2] == ("fail", says)


def test_a_partial_clone(project: Project) -> None:
    project.remote.git("config", "uploadpack.allowFilter", "true")
    assert sights(project.another_clone("part", "--filter=blob:none"), code=0)["partial"] == "warn"


def test_no_production_branch(project: Project) -> None:
    project.clone.git("config", "hotfix.production", "trunk")
    status, message, hint = sight(project.clone, "production")
    assert (status, "trunk" in message, "git hotfix init" in hint) == ("fail", True, True)
    found = sights(project.clone, code=1)
    assert {"policy", "production-tag", "develop"}.isdisjoint(found)


def test_a_develop_that_is_none(project: Project) -> None:
    project.clone.git("config", "hotfix.develop", "next")
    assert sight(project.clone, "develop")[:2] == ("fail", "hotfix.develop names next, which is not a branch")


def test_remotes(project: Project) -> None:
    clone = project.clone
    clone.git("remote", "set-url", "--push", "origin", "https://me:secret@one.example/x")
    clone.git("remote", "set-url", "--push", "--add", "origin", "https://me:secret@two.example/x")
    status, _, hint = sight(clone, "push-url")
    assert (status, hint) == ("fail", "git remote set-url --push --delete origin https://two.example/x")
    clone.git("remote", "rename", "origin", "a")
    clone.git("remote", "add", "b", "elsewhere")
    assert sight(clone, "remote")[0] == "fail"


@pytest.mark.slow
def test_online_asks_and_offline_does_not(project: Project) -> None:
    clone = project.clone
    assert "online" not in sights(clone, code=0)
    assert sight(clone, "online", "--online")[:2] == ("ok", "origin answers; all that it has is known here")
    colleague = project.another_clone("colleague")
    colleague.branch("feature/new", "origin/main", "new", {"new.txt": "new\n"})
    assert sight(clone, "online", "--online")[1:] == ("origin has moved on: feature/new", "git fetch origin")
    project.remote.path.rename(project.root / "away.git")
    assert sights(clone, code=0)["remote"] == "ok"
    assert sights(clone, "--online", code=1)["online"] == "fail"


def committed(project: Project, name: str, text: str) -> Repo:
    """The clone after a file was committed on production and pushed."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("a policy", {name: text})
    clone.git("push", "-q", "origin", "main")
    return clone


def test_a_broken_policy_is_named_to_the_line_and_exits_2(project: Project) -> None:
    clone = committed(project, ".git-hotfix.toml", "[gates.max-files]\nmax = 'many'\n[backport]\nstratgy = 1\n")
    answer = clone.hotfix("doctor")
    assert answer.code == 2
    assert "fail  policy          .git-hotfix.toml:2: gates.max-files.max: expected a whole number" in answer.out
    assert "→ .git-hotfix.toml:4: backport.stratgy: unknown key; did you mean strategy?" in answer.out


def test_two_policies(project: Project) -> None:
    committed(project, "pyproject.toml", '[tool.git-hotfix]\nbudget = "4h"\n')
    assert sight(project.clone, "policy")[:2] == ("ok", "pyproject.toml of main")
    committed(project, ".git-hotfix.toml", 'budget = "3h"\n')
    status, message, _ = sight(project.clone, "policy")
    assert (status, message) == (
        "warn", ".git-hotfix.toml holds; [tool.git-hotfix] in pyproject.toml is not read beside it",
    )  # fmt: skip


@pytest.mark.slow
def test_the_version_that_a_policy_needs(project: Project) -> None:
    clone = committed(project, ".git-hotfix.toml", 'requires = ">=0.0.1"\n')
    assert sight(clone, "requires")[0] == "ok"
    committed(project, ".git-hotfix.toml", 'requires = ">=99"\n')
    status, message, _ = sight(clone, "requires")
    assert (status, "needs git-hotfix >=99" in message, sights(clone, code=1)["policy"]) == ("fail", True, "ok")


@pytest.mark.slow
def test_keys_for_signed_approvals(project: Project) -> None:
    text = "[approvals]\nsigned = true\n[waivers]\nneed-approval = 1\n"
    clone = committed(project, ".git-hotfix.toml", text)
    place = ".git-hotfix/allowed_signers"
    assert sight(clone, "approvals")[:2] == ("fail", f"approvals must be signed, and main holds no {place}")
    (clone.path / ".git-hotfix").mkdir()
    committed(project, place, "# nobody else yet\n\na@example.org ssh-ed25519 AAAA\n")
    assert sight(clone, "approvals")[:2] == ("warn", f"1 key in {place}: too few where 1 other must agree")
    committed(project, place, "a@example.org ssh-ed25519 AAAA\nb@example.org ssh-ed25519 BBBB\n")
    assert sight(clone, "approvals") == ("ok", f"2 keys in {place} of main", "")


def test_no_production_tag_and_what_stands_there(project: Project) -> None:
    project.clone.git("config", "hotfix.releaseTags", "rel-*")
    status, message, hint = sight(project.clone, "production-tag")
    assert (status, message, hint) == ("fail", "none matches rel-*; seen there: v1.4.2, v1.4.1", "git hotfix init")


@pytest.mark.slow
def test_tags_that_differ_from_the_remote_s(project: Project) -> None:
    clone = project.clone
    assert clone.hotfix("start", "4711").code == 0
    assert sight(clone, "tags") == ("ok", "2 of origin known; none here differs", "")
    clone.git("tag", "v9.0.0")
    assert sight(clone, "tags")[:2] == ("warn", "release tags here, not seen on origin: v9.0.0")
    clone.git("tag", "-f", "v1.4.1", "develop")
    assert sight(clone, "tags")[:2] == ("warn", "here and on origin not the same: v1.4.1")


def test_identity(project: Project) -> None:
    config = project.root / "home" / ".gitconfig"
    config.write_text("[user]\n\tname = Ada\n")
    assert sight(project.clone, "identity")[:2] == ("fail", "user.email not set")
    assert sight(project.clone, "identity", env={"GIT_COMMITTER_EMAIL": "a@b.c"})[0] == "ok"


@pytest.mark.slow
def test_signing_is_looked_at_and_never_run(project: Project, tmp_path: Path) -> None:
    clone = project.clone
    assert "signing" not in sights(clone)
    clone.git("config", "tag.gpgSign", "true")
    clone.git("config", "gpg.program", "no-such-gpg")
    assert "no-such-gpg is not on PATH" in sight(clone, "signing")[1]
    ran = tmp_path / "ran"
    program = tmp_path / "sign"
    program.write_text(f"#!/bin/sh\ntouch '{ran}'\n")
    program.chmod(0o755)
    clone.git("config", "gpg.program", str(program))
    assert "there is no secret key in" in sight(clone, "signing")[1]
    (tmp_path / "home/.gnupg/private-keys-v1.d").mkdir(parents=True)
    (tmp_path / "home/.gnupg/private-keys-v1.d/a.key").write_text("")
    assert sight(clone, "signing")[0] == "ok"
    clone.git("config", "gpg.format", "ssh")
    clone.git("config", "gpg.ssh.program", str(program))
    assert "user.signingKey is not set" in sight(clone, "signing")[1]
    clone.git("config", "user.signingKey", str(tmp_path / "no-key"))
    assert "there is no key file" in sight(clone, "signing")[1]
    (tmp_path / "no-key").write_text("")
    assert sight(clone, "signing")[0] == "ok"
    assert not ran.exists()


@pytest.mark.slow
def test_what_interrupted_runs_left(project: Project) -> None:
    clone = project.clone
    ours = clone.path / ".git" / "hotfix"
    ours.mkdir()
    (ours / "journal-4711.json").write_text(
        json.dumps({"schema": 1, "issue": "4711", "command": "finish", "updates": []})
    )
    (ours / "lock").write_text(json.dumps({"pid": 2**22 + 1, "started": "1", "what": "finish"}))
    clone.git("update-ref", "refs/hotfix/run/4711/0", "HEAD")
    found = sights(clone, code=1)
    assert (found["journal"], found["lock"], found["pins"]) == ("fail", "warn", "warn")
    assert sight(clone, "journal")[1:] == (
        "1 interrupted: finish 4711",
        "finish what was begun: git hotfix finish 4711",
    )
    assert "was killed and left its lock" in sight(clone, "lock")[1]
    (ours / "lock").write_text(json.dumps({"pid": os.getpid(), "started": "1", "what": "finish"}))
    assert f"(process {os.getpid()})" in sight(clone, "lock")[1]
    (ours / "lock").write_text("my notes")
    assert sight(clone, "lock")[0] == "fail"


def test_a_conflict_that_was_opened(fixed: Project) -> None:
    linked = fixed.linked("resolve", "develop")
    note = Path(linked.git("rev-parse", "--absolute-git-dir")) / "hotfix-resolve"
    note.write_text(json.dumps({"issue": "4711", "target": "refs/heads/develop"}))
    status, message, hint = sight(fixed.clone, "resolve")
    assert (status, message) == ("fail", f"conflicts open: develop for hotfix 4711 in {linked.path}")
    assert hint == "git hotfix backport 4711 --continue, or --abort"


def test_off_path_the_hook_cannot_judge(project: Project, tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(shutil.which("git") or "git")
    assert sight(project.clone, "command", env={"PATH": str(tools)})[0] == "fail"


def test_outside_a_repository(tmp_path: Path, project: Project) -> None:
    answer = Repo(project.root / "tmp", project.clone.dates, project.clone.environment).hotfix("doctor")
    assert (answer.code, "this is not a git repository" in answer.err) == (3, True)


def test_prefixes_that_count_and_one_that_cannot(project: Project) -> None:
    assert "prefixes" not in sights(project.clone)
    project.clone.git("config", "gitflow.prefix.hotfix", "hotfix-")
    assert sight(project.clone, "prefixes") == ("ok", "hotfix- for new hotfix branches; also hotfix/", "")
    project.clone.git("config", "hotfix.prefix", "")
    says = "hotfix.prefix: '' can begin no branch name and is not used"
    assert sight(project.clone, "prefixes") == ("warn", says, "")
