"""Attributes, settings and variables of whoever runs a delivery change nothing that is delivered.

Each hostile surrounding is held against the same hotfix without it: the trees, messages and encodings on the remote,
the strategies, the conflicts. `test_odd_files.py` has the settings that bend a diff.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from building import APP, FIX, Project, Templates, on_disk
from sandbox import Answer, Repo

CLASH = APP.replace("value_15 = 15", "value_15 = 0")
SOLVED = APP.replace("value_15 = 15", 'value_15 = "zero"')
LIBRARY = {f"lib/{name}.py": "".join(f"{name}_{line} = {line}\n" for line in range(1, 13)) for name in ("one", "two")}
POLICY = "[backport]\nkeep-target = []\n"
Outcome = dict[str, Any]


def built(templates: Templates, root: Path) -> Project:
    """A hotfix of two commits, and targets of which each needs something that a setting could take away: a rename, a
    directory that moved, a pick instead of a merge, and conflicts of four kinds."""
    project = templates.copy("plain", root)
    clone = project.clone
    for gone in ("release/1.5", "feature/login", "feature/search", "feature/old"):
        clone.git("push", "-q", "origin", f":refs/heads/{gone}")
    clone.branch("release/1.0", "v1.4.1", "one line more", {"app.py": "# an old line\n" + CLASH})
    clone.branch("release/1.4", "v1.4.2", "the library", dict(LIBRARY))
    clone.git("switch", "-q", "main")
    clone.commit("release 1.4.3", {**LIBRARY, "extra.txt": "extra\n", ".git-hotfix.toml": POLICY})
    clone.git("push", "-q", "origin", "main")
    clone.tag("v1.4.3")
    tree = clone.git("merge-tree", "--write-tree", "origin/develop", "main")
    made = clone.git("commit-tree", tree, "-p", "origin/develop", "-p", "main", "-m", "take main in")
    clone.git("push", "-q", "origin", f"{made}:refs/heads/develop")
    clone.branch("feature/clash", "v1.4.3", "clash", {"app.py": CLASH})
    clone.branch("feature/renamed", "v1.4.3", "rename", {"app.py": None, "core.py": APP + "last = 1\n"})
    moved = {**dict.fromkeys(LIBRARY), **{name.replace("lib", "pkg"): text for name, text in LIBRARY.items()}}
    clone.branch("feature/moved", "v1.4.3", "move", moved)
    clone.branch("feature/gone", "v1.4.3", "delete", {"app.py": None})
    clone.git("fetch", "-q")
    assert clone.hotfix("start", "4711", "-m", "Größe fails").code == 0
    clone.commit("fix the größe\n\nIt was 15.\n\nReviewed-by: Grace <grace@example.org>", {"app.py": FIX})
    clone.commit("#12: a second part", {"lib/one.py": LIBRARY["lib/one.py"] + "more = 1\n", "lib/new.txt": "new\n"})
    return project


@pytest.fixture(scope="module")
def template(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Project:
    return built(templates, tmp_path_factory.mktemp("hostile"))


def copied(template: Project, root: Path) -> Project:
    for part in ("home", "tmp", "remote.git", "clone"):
        shutil.copytree(template.root / part, root / part, symlinks=True)
    config = root / "clone" / ".git" / "config"
    config.write_text(config.read_text().replace(str(template.root), str(root)))
    return on_disk(root, template.dates)


@pytest.fixture
def hotfix(template: Project, tmp_path: Path) -> Project:
    return copied(template, tmp_path)


def commits(remote: Repo, before: Mapping[str, str]) -> dict[str, list[str]]:
    """What every branch got: of each new commit all but its ids and dates, with the tree and any encoding header."""
    found = {}
    for branch, tip in remote.branches().items():
        new = remote.git("rev-list", "--first-parent", "--reverse", tip, f"^{before[branch]}").split()
        raw = [remote.git("cat-file", "commit", oid).partition("\n\n") for oid in new]
        found[branch] = ["\n".join(
            [line for line in head.split("\n") if line.startswith(("tree", "encoding"))]
            + [f"{head.count('parent ')} parents", message]) for head, _, message in raw]  # fmt: skip
    return {branch: made for branch, made in found.items() if made}


def told(answer: Answer) -> list[dict[str, Any]]:
    """The targets of the report without the ids of commits."""
    targets = [{key: each[key] for key in each if key not in ("old", "new")} for each in answer.json["targets"]]
    return [{**each, "reason": re.sub(r"\b[0-9a-f]{7,64}\b", "<id>", each["reason"])} for each in targets]


def delivered(project: Project, env: Mapping[str, str]) -> Outcome:
    """Production first and the targets after it, so that both commands run."""
    before = project.remote.branches()
    first = project.clone.hotfix("finish", "4711", "--no-backport", "--format", "json", env=env)
    assert first.code == 0, first.out + first.err
    second = project.clone.hotfix("backport", "4711", "--format", "json", env=env)
    assert second.code == 4, second.out + second.err
    return {"told": told(second), "commits": commits(project.remote, before)}


def solved(project: Project, env: Mapping[str, str]) -> Outcome:
    """Two conflicts, one of a merge and one of a pick, opened, solved and taken."""
    clone, remote = project.clone, project.remote
    assert clone.hotfix("finish", "4711", "--no-backport", env=env).code == 0
    before = remote.branches()
    found: Outcome = {}
    for branch in ("feature/clash", "release/1.0"):
        opened = clone.hotfix("backport", "4711", "--resolve", branch, env=env)
        assert opened.code == 0, opened.out + opened.err
        there = project.at(f"clone-resolve-{branch.replace('/', '-')}")
        found[branch] = there.git("ls-files", "--unmerged"), opened.out.replace(str(project.root), "")
        for _ in range(2):  # a pick of two commits may stop twice
            for path in there.git("diff", "--name-only", "--diff-filter=U").split():
                (there.path / path).write_text(SOLVED)
                there.git("add", path)
            taken = clone.hotfix("backport", "4711", "--continue", "--format", "json", env=env)
            if not there.path.exists():
                break
        assert not there.path.exists(), taken.err
        found[f"{branch} taken"] = told(taken)
    return {**found, "commits": commits(remote, before)}


@pytest.fixture(scope="module")
def plain(template: Project, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return delivered(copied(template, tmp_path_factory.mktemp("plain")), {})


@pytest.fixture(scope="module")
def plain_solved(template: Project, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return solved(copied(template, tmp_path_factory.mktemp("solved")), {})


@pytest.mark.slow
def test_what_the_others_are_held_against(plain: Outcome, plain_solved: Outcome) -> None:
    assert {each["ref"].removeprefix("refs/heads/"): (each["strategy"], [c["kind"] for c in each["conflicts"]])
            for each in plain["told"]} == {
        "develop": ("merge", []), "release/1.4": ("cherry-pick", []), "feature/renamed": ("merge", []),
        "release/1.0": ("cherry-pick", ["content", "modify/delete"]), "feature/clash": ("merge", ["content"]),
        "feature/gone": ("merge", ["modify/delete"]), "feature/moved": ("merge", ["directory rename suggested"]),
    }  # fmt: skip
    delivered = {"develop", "main", "release/1.4", "feature/renamed"}
    assert set(plain["commits"]) == delivered
    assert set(plain_solved["commits"]) == {*delivered - {"main"}, "feature/clash", "release/1.0"}
    subjects = [each.splitlines()[2] for each in plain_solved["commits"]["release/1.0"]]
    assert subjects == [each.splitlines()[2] for each in plain["commits"]["release/1.4"]]
    assert subjects == ["fix the größe", "#12: a second part"]


ATTRIBUTES = {
    "union": "* merge=union", "ours": "* merge=ours", "binary": "* -merge", "no diff": "*.py -diff",
    "crlf": "* text eol=crlf", "filter": "* filter=evil", "driver": "* merge=custom", "ident": "* ident text=auto",
    "encoding": "* text working-tree-encoding=UTF-16", "marker": "* conflict-marker-size=3",
    "macro": "[attr]evil merge=union -diff\n* evil",
}  # fmt: skip


def with_programs(project: Project) -> Path:
    """A merge driver and a filter in the user's configuration; returns the file that appears when one of them runs."""
    trace = project.root / "ran"
    for key in ("merge.custom.driver", "merge.ours.driver"):
        project.clone.git("config", "--global", key, f"touch '{trace}'; true")
    project.clone.git("config", "--global", "filter.evil.clean", f"touch '{trace}'; tr a-z A-Z")
    project.clone.git("config", "--global", "filter.evil.smudge", f"touch '{trace}'; tr A-Z a-z")
    return trace


