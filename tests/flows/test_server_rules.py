"""A server's rules for messages and names: its own words are reported, and the policy's settings answer them."""

from __future__ import annotations

import pytest
from building import FIX, TARGETS, Project

MESSAGES = """case $1 in refs/heads/*) ;; *) exit 0;; esac
for commit in $(git rev-list "$3" --not --branches); do
  git log -1 --format=%s "$commit" | grep -Eq '^(fix|chore): ' && continue
  printf 'GitLab: Commit message does not follow the pattern \033[1m^(fix|chore): \033[0m\n'; exit 1
done"""
NAMES = """case $1 in
refs/heads/develop) [ -n "$USER_OF_PUSH" ] && exit 0
  echo "GitLab: You are not allowed to push code to protected branches on this project."; exit 1;;
refs/heads/hotfix-to/*) echo "GitLab: Branch name ${1#refs/heads/} does not follow the pattern '^bugfix/'"; exit 1
esac"""
PROTECTED_TAG = "GitLab: You are not allowed to create this tag as it is protected."
SAID = {"ref": "refs/heads/main", "line": "GitLab: Commit message does not follow the pattern ^(fix|chore):"}


def policy(project: Project, text: str) -> None:
    """A colleague puts a policy on production, past the server's rules."""
    other = project.another_clone("policy")
    other.git("switch", "-q", "main")
    other.commit("chore: the policy", {".git-hotfix.toml": text})
    other.git("push", "-q")


def message(project: Project, commit: str) -> str:
    return project.remote.git("log", "-1", "--format=%B", commit)


