"""`monitor`: production is watched by commands of git config, and only success that was seen is success."""

from __future__ import annotations

import json
import os
import pty
import random
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
SHORT = ("--for", "0.4s", "--every", "0.1s")


@pytest.fixture
def finished(fixed: Project) -> Project:
    """v1.4.3 is on production, and somebody said that it runs there."""
    assert fixed.clone.hotfix("finish").code == 0
    assert fixed.clone.hotfix("mark", "deployed", "--issue", "4711").code == 0
    return fixed


def monitor(repo: Repo, name: str, command: str, **more: str) -> None:
    """Something to watch, and its settings."""
    repo.git("config", f"hotfix.monitor.{name}", command)
    for key, value in more.items():
        repo.git("config", f"hotfix.monitor.{name}.{key.replace('_', '-')}", value)


def watched(repo: Repo, *words: str, code: int) -> dict[str, Any]:
    """What JSON says of one watch."""
    answer = repo.hotfix("monitor", *words, "--issue", "4711", "--format", "json")
    assert answer.code == code, answer.err
    found: dict[str, Any] = answer.json["monitor"]
    return found


def boxes(repo: Repo, *names: str) -> dict[str, str]:
    """Box → state."""
    rows = repo.hotfix("mark", "--issue", "4711", "--format", "json").json["boxes"]
    return {each["id"]: each["state"] for each in rows if each["id"] in names}


ABOUT = ("monitoring", "healthy", "stable", "watch-errors", "watch-performance")


def test_a_watch_that_passed_is_recorded_with_every_measurement_and_ticks_its_boxes(finished: Project) -> None:
    clone = finished.clone
    monitor(clone, "errors", "echo noise >&2; echo of 20; echo 3", max="10", min="1%")
    assert boxes(clone, *ABOUT) == dict.fromkeys(ABOUT, "open")
    before = clone.snapshot()
    answer = clone.hotfix("monitor", "errors", *SHORT, "--issue", "4711")
    assert answer.code == 0, answer.err
    assert re.fullmatch(r"errors passed after \d+ s: \d+ ok, number 3; recorded\n", answer.out)
    assert answer.err.splitlines()[0] == "watching errors for 0 s; the way back: git hotfix rollback v1.4.3"
    assert clone.log("4711")[-2:] == ["monitor errors: has begun", "monitor errors: passed"]
    assert finished.remote.log("4711") == clone.log("4711")
    begun, ended = facts(clone, f"{LOG}^"), facts(clone)
    assert begun == {
        "Hotfix-Entry": "evidence", "Monitor": "errors", "Commit": clone.tip("v1.4.3"),
        "Tree": clone.git("rev-parse", "v1.4.3^{tree}"), "For": "0.4", "Started": begun["Started"], "State": "running",
    }  # fmt: skip
    assert float(ended.pop("Seconds")) >= 0.4
    looks = json.loads(clone.git("show", f"{LOG}:looks.json"))
    assert {(each["value"], each["state"], each["cause"]) for each in looks} == {(3.0, "ok", None)}
    assert ended == {
        **begun, "State": "passed", "Looks": f"{len(looks)} ok, number 3",
        "Why": f"right until its time was over, {len(looks)} looks",
    }  # fmt: skip
    after = clone.snapshot()
    assert (after.files, after.index, after.head) == (before.files, before.index, before.head)
    done = {"monitoring": "done", "healthy": "done", "stable": "done", "watch-errors": "done"}
    assert boxes(clone, *ABOUT) == {**done, "watch-performance": "open"}
    assert f"watched errors: passed, {len(looks)} ok, number 3, " in clone.hotfix("report", "4711").out
    assert "no watch of production" not in clone.hotfix("close", "4711").out


