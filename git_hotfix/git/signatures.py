"""Commits that are signed with ssh keys: writing one, and asking git whose it is.

Neither trusts the configuration of the repository that it works in. A signature is checked in a private directory where
no configuration holds but the one file of keys; so `ssh-keygen` of PATH runs and nothing else. It is made with the
key that git's configuration names, by a program that only the user's own (not the repository's) may name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from git_hotfix.errors import NOT_RECORDED, Failure
from git_hotfix.git import blobs
from git_hotfix.git.commits import Draft
from git_hotfix.git.repository import Repository
from git_hotfix.git.run import Git, decode, encode
from git_hotfix.model.approvals import Signature
from git_hotfix.model.frozen import frozen
from git_hotfix.model.names import Oid
from git_hotfix.model.signers import lines_for

_HEADER = rb"^gpgsig(?:-sha256)? (.*)$"
# The settings by which git would start a program to sign with ssh, and what stands for one that only the repository's
# own configuration sets.
_PROGRAMS = {"gpg.ssh.program": "ssh-keygen", "gpg.ssh.defaultkeycommand": ""}
BROKEN = "its signature does not verify"
"""How the problem begins of a signature that is not that of its object."""
_TRUSTED = ("system", "global", "command")  # scopes of git-config(1) that no clone, archive or checkout can bring


def write(repository: Repository, draft: Draft) -> Oid:
    """Write a commit with an empty tree, signed with the user's ssh key. Raises `Failure` (exit 3) when that fails."""
    empty = repository.git.text("mktree")
    parents = [word for parent in draft.parents for word in ("-p", parent)]
    pins = [
        word for pin in ("gpg.format=ssh", "i18n.commitEncoding=UTF-8", *_programs(repository)) for word in ("-c", pin)
    ]
    answer = repository.git.run(
        *pins, "commit-tree", "-S", *parents, "-F", "-", empty, stdin=encode(draft.message), check=False
    )
    if answer.code != 0:
        raise Failure(
            f"the policy asks for a signature with an ssh key, and git cannot sign: {answer.last_words}",
            hint="name your key: git config --global user.signingKey ~/.ssh/id_ed25519.pub",
            unchanged=NOT_RECORDED,
        )
    return Oid(answer.text)


def _programs(repository: Repository) -> list[str]:
    """Pins of the programs that sign, where the repository's own configuration says one."""
    pieces = repository.git.run("config", "--list", "-z", "--show-scope", "--includes", check=False).out.split(b"\0")
    trusted, doubtful = dict(_PROGRAMS), set()
    for scope, item in zip(pieces[::2], pieces[1::2], strict=False):
        key, _, value = decode(item).partition("\n")
        if key in _PROGRAMS and decode(scope) in _TRUSTED:
            trusted[key] = value
        elif key in _PROGRAMS:
            doubtful.add(key)
    return [f"{key}={trusted[key]}" for key in sorted(doubtful)]


def check(git: Git, commits: Mapping[Oid, str], production: Oid, place: str) -> dict[Oid, Signature]:
    """commit → whether `git verify-commit` finds that a key of its address (the values of `commits`) signed it.

    `git` is a scratch directory's; `place` is the path of the allowed-signers file in the commit `production`.
    """
    listed, *raw = blobs.read(git, ["" if "\n" in place else f"{production}:{place}", *commits])
    pairs = zip(commits.items(), raw, strict=True)
    if listed is None:
        return dict.fromkeys(commits, Signature(problem=f"there is no {place} on production to check it against"))
    signers = _Signers(place, listed)
    return {commit: _check_commit(git, commit, content or b"", mail, signers) for (commit, mail), content in pairs}


@frozen
class _Signers:
    """The file of allowed signers: its path, and what it holds on production."""

    place: str
    content: bytes


def _check_commit(git: Git, commit: Oid, content: bytes, mail: str, signers: _Signers) -> Signature:
    signatures = re.findall(_HEADER, content.partition(b"\n\n")[0], re.MULTILINE)
    if not signatures:
        return Signature(problem="it is not signed")
    if signatures != [b"-----BEGIN SSH SIGNATURE-----"]:
        return Signature(problem="it is not signed with an ssh key")
    return _verify(git, "verify-commit", commit, mail, signers)


def _verify(git: Git, command: str, oid: Oid, mail: str, signers: _Signers) -> Signature:
    own = lines_for(signers.content, mail)
    if own is None:
        return Signature(problem=f"{signers.place} on production lists no key of {mail}")
    file = git.cwd / "signers"
    file.write_bytes(own)
    answer = git.run("-c", f"gpg.ssh.allowedSignersFile={file}", command, "--raw", oid, check=False)
    key = re.search(r'^Good "git" signature for .* key (SHA256:\S+)$', answer.err, re.MULTILINE)
    if answer.code == 0 and key:
        return Signature(key.group(1))
    if "No principal matched" in answer.err:
        return Signature(problem=f"its signature is by no key that {signers.place} on production lists for {mail}")
    return Signature(problem=f"{BROKEN}: {answer.last_words or 'git gave no reason'}")


def tag_signatures(content: bytes) -> tuple[str, ...]:
    """What the signatures in a tag object are made with, as their first lines say: `SSH`, `PGP`, `SIGNED` (X.509)."""
    message = content.partition(b"\n\n")[2]
    return tuple(decode(kind) for kind in re.findall(rb"^-----BEGIN ([A-Z]+) (?:SIGNATURE|MESSAGE)-----$", message,
                                                     re.MULTILINE))  # fmt: skip


def check_tag(git: Git, tag: Oid, mail: str, production: Oid, place: str) -> Signature:
    """Whether `git verify-tag` finds that a key of `mail` signed the object `tag`, by the allowed-signers file `place`
    in the commit `production`; `git` is a scratch directory's."""
    listed = blobs.read(git, [f"{production}:{place}"])[0] if "\n" not in place else None
    if listed is None:
        return Signature(problem=f"there is no {place} on production to check it against")
    return _verify(git, "verify-tag", tag, mail, _Signers(place, listed))