def test_a_pattern_of_messages_is_told_in_the_servers_words_and_met_by_the_teams_templates(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    clone.git("commit", "-q", "--amend", "-m", "fix: the checkout")
    tip = clone.tip("HEAD")
    remote.hook("update", MESSAGES)
    refused = clone.hotfix("finish", "--format", "json")
    assert (refused.code, refused.json["server"]) == (4, [SAID])
    assert refused.json["advice"] == ["if it means the message of the merge: messages.merge in the policy on main"]
    assert refused.json["notes"] == ["main refused the push (hook declined); hotfix/4711 was pushed"]
    shown = clone.hotfix("finish").out
    assert "the server said of main:\n  remote: GitLab: Commit message does not" in shown
    assert "takes no direct push" not in shown

    policy(
        fixed, '[messages]\nmerge = "chore: {issue} into {target}\\n\\n{title}"\ntag = "chore: {tag} ({severity})"\n'
    )
    done = clone.hotfix("finish", "--format", "json")
    assert done.code == 0, done.err
    assert done.targets == dict.fromkeys(TARGETS, ("merge", "merged"))
    for branch in ("main", *TARGETS):
        assert message(fixed, branch) == f"chore: 4711 into {branch}\n\nCheckout fails\n\nHotfix-Issue: 4711\n"
    tag = remote.git("tag", "-l", "--format=%(contents)", "v1.4.3")
    assert tag.startswith("chore: v1.4.3 (P0)\n\nSeverity: P0\nBase: v1.4.2\n")
    assert f"\nHotfix-Tip: {tip}\n" in tag


@pytest.mark.slow
def test_a_rule_of_branch_names_is_met_by_the_prefix_of_pull_requests(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    remote.hook("update", NAMES)
    refused = clone.hotfix("finish", "--format", "json")
    [target] = [each for each in refused.json["targets"] if each["ref"] == "refs/heads/develop"]
    assert (refused.code, target["status"]) == (4, "failed")
    assert [each["line"].partition(" does")[0] for each in target["server"]] == [
        "GitLab: You are not allowed to push code to protected branches on this project.",
        "GitLab: Branch name hotfix-to/develop/4711",
    ]
    assert refused.json["advice"][0] == "a name that the server takes: backport.offer-prefix in the policy on main"

    policy(fixed, '[backport]\noffer-prefix = "bugfix/to-"\n')
    develop, offer = remote.tip("develop"), "bugfix/to-develop/4711"
    offered = clone.hotfix("backport", "4711", "--format", "json")
    assert offered.targets["develop"] == ("merge", "pending")
    assert remote.parents(offer) == [develop, clone.tip("hotfix/4711")]
    # Its branch is not a target of anybody's, whatever it is called.
    assert set(offered.targets) == set(TARGETS)
    forge = fixed.another_clone("forge")
    merged = forge.run("git", "push", "-q", "origin", f"origin/{offer}:develop", env={"USER_OF_PUSH": "forge"})
    assert merged.code == 0, merged.err
    done = clone.hotfix("backport", "4711", "--format", "json")
    assert (done.code, done.targets["develop"]) == (0, ("merge", "already"))
    assert set(remote.branches()) == {"main", *TARGETS, "feature/old"}


@pytest.mark.slow
def test_a_message_of_the_fix_itself_is_named_with_the_command_that_changes_it(fixed: Project) -> None:
    """The server refuses the hotfix branch for the same reason: both refusals are told."""
    clone, remote = fixed.clone, fixed.remote
    tip = clone.tip("HEAD")
    rule = MESSAGES.replace("Commit message does", "Commit message of '$commit' does").replace(
        "(fix|chore): ' &&", "Merge' &&"
    )
    remote.hook("update", rule)
    answer = clone.hotfix("finish")
    assert answer.code == 3
    said = answer.err[answer.err.index("git hotfix: ") :].splitlines()
    line = f"  remote: GitLab: Commit message of {tip} does not follow the pattern ^(fix|chore):"
    assert said == [
        "git hotfix: main refused the push: hook declined",
        line,
        "hotfix/4711, which a pull request would need, was refused, too: hook declined",
        line,
        "  (nothing was changed)",
        f"  → it means the fix's own {tip[:10]}; give it another message: git rebase -i v1.4.2",
        "  → see what the server says: git push origin hotfix/4711",
    ]


@pytest.mark.slow
def test_a_pull_request_that_stands_under_the_older_prefix_is_not_made_twice(fixed: Project) -> None:
    clone, remote = fixed.clone, fixed.remote
    policy(fixed, '[backport.branches."<develop>"]\ndeliver = "pull-request"\n')
    assert clone.hotfix("finish").code == 4
    other = fixed.at("policy")
    other.git("pull", "-q")
    text = '[backport]\noffer-prefix = "bugfix/to-"\n[backport.branches."<develop>"]\ndeliver = "pull-request"\n'
    other.commit("another prefix", {".git-hotfix.toml": text})
    other.git("push", "-q")
    again = clone.hotfix("backport", "4711", "--format", "json")
    assert again.targets["develop"] == ("merge", "pending")
    assert [name for name in remote.branches() if "/develop/" in name] == ["hotfix-to/develop/4711"]
    # Undo knows it, too.
    undone = clone.hotfix("undo", "4711", "--all", "--yes", "--format", "json")
    back = {each["ref"]: each["status"] for each in undone.json["refs"]}
    assert back["refs/heads/hotfix-to/develop/4711"] == "back"


@pytest.mark.slow
def test_a_rule_about_the_tag_is_no_reason_for_a_pull_request(fixed: Project) -> None:
    """A server that judges the push as a whole refuses all of it."""
    fixed.remote.hook("pre-receive", f"cat | grep -q refs/tags/ || exit 0\necho '{PROTECTED_TAG}'; exit 1")
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, fixed.clone.snapshot(), fixed.remote.refs()) == (3, before, there)
    assert f"  remote: {PROTECTED_TAG}\n" in answer.err


@pytest.mark.slow
def test_what_a_hook_refuses_by_the_hundred_lines_is_cut(fixed: Project) -> None:
    fixed.remote.hook("update", 'case $1 in refs/heads/develop) seq -f "line %g" 30; exit 1;; esac')
    answer = fixed.clone.hotfix("finish")
    lines = answer.out.splitlines()
    start = lines.index("the server said of develop:")
    assert lines[start + 20 : start + 22] == ["  remote: line 20", "  … 10 more lines"]
    assert fixed.remote.tree("main")["app.py"] == FIX
