"""A new gate, a new manifest reader and a new format are one file each: nothing else is edited."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from building import Project
from sandbox import Answer

import git_hotfix

GATE = '''
from git_hotfix.model.frozen import field, frozen
from git_hotfix.gates.registry import Gate
from git_hotfix.model.verdict import Finding, Judgement

@frozen
class Options:
    """`[gates.terse]`. Nobody measured it."""
    max: int = field(default=0, metadata={"doc": "letters in all subjects", "source": "taste"})

def check(facts, options):
    loud = sum(len(commit.subject) for commit in facts.commits)
    findings = (Finding("too loud"),) if loud > options.max else ()
    return Judgement(f"{loud} letters", f"{options.max} letters", findings)

GATE = Gate("terse", "short subjects", check, Options, order=99)
'''
READER = """
from git_hotfix.dependencies.path_table import globs
from git_hotfix.dependencies.registry import Dependency, Manifest, Reader

def read(path, content):
    names = content.decode("ascii").split()
    return Manifest(names={name: Dependency(name, line=1) for name in names})

READER = Reader("cobol", manifests=(globs("COPYBOOKS"),), read=read)
"""
FORMAT = """
def render(report):
    return "status=" + ("good" if report.verdict.passed else "bad")
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the program that files can be put into."""
    source = Path(git_hotfix.__file__).parent
    shutil.copytree(source, tmp_path / "copy" / "git_hotfix", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "copy" / "git_hotfix"


def run(package: Path, project: Project, *arguments: str) -> Answer:
    environment = {"PYTHONPATH": str(package.parent), "PATH": os.environ["PATH"]}
    return project.clone.run(sys.executable, "-m", "git_hotfix", *arguments, env=environment)


def test_a_gate(package: Path, fixed: Project) -> None:
    (package / "gates" / "terse.py").write_text(GATE)
    answer = run(package, fixed, "check", "--format", "json")
    found = next(gate for gate in answer.json["gates"] if gate["id"] == "terse")
    assert (found["severity"], found["status"], found["limit"]) == ("block", "fail", "0 letters")
    assert answer.code == 1
    fixed.clone.git("branch", "quiet", "origin/main")
    tree = fixed.linked("quiet", "quiet")
    tree.commit("allow it", {".git-hotfix.toml": "[gates.terse]\nmax = 50\n"})
    assert run(package, fixed, "check", "--only", "terse", "--policy-from", "quiet").code == 0
    assert run(package, fixed, "waive", "terse", "--reason", "the pager talks a lot").code == 0


def test_a_manifest_reader(package: Path, fixed: Project) -> None:
    (package / "dependencies" / "ecosystems" / "cobol.py").write_text(READER)
    fixed.clone.commit("Fix 4711: use it", {"COPYBOOKS": "LEDGER\n"})
    answer = run(package, fixed, "check", "--format", "json")
    found = next(gate for gate in answer.json["gates"] if gate["id"] == "new-dependency")
    assert [(each["message"], each["path"]) for each in found["findings"]] == [("new dependency LEDGER", "COPYBOOKS")]


def test_a_format(package: Path, fixed: Project) -> None:
    (package / "report" / "formats" / "one_word.py").write_text(FORMAT)
    answer = run(package, fixed, "check", "--format", "one_word")
    assert (answer.code, answer.out) == (0, "status=good\n")
