"""The paper of one hotfix, from start to done: pull request texts, post-mortem, incident log, report, close."""

from __future__ import annotations

import json
import os
import random
import re
import sys

import pytest
from building import Project
from forge_programs import on_forge
from killing import apart, kill_after, settled
from sandbox import Repo

ANSWERS = {
    "summary": "The checkout timed out. It waits longer now.",
    "problem": "Every order failed from 3 a.m. on.",
    "symptoms": "500 on /pay",
    "impact": "No order came through",
    "users": "everybody",
    "functionality": "checkout",
    "business": "about 4,000 an hour",
    "data-impact": "none",
    "root-cause": "A limit of one second.",
    "whys": "the bank is slow at night\nnobody measured it",
    "solution": "Wait ten seconds.",
    "temporary": "no",
    "breaking": "none",
    "risk": "low: one number",
    "security": "none",
    "deploy-strategy": "immediate",
    "deploy-steps": "make deploy",
    "rollback": "git hotfix rollback v1.4.3",
    "metrics": "orders a minute",
    "alerts": "checkout-errors",
    "watch-for": "30m",
    "contact-on-call": "ada",
    "contact-technical": "bo",
    "contact-product": "cy",
    "contact-devops": "di",
    "justification": "no order, no money",
    "went-well": "the alarm",
    "went-badly": "the limit",
    "actions": "Watch the bank | monitor | 24h | Bo | 2030-01-01\nTest it | test | sprint | Cy | 2030-01-02",
}
POSTMORTEM = "docs/postmortems/v1.4.3.md"


@pytest.fixture
def finished(fixed: Project) -> Project:
    """The fix is on production and everywhere."""
    assert fixed.clone.hotfix("finish", "--yes").code == 0
    return fixed


def answered(project: Project) -> Project:
    """Every question that closing needs is answered."""
    words = [word for id, value in ANSWERS.items() for word in ("--set", f"{id}={value}")]
    assert project.clone.hotfix("edit", "--issue", "4711", *words).code == 0
    return project


def missing(repo: Repo) -> list[str]:
    return missing_of(repo, "4711")


def missing_of(repo: Repo, issue: str) -> list[str]:
    answer = repo.hotfix("close", issue, "--format", "json")
    assert answer.code == (1 if answer.json["missing"] else 0)
    return [each["id"] for each in answer.json["missing"]]


def stands(repo: Repo) -> str:
    """What `status` says of whether the hotfix is done."""
    lines = repo.hotfix("status", "4711").out.splitlines()
    return next(line for line in lines if line.startswith(("not done yet: ", "done: ")))


