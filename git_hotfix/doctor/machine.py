"""Checks of the machine and its user: git, packages, identity, signing. Programs are looked for, never run."""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
from pathlib import Path

from git_hotfix.doctor.context import CheckResult, CloneContext, name_some
from git_hotfix.git.repository import GIT_FLOOR


def git_version(clone: CloneContext) -> CheckResult:
    """git merges without a working tree from GIT_FLOOR on."""
    text = clone.repository.git.text("version").removeprefix("git version ")
    found = re.match(r"(\d+)\.(\d+)", text)
    floor = ".".join(map(str, GIT_FLOOR))
    if found and tuple(map(int, found.groups())) < GIT_FLOOR:
        return CheckResult("fail", f"git {text} is too old", f"install git {floor} or newer")
    return CheckResult("ok", f"git {text}")


def packages(clone: CloneContext) -> CheckResult:
    """Every package that this program says it needs, in a version that it takes."""
    from packaging.requirements import Requirement

    wrong, known = [], []
    for line in importlib.metadata.requires("git-hotfix") or ():
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate({"extra": ""}):
            continue
        try:
            version = importlib.metadata.version(wanted.name)
        except importlib.metadata.PackageNotFoundError:
            wrong.append(f"{wanted.name} is missing")
            continue
        if not wanted.specifier.contains(version, prereleases=True):
            wrong.append(f"{wanted.name} {version} is not {wanted.specifier}")
        known.append(f"{wanted.name} {version}")
    if wrong:
        return CheckResult("fail", "; ".join(wrong), "python -m pip install --upgrade git-hotfix")
    return CheckResult("ok", name_some(known))


def on_path(clone: CloneContext) -> CheckResult:
    """The hook and `git hotfix` both look for `git-hotfix` on PATH."""
    found = shutil.which("git-hotfix")
    if found is None:
        return CheckResult(
            "fail", "git-hotfix is not on PATH: the hook refuses what it cannot judge", "pipx ensurepath"
        )
    return CheckResult("ok", found)


def identity(clone: CloneContext) -> CheckResult:
    """Tags, merges and the logbook name who made them."""
    keys = ("user.name", "user.email")
    missing = [key for key in keys if not _identity_part(clone, key)]
    if missing:
        return CheckResult("fail", f"{' and '.join(missing)} not set", f'git config --global {missing[0]} "…"')
    return CheckResult("ok", " ".join(_identity_part(clone, key) or "" for key in keys))


def _identity_part(clone: CloneContext, key: str) -> str | None:
    name = key.partition(".")[2]
    return (
        os.environ.get(f"GIT_COMMITTER_{name.upper()}")
        or clone.repository.setting(f"committer.{name}")
        or clone.repository.setting(key)
        or (os.environ.get("EMAIL") if name == "email" else None)
    )


def signing(clone: CloneContext) -> CheckResult | None:
    """Where commits or tags are to be signed, the program and the key are there."""
    repository = clone.repository
    asked = [key for key in ("commit.gpgSign", "tag.gpgSign") if repository.flag(key)]
    if not asked:
        return None
    form = repository.setting("gpg.format") or "openpgp"
    key = repository.setting("user.signingKey") or ""
    default = {"ssh": "ssh-keygen", "x509": "gpgsm"}.get(form, "gpg")
    program = repository.setting(f"gpg.{form}.program") or (
        repository.setting("gpg.program") if form == "openpgp" else ""
    )
    program = os.path.expanduser(program or default)  # noqa: PTH111 (git expands ~ in the same way, nothing else)
    what = f"{' and '.join(asked)}, {form}"
    if shutil.which(program) is None:
        return CheckResult("fail", f"{what}: {program} is not on PATH", f"install it, or: git config {asked[0]} false")
    missing = _missing_ssh_key(clone, key) if form == "ssh" else _missing_keyring(form)
    if missing:
        return CheckResult(
            "fail", f"{what}: {missing}", f"git config user.signingKey <key>, or: git config {asked[0]} false"
        )
    return CheckResult("ok", f"{what}: {key or 'the key of the committer'}")


def _missing_ssh_key(clone: CloneContext, key: str) -> str:
    """Why ssh cannot sign, as far as looking tells; "" when nothing is missing."""
    if not key:
        return "" if clone.repository.setting("gpg.ssh.defaultKeyCommand") else "user.signingKey is not set"
    if key.startswith(("key::", "ssh-", "ecdsa-", "sk-")):
        return ""
    return "" if Path(key).expanduser().is_file() else f"there is no key file {key}"


def _missing_keyring(form: str) -> str:
    home = Path(os.environ.get("GNUPGHOME") or Path.home() / ".gnupg")
    keys = home / "private-keys-v1.d"
    if (home / "secring.gpg").exists() or (keys.is_dir() and any(keys.iterdir())):
        return ""
    return f"there is no secret key in {home}" if form in ("openpgp", "x509") else ""
