"""The policy reader: what is read, and every mistake with its file, line, key and the expected type."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from git_hotfix.gates import all_gates
from git_hotfix.gates.max_files import Options as MaxFiles
from git_hotfix.gates.max_lines import Options as MaxLines
from git_hotfix.model.policy import (
    Approvals,
    Backport,
    BranchRule,
    Files,
    GatePolicy,
    Merge,
    Messages,
    Policy,
    PolicyProblem,
    Production,
    TagRules,
    Waivers,
)
from git_hotfix.policy.parse import OWN_FILE, SHARED_FILE, read_policy
from git_hotfix.policy.write import dump, dump_commented

GATES = {gate.id: (gate.options, gate.severity) for gate in all_gates()}
HOLDS = "; the default holds"
KNOWN = "{issue}, {title}, {branch}, {target}, {base}, {severity}"


def reading(text: str | bytes, file: str = OWN_FILE, **others: bytes) -> Any:
    content = text if isinstance(text, bytes) else text.encode()
    return read_policy({file: content, **others}, gates=GATES, version="1.2.0")


def test_no_document_no_policy() -> None:
    assert read_policy({}, gates=GATES, version="1") == (Policy(), (), None)
    assert reading("", SHARED_FILE) == (Policy(), (), None)
    assert reading("[tool.ruff]\nline-length = 1\n", SHARED_FILE) == (Policy(), (), None)


WHOLE = """\
release-tags = ["prod-*"]
tag = "hotfix-{issue}"
deploy = "branch"
support = []
requires = ">=1.2"
budget = "90m"
keep-branch = true
[production]
strategy = "squash"
[messages]
merge = "chore: {branch} into {target}"
tag = "{tag}: {title}"
[backport]
targets = ["<develop>"]
exclude = ["feature/old"]
active-within = 3600
strategy = "merge"
deliver = "pull-request"
source = "tag"
chunk = 10
offer-prefix = "bugfix/to-"
[backport.branches."release/*"]
strategy = "cherry-pick"
tag = "auto"
[backport.branches."<develop>"]
deliver = "push"
[files]
tests = ["t/"]
[merge]
renormalize = true
directory-renames = "true"
[tags]
floating = ["v{major}"]
[waivers]
need-approval = 2
[approvals]
roles = ["Security"]
signed = true
signers = "keys/people"
[gates.max-files]
severity = "warn"
waivable = false
allow = ["gen/"]
max = 3
warn = 3
[gates.max-lines]
severity = "off"
"""
EXPECTED = Policy(
    release_tags=("prod-*",),
    tag="hotfix-{issue}",
    deploy="branch",
    support=(),
    requires=">=1.2",
    budget=5400,
    keep_branch=True,
    production=Production("squash"),
    messages=Messages(merge="chore: {branch} into {target}", tag="{tag}: {title}"),
    backport=Backport(
        ("<develop>",),
        ("feature/old",),
        3600,
        "merge",
        "pull-request",
        "tag",
        10,
        "bugfix/to-",
        branches={"release/*": BranchRule("cherry-pick", None, "auto"), "<develop>": BranchRule(deliver="push")},
    ),
    files=Files(tests=("t/",)),
    merge=Merge(renormalize=True, directory_renames="true"),
    tags=TagRules(("v{major}",)),
    waivers=Waivers(need_approval=2),
    approvals=Approvals(roles=("Security",), signed=True, signers="keys/people"),
    gates={
        "max-files": GatePolicy("warn", ("gen/",), MaxFiles(max=3, warn=3), waivable=False),
        "max-lines": GatePolicy("off", (), MaxLines()),
    },
)


def test_every_setting() -> None:
    assert reading(WHOLE) == (EXPECTED, (), OWN_FILE)
    shared = WHOLE.replace("[", "[tool.git-hotfix.", 1) if WHOLE.startswith("[") else WHOLE
    shared = "[tool.git-hotfix]\n" + "".join(
        f"[tool.git-hotfix.{line[1:]}" if line.startswith("[") else line for line in shared.splitlines(keepends=True)
    )
    assert reading(shared, SHARED_FILE) == (EXPECTED, (), SHARED_FILE)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ('[messages]\nmerge = "{ticket}"', f'{{ticket}} is not a placeholder; known here: {KNOWN}, found "{{ticket}}"'),
        ('[messages]\nmerge = "{tag}"', f'{{tag}} is not a placeholder; known here: {KNOWN}, found "{{tag}}"'),
        ('[messages]\ntag = " \\nbody"', 'the first line of a message says what it is, found " \\nbody"'),
        ('[messages]\nsquash = "a\\u0007"', 'a message holds no control characters, found "a\\u0007"'),
        ('[backport]\noffer-prefix = "hotfix/to-"', "branches below hotfix/ are hotfixes themselves, "
                                                    'found "hotfix/to-"'),
        ('[backport]\noffer-prefix = "a b/"', "it holds ' ', found \"a b/\""),
    ],
)  # fmt: skip
def test_a_template_or_prefix_that_cannot_be_used_keeps_the_default(text: str, wrong: str) -> None:
    policy, [problem], _ = reading(text)
    key = text.split("\n")[0].strip("[]") + "." + text.split("\n")[1].split(" ")[0]
    assert (policy, problem) == (
        Policy(), PolicyProblem(OWN_FILE, 2, key, f"{OWN_FILE}:2: {key}: {wrong}{HOLDS}", fatal=True),
    )  # fmt: skip


def test_its_own_file_wins() -> None:
    others = {SHARED_FILE: b"[tool.git-hotfix]\ntag = 'x'\n"}
    assert reading("budget = 60", **others) == (Policy(budget=60), (), OWN_FILE)
    assert reading("", **others) == (Policy(), (), OWN_FILE)


@pytest.mark.parametrize(
    ("text", "key", "line", "message", "fatal"),
    [
        ("\nrelease-tag = []", "release-tag", 2, "unknown key; did you mean release-tags?", False),
        ("release_tags = []", "release_tags", 1, "unknown key; did you mean release-tags?", False),
        ("[gates.max-file]\nmax = 1", "gates.max-file", 1, "no such gate; did you mean max-files?", False),
        ("[gates.max-files]\nmaxi = 1", "gates.max-files.maxi", 2, "unknown key; did you mean max?", False),
        ("[gates.max-files]\n\nmax = true", "gates.max-files.max", 3,
         "expected a whole number from 0 up, found true" + HOLDS, True),
        ("gates.max-files.max = -1", "gates.max-files.max", 1,
         "expected a whole number from 0 up, found -1" + HOLDS, True),
        ("gates = 3", "gates", 1, "expected a table, found 3", True),
        ("gates.base = 'off'", "gates.base", 1, 'expected a table, found "off"', True),
        ("release-tags = 'v*'", "release-tags", 1, 'expected a list of strings, found "v*"' + HOLDS, True),
        ("release-tags = [1]", "release-tags", 1, "expected a list of strings, found [1]" + HOLDS, True),
        ("tag = ''", "tag", 1, 'expected a string that is not empty, found ""' + HOLDS, True),
        ("deploy = 'x'", "deploy", 1, 'expected one of "branch", "tag", found "x"' + HOLDS, True),
        ("[backport]\nactive-within = '9 weeks'", "backport.active-within", 2,
         'expected a duration such as "90d", "2h", "30m" or whole seconds from 0 up, found "9 weeks"' + HOLDS, True),
        ("backport = {chunk = 0}", "backport.chunk", 1,
         "expected a whole number from 1 to 1000, found 0" + HOLDS, True),
        ("backport.branches = 'x'", "backport.branches", 1, 'expected a table, found "x"', True),
        ("[backport.branches]\n'a/*' = 1", "backport.branches.a/*", 2, "expected a table, found 1", True),
        ('[backport.branches."a/*"]\ntags = "x"', "backport.branches.a/*.tags", 2,
         "unknown key; did you mean tag?", False),
        ("backport = 'x'", "backport", 1, 'expected a table, found "x"', True),
        ("requires = '>=9'", "requires", 1, "this policy needs git-hotfix >=9, this is 1.2.0", True),
        ("requires = 'nine'", "requires", 1, 'expected versions such as ">=1.2", found "nine"', True),
    ],
)  # fmt: skip
def test_a_mistake_leaves_the_default(text: str, key: str, line: int, message: str, fatal: bool) -> None:
    policy, problems, file = reading(text)
    kept = replace(policy, gates={}, requires=None, backport=replace(policy.backport, branches={}))
    assert (kept, file) == (Policy(), OWN_FILE)
    assert problems == (PolicyProblem(OWN_FILE, line, key, f"{OWN_FILE}:{line}: {key}: {message}", fatal),)


def test_a_box_that_does_not_exist_is_named_with_the_nearest_and_the_others_are_still_needed() -> None:
    text = (
        '[boxes.error-service]\ntext = "x"\n[needs]\nfinish = ["smoke", "smok-live", "eror-service"]\nclose = ["q"]\n'
    )
    policy, problems, _ = reading(text)
    assert (policy.needs.finish, policy.needs.close) == (("smoke",), ())
    assert [(each.line, each.message.partition(": ")[2], each.fatal) for each in problems] == [
        (4, 'needs.finish: there is no box "smok-live"; did you mean smoke-live?', True),
        (4, 'needs.finish: there is no box "eror-service"; did you mean error-service?', True),
        (5, 'needs.close: there is no box "q"', True),
    ]


@pytest.mark.parametrize(
    ("id", "wrong"),
    [
        ("smoke", "is a name of the tool's own; give the box another one"),
        ("verified", "is a name of the tool's own; give the box another one"),
        ("released", "is a name of the tool's own; give the box another one"),
        ("a b|c", "expected the id of a box, such as smoke"),
        ("--help", "expected the id of a box, such as smoke"),
        ("x\\u001b[2J", "expected the id of a box, such as smoke"),
    ],
)
def test_a_box_of_a_team_has_a_plain_name_of_its_own(id: str, wrong: str) -> None:
    policy, problems, _ = reading(f'[boxes."{id}"]\ntext = "t"\n[boxes.mine]\n')
    assert [*policy.boxes] == ["mine"]
    assert [(each.message.partition(": ")[2].endswith(f": {wrong}"), each.fatal) for each in problems] == [(True, True)]


@pytest.mark.parametrize(
    ("when", "read", "wrong"),
    [
        ('"src/**"', ("src/**",), []),
        ('["src/**", "*.sql"]', ("src/**", "*.sql"), []),
        ("3", (), [f"boxes.a.when: expected a string or a list of strings, found 3{HOLDS}"]),
        ('""', (), [f'boxes.a.when: expected a string or a list of strings, found ""{HOLDS}']),
    ],
)
def test_one_pattern_of_a_box_needs_no_list(when: str, read: tuple[str, ...], wrong: list[str]) -> None:
    policy, problems, _ = reading(f"[boxes.a]\nwhen = {when}\n")
    assert policy.boxes["a"].when == read
    assert [each.message.partition(": ")[2] for each in problems] == wrong


def test_one_mistake_spoils_one_key_only() -> None:
    policy, problems, _ = reading("tag = 3\nbudget = '1h'\n[gates.max-files]\nmax = 'x'\nwarn = 2\n")
    assert policy == Policy(budget=3600, gates={"max-files": GatePolicy("block", (), MaxFiles(warn=2))})
    assert [(problem.line, problem.key, problem.fatal) for problem in problems] == [
        (1, "tag", True),
        (4, "gates.max-files.max", True),
    ]


@pytest.mark.parametrize("content", [b"tag = ", b"\xff", b"a = " + b"[" * 5000, b"x" * 2_000_000])
def test_a_document_that_cannot_be_read_is_fatal_and_the_defaults_hold(content: bytes) -> None:
    policy, (problem,), file = reading(content)
    assert (policy, file, problem.file, problem.key, problem.fatal) == (Policy(), OWN_FILE, OWN_FILE, "", True)
    assert problem.message.startswith(".git-hotfix.toml cannot be read, the defaults hold: ")


def test_the_line_of_a_syntax_error() -> None:
    _, (problem,), _ = reading("tag = 'x'\nbudget = = 3\n")
    assert problem.line == 2


def test_a_broken_pyproject_matters_only_where_it_holds_a_policy() -> None:
    assert reading("[project\n", SHARED_FILE) == (Policy(), (), None)
    policy, (problem,), file = reading("[project\n[tool.git-hotfix]\n", SHARED_FILE)
    assert (policy, file, problem.fatal) == (Policy(), SHARED_FILE, True)


def test_a_policy_that_is_no_table() -> None:
    message = "pyproject.toml:2: tool.git-hotfix: expected a table"
    _, problems, _ = reading("[tool]\ngit-hotfix = 3", SHARED_FILE)
    assert [problem.message for problem in problems] == [message]


def test_dump_writes_the_difference_only() -> None:
    assert dump(Policy()) == ""
    policy = Policy(
        release_tags=('a"\\b', "\x7f"),
        budget=5400,
        backport=Backport(active_within=30 * 86400),
        gates={"max-files": GatePolicy("block", (), MaxFiles(max=3))},
    )
    assert dump(policy, gates=GATES) == (
        'release-tags = ["a\\"\\\\b", "\\u007f"]\nbudget = "90m"\n\n'
        '[backport]\nactive-within = "30d"\n\n'
        "[gates.max-files]\nmax = 3\n"
    )


TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), min_size=1, max_size=8)
LISTS = st.lists(TEXTS, max_size=3).map(tuple)
POLICIES = st.builds(
    Policy,
    release_tags=LISTS,
    tag=TEXTS,
    deploy=st.sampled_from([None, "branch", "tag"]),
    budget=st.integers(1, 10**6),
    backport=st.builds(
        Backport,
        targets=LISTS,
        active_within=st.integers(0, 10**7),
        chunk=st.integers(1, 1000),
        branches=st.dictionaries(TEXTS, st.builds(BranchRule, deliver=st.just("push"), tag=TEXTS), max_size=2),
    ),
    files=st.builds(Files, docs=LISTS),
    waivers=st.builds(Waivers, need_approval=st.integers(0, 9)),
    approvals=st.builds(Approvals, signed=st.booleans(), signers=TEXTS),
    gates=st.fixed_dictionaries(
        {
            "max-files": st.builds(
                GatePolicy,
                severity=st.sampled_from(["block", "warn", "off"]),
                allow=LISTS,
                options=st.builds(MaxFiles, max=st.integers(0, 99)),
                waivable=st.booleans(),
            )
        }
    ),
)


@settings(max_examples=60, deadline=None)
@given(POLICIES)
def test_what_is_dumped_is_read_back(policy: Policy) -> None:
    assert reading(dump(policy)) == (policy, (), OWN_FILE)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="replace")))
def test_no_document_crashes_the_reader(content: bytes) -> None:
    for file in (OWN_FILE, SHARED_FILE):
        policy, problems, _ = reading(content, file)
        assert isinstance(policy, Policy)
        assert all(problem.message and problem.file == file for problem in problems)


def starter(policy: Policy) -> str:
    return dump_commented(policy, gates=GATES, summaries={gate.id: gate.summary for gate in all_gates()})


def test_a_starter_policy_changes_nothing_and_names_every_setting() -> None:
    policy, problems, _ = reading(starter(Policy()))
    assert (replace(policy, gates={}), problems) == (Policy(), ())
    usual = {id: GatePolicy(severity, (), options()) for id, (options, severity) in GATES.items()}
    assert policy.gates == usual
    assert max(len(line) for line in starter(Policy()).splitlines() if not line.endswith("]")) <= 120


def test_every_setting_of_a_starter_policy_can_be_taken_as_it_stands() -> None:
    """With each # before a key or a header taken away it is read without a mistake."""
    text = re.sub(r"^# (?=\[|[a-z-]+ = )", "", starter(Policy()), flags=re.MULTILINE)
    policy, problems, _ = reading(text.replace('requires = ">=0.1"', 'requires = ">=0.1,<9"'))
    assert problems == ()
    assert policy.backport.branches == {"<pattern>": BranchRule("auto", "push", "auto")}
    assert (policy.deploy, policy.messages.squash) == ("branch", "fix: {title} ({issue})")


def test_what_a_team_has_set_holds_in_its_starter_policy() -> None:
    policy, problems, _ = reading(starter(EXPECTED))
    assert (replace(policy, gates={}), problems) == (replace(EXPECTED, gates={}), ())
    assert {id: policy.gates[id] for id in EXPECTED.gates} == EXPECTED.gates