def test_from_finish_to_done_everything_that_is_missing_is_named(fixed: Project) -> None:
    clone = fixed.clone
    assert missing(clone) == ["tag"]
    answered(fixed)
    assert clone.hotfix("finish", "--yes").code == 0
    assert missing(clone) == ["verified", "resolved", "post-mortem"]
    assert stands(clone) == "not done yet: 3 things are missing: git hotfix close 4711"
    assert [each["id"] for each in clone.hotfix("status", "4711", "--format", "json").json["missing"]] == missing(clone)
    listed = clone.hotfix("mark", "--issue", "4711").out.splitlines()
    assert [line.split()[0] for line in listed if " close " in line] == missing(clone)
    shown = clone.hotfix("close", "4711")
    assert "    git hotfix mark verified --issue 4711\n" in shown.out
    for event in ("verified", "resolved"):
        assert clone.hotfix("mark", event, "--issue", "4711").code == 0
    assert missing(clone) == ["post-mortem"]
    committed = clone.hotfix("postmortem", "v1.4.3", "--commit")
    assert (committed.code, committed.out) == (0, f"{POSTMORTEM} is on develop\n")
    assert fixed.remote.git("log", "-1", "--format=%s", "develop") == "Write the post-mortem of v1.4.3"
    assert fixed.remote.git("diff", "--name-only", "develop^", "develop") == POSTMORTEM
    text = fixed.remote.git("show", f"develop:{POSTMORTEM}")
    gaps = [line.strip("- ") for line in text.splitlines() if "not answered yet" in line or "not known yet" in line]
    assert gaps == [
        "*not answered yet:* `git hotfix edit contributing`",
        "*not answered yet:* `git hotfix edit lucky`",
        "**Pull request:** *not known yet:* `git hotfix edit link-pr`",
        "**Release:** *not known yet:* `git hotfix edit link-release`",
        "**Dashboard:** *not answered yet:* `git hotfix edit link-dashboard`",
    ]
    assert stands(clone) == "not done yet: nothing is missing: git hotfix close 4711"
    assert clone.hotfix("report", "4711").out.startswith("## Hotfix complete: 4711\n")
    done = clone.hotfix("close", "4711")
    assert (done.code, done.out.splitlines()[-1]) == (0, "Hotfix 4711 is done")
    assert clone.log("4711")[-1] == "hotfix 4711 is done"
    assert re.fullmatch(r"done: [-0-9]+ [0-9:]+ UTC, Ada", stands(clone))
    before = clone.refs("refs/hotfix/log/")
    again = clone.hotfix("close", "4711")
    assert (again.code, again.out.splitlines()[-1]) == (0, "Hotfix 4711 is done, as was recorded before")
    assert clone.refs("refs/hotfix/log/") == before
    assert fixed.remote.tip("refs/hotfix/log/4711") == clone.tip("refs/hotfix/log/4711")


def test_the_hotfix_that_was_finished_last_need_not_be_named(finished: Project) -> None:
    clone = finished.clone
    clone.git("switch", "-q", "develop")
    said = "no hotfix is open; 4711 was finished last, so that is looked at\n"
    for command in (("report",), ("close",), ("pr",), ("status",), ("postmortem", "--format", "json")):
        answer = clone.hotfix(*command)
        assert (answer.code in (0, 1), answer.err.startswith(said)) == (True, True), (command, answer.err)
    assert clone.hotfix("report").out == clone.hotfix("report", "4711").out


def test_questions_without_an_answer_are_one_step_of_the_report_and_one_command_of_close(finished: Project) -> None:
    clone = finished.clone
    report = clone.hotfix("report", "4711").out
    assert report.startswith("## Hotfix report: 4711\n")
    steps = report.partition("### Next steps\n\n")[2].splitlines()
    assert steps == [
        "- 26 questions have no answer: git hotfix edit --issue 4711",
        "- nobody said that the fault is gone: git hotfix mark verified --issue 4711",
        "- the incident is open: git hotfix mark resolved --issue 4711",
        "- no owner or no date: Add a test of the fix: git hotfix edit actions --issue 4711",
        "- the post-mortem is neither on develop nor on production: git hotfix postmortem v1.4.3",
    ]
    shown = clone.hotfix("close", "4711").out.splitlines()
    assert shown[-2:] == [
        "all 26 answers at once: git hotfix edit --issue 4711", "then again: git hotfix close 4711",
    ]  # fmt: skip


def test_a_report_of_an_open_hotfix_does_not_call_it_complete(fixed: Project) -> None:
    lines = fixed.clone.hotfix("report", "4711").out.splitlines()
    assert lines[0] == "## Hotfix not finished yet: 4711"
    assert "- [ ] main" in lines
    assert "- **Tag:** v1.4.3 (not made yet)" in lines


def test_production_is_told_apart_from_targets_that_lack_the_fix(fixed: Project) -> None:
    """The branch stands until every target has the fix, and the hotfix is finished all the same."""
    clone = fixed.clone
    assert clone.hotfix("finish", "--no-backport", "--yes").code == 0
    assert missing(clone)[:3] == ["targets", "verified", "resolved"]
    lines = clone.hotfix("report", "4711").out.splitlines()
    assert lines[0] == "## Hotfix in production, not everywhere yet: 4711"
    assert {"- [x] main (v1.4.3)", "- [ ] develop gets the fix", "- **Tag:** v1.4.3"} <= {*lines}
    assert stands(clone) == f"not done yet: {len(missing(clone))} things are missing: git hotfix close 4711"