def in_the_tree(project: Project, text: str) -> None:
    (project.clone.path / ".gitattributes").write_text(text + "\n")


def in_the_clone(project: Project, text: str) -> None:
    place = project.clone.path / ".git" / "info" / "attributes"
    place.parent.mkdir(exist_ok=True)
    place.write_text(text + "\n")


def of_the_user(project: Project, text: str) -> None:
    place = project.root / "home" / "attributes"
    place.write_text(text + "\n")
    project.clone.git("config", "--global", "core.attributesFile", str(place))


PLACES = {"tree": in_the_tree, "clone": in_the_clone, "user": of_the_user}
QUICK = [("tree", "union"), ("clone", "driver"), ("user", "macro")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "kind"),
    [
        pytest.param(place, kind, marks=() if (place, kind) in QUICK else pytest.mark.slow)
        for place in PLACES
        for kind in ATTRIBUTES
    ],
)
def test_attributes_change_no_delivery(hotfix: Project, plain: Outcome, place: str, kind: str) -> None:
    trace = with_programs(hotfix)
    PLACES[place](hotfix, ATTRIBUTES[kind])
    assert delivered(hotfix, {}) == plain
    # `status` and `diff` of the user's own tree run the filter that the user has there, as git does.
    assert kind == "filter" or not trace.exists()


