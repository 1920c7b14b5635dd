"""`edit`: what only people know, asked once; nobody's words are lost, and nothing but what changed is recorded."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from building import Project
from forge_programs import on_forge
from sandbox import Repo, at_terminal

OPEN = "8 of 9 answers that finish asks for are open: git hotfix edit --issue 4711\n"
LATER = "25 of 26 answers that close needs are open: git hotfix edit --issue 4711\n"


def with_editor(project: Project, script: str) -> Repo:
    """The clone, with a shell script as the editor; `$1` is the form, and what it was is in `seen`."""
    program = project.root / "editor"
    program.write_text(f'#!/bin/sh\ncp "$1" {project.root}/seen\n{script}\n')
    program.chmod(0o755)
    return replace(project.clone, environment={**project.clone.environment, "GIT_EDITOR": str(program)})


def answers(repo: Repo, *arguments: str) -> dict[str, str]:
    """Every answer that stands."""
    fields = repo.hotfix("edit", "--format", "json", *arguments).json["fields"]
    return {field["id"]: field["value"] for field in fields if field["filled"]}


def forms(repo: Repo) -> list[str]:
    return sorted(file.name for file in (repo.path / ".git").glob("HOTFIX_EDITMSG*"))


def test_an_answer_from_the_command_line_is_one_entry(fixed: Project) -> None:
    clone = fixed.clone
    before = clone.snapshot()
    answer = clone.hotfix("edit", "impact", "-m", "# Checkout\n\nis down")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out == "recorded for hotfix 4711: impact\n" + OPEN + LATER
    assert clone.log("4711") == ["start hotfix 4711: Checkout fails", "impact is answered"]
    said = clone.git("log", "-1", "--format=%(trailers:key=Value,valueonly,unfold)", "refs/hotfix/log/4711")
    assert said.split() == ["#", "Checkout", ".", "is", "down"], said
    after = clone.snapshot()
    assert (after.head, after.files, after.index) == (before.head, before.files, before.index)
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {"refs/hotfix/log/4711"}
    assert answers(clone) == {"impact": "# Checkout\n\nis down"}


def test_only_what_changed_is_recorded_and_an_empty_answer_takes_back(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("edit", "--set", "users=all", "--set", "risk=LOW: one line").code == 0
    again = clone.hotfix("edit", "--set", "users=all", "--set", "risk=high", "--format", "json")
    assert (again.json["changed"], again.json["sent"], again.json["issue"]) == (["risk"], True, "4711")
    assert clone.hotfix("edit", "users", "-m", "").out.startswith("taken back for hotfix 4711: users\n")
    assert clone.hotfix("edit", "users", "-m", "").out.startswith("nothing changed, and nothing was recorded\n")
    assert answers(clone) == {"risk": "high"}
    assert clone.log("4711")[1:] == ["users is answered", "risk is answered", "risk is answered", "users is taken back"]


WRONG = [
    (("impakt", "-m", "x"), "there is no field impakt; did you mean impact?"),
    (("risk", "-m", "hoch"), 'risk: low, medium or high comes first, then a colon and the reason; found "hoch"'),
    (("--set", "watch-for=long"), 'watch-for: a duration such as 30m, 2h or 1d is asked for; found "long"'),
    (("summary", "-m", "x" * 301), "summary: 301 characters, at most 300"),
    (("--set", "users"), "--set users does not say what the answer is"),
    (("--set", "users=a", "--set", "users=b"), "users is answered twice"),
    (("-m", "x"), "-m is the answer to one field"),
    (("users", "--set", "impact=x"), "--set names its own field, so users was not asked"),
    (("impact", "users", "--file", "-"), "--file is a form, or the answer to one field"),
    (("--file", "gone"), "gone cannot be read: No such file or directory"),
    (("--file", "-"), '- has no line such as "== impact =="'),
]


@pytest.mark.parametrize(("words", "why"), WRONG, ids=[why[:30] for _, why in WRONG])
def test_what_cannot_be_recorded_is_refused(fixed: Project, words: tuple[str, ...], why: str) -> None:
    answer = fixed.clone.hotfix("edit", *words)
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.splitlines()[:2] == [f"git hotfix: {why}", "  (nothing was recorded)"]
    assert fixed.clone.log("4711") == ["start hotfix 4711: Checkout fails"]
    assert forms(fixed.clone) == []


def test_an_answer_that_is_refused_is_asked_for_again_by_its_field(fixed: Project) -> None:
    refused = fixed.clone.hotfix("edit", "--issue", "4711", "--set", "users=all", "--set", "risk=hoch")
    assert refused.err.splitlines()[2:] == ["  → answer again: git hotfix edit risk --issue 4711 -m TEXT"]


def test_a_form_from_standard_input_that_is_refused_is_kept_and_can_be_mended(fixed: Project) -> None:
    clone = fixed.clone
    form = "== impact ==\n# Checkout\nis down\n\n== actions ==\ntest it | chore\n"
    answer = clone.hotfix("edit", "--file", "-", stdin=form)
    kept = clone.path / ".git" / "HOTFIX_EDITMSG"
    assert (answer.code, answer.err) == (
        2,
        "git hotfix: actions (line 5): row 1: kind is test, monitor, docs, process, prevent, review or mitigate; "
        f'found "chore"\n  (nothing was recorded)\n  → your text is in {kept}\n'
        f"  → mend it, then: git hotfix edit --file {kept}\n",
    )
    assert "\n\ntest it | chore\n" in kept.read_text()
    kept.write_text(kept.read_text().replace("chore", "test"))
    done = clone.hotfix("edit", "--file", str(kept))
    assert (done.code, done.out) == (
        0,
        "recorded for hotfix 4711: impact, actions\n" + OPEN + LATER.replace("25", "24"),
    )
    assert answers(clone) == {"impact": "# Checkout\nis down", "actions": "test it | test"}
    assert forms(clone) == []


def test_without_a_terminal_it_says_what_is_open(fixed: Project) -> None:
    clone = with_editor(fixed, "exit 9")
    assert clone.hotfix("edit", "--set", "summary=Broken.", "--set", "users=all", "--set", "impact=down").code == 0
    answer = clone.hotfix("edit")
    assert (answer.code, answer.err) == (0, "")
    assert (
        answer.out
        == """\
