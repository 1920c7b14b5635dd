"""What a refusal is about, by the words of servers, and whose line is whose."""

from __future__ import annotations

import pytest

from git_hotfix.git.remote import server_words
from git_hotfix.model.names import RefName
from git_hotfix.report.server_words import lines_about, rule_of

MAIN, DEVELOP = RefName("refs/heads/main"), RefName("refs/heads/develop")


@pytest.mark.parametrize(
    ("rule", "lines"),
    [
        ("linear", ["error: GH006: Protected branch update failed for refs/heads/main.",
                    "error: This branch must not contain merge commits."]),
        ("linear", ["error: GH013: Repository rule violations found for refs/heads/main.",
                    "- This branch must not contain merge commits."]),
        ("message", ["GitLab: Commit message does not follow the pattern '^(feat|fix): '"]),
        ("message", ["error: GH013: Repository rule violations found for refs/heads/main.",
                     "- Commit message must match a given regex pattern: ^fix"]),
        ("name", ["GitLab: Branch name does not follow the pattern '^(main|develop)$'"]),
        ("name", ["- Cannot create ref due to creations being restricted."]),
        ("tag", ["GitLab: You are not allowed to create this tag as it is protected."]),
        ("protected", ["error: GH006: Protected branch update failed for refs/heads/main.",
                       "error: Changes must be made through a pull request."]),
        ("protected", ["GitLab: You are not allowed to push code to protected branches on this project."]),
        ("protected", ["TF402455: Pushes to this branch are not permitted; you must use a pull request."]),
        ("protected", ["Gitea: Not allowed to push to protected branch main"]),
        ("unknown", ["no deployments on a Friday"]),
        ("unknown", []),
    ],
)  # fmt: skip
def test_the_rule_is_known_by_the_words_of_the_server(rule: str, lines: list[str]) -> None:
    assert rule_of(lines) == rule


def test_a_line_that_names_another_reference_of_the_push_is_that_ones() -> None:
    words = "\n".join([
        "refs/heads/main: closed", "GH006: failed for refs/heads/develop.", "ask the admin",
        "error: hook declined to update refs/heads/main",
    ])  # fmt: skip
    assert lines_about(words, MAIN, [MAIN, DEVELOP]) == ("refs/heads/main: closed", "ask the admin")
    assert lines_about(words, DEVELOP, [MAIN, DEVELOP]) == ("GH006: failed for refs/heads/develop.", "ask the admin")
    # A longer name is another one.
    assert lines_about("develop-2 is closed", DEVELOP, [DEVELOP, RefName("refs/heads/develop-2")]) == ()


def test_what_the_server_says_commands_no_terminal_and_shows_no_token() -> None:
    token = "glpat-" + "a1b2c3d4e5f6g7h8i9j0"
    err = (
        "remote: \x1b[31mno\x1b[0m\x07 \x1b]0;title\x07way   \r\nremote:\nsome word of git's own\n"
        f"remote: used {token}, see https://git.example/x?private_token=s3cr3t&page=2\n"
    )
    assert server_words(err) == "no way\nused …, see https://git.example/x?private_token=…&page=2"
