"""What is checked out where HEAD names no branch, as CI does it."""

from __future__ import annotations

from git_hotfix.git.run import Git
from git_hotfix.model.names import Oid
from git_hotfix.model.snapshot import Checkout


def read_checkout(git: Git) -> Checkout | None:
    """The commit that HEAD names, with its parents as they are written in it: a shallow clone, where `HEAD^2` is
    nothing, still has their ids. None where HEAD names no commit yet."""
    answer = git.run("cat-file", "--batch", stdin=b"HEAD\n", check=False)
    first, _, content = answer.text.partition("\n")
    if answer.code != 0 or first.endswith(" missing"):
        return None
    head, _, message = content.partition("\n\n")
    parents = tuple(Oid(line[len("parent ") :]) for line in head.split("\n") if line.startswith("parent "))
    return Checkout(Oid(first.split(" ")[0]), parents, message.partition("\n")[0])