def test_a_report_says_that_the_fix_was_rolled_back(finished: Project) -> None:
    clone = finished.clone
    assert clone.hotfix("rollback", "v1.4.3").code == 0
    assert clone.hotfix("finish", "revert-v1.4.3", "--yes").code in (0, 4)
    lines = clone.hotfix("report", "4711").out.splitlines()
    assert lines[0] == "## Hotfix rolled back: 4711"
    assert "- [ ] main (v1.4.3, rolled back by v1.4.4)" in lines


def test_of_an_abandoned_hotfix_it_is_said_who_gave_it_up(fixed: Project) -> None:
    clone = fixed.clone
    assert clone.hotfix("abandon", "4711", "--yes", "--reason", "not our fault").code == 0
    for command in ("report", "pr", "close", "postmortem", "status"):
        answer = clone.hotfix(command, "4711")
        assert (answer.code, answer.err.splitlines()) == (2, [
            "git hotfix: hotfix 4711 was abandoned by Ada: not our fault",
            "  (nothing was changed)",
            "  → see the record: git hotfix log 4711",
            "  → begin again: git hotfix start 4711",
        ]), command  # fmt: skip
    assert clone.hotfix("start", "4711", "-m", "Again").code == 0
    assert clone.hotfix("pr", "4711").out.startswith("# Hotfix: Again\n")


def test_a_branch_that_was_made_by_hand_has_its_documents_too(fixed: Project) -> None:
    clone = fixed.clone
    clone.git("switch", "-qc", "hotfix/88", "v1.4.2")
    clone.commit("by hand", {"app.py": "by = 'hand'\n"})
    assert clone.hotfix("pr").out.startswith("# Hotfix: 88\n")
    assert clone.hotfix("report").out.startswith("## Hotfix not finished yet: 88\n\n- **Issue:** 88\n")
    assert missing_of(clone, "88") == ["tag"]


def test_a_shallow_clone_says_what_to_fetch_and_then_has_every_document(finished: Project) -> None:
    shallow = finished.another_clone("shallow", "--depth", "1", "--no-local")
    for command in ("report", "pr", "close", "postmortem"):
        answer = shallow.hotfix(command, "4711")
        assert (answer.code, answer.err.splitlines()[-1]) == (
            3, "  → fetch what is missing: git hotfix status 4711 --fetch",
        ), (command, answer.err)  # fmt: skip
    assert "not done yet: " in shallow.hotfix("status", "4711", "--fetch").out
    assert shallow.hotfix("report", "4711").out == finished.clone.hotfix("report", "4711").out


def test_who_reads_it_the_day_after_approves_the_finished_hotfix(finished: Project) -> None:
    clone = finished.clone
    assert clone.hotfix("edit", "--issue", "4711", "--set", "security=review-needed: money").code == 0
    assert "    git hotfix approve 4711 --role Security\n" in clone.hotfix("close", "4711").out
    own = clone.hotfix("approve", "4711", "--role", "Security", "--yes")
    assert (own.code, "your approval would not count" in own.err) == (2, True)
    bob = finished.another_clone("bob")
    bob.git("config", "user.email", "bob@example.org")
    assert bob.hotfix("approve", "4711", "--role", "Security", "--yes").code == 0
    assert "box:review-security" not in missing(clone)


def test_status_of_a_finished_hotfix_leaves_the_words_of_the_form_to_the_log(finished: Project) -> None:
    clone = answered(finished).clone
    lines = clone.hotfix("status", "4711").out.splitlines()
    assert [line for line in lines if "is answered" in line] == []
    assert lines[-1] == f"{len(ANSWERS)} entries more (answers, boxes, documents, messages): git hotfix log 4711"
    every = clone.hotfix("status", "4711", "--verbose").out.splitlines()
    assert len([line for line in every if "is answered" in line]) == len(ANSWERS)