def test_one_failure_ends_all_at_once_and_the_printed_command_rolls_back(finished: Project) -> None:
    clone, steps = finished.clone, finished.root / "steps"
    steps.write_text("0")
    monitor(clone, "errors", f'n=$(cat "{steps}"); echo $((n+1)) >"{steps}"; echo $((n*6))', max="10")
    monitor(clone, "health", "true")
    began = time.monotonic()
    answer = clone.hotfix("monitor", "--for", "60s", "--every", "0.2s", "--issue", "4711")
    assert answer.code == 1
    assert time.monotonic() - began < 30
    failed, others, back, command = answer.out.splitlines()
    assert re.fullmatch(r"errors failed after \d+ s, at look 3: 12 is over the limit of 10; recorded", failed)
    assert re.fullmatch(r"health was interrupted after \d+ s and \d+ looks?: errors failed; recorded", others)
    assert (back, command) == ("v1.4.2 is the release to go back to", "next: git hotfix rollback v1.4.3")
    assert facts(clone, f"{LOG}^")["State"] == "failed"
    assert [each["value"] for each in json.loads(clone.git("show", f"{LOG}^:looks.json"))] == [0, 6, 12]
    assert boxes(clone, *ABOUT) == dict.fromkeys(ABOUT, "open")
    status = clone.hotfix("status", "4711").out.splitlines()
    line = status.index("evidence: monitor errors: failed: 12 is over the limit of 10")
    assert status[line + 1] == "  → git hotfix rollback v1.4.3"
    rolled = clone.run("sh", "-c", command.removeprefix("next: "))
    assert rolled.code == 0, rolled.err
    assert clone.tree("hotfix/revert-v1.4.3") == clone.tree("v1.4.2")
    again = watched(clone, "errors", *SHORT, code=1)  # the revert has begun: the way back is to finish that
    assert again["rollback"] == {"tag": "v1.4.2", "command": "git hotfix finish revert-v1.4.3"}
    done = clone.run("sh", "-c", again["rollback"]["command"])
    assert "v1.4.4" in done.out, done.err
    assert finished.remote.tree("main") == finished.remote.tree("v1.4.2")


def test_the_way_back_from_a_rollback_is_not_what_it_took_out(finished: Project) -> None:
    clone = finished.clone
    assert clone.hotfix("rollback", "v1.4.3").code == 0
    assert clone.hotfix("finish", "revert-v1.4.3").code in (0, 4)
    monitor(clone, "health", "false")
    answer = clone.hotfix("monitor", "health", "--issue", "revert-v1.4.3")
    assert answer.out.splitlines()[1:] == [
        "v1.4.2 is the release to go back to", "next: git hotfix rollback v1.4.4",
    ]  # fmt: skip


@pytest.mark.slow
def test_a_release_that_failed_its_watch_is_no_way_back(finished: Project) -> None:
    clone = finished.clone
    monitor(clone, "health", "false")
    assert watched(clone, "health", code=1)["rollback"]["tag"] == "v1.4.2"
    assert clone.hotfix("start", "4712", "-m", "Mend the mending").code == 0
    clone.commit("mend it", {"app.py": FIX.replace("value_20 = 20\n", "value_20 = 21\n")})
    assert clone.hotfix("finish", "4712").code in (0, 4)
    answer = clone.hotfix("monitor", "health", "--issue", "4712", "--format", "json")
    assert answer.json["monitor"]["rollback"] == {"tag": "v1.4.2", "command": "git hotfix rollback v1.4.4"}
    monitor(clone, "health", "true")
    assert watched(clone, "health", *SHORT, code=0)["rollback"]["tag"] == "v1.4.2"
    answer = clone.hotfix("monitor", "health", *SHORT, "--issue", "4712", "--format", "json")
    assert answer.json["monitor"]["rollback"]["tag"] == "v1.4.3"  # it passed in the end


def test_a_terminal_that_is_gone_does_not_keep_the_end_out_of_the_record(finished: Project) -> None:
    clone = finished.clone
    monitor(clone, "health", "true")
    ours, theirs = pty.openpty()
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)  # whoever runs the tests by nohup passes it on as ignored
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "monitor", "--for", "60s", "--every", "0.1s", "--issue", "4711"],
        cwd=clone.path, env={**os.environ, **clone.environment, "TERM": "xterm"}, start_new_session=True,
        stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    signal.signal(signal.SIGHUP, before)
    os.close(theirs)
    until(lambda: b"left" in os.read(ours, 4096))
    os.close(ours)
    process.send_signal(signal.SIGHUP)
    assert process.wait(timeout=30) != 0
    assert facts(clone)["State"] == "interrupted"


@pytest.mark.slow
def test_what_does_not_answer_is_never_success(finished: Project) -> None:
    clone = finished.clone
    monitor(clone, "gone", "/no/such/probe")
    monitor(clone, "slow", "sleep 30", timeout="0.1s")
    monitor(clone, "words", "echo all is well", max="1")
    for name, cause in {
        "gone": "it could not be started (exit 127)", "slow": "it did not end in time",
        "words": "its last line is no number: all is well",
    }.items():  # fmt: skip
        found = watched(clone, name, "--for", "30s", "--every", "0.05s", code=4)
        assert [(each["state"], each["cause"]) for each in found["looks"]] == [("no-answer", cause)] * 4
        assert (found["state"], found["why"]) == ("inconclusive", f"4 looks in a row without an answer: {cause}")
        assert facts(clone)["State"] == "inconclusive"
    answer = clone.hotfix("monitor", "words", "--for", "0.01s", "--issue", "4711")
    assert answer.code == 4
    assert answer.out.splitlines()[-1] == "next: git hotfix monitor words --issue 4711"
    assert boxes(clone, "monitoring") == {"monitoring": "open"}


