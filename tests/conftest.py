"""The sealed environment of every test, and the projects that flows start from."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from building import Project, Templates
from sandbox import sealed_environment

# Whoever runs the tests in the background, or by nohup, passes these on as ignored; the tests send them.
for _number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(_number) is signal.SIG_IGN:
        signal.signal(_number, signal.default_int_handler if _number == signal.SIGINT else signal.SIG_DFL)

HANGS = 120  # seconds; the slowest test takes a tenth of it on a busy machine


@pytest.fixture(scope="session", autouse=True)
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No configuration, hook variable, locale or home of whoever runs the tests reaches git or the tool."""
    before = dict(os.environ)
    home = tmp_path_factory.mktemp("home")
    os.environ.clear()
    os.environ.update(sealed_environment(before, home))
    yield
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(autouse=True)
def watchdog() -> Iterator[None]:
    """A hang fails its test, and is no reason to wait for an hour. No test is a stopwatch: speed lives in bench/."""

    def late(number: int, frame: object) -> None:
        raise TimeoutError(f"hangs: not done after {HANGS} s")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(HANGS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session")
def templates(sealed: None, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    return Templates(tmp_path_factory.mktemp("templates"))


@pytest.fixture
def project(templates: Templates, tmp_path: Path) -> Project:
    """A remote and a clone of it, on develop; see `building.Project`."""
    return templates.copy("plain", tmp_path)


@pytest.fixture
def fixed(templates: Templates, tmp_path: Path) -> Project:
    """The project after `git hotfix start 4711` and one committed line; on hotfix/4711."""
    return templates.copy("fixed", tmp_path)