def test_another_clone_closes_it_as_well(finished: Project) -> None:
    other = finished.another_clone("other")
    assert "resolved" in missing(other)


def test_a_post_mortem_is_written_again_beside_what_people_wrote(finished: Project) -> None:
    clone = finished.clone
    written = clone.hotfix("postmortem", "v1.4.3")
    assert written.out.splitlines()[0] == f"{POSTMORTEM} is written"
    file = clone.path / POSTMORTEM
    text = file.read_text()
    text = text.replace("### What happened\n", "### What happened\n\nAll of it broke, and Bo saw it first.\n")
    text = text.replace("- [ ] Unit tests passed", "- [x] Unit tests passed")
    text = text.replace("- **Dashboard:** *not answered yet:* `git hotfix edit link-dashboard`\n", "")
    file.write_text(text)
    assert clone.hotfix("mark", "resolved", "--issue", "4711").code == 0
    assert clone.hotfix("edit", "root-cause", "-m", "A limit.", "--issue", "4711").code == 0
    again = clone.hotfix("postmortem", "v1.4.3", "--format", "json")
    now = file.read_text()
    assert "All of it broke, and Bo saw it first.\n" in now
    assert "- [x] Unit tests passed\n" in now
    assert "A limit.\n" in now
    assert "the incident was over" in now
    assert "Dashboard" not in now
    assert "All of it broke, and Bo saw it first." in again.json["document"]["kept"]
    assert "link-dashboard" in again.json["document"]["dropped_facts"]
    assert clone.hotfix("postmortem", "v1.4.3").out.splitlines()[0] == f"{POSTMORTEM} is up to date"
    assert file.read_text() == now


def test_what_people_wrote_in_the_file_is_taken_back_into_the_form(finished: Project) -> None:
    clone = finished.clone
    assert clone.hotfix("postmortem", "v1.4.3").code == 0
    file = clone.path / POSTMORTEM
    gap = "*not answered yet:* `git hotfix edit {}`"
    text = file.read_text().replace(gap.format("problem"), "It broke.")
    text = text.replace(gap.format("whys"), "The cache was full.\nNobody @watched it.")
    file.write_text(text.replace(gap.format("went-well"), "The way back worked."))
    taken = clone.hotfix("postmortem", "v1.4.3", "--take", "--format", "json")
    assert taken.json["taken"] == ["problem", "went-well", "whys"]
    assert clone.hotfix("postmortem", "v1.4.3", "--take").out == "nothing in it differs from the form\n"
    form = clone.hotfix("edit", "--issue", "4711", "--format", "json").json["fields"]
    assert next(each["value"] for each in form if each["id"] == "problem") == "It broke."
    assert clone.hotfix("postmortem", "v1.4.3").code == 0
    now = file.read_text()
    assert "\n\n1. The cache was full.\n1. Nobody @&#8203;watched it.\n\n" in now
    assert "\n\n- The way back worked.\n\n" in now
    assert now.count("The cache was full.") == now.count("The way back worked.") == 1
    assert clone.hotfix("postmortem", "v1.4.3", "--take").out == "nothing in it differs from the form\n"


@pytest.mark.slow
def test_a_file_that_git_does_not_know_is_named_before_it_stops_a_merge(finished: Project) -> None:
    clone = finished.clone
    clone.git("switch", "-q", "develop")
    assert clone.hotfix("postmortem", "v1.4.3").code == 0
    committed = clone.hotfix("postmortem", "v1.4.3", "--commit")
    assert f"before develop is merged here, rm {POSTMORTEM}\n" in committed.err
    assert clone.hotfix("postmortem", "v1.4.3", "--commit").out == f"{POSTMORTEM} is on develop\n"
    (clone.path / POSTMORTEM).unlink()
    clone.git("merge", "-q", "--ff-only", "origin/develop")
    (clone.path / POSTMORTEM).write_text((clone.path / POSTMORTEM).read_text() + "\nBo was there.\n")
    assert "git does not know" not in clone.hotfix("postmortem", "v1.4.3", "--commit").err


