"""A private git directory that borrows the repository's objects.

Merging and diffing obey the `.gitattributes` of the tree that is checked out and the configuration of whoever runs
them; a verdict or a merge must not. In here there is no configuration, no attribute and no reference: only objects.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from git_hotfix.git.objects import Objects
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git
from git_hotfix.model.frozen import replace

_PINS = (
    "core.attributesFile=/dev/null", "core.quotePath=false", "color.ui=false", "gc.auto=0", "diff.renameLimit=1000",
    "merge.renameLimit=7000", "merge.conflictStyle=merge", "merge.directoryRenames=conflict", "core.fsmonitor=false",
    "core.warnAmbiguousRefs=false",
)  # fmt: skip
RENORMALIZE = "merge.renormalize=true"


def merge_settings(*, renormalize: bool, directory_renames: str) -> tuple[str, ...]:
    """The configuration under which every merge of a command is made."""
    return (*((RENORMALIZE,) if renormalize else ()), f"merge.directoryRenames={directory_renames}")


@contextlib.contextmanager
def private_git_dir(repository: Repository, *, keep: bool, config: Sequence[tuple[str, str]] = ()) -> Iterator[Git]:
    """git in a private directory.

    With `keep` new objects go into the repository; without, they go into the private directory and vanish with it.
    `config` is the only configuration that holds; in a partial clone what git needs to fetch a missing object is added.
    """
    config = (*config, *_promise(repository))
    with tempfile.TemporaryDirectory(prefix=f"git-hotfix-{os.getpid()}-") as folder:
        top = Path(folder)
        (top / "objects").mkdir()
        (top / "refs").mkdir()
        (top / "HEAD").write_text("ref: refs/heads/nothing\n")
        (top / "config").write_text(format_of(repository))
        real = str(repository.common_dir / "objects")
        environment = {
            "GIT_DIR": folder,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_SYSTEM": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_PARAMETERS": "",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_CONFIG_COUNT": str(len(config)),
        }
        if "GIT_REFERENCE_BACKEND" in os.environ:  # git 2.54: it overrules a repository's own format, this one's too
            environment["GIT_REFERENCE_BACKEND"] = "files"
        for number, (key, value) in enumerate(config):
            environment[f"GIT_CONFIG_KEY_{number}"] = key
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        if keep:
            environment["GIT_OBJECT_DIRECTORY"] = real
        else:
            environment["GIT_OBJECT_DIRECTORY"] = str(top / "objects")
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = real
        git = Git(top, environment, _PINS)
        renew_shallow(repository, git)
        objects = Objects(git)
        try:
            yield replace(git, objects=objects)
        finally:
            objects.close()


def renew_shallow(repository: Repository, git: Git) -> None:
    """Let the private directory hide the history that the repository hides now, after a fetch has changed that."""
    shallow = repository.common_dir / "shallow"
    if shallow.exists():
        shutil.copyfile(shallow, git.cwd / "shallow")
    else:
        (git.cwd / "shallow").unlink(missing_ok=True)
    git.answers.clear()  # of parents and of ancestry
    repository.git.answers.clear()


# What git reads to fetch from a promisor remote: where, through what, and as whom.
_TRANSPORT = ("remote.", "credential.", "http.", "url.", "protocol.", "core.sshcommand", "core.askpass", "extensions.")


def _promise(repository: Repository) -> list[tuple[str, str]]:
    if not repository.is_partial:
        return []
    settings = repository.config.items()
    return [(key, value) for key, values in settings if key.startswith(_TRANSPORT) for value in values]


def format_of(repository: Repository) -> str:
    """The beginning of a configuration file under which git reads the objects of `repository`."""
    if repository.object_format == "sha1" and not repository.is_partial:
        return "[core]\n\trepositoryformatversion = 0\n\tbare = true\n"
    extension = f"[extensions]\n\tobjectFormat = {repository.object_format}\n"
    if repository.setting("extensions.partialClone"):
        extension += f"\tpartialClone = {repository.setting('extensions.partialClone')}\n"
    return "[core]\n\trepositoryformatversion = 1\n\tbare = true\n" + extension