@pytest.mark.slow
def test_a_rise_is_compared_with_what_was_measured_before_the_deployment(fixed: Project) -> None:
    clone, number = fixed.clone, fixed.root / "number"
    number.write_text("100\n")
    monitor(clone, "latency", f'cat "{number}"', max_rise="10%", every="0.1s")
    monitor(clone, "health", "true")
    assert clone.hotfix("finish").code == 0
    refused = clone.hotfix("monitor", "--issue", "4711")
    assert refused.code == 2
    assert refused.err.splitlines()[-4:] == [
        "git hotfix: latency has a max-rise, and nothing was measured before the deployment",
        "  (nothing was run or recorded)",
        "  → before a deployment: git hotfix monitor latency --baseline, or git hotfix run deploy",
        "  → after it, a limit of its own: git config hotfix.monitor.latency.max NUMBER && "
        "git config --unset hotfix.monitor.latency.max-rise",
    ]
    clone.git("config", "hotfix.run.deploy", f'echo 111 >"{number}"')
    monitor(clone, "broken", "true", max="ten")
    deployed = clone.hotfix("run", "deploy", "--issue", "4711")
    assert deployed.code == 0, deployed.err
    assert "not measured before the deployment: hotfix.monitor.broken.max is 'ten', not a number" in deployed.err
    assert "latency is 100 before the deployment; recorded" in deployed.err
    assert deployed.err.splitlines()[-1] == "next: git hotfix monitor --issue 4711"
    assert clone.log("4711")[-3:] == ["monitor latency: measured", "run deploy: has begun", "run deploy: passed"]
    found = watched(clone, "latency", *SHORT, code=1)
    assert (found["baseline"], found["why"]) == (100.0, "111 is more than 10% over 100")
    number.write_text("110\n")
    found = watched(clone, "latency", *SHORT, code=0)
    assert (found["state"], facts(clone)["Before"]) == ("passed", "100")
    late = clone.hotfix("monitor", "latency", "--baseline", "--issue", "4711", "--format", "json").json
    assert late["baselines"] == [{"name": "latency", "value": 110.0, "cause": None, "entry": clone.tip(LOG)}]
    assert watched(clone, "latency", *SHORT, code=0)["baseline"] == 100.0  # that was after the deployment


@pytest.mark.slow
def test_who_ends_it_is_recorded_and_the_look_ends_too(finished: Project) -> None:
    clone, pid = finished.clone, finished.root / "pid"
    monitor(clone, "health", f'echo $$ >"{pid}.new"; mv "{pid}.new" "{pid}"; sleep 60 & wait')
    for number in (signal.SIGINT, signal.SIGTERM):
        pid.unlink(missing_ok=True)
        with running(clone, "monitor", "--issue", "4711") as process:
            until(pid.exists)
            process.send_signal(number)
            assert process.wait(timeout=30) == 130
        assert not lives(int(pid.read_text()))
        assert (facts(clone)["State"], facts(clone)["Why"]) == ("interrupted", "somebody ended it")


def test_a_killed_watch_leaves_a_gap_and_no_process(finished: Project) -> None:
    clone, pid = finished.clone, finished.root / "pid"
    monitor(clone, "health", f'echo $$ >"{pid}.new"; mv "{pid}.new" "{pid}"; exec sleep 60')
    with running(clone, "monitor", "--issue", "4711") as process:
        until(pid.exists)
        process.kill()
        process.wait()
        until(lambda: not lives(int(pid.read_text())))
    assert (clone.log("4711")[-1], facts(clone)["State"]) == ("monitor health: has begun", "running")
    assert boxes(clone, "monitoring") == {"monitoring": "open"}
    monitor(clone, "health", "true")
    assert watched(clone, "health", *SHORT, code=0)["state"] == "passed"
    assert boxes(clone, "monitoring") == {"monitoring": "done"}


@pytest.mark.slow
def test_a_look_that_does_not_want_to_end_keeps_nobody_waiting_and_ends(finished: Project) -> None:
    clone, pid = finished.clone, finished.root / "pid"
    monitor(clone, "health", f'trap "" TERM; echo $$ >"{pid}.new"; mv "{pid}.new" "{pid}"; sleep 60; sleep 60')
    monitor(clone, "errors", f'test ! -f "{pid}"')
    began = time.monotonic()
    answer = clone.hotfix("monitor", "--for", "60s", "--every", "0.3s", "--issue", "4711")
    assert (answer.code, answer.out.splitlines()[-1]) == (1, "next: git hotfix rollback v1.4.3")
    assert time.monotonic() - began < 8
    until(lambda: not lives(int(pid.read_text())))