def test_a_post_mortem_that_develop_refuses_is_on_a_branch_of_its_own(finished: Project) -> None:
    clone, remote = finished.clone, finished.remote
    hook = remote.path / "hooks" / "update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\n[ "$1" != refs/heads/develop ]\n')
    hook.chmod(0o755)
    answer = clone.hotfix("postmortem", "v1.4.3", "--commit")
    assert (answer.code, answer.out) == (4, f"{POSTMORTEM} is on postmortem/v1.4.3\n")
    assert "next: merge postmortem/v1.4.3 into develop" in answer.err.splitlines()
    assert remote.git("diff", "--name-only", "develop", "postmortem/v1.4.3") == POSTMORTEM
    assert "post-mortem" in missing(clone)
    hook.unlink()
    for _ in range(2):
        again = clone.hotfix("postmortem", "v1.4.3", "--commit")
        assert (again.code, again.out) == (0, f"{POSTMORTEM} is on develop\n")


def test_a_link_in_the_way_of_a_document_is_refused(finished: Project) -> None:
    clone = finished.clone
    (clone.path / "docs").symlink_to(finished.root)
    answer = clone.hotfix("postmortem", "v1.4.3")
    assert (answer.code, "docs is a symbolic link" in answer.err) == (2, True)
    assert not (finished.root / "postmortems").exists()


def test_the_incident_log_has_one_row_a_hotfix_and_keeps_lines_of_people(finished: Project) -> None:
    clone = finished.clone
    first = clone.hotfix("report", "4711", "--incident-log")
    path = "plans/Security/INCIDENT_LOG.md"
    assert first.out.splitlines()[0] == f"{path} is written"
    file = clone.path / path
    lines = file.read_text().splitlines()
    assert [line.split(" | ")[1:4] for line in lines[4:]] == [["4711", "P0 (Critical)", "v1.4.3"]]
    file.write_text(file.read_text() + "\nWe talk about these on Mondays.\n")
    assert clone.hotfix("edit", "impact", "-m", "No orders", "--issue", "4711").code == 0
    assert clone.hotfix("report", "4711", "--incident-log").code == 0
    text = file.read_text()
    assert (text.count("4711"), "No orders" in text) == (1, True)
    assert text.endswith("\nWe talk about these on Mondays.\n")
    again = clone.hotfix("report", "--all", "--incident-log")
    assert (again.out.splitlines()[0], file.read_text()) == (f"{path} is up to date", text)


def test_the_report_says_where_the_fix_is(finished: Project) -> None:
    text = finished.clone.hotfix("report", "4711").out
    assert "- [x] main (v1.4.3)\n- [x] develop has the fix\n" in text
    assert "- **Branch:** hotfix/4711 (deleted)\n" in text


_FORGE = """\
#!{python}
import json, os, sys
words = [word for word in sys.argv[1:] if not word.startswith("--")]
flags = dict(word[2:].split("=", 1) for word in sys.argv[1:] if word.startswith("--") and "=" in word)
state = {state!r}
there = json.load(open(state)) if os.path.exists(state) else []
if words[:2] == ["pr", "list"]:
    print(json.dumps(there))
elif words[:2] == ["pr", "create"]:
    there.append({{"url": "https://forge.example/acme/shop/pull/5", "number": 5, "flags": flags, **flags}})
    print(there[-1]["url"])
elif words[:2] == ["pr", "edit"]:
    there[0]["body"] = flags["body"]
json.dump(there, open(state, "w"))
"""


