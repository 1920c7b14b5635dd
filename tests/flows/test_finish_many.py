"""`finish` for many features: pushed by one pattern, their leases held by one comparison, and nobody can tell."""

from __future__ import annotations

import pytest
from building import FIX, Project

COUNT = 60  # more than are named one by one
NAMES = [f"feature/{number:03}" for number in range(COUNT)]
FIRST, SECOND, THIRD = NAMES[:3]


@pytest.fixture
def many(fixed: Project) -> Project:
    """The fixed project with 60 features more on its remote, of two commits each."""
    stream = []
    for name in NAMES:
        for step in ("one", "two"):
            when = fixed.dates.next()
            start = f"from {fixed.remote.tip('develop')}\n" if step == "one" else ""
            stream.append(f"commit refs/heads/{name}\ncommitter Bob <bob@example.org> {when}\ndata 3\n{step}\n{start}"
                          f"M 100644 inline {name}.txt\ndata 3\n{step}\n")  # fmt: skip
    fixed.remote.git("fast-import", "--quiet", stdin="".join(stream))
    return fixed


def calm(project: Project, *names: str) -> None:
    """Every feature but `names` got the merge on top of where it stood, and nothing is left behind here."""
    tip = project.clone.tip("refs/tags/v1.4.3")
    for name in set(NAMES) - set(names):
        assert project.remote.subjects(name, "--first-parent")[:3] == [
            f"Merge branch 'hotfix/4711' into {name}", "two", "one",
        ]  # fmt: skip
        assert project.remote.tree(name)["app.py"] == FIX
    assert project.remote.tree(tip)["app.py"] == FIX
    assert not project.clone.refs("refs/hotfix/staged/")
    assert not list(project.private_git_dir.glob("git-hotfix-*"))


@pytest.mark.parametrize("verify", [(), ("--no-verify",)])
def test_branches_that_moved_before_the_push(many: Project, verify: tuple[str, ...]) -> None:
    """Went back, deleted, went on: the push of a branch that went back would be a fast-forward without a lease."""
    many.remote.hook(
        "post-receive",
        f'case "$(cat)" in *refs/heads/main*) ;; *) exit 0;; esac\n'
        f"git update-ref refs/heads/{FIRST} refs/heads/{FIRST}^\n"
        f"git update-ref -d refs/heads/{SECOND}\n"
        f'git update-ref refs/heads/{THIRD} "$(git commit-tree {THIRD}^{{tree}} -p {THIRD} -m moved)"',
    )
    answer = many.clone.hotfix("finish", *verify, "--format", "json")
    assert answer.code == 0, answer.err
    found = answer.targets
    assert {name for name in NAMES if found[name] != ("merge", "merged")} == {SECOND}
    assert found[SECOND] == ("merge", "skipped")
    assert many.remote.subjects(FIRST, "--first-parent")[:2] == [f"Merge branch 'hotfix/4711' into {FIRST}", "one"]
    assert SECOND not in many.remote.branches()
    assert many.remote.subjects(THIRD, "--first-parent")[:3] == [
        f"Merge branch 'hotfix/4711' into {THIRD}", "moved", "two",
    ]  # fmt: skip
    calm(many, FIRST, SECOND, THIRD)


