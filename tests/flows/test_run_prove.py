"""`run --prove`: the tests of a fix fail without it and pass with it, in checkouts that leave nothing behind."""

from __future__ import annotations

import signal
import sys
from typing import Any

import pytest
from building import FIX, Project
from killing import kill_after, running
from sandbox import Repo
from test_run import LOG, facts, lives, setting, until

CHECK = """import sys, runpy
app = runpy.run_path("app.py")
cases = {"other": True}
try:
    exec(open("tests/test_app.py").read())
except FileNotFoundError:
    pass
except NameError as broken:
    cases["collection"] = None
tags = {True: "", False: "<failure/>", None: "<error/>"}
rows = "".join(f'<testcase classname="t" name="{n}">{tags[ok]}</testcase>' for n, ok in cases.items())
open("report.xml", "w").write(f"<testsuite>{rows}</testsuite>")
sys.exit(0 if all(cases.values()) else 1)
"""
TEST = 'cases["fifteen"] = app["value_15"] == "fifteen"\n'


def prepared(project: Project, test: str | None = TEST, app: str = FIX, *, junit: bool = True) -> Repo:
    """A fix with its test, and a command that runs the tests with a small runner of the user."""
    clone = project.clone
    (project.root / "check.py").write_text(CHECK)
    clone.commit("test it", {"tests/test_app.py": test, "app.py": app} if test else {"app.py": app})
    setting(clone, "smoke", f"{sys.executable} {project.root / 'check.py'}")
    if junit:
        clone.git("config", "hotfix.run.smoke.junit", "report.xml")
    return clone


def proved(clone: Repo, *, code: int) -> dict[str, Any]:
    answer = clone.hotfix("run", "smoke", "--prove", "--format", "json")
    assert answer.code == code, answer.err
    found: dict[str, Any] = answer.json["prove"]
    return found


def left(project: Project) -> list[str]:
    """What a run left behind."""
    places = (project.private_git_dir, project.clone.path / ".git" / "hotfix")
    return [file.name for place in places for file in place.iterdir()]


def test_red_without_the_fix_and_green_with_it_is_shown_and_fills_the_paper(fixed: Project) -> None:
    clone = prepared(fixed)
    before = clone.snapshot()
    answer = clone.hotfix("run", "smoke", "--prove")
    assert (answer.code, answer.out) == (0, "")
    assert answer.err.splitlines() == [
        "smoke, run 1 of 4: v1.4.2, without the fix",
        "smoke, run 2 of 4: v1.4.2 with the tests of the fix: they should fail",
        f"smoke, run 3 of 4: the fix, hotfix/4711 at {clone.tip('HEAD')[:10]}",
        "smoke, run 4 of 4: v1.4.2 with the tests of the fix, once more",
        "proof by smoke: shown; recorded", "  1 case fails without the fix and passes with it: t.fifteen",
    ]  # fmt: skip
    after = clone.snapshot()
    assert {ref for ref in after.refs if after.refs[ref] != before.refs.get(ref)} == {LOG}
    assert (after.files, after.index, after.config) == (before.files, before.index, before.config)
    assert left(fixed) == []
    assert clone.log("4711")[-2:] == ["prove smoke: has begun", "prove smoke: shown"]
    said, tree = facts(clone), clone.git("rev-parse", "HEAD^{tree}")
    assert (said["Prove"], said["State"], said["Seen"], said["Tree"], said["Cases"]) == (
        "smoke", "shown", "red green", tree, "t.fifteen",
    )  # fmt: skip
    boxes = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert [boxes[id] for id in ("reproduced", "fixed", "original-scenario", "smoke")] == [
        "done", "done", "done", "open",
    ]  # fmt: skip
    paper = clone.hotfix("pr", "--template", "extended").out
    assert "**Before the fix:** 1 case fails without the fix: t.fifteen" in paper
    assert "**With the fix:** the same 1 case passes with it" in paper
    clone.commit("more", {"app.py": FIX + "more = 1\n"})
    boxes = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert boxes["reproduced"] == "open"


def test_json_names_each_tree(fixed: Project) -> None:
    clone = prepared(fixed)
    body = proved(clone, code=0)
    overlay = body["overlay"].pop("tree")
    assert body == {
        "name": "smoke", "result": "shown", "reason": "1 case fails without the fix and passes with it: t.fifteen",
        "base": {"tree": clone.git("rev-parse", "v1.4.2^{tree}"), "state": "passed", "exit": 0, "failing": []},
        "overlay": {"files": ["tests/test_app.py"], "state": "failed", "exit": 1, "failing": ["t.fifteen"]},
        "tip": {"tree": clone.git("rev-parse", "HEAD^{tree}"), "state": "passed", "exit": 0},
        "entry": clone.tip(LOG),
    }  # fmt: skip
    clone.git("switch", "-q", "--detach", "v1.4.2")
    clone.git("checkout", "-q", "hotfix/4711", "--", "tests")
    assert clone.git("write-tree") == overlay