@pytest.fixture
def forge(fixed: Project) -> dict[str, str]:
    """A stand-in for gh that keeps one pull request in `bin/state`; the environment that finds it."""
    folder = fixed.root / "bin"
    folder.mkdir()
    (folder / "gh").write_text(_FORGE.format(python=sys.executable, state=str(folder / "state")))
    (folder / "gh").chmod(0o755)
    on_forge(fixed, "github.example")
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def opened(project: Project) -> dict[str, str]:
    found: list[dict[str, str]] = json.loads((project.root / "bin" / "state").read_text())
    return found[0]


def test_a_pull_request_is_opened_and_brought_up_to_date_beside_what_people_ticked(
    fixed: Project, forge: dict[str, str]
) -> None:
    clone = fixed.clone
    clone.git("push", "-q", "origin", "hotfix/4711")
    assert clone.hotfix("pr", "--update", env=forge).code == 2
    made = clone.hotfix("pr", "--create", env=forge)
    assert (made.code, made.out) == (0, "https://forge.example/acme/shop/pull/5 was written\n")
    first = opened(fixed)
    assert (first["title"], first["head"], first["base"]) == ("Hotfix 4711: Checkout fails", "hotfix/4711", "main")
    assert "Fixes #4711\n" in first["body"]
    there = json.loads((fixed.root / "bin" / "state").read_text())
    there[0]["body"] = there[0]["body"].replace("- [ ] The code says why", "- [x] The code says why")
    (fixed.root / "bin" / "state").write_text(json.dumps(there))
    assert clone.hotfix("edit", "users", "-m", "12 %").code == 0
    updated = clone.hotfix("pr", "--update", env=forge)
    assert updated.out == "https://forge.example/acme/shop/pull/5 was written\n"
    body = opened(fixed)["body"]
    assert "- [x] The code says why" in body
    assert "- **Affected users:** 12 %" in body
    assert clone.hotfix("pr", "--update", env=forge).out == ("https://forge.example/acme/shop/pull/5 is up to date\n")


def test_a_pull_request_is_printed_where_no_forge_is(fixed: Project) -> None:
    answer = fixed.clone.hotfix("pr", "--template", "extended")
    assert (answer.code, answer.out.splitlines()[0]) == (0, "# Hotfix: Checkout fails")
    assert fixed.clone.hotfix("pr", "--create").code == 2


def test_without_a_program_of_the_forge_its_page_and_the_text_are_printed(fixed: Project) -> None:
    clone = answered(fixed).clone
    on_forge(fixed, "github.example")
    clone.git("push", "-q", "origin", "hotfix/4711")
    answer = clone.hotfix("pr", "--create")
    page = "https://github.example/acme/shop/compare/main...hotfix/4711?expand=1"
    assert (answer.code, answer.out) == (4, clone.hotfix("pr").out)
    assert answer.err.splitlines()[-1] == (
        f"no gh or glab serves this remote; open the pull request with this text: {page}"
    )
    told = clone.hotfix("pr", "--create", "--format", "json")
    assert (told.code, told.json["document"]["url"], told.json["text"]) == (4, page, answer.out)


def test_what_nobody_knows_is_named_with_the_command_that_answers_it(fixed: Project) -> None:
    clone = answered(fixed).clone
    said = clone.hotfix("pr", "--template", "extended").err.splitlines()
    assert said == [
        "not answered yet: link-incident, link-support, why-this, alternatives, rollback-config, config-changes, infra,"
        " third-party, window, communication, contributing, notes",
        "  → git hotfix edit --issue 4711",
        "not known yet: evidence-before, evidence-after, resolution-time, authorized-by, authorized-at",
    ]
    assert "breaking" not in clone.hotfix("pr").err


def test_a_document_has_its_own_templates_and_no_other_document_s(fixed: Project) -> None:
    answer = fixed.clone.hotfix("pr", "--template", "report")
    assert (answer.code, answer.err.splitlines()[-1]) == (
        2, "  → ours are extended, standard; else the path of a file on the production branch",
    )  # fmt: skip


