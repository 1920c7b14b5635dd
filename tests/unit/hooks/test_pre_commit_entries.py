"""`.pre-commit-hooks.yaml` says what the registry of gates says."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from git_hotfix.gates import all_gates
from git_hotfix.hooks.pre_commit_entries import render

FILE = Path(__file__).parents[3] / ".pre-commit-hooks.yaml"


def test_the_checked_in_file_is_what_the_gates_say() -> None:
    """To write it anew, from the top of the checkout: python tests/unit/hooks/test_pre_commit_entries.py"""
    assert FILE.read_text("utf-8") == text()


def text() -> str:
    return render([(gate.id, gate.summary) for gate in all_gates()])


def test_one_entry_for_all_gates_and_one_for_each() -> None:
    assert render([("max-files", 'few "production" files: 10')]).partition("- id")[2] == (
        """: git-hotfix
  name: "git-hotfix"
  description: "All gates of a hotfix, on the ref of the push that pre-commit shows."
  entry: git-hotfix pre-commit
  language: python
  stages: [pre-push]
  pass_filenames: false
  always_run: true
  verbose: true
- id: git-hotfix-max-files
  name: "git-hotfix: max-files"
  description: "One gate of a hotfix: few \\"production\\" files: 10."
  entry: git-hotfix pre-commit --only max-files
  language: python
  stages: [pre-push]
  pass_filenames: false
  always_run: true
  verbose: true
"""
    )


def test_pre_commit_itself_finds_the_file_valid() -> None:
    if shutil.which("pre-commit") is None:
        pytest.skip("pre-commit is not installed")
    done = subprocess.run(["pre-commit", "validate-manifest", str(FILE)], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "")


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