def refusing_hooks(project: Project) -> str:
    place = project.root / "refusing"
    place.mkdir(exist_ok=True)
    for name in ("pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "pre-merge-commit", "post-merge",
                 "post-checkout", "applypatch-msg", "post-rewrite", "post-index-change"):  # fmt: skip
        (place / name).write_text("#!/bin/sh\nexit 1\n")
        (place / name).chmod(0o755)
    return str(place)


# What git reads when it merges, when it commits, and when it pushes.
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "merge": {
        "merge.default": "union", "merge.renames": "false", "merge.directoryRenames": "true",
        "merge.conflictStyle": "zdiff3", "merge.renormalize": "true", "merge.renameLimit": "1", "diff.renameLimit": "1",
        "diff.algorithm": "histogram", "diff.renames": "false",
    },
    "strategy": {"pull.twohead": "ours", "merge.ff": "only", "merge.autoStash": "true", "merge.branchdesc": "true",
                 "merge.log": "true", "merge.stat": "true", "merge.verbosity": "5", "merge.suppressDest": "*"},
    "signatures": {"merge.verifySignatures": "true", "pull.octopus": "ours", "core.ignoreCase": "true",
                   "core.fileMode": "false", "core.symlinks": "false", "core.trustctime": "false"},
    "lines": {"core.autocrlf": "true", "core.eol": "crlf", "core.whitespace": "cr-at-eol",
              "apply.whitespace": "fix"},
    "messages": {"commit.template": "/nowhere", "core.commentChar": "#", "commit.cleanup": "scissors",
                 "i18n.commitEncoding": "ISO-8859-1", "i18n.logOutputEncoding": "ISO-8859-1", "commit.status": "true",
                 "commit.verbose": "true", "trailer.separators": "#", "format.signOff": "true",
                 "trailer.ifexists": "replace"},
    "comments": {"core.commentChar": "H", "commit.cleanup": "verbatim", "notes.rewriteRef": "refs/notes/*",
                 "core.editor": "false", "sequence.editor": "false", "log.follow": "true", "log.mailmap": "false"},
    "pushes": {"push.default": "nothing", "push.followTags": "true", "push.recurseSubmodules": "only",
               "push.gpgSign": "if-asked", "push.useForceIfIncludes": "true", "remote.pushDefault": "elsewhere",
               "remote.origin.push": "refs/heads/main:refs/heads/wrong", "remote.origin.tagOpt": "--tags",
               "fetch.prune": "true", "fetch.pruneTags": "true", "remote.origin.mirror": "true"},
    "rerere": {"rerere.enabled": "true", "rerere.autoUpdate": "true"},
    "core": {"core.notesRef": "refs/notes/x", "core.logAllRefUpdates": "always", "core.abbrev": "4",
             "core.splitIndex": "true", "core.untrackedCache": "true", "core.sparseCheckout": "true",
             "index.version": "4", "core.multiPackIndex": "false", "core.commitGraph": "false",
             "transfer.fsckObjects": "true", "checkout.defaultRemote": "elsewhere", "checkout.guess": "false",
             "advice.detachedHead": "true", "core.warnAmbiguousRefs": "true", "core.preferSymlinkRefs": "true"},
}  # fmt: skip