def test_a_template_of_the_team_is_read_from_production_and_nowhere_else(fixed: Project) -> None:
    clone = fixed.clone
    (clone.path / "own.md.j2").write_text('{{ field("summary") }} of {{ fact("tag") }}\n')
    answer = clone.hotfix("pr", "--template", "own.md.j2")
    assert (answer.code, "there is no template own.md.j2 on main" in answer.err) == (2, True)
    other = fixed.another_clone("other")
    other.git("switch", "-q", "main")
    other.commit("a template", {"own.md.j2": 'Why {{ fact("tag") }}: {{ field("summary", gap="?") }}\n'})
    other.git("push", "-q", "origin", "main")
    clone.git("fetch", "-q")
    for path in ("own.md.j2", "./own.md.j2"):
        assert clone.hotfix("pr", "--template", path).out == "Why v1.4.3: ?\n"


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (("mkdir -p docs && git init -q docs/postmortems", "docs/postmortems is a repository of its own")),
        (("mkdir -p docs/postmortems && mkfifo docs/postmortems/v1.4.3.md", "v1.4.3.md is not a plain file")),
        (("touch docs", "docs is not a directory")),
        (("mkdir -p docs/postmortems/v1.4.3.md", "v1.4.3.md is a directory")),
        (("mkdir docs && ln -s ../../out.md docs/postmortems", "docs/postmortems is a symbolic link")),
    ],
)
def test_what_stands_in_the_way_of_a_document_is_named(finished: Project, made: str, says: str) -> None:
    clone = finished.clone
    assert clone.run("sh", "-c", made).code == 0
    before = clone.log("4711")
    answer = clone.hotfix("postmortem", "v1.4.3")
    assert (answer.code, says in answer.err, clone.log("4711")) == (2, True, before), answer.err


@pytest.mark.slow
def test_what_is_no_plain_file_of_production_is_no_template(fixed: Project) -> None:
    clone, other = fixed.clone, fixed.another_clone("other")
    other.git("switch", "-q", "main")
    secret = fixed.root / "secret"
    secret.write_text("the secret")
    (other.path / "link.md").symlink_to(secret)
    (other.path / "folder").mkdir()
    (other.path / "folder" / "in.md").write_text("in a folder")
    (other.path / "huge.md").write_text("x" * 3_000_000)
    (other.path / "red.md").write_text("\x1b[31mred\n")
    (other.path / "endless.md").write_text(
        '{% for a in items("symptoms") %}{% for b in items("whys") %}x{% endfor %}' * 999
    )
    other.git("add", "-A")
    other.git("update-index", "--add", "--cacheinfo", f"160000,{other.tip('HEAD')},sub")
    other.git("commit", "-qm", "templates")
    other.git("push", "-q", "origin", "main")
    clone.git("fetch", "-q")
    for path, says in {
        "link.md": "there is no template link.md on main",
        "folder": "there is no template folder on main",
        "folder/": "there is no template folder/ on main",
        "folder/../link.md": "there is no template",
        "../secret": "there is no template",
        str(secret): "there is no template",
        "sub": "there is no template sub on main",
        "sub/x": "there is no template sub/x on main",
        "a\nb": "there is no template",
        "HEAD:app.py": "there is no template",
        "huge.md": "huge.md is larger than 65,536 bytes",
        "red.md": "red.md, line 1: it holds a character that a terminal obeys",
        "endless.md": "endless.md",
    }.items():
        answer = clone.hotfix("pr", "--template", path)
        assert (answer.code, says in answer.err, answer.out) == (2, True, ""), (path, answer.err)


def _with_line(project: Project, repo: Repo, line: str) -> None:
    """A line of a person below "What happened" of the file here."""
    file = repo.path / POSTMORTEM
    file.write_text(file.read_text().replace("### What happened\n", f"### What happened\n\n{line}\n"))