@pytest.mark.slow
def test_the_teams_hook_is_run_as_ever(many: Project) -> None:
    """Once for the push, with git's own words, lines and name, and without the setting by which ours was run."""
    told = many.root / "told"
    many.clone.hook(
        "pre-push",
        f'input=$(cat)\ncase "$input" in *{FIRST}*) ;; *) exit 0;; esac\n'
        f'{{ echo "$0 $* $GIT_HOTFIX_RUN $(git config core.hooksPath) $GIT_CONFIG_COUNT $GIT_CONFIG_KEY_0"\n'
        f'echo "$input"; }} >>"{told}"\nexit 1',
    )
    before = many.remote.branches()
    own = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "a.b", "GIT_CONFIG_VALUE_0": "c"}
    answer = many.clone.hotfix("finish", "--format", "json", env=own)
    assert answer.code == 4
    assert {name for name in NAMES if answer.targets[name] == ("merge", "failed")} == set(NAMES)
    first, *lines = told.read_text().splitlines()
    assert first == f".git/hooks/pre-push origin {many.remote.path} 1  1 a.b"
    rows = [line.split(" ") for line in lines]
    assert [(row[2], row[3]) for row in rows if row[2].removeprefix("refs/heads/") in NAMES] == [
        (f"refs/heads/{name}", before[name]) for name in NAMES
    ]
    assert all(many.clone.git("rev-parse", f"{row[1]}^1") == row[3] for row in rows)
    after = many.remote.branches()
    assert {name: after[name] for name in NAMES} == {name: before[name] for name in NAMES}


@pytest.mark.slow
def test_no_verify_runs_none_of_the_teams_hooks(many: Project) -> None:
    many.clone.hook("pre-push", "exit 1")
    answer = many.clone.hotfix("finish", "--no-verify", "--format", "json")
    assert answer.code == 0, answer.err
    calm(many)


@pytest.mark.slow
def test_a_branch_that_the_server_refuses_alone(many: Project) -> None:
    many.remote.hook("update", f'case "$1" in refs/heads/{SECOND}) echo frozen; exit 1;; esac')
    answer = many.clone.hotfix("finish", "--format", "json")
    assert answer.code == 4
    found = answer.targets
    assert {name for name in NAMES if found[name] != ("merge", "merged")} == {SECOND}
    assert found[SECOND] == ("merge", "pending")
    calm(many, SECOND)


@pytest.mark.slow
@pytest.mark.parametrize("missing", ["cmp", "sort"])
def test_a_machine_without_the_programs_that_compare(many: Project, missing: str) -> None:
    """The leases are then named one by one, and hold the same."""
    many.remote.hook(
        "post-receive",
        f'case "$(cat)" in *refs/heads/main*) git update-ref refs/heads/{FIRST} refs/heads/{FIRST}^;; esac',
    )
    folder = many.root / "bin"
    folder.mkdir()
    (folder / missing).write_text("#!/bin/sh\nexit 127\n")
    (folder / missing).chmod(0o755)
    path = many.clone.run("sh", "-c", "echo $PATH").out.strip()
    answer = many.clone.hotfix("finish", "--format", "json", env={"PATH": f"{folder}:{path}"})
    assert answer.code == 0, answer.err
    assert many.remote.subjects(FIRST, "--first-parent")[:2] == [f"Merge branch 'hotfix/4711' into {FIRST}", "one"]
    calm(many, FIRST)


@pytest.mark.slow
def test_hooks_named_on_the_command_line(many: Project) -> None:
    """`git -c core.hooksPath` is stronger than what we can say in the environment: the leases are named one by one."""
    many.remote.hook(
        "post-receive",
        f'case "$(cat)" in *refs/heads/main*) git update-ref refs/heads/{FIRST} refs/heads/{FIRST}^;; esac',
    )
    folder = many.root / "hooks"
    folder.mkdir()
    (folder / "pre-push").write_text(f'#!/bin/sh\ncat >>"{many.root}/told"\n')
    (folder / "pre-push").chmod(0o755)
    answer = many.clone.run("git", "-c", f"core.hooksPath={folder}", "hotfix", "finish", "--format", "json")
    assert answer.code == 0, answer.err
    told = [line.split(" ")[2] for line in (many.root / "told").read_text().splitlines()]
    assert {name for name in NAMES if told.count(f"refs/heads/{name}") == 1} == set(NAMES)
    assert many.remote.subjects(FIRST, "--first-parent")[:2] == [f"Merge branch 'hotfix/4711' into {FIRST}", "one"]
    calm(many, FIRST)
