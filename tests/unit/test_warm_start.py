"""A call of the warm process answers as a real start does."""

from __future__ import annotations

import os
import sys

import pytest
from building import Project
from sandbox import nursery

LINE = "refs/heads/x {0} refs/heads/hotfix/4711 {1}\n"


@pytest.mark.parametrize(
    ("words", "stdin"),
    [
        (["--version"], ""),
        ([], ""),
        (["start", "-h"], ""),
        (["nonsense"], ""),
        (["finish", "--nonsense"], ""),
        (["check"], ""),
        (["check", "--format", "json", "4711"], ""),
        (["verify-push", "origin", "url"], "nonsense\n"),
        (["verify-push", "origin", "url"], LINE),
        (["completion", "bash"], ""),
    ],
)
def test_the_same_answer(fixed: Project, words: list[str], stdin: str) -> None:
    clone = fixed.clone
    stdin = stdin.format(clone.tip("develop"), "0" * 40)
    environment = {**os.environ, **clone.environment, "MARK": "\udcff"}
    assert nursery().serves(environment)
    code, out, err = nursery().run(words, clone.path, environment, stdin.encode())
    real = clone.run(sys.executable, "-m", "git_hotfix", *words, stdin=stdin, env={"MARK": "\udcff"})
    assert (code, out.decode(), err.decode()) == (real.code, real.out, real.err)


@pytest.mark.parametrize("name", ["PATH", "LC_ALL", "LANG", "PYTHONUTF8", "GIT_PYTHON_GIT_EXECUTABLE"])
def test_what_a_start_reads_is_started(sealed: None, name: str) -> None:
    assert nursery().serves(os.environ)
    assert not nursery().serves({**os.environ, name: "x"})