@pytest.mark.slow
def test_two_people_who_commit_the_post_mortem_lose_no_line(finished: Project) -> None:
    clone = finished.clone
    assert clone.hotfix("postmortem", "v1.4.3").code == 0
    _with_line(finished, clone, "Ada saw it first.")
    assert clone.hotfix("postmortem", "v1.4.3", "--commit").code == 0
    text = (clone.path / POSTMORTEM).read_text()
    (clone.path / POSTMORTEM).write_text(text.replace("Ada saw it first.", "Ada saw it at three."))
    assert clone.hotfix("postmortem", "v1.4.3", "--commit").code == 0  # her own line

    bob = finished.another_clone("bob")
    bob.git("switch", "-q", "develop")
    _with_line(finished, bob, "Bob pulled the plug.")
    bob.git("commit", "-qam", "what I did")
    bob.git("push", "-q")
    before = finished.remote.tip("develop")
    refused = clone.hotfix("postmortem", "v1.4.3", "--commit")
    assert (refused.code, finished.remote.tip("develop")) == (2, before)
    assert refused.err.splitlines()[0] == (
        f"git hotfix: develop has lines of people that {POSTMORTEM} here has not: Bob pulled the plug."
    )
    (clone.path / POSTMORTEM).write_text(clone.git("show", f"{before}:{POSTMORTEM}") + "\n")
    _with_line(finished, clone, "Nobody was hurt.")
    assert clone.hotfix("postmortem", "v1.4.3", "--commit").code == 0
    text = finished.remote.git("show", f"develop:{POSTMORTEM}")
    assert [text.count(line) for line in ("Ada saw it at three.", "Bob pulled the plug.", "Nobody was hurt.")] == [
        1,
        1,
        1,
    ]


@pytest.mark.slow
def test_a_post_mortem_is_committed_on_a_develop_that_moved_meanwhile(finished: Project) -> None:
    clone, other = finished.clone, finished.another_clone("other")
    other.git("switch", "-q", "develop")
    other.commit("meanwhile", {"other.txt": "x\n"})
    once = f'[ -e "{finished.root}/once" ] && exit 0; : > "{finished.root}/once"'
    clone.hook("pre-push", f"cat >/dev/null; {once}; env -u GIT_DIR git -C {other.path} push -q origin develop")
    answer = clone.hotfix("postmortem", "v1.4.3", "--commit")
    assert (answer.code, answer.out) == (0, f"{POSTMORTEM} is on develop\n"), answer.err
    assert finished.remote.subjects("develop")[:2] == ["Write the post-mortem of v1.4.3", "meanwhile"]


@pytest.mark.slow
def test_a_post_mortem_that_was_killed_is_brought_to_its_end_and_no_line_of_people_is_lost(finished: Project) -> None:
    clone = finished.clone
    apart(finished)
    assert clone.hotfix("postmortem", "v1.4.3").code == 0
    _with_line(finished, clone, "Ada saw it first.")
    moments = random.Random(os.environ.get("GIT_HOTFIX_KILL_SEED", "0"))
    killed = 0
    for turn in range(14):
        assert clone.hotfix("edit", "root-cause", "-m", f"cause {turn}", "--issue", "4711").code == 0
        words = ("postmortem", "v1.4.3", *(("--commit",) if turn % 2 else ()))
        killed += kill_after(clone, words, moments.uniform(0.05, 0.4), all_of_it=turn % 3 == 0)
        settled(clone)
        answer = clone.hotfix(*words)
        assert answer.code == 0, answer.err
        text = (
            finished.remote.git("show", f"develop:{POSTMORTEM}") if turn % 2 else (clone.path / POSTMORTEM).read_text()
        )
        assert (text.count("Ada saw it first."), text.count(f"cause {turn}\n")) == (1, 1)
        assert [each.name for each in (clone.path / POSTMORTEM).parent.iterdir()] == ["v1.4.3.md"]
        assert clone.hotfix("postmortem", "v1.4.3").code == 0
    assert killed > 4, killed
