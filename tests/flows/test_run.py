"""`run`: a command of git config on the code that really stands there, recorded before it begins and when it ended."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from building import FIX, Project
from killing import running
from recorded import facts, lives, until
from sandbox import Repo

LOG = "refs/hotfix/log/4711"
POLICY = '[gates.evidence]\nrequire = ["smoke"]\n'


def setting(repo: Repo, name: str, command: str, **more: str) -> None:
    """A command of the user, and its settings."""
    repo.git("config", f"hotfix.run.{name}", command)
    for key, value in more.items():
        repo.git("config", f"hotfix.run.{name}.{key}", value)


def ran(repo: Repo, *arguments: str, code: int = 0) -> dict[str, Any]:
    """What JSON says of a run."""
    answer = repo.hotfix("run", *arguments, "--format", "json")
    assert answer.code == code, answer.err
    found: dict[str, Any] = answer.json["run"]
    return found


def test_a_passed_run_names_its_tree_and_is_recorded_here_and_there(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "--no-verify", "origin", "hotfix/4711")
    setting(clone, "smoke", "env | grep ^HOTFIX_ | sort; echo wrong >&2")
    before, tree = clone.snapshot(), clone.git("rev-parse", "HEAD^{tree}")
    answer = clone.hotfix("run", "smoke")
    assert answer.code == 0
    assert answer.out.splitlines() == [
        "HOTFIX_BASE_TAG=v1.4.2", f"HOTFIX_COMMIT={clone.tip('HEAD')}", "HOTFIX_ISSUE=4711",
        "HOTFIX_ROLLBACK_TAG=v1.4.2", "HOTFIX_TAG=", f"HOTFIX_TREE={tree}",
    ]  # fmt: skip
    wrong, end = answer.err.splitlines()
    assert wrong == "wrong"
    assert re.fullmatch(rf"smoke passed after \d+\.\d s, on {clone.tip('HEAD')[:10]}; recorded", end)
    assert clone.log("4711")[-2:] == ["run smoke: has begun", "run smoke: passed"]
    assert fixed.remote.log("4711") == clone.log("4711")
    ended, begun = facts(clone), facts(clone, f"{LOG}^")
    assert begun == {
        "Hotfix-Entry": "evidence", "Run": "smoke", "Commit": clone.tip("HEAD"), "Tree": tree,
        "Started": ended["Started"], "State": "running",
    }  # fmt: skip
    size = len(answer.out) + len("wrong\n")
    assert re.fullmatch(rf"sha256:[0-9a-f]{{64}} {size}", ended.pop("Output"))
    assert float(ended.pop("Seconds")) < 60
    assert ended == {**begun, "State": "passed", "Exit": "0"}
    after = clone.snapshot()
    assert (after.files, after.index, after.head) == (before.files, before.index, before.head)
    assert not list((clone.path / ".git" / "hotfix").iterdir())
    assert not list(fixed.private_git_dir.iterdir())


def test_json_alone_is_on_stdout_and_what_the_command_says_is_not(fixed: Project) -> None:
    setting(fixed.clone, "smoke", "printf 'all of it'")
    answer = fixed.clone.hotfix("run", "smoke", "--format", "json")
    body = answer.json["run"]
    assert answer.err.startswith("all of it")
    assert body.pop("started") > 0
    assert body.pop("seconds") < 60
    assert body == {
        "name": "smoke", "state": "passed", "exit": 0, "tree": fixed.clone.git("rev-parse", "HEAD^{tree}"),
        "commit": fixed.clone.tip("HEAD"), "counts_for_gate": True, "why_not": None, "tests": None,
        "output": {"sha256": hashlib.sha256(b"all of it").hexdigest(), "bytes": 9, "kept": False},
        "entry": fixed.clone.tip(LOG),
    }  # fmt: skip


def test_what_is_not_committed_has_its_own_tree_and_counts_for_nothing(fixed: Project) -> None:
    clone = fixed.clone
    setting(clone, "smoke", "true")
    (clone.path / "app.py").write_text(FIX + "more = 1\n")
    (clone.path / "new.py").write_text("new = 1\n")
    before = clone.snapshot()
    answer = clone.hotfix("run", "smoke")
    assert answer.err.splitlines()[:2] == [
        f"2 files are not committed in {clone.path}: this run has its own tree, and counts for nothing at the gate",
        "  → commit or ignore them, or run on what is committed: git hotfix run smoke --clean",
    ]
    assert answer.err.splitlines()[-1] == "it does not count at the gate: 2 files were not committed"
    after = clone.snapshot()
    assert (after.files, after.index) == (before.files, before.index)
    made = facts(clone)["Tree"]
    assert clone.git("cat-file", "-t", made, check=False) == ""  # its content is nobody's but the user's
    clean = ran(clone, "smoke", "--clean")
    assert (clean["counts_for_gate"], clean["tree"]) == (True, clone.git("rev-parse", "HEAD^{tree}"))
    clone.git("add", "-A")
    clone.git("commit", "-q", "-m", "all of it")
    assert clone.git("rev-parse", "HEAD^{tree}") == made
    states = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert states["smoke"] == "open"


@pytest.mark.parametrize(
    "hide",
    [
        ("update-index", "--assume-unchanged", "app.py"),
        ("update-index", "--skip-worktree", "app.py"),
        pytest.param(("config", "hotfix.run.smoke.junit", "**/*.py"), marks=pytest.mark.slow),
    ],
    ids=" ".join,
)
def test_a_change_that_git_does_not_look_at_is_no_committed_code(fixed: Project, hide: tuple[str, ...]) -> None:
    clone = fixed.clone
    setting(clone, "smoke", "grep -c more app.py")
    clone.git(*hide)
    assert ran(clone, "smoke", code=1)["why_not"] == "it failed"
    (clone.path / "app.py").write_text(FIX + "more = 1\n")
    before = clone.snapshot().index
    body = ran(clone, "smoke")
    assert clone.snapshot().index == before
    assert (body["counts_for_gate"], body["why_not"]) == (False, "1 file was not committed")
    clone.git("update-index", "--no-skip-worktree", "app.py")
    clone.git("update-index", "--no-assume-unchanged", "app.py")
    clone.git("commit", "-qam", "all of it")
    assert clone.git("rev-parse", "HEAD^{tree}") == body["tree"]


def test_a_run_during_which_files_changed_does_not_count(fixed: Project) -> None:
    setting(fixed.clone, "smoke", "echo more >> app.py; echo beside > left-by-a-test.txt")
    assert ran(fixed.clone, "smoke")["why_not"] == "files changed while it ran"
    assert facts(fixed.clone)["Uncounted"] == "files changed while it ran"


def test_a_run_that_takes_its_directory_away_has_ended_all_the_same(fixed: Project) -> None:
    setting(fixed.clone, "smoke", 'rm -rf "$PWD"')
    body = ran(fixed.clone, "smoke", "--clean")
    assert (body["state"], body["why_not"]) == ("passed", "what it ran on cannot be read any more")
    assert fixed.clone.log("4711")[-1] == "run smoke: passed"


def test_how_it_ended_is_the_exit_code(fixed: Project) -> None:
    clone = fixed.clone
    for name, command in {"fails": "exit 3", "gone": "no-such-command", "killed": "kill -9 $$"}.items():
        setting(clone, name, command)
    failed = clone.hotfix("run", "fails")
    assert (failed.code, failed.err.split(" after ")[0]) == (1, "fails failed (exit 3)")
    gone = clone.hotfix("run", "gone")
    assert gone.code == 3
    assert "gone could not be started (exit 127)" in gone.err
    assert ran(clone, "killed", code=1)["exit"] == -9
    assert facts(clone)["State"] == "failed"


def test_a_name_that_is_not_configured_lists_those_that_are(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("run").out.splitlines() == [
        "git config names no command to run", "  → git config hotfix.run.smoke 'pytest -m smoke'",
    ]  # fmt: skip
    setting(clone, "smoke", "true", timeout="2m")
    clone.git("config", "hotfix.run.Deploy.command", "./deploy")
    assert [line.split() for line in clone.hotfix("run").out.splitlines()] == [
        ["name", "time", "limit", "command"], ["Deploy", "1800", "s", "./deploy"], ["smoke", "120", "s", "true"],
    ]  # fmt: skip
    end = clone.tip(LOG)
    answer = clone.hotfix("run", "smok")
    assert (answer.code, answer.err.splitlines()) == (2, [
        "git hotfix: git config names no command smok to run; did you mean smoke?",
        "  (nothing was run or recorded)", "  → commands: Deploy, smoke",
        "  → set it: git config hotfix.run.smok 'COMMAND'",
    ])  # fmt: skip
    clone.git("config", "hotfix.run.smoke.timeout", "soon")
    wrong = clone.hotfix("run", "smoke")
    assert (wrong.code, wrong.err.splitlines()[0]) == (
        2, "git hotfix: hotfix.run.smoke.timeout is 'soon', not a time",
    )  # fmt: skip
    assert clone.tip(LOG) == end


def test_where_several_could_be_meant_the_command_is_shown_with_each(fixed: Project) -> None:
    clone = fixed.clone
    setting(clone, "smoke", "true")
    assert clone.hotfix("start", "5").code == 0
    clone.git("switch", "-q", "develop")
    answer = clone.hotfix("run", "smoke", "--clean")
    assert (answer.code, answer.err.splitlines()) == (2, [
        "git hotfix: which hotfix? You are on develop", "  (nothing was changed)",
        "  → git hotfix run smoke --clean --issue 4711", "  → git hotfix run smoke --clean --issue 5",
    ])  # fmt: skip


def test_two_runs_at_once_are_both_recorded(fixed: Project) -> None:
    clone, file = fixed.clone, fixed.root / "pids"
    begin(clone, file)
    setting(clone, "smoke", "true")
    with running(clone, "run", "slow") as process:
        until(file.exists)
        assert ran(clone, "smoke")["state"] == "passed"
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert clone.log("4711")[-4:] == [
        "run slow: has begun", "run smoke: has begun", "run smoke: passed", "run slow: interrupted",
    ]  # fmt: skip


def test_no_file_of_the_repository_names_a_command(fixed: Project) -> None:
    clone, marker = fixed.clone, fixed.root / "was-run"
    text = f'[hotfix "run"]\n\tsmoke = touch {marker}\n[hotfix "on"]\n\tfinish = smoke\n'
    files = {".gitconfig": text, ".git-hotfix.toml": f'[run]\nsmoke = "touch {marker}"\n', ".gitmodules": text}
    clone.commit("try it", dict(files))
    assert clone.hotfix("run", "smoke").code == 2
    assert not marker.exists()


def test_its_time_runs_out_for_all_that_it_started(fixed: Project) -> None:
    clone, file = fixed.clone, fixed.root / "pids"
    setting(clone, "slow", f"sleep 300 & echo $! > {file}; echo $$ >> {file}; sleep 300", timeout="1s")
    answer = clone.hotfix("run", "slow")
    assert (answer.code, answer.err.split(" after ")[0]) == (1, "slow did not end in time, and was ended")
    assert [pid for pid in map(int, file.read_text().split()) if lives(pid)] == []
    assert facts(clone)["State"] == "timed-out"


@pytest.mark.slow
def test_what_does_not_listen_is_killed_after_ten_seconds(fixed: Project) -> None:
    clone = fixed.clone
    setting(clone, "deaf", "trap '' TERM; while :; do sleep 0.1; done", timeout="1")
    began = time.monotonic()
    body = ran(clone, "deaf", code=1)
    assert (body["state"], body["exit"]) == ("timed-out", -9)
    assert 11 <= time.monotonic() - began < 20


def begin(clone: Repo, file: Path, name: str = "slow") -> None:
    """A command that runs for long, and writes down the processes that it is."""
    setting(clone, name, f"sleep 300 & echo $! > {file}.new; echo $$ >> {file}.new; mv {file}.new {file}; sleep 300")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so(fixed: Project, number: signal.Signals) -> None:
    clone, file = fixed.clone, fixed.root / "pids"
    begin(clone, file)
    with running(clone, "run", "slow") as process:
        until(file.exists)
        process.send_signal(number)
        assert process.wait(timeout=30) == 130
    assert [pid for pid in map(int, file.read_text().split()) if lives(pid)] == []
    assert clone.log("4711")[-1] == "run slow: interrupted"
    assert "evidence: run slow: interrupted" in clone.hotfix("status").out


def test_a_killed_run_leaves_a_gap_and_nothing_else(fixed: Project) -> None:
    clone, file = fixed.clone, fixed.root / "pids"
    begin(clone, file)
    with running(clone, "run", "slow", "--clean"):
        until(file.exists)
    until(lambda: not any(lives(pid) for pid in map(int, file.read_text().split())))
    assert facts(clone)["State"] == "running"
    assert "evidence: run slow: has begun" in clone.hotfix("status").out
    left = [file.name for file in fixed.private_git_dir.iterdir()]
    assert left
    assert clone.git("worktree", "list").count("\n") == 0
    said = clone.hotfix("doctor").out
    assert "removed what a killed run left" in said
    assert not list(fixed.private_git_dir.iterdir())
    assert not list((clone.path / ".git" / "hotfix").iterdir())


def test_production_waits_for_a_required_run_on_just_this_code(fixed: Project) -> None:
    clone = fixed.clone
    clone.branch("main", "origin/main", "the policy", {".git-hotfix.toml": POLICY})
    setting(clone, "smoke", "test ! -e broken")

    def evidence() -> str:
        gates = clone.hotfix("check", "--format", "json").json["gates"]
        [found] = [each for each in gates if each["id"] == "evidence"]
        return f"{found['status']}: {' '.join(each['message'] for each in found['findings'])}".strip(": ")

    assert clone.hotfix("finish", "--yes").code == 1
    assert evidence() == "warn: smoke was never run"
    (clone.path / ".git" / "info" / "exclude").write_text("broken\n")
    (clone.path / "broken").touch()
    assert clone.hotfix("run", "smoke").code == 1
    assert evidence() == "warn: smoke failed on this code"
    (clone.path / "broken").unlink()
    assert clone.hotfix("run", "smoke").code == 0
    assert evidence() == "pass"
    boxes = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert (boxes["smoke"], boxes["tests-pass"]) == ("done", "done")
    clone.commit("once more", {"app.py": FIX + "more = 1\n"})
    assert evidence() == "warn: smoke was run on older code only"
    refused = clone.hotfix("finish", "--yes")
    assert refused.code == 1
    assert "git hotfix run smoke" in refused.out
    assert clone.hotfix("run", "smoke").code == 0
    assert clone.hotfix("finish", "--yes").code == 0


def test_a_finished_hotfix_is_deployed_from_its_tag_wherever_one_stands(fixed: Project) -> None:
    clone = fixed.clone
    clone.branch("main", "origin/main", "beside it", {"other.txt": "other\n"})
    setting(clone, "deploy", "echo $HOTFIX_TAG $HOTFIX_COMMIT; git describe --tags; cat app.py | sed -n 15p")
    assert clone.hotfix("finish", "--yes").code == 0
    clone.git("switch", "-q", "develop")
    tagged = clone.tip("v1.4.3")
    answer = clone.hotfix("run", "deploy")
    assert answer.out.splitlines() == [f"v1.4.3 {tagged}", "v1.4.3", 'value_15 = "fifteen"']
    assert "deploy runs on v1.4.3, in a checkout of its own" in answer.err
    assert facts(clone)["Tree"] == clone.git("rev-parse", "v1.4.3^{tree}")
    boxes = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert boxes["deployed"] == "done"
    assert fixed.remote.log("4711")[-1] == "run deploy: passed"
    again = fixed.another_clone("other").hotfix("status", "v1.4.3").out
    assert "evidence: run deploy: passed\n" in again
    assert not list(fixed.private_git_dir.iterdir())


def test_another_command_begins_a_run_once_when_it_has_succeeded(fixed: Project) -> None:
    clone = fixed.clone
    setting(clone, "deploy", "echo deploys $HOTFIX_TAG")
    setting(clone, "broken", "exit 1")
    clone.git("config", "hotfix.on.finish", "broken deploy missing")
    dry = clone.hotfix("finish", "--dry-run")
    assert "deploys" not in dry.err
    answer = clone.hotfix("finish", "--yes", "--format", "json")
    assert answer.code == 0
    assert answer.json["tag"]["name"] == "v1.4.3"
    said = answer.err.splitlines()
    assert "deploys v1.4.3" in said
    assert "this changes nothing of the finish, which is done" in said
    assert "missing was not run on finish: git config names no command missing to run" in said
    assert facts(clone)["On"] == "finish"
    assert clone.log("4711")[-4:] == [
        "run broken: has begun", "run broken: failed", "run deploy: has begun", "run deploy: passed",
    ]  # fmt: skip
    clone.git("config", "hotfix.on.start", "deploy")
    started = clone.hotfix("start", "5")
    assert started.code == 0
    assert "deploys" in started.err


JUNIT = """<testsuites><testsuite><testcase classname="a" name="one"/><testcase classname="a" name="two"><failure/>
</testcase><testcase classname="a" name="three"><skipped/></testcase><testcase name="four"><error/></testcase>
</testsuite></testsuites>"""


def test_tests_are_counted_where_a_report_was_written_since_it_began(fixed: Project) -> None:
    clone = fixed.clone
    (clone.path / ".git" / "info" / "exclude").write_text("given.xml\n")
    (clone.path / "given.xml").write_text(JUNIT)
    os.utime(clone.path / "given.xml", (1, 1))
    setting(clone, "unit", "mkdir -p out; cat given.xml > out/report.xml; exit 1", junit="out/*.xml")
    body = ran(clone, "unit", code=1)
    assert body["tests"] == {"passed": 1, "failed": 1, "errors": 1, "skipped": 1}
    assert facts(clone)["Tests"] == "1 passed, 1 failed, 1 error, 1 skipped"
    setting(clone, "old", "true", junit="given.xml")
    clone.git("config", "hotfix.run.old.junit", "out/report.xml")
    os.utime(clone.path / "out" / "report.xml", (1, 1))
    again = ran(clone, "old")
    assert (again["tests"], again["counts_for_gate"]) == (None, True)  # the report itself is no change


@pytest.mark.slow
def test_what_it_left_behind_may_talk_on(fixed: Project) -> None:
    setting(fixed.clone, "smoke", "yes & exit 0", timeout="20s")
    answer = fixed.clone.hotfix("run", "smoke", "--format", "json")
    assert answer.json["run"]["state"] == "passed"
    assert answer.json["run"]["seconds"] < 10


def test_it_runs_where_nobody_listens(fixed: Project) -> None:
    setting(fixed.clone, "smoke", "cat; echo done")
    line = f"{sys.executable} -m git_hotfix run smoke <&- >&- 2>&-"
    assert fixed.clone.run("sh", "-c", line).code == 0
    assert fixed.clone.log("4711")[-1] == "run smoke: passed"
    digest = hashlib.sha256(b"done\n").hexdigest()
    assert facts(fixed.clone)["Output"] == f"sha256:{digest} 5"


def test_output_is_kept_only_where_the_user_says_so(fixed: Project) -> None:
    clone = fixed.clone
    command = "seq 1 20000; echo https://ada:secret@example.org/x; printf '\\033[1mT: %s\\033[0m\\n' $MY_TOKEN"
    setting(clone, "smoke", command)
    assert clone.hotfix("run", "smoke").code == 0
    assert clone.git("ls-tree", LOG) == ""
    clone.git("config", "hotfix.run.smoke.output", "keep")
    assert clone.hotfix("run", "smoke", env={"MY_TOKEN": "t0ken-value"}).code == 0
    kept = clone.git("show", f"{LOG}:output.txt").splitlines()
    whole = [*map(str, range(1, 20_001)), "https://example.org/x", "T: ***"]
    assert 60_000 < len("\n".join(kept)) < 64 * 1024
    assert kept == whole[-len(kept) :]


def test_output_passes_through_as_it_comes(fixed: Project) -> None:
    clone, file = fixed.clone, fixed.root / "go"
    setting(clone, "slow", f"printf one; while [ ! -e {file} ]; do sleep 0.05; done; printf two")
    words = [sys.executable, "-m", "git_hotfix", "run", "slow"]
    with subprocess.Popen(
        words, cwd=clone.path, env={**os.environ, **clone.environment}, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stdout.read(3) == b"one"
        file.touch()
        assert process.stdout.read() == b"two"
    assert process.returncode == 0


def test_on_a_terminal_the_command_has_one_to_write_to_and_none_to_read(fixed: Project) -> None:
    clone = fixed.clone
    setting(clone, "smoke", "test -t 1 && test -t 2 && echo coloured; read -r line || echo nobody to ask")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "git_hotfix", "run", "smoke"]
    process = subprocess.Popen(
        words, cwd=clone.path, env={**os.environ, **clone.environment}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    with contextlib.suppress(OSError):
        while select.select([ours], [], [], 60)[0] and (piece := os.read(ours, 65536)):
            said += piece
    os.close(ours)
    assert process.wait(timeout=60) == 0
    assert said.decode().splitlines()[:2] == ["coloured", "nobody to ask"]


def test_a_checkout_of_its_own_is_built_carries_what_is_named_and_leaves_the_repository_alone(fixed: Project) -> None:
    clone = fixed.clone
    (clone.path / ".git" / "info" / "exclude").write_text("local/\nsecret.env\n")
    (clone.path / "local").mkdir()
    (clone.path / "local" / "settings").write_text("mine\n")
    (clone.path / "secret.env").write_text("secret\n")
    script = "cat local/settings built; ls -a; git commit -q --allow-empty -m x; git tag y; git config a.b c"
    setting(clone, "smoke", script, prepare="echo built > built", carry="local/")
    clone.hook("post-checkout", "echo a hook ran")
    clone.hook("pre-commit", "echo a hook ran")
    before = clone.snapshot()
    answer = clone.hotfix("run", "smoke", "--clean")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[:2] == ["mine", "built"]
    assert set(lines[2:]) == {".", "..", ".git", "README.md", "VERSION", "app.py", "built", "local"}
    after = clone.snapshot()
    changed = {ref for ref in {*before.refs, *after.refs} if before.refs.get(ref) != after.refs.get(ref)}
    assert (changed, after.files, after.config) == ({LOG}, before.files, before.config)
    setting(clone, "other", "true", prepare="exit 4")
    refused = clone.hotfix("run", "other", "--clean")
    assert (refused.code, refused.err.splitlines()[1:3]) == (3, [
        "git hotfix: hotfix.run.other.prepare failed (exit 4)", "  (other was not run, and nothing was recorded)",
    ])  # fmt: skip


def test_others_work_here_while_a_command_runs(fixed: Project) -> None:
    clone, file = fixed.clone, fixed.root / "pids"
    begin(clone, file)
    with running(clone, "run", "slow") as process:
        until(file.exists)
        assert clone.hotfix("mark", "acknowledged").code == 0
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert clone.log("4711")[-3:] == [
        "run slow: has begun", "acknowledged: somebody took it on", "run slow: interrupted",
    ]  # fmt: skip