@pytest.mark.parametrize(
    ("test", "app", "code", "result", "reason"),
    [
        (None, FIX + "more = 1\n", 4, "not-judged", "the fix changes no test file, so nothing can fail without it"),
        (None, FIX + "# >>>\n>>> 1\n", 4, "not-judged",
         "its tests are inside app.py: they cannot be tried without the fix"),
        ('cases["always"] = True\n', FIX, 1, "not-shown", "the tests of the fix pass without the fix, too"),
        (TEST, FIX.replace("fifteen", "fifty"), 1, "not-shown", "the fix fails (exit 1: 1 passed, 1 failed)"),
        ("no_such_name\n", FIX, 4, "not-judged",
         "the tests of the fix could not be run without it: 1 error and no failure"),
    ],
)  # fmt: skip
def test_what_is_not_shown_says_why(
    fixed: Project, test: str | None, app: str, code: int, result: str, reason: str
) -> None:
    clone = prepared(fixed, test, app)
    body = proved(clone, code=code)
    assert (body["result"], body["reason"]) == (result, reason)
    assert facts(clone)["State"] == result
    assert left(fixed) == []
    boxes = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert (boxes["reproduced"], boxes["fixed"]) == ("open", "open")


def test_an_example_in_a_document_is_no_test(fixed: Project) -> None:
    clone = prepared(fixed, None)
    clone.commit("say how", {"README.md": "an app\n>>> app.value_15\n"})
    assert proved(clone, code=4)["reason"] == "the fix changes no test file, so nothing can fail without it"


def test_a_red_base_is_not_judged(fixed: Project) -> None:
    clone = prepared(fixed)
    setting(clone, "smoke", "exit 5")
    body = proved(clone, code=4)
    assert body["reason"] == "the base fails (exit 5) by itself, without any test of the fix"
    assert (body["overlay"], body["tip"]) == (None, None)


def test_a_command_that_is_not_in_a_fresh_checkout_is_not_judged_and_the_way_out_is_said(fixed: Project) -> None:
    clone = prepared(fixed)
    setting(clone, "smoke", "../venv/bin/pytest")
    answer = clone.hotfix("run", "smoke", "--prove")
    assert (answer.code, answer.err.splitlines()[-5:]) == (
        4,
        [
            "proof by smoke: not judged; recorded",
            "  the command could not be started in a checkout of the base (exit 127)",
            "  each checkout is fresh, and stands elsewhere: a path in the command has to be absolute",
            "  → git config --get hotfix.run.smoke",
            "  → what builds it there: git config hotfix.run.smoke.prepare COMMAND",
        ],
    )


def test_a_fix_without_a_test_is_asked_for_one(fixed: Project) -> None:
    clone = prepared(fixed, None, FIX + "more = 1\n")
    assert clone.hotfix("run", "smoke", "--prove").err.splitlines()[-2:] == [
        "  the fix changes no test file, so nothing can fail without it",
        "  → commit a test that fails without the fix, in a test file (files.tests of the policy)",
    ]


def test_without_junit_the_cause_is_not_known_and_no_box_is_ticked(fixed: Project) -> None:
    clone = prepared(fixed, junit=False)
    answer = clone.hotfix("run", "smoke", "--prove")
    assert answer.code == 4
    assert answer.err.splitlines()[-3:] == [
        "proof by smoke: not judged; recorded",
        "  red then green, cause not known: no JUnit XML says which tests failed",
        "  → git config hotfix.run.smoke.junit PATH",
    ]
    assert facts(clone)["Before"] == "the tests of the fix fail without it (exit 1); cause not known"
    boxes = {each["id"]: each["state"] for each in clone.hotfix("mark", "--format", "json").json["boxes"]}
    assert boxes["reproduced"] == "open"


def test_every_checkout_is_built_and_what_cannot_be_built_is_not_judged(fixed: Project) -> None:
    clone = prepared(fixed)
    (clone.path / ".git" / "info" / "exclude").write_text("local.txt\n")
    (clone.path / "local.txt").write_text("mine\n")
    places = fixed.root / "places"
    clone.git("config", "hotfix.run.smoke.prepare", f"cat local.txt >> {places}")
    clone.git("config", "hotfix.run.smoke.carry", "*.txt")
    assert proved(clone, code=0)["result"] == "shown"
    assert places.read_text() == "mine\n" * 3
    clone.git("config", "hotfix.run.smoke.prepare", "exit 9")
    assert proved(clone, code=4)["reason"] == "hotfix.run.smoke.prepare failed (exit 9)"