def set_globally(project: Project, kind: str) -> None:
    for key, value in SETTINGS[kind].items():
        project.clone.git("config", "--global", key, value)


@pytest.mark.slow
@pytest.mark.parametrize(
    "kind", [pytest.param(kind, marks=() if kind == "merge" else pytest.mark.slow) for kind in SETTINGS]
)
def test_settings_change_no_delivery(hotfix: Project, plain: Outcome, kind: str) -> None:
    set_globally(hotfix, kind)
    assert delivered(hotfix, {}) == plain


@pytest.mark.slow
@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_change_nothing_that_is_solved_by_hand(hotfix: Project, plain_solved: Outcome, kind: str) -> None:
    set_globally(hotfix, kind)
    assert solved(hotfix, {}) == plain_solved


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ["union", "driver", "binary", "marker"])
def test_attributes_hide_no_conflict_from_who_solves_it(
    hotfix: Project, plain_solved: Outcome, place: str, kind: str
) -> None:
    """Where the worktree of a conflict merged by other attributes, it would come to `--continue` as if solved."""
    trace = with_programs(hotfix)
    PLACES[place](hotfix, ATTRIBUTES[kind])
    assert solved(hotfix, {}) == plain_solved
    assert not trace.exists()


@pytest.mark.slow
def test_hooks_that_refuse_stop_no_delivery(hotfix: Project, plain: Outcome) -> None:
    hotfix.clone.git("config", "--global", "core.hooksPath", refusing_hooks(hotfix))
    assert delivered(hotfix, {}) == plain


@pytest.mark.slow
def test_hooks_that_refuse_stop_nobody_who_solves(hotfix: Project, plain_solved: Outcome) -> None:
    hotfix.clone.git("config", "--global", "core.hooksPath", refusing_hooks(hotfix))
    assert solved(hotfix, {}) == plain_solved


VARIABLES = {
    "GIT_MERGE_AUTOEDIT": "yes", "GIT_MERGE_VERBOSITY": "5", "GIT_CHERRY_PICK_HELP": "no", "GIT_EDITOR": "false",
    "GIT_SEQUENCE_EDITOR": "false", "GIT_NOTES_REF": "refs/notes/x", "GIT_REFLOG_ACTION": "evil",
    "GIT_ATTR_SOURCE": "HEAD", "GIT_DEFAULT_HASH": "sha256", "GIT_ICASE_PATHSPECS": "1", "GIT_NOGLOB_PATHSPECS": "1",
    "GIT_INDEX_FILE": "/nowhere/index", "GIT_GRAFT_FILE": "/nowhere",
    "GIT_PREFIX": "x/", "GIT_QUARANTINE_PATH": "/nowhere", "GIT_SHALLOW_FILE": "/x",
    "GIT_REPLACE_REF_BASE": "refs/evil/", "GIT_TRACE": "1", "GIT_TRACE_SETUP": "1", "GIT_CURL_VERBOSE": "1",
    "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "merge.default", "GIT_CONFIG_VALUE_0": "union",
    "GIT_PROGRESS_DELAY": "0", "GIT_ADVICE": "1", "GIT_FLUSH": "1", "GIT_EXTERNAL_DIFF": "false",
    "GIT_AUTHOR_DATE": "2001-01-01T00:00:00Z",
}  # fmt: skip


@pytest.mark.slow
def test_variables_change_no_delivery(hotfix: Project, plain: Outcome) -> None:
    assert delivered(hotfix, VARIABLES) == plain


@pytest.mark.slow
def test_variables_change_nothing_that_is_solved_by_hand(hotfix: Project, plain_solved: Outcome) -> None:
    assert solved(hotfix, VARIABLES) == plain_solved