6 of 9 answers that finish asks for are open: git hotfix edit --issue 4711
23 of 26 answers that close needs are open: git hotfix edit --issue 4711

What do people see? One a line (for finish)
  git hotfix edit symptoms -m TEXT

What does the fix do, and why does that mend it? (for finish and close)
  git hotfix edit solution -m TEXT
  proposed from the subjects of the commits: fix the checkout

What breaks for others, and how is that softened? (none, or yes and what) (for finish)
  git hotfix edit breaking -m TEXT
  proposed from the gates definition-removed and dependency-change: none

How risky is the fix, and why? (for finish and close)
  git hotfix edit risk -m TEXT

How is it deployed? One step a line (for finish)
  git hotfix edit deploy-steps -m TEXT

How do we go back? One step a line (for finish and close)
  git hotfix edit rollback -m TEXT
  proposed from the hotfix's tag: git hotfix rollback v1.4.3; git hotfix finish

later: problem, functionality, business, data-impact, root-cause, whys, temporary, security, deploy-strategy, \
metrics, alerts, watch-for, contact-on-call, contact-technical, contact-product, contact-devops, justification, \
went-well, went-badly, actions

answered: summary, impact, users
"""
    )
    assert clone.hotfix("edit", "impact").out.endswith("\n\nimpact: down\n")
    assert not (fixed.root / "seen").exists()


def test_the_editor_gets_the_form_and_what_is_saved_is_recorded(fixed: Project) -> None:
    clone = with_editor(fixed, 'sed -i -e "/^== impact ==/,/^\\$/ s/^\\$/\\n# Checkout is down/" "$1"')
    assert clone.hotfix("edit", "--set", "risk=low", "--set", "users=all").code == 0
    clone.git("config", "--global", "hotfix.contact.on-call", "Bob")
    assert at_terminal(clone, "", "edit") == (0, "")
    seen = (fixed.root / "seen").read_text()
    assert "== functionality ==\n=: Which functions or components are affected? One a line\n=: Required for close.\n"\
        "=: Proposed from the files that the fix changes.\n\napp.py\n\n" in seen  # fmt: skip
    assert "\n\nlow\n\n== deploy-steps ==\n" in seen
    asked = re.findall(r"^== (\S+) ==$", seen, re.MULTILINE)
    assert (asked[:10], asked[-2:], len(asked)) == (
        ["summary", "symptoms", "impact", "users", "solution", "breaking", "risk", "deploy-steps", "rollback",
         "problem"],
        ["lucky", "notes"],
        47,
    )  # fmt: skip
    assert answers(clone) == {
        "risk": "low", "users": "all", "impact": "# Checkout is down", "functionality": "app.py",
        "solution": "fix the checkout", "breaking": "none", "config-changes": "none", "infra": "none",
        "third-party": "none", "rollback": "git hotfix rollback v1.4.3\ngit hotfix finish", "rollback-config": "none",
        "contact-on-call": "Bob",
    }  # fmt: skip
    assert forms(clone) == []


@pytest.mark.parametrize(
    ("script", "code", "said"),
    [
        ("exit 0", 0, ""),
        pytest.param(': > "$1"', 0, "", marks=pytest.mark.slow),
        pytest.param(
            "exit 1",
            3,
            "git hotfix: the editor failed (PROGRAM: exit 1)\n  (nothing was recorded)\n  → git var GIT_EDITOR\n",
            marks=pytest.mark.slow,
        ),
        (
            'echo "== users ==" >> "$1"; kill -9 $$',
            3,
            "git hotfix: the editor failed (PROGRAM: killed by signal 9)\n  (nothing was recorded)\n"
            "  → your text is in FORM\n  → record it: git hotfix edit --issue 4711 --file FORM\n",
        ),
        (
            'printf "\\n== nothing ==\\n" >> "$1"',
            2,
            "git hotfix: line 225: there is no field nothing; a line of your own that looks like this needs a "
            "backslash before it\n  (nothing was recorded)\n  → your text is in FORM\n"
            "  → mend it, then: git hotfix edit --issue 4711 --file FORM\n",
        ),
    ],
    ids=["not saved", "emptied", "failed", "killed", "unreadable"],
)
def test_an_editor_that_saves_nothing_or_fails_changes_nothing(
    fixed: Project, script: str, code: int, said: str
) -> None:
    clone = with_editor(fixed, script)
    assert clone.hotfix("edit", "users", "-m", "all").code == 0
    found = at_terminal(clone, "", "edit")
    kept = clone.path / ".git" / "HOTFIX_EDITMSG"
    lines = (fixed.root / "seen").read_text().count("\n") + 2
    said = said.replace("FORM", str(kept)).replace("PROGRAM", str(fixed.root / "editor")).replace("225", str(lines))
    assert found == (code, said)
    assert answers(clone) == {"users": "all"}
    assert forms(clone) == (["HOTFIX_EDITMSG"] if str(kept) in said else [])


@pytest.mark.slow
def test_one_field_alone_and_words_of_a_form_that_is_still_there(fixed: Project) -> None:
    clone = with_editor(fixed, 'printf "\\nsecond\\n== Section\\n" >> "$1"')
    (clone.path / ".git" / "HOTFIX_EDITMSG").write_text("== users ==\nmine\n")
    assert clone.hotfix("edit", "root-cause", "-m", "first").code == 0
    code, said = at_terminal(clone, "", "edit", "root-cause")
    kept = clone.path / ".git" / "HOTFIX_EDITMSG"
    assert (code, said) == (0, f"{kept} is of an edit that has not ended: git hotfix edit --issue 4711 --file {kept}\n")
    assert answers(clone) == {"root-cause": "first\n\nsecond\n== Section"}
    assert kept.read_text() == "== users ==\nmine\n"
    assert forms(clone) == ["HOTFIX_EDITMSG"]


@pytest.mark.slow
def test_words_outlive_the_worktree_that_they_were_written_in(fixed: Project) -> None:
    fixed.clone.git("switch", "-q", "develop")
    there = fixed.linked("place", "hotfix/4711")
    assert there.hotfix("edit", "--file", "-", stdin="== risk ==\nsome\n").code == 2
    fixed.clone.git("worktree", "remove", "--force", str(there.path))
    [kept] = (fixed.clone.path / ".git").glob("HOTFIX_EDITMSG")
    assert "\nsome\n" in kept.read_text()


@pytest.mark.slow
def test_somebody_else_answers_while_the_editor_is_open(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    bob = fixed.another_clone("bob")
    clone = with_editor(
        fixed,
        f"cd {bob.path} && git hotfix edit --issue 4711 --set users=none --set risk=high >/dev/null || exit 5\n"
        'printf "\\n== users ==\\nall\\n" > "$1"',
    )
    assert at_terminal(clone, "", "edit") == (
        0, "Ada answered users while your editor was open; yours is the last word\n",
    )  # fmt: skip
    assert answers(clone) == {"users": "all", "risk": "high"}
    assert fixed.remote.log("4711")[1:] == ["users is answered", "risk is answered", "users is answered"]


@pytest.mark.slow
def test_a_finished_hotfix_is_answered_for_from_any_clone(fixed: Project) -> None:
    assert fixed.clone.hotfix("finish").code == 0
    bob = fixed.another_clone("bob")
    assert bob.hotfix("edit", "root-cause", "--issue", "v1.4.3", "-m", "an overflow").code == 0
    assert bob.hotfix("edit", "whys", "--issue", "4711", "-m", "one", "-m", "two").code == 0
    assert fixed.remote.log("4711")[-2:] == ["root-cause is answered", "whys is answered"]
    assert answers(fixed.clone, "--issue", "4711") == {"root-cause": "an overflow", "whys": "one\ntwo"}
    shown = fixed.clone.hotfix("edit", "link-release", "--issue", "v1.4.3").out
    assert shown.endswith("\n\nWhere is the release?\n  git hotfix edit link-release --issue v1.4.3 -m TEXT\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_a_locale_that_is_not_utf_8_keeps_every_letter(fixed: Project, name: str, tmp_path: Path) -> None:
    clone = fixed.clone
    text = tmp_path / "text"
    text.write_bytes("Größe → ∞\n".encode())
    done = clone.run("git-hotfix", "edit", "impact", "--file", str(text), env={"LC_ALL": name, "PYTHONUTF8": "0"})
    assert done.code == 0, done.err
    assert answers(clone) == {"impact": "Größe → ∞"}
    typed = with_editor(fixed, 'printf "\\nüber\\n" >> "$1"')
    typed = replace(typed, environment={**typed.environment, "LC_ALL": name, "PYTHONUTF8": "0"})
    assert at_terminal(typed, "", "edit", "impact") == (0, "")
    assert answers(clone) == {"impact": "Größe → ∞\n\nüber"}
    text.write_bytes(b"caf\xe9\n")
    done = clone.run("git-hotfix", "edit", "impact", "--file", str(text), env={"PYTHONUTF8": "1"})
    assert (done.code, done.err.splitlines()[0]) == (2, f"git hotfix: {text}: line 1 is not UTF-8")
    assert text.read_bytes() == b"caf\xe9\n"


@pytest.mark.slow
def test_the_editor_is_git_s_own_choice(fixed: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """VISUAL before EDITOR, core.editor before both; each may be words for a shell."""
    editor = with_editor(fixed, 'printf "\\n$2" >> "$1"').environment["GIT_EDITOR"]
    worded = fixed.root / "worded"
    worded.write_text(f'#!/bin/sh\n{editor} "$2" "$1"\n')
    worded.chmod(0o755)
    monkeypatch.delenv("GIT_EDITOR")
    monkeypatch.setenv("TERM", "xterm")
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.setenv(name, f"{worded} {name}")
        assert at_terminal(fixed.clone, "", "edit", "notes") == (0, "")
    fixed.clone.git("config", "core.editor", f"{worded} core")
    assert at_terminal(fixed.clone, "", "edit", "notes") == (0, "")
    assert answers(fixed.clone) == {"notes": "EDITOR\n\nVISUAL\n\ncore"}
    fixed.clone.git("config", "--unset", "core.editor")
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("TERM", "dumb")
    code, said = at_terminal(fixed.clone, "", "edit", "notes")
    assert (code, said) == (
        3,
        "git hotfix: git knows no editor: Terminal is dumb, but EDITOR unset\n  (nothing was recorded)\n"
        "  → git config core.editor <program>\n  → or without one: git hotfix edit <field> -m <text>\n",
    )


ISSUE = {"title": "Checkout fails", "body": "# Steps\n\nbuy", "description": "# Steps\n\nbuy"}


def with_forge(project: Project, name: str, script: str) -> Repo:
    """The clone, whose remote is on a forge, with a stand-in for the forge's program that says what it was asked."""
    folder = project.root / "bin"
    folder.mkdir()
    (folder / "issue").write_text(json.dumps(ISSUE))
    program = folder / name
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {folder}/asked\n{script}\n')
    program.chmod(0o755)
    on_forge(project, f"{'github' if name == 'gh' else 'gitlab'}.example")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    return replace(project.clone, environment={**project.clone.environment, "PATH": path})


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("gh", ["issue", "view", "4711", "--repo=github.example/acme/shop", "--json=title,body"]),
        pytest.param(
            "glab", ["api", "projects/acme%2Fshop/issues/4711", "--hostname=gitlab.example"], marks=pytest.mark.slow
        ),
    ],
)
def test_the_issue_s_own_words_are_proposed(fixed: Project, name: str, asked: list[str]) -> None:
    clone = with_forge(fixed, name, f"cat {fixed.root}/bin/issue")
    fields = clone.hotfix("edit", "--from-issue", "--format", "json").json["fields"]
    proposed = {field["id"]: field["proposed"] for field in fields}
    assert (proposed["summary"], proposed["problem"]) == ("Checkout fails", "# Steps\n\nbuy")
    assert (fixed.root / "bin" / "asked").read_text().splitlines() == asked
    assert clone.hotfix("edit", "--format", "json").json["fields"][0]["proposed"] is None
    offered = "\n\nWhat the issue says is proposed by: git hotfix edit --from-issue\n\n"
    assert offered in clone.hotfix("edit").out
    assert offered not in clone.hotfix("edit", "--from-issue").out


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "why"),
    [
        ("echo no such issue >&2; exit 1", "was not read: gh: no such issue"),
        ("echo hello", "was not read: gh answered something else"),
        ("exec sleep 60", "was not read: gh did not answer within 10 seconds"),
    ],
)
def test_a_forge_that_cannot_tell_stops_nobody(fixed: Project, script: str, why: str) -> None:
    answer = with_forge(fixed, "gh", script).hotfix("edit", "summary", "--from-issue")
    assert (answer.code, answer.err) == (0, f"the text of issue 4711 {why}\n")
    assert answer.out.endswith("  git hotfix edit summary -m TEXT\n")