@pytest.mark.slow
def test_a_test_file_that_git_cannot_check_out_is_not_judged(fixed: Project) -> None:
    clone = prepared(fixed)
    clone.commit("a large file", {"tests/.gitattributes": "*.bin filter=large\n", "tests/data.bin": "a pointer\n"})
    for key, value in (("smudge", "false"), ("clean", "cat"), ("required", "true")):
        clone.git("config", f"filter.large.{key}", value)
    answer = clone.hotfix("run", "smoke", "--prove")
    base = clone.git("rev-parse", "v1.4.2^{commit}")
    assert answer.code == 4
    tree, words = answer.err.splitlines()[-1].strip().split(" cannot be checked out: ")
    assert words == "tests/data.bin: smudge filter large failed"
    assert answer.err.splitlines()[-3:-1] == ["  → git fsck", "proof by smoke: not judged; recorded"]
    assert tree not in (base[:10], clone.tip("HEAD")[:10])
    assert left(fixed) == []


def test_renamed_and_deleted_tests_are_laid_over_and_production_stays(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-q", "--detach", "v1.4.2")
    clone.commit("tests", {"tests/old.py": "x = 1\n" * 20, "tests/gone.py": "gone\n", "lib.py": "lib = 1\n" * 20})
    clone.git("push", "-q", "--no-verify", "origin", "HEAD:main")
    clone.tag("v1.4.3")
    assert clone.hotfix("start", "5").code == 0
    clone.git("mv", "tests/old.py", "tests/new.py")
    clone.git("mv", "lib.py", "tests/lib.py")
    clone.git("rm", "-q", "tests/gone.py")
    clone.git("commit", "-q", "-m", "move")
    listing = fixed.root / "listing"
    setting(clone, "smoke", f"find . -path ./.git -prune -o -type f -print | sort >> {listing}; echo -- >> {listing}")
    answer = clone.hotfix("run", "smoke", "--prove")
    assert (answer.code, "pass without the fix, too" in answer.err) == (1, True)
    _, laid, _ = listing.read_text().split("--\n")
    assert laid.split() == ["./README.md", "./VERSION", "./app.py", "./lib.py", "./tests/lib.py", "./tests/new.py"]


def test_submodules_that_are_here_are_checked_out(fixed: Project) -> None:
    clone = fixed.clone
    other = Repo(fixed.root / "other", clone.dates, clone.environment)
    other.path.mkdir()
    other.git("init", "-q")
    other.commit("inner", {"inner.txt": "inner\n"})
    clone.git("submodule", "--quiet", "add", str(other.path), "deep/sub")
    clone.git("commit", "-q", "-m", "with a submodule")
    other.path.rename(fixed.root / "unreachable")
    setting(clone, "smoke", "cat deep/sub/inner.txt; git -C deep/sub log --format=%s; git status --short")
    answer = clone.hotfix("run", "smoke", "--clean")
    assert (answer.code, answer.out) == (0, "inner\ninner\n"), answer.err


def test_an_interrupted_proof_says_so_and_leaves_nothing(fixed: Project) -> None:
    clone, file = prepared(fixed), fixed.root / "pids"
    setting(clone, "smoke", f"echo $$ > {file}.new; mv {file}.new {file}; sleep 300")
    with running(clone, "run", "smoke", "--prove") as process:
        until(file.exists)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
    assert not lives(int(file.read_text()))
    assert facts(clone)["State"] == "interrupted"
    assert left(fixed) == []


MOMENTS = [round(0.1 + 0.018 * number, 3) for number in range(100)]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("words", [("run", "smoke"), ("run", "smoke", "--prove")])
def test_killed_at_any_moment_nothing_stays_and_nothing_is_claimed(
    fixed: Project, words: tuple[str, ...], part: int
) -> None:
    clone, file, ends = prepared(fixed), fixed.root / "pids", fixed.root / "ends"
    check = f"{sys.executable} {fixed.root / 'check.py'}"
    rounds = 4 if "--prove" in words else 1
    setting(clone, "smoke", f"echo $$ >> {file}; sleep 0.1; {check}; code=$?; sleep 0.1; echo x >> {ends}; exit $code")
    for moment in MOMENTS[part::10]:
        kill_after(clone, words, moment, all_of_it=True)
        pids = [int(line) for line in file.read_text().split()] if file.exists() else []
        until(lambda pids=pids: not any(map(lives, pids)))  # type: ignore[misc]
        begun, ended = _states(clone)
        assert ended.keys() <= begun
        assert {*ended.values()} <= {"passed" if rounds == 1 else "shown"}
        assert len(ended) * rounds <= (len(ends.read_text().split()) if ends.exists() else 0)
    clone.git("fetch", "-q")
    assert clone.hotfix("doctor").code in (0, 1)
    assert clone.hotfix(*words).code == 0
    assert left(fixed) == []
    assert clone.git("worktree", "list").count("\n") == 0
    assert not list((clone.path / ".git").rglob("*.lock"))


def _states(clone: Repo) -> tuple[set[str], dict[str, str]]:
    """What has begun, by the time when it did; of what ended, how."""
    shown = "%(trailers:key=State,valueonly,separator=)|%(trailers:key=Started,valueonly,separator=)"
    pairs = [row.split("|") for row in clone.git("log", f"--format={shown}", LOG).splitlines()]
    begun = {when for state, when in pairs if state == "running"}
    return begun, {when: state for state, when in pairs if state not in ("running", "")}
