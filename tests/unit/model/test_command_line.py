"""Commands that are shown can be pasted: whatever an issue is called, one word stays one word."""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import git_hotfix
from git_hotfix.commands import COMMANDS, parser_of
from git_hotfix.model.command_line import Placeholder, command_line, git_command

PRODUCT = Path(git_hotfix.__file__).parent
OURS = re.compile(r"git hotfix (?:[a-z-]+|<command>)(?: [a-z-]+)?(?: (?:--?[a-z-]*|[A-Z]+|<[a-z ]+>|…))*[ =]\Z")
"""The text before a value that stands among the words of a command of ours; a value that was there before is `…`."""
VERBS = (
    "add|branch|checkout|cherry-pick|diff|fetch|log|merge|pull|push|rebase|remote|reset|revert|show|switch|tag|worktree"
)
GIT = re.compile(rf"git (?:-C … )?(?:{VERBS})(?: [^\n;&|,()]*)?[ =:.'/]\Z")
"""The same for a command of git's own, of which ids and names of settings need no quotes."""
NAMES = re.compile(r"(?:.*\.)?(?:branch|name|remote|place|remote_name|production|develop|issue|tag|path)\Z")
"""An expression that holds what people chose the characters of."""


def test_words_that_no_shell_acts_on_stay_as_they_are() -> None:
    assert command_line("finish", "4711") == "git hotfix finish 4711"
    assert command_line("backport", "4711", dry_run=True, all=False) == "git hotfix backport 4711 --dry-run"
    assert command_line("start", "7", from_="v1.2.0") == "git hotfix start 7 --from v1.2.0"


def test_a_word_that_a_shell_would_act_on_is_quoted() -> None:
    assert command_line("finish", "a;b") == "git hotfix finish 'a;b'"
    assert command_line("edit", "cause", issue="it's$HOME") == """git hotfix edit cause --issue 'it'"'"'s$HOME'"""


def test_a_word_that_begins_with_a_dash_is_no_option() -> None:
    assert command_line("backport", "-x", to="--all") == "git hotfix backport --to=--all -- -x"
    assert command_line("mark", "smoke", issue="-7;x") == "git hotfix mark smoke --issue='-7;x'"


def test_a_word_that_a_person_replaces_is_shown_as_it_is() -> None:
    assert command_line("start", Placeholder("<issue>"), from_="v1;2") == "git hotfix start <issue> --from 'v1;2'"
    assert command_line("backport", "-x", skip="b", reason=Placeholder("…")) == (
        "git hotfix backport --skip b --reason … -- -x"
    )


def test_an_option_with_several_values_is_given_once_for_each() -> None:
    assert command_line("finish", "7", not_landed=["abc", "def"]) == (
        "git hotfix finish 7 --not-landed abc --not-landed def"
    )


def test_a_command_of_git_is_quoted_word_by_word() -> None:
    assert git_command("push", "my place", "v1:refs/heads/a;b") == "git push 'my place' 'v1:refs/heads/a;b'"


def test_what_is_shown_is_understood_again() -> None:
    issue = "-$(touch x);'\"7"
    words = shlex.split(command_line("backport", issue, skip="-b;c", reason="TEXT"))
    command = next(each for each in COMMANDS if each.name == words[2])
    read = parser_of(command).parse_args(words[3:])
    assert (read.hotfix, read.skip, read.reason) == (issue, ["-b;c"], "TEXT")


def test_no_command_that_is_shown_holds_a_value_that_is_not_quoted() -> None:
    found = [
        f"{path.relative_to(PRODUCT)}:{line}: {value}"
        for path in sorted(PRODUCT.rglob("*.py"))
        if re.search(rf"git (?:hotfix|-C|{VERBS}) ", text := path.read_text(encoding="utf-8"))
        for line, value in _unquoted(ast.parse(text))
    ]
    assert found == []


def test_a_value_that_is_not_quoted_is_found() -> None:
    source = (
        "f'go on: git hotfix finish {issue} --to {x}'\n'git hotfix undo ' + issue\nf'git hotfix log {shlex.quote(x)}'"
    )
    assert sorted(_unquoted(ast.parse(source))) == [(1, "issue"), (1, "x"), (2, "issue"), (3, "shlex.quote(x)")]
    assert list(_unquoted(ast.parse("f'git push {place} {tip[:9]}:{hotfix.branch}'"))) == [
        (1, "place"),
        (1, "hotfix.branch"),
    ]
    quoted = "f'git push {shlex.quote(place)}\\n{other}'\nf'{command_line(name, issue)}: {why}'"
    assert list(_unquoted(ast.parse(quoted))) == []


def _unquoted(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The line and the text of each value that is put into a command by hand: into one of ours any value, into one of
    git's a name. What quotes a single word does not see that it begins with a dash."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            before: object = ""
            for part in node.values:
                if isinstance(part, ast.Constant):
                    before = f"{before}{part.value}"
                elif isinstance(part, ast.FormattedValue):
                    value = ast.unparse(part.value)
                    bare = NAMES.match(value) and GIT.search(str(before))
                    if bare or OURS.search(str(before)):
                        yield node.lineno, value
                    before = f"{before}…"
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
            before = node.left.value if isinstance(node.left, ast.Constant) else ""
            if OURS.search(str(before)):
                yield node.lineno, ast.unparse(node.right)