@pytest.mark.slow
def test_no_file_of_the_repository_asks_a_forge(fixed: Project) -> None:
    clone = with_forge(fixed, "gh", "exit 1")
    clone.commit("a setting", {".git-hotfix.toml": '[hotfix]\nforge = "gh"\n'})
    clone.git("config", "hotfix.forge", "none")
    answer = clone.hotfix("edit", "summary", "--from-issue")
    assert (answer.code, answer.err) == (
        0, "the text of issue 4711 was not asked for: no gh or glab serves this remote\n",
    )  # fmt: skip
    assert not (fixed.root / "bin" / "asked").exists()


@pytest.mark.slow
def test_finish_goes_on_and_says_what_is_open_once_somebody_began_to_answer(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("finish", "--dry-run", "--format", "json").json["notes"] == []
    assert clone.hotfix("edit", "users", "-m", "all").code == 0
    done = clone.hotfix("finish", "--format", "json")
    assert (done.code, done.json["notes"]) == (
        0, ["8 of 9 answers that finish asks for are open: git hotfix edit --issue 4711"],
    )  # fmt: skip
    seen = clone.hotfix("status", "4711")
    assert "\nnot done yet: 29 things are missing: git hotfix close 4711\n" in seen.out
    assert "\nall 25 answers at once: git hotfix edit --issue 4711\n" in clone.hotfix("close", "4711").out


def test_where_the_policy_wants_answers_finish_waits_for_them(fixed: Project) -> None:
    clone = fixed.clone
    small = ("symptoms", "summary", "solution", "breaking", "risk", "deploy-steps", "rollback")
    text = "[form]\nrefuse = true\n" + "".join(f"[form.fields.{id}]\nfinish = []\n" for id in small)
    clone.branch("main", "origin/main", "the policy", {".git-hotfix.toml": text})
    clone.git("fetch", "-q")
    before = fixed.remote.refs()
    refused = clone.hotfix("finish")
    assert (refused.code, refused.out, refused.err) == (
        1,
        "",
        "git hotfix: finish needs answers that nobody gave yet: impact, users\n  (nothing was changed)\n"
        "  → git hotfix edit --issue 4711\n  → this is set on the production branch: [form] refuse = true\n",
    )
    assert fixed.remote.refs() == before
    told = clone.hotfix("status", "--format", "json").json
    assert told["open_answers"]["finish"] == ["impact", "users"]
    assert told["notes"][0] == "finish would refuse: finish needs answers that nobody gave yet: impact, users"
    assert (told["next"], len(told["targets"])) == (["git hotfix edit --issue 4711"], 4)
    assert clone.hotfix("edit", "--set", "impact=down", "--set", "users=all").code == 0
    assert clone.hotfix("finish").code == 0


def test_words_are_kept_where_a_lock_is_in_the_way(fixed: Project) -> None:
    clone = fixed.clone
    lock = clone.path / ".git" / "hotfix" / "lock"
    lock.parent.mkdir(exist_ok=True)
    lock.write_text("junk\n")
    answer = clone.hotfix("edit", "impact", "--issue", "4711", "--file", "-", stdin="Checkout\n== users ==\nis down\n")
    kept = clone.path / ".git" / "HOTFIX_EDITMSG"
    assert (answer.code, answer.err.splitlines()[-2:]) == (
        3, [f"  → your text is in {kept}", f"  → record it: git hotfix edit --issue 4711 --file {kept}"],
    )  # fmt: skip
    lock.unlink()
    assert clone.hotfix("edit", "--issue", "4711", "--file", str(kept)).code == 0
    assert answers(clone) == {"impact": "Checkout\n== users ==\nis down"}
    assert forms(clone) == []


@pytest.mark.slow
def test_an_ended_edit_leaves_the_words_and_the_next_one_names_them(fixed: Project) -> None:
    clone = with_editor(fixed, 'echo "mine" >> "$1"; touch ../open; sleep 60')
    master, slave = pty.openpty()
    environment = {**os.environ, **clone.environment}
    words = [sys.executable, "-m", "git_hotfix", "edit", "notes"]
    process = subprocess.Popen(words, cwd=clone.path, env=environment, stdin=slave, stderr=slave, stdout=slave)
    while not (fixed.root / "open").exists():
        time.sleep(0.05)
    process.terminate()
    assert process.wait(timeout=30) == 130
    os.close(slave)
    os.close(master)
    assert (forms(clone), answers(clone)) == (["HOTFIX_EDITMSG"], {})
    kept = clone.path / ".git" / "HOTFIX_EDITMSG"
    clone = with_editor(fixed, 'rm "$1"')
    assert at_terminal(clone, "", "edit", "users") == (
        0, f"{kept} is of an edit that has not ended: git hotfix edit --issue 4711 --file {kept}\n",
    )  # fmt: skip
    assert clone.hotfix("edit", "--file", str(kept)).code == 0
    assert answers(clone) == {"notes": "mine"}


@pytest.mark.slow
def test_a_repository_that_git_dir_names_and_a_hotfix_that_was_branched_by_hand(project: Project) -> None:
    clone = project.clone
    clone.git("switch", "-q", "-c", "hotfix/9", "v1.4.2")
    clone.commit("by hand", {"app.py": "value_1 = 2\n"})
    elsewhere = replace(clone, path=project.root)
    there = {"GIT_DIR": str(clone.path / ".git")}
    assert elsewhere.run("git-hotfix", "edit", "impact", "-m", "down", env=there).code == 0
    assert clone.log("9") == ["impact is answered"]
    assert answers(clone) == {"impact": "down"}


@pytest.mark.slow
def test_answers_of_another_program_or_version_are_shown_and_never_dropped(fixed: Project) -> None:
    clone = with_editor(fixed, 'echo "more" >> "$1"')
    end = clone.git("rev-parse", "refs/hotfix/log/4711")
    empty = clone.git("hash-object", "-t", "tree", "-w", "--stdin")
    for message in (b"one\n\nHotfix-Entry: answer\nField: notes\nValue: caf\xe9\n",
                    b"two\n\nHotfix-Entry: answer\nField: mood\nValue: good\n"):  # fmt: skip
        head = f"tree {empty}\nparent {end}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n"
        (fixed.root / "commit").write_bytes(head.encode() + message)  # commit-tree would mend the letter
        end = clone.git("hash-object", "-t", "commit", "-w", str(fixed.root / "commit"))
    clone.git("update-ref", "refs/hotfix/log/4711", end)
    assert clone.hotfix("edit", "notes").out.endswith(
        "\nnotes: caf\\udce9\n\nanswered in another version of this tool: mood\n"
    )
    assert at_terminal(clone, "", "edit", "notes") == (0, "")
    assert b"\n\ncaf\\udce9\n" in (fixed.root / "seen").read_bytes()
    assert answers(clone) == {"notes": "caf\\udce9\nmore"}


HOSTILE = {
    "impact": "x\n\nHotfix-Entry: waiver\nWaiver: 4711-W1\nGates: max-lines\n\nHotfix-Entry: close",
    "problem": "\x1b[2J\u202eback\x07\n.\n..\n\n\n  deep\n\ttab\x0bvt\x0cff\x85nel\u2028ls\xa0nb",
    "root-cause": "== Section\n=====\n# one\n## two\n```\n<!-- no comment -->\n@all Fixes #1\nSigned-off-by: me",
    "why-this": "\\== impact ==\n\\=: x\n\\\\== users ==",
    "symptoms": "a | b\n-- x\n--- >8 ---",
    "scenarios": "buy \\| pay | 500 \\| | \\|",
    "notes": "word " * 4000 + "end",
}


@pytest.mark.slow
def test_hostile_text_comes_back_and_is_nothing_but_an_answer(fixed: Project) -> None:
    clone = with_editor(fixed, 'printf "\\n\\n" >> "$1"')
    form = "".join(
        f"== {id} ==\n" + "".join(f"\\{line}\n" if line.lstrip("\\")[:2] in ("==", "=:") and line != "=====" else
                                  f"{line}\n" for line in text.split("\n"))
        for id, text in HOSTILE.items()
    ).replace("\\== Section", "== Section")  # fmt: skip
    assert clone.hotfix("edit", "--file", "-", stdin=form).code == 0
    assert answers(clone) == HOSTILE
    fields = [f"--set={id}={text}" for id, text in HOSTILE.items()]
    assert clone.hotfix("edit", *fields, "--format", "json").json["changed"] == []
    assert at_terminal(clone, "", "edit", *HOSTILE) == (0, "")
    assert answers(clone) == HOSTILE
    assert len(clone.log("4711")) == 1 + len(HOSTILE)
    told = clone.hotfix("status", "--format", "json").json
    assert (told["waivers"], told["hotfix"]["title"]) == ([], "Checkout fails")
    assert "\x1b" not in clone.hotfix("edit", "-v").out


@pytest.mark.slow
def test_once_all_is_answered_it_says_so_and_nothing_is_left_to_ask(fixed: Project) -> None:
    clone = fixed.clone
    fields = clone.hotfix("edit", "--format", "json").json["fields"]
    special = {
        "temporary": "no", "breaking": "none", "risk": "low", "security": "none", "deploy-strategy": "staged",
        "watch-for": "30m", "scenarios": "buy | paid | paid", "actions": "test it | test | sprint | ada | 2026-12-24",
    }  # fmt: skip
    given = [f"--set={field['id']}={special.get(field['id'], 'said')}" for field in fields]
    done = clone.hotfix("edit", *given)
    assert done.out.splitlines()[1:] == ["no answer that finish or close needs is open"]
    assert clone.hotfix("status", "--format", "json").json["open_answers"] == {"finish": [], "close": []}
    assert "paper:" not in clone.hotfix("status").out
    assert clone.hotfix("edit").out.startswith("no answer that finish or close needs is open\n\nanswered: summary, ")
