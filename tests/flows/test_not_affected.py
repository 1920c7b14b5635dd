"""A target that never had the code is not affected; wherever that is not sure, the conflict stays for a human."""

from __future__ import annotations

import pytest
from building import APP, FIX, TARGETS, Project
from sandbox import Repo
from test_backport_unmergeable import stranger

PAY = "".join(f"pay {number} = {number}\n" for number in range(20))
FIXED = PAY.replace("pay 5 = 5\n", "pay 5 = 0\n")
OTHER = "".join(f"money {number}\n" for number in range(20))
REASON = "never had pay.conf"


@pytest.fixture
def billed(project: Project) -> Repo:
    """A clone on hotfix/4711, which mends a line of `pay.conf`. That was `old.conf` before v1.4.3, and is `new.conf` on
    develop since; no branch of before has it."""
    clone = project.clone
    clone.git("switch", "-q", "main")
    clone.commit("old", {"old.conf": PAY})
    clone.git("push", "-q", "origin", "HEAD:refs/heads/feature/former")
    clone.commit("pay", {"old.conf": None, "pay.conf": PAY})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    clone.git("switch", "-q", "develop")
    clone.git("merge", "-q", "-m", "release", "main")
    clone.commit("new", {"pay.conf": None, "new.conf": PAY})
    clone.git("push", "-q", "origin", "develop")
    assert clone.hotfix("start", "4711").code == 0
    clone.commit("fix 4711", {"pay.conf": FIXED})
    return clone


def test_who_is_not_affected_and_who_has_to_look(billed: Repo) -> None:
    clone = billed
    clone.branch("feature/gone", "v1.4.3", "work", {"pay.conf": None, "gone.txt": "new\n"})
    clone.branch("feature/rewritten", "v1.4.3", "work", {"pay.conf": None, "money.conf": OTHER})
    clone.branch("feature/former", "origin/feature/former", "rewritten", {"old.conf": OTHER})
    clone.branch("feature/copied", "v1.4.2", "work", {"lib/copy.txt": "something else\n  pay 5 = 5 \n"})
    clone.branch("feature/part", "v1.4.2", "work", {"lib/part.txt": "if pay 5 = 5 then\n"})
    stranger(clone, "feature/site", {"index.html": "a site\n"})
    stranger(clone, "feature/imported", {"new.conf": OTHER})
    answer = clone.hotfix("finish", "--format", "json")
    free = ("release/1.5", "feature/login", "feature/search", "feature/part", "feature/site")
    assert answer.targets == {
        "develop": ("merge", "merged"), **dict.fromkeys(free, ("cherry-pick", "not-affected")),
        "feature/gone": ("merge", "conflict"), "feature/rewritten": ("merge", "conflict"),
        **dict.fromkeys(("feature/former", "feature/copied", "feature/imported"), ("cherry-pick", "conflict")),
    }, answer.err  # fmt: skip
    told = [each for each in answer.json["targets"] if each["status"] == "not-affected"]
    assert {(each["new"], tuple(each["paths"]), each["reason"]) for each in told} == {(None, ("pay.conf",), REASON)}
    assert {command.split()[-1] for command in answer.json["next"]} == {
        f"feature/{name}" for name in ("gone", "rewritten", "former", "copied", "imported")
    }  # fmt: skip


@pytest.mark.slow
def test_nothing_is_owed_and_a_human_knows_better(billed: Repo) -> None:
    """A whole name overrules, a pattern does not; `git rm` of what the branch never had leaves nothing of a pick, and
    that is an answer, too."""
    clone = billed
    done = clone.hotfix("finish")
    assert (done.code, [row for row in done.out.splitlines() if "is finished" in row]) == (0, [
        "Hotfix 4711 is finished: main and every target have the fix except 3 branches that are not affected; "
        "1 inactive branch was left out"
    ]), done.out  # fmt: skip
    globbed = clone.hotfix("backport", "4711", "--to", "feature/log*", "--format", "json")
    assert (globbed.code, globbed.targets) == (0, {"feature/login": ("cherry-pick", "not-affected")})
    named = clone.hotfix("backport", "4711", "--to", "feature/login", "--format", "json")
    assert (named.code, named.targets) == (4, {"feature/login": ("cherry-pick", "conflict")})

    clone.hotfix("backport", "4711", "--resolve", "feature/login")
    there = Repo(clone.path.parent / "clone-resolve-feature-login", clone.dates, clone.environment)
    there.git("rm", "-q", "pay.conf")
    done = clone.hotfix("backport", "4711", "--continue", "--format", "json")
    assert (done.code, done.targets["feature/login"]) == (0, ("merge", "skipped")), done.err
    assert not there.path.exists()
    assert clone.hotfix("backport", "4711", "--format", "json").targets["feature/login"] == ("merge", "skipped")


@pytest.mark.slow
def test_a_copy_that_keeps_the_lines_is_told(project: Project) -> None:
    """A merge follows a file that was renamed, and none that was copied."""
    clone = project.clone
    edited = APP.replace("value_1 = 1\n", "value_1 = 11\n")
    unlike = "value_15 = 15\n" + "".join(f"other {number}\n" for number in range(30))
    assert clone.hotfix("start", "4711").code == 0
    clone.branch("feature/copied", "develop", "copy", {"old/app.py": APP, "new/edited.py": edited, "unlike.py": unlike})
    clone.branch("feature/moved", "develop", "move", {"app.py": None, "moved.py": APP})
    clone.branch("feature/same", "develop", "copy", {"old/app.py": APP, "app.txt": APP, "mended.py": FIX})
    clone.commit("fix 4711", {"app.py": FIX})
    answer = clone.hotfix("finish", "--dry-run", "--format", "json")
    told = {
        each["ref"].removeprefix("refs/heads/"): each["copies"] for each in answer.json["targets"] if "copies" in each
    }
    old, new = ({"path": path, "of": "app.py"} for path in ("old/app.py", "new/edited.py"))
    assert told == {"feature/copied": [new, old], "feature/same": [old]}
    said = clone.hotfix("finish")
    assert [row for row in said.out.splitlines() if row.startswith("note: ")] == [
        "note: new/edited.py is a copy of app.py and keeps what the fix replaces, in feature/copied",
        "note: old/app.py is a copy of app.py and keeps what the fix replaces, in feature/copied, feature/same",
    ], said.out  # fmt: skip
    assert project.remote.tree("feature/moved")["moved.py"] == FIX


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "status"),
    [
        ({"pay.conf": PAY.replace("pay 5 = 5\n", "pay 5 = 5\nmore = 1\n")}, "not-affected"),  # its context is nowhere
        ({"pay.conf": FIXED, "README.md": "an app, mended\n"}, "conflict"),  # one file of several is missing
        ({"pay.conf": FIXED, "added.txt": "new\n"}, "not-affected"),
        ({"added.txt": "new\n"}, "merged"),  # what only adds belongs to who has none of it
        ({"pay.conf": PAY.replace("pay 5 = 5\n", "")}, "not-affected"),
    ],
)
def test_of_other_fixes(billed: Repo, files: dict[str, str | None], status: str) -> None:
    billed.git("reset", "-q", "--hard", "v1.4.3")
    billed.commit("fix 4711", files)
    found = billed.hotfix("finish", "--format", "json").targets
    assert {found[name][1] for name in TARGETS if name != "develop"} == {status}
