"""Signatures: the tag as `tag.gpgSign` says, merges of production, develop and releases as `commit.gpgSign` says."""

from __future__ import annotations

import shutil

import pytest
from building import FEATURES, TARGETS, Project

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not here to sign with")


def key(project: Project, *settings: str) -> None:
    clone = project.clone
    file = project.root / "home" / "key"
    made = clone.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada@example.org", "-f", str(file))
    assert made.code == 0, made.err
    signers = project.root / "home" / "signers"
    signers.write_text(f"ada@example.org {file.with_suffix('.pub').read_text()}")
    for name, value in {"gpg.format": "ssh", "user.signingKey": str(file), "gpg.ssh.allowedSignersFile": str(signers),
                        **dict.fromkeys(settings, "true")}.items():  # fmt: skip
        clone.git("config", "--global", name, value)


def signed(project: Project) -> set[str]:
    """The branches of the remote whose tip is signed well."""
    names = ("main", *TARGETS)
    return {name for name in names if project.remote.git("log", "-1", "--format=%G?", name) == "G"}


def test_all_that_was_asked_for(fixed: Project) -> None:
    key(fixed, "tag.gpgSign", "commit.gpgSign")
    answer = fixed.clone.hotfix("finish")
    assert answer.code == 0, answer.err
    assert fixed.remote.run("git", "verify-tag", "v1.4.3").code == 0
    assert signed(fixed) == {"main", "develop", "release/1.5"}
    # The trailers are read past the signature.
    assert fixed.clone.hotfix("start", "4711").err.startswith("git hotfix: 4711 is finished: it is v1.4.3")


@pytest.mark.slow
def test_features_when_asked(fixed: Project) -> None:
    key(fixed, "commit.gpgSign")
    assert fixed.clone.hotfix("finish", "--sign-features").code == 0
    assert signed(fixed) == {"main", *TARGETS}
    assert set(FEATURES) <= signed(fixed)
    assert "SIGNATURE" not in fixed.remote.git("cat-file", "tag", "v1.4.3")


def test_a_key_that_cannot_sign(fixed: Project) -> None:
    key(fixed, "tag.gpgSign")
    (fixed.root / "home" / "key").unlink()
    before, there = fixed.clone.snapshot(), fixed.remote.refs()
    answer = fixed.clone.hotfix("finish")
    assert (answer.code, fixed.clone.snapshot(), fixed.remote.refs()) == (3, before, there)