@pytest.mark.slow
def test_killed_at_random_moments_it_leaves_no_process_and_claims_nothing(finished: Project) -> None:
    clone, mark = finished.clone, f"97{os.getpid() % 10_000}.25"
    monitor(clone, "health", f"sleep {mark} & sleep 0.1; kill $!; echo 1", max="2")
    chosen = random.Random(7)
    for _ in range(30):
        with running(clone, "monitor", "--for", "5s", "--every", "0.2s", "--issue", "4711") as process:
            time.sleep(chosen.uniform(0.0, 1.5))
            process.kill()
            process.wait()
    until(lambda: not _commands_with(mark))
    assert "passed" not in "".join(clone.log("4711"))
    assert boxes(clone, "monitoring") == {"monitoring": "open"}


def _commands_with(word: str) -> list[str]:
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = file.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if f"sleep\0{word}" in text:
            found.append(text)
    return found


def _seconds_of_processor(clone: Repo, *words: str) -> float:
    with running(clone, "monitor", "--issue", "4711", *words) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return used.ru_utime + used.ru_stime


@pytest.mark.slow
def test_it_sleeps_between_two_looks(finished: Project) -> None:
    monitor(finished.clone, "health", "true")
    short = _seconds_of_processor(finished.clone, "--for", "1s", "--every", "1s")
    long = _seconds_of_processor(finished.clone, "--for", "11s", "--every", "11s")
    assert long - short < 0.1, f"10 s more took {long - short:.3f} s of the processor"


def test_on_a_terminal_one_line_is_written_over(finished: Project) -> None:
    clone = finished.clone
    monitor(clone, "errors", "echo 3", max="10")
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "git_hotfix", "monitor", "errors", *SHORT, "--issue", "4711"], cwd=clone.path,
        env={**os.environ, **clone.environment, "COLUMNS": "100", "TERM": "xterm"},
        stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""
    while True:
        select.select([ours], [], [], 20)
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        said += piece
    os.close(ours)
    assert process.wait(timeout=20) == 0
    lines = said.decode().replace("\033[K", "").split("\r")
    shown = [each for each in lines if "left" in each]
    assert shown[-1].startswith("errors ▁")
    assert re.search(r"▁ 3  \d s left  back: git hotfix rollback v1\.4\.3$", shown[-1])
    assert "\033[3" not in said.decode()
    assert re.search(r"errors passed after \d+ s: \d+ ok, number 3; recorded", said.decode())


def test_without_a_terminal_a_look_that_is_right_is_said_once_a_minute(finished: Project) -> None:
    monitor(finished.clone, "health", "true")
    answer = finished.clone.hotfix("monitor", "health", *SHORT, "--issue", "4711")
    assert [each for each in answer.err.splitlines() if "look" in each] == ["health, look 1: ok; 0 s left"]
    monitor(finished.clone, "health", "echo broken >&2; exit 3")
    answer = finished.clone.hotfix("monitor", "health", *SHORT, "--issue", "4711")
    assert "health, look 1: failed: exit 3: broken; 0 s left" in answer.err.splitlines()


def test_a_fix_that_is_not_released_is_watched_and_proves_nothing(fixed: Project) -> None:
    monitor(fixed.clone, "health", "true")
    answer = fixed.clone.hotfix("monitor", *SHORT)
    assert answer.code == 0
    assert "is not on main yet: what is seen says nothing of this fix there" in answer.err
    assert "the way back" not in answer.err
    assert boxes(fixed.clone, "monitoring") == {"monitoring": "open"}


@pytest.mark.parametrize(("words", "said"), [
    (("nothing",), "git config names no command nothing to monitor; did you mean nothink?"),
    (("--for", "soon"), "--for is 'soon', not a time"),
    (("--every", "0"), "--every is '0', not a time"),
    (("--baseline",), "nothink compares no number"),
])  # fmt: skip
def test_what_cannot_be_watched_is_refused(fixed: Project, words: tuple[str, ...], said: str) -> None:
    monitor(fixed.clone, "nothink", "true")
    before = fixed.clone.snapshot()
    answer = fixed.clone.hotfix("monitor", *words)
    assert (answer.code, answer.out) == (2, "")
    assert f"git hotfix: {said}" in answer.err
    assert fixed.clone.snapshot() == before
