"""GitPython's runner is loaded alone, and answers as the whole of GitPython would."""

from __future__ import annotations

import subprocess
import sys


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def test_only_the_runner_is_loaded() -> None:
    code = "import sys; from git_hotfix.git.gitpython import runner; runner(); print('git.repo' in sys.modules)"
    assert run(code) == "False"


def test_it_is_gitpythons_own() -> None:
    code = (
        "from git_hotfix.git.gitpython import runner; import inspect, importlib.metadata as m;"
        "file = inspect.getfile(runner());"
        "print(any(str(m.distribution('GitPython').locate_file(each)) == file for each in m.files('GitPython')))"
    )
    assert run(code) == "True"


def test_what_is_loaded_already_is_taken() -> None:
    code = "import git; from git_hotfix.git.gitpython import runner; print(runner() is git.cmd.Git, git.Repo.__name__)"
    assert run(code) == "True Repo"


def test_git_that_is_missing_is_said() -> None:
    code = (
        "import os, pathlib; os.environ['PATH'] = '/nonexistent'\n"
        "from git_hotfix.git.run import Git\nfrom git_hotfix.errors import Failure\n"
        "try: Git(pathlib.Path.cwd()).run('version')\nexcept Failure as failure: print(failure.message)"
    )
    assert run(code) == "git is not on PATH"
